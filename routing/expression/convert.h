/* Values between messages and expressions.

   Inside expressions every value is UTF-8 text in ISO form: dates YYYY-MM-DD,
   times YYYY-MM-DDThh:mm:ss.sssZ (so that they order as text), booleans true
   and false.  Numbers keep the digits that they came with. */
#ifndef PENSTOCK_ROUTING_EXPRESSION_CONVERT_H
#define PENSTOCK_ROUTING_EXPRESSION_CONVERT_H

#include "routing/expression/expression.h"

/* As "a date", for messages. */
const char *convert_kind_name(enum shape_kind kind);

/* May a value of one kind be written to a field of the other? */
bool convert_possible(enum shape_kind from, enum shape_kind to);

/* From the form of a message's field; false: *error says why not. */
bool convert_in(const struct shape_field *field, struct slice text,
                const struct surroundings *surroundings, struct place place, struct slice *inside,
                struct error *error);

/* To the form of a message's field: numbers in their shortest exact form,
   never rounded. */
bool convert_out(const struct shape_field *field, struct slice inside,
                 const struct surroundings *surroundings, struct place place, struct slice *text,
                 struct error *error);

/* The error of an arena that ran over; returns false. */
bool convert_no_room(struct place place, struct error *error);

/* A writer over size bytes out of arena; it never grows. */
struct writer convert_writer(struct arena *arena, size_t size);

#endif
