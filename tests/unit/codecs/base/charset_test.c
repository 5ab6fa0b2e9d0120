#include "codecs/base/charset.h"

#include "kit/kit.h"

static void only_shortest_forms_are_utf8(void **state)
{
    static const char *const wrong[] = { "\x80",
                                         "\xc0\xaf",
                                         "\xc1\xbf",
                                         "\xe0\x80\xaf",
                                         "\xed\xa0\x80",
                                         "\xf0\x80\x80\xaf",
                                         "\xf4\x90\x80\x80",
                                         "\xf5\x80\x80\x80",
                                         "\xe4\xb8",
                                         "a\xff" };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(utf8_valid(guarded(slice_of(wrong[i]))));
    assert_true(utf8_valid(guarded(SLICE("a\xc2\x80\xe4\xb8\xad\xf0\x9f\x92\xb0"))));
    assert_true(utf8_valid(SLICE("")));
    assert_int_equal(utf8_length(SLICE("a\xc2\x80\xe4\xb8\xad\xf0\x9f\x92\xb0")), 4);
}

static void what_is_no_utf8_is_found_anywhere(void **state)
{
    char text[24];
    (void)state;
    for (size_t size = 1; size <= sizeof text; size++) {
        for (size_t at = 0; at < size; at++) {
            memset(text, 'a', sizeof text);
            assert_true(utf8_valid(guarded((struct slice){ text, size })));
            text[at] = '\xc3';
            assert_false(utf8_valid(guarded((struct slice){ text, size })));
            if (at + 1 == size)
                continue;
            text[at + 1] = '\xa9';
            assert_true(utf8_valid(guarded((struct slice){ text, size })));
        }
    }
}

static void gb18030_goes_there_and_back(void **state)
{
    /* ASCII, two-byte and four-byte characters: "a", U+4E2D, U+20BB7. */
    struct slice utf8 = SLICE("a\xe4\xb8\xad\xf0\xa0\xae\xb7"), text, again;
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    assert_true(charset_from_utf8(CHARSET_GB18030, utf8, &arena, &text));
    assert_slice_equal(slice_after(text, text.size - 4), "\x95\x34\xb2\x35");
    assert_true(charset_to_utf8(CHARSET_GB18030, text, &arena, &again));
    assert_true(slice_equal(again, utf8));
    arena_fini(&arena);
}

static void half_a_character_is_refused(void **state)
{
    struct slice converted;
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    assert_false(charset_to_utf8(CHARSET_GB18030, SLICE("name \xd6"), &arena, &converted));
    assert_false(charset_to_utf8(CHARSET_GB18030, SLICE("\xff\xff"), &arena, &converted));
    assert_false(charset_to_utf8(CHARSET_UTF8, SLICE("\xd6\xd0"), &arena, &converted));
    arena_fini(&arena);
}

/* Nothing is left behind: the sanitizer counts what is allocated. */
static void what_has_no_room_is_refused(void **state)
{
    struct slice converted;
    struct arena arena;
    (void)state;
    arena_init(&arena, 1);
    assert_false(charset_to_utf8(CHARSET_GB18030, SLICE("\xd6\xd0\xd6\xd0"), &arena, &converted));
    assert_false(charset_from_utf8(CHARSET_GB18030, SLICE("\xe4\xb8\xad"), &arena, &converted));
    assert_false(arena_ok(&arena));
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_shortest_forms_are_utf8),
        cmocka_unit_test(what_is_no_utf8_is_found_anywhere),
        cmocka_unit_test(gb18030_goes_there_and_back),
        cmocka_unit_test(half_a_character_is_refused),
        cmocka_unit_test(what_has_no_room_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
