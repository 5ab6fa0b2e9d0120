/* The archive's file: the tables that old rows are moved to.  Their keys are
   those of the live tables, but for ids that others may use again when the first
   use of them is archived. */
#ifndef PENSTOCK_GATEWAY_STORE_SQLITE_ARCHIVE_H
#define PENSTOCK_GATEWAY_STORE_SQLITE_ARCHIVE_H

#include "gateway/store/sqlite_connection.h"

/* "PSTA", in the file's header: this is an archive of penstock. */
#define SQLITE_ARCHIVE_APPLICATION 0x50535441

/* The key of an archived row; NULL: such rows are not archived. */
const char *sqlite_archive_key(enum row_kind kind);

/* Opens the archive as "archive" beside the store, which is read only; the file
   is made when it is not there.  false: closed. */
bool sqlite_archive_open(struct sqlite_connection *connection, const char *store, const char *path,
                         struct error *error);

/* Has the archive beside the store this column?  One may be older than it. */
bool sqlite_archive_has(const struct sqlite_connection *connection, enum row_kind kind,
                        const char *column);

/* Attaches an archive of this very store to a connection. */
bool sqlite_archive_attach(struct sqlite_connection *connection, const char *path,
                           struct error *error);

#endif
