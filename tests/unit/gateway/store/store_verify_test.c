#include "sqlite_kit.h"

#include "gateway/store/store_verify.h"

#include <unistd.h>

/* What a run has found: "name: rows; name: rows". */
static char found[4000];
static size_t seen;

static void take(void *owner, const struct store_check *check)
{
    size_t used = strlen(found);
    assert_null(owner);
    assert_true(check->sentence[0] != '\0');
    seen++;
    if (check->broken != 0)
        snprintf(found + used, sizeof found - used, "%s%s: %.*s", used == 0 ? "" : "; ",
                 check->name, SLICE_ARG(check->shown));
}

static bool verify(struct error *error)
{
    size_t broken = 99;
    found[0] = '\0';
    seen = 0;
    bool good = store_verify(sqlite_path, NULL, take, NULL, &broken, error);
    if (good)
        assert_int_equal(broken == 0, found[0] == '\0');
    return good;
}

static void assert_found(const char *what)
{
    struct error error = { .detail = "" };
    if (!verify(&error))
        fail_msg("%s", error.detail);
    assert_string_equal(found, what);
}

static int sample_set_up(void **state)
{
    if (sqlite_set_up(state) != 0)
        return -1;
    sqlite_put_sample();
    return 0;
}

#define sample_test(test) cmocka_unit_test_setup_teardown(test, sample_set_up, sqlite_tear_down)

static void a_new_store_holds_everything(void **state)
{
    (void)state;
    assert_found("");
    assert_true(seen > 20);
}

static void a_store_in_good_order_holds_everything(void **state)
{
    (void)state;
    assert_found("");
}

static const struct {
    const char *sql, *found;
} breaks[] = {
    { "UPDATE instruction SET reported = 7 WHERE number = 3",
      "integrity: CHECK constraint failed in instruction" },
    { "UPDATE message_in SET session = 'omega' WHERE number = 2",
      "references: message_in speaks of no session" },
    { "UPDATE ledger SET client = 'C-2', account = 'ACC-2' WHERE instruction IS NULL",
      "balances: ACC-1 C-1 CNY, ACC-2 C-2 CNY" },
    { "UPDATE balance SET free_minor = free_minor + 1 WHERE client = 'C-1'",
      "balances: ACC-1 C-1 CNY; double-entry: CNY" },
    { "UPDATE balance SET free_minor = -7 WHERE client = 'C-2'; INSERT INTO ledger (sequence,"
      " utc_ns, account, client, currency, debit, credit, amount_minor)"
      " VALUES (3, 1, 'ACC-2', 'C-2', 'CNY', 'free', 'outside', 7)",
      "integrity: CHECK constraint failed in balance; floors: ACC-2 C-2 CNY" },
    { "UPDATE instruction SET account = 'ACC-2', client = 'C-2' WHERE number = 6",
      "reserved: ACC-1 C-1 CNY, ACC-2 C-2 CNY" },
    { "UPDATE instruction SET amount_minor = 999 WHERE number = 1", "movements: PSTK-K7Q2MX-1" },
    { "UPDATE instruction SET amount_minor = 1 WHERE number = 4", "movements: PSTK-K7Q2MX-4" },
    { "UPDATE ledger SET sequence = 2 WHERE instruction = 2", "ledger-events: 2 line 2" },
    { "UPDATE ledger SET sequence = 4 WHERE instruction = 5", "ledger-events: 5 line 4" },
    { "UPDATE instruction SET event_count = 5 WHERE number = 1", "event-numbers: PSTK-K7Q2MX-1" },
    { "UPDATE event SET sequence = 5 WHERE instruction = 5 AND sequence = 4",
      "event-numbers: PSTK-K7Q2MX-5" },
    { "UPDATE event SET state_from = 'accepted' WHERE instruction = 1 AND sequence = 3",
      "history: 1 event 3" },
    { "UPDATE event SET state_from = 'held' WHERE instruction = 2", "history: 2 event 1" },
    { "UPDATE event SET state_to = 'held' WHERE instruction = 4 AND sequence = 2;"
      " UPDATE event SET state_from = 'held' WHERE instruction = 4 AND sequence = 3",
      "transitions: 4 event 2, 4 event 3" },
    { "UPDATE instruction SET state = 'pending', deadline_utc_ns = 1 WHERE number = 5",
      "states: PSTK-K7Q2MX-5" },
    { "UPDATE instruction SET deadline_utc_ns = 0 WHERE number = 2", "deadlines: PSTK-K7Q2MX-2" },
    { "UPDATE instruction SET configuration = randomblob(32) WHERE number = 3",
      "configurations: PSTK-K7Q2MX-3" },
    { "UPDATE instruction SET id = 'PSTK-OTHERS-3' WHERE number = 3", "ids: PSTK-OTHERS-3" },
    { "UPDATE store SET last_number = 8", "numbers: 9" },
    { "UPDATE inbox SET number = 6 WHERE number = 8", "numbers: 6" },
    { "INSERT INTO inbox SELECT 70000, channel, id, content, utc_ns, definition, verdict, answer"
      " FROM inbox WHERE number = 8; UPDATE store SET last_number = 70000",
      "once: icbc B-2" },
    { "INSERT INTO filter VALUES (7, 9, zeroblob(8))", "filters: 7" },
    { "INSERT INTO filter VALUES (1, 7, zeroblob(8)), (7, 9, zeroblob(8))", "filters: 7" },
    { "INSERT INTO filter VALUES (1, 6, zeroblob(8)), (8, 9, zeroblob(8))", "filters: 8" },
    { "UPDATE session SET next_out = 63", "messages-out: alpha 3 63" },
    { "INSERT INTO message_out VALUES ('alpha', 4, 1, 1, x'01')", "messages-out: alpha 4 1" },
    { "UPDATE session SET next_in = 6", "messages-in: alpha 3 6" },
    { "INSERT INTO message_in VALUES ('alpha', 4, 1, 1, x'01')", "messages-in: alpha 4 1" },
    { "UPDATE instruction SET document_count = 0 WHERE number = 1;"
      " DELETE FROM document WHERE instruction = 1",
      "orders: PSTK-K7Q2MX-1" },
    { "UPDATE instruction SET document_count = 2 WHERE number = 2;"
      " INSERT INTO document SELECT id || '0', channel, definition, instruction, utc_ns, state,"
      " bytes FROM document WHERE instruction = 2",
      "orders: PSTK-K7Q2MX-2" },
    { "UPDATE instruction SET document_count = 1 WHERE number = 6; INSERT INTO document"
      " VALUES ('PSTK-K7Q2MX-6-1', 'icbc', '', 6, 1, 'waiting', x'01')",
      "orders: PSTK-K7Q2MX-6" },
    { "DELETE FROM document WHERE instruction = 4", "documents: PSTK-K7Q2MX-4" },
    { "UPDATE document SET id = 'PSTK-K7Q2MX-1-7' WHERE instruction = 4",
      "documents: PSTK-K7Q2MX-4" },
    { "UPDATE document SET state = 'taken' WHERE instruction = 2", "sent: PSTK-K7Q2MX-2" },
    { "UPDATE document SET state = 'waiting' WHERE instruction = 1;"
      " UPDATE event SET cause = 'operator' WHERE instruction = 1 AND sequence = 4",
      "waiting: PSTK-K7Q2MX-1-1" },
    { "DELETE FROM document WHERE instruction IS NULL", "answers: icbc B-3" },
};

static void each_break_is_found_by_its_check_and_no_other(void **state)
{
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
        sqlite_spoil(breaks[i].sql);
        assert_found(breaks[i].found);
        sqlite_tear_down(state);
        assert_int_equal(sample_set_up(state), 0);
    }
}

/* The names of the checks, told once more, so that none is without a break. */
static const char *without_break;

static void look_for_break(void *owner, const struct store_check *check)
{
    char wanted[64];
    (void)owner;
    snprintf(wanted, sizeof wanted, "%s: ", check->name);
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++)
        if (strstr(breaks[i].found, wanted) != NULL)
            return;
    without_break = check->name;
}

static void each_check_has_a_break(void **state)
{
    struct error error;
    size_t broken;
    (void)state;
    assert_true(store_verify(sqlite_path, NULL, look_for_break, NULL, &broken, &error));
    if (without_break != NULL)
        fail_msg("nothing breaks %s", without_break);
}

static void many_rows_are_counted_and_a_few_are_named(void **state)
{
    (void)state;
    sqlite_spoil("WITH RECURSIVE n (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM n LIMIT 12)"
                 " INSERT INTO message_out SELECT 'alpha', 3, n, 1, x'01' FROM n");
    assert_found("messages-out: alpha 3 100, alpha 3 101, alpha 3 102, alpha 3 103, alpha 3 104,"
                 " alpha 3 105, alpha 3 106, alpha 3 107, alpha 3 108, alpha 3 109");
}

static void a_store_in_use_is_proved_as_it_was_at_one_moment(void **state)
{
    sqlite3 *writer;
    struct error error;
    (void)state;
    assert_int_equal(sqlite3_open(sqlite_path, &writer), SQLITE_OK);
    sqlite3_exec(writer, "BEGIN; UPDATE store SET last_number = 1", NULL, NULL, NULL);
    assert_true(verify(&error));
    assert_string_equal(found, "");
    sqlite3_exec(writer, "COMMIT", NULL, NULL, NULL);
    assert_found("numbers: 2, 3, 4, 5, 6, 7, 8, 9");
    sqlite3_close(writer);
}

static void a_damaged_page_is_found(void **state)
{
    struct store *store = *state;
    struct error error;
    char rubbish[4096];
    int64_t page;
    memset(rubbish, 0x5a, sizeof rubbish);
    assert_true(sqlite_connection_number(&sqlite_store_of(store)->connection,
                                         "SELECT rootpage FROM sqlite_schema WHERE name = 'event'",
                                         &page, &error));
    store->operations->close(store);
    FILE *file = fopen(sqlite_path, "r+b");
    fseek(file, (page - 1) * 4096, SEEK_SET);
    assert_int_equal(fwrite(rubbish, sizeof rubbish, 1, file), 1);
    fclose(file);
    assert_true(verify(&error));
    assert_memory_equal(found, "integrity: ", 11);
    assert_non_null(strstr(found, "history: database disk image is malformed"));
    sqlite_remove();
    *state = store_sqlite_open(sqlite_path, SLICE("K7Q2MX"), &error);
}

static void what_is_no_store_of_this_version_is_not_judged(void **state)
{
    struct error error;
    sqlite_spoil("PRAGMA user_version = 0");
    assert_false(verify(&error));
    assert_ptr_equal(error.kind, &store_open_failed);
    sqlite_spoil("PRAGMA user_version = 4711");
    assert_false(verify(&error));
    assert_ptr_equal(error.kind, &store_newer);
    sqlite_spoil("PRAGMA application_id = 1");
    assert_false(verify(&error));
    assert_string_equal(error.detail, "not a store of penstock");
    strcat(sqlite_path, ".not");
    assert_false(verify(&error));
    assert_ptr_equal(error.kind, &store_open_failed);
    assert_int_equal(access(sqlite_path, F_OK), -1);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        sqlite_test(a_new_store_holds_everything),
        sample_test(a_store_in_good_order_holds_everything),
        sample_test(each_break_is_found_by_its_check_and_no_other),
        sample_test(each_check_has_a_break),
        sample_test(many_rows_are_counted_and_a_few_are_named),
        sample_test(a_store_in_use_is_proved_as_it_was_at_one_moment),
        sample_test(a_damaged_page_is_found),
        sample_test(what_is_no_store_of_this_version_is_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
