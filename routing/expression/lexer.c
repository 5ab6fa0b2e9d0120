/* Splits an expression into tokens and remembers where each began. */
#include "routing/expression/lexer.h"

#include "codecs/base/charset.h"
#include "codecs/base/decimal.h"
#include "routing/expression/expression.h"

struct spelling {
    struct slice text;
    enum token_kind kind;
};

#define SPELLING(text, kind)                                                                       \
    {                                                                                              \
        { (text), sizeof(text) - 1 }, (kind)                                                       \
    }

/* A longer sign stands before the one that begins it. */
static const struct spelling signs[] = {
    SPELLING("==", TOKEN_EQUAL),      SPELLING("!=", TOKEN_NOT_EQUAL),
    SPELLING("<=", TOKEN_LESS_EQUAL), SPELLING(">=", TOKEN_GREATER_EQUAL),
    SPELLING("<", TOKEN_LESS),        SPELLING(">", TOKEN_GREATER),
    SPELLING("(", TOKEN_OPEN),        SPELLING(")", TOKEN_CLOSE),
    SPELLING("[", TOKEN_LIST),        SPELLING("]", TOKEN_LIST_END),
    SPELLING(",", TOKEN_COMMA),
};

static const struct spelling keywords[] = {
    SPELLING("or", TOKEN_OR),
    SPELLING("and", TOKEN_AND),
    SPELLING("not", TOKEN_NOT),
    SPELLING("in", TOKEN_IN),
};

void lexer_init(struct lexer *lexer, struct slice text, struct place place)
{
    *lexer = (struct lexer){ text, place };
}

static void skip(struct lexer *lexer, size_t count)
{
    lexer->rest = slice_after(lexer->rest, count);
    lexer->place.column += (unsigned)count;
    lexer->place.offset += count;
}

static bool blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/* Takes the first size bytes as a token whose text is without the edge bytes
   at both of its ends. */
static bool take(struct lexer *lexer, struct token *token, enum token_kind kind, size_t size,
                 size_t edge)
{
    *token = (struct token){ kind, { lexer->rest.at + edge, size - 2 * edge }, lexer->place };
    skip(lexer, size);
    return true;
}

static bool take_string(struct lexer *lexer, struct token *token, struct error *error)
{
    struct slice inside = slice_after(lexer->rest, 1);
    const char *end = memchr(inside.at, lexer->rest.at[0], inside.size);
    if (end == NULL)
        return error_at(error, &expression_syntax, lexer->place,
                        "the text that begins here has no closing %c", lexer->rest.at[0]);
    if (end == inside.at)
        return error_at(error, &expression_syntax, lexer->place,
                        "an empty text: a value is present or absent, but never empty");
    return take(lexer, token, TOKEN_STRING, (size_t)(end - inside.at) + 2, 1);
}

static enum token_kind keyword(struct slice word)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (slice_equal(word, keywords[i].text))
            return keywords[i].kind;
    }
    return TOKEN_WORD;
}

static bool in_word(char byte)
{
    return letter(byte) || digit(byte) || byte == '.' || byte == '-';
}

/* A '[' that follows a name at once belongs to the path, up to its ']'. */
static bool take_word(struct lexer *lexer, struct token *token, struct error *error)
{
    struct slice rest = lexer->rest;
    struct slice word = { rest.at, 1 };
    struct decimal number;
    while (word.size < rest.size) {
        const char *next = rest.at + word.size;
        if (in_word(*next)) {
            word.size++;
            continue;
        }
        if (*next != '[' || keyword(word) != TOKEN_WORD)
            break;
        const char *end = memchr(next, ']', rest.size - word.size);
        if (end == NULL)
            return error_at(error, &expression_syntax, lexer->place, "%.*s[ has no closing ]",
                            SLICE_ARG(word));
        word.size = (size_t)(end + 1 - rest.at);
    }
    bool number_like =
        !letter(word.at[0]) && decimal_parse(word, DECIMAL_FIX, &number) != DECIMAL_MALFORMED;
    return take(lexer, token, number_like ? TOKEN_NUMBER : keyword(word), word.size, 0);
}

static bool take_sign(struct lexer *lexer, struct token *token, struct error *error)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (slice_starts(lexer->rest, signs[i].text))
            return take(lexer, token, signs[i].kind, signs[i].text.size, 0);
    }
    size_t size = utf8_character_size(lexer->rest);
    return error_at(error, &expression_syntax, lexer->place, "unexpected %.*s%s", (int)size,
                    lexer->rest.at, lexer->rest.at[0] == '=' ? " (equality is ==)" : "");
}

bool lexer_next(struct lexer *lexer, struct token *token, struct error *error)
{
    while (lexer->rest.size > 0 && blank(lexer->rest.at[0]))
        skip(lexer, 1);
    if (lexer->rest.size == 0)
        return take(lexer, token, TOKEN_END, 0, 0);
    char first = lexer->rest.at[0];
    if (first == '"' || first == '\'')
        return take_string(lexer, token, error);
    bool negative = first == '-' && lexer->rest.size > 1 && digit(lexer->rest.at[1]);
    return letter(first) || digit(first) || negative ? take_word(lexer, token, error)
                                                     : take_sign(lexer, token, error);
}
