#include "routing/expression/lexer.h"

#include "kit/kit.h"

static const struct place start = { "rules.yaml", 3, 9, 100 };

struct expected {
    enum token_kind kind;
    const char *text;
    unsigned column;
};

static void assert_tokens(const char *text, const struct expected *expected, size_t count)
{
    struct lexer lexer;
    struct token token;
    struct error error;
    lexer_init(&lexer, guarded(slice_of(text)), start);
    for (size_t i = 0; i < count; i++) {
        assert_true(lexer_next(&lexer, &token, &error));
        assert_int_equal(token.kind, expected[i].kind);
        assert_slice_equal(token.text, expected[i].text);
        assert_int_equal(token.place.line, 3);
        assert_int_equal(token.place.column, expected[i].column);
        assert_int_equal(token.place.offset, 91 + expected[i].column);
    }
    for (int again = 0; again < 2; again++) {
        assert_true(lexer_next(&lexer, &token, &error));
        assert_int_equal(token.kind, TOKEN_END);
    }
}

#define ASSERT_TOKENS(text, ...)                                                                   \
    do {                                                                                           \
        const struct expected expected[] = { __VA_ARGS__ };                                        \
        assert_tokens((text), expected, sizeof expected / sizeof expected[0]);                     \
    } while (0)

static void assert_refused(const char *text, unsigned column, const char *detail)
{
    struct lexer lexer;
    struct token token;
    struct error error;
    lexer_init(&lexer, guarded(slice_of(text)), start);
    while (lexer_next(&lexer, &token, &error))
        assert_int_not_equal(token.kind, TOKEN_END);
    assert_string_equal(error.kind->name, "expression.syntax");
    assert_int_equal(error.place.column, column);
    assert_string_equal(error.detail, detail);
}

static void words_signs_and_constants_know_their_column(void **state)
{
    (void)state;
    ASSERT_TOKENS("a==\"b c\"  !=-1.50", { TOKEN_WORD, "a", 9 }, { TOKEN_EQUAL, "==", 10 },
                  { TOKEN_STRING, "b c", 12 }, { TOKEN_NOT_EQUAL, "!=", 19 },
                  { TOKEN_NUMBER, "-1.50", 21 });
    ASSERT_TOKENS("( )[ ],", { TOKEN_OPEN, "(", 9 }, { TOKEN_CLOSE, ")", 11 },
                  { TOKEN_LIST, "[", 12 }, { TOKEN_LIST_END, "]", 14 }, { TOKEN_COMMA, ",", 15 });
    ASSERT_TOKENS("< <= > >=", { TOKEN_LESS, "<", 9 }, { TOKEN_LESS_EQUAL, "<=", 11 },
                  { TOKEN_GREATER, ">", 14 }, { TOKEN_GREATER_EQUAL, ">=", 16 });
}

static void keywords_are_whole_words(void **state)
{
    (void)state;
    ASSERT_TOKENS("or and not in", { TOKEN_OR, "or", 9 }, { TOKEN_AND, "and", 12 },
                  { TOKEN_NOT, "not", 16 }, { TOKEN_IN, "in", 20 });
    ASSERT_TOKENS("order in_doubt Not", { TOKEN_WORD, "order", 9 }, { TOKEN_WORD, "in_doubt", 15 },
                  { TOKEN_WORD, "Not", 24 });
}

static void a_path_keeps_its_selectors(void **state)
{
    (void)state;
    ASSERT_TOKENS("No_A[Role=3].B[0].C", { TOKEN_WORD, "No_A[Role=3].B[0].C", 9 });
    ASSERT_TOKENS("A[b c] in", { TOKEN_WORD, "A[b c]", 9 }, { TOKEN_IN, "in", 16 });
}

static void a_bracket_behind_a_keyword_is_a_list(void **state)
{
    (void)state;
    ASSERT_TOKENS("a in[b]", { TOKEN_WORD, "a", 9 }, { TOKEN_IN, "in", 11 },
                  { TOKEN_LIST, "[", 13 }, { TOKEN_WORD, "b", 14 }, { TOKEN_LIST_END, "]", 15 });
}

static void what_begins_with_a_digit_is_a_number_only_when_it_is_one(void **state)
{
    (void)state;
    ASSERT_TOKENS("007 1.5 2. 1e5 2026-03-02 3A", { TOKEN_NUMBER, "007", 9 },
                  { TOKEN_NUMBER, "1.5", 13 }, { TOKEN_NUMBER, "2.", 17 },
                  { TOKEN_WORD, "1e5", 20 }, { TOKEN_WORD, "2026-03-02", 24 },
                  { TOKEN_WORD, "3A", 35 });
}

static void either_quote_encloses_the_other(void **state)
{
    (void)state;
    ASSERT_TOKENS("'a\"b' \"it's\"", { TOKEN_STRING, "a\"b", 9 }, { TOKEN_STRING, "it's", 15 });
    ASSERT_TOKENS("\"\xe5\xbc\xa0\"", { TOKEN_STRING, "\xe5\xbc\xa0", 9 });
}

static void nothing_but_blanks_is_the_end(void **state)
{
    (void)state;
    assert_tokens("", NULL, 0);
    assert_tokens(" \t\r\n", NULL, 0);
}

static void what_is_no_token_is_refused_where_it_stands(void **state)
{
    (void)state;
    assert_refused("a = b", 11, "unexpected = (equality is ==)");
    assert_refused("a && b", 11, "unexpected &");
    assert_refused("\xe5\xbc\xa0", 9, "unexpected \xe5\xbc\xa0");
    assert_refused("a == -", 14, "unexpected -");
    assert_refused("\"abc", 9, "the text that begins here has no closing \"");
    assert_refused("a '", 11, "the text that begins here has no closing '");
    assert_refused("''", 9, "an empty text: a value is present or absent, but never empty");
    assert_refused("ab[c", 9, "ab[ has no closing ]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_signs_and_constants_know_their_column),
        cmocka_unit_test(keywords_are_whole_words),
        cmocka_unit_test(a_path_keeps_its_selectors),
        cmocka_unit_test(a_bracket_behind_a_keyword_is_a_list),
        cmocka_unit_test(what_begins_with_a_digit_is_a_number_only_when_it_is_one),
        cmocka_unit_test(either_quote_encloses_the_other),
        cmocka_unit_test(nothing_but_blanks_is_the_end),
        cmocka_unit_test(what_is_no_token_is_refused_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
