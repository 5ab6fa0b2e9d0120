#include "kit/kit.h"

#include "codecs/base/writer.h"

#include "gateway/engine/row.h"

#include <stdio.h>

static struct row session_row(const char *name, uint64_t next_out)
{
    return (
        struct row){ .kind = ROW_SESSION,
                     .session = { .name = slice_of(name), .next_in = 1, .next_out = next_out } };
}

static struct row message_row(uint64_t number)
{
    return (struct row){ .kind = ROW_MESSAGE_OUT,
                         .message = { SLICE("alpha"), 0, number, 0, SLICE("8=FIX.4.4") } };
}

static struct row balance_row(const char *client, int64_t free_minor)
{
    return (struct row){ .kind = ROW_BALANCE,
                         .balance = {
                             { SLICE("ACC-1"), slice_of(client), SLICE("CNY") }, free_minor, 0 } };
}

static int with_batch(void **state)
{
    *state = batch_new(7, 3);
    return 0;
}

static int without_batch(void **state)
{
    batch_free(*state);
    return 0;
}

static void a_batch_knows_its_number_and_epoch(void **state)
{
    assert_int_equal(batch_number(*state), 7);
    assert_int_equal(batch_epoch(*state), 3);
    assert_int_equal(batch_count(*state), 0);
    batch_free(NULL);
}

static void a_batch_owns_what_its_rows_point_to(void **state)
{
    struct batch *batch = *state;
    char name[] = "alpha", bytes[] = "8=FIX.4.4";
    struct row session = session_row(name, 5);
    struct row message = message_row(1);
    message.message.session = slice_of(name);
    message.message.bytes = slice_of(bytes);
    batch_add(batch, &session);
    batch_add(batch, &message);
    memset(name, 'x', sizeof name - 1);
    memset(bytes, 'x', sizeof bytes - 1);

    assert_slice_equal(batch_at(batch, 0)->session.name, "alpha");
    assert_slice_equal(batch_at(batch, 1)->message.session, "alpha");
    assert_slice_equal(batch_at(batch, 1)->message.bytes, "8=FIX.4.4");
}

static void a_batch_owns_its_instructions(void **state)
{
    struct batch *batch = *state;
    struct instruction *instruction = instruction_new(4, FLOW_DEPOSIT);
    instruction_set(instruction, INSTRUCTION_TEXT_client, SLICE("C-1"));
    batch_add(batch, &(struct row){ .kind = ROW_INSTRUCTION, .instruction = instruction });
    instruction_set(instruction, INSTRUCTION_TEXT_client, SLICE("C-2"));
    instruction_free(instruction);

    const struct instruction *kept = batch_at(batch, 0)->instruction;
    assert_int_equal(kept->number, 4);
    assert_slice_equal(instruction_get(kept, INSTRUCTION_TEXT_client), "C-1");
    assert_null(instruction_get(kept, INSTRUCTION_TEXT_uetr).at);
}

static void a_state_row_takes_the_place_of_the_one_before(void **state)
{
    struct batch *batch = *state;
    const struct row rows[] = {
        session_row("alpha", 1), balance_row("C-1", 10), session_row("beta", 2),
        session_row("alpha", 3), balance_row("C-1", 20), balance_row("C-2", 30),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        batch_add(batch, &rows[i]);

    assert_int_equal(batch_count(batch), 4);
    assert_slice_equal(batch_at(batch, 0)->session.name, "alpha");
    assert_int_equal(batch_at(batch, 0)->session.next_out, 3);
    assert_int_equal(batch_at(batch, 1)->balance.free_minor, 20);
    assert_int_equal(batch_at(batch, 2)->session.next_out, 2);
    assert_int_equal(batch_at(batch, 3)->balance.free_minor, 30);
}

static void history_is_never_replaced(void **state)
{
    struct batch *batch = *state;
    struct row row = message_row(1);
    batch_add(batch, &row);
    batch_add(batch, &row);

    assert_int_equal(batch_count(batch), 2);
}

/* One row of each kind, with every part of its key set. */
static void fill(struct row rows[ROW_KIND_COUNT], const struct instruction *instruction)
{
    for (size_t kind = 0; kind < ROW_KIND_COUNT; kind++)
        rows[kind] = (struct row){ .kind = (enum row_kind)kind };
    rows[ROW_SESSION] = session_row("alpha", 1);
    rows[ROW_MESSAGE_OUT] = message_row(1);
    rows[ROW_MESSAGE_IN] = message_row(1);
    rows[ROW_MESSAGE_IN].kind = ROW_MESSAGE_IN;
    rows[ROW_INSTRUCTION].instruction = instruction;
    rows[ROW_EVENT].event.instruction = 4;
    rows[ROW_LEDGER].ledger.instruction = 4;
    rows[ROW_BALANCE] = balance_row("C-1", 1);
    rows[ROW_LINK].link = (struct link){ .client = SLICE("C-1"), .account = SLICE("ACC-1") };
    rows[ROW_DOCUMENT].document.id = SLICE("D-1");
    rows[ROW_INBOX].inbox.channel = SLICE("icbc");
    rows[ROW_CARRY].carry.session = SLICE("alpha");
}

static void keys_tell_rows_apart_by_kind(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(4, FLOW_DEPOSIT);
    struct row rows[ROW_KIND_COUNT];
    fill(rows, instruction);
    for (size_t one = 0; one < ROW_KIND_COUNT; one++)
        for (size_t other = 0; other < ROW_KIND_COUNT; other++) {
            assert_int_equal(row_same_key(&rows[one], &rows[other]), one == other);
            if (one == other)
                assert_true(row_key_hash(&rows[one]) == row_key_hash(&rows[other]));
        }
    instruction_free(instruction);
}

static void each_part_of_a_key_counts(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(4, FLOW_DEPOSIT);
    struct instruction *another = instruction_new(5, FLOW_DEPOSIT);
    struct row rows[ROW_KIND_COUNT];
    fill(rows, instruction);
    struct row others[] = {
        rows[ROW_SESSION],       rows[ROW_MESSAGE_OUT], rows[ROW_MESSAGE_OUT],
        rows[ROW_MESSAGE_IN],    rows[ROW_EVENT],       rows[ROW_EVENT],
        rows[ROW_LEDGER],        rows[ROW_LEDGER],      rows[ROW_BALANCE],
        rows[ROW_BALANCE],       rows[ROW_LINK],        rows[ROW_LINK],
        rows[ROW_DOCUMENT],      rows[ROW_INBOX],       rows[ROW_INBOX],
        rows[ROW_CONFIGURATION], rows[ROW_INSTRUCTION], rows[ROW_ALERT],
        rows[ROW_TOLD],
    };
    others[0].session.name = SLICE("beta");
    others[1].message.number = 2;
    others[2].message.generation = 2;
    others[3].message.session = SLICE("beta");
    others[4].event.instruction = 5;
    others[5].event.sequence = 2;
    others[6].ledger.instruction = 5;
    others[7].ledger.sequence = 2;
    others[8].balance.key.account = SLICE("ACC-2");
    others[9].balance.key.currency = SLICE("USD");
    others[10].link.client = SLICE("C-2");
    others[11].link.account = SLICE("ACC-2");
    others[12].document.id = SLICE("D-2");
    others[13].inbox.id = SLICE("B-2");
    others[14].inbox.channel = SLICE("ccb");
    others[15].configuration.digest = digest_of(SLICE("x"));
    others[16].instruction = another;
    others[17].alert.number = 2;
    others[18].told.number = 2;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(row_same_key(&rows[others[i].kind], &others[i]));
    instruction_free(instruction);
    instruction_free(another);
}

static void a_ledger_row_of_an_import_has_no_key(void **state)
{
    (void)state;
    struct row row = { .kind = ROW_LEDGER };

    assert_false(row_has_key(&row));
    assert_false(row_same_key(&row, &row));
    row.ledger.instruction = 1;
    assert_true(row_has_key(&row));
}

static void what_does_not_count_for_the_key_may_differ(void **state)
{
    (void)state;
    struct row one = session_row("alpha", 1), other = session_row("alpha", 99);

    assert_true(row_same_key(&one, &other));
    assert_true(row_key_hash(&one) == row_key_hash(&other));
}

static void a_large_batch_still_finds_its_state_rows(void **state)
{
    enum { COUNT = 2000 };
    struct batch *batch = *state;
    char client[16];
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < COUNT; i++) {
            snprintf(client, sizeof client, "C-%d", i);
            struct row row = balance_row(client, round);
            batch_add(batch, &row);
        }

    assert_int_equal(batch_count(batch), COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(batch_at(batch, i)->balance.free_minor, 2);
}

static void a_copy_keeps_absent_texts_absent(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    struct row row = { .kind = ROW_EVENT,
                       .event = { .cause = SLICE("request"), .text = SLICE("") } };
    struct row copy = row_copy(&row, &arena);

    assert_slice_equal(copy.event.cause, "request");
    assert_ptr_not_equal(copy.event.cause.at, row.event.cause.at);
    assert_null(copy.event.who.at);
    assert_non_null(copy.event.text.at);
    arena_fini(&arena);
}

#define batch_test(test) cmocka_unit_test_setup_teardown(test, with_batch, without_batch)

static void a_key_is_named_for_people_and_a_clients_in_quotes(void **state)
{
    const struct {
        struct row row;
        const char *text;
    } rows[] = {
        { { .kind = ROW_MESSAGE_OUT, .message = { .session = SLICE("alpha"), 3, 17, 0, { 0 } } },
          "message out alpha 3 17" },
        { { .kind = ROW_EVENT, .event = { .instruction = 42, .sequence = 2 } }, "event 42 2" },
        { { .kind = ROW_BALANCE,
            .balance = { .key = { SLICE("ACC-1"), SLICE("C-1"), SLICE("EUR") } } },
          "balance \"ACC-1\" \"C-1\" \"EUR\"" },
        { { .kind = ROW_CONFIGURATION }, "configuration" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct writer writer;
        writer_init(&writer, 0);
        row_write_key(&rows[i].row, &writer);
        assert_true(slice_is(writer_slice(&writer), rows[i].text));
        writer_fini(&writer);
    }
}

static void rows_of_every_kind_have_a_name(void **state)
{
    (void)state;
    struct instruction *instruction = instruction_new(4, FLOW_DEPOSIT);
    struct row rows[ROW_KIND_COUNT];
    fill(rows, instruction);
    for (size_t kind = 0; kind < ROW_KIND_COUNT; kind++) {
        struct writer writer;
        writer_init(&writer, 0);
        row_write_key(&rows[kind], &writer);
        assert_in_range(writer_slice(&writer).at[0], 'a', 'z');
        writer_fini(&writer);
    }
    instruction_free(instruction);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        batch_test(a_batch_knows_its_number_and_epoch),
        batch_test(a_batch_owns_what_its_rows_point_to),
        batch_test(a_batch_owns_its_instructions),
        batch_test(a_state_row_takes_the_place_of_the_one_before),
        batch_test(history_is_never_replaced),
        cmocka_unit_test(keys_tell_rows_apart_by_kind),
        cmocka_unit_test(each_part_of_a_key_counts),
        cmocka_unit_test(a_ledger_row_of_an_import_has_no_key),
        cmocka_unit_test(what_does_not_count_for_the_key_may_differ),
        batch_test(a_large_batch_still_finds_its_state_rows),
        cmocka_unit_test(a_copy_keeps_absent_texts_absent),
        cmocka_unit_test(a_key_is_named_for_people_and_a_clients_in_quotes),
        cmocka_unit_test(rows_of_every_kind_have_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
