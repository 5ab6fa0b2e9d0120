/* Walks all ways of a pattern at once, one character of the value after another, so
   that no value can make it slow; by its table as long as the value is ASCII. */
#include "codecs/base/xml.h"
#include "codecs/iso20022/pattern_step.h"

/* Bytes that are no UTF-8 may come here before anybody has looked: they must not
   look like a character that a pattern takes. */
uint32_t iso_pattern_character(struct slice text, size_t *at)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    unsigned char first = (unsigned char)text.at[(*at)++];
    if (first < 0x80)
        return first;
    unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1, left = more;
    uint32_t character = first & (0x3fu >> more);
    while (left > 0 && *at < text.size && ((unsigned char)text.at[*at] & 0xc0) == 0x80) {
        character = character << 6 | ((unsigned char)text.at[(*at)++] & 0x3f);
        left--;
    }
    return first < 0xc0 || left > 0 || character < least[more] ? ISO_PATTERN_NO_CHARACTER
                                                               : character;
}

/* All ways that are open before one character. */
struct front {
    uint16_t steps[ISO_PATTERN_STEP_COUNT_MAX];
    size_t count;
};

struct walk {
    const struct iso_pattern *pattern;
    uint32_t marks[ISO_PATTERN_STEP_COUNT_MAX]; /* the round in which a step was reached last */
    uint32_t round;
    bool at_end;
};

/* Adds what step leads to without taking a character. */
static void reach(struct walk *walk, struct front *front, uint16_t at)
{
    while (walk->marks[at] != walk->round) {
        const struct iso_pattern_step *step = &walk->pattern->steps[at];
        walk->marks[at] = walk->round;
        if (step->kind == ISO_PATTERN_STEP_SET)
            front->steps[front->count++] = at;
        else if (step->kind == ISO_PATTERN_STEP_END)
            walk->at_end = true;
        if (step->kind == ISO_PATTERN_STEP_SET || step->kind == ISO_PATTERN_STEP_END)
            return;
        if (step->kind == ISO_PATTERN_STEP_SPLIT)
            reach(walk, front, step->one);
        at = step->kind == ISO_PATTERN_STEP_SPLIT ? step->other : step->one;
    }
}

bool iso_pattern_set_has(const struct iso_pattern_set *set, uint32_t character)
{
    if (character < ISO_PATTERN_ASCII_COUNT)
        return set->ascii[character / 64] >> character % 64 & 1;
    return iso_char_class_has(&set->others, character);
}

static bool walk_matches(const struct iso_pattern *pattern, struct slice value)
{
    struct walk walk;
    struct front fronts[2], *now = &fronts[0], *then = &fronts[1];
    walk.pattern = pattern;
    memset(walk.marks, 0, pattern->step_count * sizeof *walk.marks);
    walk.round = 1;
    walk.at_end = false;
    now->count = 0;
    reach(&walk, now, 0);
    for (size_t at = 0; at < value.size;) {
        if (now->count == 0)
            return false;
        uint32_t character = iso_pattern_character(value, &at);
        walk.round++;
        walk.at_end = false;
        then->count = 0;
        for (size_t i = 0; i < now->count; i++) {
            if (iso_pattern_set_has(pattern->steps[now->steps[i]].set, character))
                reach(&walk, then, (uint16_t)(now->steps[i] + 1));
        }
        struct front *swap = now;
        now = then;
        then = swap;
    }
    return walk.at_end;
}

bool iso_pattern_matches(const struct iso_pattern *pattern, struct slice value)
{
    const struct iso_pattern_table *table = pattern->table;
    if (table == NULL)
        return walk_matches(pattern, value);
    size_t state = table->start;
    for (size_t i = 0; i < value.size; i++)
        state = table->cells[state + table->columns[(unsigned char)value.at[i]]];
    enum iso_pattern_end end = (enum iso_pattern_end)table->cells[state];
    return end == ISO_PATTERN_LEFT ? walk_matches(pattern, value) : end == ISO_PATTERN_MATCHES;
}

static bool is_plain(const struct iso_pattern_set *set)
{
    bool plain = set->others.count == 0;
    for (uint32_t c = 0; c < ISO_PATTERN_ASCII_COUNT; c++) {
        char byte = (char)c;
        plain = plain && (!iso_pattern_set_has(set, c) || xml_is_plain((struct slice){ &byte, 1 }));
    }
    return plain;
}

bool iso_pattern_is_plain(const struct iso_pattern *pattern)
{
    bool plain = true;
    for (size_t i = 0; i < pattern->step_count; i++) {
        const struct iso_pattern_step *step = &pattern->steps[i];
        plain = plain && (step->kind != ISO_PATTERN_STEP_SET || is_plain(step->set));
    }
    return plain;
}

/* Steps lead forward but for those of a loop, which has no limit. */
size_t iso_pattern_length_max(const struct iso_pattern *pattern)
{
    size_t longest[ISO_PATTERN_STEP_COUNT_MAX + 1] = { 0 };
    for (size_t at = pattern->step_count; at-- > 0;) {
        const struct iso_pattern_step *step = &pattern->steps[at];
        size_t one = step->kind == ISO_PATTERN_STEP_SET ? at + 1 : step->one;
        size_t other = step->kind == ISO_PATTERN_STEP_SPLIT ? step->other : one;
        if (step->kind == ISO_PATTERN_STEP_END)
            continue;
        if (one <= at || other <= at)
            return 0;
        longest[at] = longest[one] > longest[other] ? longest[one] : longest[other];
        longest[at] += step->kind == ISO_PATTERN_STEP_SET;
    }
    return longest[0];
}
