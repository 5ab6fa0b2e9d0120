/* Sets of characters as the patterns of XML Schema write them: ranges, what has a
   name there (\d, \p{Lu}, \p{IsGreek}), complements and differences. */
#ifndef PENSTOCK_CODECS_ISO20022_CHAR_CLASS_H
#define PENSTOCK_CODECS_ISO20022_CHAR_CLASS_H

#include "codecs/base/arena.h"

struct iso_char_range {
    uint32_t first, last;
};

/* What reads one settles it first. */
struct iso_char_class {
    struct arena *arena;
    struct iso_char_range *ranges;
    size_t count, room;
};

/* The class lives in arena, which has no limit. */
void iso_char_class_init(struct iso_char_class *chars, struct arena *arena);

void iso_char_class_add(struct iso_char_class *chars, uint32_t first, uint32_t last);
void iso_char_class_add_all(struct iso_char_class *chars, const struct iso_char_class *other);
/* "Lu", "L", "IsGreek"; false: there is nothing of that name. */
bool iso_char_class_add_named(struct iso_char_class *chars, struct slice name);
/* What a letter behind a backslash stands for: s, i, c, d, w, and S, I, C, D, W for
   all others; false: nothing. */
bool iso_char_class_add_escape(struct iso_char_class *chars, char letter);

/* All other characters. */
void iso_char_class_invert(struct iso_char_class *chars);
void iso_char_class_subtract(struct iso_char_class *chars, const struct iso_char_class *other);

/* Brings the ranges in order, with a gap between any two. */
void iso_char_class_settle(struct iso_char_class *chars);

/* The class is settled. */
bool iso_char_class_has(const struct iso_char_class *chars, uint32_t character);

#endif
