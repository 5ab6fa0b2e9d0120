/* Fills in the facts that maps and rules may name, out of what the engine
   knows.  Texts are lent by what they come from, or made in the scratch arena. */
#include "codecs/base/currency.h"
#include "codecs/base/decimal.h"
#include "gateway/engine/machine.h"

/* Which fact goes with which text of an instruction. */
static const struct {
    enum fact fact;
    enum instruction_text text;
    bool taken; /* a map reads it; false: only we make it */
} instruction_facts[] = {
    { FACT_instruction_id, INSTRUCTION_TEXT_id, false },
    { FACT_instruction_request_id, INSTRUCTION_TEXT_request_id, true },
    { FACT_instruction_payment_id, INSTRUCTION_TEXT_payment_id, true },
    { FACT_instruction_client, INSTRUCTION_TEXT_client, true },
    { FACT_instruction_account, INSTRUCTION_TEXT_account, true },
    { FACT_instruction_bank, INSTRUCTION_TEXT_bank, true },
    { FACT_instruction_payee_bank, INSTRUCTION_TEXT_payee_bank, false },
    { FACT_instruction_payee_account, INSTRUCTION_TEXT_payee_account, false },
    { FACT_instruction_currency, INSTRUCTION_TEXT_currency, true },
    { FACT_instruction_amount, INSTRUCTION_TEXT_amount_text, true },
    { FACT_instruction_value_date, INSTRUCTION_TEXT_value_date, true },
    { FACT_instruction_uetr, INSTRUCTION_TEXT_uetr, true },
    { FACT_instruction_bank_message_id, INSTRUCTION_TEXT_bank_message_id, true },
    { FACT_instruction_bank_instruction_id, INSTRUCTION_TEXT_bank_instruction_id, true },
    { FACT_instruction_bank_transaction_id, INSTRUCTION_TEXT_bank_transaction_id, true },
};

#define INSTRUCTION_FACTS (sizeof instruction_facts / sizeof instruction_facts[0])

struct slice time_text(struct engine *engine, int64_t utc_ns)
{
    struct writer writer;

    writer_init(&writer, 0);
    iso_timestamp_write(utc_ns, &writer);
    struct slice text = arena_copy(&engine->scratch, writer_slice(&writer));
    writer_fini(&writer);
    return text;
}

struct date date_at(int64_t utc_ns, int offset_minutes)
{
    const int64_t day_ns = SECONDS_NS(24 * 60 * 60);
    int64_t local_ns = utc_ns + SECONDS_NS(60) * offset_minutes;
    int64_t days = local_ns / day_ns;

    return date_from_days(local_ns % day_ns < 0 ? days - 1 : days);
}

static struct slice date_text(struct engine *engine, struct date date)
{
    return SCRATCH(engine, "%04d-%02u-%02u", date.year, date.month, date.day);
}

struct slice digest_text(struct engine *engine, const struct digest *digest)
{
    struct writer writer;

    writer_init(&writer, 0);
    digest_write_hex(digest, &writer);
    struct slice text = arena_copy(&engine->scratch, writer_slice(&writer));
    writer_fini(&writer);
    return text;
}

void facts_begin(struct engine *engine, struct facts *facts)
{
    *facts = (struct facts){ 0 };
    facts->values[FACT_now] = time_text(engine, engine->now.utc_ns);
    facts->values[FACT_today] = date_text(engine, date_at(engine->now.utc_ns, 0));
}

void facts_session(struct facts *facts, const struct config_session *session)
{
    facts->values[FACT_session] = session->name;
    facts->values[FACT_session_bic] = session->bic;
    facts->values[FACT_session_template] = session->template_name;
}

/* What is no text in the charset of the session is at least seen to be there. */
static struct slice header_text(struct engine *engine, enum charset charset, struct slice value)
{
    struct slice text;

    return charset_to_utf8(charset, value, &engine->scratch, &text) ? text : SLICE("\xEF\xBF\xBD");
}

void facts_message(struct engine *engine, struct facts *facts, const struct config_session *session,
                   const struct fix_message *message)
{
    static const struct {
        uint32_t tag;
        enum fact fact;
    } routes[] = {
        { 50, FACT_message_sender_sub_id },
        { 142, FACT_message_sender_location_id },
        { 115, FACT_message_on_behalf_of },
        { 116, FACT_message_on_behalf_of_sub_id },
        { 144, FACT_message_on_behalf_of_location_id },
        { 128, FACT_message_deliver_to },
        { 129, FACT_message_deliver_to_sub_id },
        { 145, FACT_message_deliver_to_location_id },
    };

    facts->values[FACT_message] = message->msg_type;
    for (size_t i = 0; i < message->body_first; i++)
        for (size_t j = 0; j < sizeof routes / sizeof routes[0]; j++)
            if (message->fields[i].tag == routes[j].tag)
                facts->values[routes[j].fact] =
                    header_text(engine, session->charset, message->fields[i].value);
}

void facts_channel(struct facts *facts, const struct config_channel *channel)
{
    facts->values[FACT_bank_bic] = channel->bic;
    facts->values[FACT_bank_header] = channel->header;
    facts->values[FACT_bank_service] = channel->service;
}

void facts_link(struct facts *facts, const struct link *link)
{
    facts->values[FACT_link_client_name] = link->client_name;
    facts->values[FACT_link_legal_person] = link->legal_person ? SLICE("true") : SLICE("false");
    facts->values[FACT_link_bank] = link->payee_bank;
    facts->values[FACT_link_bank_account] = link->payee_account;
}

static struct slice total_text(struct engine *engine, const struct instruction *instruction)
{
    const struct currency *currency =
        currency_find(instruction_get(instruction, INSTRUCTION_TEXT_currency));
    struct writer writer;

    if (currency == NULL || instruction->amount_minor == 0)
        return SLICE_NONE;
    writer_init(&writer, 0);
    decimal_write(decimal_from_minor(instruction->amount_minor, currency->minor_units),
                  currency->minor_units, &writer);
    struct slice text = arena_copy(&engine->scratch, writer_slice(&writer));
    writer_fini(&writer);
    return text;
}

void facts_instruction(struct engine *engine, struct facts *facts,
                       const struct instruction *instruction)
{
    for (size_t i = 0; i < INSTRUCTION_FACTS; i++)
        facts->values[instruction_facts[i].fact] =
            instruction_get(instruction, instruction_facts[i].text);
    facts->values[FACT_instruction_flow] = slice_of(flow_name(instruction->flow));
    facts->values[FACT_instruction_total] = total_text(engine, instruction);
}

void instruction_take_facts(struct instruction *instruction, const struct facts *facts)
{
    for (size_t i = 0; i < INSTRUCTION_FACTS; i++)
        if (instruction_facts[i].taken)
            instruction_set(instruction, instruction_facts[i].text,
                            facts->values[instruction_facts[i].fact]);
}

/* Which document of the bank carried it does not count: the same may come again
   in another. */
struct digest facts_content(const struct facts *facts)
{
    struct slice parts[FACT_instruction_total - FACT_instruction_id + 1];
    size_t count = 0;

    for (int fact = FACT_instruction_id; fact <= FACT_instruction_total; fact++)
        if (fact != FACT_instruction_bank_message_id)
            parts[count++] = facts->values[fact];
    return digest_of_parts(parts, count);
}

void facts_decision(struct facts *facts, const struct link *link)
{
    struct decimal amount;
    struct slice text = facts->values[FACT_instruction_amount];
    struct slice bank = facts->values[FACT_instruction_bank];

    facts->values[FACT_flow] = facts->values[FACT_instruction_flow];
    facts->values[FACT_client] = facts->values[FACT_instruction_client];
    facts->values[FACT_currency] = facts->values[FACT_instruction_currency];
    facts->values[FACT_bank] = bank.at != NULL || link == NULL ? bank : link->bank;
    facts->values[FACT_amount] =
        text.at != NULL && decimal_parse(text, DECIMAL_FIX, &amount) == DECIMAL_OK ? text
                                                                                   : SLICE_NONE;
    if (link != NULL) {
        if (facts->values[FACT_session].at == NULL)
            facts->values[FACT_session] = link->session;
        facts->values[FACT_client] = link->client;
        facts_link(facts, link);
    }
}

static struct slice number_text(struct engine *engine, int number)
{
    return number < 0 ? SLICE_NONE : SCRATCH(engine, "%d", number);
}

static struct slice present(struct slice text)
{
    return text.size == 0 ? SLICE_NONE : text;
}

void facts_report(struct engine *engine, struct facts *facts, const struct report *report,
                  struct slice id)
{
    struct slice *values = facts->values;

    values[FACT_message_id] = values[FACT_report_id] = id;
    values[FACT_report_trans_type] = number_text(engine, report->trans_type);
    values[FACT_report_request_status] = number_text(engine, report->request_status);
    values[FACT_report_payment_status] = number_text(engine, report->payment_status);
    values[FACT_report_reject_text] = present(report->reject_text);
    values[FACT_report_text] = present(report->text);
    values[FACT_report_time] = report->time.size != 0 ? report->time : values[FACT_now];
    values[FACT_report_settled_on] = report->settled_on;
}
