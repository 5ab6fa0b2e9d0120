#include "unit/routing/expression/fixture.h"

static void text_cuts_to_so_many_characters(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id",
         "\xe5\xbc\xa0"
         "abc");
    assert_value(fixture, "text(Id, 1)", "\xe5\xbc\xa0");
    assert_value(fixture, "text(Id, 3)",
                 "\xe5\xbc\xa0"
                 "ab");
    assert_value(fixture, "text(Id, 4)",
                 "\xe5\xbc\xa0"
                 "abc");
    assert_value(fixture, "text(Id, 140)",
                 "\xe5\xbc\xa0"
                 "abc");
}

static void fit_refuses_what_is_longer(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id",
         "\xe5\xbc\xa0"
         "ab");
    assert_value(fixture, "fit(Id, 3)",
                 "\xe5\xbc\xa0"
                 "ab");
    assert_refused(fixture, "fit(Id, 2)",
                   "penstock.yaml:7:11: value refused: \"\xe5\xbc\xa0"
                   "ab\" has more than 2 characters");
    assert_absent(fixture, "fit(Other, 1)");
}

static void control_characters_become_blanks(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id",
         "a\tb\r\nc\x7f"
         "d");
    give(fixture, "Lines.Text", "x\ny");
    give(fixture, "Lines.Text", "z");
    assert_value(fixture, "text(Id, 140)", "a b  c d");
    assert_value(fixture, "split(Id, 140)", "a b  c d");
    assert_value(fixture, "join(Lines.Text)", "x y z");
}

/* The parts with a bar between them. */
static void assert_parts(struct fixture *fixture, const char *expression, const char *expected)
{
    char parts[400] = "";
    struct value first = value_of(fixture, expression);
    for (const struct value *part = &first; part != NULL; part = part->next) {
        strncat(parts, part->text.at, part->text.size);
        strcat(parts, part->next != NULL ? "|" : "");
    }
    assert_string_equal(parts, expected);
}

static void split_breaks_at_blanks(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "the quick brown  fox");
    assert_parts(fixture, "split(Id, 140)", "the quick brown  fox");
    assert_parts(fixture, "split(Id, 20)", "the quick brown  fox");
    assert_parts(fixture, "split(Id, 19)", "the quick brown|fox");
    assert_parts(fixture, "split(Id, 15)", "the quick brown|fox");
    assert_parts(fixture, "split(Id, 14)", "the quick|brown  fox");
    assert_parts(fixture, "split(Id, 9)", "the quick|brown|fox");
    assert_parts(fixture, "split(Id, 5)", "the|quick|brown|fox");
}

static void split_cuts_a_word_that_is_longer_than_a_part(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "abcdefgh ij");
    assert_parts(fixture, "split(Id, 3)", "abc|def|gh|ij");
    give_nothing(fixture);
    give(fixture, "Id", "\xe5\xbc\xa0\xe5\xbc\xa0\xe5\xbc\xa0");
    assert_parts(fixture, "split(Id, 2)", "\xe5\xbc\xa0\xe5\xbc\xa0|\xe5\xbc\xa0");
    assert_parts(fixture, "split(Id, 1)", "\xe5\xbc\xa0|\xe5\xbc\xa0|\xe5\xbc\xa0");
}

static void split_leaves_out_blanks_at_the_ends(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "  a b  ");
    assert_parts(fixture, "split(Id, 140)", "a b");
    assert_parts(fixture, "split(Id, 1)", "a|b");
    give_nothing(fixture);
    give(fixture, "Id", "   ");
    assert_absent(fixture, "split(Id, 5)");
}

static void no_part_is_longer_than_it_may_be_and_no_word_is_lost(void **state)
{
    struct fixture *fixture = *state;
    struct kit_random random = { 20260302 };
    for (int round = 0; round < 300; round++) {
        char text[80], bare[80] = "", rejoined[80] = "", expression[32];
        size_t size = 1 + kit_random_below(&random, 60);
        size_t most = 1 + kit_random_below(&random, 12);
        for (size_t i = 0; i < size; i++)
            text[i] = (char)(kit_random_below(&random, 4) == 0 ? ' ' : 'a' + i % 26);
        text[size] = '\0';
        give_nothing(fixture);
        give(fixture, "Id", text);
        snprintf(expression, sizeof expression, "split(Id, %zu)", most);
        struct value first = value_of(fixture, expression);
        for (const struct value *part = &first; part != NULL && part->text.at != NULL;
             part = part->next) {
            assert_in_range(part->text.size, 1, most);
            strncat(rejoined, part->text.at, part->text.size);
        }
        for (char *from = text, *to = bare; *from != '\0'; from++)
            if (*from != ' ')
                *to++ = *from, *to = '\0';
        for (char *from = rejoined, *to = rejoined;; from++) {
            if (*from != ' ')
                *to++ = *from;
            if (*from == '\0')
                break;
        }
        assert_string_equal(rejoined, bare);
    }
}

static void join_takes_all_occurrences(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Lines.Text", "one");
    give(fixture, "Id", "alone");
    assert_value(fixture, "join(Lines.Text)", "one");
    give(fixture, "Lines.Text", "two");
    give(fixture, "Lines.Text", "three");
    assert_value(fixture, "join(Lines.Text)", "one two three");
    assert_value(fixture, "join(Id)", "alone");
    assert_value(fixture, "text(join(Lines.Text), 5)", "one t");
}

static void concat_puts_one_behind_the_other(void **state)
{
    struct fixture *fixture = *state;
    give(fixture, "Id", "AC04");
    give(fixture, "Count", "7");
    assert_value(fixture, "concat(\"PRTY \", Id)", "PRTY AC04");
    assert_value(fixture, "concat(concat(Id, \" \"), Count)", "AC04 7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(text_cuts_to_so_many_characters),
        fixture_test(fit_refuses_what_is_longer),
        fixture_test(control_characters_become_blanks),
        fixture_test(split_breaks_at_blanks),
        fixture_test(split_cuts_a_word_that_is_longer_than_a_part),
        fixture_test(split_leaves_out_blanks_at_the_ends),
        fixture_test(no_part_is_longer_than_it_may_be_and_no_word_is_lost),
        fixture_test(join_takes_all_occurrences),
        fixture_test(concat_puts_one_behind_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
