/* From an older version of the store to ours. */
#include "gateway/store/sqlite_schema.h"

#include "gateway/store/store.h"

#include <stdio.h>

static bool run(struct sqlite_connection *connection, const struct sqlite_migration *migration,
                struct error *error)
{
    struct place place = { .source = connection->path };
    if (!sqlite_connection_run(connection, migration->sql, error)) {
        struct error why = *error;
        return error_at(error, why.kind, place, "migration %s: %s", migration->name, why.detail);
    }
    if (sqlite3_get_autocommit(connection->db) != 0)
        return error_at(error, &store_refused, place, "migration %s ends the transaction",
                        migration->name);
    return true;
}

static bool note_version(struct sqlite_connection *connection, size_t version, struct error *error)
{
    char pragmas[96];
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %zu",
             SQLITE_SCHEMA_APPLICATION, version);
    return sqlite_connection_run(connection, pragmas, error);
}

bool sqlite_schema_update(struct sqlite_connection *connection,
                          const struct sqlite_migration *migrations, size_t count, size_t *from,
                          struct error *error)
{
    int64_t version;
    if (!sqlite_connection_number(connection, "PRAGMA user_version", &version, error))
        return false;
    if (version < 0 || version > (int64_t)count)
        return error_at(error, &store_newer, (struct place){ .source = connection->path },
                        "version %lld, ours is %zu", (long long)version, count);
    *from = (size_t)version;
    for (size_t i = *from; i < count; i++)
        if (!run(connection, &migrations[i], error))
            return false;
    return *from == count || note_version(connection, count, error);
}
