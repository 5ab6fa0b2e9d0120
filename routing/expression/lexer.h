/* The words and signs of an expression, one after the other. */
#ifndef PENSTOCK_ROUTING_EXPRESSION_LEXER_H
#define PENSTOCK_ROUTING_EXPRESSION_LEXER_H

#include "codecs/base/error.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   /* a name, a path or a bare word */
    TOKEN_STRING, /* "..." or '...': text is what is between */
    TOKEN_NUMBER,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_LIST,
    TOKEN_LIST_END,
    TOKEN_COMMA,
    TOKEN_OR,
    TOKEN_AND,
    TOKEN_NOT,
    TOKEN_IN,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
};

struct token {
    enum token_kind kind;
    struct slice text;  /* of the expression's bytes */
    struct place place; /* of its first byte */
};

struct lexer {
    struct slice rest;
    struct place place; /* of rest's first byte */
};

/* place is that of the text's first byte; the text is valid UTF-8. */
void lexer_init(struct lexer *lexer, struct slice text, struct place place);

/* At the end: TOKEN_END, again and again.  false: *error says what is wrong. */
bool lexer_next(struct lexer *lexer, struct token *token, struct error *error);

#endif
