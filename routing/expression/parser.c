/* From the text of an expression to its tree, by recursive descent. */
#include "routing/expression/lexer.h"
#include "routing/expression/node.h"

struct parser {
    struct lexer lexer;
    struct token token; /* the one to look at */
    struct arena *arena;
    struct error *error;
    unsigned depth;
};

static struct expression *parse_level(struct parser *parser, size_t level);

/* Goes on to the next token. */
static bool advance(struct parser *parser)
{
    return lexer_next(&parser->lexer, &parser->token, parser->error);
}

static struct expression *unexpected(struct parser *parser, const char *expected)
{
    const struct token *token = &parser->token;
    if (token->kind == TOKEN_END)
        error_at(parser->error, &expression_syntax, token->place,
                 "%s is expected, but the text ends", expected);
    else
        error_at(parser->error, &expression_syntax, token->place, "%s is expected, not %.*s",
                 expected, SLICE_ARG(token->text));
    return NULL;
}

/* Goes on when the token is of this kind. */
static bool expect(struct parser *parser, enum token_kind kind, const char *what)
{
    if (parser->token.kind == kind)
        return advance(parser);
    unexpected(parser, what);
    return false;
}

static struct expression *node_new(struct parser *parser, enum node_kind kind, struct token token)
{
    struct expression *node = arena_take(parser->arena, sizeof *node);
    node->kind = kind;
    node->place = token.place;
    node->text = token.text;
    return node;
}

static bool currency_follows(const struct parser *parser)
{
    struct slice text = parser->token.text;
    if (parser->token.kind != TOKEN_WORD || text.size != 3)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] < 'A' || text.at[i] > 'Z')
            return false;
    }
    return true;
}

/* A number, or an amount as 5000000.00 CNY. */
static struct expression *parse_number(struct parser *parser)
{
    struct expression *node = node_new(parser, NODE_CONSTANT, parser->token);
    node->is_number = true;
    if (decimal_parse(node->text, DECIMAL_FIX, &node->number) != DECIMAL_OK) {
        error_at(parser->error, &expression_syntax, node->place, "%.*s has more than 18 digits",
                 SLICE_ARG(node->text));
        return NULL;
    }
    if (!advance(parser))
        return NULL;
    if (currency_follows(parser)) {
        node->currency = parser->token.text;
        if (!advance(parser))
            return NULL;
    }
    return node;
}

static struct expression *parse_text(struct parser *parser, enum node_kind kind)
{
    struct expression *node = node_new(parser, kind, parser->token);
    return advance(parser) ? node : NULL;
}

static bool enter(struct parser *parser)
{
    return ++parser->depth <= EXPRESSION_DEPTH_MAX ||
           error_at(parser->error, &expression_syntax, parser->token.place, "nested deeper than %d",
                    EXPRESSION_DEPTH_MAX);
}

/* What stands inside parentheses or behind `not`, one level deeper. */
static struct expression *parse_inner(struct parser *parser, size_t level)
{
    struct expression *inner = enter(parser) ? parse_level(parser, level) : NULL;
    parser->depth--;
    return inner;
}

static struct expression *parse_parenthesis(struct parser *parser)
{
    struct expression *inner = advance(parser) ? parse_inner(parser, 0) : NULL;
    return inner != NULL && expect(parser, TOKEN_CLOSE, ")") ? inner : NULL;
}

typedef struct expression *parse_one(struct parser *parser);

static struct expression *parse_argument(struct parser *parser)
{
    return parse_inner(parser, 0);
}

/* Parts separated by commas up to the end token. */
static struct expression *parse_parts(struct parser *parser, struct expression *node,
                                      struct expression **tail, parse_one *part,
                                      enum token_kind end, const char *end_text)
{
    do {
        if (!advance(parser)) /* over the opening sign, or a comma */
            return NULL;
        *tail = part(parser);
        if (*tail == NULL)
            return NULL;
        tail = &(*tail)->next;
    } while (parser->token.kind == TOKEN_COMMA);
    return expect(parser, end, end_text) ? node : NULL;
}

static struct expression *parse_word(struct parser *parser)
{
    struct expression *node = parse_text(parser, NODE_NAME);
    if (node == NULL || parser->token.kind != TOKEN_OPEN)
        return node;
    node->kind = NODE_CALL;
    return parse_parts(parser, node, &node->parts, parse_argument, TOKEN_CLOSE, ")");
}

static struct expression *parse_primary(struct parser *parser)
{
    switch (parser->token.kind) {
    case TOKEN_OPEN:
        return parse_parenthesis(parser);
    case TOKEN_NUMBER:
        return parse_number(parser);
    case TOKEN_STRING:
        return parse_text(parser, NODE_CONSTANT);
    case TOKEN_WORD:
        return parse_word(parser);
    default:
        return unexpected(parser, "a name, text, number or (");
    }
}

/* A word in a list is a bare one. */
static struct expression *parse_item(struct parser *parser)
{
    if (parser->token.kind == TOKEN_NUMBER)
        return parse_number(parser);
    if (parser->token.kind == TOKEN_WORD)
        return parse_text(parser, NODE_NAME);
    if (parser->token.kind == TOKEN_STRING)
        return parse_text(parser, NODE_CONSTANT);
    return unexpected(parser, "a word, text or number");
}

static struct expression *parse_in(struct parser *parser, struct expression *left)
{
    struct expression *node = node_new(parser, NODE_IN, parser->token);
    node->parts = left;
    if (!advance(parser))
        return NULL;
    if (parser->token.kind != TOKEN_LIST)
        return unexpected(parser, "[");
    return parse_parts(parser, node, &left->next, parse_item, TOKEN_LIST_END, "]");
}

static bool is_comparison(enum token_kind kind)
{
    return kind >= TOKEN_EQUAL && kind <= TOKEN_GREATER_EQUAL;
}

static struct expression *parse_comparison(struct parser *parser)
{
    struct expression *left = parse_primary(parser);
    if (left == NULL)
        return NULL;
    if (parser->token.kind == TOKEN_IN)
        return parse_in(parser, left);
    if (!is_comparison(parser->token.kind))
        return left;
    struct expression *node = node_new(parser, NODE_COMPARE, parser->token);
    node->comparison = (enum comparison)(parser->token.kind - TOKEN_EQUAL);
    node->parts = left;
    left->next = advance(parser) ? parse_primary(parser) : NULL;
    if (left->next == NULL)
        return NULL;
    if (!is_comparison(parser->token.kind))
        return node;
    error_at(parser->error, &expression_syntax, parser->token.place,
             "comparisons do not chain: join two with and");
    return NULL;
}

static struct expression *parse_not(struct parser *parser, size_t level)
{
    if (parser->token.kind != TOKEN_NOT)
        return parse_comparison(parser);
    struct expression *node = node_new(parser, NODE_NOT, parser->token);
    node->parts = advance(parser) ? parse_inner(parser, level) : NULL;
    return node->parts != NULL ? node : NULL;
}

/* Operators that join any number of operands, weakest first. */
static const struct {
    enum token_kind token;
    enum node_kind node;
} levels[] = {
    { TOKEN_OR, NODE_OR },
    { TOKEN_AND, NODE_AND },
};

static struct expression *parse_level(struct parser *parser, size_t level)
{
    if (level == sizeof levels / sizeof levels[0])
        return parse_not(parser, level);
    struct expression *first = parse_level(parser, level + 1);
    if (first == NULL || parser->token.kind != levels[level].token)
        return first;
    struct expression *node = node_new(parser, levels[level].node, parser->token);
    node->parts = first;
    for (struct expression *last = first; parser->token.kind == levels[level].token;
         last = last->next) {
        last->next = advance(parser) ? parse_level(parser, level + 1) : NULL;
        if (last->next == NULL)
            return NULL;
    }
    return node;
}

struct expression *expression_parse(struct slice text, struct place place, struct arena *arena,
                                    struct error *error)
{
    struct parser parser = { .arena = arena, .error = error };
    lexer_init(&parser.lexer, text, place);
    struct expression *node = advance(&parser) ? parse_level(&parser, 0) : NULL;
    return node != NULL && expect(&parser, TOKEN_END, "the end, or an operator") ? node : NULL;
}
