/* The small language of rules and maps, compiled and type-checked when it is
   loaded.

       flow in [withdrawal, deposit] and not (bank == "ICBKCNBJXXX")
       flow == withdrawal and amount >= 5000000.00 CNY
       message in [D, d, C]
       id35(PostTradePaymentID or PayRequestID)

   Operators, weakest first: or, and, not, == != < <= > >= in.

   A name is a fact or a field of the source message.  A constant is a number,
   a text in "..." or '...', or a bare word where it is compared with a value
   or stands in a list; it takes the type of what it is compared with and must
   be a value of it.  Dates and times are compared in ISO form, "2026-03-02".

   `or` between values takes the first that is present.  An absent value makes
   a comparison false, and `!=`, which is the opposite of `==`, true.  An amount
   with a currency compares only with the fact `amount`, and only in that
   currency: in another one the comparison is false.  Numbers are compared
   exactly.  Texts have no order.

   Functions are the table functions.def.  An expression has at most 4096 bytes
   and is nested at most 32 deep. */
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
    struct arena *arena;        /* owns what is compiled; without a limit */
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
    enum charset target_charset; /* of text that a map writes */
    int source_offset_minutes;   /* from UTC, for times in source that name no zone */
    struct slice id_salt;        /* what makes id35 surrogates differ: CompIDs and date */
};

struct expression;

/* The type of an expression's value.  Values are UTF-8 text in ISO form: dates
   YYYY-MM-DD, times in UTC with milliseconds and Z, booleans true and false. */
struct expression_type {
    enum shape_kind kind;
    size_t length_max; /* characters; 0: no limit */
    bool repeats;
    bool optional; /* it may be absent */
};

extern const struct error_kind expression_syntax, expression_type_clash, expression_unknown,
    expression_value;

/* place is that of the text's first byte.  NULL: *error says why.  Lives in
   scope->arena. */
const struct expression *expression_new(struct slice text, struct place place, struct scope *scope,
                                        struct error *error);
/* As expression_new(), for what must be a condition; the error goes to errors. */
const struct expression *expression_condition(struct slice text, struct place place,
                                              struct scope *scope, struct error_list *errors);
/* A constant text. */
const struct expression *expression_constant(struct slice text, struct scope *scope);

struct expression_type expression_type(const struct expression *expression);
/* Not NULL: the expression is this constant. */
const struct slice *expression_constant_text(const struct expression *expression);

/* Calls visit with each constant that may become the value: the constant
   itself, those of `or` and when(), the values of lookup(), the words of
   one_of(). */
typedef void expression_visit(void *context, struct slice constant, struct place place);
void expression_outcomes(const struct expression *expression, expression_visit *visit,
                         void *context);

/* value->text absent: the expression has no value.  false: a conversion
   refused a value; *error says which and why. */
bool expression_evaluate(const struct expression *expression,
                         const struct surroundings *surroundings, struct value *value,
                         struct error *error);

/* For conditions.  One in which a value is refused does not hold. */
bool expression_holds(const struct expression *expression, const struct surroundings *surroundings);

#endif
