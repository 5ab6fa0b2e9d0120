/* The tables, and how an older store becomes a newer one. */
#ifndef PENSTOCK_GATEWAY_STORE_SQLITE_SCHEMA_H
#define PENSTOCK_GATEWAY_STORE_SQLITE_SCHEMA_H

#include <stddef.h>

/* "PSTK", in the file's header: this is a store of penstock. */
#define SQLITE_SCHEMA_APPLICATION 0x5053544b

/* A store of version n has seen the first n migrations. */
size_t sqlite_schema_version(void);

/* The statements of one migration, NULL behind the last.  What has been
   released never changes; the next change is a migration of its own. */
const char *const *sqlite_schema_migration(size_t index);

#endif
