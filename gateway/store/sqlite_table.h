/* How rows lie in tables: each column's name, type and place in struct row.  One
   table of columns makes the statements, binds their values and reads them. */
#ifndef PENSTOCK_GATEWAY_STORE_SQLITE_TABLE_H
#define PENSTOCK_GATEWAY_STORE_SQLITE_TABLE_H

#include "gateway/engine/row.h"

enum column_type {
    COLUMN_TEXT,      /* struct slice of UTF-8; absent is NULL */
    COLUMN_BYTES,     /* struct slice of anything; absent is NULL */
    COLUMN_U64,       /* up to INT64_MAX */
    COLUMN_REFERENCE, /* uint64_t; 0 is NULL */
    COLUMN_I64,
    COLUMN_UNSIGNED,
    COLUMN_INT,
    COLUMN_BOOL,
    COLUMN_DIGEST,
    COLUMN_FLOW, /* these four by name */
    COLUMN_STATE,
    COLUMN_SIDE,
    COLUMN_DOCUMENT_STATE,
};

enum column_role {
    COLUMN_KEY,
    COLUMN_FIXED, /* stays as it was when the row came in */
    COLUMN_CHANGES,
};

struct column {
    const char *name;
    enum column_type type;
    enum column_role role;
    size_t offset; /* in struct row; for instructions in struct instruction */
};

struct sqlite_table {
    const char *name;
    const struct column *columns;
    size_t column_count;
};

const struct sqlite_table *sqlite_table_of(enum row_kind kind);

/* The names of its columns, with commas. */
void sqlite_write_columns(enum row_kind kind, struct writer *writer);
/* "INSERT INTO ..." with one parameter for each column; a state row takes the
   place of the one with its key.  Of a carry: the UPDATE that it stands for. */
void sqlite_write_insert(enum row_kind kind, struct writer *writer);
/* "SELECT columns FROM table " with what follows. */
void sqlite_write_select(enum row_kind kind, const char *rest, struct writer *writer);

#endif
