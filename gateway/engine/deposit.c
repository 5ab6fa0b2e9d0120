/* A bank announces a deposit: the broker is asked, and the bank gets its yes only
   once the money is in the book. */
#include "gateway/engine/filing.h"

#include <assert.h>

/* --- asked before? --- */

static struct slice request_of(const struct facts *facts)
{
    return facts->values[FACT_instruction_request_id];
}

static struct instruction *draft(struct engine *engine, const struct reading *reading,
                                 const struct facts *facts)
{
    struct instruction *instruction = instruction_new(0, FLOW_DEPOSIT);
    struct slice channel = reading->filing->channel->name;

    instruction_take_facts(instruction, facts);
    instruction_set(instruction, INSTRUCTION_TEXT_asker, channel);
    instruction_set(instruction, INSTRUCTION_TEXT_channel, channel);
    instruction->content = facts_content(facts);
    instruction->configuration = engine->configuration->config->digest;
    instruction->created_utc_ns = instruction->changed_utc_ns = engine->now.utc_ns;
    return instruction;
}

/* Without an id of its own it would be one with all others that have none. */
static bool is_named(const struct facts *facts)
{
    return request_of(facts).at != NULL && !slice_is(request_of(facts), "NOTPROVIDED");
}

/* By the bank's id, or by the UETR, which no two transfers share; false: it waits. */
static bool find_earlier(struct engine *engine, const struct reading *reading,
                         const struct facts *facts, struct entry **earlier)
{
    struct slice channel = reading->filing->channel->name;
    struct slice uetr = facts->values[FACT_instruction_uetr];
    struct waiter *waiter = &reading->incoming->waiter;
    struct entry *same = NULL;
    unsigned count;
    bool found = instructions_with(engine, INDEX_REQUEST, channel, request_of(facts), waiter,
                                   earlier, &count);

    if (uetr.at != NULL)
        found =
            instructions_with(engine, INDEX_PAYMENT, channel, uetr, waiter, &same, &count) && found;
    if (*earlier == NULL)
        *earlier = same;
    return found;
}

/* The last thing that the bank was told of it, again; nothing, when the broker
   has not answered yet. */
static void repeat_reply(struct engine *engine, const struct reading *reading,
                         const struct instruction *instruction)
{
    struct slice id = instruction_get(instruction, INSTRUCTION_TEXT_order_id);

    if (id.at != NULL)
        outbox_again(engine, id, &reading->incoming->waiter);
}

static const char other_content[] = "AM05 this id was used before with other content";

static void reject_other_content(struct engine *engine, const struct reading *reading,
                                 struct entry *earlier, const struct facts *facts)
{
    struct instruction *instruction = draft(engine, reading, facts);

    instruction_name_after(instruction, earlier->instruction);
    reply_send(engine, instruction, SLICE("RJCT"), SLICE("AM05"),
               slice_after(slice_of(other_content), 5));
    earlier->instruction->document_count = instruction->document_count;
    instruction_free(instruction);
}

/* The same id for something else: refused, each time that it comes, and the first
   one goes its way.  In a message with the same MsgId a rejection would name the first
   one, too: the bank hears nothing then, and somebody has to look. */
static void refuse_other_content(struct engine *engine, const struct reading *reading,
                                 struct entry *earlier, const struct facts *facts)
{
    struct slice message = instruction_get(earlier->instruction, INSTRUCTION_TEXT_bank_message_id);
    struct cause cause = { "request", reading->filing->channel->name, slice_of(other_content) };

    if (slice_equal(message, facts->values[FACT_instruction_bank_message_id]))
        say_contradiction(engine, earlier->instruction, &cause);
    else
        reject_other_content(engine, reading, earlier, facts);
    instruction_note(engine, earlier, &cause);
    if (!reading->filing->repeat)
        filing_refuse(reading->filing, "%.*s: %s", SLICE_ARG(request_of(facts)), other_content);
}

/* --- carried out --- */

static void refuse(struct engine *engine, struct entry *entry, const struct refusal *refusal,
                   const struct cause *cause)
{
    struct verdict verdict = { .state = INSTRUCTION_REFUSED,
                               .report = true,
                               .trans_type = -1,
                               .request_status = -1,
                               .payment_status = -1 };
    struct error error;

    refusal_text(refusal, verdict.reason, sizeof verdict.reason);
    custody_record(entry->instruction, &verdict, SLICE("RJCT"));
    bool entered = instruction_enter(engine, entry, INSTRUCTION_REFUSED, cause, &error);
    assert(entered); /* from NONE and HELD there is always a way */
    (void)entered;
    reply_send(engine, entry->instruction, SLICE("RJCT"), slice_of(refusal->code),
               slice_of(refusal->text));
}

void deposit_doubt(struct engine *engine, struct entry *entry, const char *what, struct slice why)
{
    struct instruction *instruction = entry->instruction;
    struct cause cause = { what, instruction_get(instruction, INSTRUCTION_TEXT_session), why };
    struct verdict verdict = { .state = INSTRUCTION_IN_DOUBT,
                               .report = true,
                               .trans_type = -1,
                               .request_status = -1,
                               .payment_status = -1 };
    struct error error;

    if (!instruction_enter(engine, entry, INSTRUCTION_IN_DOUBT, &cause, &error))
        return;
    verdict_explain(&verdict, why);
    custody_record(instruction, &verdict, SLICE("PDNG"));
    reply_send(engine, instruction, SLICE("PDNG"), SLICE("NARR"), why);
}

/* Writes the report for the broker and keeps it: it is what was asked. */
static bool write_announcement(struct engine *engine, const struct reading *reading, size_t record,
                               struct instruction *instruction, const struct map *map,
                               struct facts *facts, struct error *error)
{
    struct report report = { .trans_type = 0, .request_status = -1, .payment_status = 0 };
    struct slice id = report_id_make(engine, instruction_get(instruction, INSTRUCTION_TEXT_id), 1);
    const struct config_session *session = config_session_named(
        engine->configuration->config, instruction_get(instruction, INSTRUCTION_TEXT_session));
    enum charset charset = session == NULL ? CHARSET_UTF8 : session->charset;
    struct writer body;

    facts_report(engine, facts, &report, id);
    writer_init(&body, 0);
    bool written = reading_write(engine, reading, map, record, facts, charset, &body, error);
    if (written) {
        instruction_set(instruction, INSTRUCTION_TEXT_request, writer_slice(&body));
        instruction_set(instruction, INSTRUCTION_TEXT_map, map_name(map));
    }
    writer_fini(&body);
    return written;
}

/* Asks the broker; whoever has an announcement in `request` may call it. */
static bool announce(struct engine *engine, struct entry *entry, const struct rule *rule,
                     const struct cause *cause, struct refusal *refusal)
{
    struct instruction *instruction = entry->instruction;
    const struct config *config = engine->configuration->config;
    struct slice name = instruction_get(instruction, INSTRUCTION_TEXT_session);
    struct broker_session *session = broker_session_named(engine, name);
    const struct map *map =
        map_set_named(&config->maps, instruction_get(instruction, INSTRUCTION_TEXT_map));
    struct slice body = instruction_get(instruction, INSTRUCTION_TEXT_request);
    struct slice id = report_id_make(engine, instruction_get(instruction, INSTRUCTION_TEXT_id), 1);
    struct error error;

    if (session == NULL || map == NULL || !slice_equal(rule->to, name)) {
        refusal_set(refusal, SLICE("MS03"), "rule %.*s does not lead to the client's broker",
                    SLICE_ARG(rule->name));
        return false;
    }
    if (!instruction_enter(engine, entry, INSTRUCTION_ACCEPTED, cause, &error)) {
        refusal_set(refusal, SLICE("MS03"), "%s", error.detail);
        return false;
    }
    instruction->report_count = 1;
    instruction->reported = true;
    instruction_set(instruction, INSTRUCTION_TEXT_report_id, id);
    instruction_set(instruction, INSTRUCTION_TEXT_report, body);
    broker_session_send(engine, session,
                        translation_msg_type(broker_session_terms(engine, session).session, map),
                        SLICE_NONE, body);
    if (!broker_session_live(session)) {
        deposit_doubt(engine, entry, "session", SLICE("the broker is not logged on"));
        return true;
    }
    instruction_expect_answer(engine, entry, config);
    engine_after(engine, (struct task){ .kind = TASK_ANNOUNCED, .number = entry->number });
    return true;
}

void deposit_announced(struct engine *engine, uint64_t number)
{
    struct entry *entry = instructions_find(engine, number);
    struct error error;

    /* An answer may have overtaken it; and a broker that has gone gets it later. */
    if (entry == NULL || entry->instruction == NULL ||
        entry->instruction->state != INSTRUCTION_ACCEPTED)
        return;
    struct slice name = instruction_get(entry->instruction, INSTRUCTION_TEXT_session);
    const struct broker_session *session = broker_session_named(engine, name);
    struct cause cause = { "session", name, SLICE_NONE };

    if (session != NULL && broker_session_live(session))
        instruction_enter(engine, entry, INSTRUCTION_SENT, &cause, &error);
}

struct transaction {
    const struct reading *reading;
    size_t record;
    struct facts *facts;
};

/* The form of the rule's map for the version of the session that it leads to. */
static const struct map *session_map(const struct config *config, const struct rule *rule)
{
    const struct config_session *session = config_session_named(config, rule->to);
    const struct map *map = map_set_named(&config->maps, rule->map);

    if (session == NULL || map == NULL)
        return map;
    return map_set_form(&config->maps, rule->map, NULL,
                        fix_dictionary_shape(session->dictionary, slice_of(map_target(map)->name)));
}

/* The map that a rule names; one that is held is written by the first that
   applies, because its document is not kept. */
static const struct map *announcement_map(struct engine *engine,
                                          const struct transaction *transaction,
                                          const struct decision *decision)
{
    const struct config *config = engine->configuration->config;

    if (decision->action == RULE_ROUTE)
        return session_map(config, decision->rule);
    return map_set_next(&config->maps, NULL, MAP_USE_ANNOUNCE,
                        map_source(transaction->reading->map), SLICE("deposit"));
}

static bool hold(struct engine *engine, struct entry *entry, const struct cause *cause,
                 struct refusal *refusal)
{
    struct error error;

    if (entry->instruction->state == INSTRUCTION_HELD) {
        instruction_note(engine, entry, cause);
        return true;
    }
    if (instruction_enter(engine, entry, INSTRUCTION_HELD, cause, &error))
        return true;
    refusal_set(refusal, SLICE("MS03"), "%s", error.detail);
    return false;
}

/* transaction NULL: the announcement is written already. */
static bool write_when_new(struct engine *engine, struct instruction *instruction,
                           const struct transaction *transaction, struct decision *decision)
{
    struct error error = { .kind = &document_without_map };

    if (transaction == NULL)
        return true;
    const struct map *map = announcement_map(engine, transaction, decision);
    if (map != NULL && write_announcement(engine, transaction->reading, transaction->record,
                                          instruction, map, transaction->facts, &error))
        return true;
    map_failed(engine, map == NULL ? SLICE_NONE : map_name(map),
               instruction_get(instruction, INSTRUCTION_TEXT_id), &error);
    refusal_set(&decision->refusal, SLICE("MS03"), "the announcement could not be written: %s",
                error.detail);
    return false;
}

static void carry_out(struct engine *engine, struct entry *entry,
                      const struct transaction *transaction, struct decision *decision,
                      const struct cause *cause)
{
    bool done = false;
    bool wanted = decision->action == RULE_ROUTE || decision->action == RULE_HOLD;

    instruction_set(entry->instruction, INSTRUCTION_TEXT_rule, decision->name);
    if (decision->action == RULE_ECHO)
        refusal_set(&decision->refusal, SLICE("MS03"), "rule %.*s echoes what can't be echoed",
                    SLICE_ARG(decision->name));
    if (wanted && write_when_new(engine, entry->instruction, transaction, decision))
        done = decision->action == RULE_ROUTE
                   ? announce(engine, entry, decision->rule, cause, &decision->refusal)
                   : hold(engine, entry, cause, &decision->refusal);
    if (!done)
        refuse(engine, entry, &decision->refusal, cause);
}

/* The bank that announces must be the one that keeps the account. */
static void check_bank(const struct config_channel *channel, struct decision *decision)
{
    if (decision->link == NULL || decision->action == RULE_REFUSE ||
        bic_same(decision->link->bank, channel->bic))
        return;
    decision->action = RULE_REFUSE;
    decision->name = SLICE("check");
    refusal_set(&decision->refusal, SLICE("AGNT"), "another bank keeps the custody account");
}

static void add_keys(struct engine *engine, struct slice channel,
                     const struct instruction *instruction)
{
    static const struct {
        enum index_kind kind;
        enum instruction_text id;
    } keys[] = {
        { INDEX_REQUEST, INSTRUCTION_TEXT_request_id },
        { INDEX_PAYMENT, INSTRUCTION_TEXT_uetr },
        { INDEX_TAKEN, INSTRUCTION_TEXT_bank_message_id },
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct slice id = instruction_get(instruction, keys[i].id);
        if (id.at != NULL)
            keys_add(engine, keys[i].kind, channel, id, instruction->number);
    }
}

static void begin(struct engine *engine, const struct transaction *transaction)
{
    const struct reading *reading = transaction->reading;
    const struct config_channel *channel = reading->filing->channel;
    struct instruction *instruction = draft(engine, reading, transaction->facts);
    struct surroundings around = { .facts = transaction->facts, .arena = &engine->scratch };
    struct cause cause = { "request", channel->name, SLICE_NONE };
    struct decision decision;

    decision_make(engine, engine->configuration->config, instruction, transaction->facts, NULL,
                  &around, &decision);
    check_bank(channel, &decision);
    instruction_name(engine, instruction);
    facts_instruction(engine, transaction->facts, instruction);
    struct entry *entry = instructions_add(engine, instruction);
    add_keys(engine, channel->name, instruction);
    carry_out(engine, entry, transaction, &decision, &cause);
}

/* What says that it may have come before, and has a transfer that did not, is not what
   it says: nothing is begun, and somebody has to look.  An archive may have taken the
   transfer of one that is the same to the byte. */
static void refuse_unknown_repeat(struct engine *engine, const struct reading *reading,
                                  const struct facts *facts)
{
    const struct incoming *incoming = reading->incoming;

    if (digest_equal(&incoming->known.content, &incoming->digest))
        return;
    filing_refuse(reading->filing, "%.*s was not in the document that this one repeats",
                  SLICE_ARG(request_of(facts)));
    alert_raise(engine,
                &(struct alert){ .kind = &log_contradiction,
                                 .id = request_of(facts),
                                 .who = reading->filing->channel->name,
                                 .why = SLICE("a repeated document with another transfer in it") });
}

/* A document that came before begins nothing. */
static void take_transaction(struct engine *engine, const struct transaction *transaction,
                             struct entry *earlier)
{
    struct digest content = facts_content(transaction->facts);

    if (earlier == NULL && !transaction->reading->filing->repeat)
        begin(engine, transaction);
    else if (earlier == NULL)
        refuse_unknown_repeat(engine, transaction->reading, transaction->facts);
    else if (digest_equal(&earlier->instruction->content, &content))
        repeat_reply(engine, transaction->reading, earlier->instruction);
    else
        refuse_other_content(engine, transaction->reading, earlier, transaction->facts);
}

/* Is it sure that nothing of the message with this MsgId was ever taken? */
static bool is_new_message(const struct engine *engine, const struct reading *reading,
                           const struct facts *facts)
{
    struct slice id = facts->values[FACT_instruction_bank_message_id];
    struct whereabouts where;

    return id.at != NULL &&
           !keys_maybe(engine, INDEX_TAKEN, reading->filing->channel->name, id, &where);
}

bool deposit_look(struct engine *engine, const struct reading *reading, bool *all_new)
{
    struct entry *earlier = NULL;
    struct facts facts;
    struct error error;
    bool found = true;

    *all_new = true;
    for (size_t i = 0; i < reading->part->record_count; i++) {
        bool named = reading_facts(engine, reading, i, &facts, &error) && is_named(&facts);
        found = (!named || find_earlier(engine, reading, &facts, &earlier)) && found;
        *all_new = *all_new && named && earlier == NULL && is_new_message(engine, reading, &facts);
    }
    return found;
}

static bool are_named(struct engine *engine, const struct reading *reading)
{
    struct facts facts;
    struct error error;

    for (size_t i = 0; i < reading->part->record_count; i++)
        if (reading_facts(engine, reading, i, &facts, &error) && !is_named(&facts))
            return false;
    return true;
}

static void refuse_nameless(struct engine *engine, const struct reading *reading)
{
    filing_refuse(reading->filing, "a transfer without an id of its own (TxId, InstrId, EndToEndId "
                                   "or UETR)");
    filing_refuse_message(engine, reading->filing, "INCOMPLETE");
}

bool deposit_take(struct engine *engine, const struct reading *reading)
{
    struct entry *earlier;
    struct facts facts;
    struct error error;
    bool waits = false;

    if (!are_named(engine, reading)) {
        if (!reading->filing->repeat)
            refuse_nameless(engine, reading);
        return true;
    }
    for (size_t i = 0; i < reading->part->record_count; i++)
        if (reading_facts(engine, reading, i, &facts, &error) &&
            !find_earlier(engine, reading, &facts, &earlier))
            waits = true;
    if (waits)
        return false;
    for (size_t i = 0; i < reading->part->record_count; i++) {
        struct transaction transaction = { .reading = reading, .record = i, .facts = &facts };

        if (reading_facts(engine, reading, i, &facts, &error) &&
            find_earlier(engine, reading, &facts, &earlier))
            take_transaction(engine, &transaction, earlier);
    }
    return true;
}

/* --- an operator's word on a held one --- */

bool deposit_release(struct engine *engine, struct entry *entry, const struct cause *cause)
{
    const struct config *config = engine->configuration->config;
    struct instruction *instruction = entry->instruction;
    const struct config_channel *channel =
        config_channel_named(config, instruction_get(instruction, INSTRUCTION_TEXT_channel));
    const struct rule *after =
        rule_named(config, instruction_get(instruction, INSTRUCTION_TEXT_rule));
    struct facts facts;
    struct surroundings around = { .facts = &facts, .arena = &engine->scratch };
    struct decision decision;

    if (channel == NULL)
        return false;
    facts_begin(engine, &facts);
    facts_channel(&facts, channel);
    facts_instruction(engine, &facts, instruction);
    decision_make(engine, config, instruction, &facts, after, &around, &decision);
    check_bank(channel, &decision);
    instruction->configuration = config->digest;
    carry_out(engine, entry, NULL, &decision, cause);
    return true;
}

void deposit_refuse(struct engine *engine, struct entry *entry, const struct cause *cause)
{
    struct refusal refusal = { "", "" };

    refusal_set(&refusal, SLICE("MS03"), "refused by an operator");
    refuse(engine, entry, &refusal, cause);
}
