/* Rows to parameters of a statement, and columns of a result to rows. */
#ifndef PENSTOCK_GATEWAY_STORE_SQLITE_ROW_H
#define PENSTOCK_GATEWAY_STORE_SQLITE_ROW_H

#include "gateway/engine/row.h"

#include <sqlite3.h>

/* What the row points to must stay until the statement is reset. */
void sqlite_row_bind(sqlite3_stmt *statement, const struct row *row);

/* Reads a result whose columns are those of kind's table.  Texts are SQLite's
   and good until the next step; an instruction is put into *instruction.
   false: a column holds what cannot be there. */
bool sqlite_row_take(sqlite3_stmt *statement, enum row_kind kind, struct row *row,
                     struct instruction *instruction);

/* Absent is NULL. */
void sqlite_bind_slice(sqlite3_stmt *statement, int parameter, struct slice text);
struct slice sqlite_take_slice(sqlite3_stmt *statement, int column);

#endif
