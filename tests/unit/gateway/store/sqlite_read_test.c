#include "unit/gateway/store/sqlite_kit.h"

static bool searches(const char *step)
{
    return strncmp(step, "SCAN", 4) != 0 && strstr(step, "TEMP B-TREE") == NULL;
}

/* A walk through the eras, and in each of them by all of the key. */
static bool searches_each_era(const char *step)
{
    return strcmp(step, "SCAN instruction") != 0 && strcmp(step, "SCAN inbox") != 0 &&
           (strstr(step, "<expr>") == NULL || strstr(step, "(<expr>=? AND ") != NULL) &&
           strstr(step, "rowid>") == NULL;
}

/* Ten million old instructions must not make a question slow. */
static void no_question_walks_a_whole_table(void **state)
{
    (void)state;
    const struct sqlite_connection *connection = &sqlite_store_of(sqlite_store)->connection;
    static const enum query_kind kinds[] = {
        QUERY_MESSAGES_OUT, QUERY_INSTRUCTION, QUERY_EVENTS,
        QUERY_LEDGER,       QUERY_DOCUMENTS,   QUERY_DOCUMENT,
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        sqlite_check_plan(connection->reads[kinds[i]], searches);
    sqlite_check_plan(connection->read_by_state, searches);
}

static void a_key_is_searched_for_in_its_eras_only(void **state)
{
    (void)state;
    const struct sqlite_connection *connection = &sqlite_store_of(sqlite_store)->connection;
    static const enum query_kind kinds[] = {
        QUERY_INBOX, QUERY_BY_REQUEST, QUERY_BY_PAYMENT, QUERY_BY_ORDER, QUERY_INSTRUCTION_BY_ID,
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_non_null(strstr(sqlite3_sql(connection->reads[kinds[i]]), "number >> 16"));
        sqlite_check_plan(connection->reads[kinds[i]], searches_each_era);
    }
}

static void a_row_that_cannot_be_is_damage_not_a_crash(void **state)
{
    struct store *store = *state;
    const struct query query = { .kind = QUERY_BALANCES };
    struct arena arena;
    struct answer answer;
    struct error error;
    arena_init(&arena, ARENA_UNLIMITED);
    sqlite_spoil("INSERT INTO document VALUES ('D-1', 'icbc', NULL, NULL, 1, 'lost', x'')");

    const struct query lost = { .kind = QUERY_DOCUMENT, .id = SLICE("D-1") };
    assert_false(store->operations->read(store, &lost, &arena, &answer, &error));
    assert_ptr_equal(error.kind, &store_corrupt);
    assert_true(store->operations->read(store, &query, &arena, &answer, &error));
    assert_int_equal(answer.count, 0);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        sqlite_test(no_question_walks_a_whole_table),
        sqlite_test(a_key_is_searched_for_in_its_eras_only),
        sqlite_test(a_row_that_cannot_be_is_damage_not_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
