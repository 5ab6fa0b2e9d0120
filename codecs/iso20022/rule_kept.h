/* Values that a rule keeps to compare them with later ones.  Internal. */
#ifndef PENSTOCK_CODECS_ISO20022_RULE_KEPT_H
#define PENSTOCK_CODECS_ISO20022_RULE_KEPT_H

#include "codecs/iso20022/rule.h"

/* All zero: none was kept. */
struct iso_kept {
    struct slice text; /* absent: there is none */
    char *bytes;
    size_t room;
};

/* Without memory for it nothing changes: the document ends. */
void iso_kept_set(struct iso_kept *kept, const struct iso_rule_sight *sight);

/* What it took is used again. */
void iso_kept_clear(struct iso_kept *kept);

/* Both are there and the same. */
bool iso_kept_equal(const struct iso_kept *one, const struct iso_kept *other);
/* Both are there and not the same. */
bool iso_kept_differ(const struct iso_kept *one, const struct iso_kept *other);

#endif
