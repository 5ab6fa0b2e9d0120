#include "kit/kit.h"

#include "codecs/iso20022/pattern.h"

#include <stdlib.h>

static bool matches(const char *pattern, struct slice value)
{
    struct arena arena;
    const char *fault;
    arena_init(&arena, ARENA_UNLIMITED);
    const struct iso_pattern *compiled = iso_pattern_compile(slice_of(pattern), &arena, &fault);
    if (compiled == NULL)
        fail_msg("%s: %s", pattern, fault);
    bool result = iso_pattern_matches(compiled, guarded(value));
    arena_fini(&arena);
    return result;
}

static void assert_cases(const char *pattern, const char *const *good, const char *const *bad)
{
    for (; *good != NULL; good++) {
        if (!matches(pattern, slice_of(*good)))
            fail_msg("%s does not match %s", pattern, *good);
    }
    for (; *bad != NULL; bad++) {
        if (matches(pattern, slice_of(*bad)))
            fail_msg("%s matches %s", pattern, *bad);
    }
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void the_patterns_of_iso_20022_take_what_they_should(void **state)
{
    (void)state;
    assert_cases(
        "[A-Z0-9]{4,4}[A-Z]{2,2}[A-Z0-9]{2,2}([A-Z0-9]{3,3}){0,1}",
        LIST("ICBKCNBJ", "ICBKCNBJXXX", "1234CN00"),
        LIST("", "ICBKCNB", "ICBKCNBJX", "ICBKCNBJXX", "ICBKCNBJXXXX", "icbkcnbj", "ICBK1NBJ"));
    assert_cases("[A-Z]{2,2}[0-9]{2,2}[a-zA-Z0-9]{1,30}",
                 LIST("DE89a", "SE45500000000583980466500000000000"),
                 LIST("DE89", "de89A", "SE455000000005839804665000000000001"));
    assert_cases("\\+[0-9]{1,3}-[0-9()+\\-]{1,30}", LIST("+1-5", "+86-(10)-5+9"),
                 LIST("1-5", "+1-", "+1234-5", "+1-5a"));
    assert_cases("[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}",
                 LIST("0f8fad5b-d9cb-469f-a165-70867728950e"),
                 LIST("0f8fad5b-d9cb-169f-a165-70867728950e",
                      "0F8FAD5B-D9CB-469F-A165-70867728950E",
                      "0f8fad5b-d9cb-469f-c165-70867728950e"));
    assert_cases("[BEOVW]{1,1}[0-9]{2,2}|DUM", LIST("B07", "DUM"), LIST("A07", "DU", "B0", "DUMM"));
    assert_cases("([0-9A-F][0-9A-F]){2}", LIST("0AF9"), LIST("0A", "0AF", "0AF9F", "0AF9FF"));
    assert_cases("[\\+]{0,1}[0-9]{1,15}", LIST("+1", "123456789012345"), LIST("+", "++1", ""));
    assert_cases("[0-9a-fA-F]+", LIST("0", "deadBEEF"), LIST("", "xyz"));
    assert_cases(".*Z", LIST("Z", "2024-02-29T13:05:00Z", "ZZ"), LIST("", "Zz", "a\nZ"));
    assert_cases("[1-9B-DF-HJ-NP-TV-XZ][0-9B-DF-HJ-NP-TV-XZ]{8,8}", LIST("123456789", "BCDFGHJKL"),
                 LIST("023456789", "A23456789", "12345678"));
}

/* One by its steps, the other by the sets of steps that can be open together. */
static void a_pattern_too_large_for_a_table_matches_as_well(void **state)
{
    char value[301] = "";
    (void)state;
    memset(value, 'A', 300);
    assert_true(matches("[A-Z]{300}", slice_of(value)));
    assert_false(matches("[A-Z]{299}", slice_of(value)));
    assert_cases("(a|b)*a(a|b){9}", LIST("abbbbbbbbb", "babaabbbbbbbbb"),
                 LIST("bbbbbbbbbb", "abbbbbbbb", "", "abbbbbbbbc"));
}

static void a_value_may_leave_ascii_anywhere(void **state)
{
    (void)state;
    assert_cases("a.c", LIST("abc", "a\303\251c", "a\360\237\202\241c"),
                 LIST("a\303\251", "\303\251bc", "ab\303\251", "a\303\251cc"));
    assert_cases("[\303\240-\303\277]*x?", LIST("", "x", "\303\251", "\303\251x"),
                 LIST("x\303\251", "y", "\303\251y"));
}

static void a_pattern_is_anchored_at_both_ends(void **state)
{
    (void)state;
    assert_cases("ab", LIST("ab"), LIST("xab", "abx", "a", "b", ""));
    assert_cases("^a$", LIST("^a$"), LIST("a")); /* they are plain characters here */
    assert_cases("", (const char *const[]){ "", NULL }, LIST("a"));
}

static void quantifiers_groups_and_alternation(void **state)
{
    (void)state;
    assert_cases("a?", LIST("", "a"), LIST("aa"));
    assert_cases("a*b", LIST("b", "ab", "aaab"), LIST("a", "ba"));
    assert_cases("a{2,}", LIST("aa", "aaaaa"), LIST("a", ""));
    assert_cases("a{0}b", LIST("b"), LIST("ab"));
    assert_cases("(a|bc|)d", LIST("ad", "bcd", "d"), LIST("abcd", "bd"));
    assert_cases("((a?){3}b*)*", LIST("", "aab", "bbaabb"), LIST("c"));
    assert_cases("(x(y|z){2}){1,2}", LIST("xyz", "xzzxyy"), LIST("xy", "xyzx"));
}

static void classes_take_ranges_negation_and_escapes(void **state)
{
    (void)state;
    assert_cases("[^/]+", LIST("abc", "\xe4\xb8\xad"), LIST("a/b", ""));
    assert_cases("[a\\-c]", LIST("a", "-", "c"), LIST("b"));
    assert_cases("[-a]", LIST("-", "a"), LIST("b"));
    assert_cases("[a-]", LIST("-", "a"), LIST("b"));
    assert_cases("[\\]\\[]", LIST("]", "["), LIST("\\"));
    assert_cases("[\\s,]", LIST(" ", "\t", "\n", "\r", ","), LIST("s"));
    assert_cases("a\\.b\\n", LIST("a.b\n"), LIST("axb\n"));
}

static void escapes_stand_for_classes(void **state)
{
    (void)state;
    assert_cases("\\d+",
                 LIST("0123456789", "\xd9\xa3", "\xf0\x9d\x9f\x8e"), /* Arabic, mathematical */
                 LIST("", "a", "1.0", "\xc2\xb2"));                  /* superscript */
    assert_cases("\\D+", LIST("abc", ".", "\xc2\xb2"), LIST("a1", ""));
    assert_cases("\\s\\S", LIST(" a", "\t.", "\n\xc2\xa0"),
                 LIST("a ", "  ",
                      "\xc2\xa0"
                      "a"));
    assert_cases("\\w+", LIST("aZ9", "\xe4\xb8\xad", "+$", "\xcc\x81"),
                 LIST("a.b", "a b", "-", "_", ""));
    assert_cases("\\W+", LIST(".-_ ", "\t"), LIST("a", "1", "+"));
    assert_cases("\\i\\c*", LIST("a", "_1", ":x-y.z", "\xc3\xa9"), LIST("1", "-a", "a b", ""));
    assert_cases("\\I\\C", LIST("1 ", "-/"), LIST("a ", "1-"));
    assert_cases("[\\d,.]+", LIST("1,000.00"), LIST("1 000"));
    assert_cases("[^\\s\\d]+", LIST("abc"), LIST("a1", "a b"));
    assert_cases("[\\D5]+", LIST("a5"), LIST("a6"));
}

static void properties_are_categories_and_blocks(void **state)
{
    (void)state;
    assert_cases("\\p{Lu}\\p{Ll}+", LIST("Abc", "\xc3\x89t\xc3\xa9"), LIST("abc", "AB"));
    assert_cases("\\p{L}+", LIST("aB", "\xe4\xb8\xad"), LIST("a1", "-"));
    assert_cases("\\P{L}+", LIST("1-"), LIST("a"));
    assert_cases("[\\p{IsBasicLatin}\\p{IsLatin-1Supplement}]+", LIST("abc \xc3\xa9"),
                 LIST("\xc4\x80"));
    assert_cases("\\P{IsCyrillic}", LIST("a"), LIST("\xd0\xb6"));
    assert_cases("\\p{Sc}[0-9]{1,2}",
                 LIST("$5", "\xe2\x82\xac"
                            "10"),
                 LIST("5", "E5"));
    assert_cases("[^\\P{N}]", LIST("7", "\xc2\xb2"), LIST("a"));
    assert_cases("(\\p{Nd}|x)\\p{Lu}{2}", LIST("1AB", "xAB"), LIST("1A", "1AB2"));
}

static void a_class_may_be_without_another(void **state)
{
    (void)state;
    assert_cases("[a-z-[aeiou]]+", LIST("xyz"), LIST("a", "xa", "-"));
    assert_cases("[^a-z-[0-9]]", LIST("A", "-"), LIST("a", "5"));
    assert_cases("[\\w-[\\d]]", LIST("a"), LIST("5", "-"));
    assert_cases("[a-z-[^aeiou]]+", LIST("aeiou"), LIST("x", "a-"));
    assert_cases("[a-z-[b-y-[m]]]+", LIST("amz"), LIST("b", "y"));
    assert_cases("[a-]+", LIST("a-"), LIST("b"));
}

static void characters_are_code_points(void **state)
{
    (void)state;
    assert_cases(".", LIST("\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80"),
                 LIST("\xc3\xa9\xc3\xa9"));
    assert_cases("[\xd0\xb0-\xd1\x8f]{2}", LIST("\xd0\xb6\xd1\x8f"), LIST("ab", "\xd0\xb6"));
    assert_cases("\xe4\xb8\xad?", LIST("\xe4\xb8\xad"), LIST("\xe4\xb8\xae"));
}

static void bytes_that_are_no_utf_8_are_no_character(void **state)
{
    static const char *const bad[] = { "\x80x",    "x\x80",        "x\xc2",
                                       "\xc1\xb8", "\xe0\x81\xb8", "\xf0\x80\x81\xb8",
                                       "\xc2x",    "\xffx" };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(matches("[a-zA-Z0-9]{1,30}", slice_of(bad[i])));
        assert_false(matches("[^q]{1,30}", slice_of(bad[i])));
        assert_false(matches(".{1,30}", slice_of(bad[i])));
    }
}

static void what_is_not_known_is_refused_when_compiled(void **state)
{
    static const char *const refused[] = {
        "\\q",          "\\1",
        "\\p",          "\\pL",
        "\\p{",         "\\p{}",
        "\\p{Lx}",      "\\p{Cs}",
        "\\p{Greek}",   "\\p{IsKlingon}",
        "[\\p{L]}",     "(\\p{)})",
        "[a-z-[aeiou]", "[a-[b]c]",
        "[a-z-[]]",     "[a[b]]",
        "[a-z-9]",      "[a-\\d]",
        "[\\d-z]",      "(a",
        "a)",           "[a",
        "[]",           "a{2",
        "a{3,2}",       "a{,2}",
        "a{99999}",     "*a",
        "a**",          "{2}",
        "a\\",          "[z-a]",
        "[a\\",         "((((a{99}){99}){99}){99})",
        "(){9}{",       "]",
        "[\\s-z]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct arena arena;
        const char *fault = NULL;
        arena_init(&arena, ARENA_UNLIMITED);
        if (iso_pattern_compile(slice_of(refused[i]), &arena, &fault) != NULL)
            fail_msg("%s is taken", refused[i]);
        assert_non_null(fault);
        arena_fini(&arena);
    }
}

static void the_longest_value_is_known_unless_there_is_a_loop(void **state)
{
    static const struct {
        const char *pattern;
        size_t length;
    } cases[] = {
        { "[A-Z0-9]{4,4}[A-Z]{2,2}[A-Z0-9]{2,2}([A-Z0-9]{3,3}){0,1}", 11 },
        { "[0-9]{1,15}", 15 },
        { "ab|cde|f", 3 },
        { "(a|bc){2}d?", 5 },
        { "", 0 },
        { ".*Z", 0 },
        { "a+", 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        const char *fault;
        arena_init(&arena, ARENA_UNLIMITED);
        const struct iso_pattern *pattern =
            iso_pattern_compile(slice_of(cases[i].pattern), &arena, &fault);
        assert_int_equal(iso_pattern_length_max(pattern), cases[i].length);
        arena_fini(&arena);
    }
}

static void no_value_makes_it_slow(void **state)
{
    enum { SIZE = 100000 };
    struct slice value = { malloc(SIZE), SIZE };
    (void)state;
    memset((char *)value.at, 'a', SIZE);
    assert_false(matches("(a*)*b", value));
    assert_false(matches("(a|aa)+b", value));
    assert_true(matches("(a?){20}a*", value));
    free((char *)value.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_patterns_of_iso_20022_take_what_they_should),
        cmocka_unit_test(a_pattern_too_large_for_a_table_matches_as_well),
        cmocka_unit_test(a_value_may_leave_ascii_anywhere),
        cmocka_unit_test(a_pattern_is_anchored_at_both_ends),
        cmocka_unit_test(quantifiers_groups_and_alternation),
        cmocka_unit_test(classes_take_ranges_negation_and_escapes),
        cmocka_unit_test(escapes_stand_for_classes),
        cmocka_unit_test(properties_are_categories_and_blocks),
        cmocka_unit_test(a_class_may_be_without_another),
        cmocka_unit_test(characters_are_code_points),
        cmocka_unit_test(bytes_that_are_no_utf_8_are_no_character),
        cmocka_unit_test(what_is_not_known_is_refused_when_compiled),
        cmocka_unit_test(the_longest_value_is_known_unless_there_is_a_loop),
        cmocka_unit_test(no_value_makes_it_slow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
