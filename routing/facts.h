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
#define FACT(identifier, name, kind, length_max, presence, what) FACT_##identifier,
#include "routing/facts.def"
#undef FACT
    FACT_COUNT
};

/* What the facts flow and instruction.flow may be. */
#define FACT_FLOWS(FLOW)                                                                           \
    FLOW("withdrawal")                                                                             \
    FLOW("deposit")

struct facts {
    struct slice values[FACT_COUNT]; /* lent by whoever fills them in */
};

extern const struct error_kind fact_unknown;

const char *fact_name(enum fact fact);
/* Type of a fact, as expressions see it. */
struct shape_field fact_field(enum fact fact);
/* false: no fact of this name; *error suggests one. */
bool fact_find(struct slice name, struct place place, enum fact *fact, struct error *error);
/* Is the constant a value that the fact may have? */
bool fact_accepts(enum fact fact, struct slice constant, struct place place, struct error *error);

/* The facts of one group ("instruction", "status", "answer", "header") as the
   target of maps that read; their paths are the names behind the point.  Slot
   i of a composer's record is still paths[i].  Such a shape can't be read from
   and composes no bytes: facts_take() it is.  NULL: no such group. */
const struct shape *facts_shape(struct slice group);
/* Is this one of those shapes? */
bool facts_is_shape(const struct shape *shape);
/* Takes what a map wrote to such a shape over into facts: absent too, so that
   nothing of an earlier message stays. */
void facts_take(struct facts *facts, const struct shape_composer *composer,
                const struct record *record);

#endif
