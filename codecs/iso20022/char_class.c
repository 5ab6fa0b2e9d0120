/* Sets of characters as lists of ranges, and the tables of those that have names. */
#include "codecs/iso20022/char_class.h"

#include <stdlib.h>

enum { CHARACTER_MAX = 0x10ffff };

static const struct {
    char category[3];
    uint32_t first, last;
} categories[] = {
#define U(category, first, last) { #category, 0x##first, 0x##last },
#include "codecs/iso20022/unicode.def"
#undef U
};

static const struct {
    const char *name;
    uint32_t first, last;
} blocks[] = {
#define BLOCK(name, first, last) { name, first, last },
#include "codecs/iso20022/unicode_blocks.def"
#undef BLOCK
};

enum {
    CATEGORY_COUNT = sizeof categories / sizeof *categories,
    BLOCK_COUNT = sizeof blocks / sizeof *blocks,
};

/* NameStartChar of XML 1.0, with which NameChar begins. */
static const struct iso_char_range name_starts[] = {
    { ':', ':' },       { 'A', 'Z' },       { '_', '_' },       { 'a', 'z' },
    { 0xc0, 0xd6 },     { 0xd8, 0xf6 },     { 0xf8, 0x2ff },    { 0x370, 0x37d },
    { 0x37f, 0x1fff },  { 0x200c, 0x200d }, { 0x2070, 0x218f }, { 0x2c00, 0x2fef },
    { 0x3001, 0xd7ff }, { 0xf900, 0xfdcf }, { 0xfdf0, 0xfffd }, { 0x10000, 0xeffff },
};
static const struct iso_char_range name_others[] = {
    { '-', '.' }, { '0', '9' }, { 0xb7, 0xb7 }, { 0x300, 0x36f }, { 0x203f, 0x2040 },
};
static const struct iso_char_range spaces[] = { { '\t', '\n' }, { '\r', '\r' }, { ' ', ' ' } };

#define ADD_TABLE(chars, table)                                                                    \
    do {                                                                                           \
        for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++)                               \
            iso_char_class_add(chars, (table)[i].first, (table)[i].last);                          \
    } while (0)

void iso_char_class_init(struct iso_char_class *chars, struct arena *arena)
{
    *chars = (struct iso_char_class){ .arena = arena };
}

void iso_char_class_add(struct iso_char_class *chars, uint32_t first, uint32_t last)
{
    if (chars->count == chars->room) {
        chars->room = chars->room == 0 ? 8 : chars->room * 2;
        struct iso_char_range *ranges =
            arena_take_array(chars->arena, chars->room, sizeof *chars->ranges);
        if (chars->count > 0)
            memcpy(ranges, chars->ranges, chars->count * sizeof *ranges);
        chars->ranges = ranges;
    }
    chars->ranges[chars->count++] = (struct iso_char_range){ first, last };
}

void iso_char_class_add_all(struct iso_char_class *chars, const struct iso_char_class *other)
{
    for (size_t i = 0; i < other->count; i++)
        iso_char_class_add(chars, other->ranges[i].first, other->ranges[i].last);
}

static bool add_block(struct iso_char_class *chars, struct slice name)
{
    size_t count = chars->count;
    for (size_t i = 0; i < BLOCK_COUNT; i++) {
        if (slice_is(name, blocks[i].name))
            iso_char_class_add(chars, blocks[i].first, blocks[i].last);
    }
    return chars->count > count;
}

/* All that the table has when name is empty. */
static bool add_listed(struct iso_char_class *chars, struct slice name)
{
    size_t count = chars->count;
    for (size_t i = 0; i < CATEGORY_COUNT; i++) {
        if (slice_starts(slice_of(categories[i].category), name))
            iso_char_class_add(chars, categories[i].first, categories[i].last);
    }
    return chars->count > count;
}

/* Characters without a category of their own are the rest. */
static void add_unassigned(struct iso_char_class *chars)
{
    struct iso_char_class rest;
    iso_char_class_init(&rest, chars->arena);
    add_listed(&rest, SLICE(""));
    iso_char_class_invert(&rest);
    iso_char_class_add_all(chars, &rest);
}

bool iso_char_class_add_named(struct iso_char_class *chars, struct slice name)
{
    if (slice_starts(name, SLICE("Is")))
        return add_block(chars, slice_after(name, 2));
    if (slice_is(name, "C") || slice_is(name, "Cn"))
        add_unassigned(chars);
    return slice_is(name, "Cn") || (name.size > 0 && add_listed(chars, name));
}

static bool add_small_escape(struct iso_char_class *chars, char letter)
{
    switch (letter) {
    case 's':
        ADD_TABLE(chars, spaces);
        return true;
    case 'c':
        ADD_TABLE(chars, name_others);
        ADD_TABLE(chars, name_starts);
        return true;
    case 'i':
        ADD_TABLE(chars, name_starts);
        return true;
    case 'd':
        return add_listed(chars, SLICE("Nd"));
    case 'w': /* all but punctuation, separators and others */
        add_listed(chars, SLICE("L"));
        add_listed(chars, SLICE("M"));
        add_listed(chars, SLICE("N"));
        return add_listed(chars, SLICE("S"));
    default:
        return false;
    }
}

bool iso_char_class_add_escape(struct iso_char_class *chars, char letter)
{
    struct iso_char_class others;
    if (letter < 'A' || letter > 'Z')
        return add_small_escape(chars, letter);
    iso_char_class_init(&others, chars->arena);
    if (!add_small_escape(&others, (char)(letter - 'A' + 'a')))
        return false;
    iso_char_class_invert(&others);
    iso_char_class_add_all(chars, &others);
    return true;
}

static int compare_ranges(const void *one, const void *other)
{
    uint32_t first = ((const struct iso_char_range *)one)->first;
    uint32_t second = ((const struct iso_char_range *)other)->first;
    return first < second ? -1 : first > second;
}

void iso_char_class_settle(struct iso_char_class *chars)
{
    size_t count = 0;
    if (chars->count == 0)
        return;
    qsort(chars->ranges, chars->count, sizeof *chars->ranges, compare_ranges);
    for (size_t i = 1; i < chars->count; i++) {
        struct iso_char_range *last = &chars->ranges[count], range = chars->ranges[i];
        if (range.first > last->last + 1)
            chars->ranges[++count] = range;
        else if (range.last > last->last)
            last->last = range.last;
    }
    chars->count = count + 1;
}

void iso_char_class_invert(struct iso_char_class *chars)
{
    struct iso_char_class others;
    uint32_t next = 0;
    iso_char_class_init(&others, chars->arena);
    iso_char_class_settle(chars);
    for (size_t i = 0; i < chars->count; i++) {
        if (chars->ranges[i].first > next)
            iso_char_class_add(&others, next, chars->ranges[i].first - 1);
        next = chars->ranges[i].last + 1;
    }
    if (next <= CHARACTER_MAX)
        iso_char_class_add(&others, next, CHARACTER_MAX);
    *chars = others;
}

void iso_char_class_subtract(struct iso_char_class *chars, const struct iso_char_class *other)
{
    iso_char_class_invert(chars);
    iso_char_class_add_all(chars, other);
    iso_char_class_invert(chars);
}

bool iso_char_class_has(const struct iso_char_class *chars, uint32_t character)
{
    size_t low = 0, high = chars->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (character > chars->ranges[middle].last)
            low = middle + 1;
        else if (character < chars->ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}
