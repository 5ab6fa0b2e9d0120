#include "kit/kit.h"

#include "codecs/iso20022/content.h"

/* a, then b or c (b up to twice), then d? up to three times, then e. */
static const struct iso_element elements[] = {
    { { "a", 1 }, NULL, 1, 1, 0, 0, true, false }, { { "b", 1 }, NULL, 1, 2, 1, 1, true, true },
    { { "c", 1 }, NULL, 1, 1, 1, 4, true, true },  { { "d", 1 }, NULL, 0, 3, 2, 4, false, false },
    { { "e", 1 }, NULL, 2, 2, 3, 4, true, false },
};
static const struct iso_type type = { .content = ISO_ELEMENTS,
                                      .elements = elements,
                                      .element_count = 5 };

static size_t row_of(char name)
{
    return iso_type_find(&type, (struct slice){ &name, 1 }, 0);
}

/* Walks the children and writes what is wrong: "-x" x is missing, "+x" x is too
   often, "|x" x is another branch, "<x" x is too late. */
static void assert_walk(const char *children, const char *expected)
{
    static const char marks[] = { [ISO_CONTENT_TOO_OFTEN] = '+',
                                  [ISO_CONTENT_OTHER_BRANCH] = '|',
                                  [ISO_CONTENT_TOO_LATE] = '<' };
    struct iso_position position = ISO_POSITION_START;
    struct writer wrong;
    writer_init(&wrong, 0);
    for (;; children++) {
        size_t until = *children == '\0' ? type.element_count : row_of(*children);
        size_t from = 0, row, missing = wrong.used;
        bool complete = iso_content_complete(&type, position, until);
        while ((row = iso_content_missing(&type, position, until, &from)) != NAMES_NONE)
            writer_format(&wrong, "-%s", elements[row].name.at);
        assert_int_equal(complete, wrong.used == missing);
        if (*children == '\0')
            break;
        enum iso_content_verdict verdict = iso_content_step(&type, &position, until);
        if (verdict != ISO_CONTENT_FINE)
            writer_format(&wrong, "%c%c", marks[verdict], *children);
    }
    assert_slice_equal(writer_slice(&wrong), expected);
    writer_fini(&wrong);
}

static void whole_contents_have_nothing_wrong(void **state)
{
    (void)state;
    assert_walk("abee", "");
    assert_walk("abbee", "");
    assert_walk("acdddee", "");
}

static void what_is_missing_is_told_once_for_a_choice(void **state)
{
    (void)state;
    assert_walk("", "-a-b-e");
    assert_walk("bee", "-a");
    assert_walk("aee", "-b");
    assert_walk("dee", "-a-b");
    assert_walk("ab", "-e");
    assert_walk("abe", "-e");
}

static void what_comes_too_often(void **state)
{
    (void)state;
    assert_walk("aabee", "+a");
    assert_walk("abbbee", "+b");
    assert_walk("abddddee", "+d");
    assert_walk("abeee", "+e");
}

static void a_choice_is_made_once(void **state)
{
    (void)state;
    assert_walk("abcee", "|c");
    assert_walk("acbee", "|b");
}

static void what_comes_too_late(void **state)
{
    (void)state;
    assert_walk("baee", "-a<a");
    assert_walk("abeed", "<d");
}

static void names_are_found_from_anywhere(void **state)
{
    (void)state;
    for (size_t from = 0; from <= type.element_count; from++) {
        assert_int_equal(iso_type_find(&type, SLICE("c"), from), 2);
        assert_int_equal(iso_type_find(&type, SLICE("x"), from), NAMES_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_contents_have_nothing_wrong),
        cmocka_unit_test(what_is_missing_is_told_once_for_a_choice),
        cmocka_unit_test(what_comes_too_often),
        cmocka_unit_test(a_choice_is_made_once),
        cmocka_unit_test(what_comes_too_late),
        cmocka_unit_test(names_are_found_from_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
