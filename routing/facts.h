/* What the gateway itself knows while it decides or translates, by name: the
   words that rules and maps may use beside the fields of a message.

   The table is facts.def.  All values are UTF-8 text in ISO form (dates
   YYYY-MM-DD, times with Z, booleans true/false); absent where a fact does not
   apply.  Facts are also the target of maps that read: a map "to: instruction"
   writes the facts of group instruction. */
#ifndef PENSTOCK_ROUTING_FACTS_H
#define PENSTOCK_ROUTING_FACTS_H

#include "codecs/shape.h"

enum fact {
#define FACT(identifier, name, kind, length_max, what) FACT_##identifier,
#include "routing/facts.def"
#undef FACT
    FACT_COUNT
};

struct facts {
    struct slice values[FACT_COUNT]; /* lent by whoever fills them in */
};

const char *fact_name(enum fact fact);
/* Type of a fact, as expressions see it. */
struct shape_field fact_field(enum fact fact);
/* false: no fact of this name; *error suggests one. */
bool fact_find(struct slice name, struct place place, enum fact *fact, struct error *error);

/* The facts of one group ("instruction", "status", "answer", "refused") as the
   target of maps that read; their paths are the names behind the point.  Slot
   i of a composer's record is still paths[i].  NULL: no such group. */
const struct shape *facts_shape(struct slice group);
/* Takes what a map wrote to such a shape over into facts. */
void facts_take(struct facts *facts, const struct shape_composer *composer,
                const struct record *record);

#endif
