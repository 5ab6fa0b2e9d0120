/* The small language of rules and maps, compiled and type-checked when it is
   loaded.

       flow in [withdrawal, deposit] and not (bank == "ICBKCNBJXXX")
       flow == withdrawal and amount >= 5000000.00 CNY
       message in [D, d, C]
       id35(PostTradePaymentID or PayRequestID)

   Operators, weakest first: or, and, not, == != < <= > >= in.  `or` between
   texts takes the first that is present.  A literal amount with a currency
   compares only with amounts in that currency: in another one the comparison
   is false.  Bare words stand for themselves where a text or code is compared
   with them.  An absent value makes a comparison false (and `!=` true).
   Functions are the table functions.def. */
#ifndef PENSTOCK_ROUTING_EXPRESSION_EXPRESSION_H
#define PENSTOCK_ROUTING_EXPRESSION_EXPRESSION_H

#include "codecs/base/charset.h"
#include "routing/facts.h"

/* A named table of a map, for lookup(table, key). */
struct lookup_table {
    struct slice name;
    const struct slice *keys, *values;
    size_t count;
};

/* What an expression may name: the fields of a source message (which get slots
   in the order in which they are first used) and the facts. */
struct scope {
    const struct shape *source; /* NULL: only facts */
    struct slice each;          /* absent: none */
    struct arena *arena;        /* owns what is compiled */
    struct slice *paths;        /* path of each slot, so far */
    size_t path_count, path_room;
    const struct lookup_table *tables;
    size_t table_count;
};

void scope_init(struct scope *scope, const struct shape *source, struct arena *arena);
void scope_fini(struct scope *scope);

/* What an expression is evaluated against. */
struct surroundings {
    const struct record *source; /* NULL when the scope had no source */
    const struct facts *facts;
    struct arena *arena;         /* receives what is made on the way */
    enum charset charset;        /* of text in source */
    struct slice id_salt;        /* what makes id35 surrogates differ: CompIDs and date */
};

struct expression;

/* The type of an expression's value; optional: it may be absent. */
struct expression_type {
    struct shape_field field;
    bool optional;
};

extern const struct error_kind expression_syntax, expression_type_clash, expression_unknown,
    expression_value;

/* place is that of the text's first byte.  NULL: *error says why.  Lives in
   scope->arena. */
const struct expression *expression_new(struct slice text, struct place place,
                                        struct scope *scope, struct error *error);
/* A constant text. */
const struct expression *expression_constant(struct slice text, struct scope *scope);

struct expression_type expression_type(const struct expression *expression);
/* Not NULL: the expression is this constant. */
const struct slice *expression_constant_text(const struct expression *expression);

/* value->text absent: the expression has no value.  false: a conversion
   refused a value; *error says which and why. */
bool expression_evaluate(const struct expression *expression,
                         const struct surroundings *surroundings, struct value *value,
                         struct error *error);

/* For conditions. */
bool expression_holds(const struct expression *expression,
                      const struct surroundings *surroundings);

#endif
