/* The FIX.4.4 sample messages against the whole engine: valid ones are taken as
   the flows want it, faulty ones get the reply that their index allows, and what
   is not served here is refused, never passed over. */
#include "kit/engine_harness.h"

#include "kit/fix_samples.h"
#include "kit/fix_text.h"
#include "unit/codecs/iso20022/oracle.h"

#define LINK 1

static const int64_t half_past_nine = SECONDS_NS(1741944600); /* 2025-03-14 */
static struct harness harness;

/* --- the world of the samples --- */

static void open_world(int64_t utc_ns)
{
    harness_open_with(&harness, "samples.yaml");
    harness.now.utc_ns = utc_ns;
    harness_import(&harness, "links",
                   "client,account,session,bank,payee_bank,payee_account,client_name,currency,"
                   "legal_person\n"
                   "C-000123,CMCUST77001,alpha,CUSBGB2LXXX,CLTBDEFFXXX,DE44500105175407324931,"
                   "JANE MERIWETHER,EUR,false\n"
                   "C-000789,GB57CUSB40127677001234,alpha,CUSBGB2LXXX,CLTBFRPPXXX,"
                   "FR1420041010050500013M02606,JEAN DUPRE,GBP,false\n");
    assert_int_equal(harness.status, 0);
    harness_import(&harness, "balances",
                   "client,account,currency,amount\n"
                   "C-000123,CMCUST77001,EUR,50000.00\n"
                   "C-000789,GB57CUSB40127677001234,GBP,500.00\n");
    assert_int_equal(harness.status, 0);
}

/* At the end this number is expected; 1: there is only a connection. */
static void log_on(uint64_t next_in)
{
    if (next_in == 1) {
        harness_connect(&harness, LINK);
        return;
    }
    harness_logon(&harness, LINK, "BRKALPHA", 1);
    harness_expect(&harness, LINK, "35=A");
    while (harness.links[LINK].next_out < next_in)
        harness_say(&harness, LINK, "35=0|");
    harness_expect_silence(&harness, LINK);
}

static struct fix_sample_answer hear_all(void)
{
    struct fix_sample_answer answer = { .ended = !harness.links[LINK].open };
    const char *text;

    while (answer.count < FIX_SAMPLE_ANSWERS_MAX && *(text = harness_hear(&harness, LINK)) != '\0')
        answer.sent[answer.count++] = arena_copy(&harness.arena, fix_text_plain(text));
    return answer;
}

static void complain(const struct fix_sample *sample, const struct fix_sample_answer *answer)
{
    print_error("%.*s: %u answers, %s\n", SLICE_ARG(sample->file), answer->count,
                answer->ended ? "closed" : "open");
    for (unsigned i = 0; i < answer->count; i++)
        print_error("  %.*s\n", SLICE_ARG(fix_text_show(answer->sent[i])));
    fail();
}

/* A second one shows it, too, when the first was taken for the rest of a message
   that was cut short. */
static bool answers_a_test(uint64_t number)
{
    static const char text[] = "112=still-there";

    for (unsigned i = 0; i < 2; i++) {
        harness.links[LINK].comp_id = "BRKALPHA";
        harness.links[LINK].next_out = number;
        harness_say(&harness, LINK, "35=1|112=still-there|");
        struct slice heard = writer_slice(&harness.links[LINK].heard);
        if (heard.size > 0 && memmem(heard.at, heard.size, text, strlen(text)) != NULL)
            return true;
    }
    return false;
}

/* Whether it stayed or comes back: nothing of its messages is missing or too many. */
static bool goes_on_with(uint64_t next_in)
{
    if (harness.links[LINK].open)
        return answers_a_test(next_in);
    harness_logon(&harness, LINK, "BRKALPHA", next_in);
    struct fix_sample_answer answer = hear_all();
    return answer.count == 1 && !answer.ended && fix_sample_has(answer.sent[0], SLICE("35=A"));
}

/* --- faulty ones --- */

static void try_faulty(const struct fix_sample *sample)
{
    bool served = slice_is(sample->class, "OK_AFTER_NOISE");
    bool counts = slice_is(sample->inbound_seq, "+1");
    uint64_t next_in = fix_sample_next_in(sample);

    open_world(half_past_nine);
    log_on(next_in - counts);
    harness_say_bytes(&harness, LINK, sample->bytes);
    struct fix_sample_answer answer = hear_all();
    if (!fix_sample_allows(sample, &answer))
        complain(sample, &answer);
    if (harness.sent.count != served)
        fail_msg("%.*s: %zu documents were sent", SLICE_ARG(sample->file), harness.sent.count);
    if (!goes_on_with(next_in))
        fail_msg("%.*s: %llu is not the next number", SLICE_ARG(sample->file),
                 (unsigned long long)next_in);
    harness_close(&harness);
}

static void faulty_ones_get_the_reply_of_their_index_and_harm_nothing_else(void **state)
{
    (void)state;
    struct fix_samples samples;
    struct fix_sample sample;

    fix_samples_open(&samples, "malformed", "FIX.4.4");
    while (fix_samples_next(&samples, &sample))
        try_faulty(&sample);
    assert_true(samples.count >= 45);
    fix_samples_close(&samples);
}

/* --- documents --- */

/* The part from "<name " to its end; absent: none. */
static struct slice cut_root(struct slice bytes, const char *name)
{
    char begin[32], end[32];

    snprintf(begin, sizeof begin, "<%s ", name);
    snprintf(end, sizeof end, "</%s>", name);
    const char *from = memmem(bytes.at, bytes.size, begin, strlen(begin));
    const char *to = memmem(bytes.at, bytes.size, end, strlen(end));
    return from == NULL || to == NULL ? SLICE_NONE
                                      : (struct slice){ from, (size_t)(to - from) + strlen(end) };
}

static void assert_official(struct slice bytes, const char *root)
{
    static const char space[] = "\"urn:iso:std:iso:20022:tech:xsd:";
    struct slice part = cut_root(bytes, root);
    const char *id = memmem(part.at, part.size, space, strlen(space));
    char name[32];

    assert_non_null(id);
    id += strlen(space);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(id, "\""), id);
    xmlSchemaPtr schema = oracle_schema(kit_shared(__func__), name);
    assert_true(oracle_accepts(schema, part));
    xmlSchemaFree(schema);
}

/* The next one that was sent; good by the official schemas. */
static struct slice official_document(void)
{
    struct slice bytes = harness_sent(&harness)->bytes;

    assert_official(bytes, "AppHdr");
    assert_official(bytes, "Document");
    return bytes;
}

/* --- valid ones --- */

typedef bool outcome(const struct fix_sample *sample, const struct fix_sample_answer *answer);

static bool says(const struct fix_sample_answer *answer, unsigned at, const char *fields)
{
    return at < answer->count && fix_sample_has(answer->sent[at], slice_of(fields));
}

static bool is_about(const struct fix_sample *sample, struct slice answer, uint32_t tag,
                     uint32_t sample_tag)
{
    return slice_equal(fix_text_get(answer, tag), fix_text_get(sample->bytes, sample_tag));
}

static bool logs_on(const struct fix_sample *sample, const struct fix_sample_answer *answer)
{
    return answer->count == 1 && says(answer, 0, "35=A|98=0") &&
           is_about(sample, answer->sent[0], 108, 108);
}

static bool logs_out(const struct fix_sample *sample, const struct fix_sample_answer *answer)
{
    (void)sample;
    return answer->count == 1 && says(answer, 0, "35=5") && answer->ended;
}

static bool is_heard(const struct fix_sample *sample, const struct fix_sample_answer *answer)
{
    (void)sample;
    return answer->count == 0 && !answer->ended;
}

/* A request gets its receipt, and then a no. */
static bool is_declined(const struct fix_sample *sample, const struct fix_sample_answer *answer)
{
    return answer->count == 2 && says(answer, 0, "35=DZ|2813=0") &&
           says(answer, 1, "35=EA|2804=0|2813=2") &&
           is_about(sample, answer->sent[0], 2812, 2812) &&
           is_about(sample, answer->sent[1], 2812, 2812);
}

/* Nothing is said of the payment that was not cancelled. */
static bool is_not_cancelled(const struct fix_sample *sample,
                             const struct fix_sample_answer *answer)
{
    return is_declined(sample, answer) && fix_text_get(answer->sent[1], 2823).at == NULL;
}

/* Where no party is named, no client is, and then no money moves. */
static bool is_ordered(const struct fix_sample *sample, const struct fix_sample_answer *answer)
{
    if (slice_is(fix_text_get(sample->bytes, 453), "0"))
        return is_declined(sample, answer) && says(answer, 1, "2823=4") &&
               slice_starts(fix_text_get(answer->sent[1], 1328), SLICE("BE06")) &&
               harness.sent.count == 0;
    return answer->count == 1 && says(answer, 0, "35=DZ|2813=0") &&
           is_about(sample, answer->sent[0], 2812, 2812) && harness.sent.count == 1 &&
           slice_equal(bank_read(official_document(), "InstrId"),
                       fix_text_get(sample->bytes, 2812));
}

/* The reports of the samples were sent by another gateway. */
static bool is_about_nothing(const struct fix_sample *sample,
                             const struct fix_sample_answer *answer)
{
    return answer->count == 1 && says(answer, 0, "35=j|372=EB|380=1") &&
           is_about(sample, answer->sent[0], 45, 34) &&
           is_about(sample, answer->sent[0], 379, 2799);
}

static bool is_not_served(const struct fix_sample *sample, const struct fix_sample_answer *answer)
{
    return answer->count == 1 &&
           (says(answer, 0, "35=j|380=3") || says(answer, 0, "35=3|373=11")) &&
           is_about(sample, answer->sent[0], 45, 34) &&
           is_about(sample, answer->sent[0], 372, 35) && !answer->ended;
}

static const struct {
    const char *flow, *msg_type;
    outcome *outcome;
} outcomes[] = {
    { "Y1", "A", logs_on },           { "Y1", "5", logs_out },
    { "Y2", "0", is_heard },          { "Y2", "4", is_heard },
    { "W1", "DY", is_ordered },       { "W1", "EB", is_about_nothing },
    { "D2", "EB", is_about_nothing }, { "C1", "DY", is_not_cancelled },
};

static outcome *outcome_of(const struct fix_sample *sample)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (slice_is(sample->flow, outcomes[i].flow) &&
            slice_is(sample->msg_type, outcomes[i].msg_type))
            return outcomes[i].outcome;
    return is_not_served;
}

static uint64_t number_of(struct slice message, uint32_t tag)
{
    uint64_t number;

    assert_true(slice_to_u64(fix_text_get(message, tag), UINT32_MAX, &number));
    return number;
}

/* The moment at which it says that it was sent. */
static int64_t sending_time(struct slice message)
{
    int64_t utc_ns;

    assert_true(fix_timestamp_parse(fix_text_get(message, 52), &utc_ns));
    return utc_ns;
}

static void try_valid(const struct fix_sample *sample)
{
    uint64_t number = number_of(sample->bytes, 34);
    bool jumps = slice_is(sample->msg_type, "4");

    open_world(sending_time(sample->bytes));
    log_on(number);
    harness_say_bytes(&harness, LINK, sample->bytes);
    struct fix_sample_answer answer = hear_all();
    if (!outcome_of(sample)(sample, &answer))
        complain(sample, &answer);
    if (!goes_on_with(jumps ? number_of(sample->bytes, 36) : number + 1))
        fail_msg("%.*s: the next message is not taken", SLICE_ARG(sample->file));
    harness_close(&harness);
}

static void valid_ones_are_taken_or_refused_in_words(void **state)
{
    (void)state;
    struct fix_samples samples;
    struct fix_sample sample;
    unsigned tried = 0;

    fix_samples_open(&samples, "valid", "FIX.4.4");
    while (fix_samples_next(&samples, &sample)) {
        if (!slice_is(sample.direction, "broker>gateway"))
            continue;
        try_valid(&sample);
        tried++;
    }
    assert_true(tried >= 25);
    fix_samples_close(&samples);
}

/* --- flows --- */

/* Has it each field of the sample, but those that each sender fills for itself? */
static void assert_like_sample(struct slice message, const char *name)
{
    static const char own[] = "|8|9|10|34|49|52|56|60|2799|2827|";
    struct slice sample = fix_sample_read(name);
    const char *end;
    char tag[16];

    for (struct slice rest = sample; rest.size > 0;
         rest = slice_after(rest, (size_t)(end - rest.at) + 1)) {
        end = memchr(rest.at, '\001', rest.size);
        size_t size = (size_t)((const char *)memchr(rest.at, '=', rest.size) - rest.at);
        snprintf(tag, sizeof tag, "|%.*s|", (int)size, rest.at);
        if (strstr(own, tag) == NULL &&
            !fix_sample_has(message, (struct slice){ rest.at, (size_t)(end - rest.at) }))
            fail_msg("%s: %.*s is not in %.*s", name, (int)(end - rest.at), rest.at,
                     SLICE_ARG(fix_text_show(message)));
    }
    kit_free_file(sample);
}

static void expect_like(const char *name)
{
    struct fix_sample_answer answer = hear_all();

    assert_int_equal(answer.count, 1);
    assert_like_sample(answer.sent[0], name);
}

static const struct bank_party custodian = { "CUSBGB2LXXX", "ALPBGB2LXXX", "2025-03-14T09:30:00Z" };

static void bank_says_status(const char *message_id, struct slice order_id, const char *status)
{
    struct writer writer;
    struct bank_status about = { .message_id = message_id, .status = status };

    about.order_id = arena_copy(&harness.arena, order_id).at;
    writer_init(&writer, 0);
    bank_write_status(&writer, &custodian, &about);
    harness_bank_says(&harness, "custodian", &writer);
    writer_fini(&writer);
}

/* Number 5 is that of the sample. */
static struct slice order_withdrawal(void)
{
    struct slice sample = fix_sample_read("valid/016_44_DY_withdrawal.fix");

    open_world(sending_time(sample));
    log_on(5);
    harness_say_bytes(&harness, LINK, sample);
    harness.links[LINK].next_out = 6;
    kit_free_file(sample);
    return harness_sent(&harness)->name;
}

static void what_becomes_of_a_withdrawal_is_told_as_in_the_samples(void **state)
{
    (void)state;
    struct slice order = order_withdrawal();

    expect_like("valid/017_44_DZ_withdrawal_ack.fix");
    bank_says_status("B-1", order, "ACCP");
    expect_like("valid/018_44_EA_withdrawal_accepted.fix");
    bank_says_status("B-2", order, "ACSP");
    expect_like("valid/019_44_EA_withdrawal_pending.fix");
    bank_says_status("B-3", order, "ACSC");
    expect_like("valid/020_44_EA_withdrawal_confirmed.fix");
    harness_close(&harness);
}

static void a_repeated_one_is_paid_once(void **state)
{
    (void)state;
    order_withdrawal();
    harness_expect(&harness, LINK, "35=DZ");
    struct slice sample = fix_sample_read("valid/032_44_DY_withdrawal_possdup.fix");
    harness.now.utc_ns = sending_time(sample);
    harness_say_bytes(&harness, LINK, sample);
    kit_free_file(sample);
    harness_expect_silence(&harness, LINK);
    assert_int_equal(harness.sent.count, 1);
    assert_true(goes_on_with(6));
    harness_close(&harness);
}

static void digits_before_and_behind_the_amount_are_the_same_money(void **state)
{
    (void)state;
    struct slice sample = fix_sample_read("valid/031_44_DY_withdrawal_bodyorder.fix");

    open_world(sending_time(sample));
    log_on(7);
    harness_say_bytes(&harness, LINK, sample);
    kit_free_file(sample);
    struct slice document = official_document();
    static const char amount[] = "<IntrBkSttlmAmt Ccy=\"GBP\">100.00</IntrBkSttlmAmt>";
    assert_non_null(memmem(document.at, document.size, amount, strlen(amount)));
    assert_int_equal(harness_reserved(&harness, "C-000789"), 10000);
    harness_close(&harness);
}

/* The body of a sample EB, about a report of ours. */
static void answer_report(struct slice sample, const char *report_id)
{
    struct slice text = arena_copy(&harness.arena, fix_text_show(sample));
    const char *body = strstr(text.at, "|2806="), *end = strstr(text.at, "|10=");
    struct slice fields =
        arena_format(&harness.arena, "35=EB|2799=%s%.*s|", report_id, (int)(end - body), body);

    harness_say(&harness, LINK, fields.at);
}

static const char *hear_report_id(void)
{
    static char id[64];

    snprintf(id, sizeof id, "%s", harness_field(harness_hear(&harness, LINK), 2799));
    return id;
}

static void a_reports_receipt_is_taken_in_silence(void **state)
{
    (void)state;
    struct slice order = order_withdrawal();
    struct slice sample = fix_sample_read("valid/022_44_EB_report_ack.fix");

    harness_expect(&harness, LINK, "35=DZ");
    bank_says_status("B-1", order, "ACCP");
    answer_report(sample, hear_report_id());
    kit_free_file(sample);
    harness_expect_silence(&harness, LINK);
    assert_true(goes_on_with(7));
    harness_close(&harness);
}

static const struct bank_deposit deposit = {
    .transaction_id = "BKD-7781",
    .end_to_end_id = "E2E-CLIENT-7781",
    .amount = "300.10",
    .currency = "EUR",
    .client = "C-000123",
    .account = "CMCUST77001",
    .payer_account = "DE44500105175407324931",
    .payer_bank = "CLTBDEFFXXX",
};

/* What the bank is told after the broker's word in a sample. */
static struct slice reply_to_deposit(const char *name)
{
    struct slice sample = fix_sample_read(name);
    struct writer writer;

    open_world(half_past_nine);
    log_on(2);
    writer_init(&writer, 0);
    bank_write_deposits(&writer, &custodian, "BKD-1", &deposit, 1);
    harness_bank_says(&harness, "custodian", &writer);
    writer_fini(&writer);
    answer_report(sample, hear_report_id());
    kit_free_file(sample);
    harness_expect_silence(&harness, LINK);
    return official_document();
}

static void an_accepted_deposit_is_booked_and_the_bank_told(void **state)
{
    (void)state;
    struct slice reply = reply_to_deposit("valid/037_44_EB_bank_deposit_accept.fix");

    assert_slice_equal(bank_read(reply, "TxSts"), "ACSP");
    assert_int_equal(harness_free(&harness, "C-000123"), 5030010);
    harness_close(&harness);
}

static void a_refused_deposit_is_not_booked_and_the_bank_told_why(void **state)
{
    (void)state;
    struct slice reply = reply_to_deposit("valid/038_44_EB_bank_deposit_reject.fix");

    assert_slice_equal(bank_read(reply, "TxSts"), "RJCT");
    assert_slice_equal(bank_read(reply, "AddtlInf"), "unknown client");
    assert_int_equal(harness_free(&harness, "C-000123"), 5000000);
    harness_close(&harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_ones_get_the_reply_of_their_index_and_harm_nothing_else),
        cmocka_unit_test(valid_ones_are_taken_or_refused_in_words),
        cmocka_unit_test(what_becomes_of_a_withdrawal_is_told_as_in_the_samples),
        cmocka_unit_test(a_repeated_one_is_paid_once),
        cmocka_unit_test(digits_before_and_behind_the_amount_are_the_same_money),
        cmocka_unit_test(a_reports_receipt_is_taken_in_silence),
        cmocka_unit_test(an_accepted_deposit_is_booked_and_the_bank_told),
        cmocka_unit_test(a_refused_deposit_is_not_booked_and_the_bank_told_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
