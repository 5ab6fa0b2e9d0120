/* Comma separated values as the imports take them: UTF-8, a first line with
   exactly the names of the columns, quotes where a value needs them, no empty
   value and no empty line (config/examples/README.md). */
#ifndef PENSTOCK_GATEWAY_ENGINE_CSV_H
#define PENSTOCK_GATEWAY_ENGINE_CSV_H

#include "codecs/base/arena.h"
#include "codecs/base/error.h"

extern const struct error_kind csv_fault;

#define CSV_COLUMNS_MAX 16

struct csv {
    const char *source;
    struct slice text;
    size_t at;
    unsigned line, column;
    const char *const *columns;
    size_t column_count;
};

struct csv_row {
    struct slice values[CSV_COLUMNS_MAX]; /* lent by the text, or in the arena */
    struct place places[CSV_COLUMNS_MAX];
};

/* false: the first line is not what it must be; *error says why. */
bool csv_begin(struct csv *csv, const char *source, struct slice text, const char *const *columns,
               size_t column_count, struct error *error);

enum csv_verdict {
    CSV_ROW,
    CSV_END,
    CSV_FAULT, /* *error says where; nothing behind it is read */
};

enum csv_verdict csv_next(struct csv *csv, struct csv_row *row, struct arena *arena,
                          struct error *error);

#endif
