/* What every store promises.  The including test defines contract_open(), which
   makes a new store, contract_reopen(), which opens its data again as the next
   owner would, and contract_archive(), which names the file for old days. */
#ifndef PENSTOCK_TESTS_STORE_CONTRACT_H
#define PENSTOCK_TESTS_STORE_CONTRACT_H

#include "kit/kit.h"

#include "gateway/store/store.h"

#include <stdio.h>

#define CONTRACT_IDENTITY SLICE("K7Q2MX")

static struct store *contract_open(void);
static struct store *contract_reopen(struct store *store);
static const char *contract_archive(void);

/* Rows. */

static struct row session_row(const char *name, uint64_t next_in, uint64_t next_out)
{
    return (struct row){ .kind = ROW_SESSION,
                         .session = { .name = slice_of(name),
                                      .next_in = next_in,
                                      .next_out = next_out,
                                      .generation = 3 } };
}

static struct row message_row(enum row_kind kind, uint64_t number, const char *bytes)
{
    return (struct row){ .kind = kind,
                         .message = { SLICE("alpha"), 3, number, 1700000000, slice_of(bytes) } };
}

static const struct balance_key contract_key = { { "ACC-1", 5 }, { "C-1", 3 }, { "CNY", 3 } };

static struct row balance_row(int64_t free_minor, int64_t reserved_minor)
{
    return (struct row){ .kind = ROW_BALANCE,
                         .balance = { contract_key, free_minor, reserved_minor } };
}

static struct row event_row(uint64_t instruction, unsigned sequence)
{
    return (struct row){ .kind = ROW_EVENT,
                         .event = { .instruction = instruction,
                                    .sequence = sequence,
                                    .utc_ns = 17,
                                    .from = INSTRUCTION_NONE,
                                    .to = INSTRUCTION_ACCEPTED,
                                    .cause = SLICE("request"),
                                    .who = SLICE("alpha"),
                                    .rule = SLICE("to-icbc"),
                                    .text = SLICE("") } };
}

static struct row ledger_row(uint64_t instruction, unsigned sequence, int64_t amount_minor)
{
    return (struct row){ .kind = ROW_LEDGER,
                         .ledger = { .instruction = instruction,
                                     .sequence = sequence,
                                     .utc_ns = 17,
                                     .movement = { contract_key, LEDGER_FREE, LEDGER_RESERVED,
                                                   amount_minor },
                                     .who = SLICE("alpha") } };
}

static struct row link_row(const char *client, const char *payee_account)
{
    return (struct row){ .kind = ROW_LINK,
                         .link = { .client = slice_of(client),
                                   .account = SLICE("ACC-1"),
                                   .session = SLICE("alpha"),
                                   .bank = SLICE("ICBKCNBJXXX"),
                                   .payee_account = slice_of(payee_account),
                                   .client_name = SLICE("\xe9\x87\x91"),
                                   .legal_person = true } };
}

static struct row document_row(const char *id, uint64_t instruction, enum document_state state)
{
    return (struct row){ .kind = ROW_DOCUMENT,
                         .document = { .id = slice_of(id),
                                       .channel = SLICE("icbc"),
                                       .definition = SLICE("pacs.008.001.08"),
                                       .instruction = instruction,
                                       .utc_ns = 18,
                                       .state = state,
                                       .bytes = { "<a>\0</a>", 8 } } };
}

static struct row inbox_row(const char *id, uint64_t number)
{
    return (struct row){ .kind = ROW_INBOX,
                         .inbox = { .channel = SLICE("icbc"),
                                    .id = slice_of(id),
                                    .content = digest_of(slice_of(id)),
                                    .number = number,
                                    .utc_ns = 19,
                                    .definition = SLICE("pacs.002.001.10"),
                                    .verdict = SLICE("taken") } };
}

/* An instruction with every text set; freed with instruction_free(). */
static struct instruction *contract_instruction(uint64_t number, enum instruction_state state)
{
    struct instruction *instruction = instruction_new(number, FLOW_WITHDRAWAL);
    char text[64];
    for (unsigned i = 0; i < INSTRUCTION_TEXT_COUNT; i++) {
        snprintf(text, sizeof text, "%s-%llu", instruction_text_name((enum instruction_text)i),
                 (unsigned long long)number);
        instruction_set(instruction, (enum instruction_text)i, slice_of(text));
    }
    instruction_set(instruction, INSTRUCTION_TEXT_asker, SLICE("alpha"));
    instruction_set(instruction, INSTRUCTION_TEXT_channel, SLICE("icbc"));
    instruction_set(instruction, INSTRUCTION_TEXT_uetr, SLICE_NONE);
    instruction_set(instruction, INSTRUCTION_TEXT_reason, SLICE(""));
    instruction_set(instruction, INSTRUCTION_TEXT_request,
                    (struct slice){ "8=FIX.4.4\x01\x00\xff", 12 });
    instruction->state = state;
    instruction->amount_minor = 125050;
    instruction->content = digest_of(SLICE("content"));
    instruction->configuration = digest_of(SLICE("configuration"));
    instruction->created_utc_ns = -5;
    instruction->changed_utc_ns = INT64_MAX;
    instruction->deadline_utc_ns = 0;
    instruction->event_count = 3;
    instruction->document_count = 1;
    instruction->report_count = 2;
    instruction->report_rank = -1;
    instruction->reported = true;
    return instruction;
}

static void add(struct batch *batch, struct row row)
{
    batch_add(batch, &row);
}

static void add_instruction(struct batch *batch, uint64_t number, enum instruction_state state)
{
    struct instruction *instruction = contract_instruction(number, state);
    add(batch, (struct row){ .kind = ROW_INSTRUCTION, .instruction = instruction });
    instruction_free(instruction);
}

static struct batch *next_batch(const struct store *store)
{
    return batch_new(store->operations->last_batch(store) + 1, store->operations->epoch(store));
}

/* Commits and frees; the error's kind, NULL when it went well. */
static const struct error_kind *commit(struct store *store, struct batch *batch)
{
    struct error error = { .kind = NULL };
    bool good = store->operations->commit(store, batch, &error);
    batch_free(batch);
    assert_int_equal(good, error.kind == NULL);
    return error.kind;
}

static const struct error_kind *commit_row(struct store *store, struct row row)
{
    struct batch *batch = next_batch(store);
    add(batch, row);
    return commit(store, batch);
}

/* Answers live in this arena, which a test empties at its end. */
static struct arena contract_arena;

static struct answer ask(struct store *store, struct query query)
{
    struct answer answer;
    struct error error;
    if (!store->operations->read(store, &query, &contract_arena, &answer, &error))
        fail_msg("%s: %s", error.kind->text, error.detail);
    return answer;
}

static void assert_same_instruction(const struct instruction *one, const struct instruction *other)
{
    assert_int_equal(one->number, other->number);
    assert_int_equal(one->flow, other->flow);
    assert_int_equal(one->state, other->state);
    assert_int_equal(one->amount_minor, other->amount_minor);
    assert_true(digest_equal(&one->content, &other->content));
    assert_true(digest_equal(&one->configuration, &other->configuration));
    assert_int_equal(one->created_utc_ns, other->created_utc_ns);
    assert_int_equal(one->changed_utc_ns, other->changed_utc_ns);
    assert_int_equal(one->deadline_utc_ns, other->deadline_utc_ns);
    assert_int_equal(one->event_count, other->event_count);
    assert_int_equal(one->document_count, other->document_count);
    assert_int_equal(one->report_count, other->report_count);
    assert_int_equal(one->report_rank, other->report_rank);
    assert_int_equal(one->reported, other->reported);
    assert_int_equal(one->contradicted, other->contradicted);
    for (unsigned i = 0; i < INSTRUCTION_TEXT_COUNT; i++) {
        assert_true((one->texts[i].at == NULL) == (other->texts[i].at == NULL));
        assert_true(slice_equal(one->texts[i], other->texts[i]));
    }
}

/* A base on which most tests build: session, balance, instruction 1. */
static void commit_base(struct store *store)
{
    struct batch *batch = next_batch(store);
    add(batch, session_row("alpha", 7, 64));
    add(batch, balance_row(1000, 0));
    add_instruction(batch, 1, INSTRUCTION_ACCEPTED);
    assert_null(commit(store, batch));
}

/* The promises. */

static void a_new_store_is_empty_and_knows_itself(void **state)
{
    struct store *store = *state;
    struct loaded loaded;
    struct error error;

    assert_slice_equal(store->operations->identity(store), "K7Q2MX");
    assert_int_equal(store->operations->last_batch(store), 0);
    assert_int_equal(store->operations->last_number(store), 0);
    assert_true(store->operations->epoch(store) > 0);
    store->operations->load(store);
    assert_false(store->operations->load_next(store, &loaded, &error));
    assert_null(error.kind);
}

static void an_instruction_comes_back_as_it_was(void **state)
{
    struct store *store = *state;
    struct instruction *instruction = contract_instruction(5, INSTRUCTION_IN_DOUBT);
    assert_null(
        commit_row(store, (struct row){ .kind = ROW_INSTRUCTION, .instruction = instruction }));

    struct answer answer = ask(store, (struct query){ .kind = QUERY_INSTRUCTION, .number = 5 });
    assert_int_equal(answer.count, 1);
    assert_same_instruction(answer.rows[0].instruction, instruction);
    assert_int_equal(store->operations->last_number(store), 5);
    instruction_free(instruction);
}

static void a_state_row_is_kept_in_its_last_state(void **state)
{
    struct store *store = *state;
    commit_base(store);
    struct instruction *instruction = contract_instruction(1, INSTRUCTION_SETTLED);
    instruction->contradicted = true;
    instruction_set(instruction, INSTRUCTION_TEXT_report_id, SLICE("R-9"));
    assert_null(
        commit_row(store, (struct row){ .kind = ROW_INSTRUCTION, .instruction = instruction }));
    assert_null(commit_row(store, balance_row(400, 600)));

    struct answer answer = ask(store, (struct query){ .kind = QUERY_INSTRUCTION, .number = 1 });
    assert_same_instruction(answer.rows[0].instruction, instruction);
    answer = ask(store, (struct query){ .kind = QUERY_BALANCES });
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.rows[0].balance.free_minor, 400);
    assert_int_equal(answer.rows[0].balance.reserved_minor, 600);
    instruction_free(instruction);
}

static void a_refused_batch_leaves_nothing_behind(void **state)
{
    struct store *store = *state;
    commit_base(store);
    uint64_t last_batch = store->operations->last_batch(store);
    struct batch *batch = next_batch(store);
    add_instruction(batch, 9, INSTRUCTION_ACCEPTED);
    add(batch, event_row(9, 1));
    add(batch, session_row("alpha", 99, 99));
    add(batch, balance_row(-1, 0));

    assert_ptr_equal(commit(store, batch), &store_refused);
    assert_int_equal(store->operations->last_batch(store), last_batch);
    assert_int_equal(store->operations->last_number(store), 1);
    assert_int_equal(ask(store, (struct query){ .kind = QUERY_INSTRUCTION, .number = 9 }).count, 0);
    assert_int_equal(ask(store, (struct query){ .kind = QUERY_EVENTS, .number = 9 }).count, 0);
    struct answer answer = ask(store, (struct query){ .kind = QUERY_BALANCES });
    assert_int_equal(answer.rows[0].balance.free_minor, 1000);

    assert_null(commit_row(store, balance_row(999, 1))); /* and goes on */
}

static void the_key_of_a_history_row_is_never_used_again(void **state)
{
    struct store *store = *state;
    commit_base(store);
    const struct row rows[] = {
        message_row(ROW_MESSAGE_OUT, 1, "first"),
        message_row(ROW_MESSAGE_IN, 1, "first"),
        event_row(1, 1),
        ledger_row(1, 1, 10),
        inbox_row("BANK-1", 2),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_null(commit_row(store, rows[i]));
        assert_ptr_equal(commit_row(store, rows[i]), &store_refused);
        struct batch *twice = next_batch(store);
        struct row other = rows[i];
        if (other.kind == ROW_EVENT)
            other.event.sequence = 7;
        else if (other.kind == ROW_INBOX)
            other.inbox.id = SLICE("BANK-7");
        else if (other.kind == ROW_LEDGER)
            other.ledger.sequence = 7;
        else
            other.message.number = 7;
        add(twice, other);
        add(twice, other);
        assert_ptr_equal(commit(store, twice), &store_refused);
    }
}

static void imports_may_repeat_their_line_numbers(void **state)
{
    struct store *store = *state;
    commit_base(store);
    assert_null(commit_row(store, ledger_row(0, 1, 10)));
    assert_null(commit_row(store, ledger_row(0, 1, 20)));
}

static void a_request_belongs_to_one_instruction(void **state)
{
    struct store *store = *state;
    commit_base(store);
    struct instruction *other = contract_instruction(2, INSTRUCTION_ACCEPTED);
    instruction_set(other, INSTRUCTION_TEXT_request_id, SLICE("request_id-1"));
    struct row row = { .kind = ROW_INSTRUCTION, .instruction = other };
    assert_ptr_equal(commit_row(store, row), &store_refused);

    instruction_set(other, INSTRUCTION_TEXT_asker, SLICE("beta"));
    assert_null(commit_row(store, row));
    instruction_free(other);
}

static void rows_speak_only_of_what_is_there(void **state)
{
    struct store *store = *state;
    struct row stray = ledger_row(1, 2, 10);
    stray.ledger.movement.key.client = SLICE("C-9");
    const struct row rows[] = {
        message_row(ROW_MESSAGE_OUT, 1, "x"),
        message_row(ROW_MESSAGE_IN, 1, "x"),
        event_row(8, 1),
        ledger_row(8, 1, 10),
        stray,
        document_row("D-8", 8, DOCUMENT_WAITING),
    };
    assert_ptr_equal(commit_row(store, rows[0]), &store_refused);
    assert_ptr_equal(commit_row(store, rows[1]), &store_refused);
    commit_base(store);
    for (size_t i = 2; i < sizeof rows / sizeof *rows; i++)
        assert_ptr_equal(commit_row(store, rows[i]), &store_refused);
}

static void within_a_batch_the_order_of_rows_does_not_matter(void **state)
{
    struct store *store = *state;
    struct batch *batch = next_batch(store);
    add(batch, document_row("D-1", 1, DOCUMENT_WAITING));
    add(batch, event_row(1, 1));
    add(batch, ledger_row(1, 1, 10));
    add(batch, message_row(ROW_MESSAGE_IN, 1, "x"));
    add_instruction(batch, 1, INSTRUCTION_ACCEPTED);
    add(batch, balance_row(10, 10));
    add(batch, session_row("alpha", 1, 1));

    assert_null(commit(store, batch));
}

static void money_only_moves_in_amounts_between_sides(void **state)
{
    struct store *store = *state;
    commit_base(store);
    struct row nowhere = ledger_row(1, 1, 10);
    nowhere.ledger.movement.to = nowhere.ledger.movement.from;

    assert_ptr_equal(commit_row(store, ledger_row(1, 1, 0)), &store_refused);
    assert_ptr_equal(commit_row(store, ledger_row(1, 1, -5)), &store_refused);
    assert_ptr_equal(commit_row(store, nowhere), &store_refused);
    assert_ptr_equal(commit_row(store, balance_row(0, -1)), &store_refused);
    assert_null(commit_row(store, balance_row(INT64_MAX, 0)));
}

static void a_document_keeps_its_bytes_and_changes_its_state(void **state)
{
    struct store *store = *state;
    commit_base(store);
    assert_null(commit_row(store, document_row("D-1", 1, DOCUMENT_WAITING)));
    assert_null(commit_row(store, document_row("D-1", 1, DOCUMENT_TAKEN)));
    assert_null(commit_row(store, document_row("D-2", 0, DOCUMENT_WAITING)));

    struct answer answer = ask(store, (struct query){ .kind = QUERY_DOCUMENTS, .number = 1 });
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.rows[0].document.state, DOCUMENT_TAKEN);
    answer = ask(store, (struct query){ .kind = QUERY_DOCUMENT, .id = SLICE("D-2") });
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.rows[0].document.instruction, 0);
    assert_int_equal(answer.rows[0].document.bytes.size, 8);
    assert_memory_equal(answer.rows[0].document.bytes.at, "<a>\0</a>", 8);
    assert_slice_equal(answer.rows[0].document.definition, "pacs.008.001.08");
}

static void messages_out_are_answered_by_number(void **state)
{
    struct store *store = *state;
    commit_base(store);
    struct batch *batch = next_batch(store);
    for (uint64_t number = 1; number <= 10; number++)
        add(batch, message_row(ROW_MESSAGE_OUT, number, "8=FIX.4.4"));
    assert_null(commit(store, batch));

    struct query query = { .kind = QUERY_MESSAGES_OUT,
                           .session = SLICE("alpha"),
                           .generation = 3,
                           .first = 4,
                           .last = UINT64_MAX,
                           .limit = 3 };
    struct answer answer = ask(store, query);
    assert_int_equal(answer.count, 3);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(answer.rows[i].message.number, 4 + i);
    assert_slice_equal(answer.rows[0].message.bytes, "8=FIX.4.4");
    query.last = 5;
    assert_int_equal(ask(store, query).count, 2);
    query.limit = 0;
    query.last = UINT64_MAX;
    assert_int_equal(ask(store, query).count, 7);
    query.generation = 4;
    assert_int_equal(ask(store, query).count, 0);
    query.generation = 3;
    query.session = SLICE("beta");
    assert_int_equal(ask(store, query).count, 0);
}

/* Behind a message of the same batch, too; what lies outside stays. */
static void messages_out_are_carried_to_the_next_generation(void **state)
{
    struct store *store = *state;
    struct row next = session_row("alpha", 1, 64);
    struct query query = { .kind = QUERY_MESSAGES_OUT,
                           .session = SLICE("alpha"),
                           .generation = 3,
                           .first = 1,
                           .last = 100,
                           .limit = 100 };
    commit_base(store);
    assert_null(commit_row(store, message_row(ROW_MESSAGE_OUT, 4, "four")));
    assert_null(commit_row(store, message_row(ROW_MESSAGE_OUT, 5, "five")));
    struct batch *batch = next_batch(store);
    next.session.generation = 4;
    add(batch, message_row(ROW_MESSAGE_OUT, 7, "seven"));
    add(batch, (struct row){ .kind = ROW_CARRY, .carry = { SLICE("alpha"), 3, 5, 7, 2 } });
    add(batch, next);
    assert_null(commit(store, batch));
    *state = store = contract_reopen(store);

    struct answer answer = ask(store, query);
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.rows[0].message.number, 4);
    query.generation = 4;
    answer = ask(store, query);
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.rows[0].message.number, 2);
    assert_slice_equal(answer.rows[0].message.bytes, "five");
    assert_int_equal(answer.rows[1].message.number, 4);
    assert_slice_equal(answer.rows[1].message.bytes, "seven");
}

static void a_carry_of_a_refused_batch_is_taken_back(void **state)
{
    struct store *store = *state;
    struct query query = { .kind = QUERY_MESSAGES_OUT,
                           .session = SLICE("alpha"),
                           .generation = 3,
                           .first = 1,
                           .last = 100,
                           .limit = 100 };
    commit_base(store);
    assert_null(commit_row(store, message_row(ROW_MESSAGE_OUT, 4, "four")));
    struct batch *batch = next_batch(store);
    add(batch, (struct row){ .kind = ROW_CARRY, .carry = { SLICE("alpha"), 3, 1, 9, 1 } });
    add(batch, balance_row(-1, 0));
    assert_ptr_equal(commit(store, batch), &store_refused);
    assert_int_equal(ask(store, query).count, 1);
    assert_ptr_equal(commit_row(store, message_row(ROW_MESSAGE_OUT, 4, "again")), &store_refused);
}

static void instructions_are_found_by_either_id_and_listed_newest_first(void **state)
{
    struct store *store = *state;
    struct batch *batch = next_batch(store);
    for (uint64_t number = 1; number <= 6; number++)
        add_instruction(batch, number, number % 2 == 0 ? INSTRUCTION_SETTLED : INSTRUCTION_PENDING);
    assert_null(commit(store, batch));

    struct query by_id = { .kind = QUERY_INSTRUCTION_BY_ID, .id = SLICE("id-4"), .limit = 10 };
    assert_int_equal(ask(store, by_id).rows[0].instruction->number, 4);
    by_id.id = SLICE("request_id-5");
    assert_int_equal(ask(store, by_id).rows[0].instruction->number, 5);
    by_id.id = SLICE("nobody");
    assert_int_equal(ask(store, by_id).count, 0);

    struct query list = { .kind = QUERY_INSTRUCTIONS, .state = -1, .limit = 4 };
    struct answer answer = ask(store, list);
    assert_int_equal(answer.count, 4);
    assert_int_equal(answer.rows[0].instruction->number, 6);
    assert_int_equal(answer.rows[3].instruction->number, 3);
    list.state = INSTRUCTION_PENDING;
    answer = ask(store, list);
    assert_int_equal(answer.count, 3);
    assert_int_equal(answer.rows[0].instruction->number, 5);
}

static void history_is_answered_in_order(void **state)
{
    struct store *store = *state;
    commit_base(store);
    struct batch *batch = next_batch(store);
    for (unsigned sequence = 1; sequence <= 3; sequence++) {
        add(batch, event_row(1, sequence));
        add(batch, ledger_row(1, sequence, (int64_t)sequence * 10));
    }
    add(batch, inbox_row("BANK-1", 2));
    assert_null(commit(store, batch));

    struct answer events = ask(store, (struct query){ .kind = QUERY_EVENTS, .number = 1 });
    assert_int_equal(events.count, 3);
    assert_int_equal(events.rows[2].event.sequence, 3);
    assert_int_equal(events.rows[0].event.to, INSTRUCTION_ACCEPTED);
    assert_slice_equal(events.rows[0].event.cause, "request");
    assert_null(events.rows[0].event.map.at);
    assert_non_null(events.rows[0].event.text.at);
    struct answer ledger = ask(store, (struct query){ .kind = QUERY_LEDGER, .number = 1 });
    assert_int_equal(ledger.count, 3);
    assert_int_equal(ledger.rows[1].ledger.movement.amount_minor, 20);
    assert_int_equal(ledger.rows[1].ledger.movement.to, LEDGER_RESERVED);
    assert_slice_equal(ledger.rows[1].ledger.movement.key.account, "ACC-1");
    struct answer inbox = ask(store, (struct query){ .kind = QUERY_INBOX,
                                                     .session = SLICE("icbc"),
                                                     .id = SLICE("BANK-1"),
                                                     .first = 1,
                                                     .last = 9 });
    assert_int_equal(inbox.count, 1);
    struct digest content = digest_of(SLICE("BANK-1"));
    assert_true(digest_equal(&inbox.rows[0].inbox.content, &content));
    assert_int_equal(store->operations->last_number(store), 2);
}

static void a_configuration_may_become_active_again(void **state)
{
    struct store *store = *state;
    struct row row = { .kind = ROW_CONFIGURATION,
                       .configuration = { digest_of(SLICE("a")), 1, SLICE("gateway: {}") } };
    assert_null(commit_row(store, row));
    assert_null(commit_row(store, row));
}

struct told_key {
    enum loaded_kind kind;
    uint64_t number;
    const char *text; /* scope and id */
};

static void assert_told(const struct loaded *loaded, const struct told_key *key)
{
    char text[128];
    snprintf(text, sizeof text, "%.*s %.*s", SLICE_ARG(loaded->scope), SLICE_ARG(loaded->id));
    assert_int_equal(loaded->kind, key->kind);
    assert_int_equal(loaded->number, key->number);
    assert_string_equal(text, key->text);
}

/* Rows of these kinds and then these keys. */
static void assert_loads(struct store *store, const unsigned *rows, size_t row_count,
                         const struct told_key *keys, size_t key_count)
{
    struct loaded loaded;
    struct error error;
    store->operations->load(store);
    for (size_t i = 0; i < row_count; i++) {
        assert_true(store->operations->load_next(store, &loaded, &error));
        assert_int_equal(loaded.kind, LOADED_ROW);
        assert_int_equal(loaded.row.kind, rows[i]);
    }
    for (size_t i = 0; i < key_count; i++) {
        assert_true(store->operations->load_next(store, &loaded, &error));
        assert_told(&loaded, &keys[i]);
    }
    assert_false(store->operations->load_next(store, &loaded, &error));
    assert_null(error.kind);
}

static void everything_the_engine_needs_is_loaded_in_order(void **state)
{
    struct store *store = *state;
    commit_base(store);
    struct batch *batch = next_batch(store);
    add(batch, link_row("C-1", "6225-1"));
    add_instruction(batch, 2, INSTRUCTION_SETTLED);
    add_instruction(batch, 3, INSTRUCTION_IN_DOUBT);
    struct instruction *plain = contract_instruction(4, INSTRUCTION_REFUSED);
    instruction_set(plain, INSTRUCTION_TEXT_order_instruction, SLICE_NONE);
    plain->flow = FLOW_DEPOSIT;
    instruction_set(plain, INSTRUCTION_TEXT_uetr, SLICE("7a562c67"));
    add(batch, (struct row){ .kind = ROW_INSTRUCTION, .instruction = plain });
    instruction_free(plain);
    add(batch, document_row("D-1", 1, DOCUMENT_TAKEN));
    add(batch, document_row("D-2", 2, DOCUMENT_WAITING));
    add(batch, inbox_row("BANK-1", 5));
    assert_null(commit(store, batch));

    static const unsigned rows[] = { ROW_LINK,        ROW_BALANCE,     ROW_SESSION,
                                     ROW_INSTRUCTION, ROW_INSTRUCTION, ROW_DOCUMENT };
    static const struct told_key keys[] = {
        { LOADED_INSTRUCTION_KEY, 1, "alpha request_id-1" },
        { LOADED_ORDER_KEY, 1, "icbc order_instruction-1" },
        { LOADED_INSTRUCTION_KEY, 2, "alpha request_id-2" },
        { LOADED_ORDER_KEY, 2, "icbc order_instruction-2" },
        { LOADED_INSTRUCTION_KEY, 3, "alpha request_id-3" },
        { LOADED_ORDER_KEY, 3, "icbc order_instruction-3" },
        { LOADED_INSTRUCTION_KEY, 4, "alpha request_id-4" },
        { LOADED_PAYMENT_KEY, 4, "alpha 7a562c67" },
        { LOADED_TAKEN_KEY, 4, "alpha bank_message_id-4" },
        { LOADED_INBOX_KEY, 5, "icbc BANK-1" },
    };
    assert_loads(store, rows, 6, keys, 10);
}

static void an_alert_is_loaded_until_it_was_told(void **state)
{
    static const unsigned rows[] = { ROW_BALANCE, ROW_SESSION, ROW_INSTRUCTION, ROW_ALERT };
    static const struct told_key keys[] = {
        { LOADED_INSTRUCTION_KEY, 1, "alpha request_id-1" },
        { LOADED_ORDER_KEY, 1, "icbc order_instruction-1" },
    };
    struct store *store = *state;
    commit_base(store);
    struct batch *batch = next_batch(store);
    for (uint64_t number = 7; number <= 8; number++)
        add(batch, (struct row){ .kind = ROW_ALERT,
                                 .alert = { number, 17, SLICE("contradiction"), SLICE("D-1"),
                                            SLICE("icbc"), SLICE_NONE } });
    assert_null(commit(store, batch));
    assert_int_equal(store->operations->last_number(store), 8);
    assert_null(commit_row(store, (struct row){ .kind = ROW_TOLD, .told = { 7 } }));
    assert_loads(store, rows, 4, keys, 2);
    assert_null(commit_row(store, (struct row){ .kind = ROW_TOLD, .told = { 8 } }));
    assert_loads(store, rows, 3, keys, 2);
}

static struct row filter_row(uint64_t first, uint64_t last, const char *bits)
{
    return (struct row){ .kind = ROW_FILTER,
                         .filter = { .first = first, .last = last, .bits = { bits, 8 } } };
}

static void of_keys_only_those_above_all_filters_are_told(void **state)
{
    static const unsigned rows[] = { ROW_BALANCE,     ROW_SESSION,     ROW_FILTER,
                                     ROW_FILTER,      ROW_INSTRUCTION, ROW_INSTRUCTION,
                                     ROW_INSTRUCTION, ROW_INSTRUCTION };
    static const struct told_key keys[] = {
        { LOADED_INSTRUCTION_KEY, 4, "alpha request_id-4" },
        { LOADED_ORDER_KEY, 4, "icbc order_instruction-4" },
        { LOADED_INBOX_KEY, 5, "icbc BANK-5" },
        { LOADED_INBOX_KEY, 6, "icbc BANK-6" },
        { LOADED_INSTRUCTION_KEY, 7, "alpha request_id-7" },
        { LOADED_ORDER_KEY, 7, "icbc order_instruction-7" },
    };
    struct store *store = *state;
    commit_base(store);
    struct batch *batch = next_batch(store);
    add_instruction(batch, 7, INSTRUCTION_SENT);
    add(batch, inbox_row("BANK-2", 2));
    add_instruction(batch, 3, INSTRUCTION_SENT);
    add(batch, inbox_row("BANK-6", 6));
    add(batch, inbox_row("BANK-5", 5));
    add_instruction(batch, 4, INSTRUCTION_SENT);
    add(batch, filter_row(1, 2, "\x01\0\0\0\0\0\0\xff"));
    add(batch, filter_row(3, 3, "\x01\0\0\0\0\0\0\xfe"));
    assert_null(commit(store, batch));
    assert_loads(store, rows, 8, keys, 6);
}

static void a_filter_is_kept_in_its_last_state_and_its_numbers_are_given(void **state)
{
    struct store *store = *state;
    assert_null(commit_row(store, filter_row(1, 9, "\x01\0\0\0\0\0\0\xff")));
    assert_null(commit_row(store, filter_row(1, 9, "\x03\0\0\0\0\0\0\xff")));
    assert_int_equal(store->operations->last_number(store), 9);

    struct loaded loaded;
    struct error error;
    store->operations->load(store);
    assert_true(store->operations->load_next(store, &loaded, &error));
    assert_int_equal(loaded.row.kind, ROW_FILTER);
    assert_int_equal(loaded.row.filter.first, 1);
    assert_int_equal(loaded.row.filter.last, 9);
    assert_int_equal(loaded.row.filter.bits.size, 8);
    assert_memory_equal(loaded.row.filter.bits.at, "\x03\0\0\0\0\0\0\xff", 8);
    assert_false(store->operations->load_next(store, &loaded, &error));
    assert_ptr_equal(commit_row(store, filter_row(5, 4, "12345678")), &store_refused);
}

/* Finds first and second, 0: none; no others have numbers up to nine. */
static void assert_found(struct store *store, enum query_kind kind, const char *scope,
                         const char *id, uint64_t first, uint64_t second)
{
    struct query query = { .kind = kind,
                           .session = slice_of(scope),
                           .id = slice_of(id),
                           .first = 1,
                           .last = 9,
                           .limit = 2 };
    struct answer answer = ask(store, query);
    assert_int_equal(answer.count, (first != 0) + (second != 0));
    if (first != 0)
        assert_int_equal(answer.rows[0].instruction->number, first);
    if (second != 0)
        assert_int_equal(answer.rows[1].instruction->number, second);
    query.first = first + 1; /* the range is kept to */
    assert_int_equal(ask(store, query).count, second != 0);
    query.first = 1;
    query.last = second != 0 ? second - 1 : first;
    assert_int_equal(ask(store, query).count, first != 0);
}

static void instructions_are_found_by_each_of_their_keys(void **state)
{
    struct store *store = *state;
    commit_base(store);
    struct batch *batch = next_batch(store);
    struct instruction *same_order = contract_instruction(2, INSTRUCTION_SETTLED);
    instruction_set(same_order, INSTRUCTION_TEXT_order_instruction, SLICE("order_instruction-1"));
    add(batch, (struct row){ .kind = ROW_INSTRUCTION, .instruction = same_order });
    instruction_free(same_order);
    struct instruction *deposit = contract_instruction(3, INSTRUCTION_SETTLED);
    deposit->flow = FLOW_DEPOSIT;
    instruction_set(deposit, INSTRUCTION_TEXT_uetr, SLICE("7a562c67"));
    add(batch, (struct row){ .kind = ROW_INSTRUCTION, .instruction = deposit });
    instruction_free(deposit);
    struct instruction *withdrawal = contract_instruction(4, INSTRUCTION_SETTLED);
    instruction_set(withdrawal, INSTRUCTION_TEXT_uetr, SLICE("80b9d514"));
    add(batch, (struct row){ .kind = ROW_INSTRUCTION, .instruction = withdrawal });
    instruction_free(withdrawal);
    assert_null(commit(store, batch));

    assert_found(store, QUERY_BY_REQUEST, "alpha", "request_id-2", 2, 0);
    assert_found(store, QUERY_BY_REQUEST, "beta", "request_id-2", 0, 0);
    assert_found(store, QUERY_BY_REQUEST, "alpha", "request_id-5", 0, 0);
    assert_found(store, QUERY_BY_PAYMENT, "alpha", "7a562c67", 3, 0);
    assert_found(store, QUERY_BY_PAYMENT, "alpha", "80b9d514", 0, 0); /* not of a deposit */
    assert_found(store, QUERY_BY_PAYMENT, "beta", "7a562c67", 0, 0);
    assert_found(store, QUERY_BY_ORDER, "icbc", "order_instruction-1", 1, 2);
    assert_found(store, QUERY_BY_ORDER, "icbc", "order_instruction-2", 0, 0);
    assert_found(store, QUERY_BY_ORDER, "boc", "order_instruction-1", 0, 0);
}

/* Indexes by era must give what lies in any of them. */
static void keys_are_found_across_eras(void **state)
{
    static const uint64_t numbers[] = { 65535, 65536, 65537, 1000000, 20000000 };
    struct store *store = *state;
    commit_base(store);
    struct batch *batch = next_batch(store);
    for (size_t i = 0; i < 5; i++) {
        char id[32];
        add_instruction(batch, numbers[i], INSTRUCTION_SETTLED);
        snprintf(id, sizeof id, "BANK-%llu", (unsigned long long)numbers[i] + 10);
        add(batch, inbox_row(id, numbers[i] + 10));
    }
    assert_null(commit(store, batch));
    for (size_t i = 0; i < 5; i++) {
        char id[32], paper[32];
        snprintf(id, sizeof id, "request_id-%llu", (unsigned long long)numbers[i]);
        snprintf(paper, sizeof paper, "BANK-%llu", (unsigned long long)numbers[i] + 10);
        struct query query = { .kind = QUERY_BY_REQUEST,
                               .session = SLICE("alpha"),
                               .id = slice_of(id),
                               .first = 1,
                               .last = UINT64_MAX };
        assert_int_equal(ask(store, query).count, 1);
        query.first = query.last = numbers[i];
        assert_int_equal(ask(store, query).count, 1);
        query.first = numbers[i] + 1;
        query.last = UINT64_MAX;
        assert_int_equal(ask(store, query).count, 0);
        query = (struct query){ .kind = QUERY_INBOX,
                                .session = SLICE("icbc"),
                                .id = slice_of(paper),
                                .first = 65000,
                                .last = UINT64_MAX };
        assert_int_equal(ask(store, query).count, 1);
        query = (struct query){ .kind = QUERY_INSTRUCTION_BY_ID, .id = slice_of(id) };
        assert_int_equal(ask(store, query).count, 1);
    }
}

static void loading_can_begin_again_in_the_middle(void **state)
{
    struct store *store = *state;
    commit_base(store);
    assert_null(commit_row(store, link_row("C-1", "6225-1")));
    struct loaded loaded;
    struct error error;
    for (int i = 0; i < 2; i++) {
        store->operations->load(store);
        assert_true(store->operations->load_next(store, &loaded, &error));
        assert_int_equal(loaded.row.kind, ROW_LINK);
        assert_slice_equal(loaded.row.link.payee_account, "6225-1");
        assert_null(loaded.row.link.payee_bank.at);
        assert_true(loaded.row.link.legal_person);
        assert_true(store->operations->load_next(store, &loaded, &error));
        assert_int_equal(loaded.row.kind, ROW_BALANCE);
    }
    assert_null(commit_row(store, balance_row(5, 5))); /* also while it is half done */
}

static void everything_is_there_for_the_next_owner(void **state)
{
    struct store *store = *state;
    commit_base(store);
    uint64_t epoch = store->operations->epoch(store);
    uint64_t last_batch = store->operations->last_batch(store);

    *state = store = contract_reopen(store);
    assert_slice_equal(store->operations->identity(store), "K7Q2MX");
    assert_int_equal(store->operations->last_batch(store), last_batch);
    assert_int_equal(store->operations->last_number(store), 1);
    assert_true(store->operations->epoch(store) > epoch);
    struct instruction *instruction = contract_instruction(1, INSTRUCTION_ACCEPTED);
    struct answer answer = ask(store, (struct query){ .kind = QUERY_INSTRUCTION, .number = 1 });
    assert_same_instruction(answer.rows[0].instruction, instruction);
    instruction_free(instruction);
}

static void an_older_owner_is_fenced_off(void **state)
{
    struct store *store = *state;
    uint64_t epoch = store->operations->epoch(store);
    *state = store = contract_reopen(store);
    struct batch *batch = batch_new(store->operations->last_batch(store) + 1, epoch);
    add(batch, session_row("alpha", 1, 1));

    assert_ptr_equal(commit(store, batch), &store_fenced);
    assert_null(commit_row(store, session_row("alpha", 1, 1)));
}

static void a_batch_number_is_never_used_again(void **state)
{
    struct store *store = *state;
    uint64_t epoch = store->operations->epoch(store);
    assert_null(commit(store, batch_new(5, epoch))); /* gaps are fine, and so is an empty batch */
    assert_int_equal(store->operations->last_batch(store), 5);

    assert_ptr_equal(commit(store, batch_new(5, epoch)), &store_fenced);
    assert_ptr_equal(commit(store, batch_new(4, epoch)), &store_fenced);
    assert_null(commit(store, batch_new(6, epoch)));
}

static int contract_set_up(void **state)
{
    arena_init(&contract_arena, ARENA_UNLIMITED);
    *state = contract_open();
    return 0;
}

static int contract_tear_down(void **state)
{
    struct store *store = *state;
    store->operations->close(store);
    arena_fini(&contract_arena);
    return 0;
}

#define CONTRACT_TEST(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, contract_set_up, contract_tear_down)

/* Old days. */

static void add_old(struct batch *batch, uint64_t number, enum instruction_state state,
                    int64_t changed_utc_ns)
{
    struct instruction *instruction = contract_instruction(number, state);
    instruction->created_utc_ns = 1;
    instruction->changed_utc_ns = changed_utc_ns;
    add(batch, (struct row){ .kind = ROW_INSTRUCTION, .instruction = instruction });
    instruction_free(instruction);
    add(batch, event_row(number, 1));
}

/* 1 to 3 have ended, 3 lately; 4 has not. */
static void commit_old_days(struct store *store)
{
    struct batch *batch = next_batch(store);
    add(batch, session_row("alpha", 7, 64));
    add(batch, balance_row(1000, 0));
    add_old(batch, 1, INSTRUCTION_SETTLED, 50);
    add_old(batch, 2, INSTRUCTION_REFUSED, 50);
    add_old(batch, 3, INSTRUCTION_CANCELLED, 2000);
    add_old(batch, 4, INSTRUCTION_IN_DOUBT, 50);
    add(batch, ledger_row(1, 1, 10));
    add(batch, document_row("DOC-1", 1, DOCUMENT_TAKEN));
    add(batch, document_row("DOC-0", 0, DOCUMENT_TAKEN));
    add(batch, message_row(ROW_MESSAGE_OUT, 1, "old"));
    add(batch, inbox_row("BANK-1", 5));
    assert_null(commit(store, batch));
}

static struct archive_progress archive_before(struct store *store, int64_t before_utc_ns,
                                              uint64_t spared, size_t limit)
{
    struct archive_order order = { 0, before_utc_ns, spared, limit, true, false };
    struct archive_progress progress = { .more = true }, sum = { .more = false };
    struct error error;
    while (progress.more) {
        if (!store->operations->archive(store, contract_archive(), &order, &progress, &error))
            fail_msg("%s: %s", error.kind->text, error.detail);
        sum.instructions += progress.instructions;
        sum.messages += progress.messages;
        sum.documents += progress.documents;
        order.first = false;
    }
    return sum;
}

static size_t count_of(struct store *store, enum query_kind kind, uint64_t number)
{
    return ask(store, (struct query){ .kind = kind, .number = number, .state = -1 }).count;
}

static void old_days_leave_with_all_that_belongs_to_them(void **state)
{
    struct store *store = *state;
    commit_old_days(store);
    struct archive_progress sum = archive_before(store, 1000, UINT64_MAX, 1);
    assert_int_equal(sum.instructions, 2);
    assert_int_equal(sum.documents, 1);
    assert_int_equal(sum.messages, 0); /* at 1700000000 */
    for (uint64_t number = 1; number <= 4; number++) {
        assert_int_equal(count_of(store, QUERY_INSTRUCTION, number), number > 2);
        assert_int_equal(count_of(store, QUERY_EVENTS, number), number > 2);
    }
    assert_int_equal(count_of(store, QUERY_LEDGER, 1), 0);
    assert_int_equal(count_of(store, QUERY_DOCUMENTS, 1), 0);
    assert_int_equal(
        ask(store, (struct query){ .kind = QUERY_DOCUMENT, .id = SLICE("DOC-0") }).count, 0);
    assert_int_equal(store->operations->last_number(store), 5);
    sum = archive_before(store, INT64_MAX, 4, 1);
    assert_int_equal(sum.instructions, 1);
    assert_int_equal(sum.messages, 1);
    assert_int_equal(count_of(store, QUERY_INSTRUCTIONS, 0), 1);
}

static void what_is_spared_or_waits_stays(void **state)
{
    struct store *store = *state;
    commit_old_days(store);
    assert_int_equal(archive_before(store, 1000, 2, 10).instructions, 1);
    assert_int_equal(count_of(store, QUERY_INSTRUCTION, 2), 1);
    assert_null(commit_row(store, document_row("DOC-2", 2, DOCUMENT_WAITING)));
    assert_int_equal(archive_before(store, 1000, UINT64_MAX, 10).instructions, 0);
    assert_null(commit_row(store, document_row("DOC-2", 2, DOCUMENT_TAKEN)));
    assert_int_equal(archive_before(store, 1000, UINT64_MAX, 10).instructions, 1);
}

static void documents_of_no_instruction_are_spared_when_the_order_says_so(void **state)
{
    struct store *store = *state;
    struct archive_order order = { 0, 1000, UINT64_MAX, 10, true, true };
    struct query query = { .kind = QUERY_DOCUMENT, .id = SLICE("DOC-0") };
    struct archive_progress progress = { .more = true };
    struct error error;
    commit_old_days(store);
    while (progress.more) {
        assert_true(
            store->operations->archive(store, contract_archive(), &order, &progress, &error));
        order.first = false;
    }
    assert_int_equal(ask(store, query).count, 1);
    archive_before(store, 1000, UINT64_MAX, 10);
    assert_int_equal(ask(store, query).count, 0);
}

static void an_id_of_old_days_may_be_used_again(void **state)
{
    struct store *store = *state;
    commit_old_days(store);
    archive_before(store, 1000, UINT64_MAX, 10);
    struct batch *batch = next_batch(store);
    struct instruction *instruction = contract_instruction(6, INSTRUCTION_ACCEPTED);
    instruction_set(instruction, INSTRUCTION_TEXT_request_id, SLICE("request_id-1"));
    add(batch, (struct row){ .kind = ROW_INSTRUCTION, .instruction = instruction });
    add(batch, inbox_row("BANK-1", 7));
    assert_null(commit(store, batch));
    instruction_free(instruction);
    *state = contract_reopen(store);
    assert_int_equal(count_of(*state, QUERY_INSTRUCTIONS, 0), 3);
}

#define CONTRACT_TESTS                                                                             \
    CONTRACT_TEST(a_new_store_is_empty_and_knows_itself),                                          \
        CONTRACT_TEST(an_instruction_comes_back_as_it_was),                                        \
        CONTRACT_TEST(a_state_row_is_kept_in_its_last_state),                                      \
        CONTRACT_TEST(a_refused_batch_leaves_nothing_behind),                                      \
        CONTRACT_TEST(the_key_of_a_history_row_is_never_used_again),                               \
        CONTRACT_TEST(imports_may_repeat_their_line_numbers),                                      \
        CONTRACT_TEST(a_request_belongs_to_one_instruction),                                       \
        CONTRACT_TEST(rows_speak_only_of_what_is_there),                                           \
        CONTRACT_TEST(within_a_batch_the_order_of_rows_does_not_matter),                           \
        CONTRACT_TEST(money_only_moves_in_amounts_between_sides),                                  \
        CONTRACT_TEST(a_document_keeps_its_bytes_and_changes_its_state),                           \
        CONTRACT_TEST(messages_out_are_answered_by_number),                                        \
        CONTRACT_TEST(messages_out_are_carried_to_the_next_generation),                            \
        CONTRACT_TEST(a_carry_of_a_refused_batch_is_taken_back),                                   \
        CONTRACT_TEST(instructions_are_found_by_either_id_and_listed_newest_first),                \
        CONTRACT_TEST(history_is_answered_in_order),                                               \
        CONTRACT_TEST(a_configuration_may_become_active_again),                                    \
        CONTRACT_TEST(everything_the_engine_needs_is_loaded_in_order),                             \
        CONTRACT_TEST(an_alert_is_loaded_until_it_was_told),                                       \
        CONTRACT_TEST(of_keys_only_those_above_all_filters_are_told),                              \
        CONTRACT_TEST(a_filter_is_kept_in_its_last_state_and_its_numbers_are_given),               \
        CONTRACT_TEST(instructions_are_found_by_each_of_their_keys),                               \
        CONTRACT_TEST(keys_are_found_across_eras),                                                 \
        CONTRACT_TEST(loading_can_begin_again_in_the_middle),                                      \
        CONTRACT_TEST(everything_is_there_for_the_next_owner),                                     \
        CONTRACT_TEST(an_older_owner_is_fenced_off),                                               \
        CONTRACT_TEST(a_batch_number_is_never_used_again),                                         \
        CONTRACT_TEST(old_days_leave_with_all_that_belongs_to_them),                               \
        CONTRACT_TEST(what_is_spared_or_waits_stays),                                              \
        CONTRACT_TEST(documents_of_no_instruction_are_spared_when_the_order_says_so),              \
        CONTRACT_TEST(an_id_of_old_days_may_be_used_again)

#endif
