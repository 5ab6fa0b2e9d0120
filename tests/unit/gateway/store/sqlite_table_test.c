#include "kit/kit.h"

#include "gateway/store/sqlite_table.h"

static struct writer text;

static int set_up(void **state)
{
    writer_init(&text, 0);
    *state = &text;
    return 0;
}

static int tear_down(void **state)
{
    writer_fini(*state);
    return 0;
}

static void a_state_row_takes_the_place_of_the_one_with_its_key(void **state)
{
    (void)state;
    sqlite_write_insert(ROW_BALANCE, &text);

    assert_slice_equal(writer_slice(&text),
                       "INSERT INTO balance (account, client, currency, free_minor, reserved_minor)"
                       " VALUES (?, ?, ?, ?, ?) ON CONFLICT (account, client, currency)"
                       " DO UPDATE SET free_minor = excluded.free_minor, reserved_minor = "
                       "excluded.reserved_minor");
}

static void what_is_fixed_is_written_once(void **state)
{
    (void)state;
    sqlite_write_insert(ROW_DOCUMENT, &text);

    assert_slice_equal(
        writer_slice(&text),
        "INSERT INTO document (id, channel, definition, instruction, utc_ns, state, bytes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state");
}

static void a_history_row_is_only_added(void **state)
{
    (void)state;
    sqlite_write_insert(ROW_MESSAGE_IN, &text);

    assert_slice_equal(writer_slice(&text),
                       "INSERT INTO message_in (session, generation, number, utc_ns, bytes)"
                       " VALUES (?, ?, ?, ?, ?)");
}

static void a_configuration_that_is_there_stays(void **state)
{
    (void)state;
    sqlite_write_insert(ROW_CONFIGURATION, &text);

    assert_slice_equal(writer_slice(&text), "INSERT INTO configuration (digest, utc_ns, text)"
                                            " VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
}

static void a_select_names_the_columns_in_order(void **state)
{
    (void)state;
    sqlite_write_select(ROW_SESSION, "WHERE name = ?", &text);

    assert_slice_equal(writer_slice(&text),
                       "SELECT name, generation, next_in, next_out, untold_first, untold_next, "
                       "followed_ns, disabled FROM session WHERE name = ?");
}

static void every_text_of_an_instruction_has_one_column(void **state)
{
    (void)state;
    const struct sqlite_table *table = sqlite_table_of(ROW_INSTRUCTION);
    for (unsigned i = 0; i < INSTRUCTION_TEXT_COUNT; i++) {
        unsigned found = 0;
        for (size_t j = 0; j < table->column_count; j++) {
            const struct column *column = &table->columns[j];
            if (column->offset != offsetof(struct instruction, texts) + i * sizeof(struct slice))
                continue;
            assert_string_equal(column->name, instruction_text_name((enum instruction_text)i));
            found++;
        }
        assert_int_equal(found, 1);
    }
}

#define table_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        table_test(a_state_row_takes_the_place_of_the_one_with_its_key),
        table_test(what_is_fixed_is_written_once),
        table_test(a_history_row_is_only_added),
        table_test(a_configuration_that_is_there_stays),
        table_test(a_select_names_the_columns_in_order),
        table_test(every_text_of_an_instruction_has_one_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
