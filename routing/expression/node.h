/* An expression as a tree: made by the parser, given its types by the check,
   then only read. */
#ifndef PENSTOCK_ROUTING_EXPRESSION_NODE_H
#define PENSTOCK_ROUTING_EXPRESSION_NODE_H

#include "codecs/base/decimal.h"
#include "routing/expression/expression.h"

enum {
    EXPRESSION_SIZE_MAX = 4096, /* bytes */
    EXPRESSION_DEPTH_MAX = 32,  /* parentheses, not, and arguments inside each other */
};

enum node_kind {
    NODE_CONSTANT,
    NODE_NAME,  /* until the check: then a constant, field or fact */
    NODE_FIELD, /* of the source message */
    NODE_FACT,
    NODE_OR,    /* between conditions */
    NODE_FIRST, /* `or` between values: the first that is present */
    NODE_AND,
    NODE_NOT,
    NODE_COMPARE, /* left and right */
    NODE_IN,      /* left and the constants */
    NODE_CALL,
    NODE_KIND_COUNT
};

enum comparison {
    COMPARE_EQUAL,
    COMPARE_NOT_EQUAL,
    COMPARE_LESS,
    COMPARE_LESS_EQUAL,
    COMPARE_GREATER,
    COMPARE_GREATER_EQUAL,
};

struct function;

struct expression {
    enum node_kind kind;
    struct place place;
    struct slice text;        /* CONSTANT: its value; NAME, FIELD, FACT, CALL: as written */
    struct slice currency;    /* CONSTANT: of an amount; else absent */
    bool is_number;           /* CONSTANT: a number without quotes */
    struct decimal number;    /* CONSTANT: its value when it is one */
    struct expression *parts; /* operands, items or arguments, in order */
    struct expression *next;  /* the next of the same parent */
    struct expression_type type;
    union {
        struct {
            size_t slot;
            struct shape_field field;
        };                          /* FIELD */
        enum fact fact;             /* FACT */
        enum comparison comparison; /* COMPARE */
        struct {
            const struct function *function;
            const struct lookup_table *table; /* of lookup */
        };                                    /* CALL */
    };
};

/* NULL: *error says why.  text outlives the tree, which lives in arena. */
struct expression *expression_parse(struct slice text, struct place place, struct arena *arena,
                                    struct error *error);

/* Resolves names and gives every node its type; false: *error says why. */
bool expression_check(struct expression *expression, struct scope *scope, struct error *error);

#endif
