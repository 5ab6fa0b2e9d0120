/* A SQLite store in a folder of its own, for tests that look behind it. */
#ifndef PENSTOCK_TESTS_STORE_SQLITE_KIT_H
#define PENSTOCK_TESTS_STORE_SQLITE_KIT_H

#include "kit/kit.h"

#include "gateway/store/store_sqlite.h"

#include <stdio.h>
#include <stdlib.h>

static char sqlite_folder[64], sqlite_path[96];
static struct store *sqlite_store;

static int sqlite_set_up(void **state)
{
    struct error error;
    strcpy(sqlite_folder, "/tmp/penstock-sqlite-XXXXXX");
    if (mkdtemp(sqlite_folder) == NULL)
        return -1;
    snprintf(sqlite_path, sizeof sqlite_path, "%s/penstock.db", sqlite_folder);
    *state = sqlite_store = store_sqlite_open(sqlite_path, SLICE("K7Q2MX"), &error);
    return *state == NULL ? -1 : 0;
}

static int sqlite_tear_down(void **state)
{
    char command[128];
    struct store *store = *state;
    store->operations->close(store);
    snprintf(command, sizeof command, "rm -rf %s", sqlite_folder);
    return system(command);
}

/* For a new one in its place. */
static inline void sqlite_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -f %s*", sqlite_path);
    assert_int_equal(system(command), 0);
}

/* Writes behind the store's back, and without its checks. */
static inline void sqlite_spoil(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(sqlite_path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* Fills an empty store with the rows of sample.sql. */
static inline void sqlite_put_sample(void)
{
    struct slice sample = kit_read_file(PENSTOCK_SOURCE_DIR "/tests/unit/gateway/store/sample.sql");
    char *sql = sqlite3_mprintf("DELETE FROM store; %.*s", SLICE_ARG(sample));
    sqlite_spoil(sql);
    sqlite3_free(sql);
    kit_free_file(sample);
}

/* Each step of the statement's plan must pass. */
static inline void sqlite_check_plan(sqlite3_stmt *statement, bool (*passes)(const char *step))
{
    struct sqlite_connection *connection = &sqlite_store_of(sqlite_store)->connection;
    sqlite3_stmt *plan;
    char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sqlite3_sql(statement));
    assert_int_equal(sqlite3_prepare_v2(connection->db, sql, -1, &plan, NULL), SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(plan, 3);
        if (!passes(step))
            fail_msg("%s: %s", step, sql);
    }
    sqlite3_finalize(plan);
    sqlite3_free(sql);
}

#define sqlite_test(test) cmocka_unit_test_setup_teardown(test, sqlite_set_up, sqlite_tear_down)

#endif
