#include "unit/gateway/store/sqlite_kit.h"

enum {
    OPEN_INSTRUCTIONS = 4,
    WAITING_DOCUMENTS,
    KEYS,
};

static bool goes_by_an_index(const char *step)
{
    return strstr(step, "USING INDEX") != NULL || strstr(step, "TEMP B-TREE") != NULL;
}

/* Tables are read from a number on, side by side, and nothing is sorted. */
static bool begins_at_a_number(const char *step)
{
    return strstr(step, "TEMP B-TREE") == NULL &&
           (strncmp(step, "SEARCH", 6) == 0
                ? strstr(step, "(rowid>?)") != NULL
                : strcmp(step, "SCAN instruction") != 0 && strcmp(step, "SCAN inbox") != 0);
}

/* A start must not read ten million old instructions. */
static void loading_goes_by_indexes(void **state)
{
    (void)state;
    const struct sqlite_connection *connection = &sqlite_store_of(sqlite_store)->connection;

    sqlite_check_plan(connection->loads[OPEN_INSTRUCTIONS], goes_by_an_index);
    sqlite_check_plan(connection->loads[WAITING_DOCUMENTS], goes_by_an_index);
    sqlite_check_plan(connection->loads[KEYS], begins_at_a_number);
}

static void exactly_the_open_states_are_asked_for(void **state)
{
    (void)state;
    const struct sqlite_connection *connection = &sqlite_store_of(sqlite_store)->connection;
    const char *sql = sqlite3_sql(connection->loads[OPEN_INSTRUCTIONS]);
    for (enum instruction_state one = 0; one < INSTRUCTION_STATE_COUNT; one++) {
        char name[32];
        snprintf(name, sizeof name, "'%s'", instruction_state_name(one));
        assert_int_equal(strstr(sql, name) != NULL, store_state_is_open(one));
    }
}

static void assert_damaged(void)
{
    struct loaded loaded;
    struct error error = { .kind = NULL };
    sqlite_store->operations->load(sqlite_store);
    while (sqlite_store->operations->load_next(sqlite_store, &loaded, &error))
        ;
    assert_ptr_equal(error.kind, &store_corrupt);
}

static void a_row_that_cannot_be_is_damage_not_a_crash(void **state)
{
    (void)state;
    sqlite_spoil(
        "INSERT INTO session (name, generation, next_in, next_out) VALUES ('alpha', -1, 1, 1)");
    assert_damaged();
}

static void a_number_that_no_filter_covers_is_damage(void **state)
{
    (void)state;
    sqlite_spoil("INSERT INTO filter VALUES (1, 10, zeroblob(8)), (12, 20, zeroblob(8))");
    assert_damaged();
}

static void a_filter_that_ends_before_it_begins_is_damage(void **state)
{
    (void)state;
    sqlite_spoil("INSERT INTO filter VALUES (1, 0, zeroblob(8))");
    assert_damaged();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        sqlite_test(loading_goes_by_indexes),
        sqlite_test(exactly_the_open_states_are_asked_for),
        sqlite_test(a_row_that_cannot_be_is_damage_not_a_crash),
        sqlite_test(a_number_that_no_filter_covers_is_damage),
        sqlite_test(a_filter_that_ends_before_it_begins_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
