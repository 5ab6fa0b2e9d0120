/* Who a message is from and for, beyond the two CompIDs: desks of the two firms,
   and third parties behind them. */
#ifndef PENSTOCK_CODECS_FIX_ROUTE_H
#define PENSTOCK_CODECS_FIX_ROUTE_H

#include "codecs/fix/compose.h"
#include "codecs/fix/message.h"

/* Where at a firm; absent: it is neither told nor asked for. */
struct fix_desk {
    struct slice sub_id, location_id;
};

/* The two sides of a session as it names them in what it sends. */
struct fix_sides {
    struct slice sender_comp_id, target_comp_id;
    struct fix_desk sender, target;
};

#define FIX_SIDES_ID_COUNT 6

/* CompIDs and desks: 49, 56, 50, 142, 57, 143. */
void fix_sides_compose(const struct fix_sides *sides, struct fix_compose *compose);

/* The first field of a message of the other side that does not say the same; 0: all do. */
uint32_t fix_sides_differ(const struct fix_sides *sides, const struct fix_message *message);

/* In how many ids the other side agrees that says theirs; 0: it differs in one. */
unsigned fix_sides_agree(const struct fix_sides *ours, const struct fix_sides *theirs);
/* Both may be meant by one Logon, and neither more than the other. */
bool fix_sides_clash(const struct fix_sides *one, const struct fix_sides *other);

/* Header fields for the answer to a message that goes through third parties: it is
   delivered to who the message was on behalf of, and the other way round.  A tag that
   the version has not, or a value that it does not take, is left out. */
void fix_route_reverse(const struct fix_message *message, struct writer *writer);

#endif
