/* Classes of characters; blocks and the ASCII part of categories are compared with
   the tables of libxml2. */
#include "codecs/iso20022/char_class.h"

#include "kit/kit.h"

#include <libxml/xmlunicode.h>
#include <stdio.h>

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static struct iso_char_class class_of(const uint32_t (*ranges)[2], size_t count)
{
    struct iso_char_class chars;
    iso_char_class_init(&chars, &arena);
    for (size_t i = 0; i < count; i++)
        iso_char_class_add(&chars, ranges[i][0], ranges[i][1]);
    iso_char_class_settle(&chars);
    return chars;
}

static void assert_ranges(const struct iso_char_class *chars, const uint32_t (*expected)[2],
                          size_t count)
{
    assert_int_equal(chars->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(chars->ranges[i].first, expected[i][0]);
        assert_int_equal(chars->ranges[i].last, expected[i][1]);
    }
}

static void ranges_that_touch_become_one(void **state)
{
    static const uint32_t given[][2] = { { 30, 40 }, { 5, 9 },   { 10, 12 },
                                         { 35, 36 }, { 39, 50 }, { 14, 14 } };
    static const uint32_t settled[][2] = { { 5, 12 }, { 14, 14 }, { 30, 50 } };
    struct iso_char_class chars = class_of(given, 6);
    (void)state;
    assert_ranges(&chars, settled, 3);
    assert_true(iso_char_class_has(&chars, 5));
    assert_true(iso_char_class_has(&chars, 12));
    assert_false(iso_char_class_has(&chars, 13));
    assert_true(iso_char_class_has(&chars, 14));
    assert_false(iso_char_class_has(&chars, 4));
    assert_false(iso_char_class_has(&chars, 51));
}

static void a_class_inverted_twice_is_itself(void **state)
{
    static const uint32_t given[][2] = { { 0, 3 }, { 10, 20 } };
    static const uint32_t others[][2] = { { 4, 9 }, { 21, 0x10ffff } };
    struct iso_char_class chars = class_of(given, 2);
    (void)state;
    iso_char_class_invert(&chars);
    assert_ranges(&chars, others, 2);
    iso_char_class_invert(&chars);
    assert_ranges(&chars, given, 2);
}

static void nothing_and_everything_are_opposites(void **state)
{
    static const uint32_t everything[][2] = { { 0, 0x10ffff } };
    struct iso_char_class chars = class_of(NULL, 0);
    (void)state;
    assert_false(iso_char_class_has(&chars, 0));
    iso_char_class_invert(&chars);
    assert_ranges(&chars, everything, 1);
    iso_char_class_invert(&chars);
    assert_int_equal(chars.count, 0);
}

static void what_is_subtracted_is_gone(void **state)
{
    static const uint32_t given[][2] = { { 10, 20 }, { 30, 40 } };
    static const uint32_t taken[][2] = { { 0, 10 }, { 15, 16 }, { 35, 99 } };
    static const uint32_t left[][2] = { { 11, 14 }, { 17, 20 }, { 30, 34 } };
    struct iso_char_class chars = class_of(given, 2), other = class_of(taken, 3);
    (void)state;
    iso_char_class_subtract(&chars, &other);
    assert_ranges(&chars, left, 3);
}

static struct iso_char_class named(const char *name)
{
    struct iso_char_class chars;
    iso_char_class_init(&chars, &arena);
    if (!iso_char_class_add_named(&chars, slice_of(name)))
        fail_msg("%s is not known", name);
    iso_char_class_settle(&chars);
    return chars;
}

static const char *const block_names[] = {
#define BLOCK(name, first, last) name,
#include "codecs/iso20022/unicode_blocks.def"
#undef BLOCK
};

/* Where libxml2 goes by a later Unicode. */
static bool is_elsewhere(const char *block, uint32_t character)
{
    return strcmp(block, "PrivateUse") == 0 || character == 0xfeff || character == 0xffff;
}

static void blocks_are_those_of_libxml2(void **state)
{
    char name[100];
    (void)state;
    for (size_t i = 0; i < sizeof block_names / sizeof *block_names; i++) {
        snprintf(name, sizeof name, "Is%s", block_names[i]);
        struct iso_char_class chars = named(name);
        for (uint32_t c = 0; c < 0x30000; c += c % 16 == 15 ? 1 : c % 16 == 0 ? 15 : 1) {
            bool expected = xmlUCSIsBlock((int)c, block_names[i]) == 1;
            if (iso_char_class_has(&chars, c) != expected && !is_elsewhere(block_names[i], c))
                fail_msg("%s: %x", name, c);
        }
    }
}

static void categories_are_those_of_libxml2_in_ascii(void **state)
{
    static const char *const names[] = { "L",  "Lu", "Ll", "N", "Nd", "P",  "Pc", "Pd", "Ps", "Pe",
                                         "Po", "Z",  "Zs", "S", "Sm", "Sc", "Sk", "C",  "Cc" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct iso_char_class chars = named(names[i]);
        for (uint32_t c = 0; c < 128; c++) {
            if (iso_char_class_has(&chars, c) != (xmlUCSIsCat((int)c, names[i]) == 1))
                fail_msg("%s: %x", names[i], c);
        }
    }
}

static void every_character_has_one_category(void **state)
{
    static const char *const names[] = { "L", "M", "N", "P", "Z", "S", "C" };
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct iso_char_class chars = named(names[i]);
        for (size_t row = 0; row < chars.count; row++)
            count += chars.ranges[row].last - chars.ranges[row].first + 1;
    }
    assert_int_equal(count, 0x110000);
    struct iso_char_class unassigned = named("Cn");
    assert_true(iso_char_class_has(&unassigned, 0x378));
    assert_false(iso_char_class_has(&unassigned, 'a'));
}

static void what_has_no_name_is_not_known(void **state)
{
    static const char *const unknown[] = { "",   "X",   "Lx",      "lu",    "Cs",
                                           "Is", "IsX", "isGreek", "Greek", "Luu" };
    struct iso_char_class chars;
    (void)state;
    iso_char_class_init(&chars, &arena);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_false(iso_char_class_add_named(&chars, slice_of(unknown[i])));
    assert_false(iso_char_class_add_escape(&chars, 'q'));
    assert_false(iso_char_class_add_escape(&chars, 'Q'));
    assert_false(iso_char_class_add_escape(&chars, '1'));
    assert_int_equal(chars.count, 0);
}

static void a_large_letter_stands_for_the_others(void **state)
{
    (void)state;
    for (const char *letter = "sdwic"; *letter != '\0'; letter++) {
        struct iso_char_class small, large;
        iso_char_class_init(&small, &arena);
        iso_char_class_init(&large, &arena);
        assert_true(iso_char_class_add_escape(&small, *letter));
        assert_true(iso_char_class_add_escape(&large, (char)(*letter - 'a' + 'A')));
        iso_char_class_settle(&small);
        iso_char_class_settle(&large);
        for (uint32_t c = 0; c < 0x3100; c++)
            assert_true(iso_char_class_has(&small, c) != iso_char_class_has(&large, c));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_that_touch_become_one),
        cmocka_unit_test(a_class_inverted_twice_is_itself),
        cmocka_unit_test(nothing_and_everything_are_opposites),
        cmocka_unit_test(what_is_subtracted_is_gone),
        cmocka_unit_test(blocks_are_those_of_libxml2),
        cmocka_unit_test(categories_are_those_of_libxml2_in_ascii),
        cmocka_unit_test(every_character_has_one_category),
        cmocka_unit_test(what_has_no_name_is_not_known),
        cmocka_unit_test(a_large_letter_stands_for_the_others),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
