/* Ids that were used before are known for ever: while their numbers are recent,
   while they are being sealed, and when only a filter and the store know them. */
#include "kit/engine_harness.h"

#include "gateway/engine/filter.h"
#include "gateway/engine/index.h"

#include <limits.h>
#include <stdio.h>

static struct harness harness;

/* The number that the gateway wants next. */
static uint64_t next_number(void)
{
    for (size_t i = 0; i < store_memory_count(harness.store, ROW_SESSION); i++) {
        const struct session_row *row = &store_memory_at(harness.store, ROW_SESSION, i)->session;
        if (slice_is(row->name, "alpha"))
            return row->next_in;
    }
    return 1;
}

static void log_on(void)
{
    harness_logon(&harness, 1, "BRKALPHA", next_number());
    harness_expect(&harness, 1, "35=A");
}

/* From here on so many ids go into one filter. */
static void restart(size_t seal_count)
{
    harness.seal_count = seal_count;
    harness_restart(&harness);
    log_on();
}

static int open(void **state)
{
    (void)state;
    harness_open_sealing(&harness, 1);
    log_on();
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    harness_close(&harness);
    return 0;
}

static size_t instructions(void)
{
    return store_memory_count(harness.store, ROW_INSTRUCTION);
}

static size_t filters(void)
{
    return store_memory_count(harness.store, ROW_FILTER);
}

static uint64_t last_sealed(void)
{
    return filters() == 0 ? 0
                          : store_memory_at(harness.store, ROW_FILTER, filters() - 1)->filter.last;
}

/* --- each key of a sealed number is in the filter of that number --- */

static void assert_covered(enum index_kind kind, struct slice scope, struct slice id,
                           uint64_t number)
{
    for (size_t i = 0; i < filters(); i++) {
        const struct filter_row *row = &store_memory_at(harness.store, ROW_FILTER, i)->filter;
        struct filters filter = { 0 };
        struct filter where;

        if (number < row->first || number > row->last)
            continue;
        filters_load(&filter, row->first, row->last, row->bits);
        if (!filters_find(&filter, index_digest(kind, scope, id), 0, &where))
            fail_msg("%.*s of %llu is not in %llu..%llu", SLICE_ARG(id), (unsigned long long)number,
                     (unsigned long long)row->first, (unsigned long long)row->last);
        filters_fini(&filter);
    }
}

static void assert_instruction_covered(const struct instruction *instruction)
{
    struct slice asker = instruction_get(instruction, INSTRUCTION_TEXT_asker);
    struct slice uetr = instruction_get(instruction, INSTRUCTION_TEXT_uetr);
    struct slice order = instruction_get(instruction, INSTRUCTION_TEXT_order_instruction);
    struct slice message = instruction_get(instruction, INSTRUCTION_TEXT_bank_message_id);

    assert_covered(INDEX_REQUEST, asker, instruction_get(instruction, INSTRUCTION_TEXT_request_id),
                   instruction->number);
    if (instruction->flow == FLOW_DEPOSIT && uetr.at != NULL)
        assert_covered(INDEX_PAYMENT, asker, uetr, instruction->number);
    if (instruction->flow == FLOW_DEPOSIT && message.at != NULL)
        assert_covered(INDEX_TAKEN, asker, message, instruction->number);
    if (order.at != NULL)
        assert_covered(INDEX_ORDER, instruction_get(instruction, INSTRUCTION_TEXT_channel), order,
                       instruction->number);
}

static void assert_all_covered(void)
{
    for (size_t i = 0; i < instructions(); i++)
        assert_instruction_covered(store_memory_at(harness.store, ROW_INSTRUCTION, i)->instruction);
    for (size_t i = 0; i < store_memory_count(harness.store, ROW_INBOX); i++) {
        const struct inbox_row *row = &store_memory_at(harness.store, ROW_INBOX, i)->inbox;
        assert_covered(INDEX_INBOX, row->channel, row->id, row->number);
    }
}

/* One that ends at once. */
static void refused(const char *id)
{
    harness_say(&harness, 1, harness_withdrawal(id, "1000.01"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|2813=2|2823=4");
}

/* A filter that may have everything. */
static void commit_full_filter(void)
{
    struct batch *batch = batch_new(harness.store->operations->last_batch(harness.store) + 1,
                                    harness.store->operations->epoch(harness.store));
    struct row row = { .kind = ROW_FILTER,
                       .filter = { .first = last_sealed() + 1,
                                   .last = last_sealed() + 1,
                                   .bits = SLICE("\xff\xff\xff\xff\xff\xff\xff\xff") } };
    struct error error;

    batch_add(batch, &row);
    assert_true(harness.store->operations->commit(harness.store, batch, &error));
    batch_free(batch);
}

static void say_status(const char *message_id, const char *instruction_id)
{
    struct bank_status status = { .message_id = message_id,
                                  .order_id = "NOTPROVIDED",
                                  .instruction_id = instruction_id,
                                  .status = "ACSC" };
    struct writer writer;

    writer_init(&writer, 0);
    bank_write_status(&writer, harness_bank("north"), &status);
    harness_bank_says(&harness, "north", &writer);
    writer_fini(&writer);
}

static void many_ids_are_sealed_in_ranges_without_a_gap(void **state)
{
    (void)state;
    restart(3);
    for (unsigned i = 0; i < 10; i++) {
        char id[16];
        snprintf(id, sizeof id, "W-%u", i);
        refused(id);
    }
    assert_int_equal(filters(), 3);
    for (size_t i = 0; i < filters(); i++) {
        const struct row *row = store_memory_at(harness.store, ROW_FILTER, i);
        assert_int_equal(row->filter.first, 3 * i + 1);
        assert_int_equal(row->filter.last, 3 * i + 3);
    }
}

static void an_ended_one_is_told_again_out_of_the_store(void **state)
{
    (void)state;
    refused("W-1");
    refused("W-2");
    assert_int_equal(last_sealed(), 2);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_expect(&harness, 1, "35=EA|97=Y|2812=W-1|2799=PSTK-K7Q2MX-1-R1");
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|2804=0|2813=2|2812=W-1");
    assert_int_equal(instructions(), 2);
    assert_int_equal(harness.sent.count, 0);
}

static void a_live_one_is_known_when_its_number_is_sealed(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ");
    assert_int_equal(last_sealed(), 1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect(&harness, 1, "35=DZ|97=Y");
    assert_int_equal(instructions(), 1);
    assert_int_equal(harness.sent.count, 1);
}

/* The question must not be answered from before the batch that has the seal. */
static void a_repeat_while_the_seal_is_on_its_way_waits_for_it(void **state)
{
    (void)state;
    harness.hold_commits = harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    assert_non_null(harness.held);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    assert_int_equal(harness.read_count, 0);
    harness_commit(&harness);
    assert_int_equal(harness.read_count, 1);
    assert_int_equal(harness.reads[0].kind, QUERY_BY_REQUEST);
    harness.hold_commits = false;
    harness_answer(&harness);
    if (harness.held != NULL)
        harness_commit(&harness);
    harness_expect(&harness, 1, "35=DZ|2813=0");
    harness_expect(&harness, 1, "35=DZ|97=Y");
    assert_int_equal(instructions(), 1);
}

/* What is sealed durably is asked for at once, whatever gathers meanwhile. */
static void an_old_id_is_asked_for_while_a_batch_is_on_its_way(void **state)
{
    (void)state;
    refused("W-1");
    harness.seal_count = 100;
    restart(100);
    harness.hold_commits = harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    assert_non_null(harness.held);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    assert_int_equal(harness.read_count, 1);
    assert_int_equal(harness.reads[0].kind, QUERY_BY_REQUEST);
}

static void a_new_id_twice_in_one_turn_is_one_instruction(void **state)
{
    (void)state;
    restart(2);
    harness.hold_commits = true;
    harness_say(&harness, 1, harness_withdrawal("W-0", "1.00")); /* commits */
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness.hold_commits = false;
    harness_commit(&harness);
    assert_int_equal(instructions(), 2);
    assert_int_equal(harness.sent.count, 2);
}

static void a_wrong_maybe_is_found_out_and_the_id_is_new(void **state)
{
    (void)state;
    commit_full_filter();
    restart(100);
    harness.hold_answers = true;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_expect_silence(&harness, 1);
    assert_int_equal(harness.read_count, 1);
    harness_answer(&harness);
    harness_expect(&harness, 1, "35=DZ|2812=W-1|2813=0");
    assert_int_equal(harness.read_count, 0);
    assert_int_equal(harness.sent.count, 1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    harness_answer(&harness);
    harness_expect(&harness, 1, "35=DZ|97=Y");
    assert_int_equal(instructions(), 1);
}

/* Two brokers with one id at one bank. */
static void both_ask_for_w_1_at_north(bool first)
{
    if (first) {
        harness_import(&harness, "links",
                       "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                       "legal_person\n"
                       "C-3,ACC-9001,beta,NRTXDEFFXXX,PAYXDEFFXXX,883300471,X,EUR,false\n");
        harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
        return;
    }
    harness_logon(&harness, 2, "BRKBETA", 1);
    harness_say(&harness, 2,
                "35=DY|2812=W-1|2811=0|60=20260302-09:00:00|453=1|448=C-3|447=D|452=3|2824=CASH|"
                "2817=1.00|2818=EUR|2825=20260302|2826=20260303|2819=0|2816=ACC-9001|2821=P-1|");
    assert_int_equal(harness.sent.count, 2);
    assert_slice_equal(harness.sent.at[1].channel, "north");
    assert_slice_equal(bank_read(harness.sent.at[1].bytes, "InstrId"), "W-1");
}

static void two_orders_with_one_id_are_nobodys_however_old(void **state)
{
    (void)state;
    both_ask_for_w_1_at_north(true);
    both_ask_for_w_1_at_north(false);
    say_status("B-1", "W-1");
    assert_non_null(harness_filed(&harness)->text.at);
    assert_non_null(strstr(harness.filed.at[0].text.at, "unknown instruction"));
}

static void what_was_sealed_since_the_question_is_asked_for_too(void **state)
{
    (void)state;
    both_ask_for_w_1_at_north(true);
    harness.hold_answers = true;
    say_status("B-1", "W-1");
    assert_int_equal(harness.read_count, 1);
    assert_int_equal(harness.reads[0].kind, QUERY_BY_ORDER);
    struct query early = harness.reads[0];
    harness.read_count = 0;
    both_ask_for_w_1_at_north(false);

    const struct row row = { .kind = ROW_INSTRUCTION,
                             .instruction =
                                 store_memory_at(harness.store, ROW_INSTRUCTION, 0)->instruction };
    struct answer answer = { &row, 1 }; /* as the store was when it was asked */
    engine_take(harness.engine,
                &(struct input){ .kind = INPUT_ANSWER, .ticket = early.ticket, .answer = &answer },
                harness.now);
    harness_run(&harness);
    assert_int_equal(harness.filed.count, 0);
    assert_int_equal(harness.read_count, 1);
    assert_int_equal(harness.reads[0].kind, QUERY_BY_ORDER);
    harness_answer(&harness);
    assert_non_null(harness_filed(&harness)->text.at);
    assert_non_null(strstr(harness.filed.at[0].text.at, "unknown instruction"));
}

/* One that was refused never went to a bank, before a restart and after. */
static void an_order_that_was_never_made_does_not_count(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        char id[16];
        snprintf(id, sizeof id, "R-%u", i);
        refused(id);
        assert_null(
            instruction_get(harness_instruction(&harness, id), INSTRUCTION_TEXT_order_instruction)
                .at);
    }
}

/* Its order was written long after its number was sealed. */
static void an_order_that_came_late_is_found_after_a_restart(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "H-1", "50000.00"));
    harness_expect(&harness, 1, "35=DZ");
    assert_string_equal(harness_state(&harness, "H-1"), "held");
    refused("W-1");
    assert_int_equal(last_sealed(), 2);
    restart(100);
    size_t before = filters();
    harness_command(&harness, "paul", "approve PSTK-K7Q2MX-1 --evidence x");
    harness_status(&harness, "north", "B-1", harness_sent(&harness)->name, "ACSC", NULL);
    assert_string_equal(harness_state(&harness, "H-1"), "settled");
    assert_int_equal(filters(), before);
    restart(100);
    say_status("B-2", "H-1");
    assert_null(harness.filed.at[harness.filed.count - 1].text.at);
}

static void a_document_of_a_bank_is_known_when_its_number_is_sealed(void **state)
{
    (void)state;
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    struct slice order = harness_sent(&harness)->name;
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    harness_expect(&harness, 1, "35=DZ");
    harness_expect(&harness, 1, "35=EA|2823=3");
    refused("W-2");
    assert_int_equal(last_sealed(), 3);
    size_t before = store_memory_count(harness.store, ROW_INBOX);
    harness_status(&harness, "north", "B-1", order, "ACSC", NULL);
    assert_int_equal(store_memory_count(harness.store, ROW_INBOX), before);
    assert_int_equal(harness.filed.count, 2);
    assert_null(harness.filed.at[1].text.at);
    harness_status(&harness, "north", "B-1", order, "RJCT", "AC04");
    assert_non_null(strstr(harness.filed.at[2].text.at, "used before for another document"));
}

static void a_deposit_is_known_by_its_id_and_by_its_uetr(void **state)
{
    (void)state;
    struct bank_deposit deposit = harness_deposit_c1;

    deposit.uetr = "7a562c67-ca16-48ba-b074-65581be6f001";
    harness_deposit(&harness, "north", "M-1", &deposit);
    harness_expect(&harness, 1, "35=EA|2804=0");
    refused("W-1");
    restart(1);
    harness_deposit(&harness, "north", "M-2", &deposit);
    harness_expect_silence(&harness, 1);
    deposit.transaction_id = "T-2";
    harness_deposit(&harness, "north", "M-3", &deposit);
    harness_expect_silence(&harness, 1);
    assert_int_equal(instructions(), 2);
    deposit.uetr = "7a562c67-ca16-48ba-b074-65581be6f002";
    harness_deposit(&harness, "north", "M-4", &deposit);
    harness_expect(&harness, 1, "35=EA|2804=0");
    assert_int_equal(instructions(), 3);
}

static void a_seal_whose_commit_fails_has_not_happened(void **state)
{
    (void)state;
    refused("W-1");
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_BEFORE, 1, &store_full);
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    assert_int_equal(last_sealed(), 1);
    harness_pass(&harness, 2);
    restart(1);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    assert_int_equal(instructions(), 2);
    assert_int_equal(harness.sent.count, 1);
}

static void a_seal_whose_answer_is_lost_has_happened(void **state)
{
    (void)state;
    store_memory_fail(harness.store, STORE_MEMORY_FAILS_AFTER, 1, &store_full);
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    assert_int_equal(last_sealed(), 1);
    harness_pass(&harness, 2);
    log_on();
    harness_say(&harness, 1, harness_withdrawal("W-1", "1.00"));
    assert_int_equal(instructions(), 1);
    assert_int_equal(harness.sent.count, 1);
}

static void a_store_without_filters_gets_them_at_its_first_start(void **state)
{
    (void)state;
    char id[16];

    restart(1000);
    for (unsigned i = 0; i < 12; i++) {
        snprintf(id, sizeof id, "W-%u", i);
        refused(id);
    }
    assert_int_equal(filters(), 0);
    restart(3);
    assert_int_equal(filters(), 4);
    restart(3);
    for (unsigned i = 0; i < 12; i++) {
        snprintf(id, sizeof id, "W-%u", i);
        harness_say(&harness, 1, harness_withdrawal(id, "1000.01"));
        harness_expect(&harness, 1, "35=EA|97=Y");
    }
    assert_int_equal(instructions(), 12);
}

/* The keys of one number may not come apart. */
static void a_first_start_seals_whole_numbers(void **state)
{
    (void)state;
    char id[16];

    restart(1000);
    for (unsigned i = 0; i < 12; i++) {
        snprintf(id, sizeof id, "W-%u", i);
        harness_say(&harness, 1, harness_withdrawal(id, "1.00"));
    }
    restart(3); /* two keys each */
    assert_in_range(filters(), 4, 6);
    assert_all_covered();
}

/* A number under a filter that a new instruction got would be taken for old. */
static void a_number_that_is_sealed_is_not_given_again(void **state)
{
    (void)state;
    refused("W-1");
    commit_full_filter();
    assert_int_equal(last_sealed(), 2);
    restart(100);
    refused("W-2");
    assert_int_equal(harness_instruction(&harness, "W-2")->number, 3);
}

/* --- a restart between any two steps --- */

static void pass_step(unsigned step)
{
    struct bank_deposit deposit = harness_deposit_c1;

    deposit.uetr = "7a562c67-ca16-48ba-b074-65581be6f001";
    switch (step) {
    case 0:
        harness_say(&harness, 1, harness_withdrawal_of("C-2", "H-1", "50000.00"));
        break;
    case 1:
        harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
        break;
    case 2:
        harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
        break;
    case 3:
        say_status("B-1", "W-2");
        break;
    case 4:
        harness_deposit(&harness, "north", "M-1", &deposit);
        break;
    case 5:
        harness_command(&harness, "paul", "approve PSTK-K7Q2MX-1 --evidence x");
        break;
    case 6:
        say_status("B-2", "H-1");
        break;
    default:
        harness_say(&harness, 1, harness_withdrawal("W-3", "1000.01"));
        break;
    }
}

enum { STEPS = 8 };

static void assert_nothing_is_new(void)
{
    struct bank_deposit deposit = harness_deposit_c1;
    size_t orders = store_memory_count(harness.store, ROW_DOCUMENT);

    assert_all_covered();
    deposit.uetr = "7a562c67-ca16-48ba-b074-65581be6f001";
    assert_int_equal(instructions(), 5);
    assert_string_equal(harness_state(&harness, "H-1"), "settled");
    assert_string_equal(harness_state(&harness, "W-2"), "settled");
    harness_say(&harness, 1, harness_withdrawal_of("C-2", "H-1", "50000.00"));
    harness_say(&harness, 1, harness_withdrawal("W-1", "1000.01"));
    harness_say(&harness, 1, harness_withdrawal("W-2", "1.00"));
    harness_say(&harness, 1, harness_withdrawal("W-3", "1000.01"));
    harness_deposit(&harness, "north", "M-2", &deposit);
    assert_int_equal(store_memory_count(harness.store, ROW_DOCUMENT), orders);
    deposit.transaction_id = "T-2"; /* other content for the same UETR */
    harness_deposit(&harness, "north", "M-3", &deposit);
    assert_int_equal(store_memory_count(harness.store, ROW_DOCUMENT), orders + 1);
    assert_int_equal(instructions(), 5);

    size_t papers = store_memory_count(harness.store, ROW_INBOX);
    say_status("B-1", "W-2");
    say_status("B-2", "H-1");
    assert_int_equal(store_memory_count(harness.store, ROW_INBOX), papers);
    say_status("B-3", "W-2");
    say_status("B-4", "H-1");
    assert_int_equal(store_memory_count(harness.store, ROW_INBOX), papers + 2);
    for (size_t i = harness.filed.count - 4; i < harness.filed.count; i++)
        assert_null(harness.filed.at[i].text.at);
}

/* restarts: bit n, one behind step n. */
static void walk(size_t seal_count, unsigned restarts)
{
    harness_open_sealing(&harness, seal_count);
    log_on();
    for (unsigned step = 0; step < STEPS; step++) {
        pass_step(step);
        if ((restarts >> step & 1) != 0)
            restart(seal_count);
    }
    assert_nothing_is_new();
    harness_close(&harness);
}

static void nothing_is_forgotten_in_a_restart_between_any_two_steps(void **state)
{
    (void)state;
    for (unsigned step = 0; step < STEPS; step++)
        walk(1 + step % 3, 1U << step);
    walk(2, UINT_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_ids_are_sealed_in_ranges_without_a_gap),
        TEST(an_ended_one_is_told_again_out_of_the_store),
        TEST(a_live_one_is_known_when_its_number_is_sealed),
        TEST(a_repeat_while_the_seal_is_on_its_way_waits_for_it),
        TEST(an_old_id_is_asked_for_while_a_batch_is_on_its_way),
        TEST(a_new_id_twice_in_one_turn_is_one_instruction),
        TEST(a_wrong_maybe_is_found_out_and_the_id_is_new),
        TEST(two_orders_with_one_id_are_nobodys_however_old),
        TEST(what_was_sealed_since_the_question_is_asked_for_too),
        TEST(an_order_that_was_never_made_does_not_count),
        TEST(an_order_that_came_late_is_found_after_a_restart),
        TEST(a_document_of_a_bank_is_known_when_its_number_is_sealed),
        TEST(a_deposit_is_known_by_its_id_and_by_its_uetr),
        TEST(a_seal_whose_commit_fails_has_not_happened),
        TEST(a_seal_whose_answer_is_lost_has_happened),
        TEST(a_store_without_filters_gets_them_at_its_first_start),
        TEST(a_first_start_seals_whole_numbers),
        TEST(a_number_that_is_sealed_is_not_given_again),
        cmocka_unit_test(nothing_is_forgotten_in_a_restart_between_any_two_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
