/* A compiled pattern: steps, each of which takes one character, leads on in two ways,
   or ends it.  pattern.c makes them, pattern_walk.c walks them, pattern_table.c makes
   a table of those that are small.  Internal. */
#ifndef PENSTOCK_CODECS_ISO20022_PATTERN_STEP_H
#define PENSTOCK_CODECS_ISO20022_PATTERN_STEP_H

#include "codecs/iso20022/char_class.h"
#include "codecs/iso20022/pattern.h"

enum {
    ISO_PATTERN_STEP_COUNT_MAX = 4096,
    ISO_PATTERN_ASCII_COUNT = 128,
};

struct iso_pattern_set {
    uint64_t ascii[2];
    struct iso_char_class others; /* above ASCII */
};

enum iso_pattern_step_kind {
    ISO_PATTERN_STEP_SET,
    ISO_PATTERN_STEP_SPLIT,
    ISO_PATTERN_STEP_JUMP,
    ISO_PATTERN_STEP_END, /* the last one */
};

struct iso_pattern_step {
    enum iso_pattern_step_kind kind;
    uint16_t one, other; /* SPLIT: both ways; JUMP: one */
    const struct iso_pattern_set *set;
};

struct iso_pattern {
    const struct iso_pattern_table *table; /* NULL: it is too large for one */
    size_t step_count;
    struct iso_pattern_step steps[];
};

/* In no set. */
#define ISO_PATTERN_NO_CHARACTER UINT32_C(0x110000)

/* The code point at *at, which moves behind it; of bytes that are no UTF-8 none. */
uint32_t iso_pattern_character(struct slice text, size_t *at);

bool iso_pattern_set_has(const struct iso_pattern_set *set, uint32_t character);

/* What a value is that ends in a state. */
enum iso_pattern_end { ISO_PATTERN_MISSES, ISO_PATTERN_MATCHES, ISO_PATTERN_LEFT };

/* The pattern as a deterministic automaton over ASCII: one look-up for each character.
   Characters that all sets of the pattern treat alike share a column, which is never 0;
   so do all bytes above ASCII, which lead to a state of their own. */
struct iso_pattern_table {
    uint8_t columns[256];
    uint16_t start;
    const uint16_t *cells; /* of a state: its enum iso_pattern_end, and by column where the
                              cells of the next one are */
};

/* NULL: the pattern is too large for a table.  It lives in arena. */
const struct iso_pattern_table *iso_pattern_table_make(const struct iso_pattern *pattern,
                                                       struct arena *arena);

#endif
