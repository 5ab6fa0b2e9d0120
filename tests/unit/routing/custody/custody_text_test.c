#include "kit/kit.h"

#include "codecs/base/charset.h"
#include "routing/custody/custody_text.h"

static void what_fits_is_whole(void **state)
{
    (void)state;
    char text[8];
    custody_text(text, sizeof text, "%s", "seven 7");

    assert_string_equal(text, "seven 7");
}

static void what_does_not_fit_ends_with_dots(void **state)
{
    (void)state;
    char text[8];
    custody_text(text, sizeof text, "%s", "eight 88");

    assert_string_equal(text, "eigh...");
}

static void a_character_is_never_cut_in_two(void **state)
{
    (void)state;
    for (size_t room = 4; room < 24; room++) {
        char text[24];
        custody_text(text, room, "%s",
                     "\xe9\x93\xb6\xe8\xa1\x8c\xe8\xb4\xa6\xe6\x88\xb7\xe9\x93\xb6");
        assert_true(utf8_valid(slice_of(text)));
        assert_true(strlen(text) < room);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_whole),
        cmocka_unit_test(what_does_not_fit_ends_with_dots),
        cmocka_unit_test(a_character_is_never_cut_in_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
