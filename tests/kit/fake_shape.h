/* A message type made up by a test: fields from a table, a composer that writes
   "path=value" lines.  Lets routing be tested without a codec. */
#ifndef PENSTOCK_TESTS_KIT_FAKE_SHAPE_H
#define PENSTOCK_TESTS_KIT_FAKE_SHAPE_H

#include "codecs/shape.h"

struct fake_field {
    const char *path;
    struct shape_field field;
    const char *codes; /* all that a CODE may be, separated by blanks */
    bool mandatory;    /* as a target: must be written, and not be optional */
};

struct fake_message {
    struct shape shape;
    const struct fake_field *fields;
    size_t count;
};

#define FAKE_MESSAGE(name, fields)                                                                 \
    fake_message((name), (fields), sizeof(fields) / sizeof((fields)[0]))
struct fake_message *fake_message(const char *name, const struct fake_field *fields, size_t count);
void fake_message_free(struct fake_message *message);

/* What a reader was asked for. */
size_t fake_reader_count(const struct shape_reader *made);
struct slice fake_reader_path(const struct shape_reader *made, size_t slot);

#endif
