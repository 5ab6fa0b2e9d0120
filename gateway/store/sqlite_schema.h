/* The tables, and how an older store becomes a newer one: by the scripts in
   gateway/store/migrations, which are part of the program. */
#ifndef PENSTOCK_GATEWAY_STORE_SQLITE_SCHEMA_H
#define PENSTOCK_GATEWAY_STORE_SQLITE_SCHEMA_H

#include "gateway/store/sqlite_connection.h"

/* "PSTK", in the file's header: this is a store of penstock. */
#define SQLITE_SCHEMA_APPLICATION 0x5053544b

struct sqlite_migration {
    const char *name; /* of its file, without .sql */
    const char *sql;  /* the whole script, which begins and ends no transaction */
};

/* A store of version n has seen the first n.  What has been released never
   changes; the next change is a script of its own. */
extern const struct sqlite_migration sqlite_migrations[];
extern const size_t sqlite_migration_count;

/* Within the caller's transaction: runs what the store has not seen of the
   migrations and notes its new version; *from is the old one, 0 that of an empty
   file.  false: the transaction is to be rolled back, which leaves the store as
   it was. */
bool sqlite_schema_update(struct sqlite_connection *connection,
                          const struct sqlite_migration *migrations, size_t count, size_t *from,
                          struct error *error);

#endif
