/* A broker asks for a withdrawal: seen before or new, decided, recorded with its
   money, and on its way to the bank or refused. */
#include "gateway/engine/machine.h"

#include <assert.h>

enum {
    PAYMENT_STATUS_NONE = -1,
    PAYMENT_STATUS_REJECTED = 4,
};

/* --- asked before? --- */

static struct instruction *draft(struct engine *engine, const struct delivery *delivery,
                                 const struct facts *facts)
{
    const struct config *config = delivery->terms.configuration->config;
    struct instruction *instruction = instruction_new(0, FLOW_WITHDRAWAL);

    instruction_take_facts(instruction, facts);
    instruction_set(instruction, INSTRUCTION_TEXT_asker, delivery->session->name);
    instruction_set(instruction, INSTRUCTION_TEXT_session, delivery->session->name);
    instruction_set(instruction, INSTRUCTION_TEXT_request, delivery->message->bytes);
    instruction->content = facts_content(facts);
    instruction->configuration = config->digest;
    instruction->created_utc_ns = instruction->changed_utc_ns = engine->now.utc_ns;
    return instruction;
}

/* The same id for something else: refused, and the first one goes its way.  Its
   payment has the id too, so that no status of a payment is told. */
static void refuse_other_content(struct engine *engine, const struct delivery *delivery,
                                 struct entry *earlier, const struct facts *facts)
{
    static const char why[] = "AM05 this PayRequestID was used before with other content";
    struct instruction *instruction = draft(engine, delivery, facts);
    struct report report = { .trans_type = 0,
                             .request_status = 2,
                             .payment_status = PAYMENT_STATUS_NONE,
                             .reject_text = SLICE(why) };
    struct cause cause = { "request", delivery->session->name, SLICE(why) };

    instruction_name_after(instruction, earlier->instruction);
    report_receipt(engine, instruction, delivery->message, false);
    report_send(engine, instruction, delivery->message, &report);
    earlier->instruction->report_count = instruction->report_count;
    instruction_note(engine, earlier, &cause);
    instruction_free(instruction);
}

static void repeat(struct engine *engine, const struct delivery *delivery,
                   const struct entry *earlier)
{
    const struct instruction *instruction = earlier->instruction;

    if (instruction_get(instruction, INSTRUCTION_TEXT_report).at != NULL)
        report_repeat(engine, instruction);
    else
        report_receipt(engine, instruction, delivery->message, true);
}

/* --- carried out --- */

static void refuse(struct engine *engine, struct entry *entry, const struct fix_message *message,
                   const struct refusal *refusal, int payment_status, const struct cause *cause)
{
    struct instruction *instruction = entry->instruction;
    struct verdict verdict = { .state = INSTRUCTION_REFUSED,
                               .report = true,
                               .trans_type = 0,
                               .request_status = 2,
                               .payment_status = payment_status };
    struct error error;
    struct facts facts;

    refusal_text(refusal, verdict.reason, sizeof verdict.reason);
    custody_record(instruction, &verdict, SLICE_NONE);
    bool entered = instruction_enter(engine, entry, INSTRUCTION_REFUSED, cause, &error);
    assert(entered); /* from NONE and HELD there is always a way */
    (void)entered;
    facts_begin(engine, &facts);
    report_verdict(engine, entry->instruction, message, &verdict, &facts);
}

struct order {
    const struct config_session *session;
    const struct configuration *configuration;
    const struct fix_message *message;
    const struct config_channel *deliver_to; /* NULL: the message names none */
    struct facts *facts;
    const struct cause *cause;
};

/* The form of the rule's map for the version of the message. */
static const struct map *order_map(const struct config *config, const struct order *order,
                                   const struct rule *rule)
{
    const struct map *map = map_set_named(&config->maps, rule->map);

    if (map == NULL || map_source(map) == NULL)
        return map;
    return map_set_form(&config->maps, rule->map, message_shape(order->message), NULL);
}

/* Names the order before it is written. */
static void prepare_order(struct engine *engine, struct instruction *instruction,
                          const struct order *order, const struct rule *rule,
                          struct translation *translation)
{
    char uetr[UETR_SIZE + 1];
    struct slice id = instruction_get(instruction, INSTRUCTION_TEXT_id);
    const struct config *config = order->configuration->config;

    random_uetr(&engine->random, uetr);
    instruction_set(instruction, INSTRUCTION_TEXT_uetr, slice_of(uetr));
    instruction_set(instruction, INSTRUCTION_TEXT_channel, rule->to);
    instruction_set(instruction, INSTRUCTION_TEXT_map, rule->map);
    instruction_set(instruction, INSTRUCTION_TEXT_order_id,
                    document_id_make(engine, id, instruction->document_count + 1));
    facts_instruction(engine, order->facts, instruction);
    facts_channel(order->facts, config_channel_named(config, rule->to));
    translation_with(engine, translation, order_map(config, order, rule), order->message,
                     order->session, order->facts);
}

static void refuse_unfit(struct engine *engine, const struct instruction *instruction,
                         const struct config_channel *channel, const struct error *error,
                         struct refusal *refusal)
{
    document_say_unfit(engine, channel, instruction_get(instruction, INSTRUCTION_TEXT_id), error);
    refusal_set(refusal, finding_code(error), "rule %s of the bank's profile: %s", error->rule,
                error->detail);
}

/* The document, not yet recorded; NULL: *refusal says why. */
static struct document *write_order(struct engine *engine, struct instruction *instruction,
                                    const struct order *order, const struct rule *rule,
                                    struct translation *translation, struct refusal *refusal)
{
    const struct config *config = order->configuration->config;
    const struct config_channel *channel = config_channel_named(config, rule->to);
    struct error error = { 0 };

    if (channel == NULL || order_map(config, order, rule) == NULL) {
        refusal_set(refusal, SLICE("RC01"), "rule %.*s does not lead to a bank",
                    SLICE_ARG(rule->name));
        return NULL;
    }
    if (order->deliver_to != NULL && order->deliver_to != channel) {
        refusal_set(refusal, SLICE("RC01"), "DeliverToCompID names another bank than the transfer");
        return NULL;
    }
    prepare_order(engine, instruction, order, rule, translation);
    struct document *document =
        document_write(engine, config, channel, translation,
                       instruction_get(instruction, INSTRUCTION_TEXT_order_id), instruction->number,
                       order->facts, &error);
    if (document == NULL && error.kind == &document_unfit)
        refuse_unfit(engine, instruction, channel, &error, refusal);
    else if (document == NULL) {
        map_failed(engine, rule->map, instruction_get(instruction, INSTRUCTION_TEXT_id), &error);
        refusal_set(refusal, SLICE("MS03"), "the bank's message could not be written: %s",
                    error.detail);
    }
    return document;
}

static void reserve_failed(struct refusal *refusal, const struct error *error)
{
    if (error->kind == &custody_short)
        refusal_set(refusal, SLICE("AM04"), "not enough free money");
    else
        refusal_set(refusal, SLICE("MS03"), "%s: %s", error->kind->text, error->detail);
}

/* Keeps what a bank repeats of the order. */
static void keep_ids(struct instruction *instruction, const struct translation *translation)
{
    static const struct {
        enum instruction_text text;
        const char *name;
    } ids[] = {
        { INSTRUCTION_TEXT_order_instruction, "InstrId" },
        { INSTRUCTION_TEXT_order_payment, "EndToEndId" },
        { INSTRUCTION_TEXT_order_transaction, "TxId" },
    };

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        instruction_set(instruction, ids[i].text,
                        map_value(translation->map, &translation->around, slice_of(ids[i].name)));
}

static bool route(struct engine *engine, struct entry *entry, const struct order *order,
                  const struct rule *rule, struct refusal *refusal)
{
    struct instruction *instruction = entry->instruction;
    struct translation translation;
    struct document *document =
        write_order(engine, instruction, order, rule, &translation, refusal);
    struct error error;

    if (document == NULL)
        return false;
    if (!instruction_enter(engine, entry, INSTRUCTION_ACCEPTED, order->cause, &error)) {
        document_free(document);
        reserve_failed(refusal, &error);
        return false;
    }
    instruction->document_count++;
    keep_ids(instruction, &translation);
    struct slice name = instruction_get(instruction, INSTRUCTION_TEXT_order_instruction);
    if (name.at != NULL)
        keys_add(engine, INDEX_ORDER, document->channel, name, instruction->number);
    instruction_expect_answer(engine, entry, order->configuration->config);
    outbox_add(engine, document);
    return true;
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
    reserve_failed(refusal, &error);
    return false;
}

/* A cancel that is refused says nothing of the payment that it was about. */
static int payment_status_refused(const struct order *order)
{
    bool cancel = slice_is(order->facts->values[FACT_instruction_action], "cancel");

    return cancel ? PAYMENT_STATUS_NONE : PAYMENT_STATUS_REJECTED;
}

static void carry_out(struct engine *engine, struct entry *entry, const struct order *order,
                      struct decision *decision)
{
    bool done = false;

    instruction_set(entry->instruction, INSTRUCTION_TEXT_rule, decision->name);
    if (decision->action == RULE_ROUTE)
        done = route(engine, entry, order, decision->rule, &decision->refusal);
    else if (decision->action == RULE_HOLD)
        done = hold(engine, entry, order->cause, &decision->refusal);
    if (!done)
        refuse(engine, entry, order->message, &decision->refusal, payment_status_refused(order),
               order->cause);
}

/* --- the broker's message --- */

static void decide(struct engine *engine, const struct delivery *delivery,
                   struct instruction *instruction, const struct surroundings *around,
                   struct facts *facts, struct decision *decision)
{
    const struct config *config = delivery->terms.configuration->config;
    struct surroundings rules_around = *around;

    rules_around.source = NULL; /* rules see facts only */
    if (slice_is(facts->values[FACT_instruction_action], "cancel")) {
        *decision = (struct decision){ .action = RULE_REFUSE, .name = SLICE("check") };
        refusal_set(&decision->refusal, SLICE("AG03"), "cancelling is not supported");
        return;
    }
    decision_make(engine, config, instruction, facts, NULL, &rules_around, decision);
}

static void begin(struct engine *engine, const struct delivery *delivery,
                  const struct translation *translation, struct facts *facts)
{
    struct broker_session *session = delivery->session;
    struct instruction *instruction = draft(engine, delivery, facts);
    struct cause cause = { "request", session->name, SLICE_NONE };
    struct order order = { .session = delivery->terms.session,
                           .configuration = delivery->terms.configuration,
                           .message = delivery->message,
                           .deliver_to = delivery->channel,
                           .facts = facts,
                           .cause = &cause };
    struct decision decision;

    decide(engine, delivery, instruction, &translation->around, facts, &decision);
    if (decision.action == RULE_ECHO) {
        instruction_free(instruction);
        echo_take(engine, delivery);
        return;
    }
    instruction_name(engine, instruction);
    struct entry *entry = instructions_add(engine, instruction);
    keys_add(engine, INDEX_REQUEST, session->name,
             instruction_get(instruction, INSTRUCTION_TEXT_request_id), instruction->number);
    report_receipt(engine, instruction, delivery->message, false);
    carry_out(engine, entry, &order, &decision);
}

bool request_take(struct engine *engine, const struct delivery *delivery,
                  const struct translation *translation, struct facts *facts)
{
    struct slice request_id = facts->values[FACT_instruction_request_id];
    bool cancel = slice_is(facts->values[FACT_instruction_action], "cancel");
    struct entry *earlier;
    unsigned count;

    if (!slice_is(map_flow(translation->map), flow_name(FLOW_WITHDRAWAL))) {
        message_refuse(engine, delivery, BUSINESS_UNSUPPORTED, request_id,
                       SLICE("brokers may ask for withdrawals only"));
        return true;
    }
    if (request_id.size == 0 || (cancel && facts->values[FACT_instruction_cancels].size == 0)) {
        message_refuse(engine, delivery, BUSINESS_FIELD_MISSING, request_id,
                       cancel ? SLICE("PayRequestRefID is missing")
                              : SLICE("PayRequestID is missing"));
        return true;
    }
    if (!instructions_with(engine, INDEX_REQUEST, delivery->session->name, request_id,
                           &delivery->session->waiter, &earlier, &count))
        return false;
    struct digest content = facts_content(facts);
    if (earlier == NULL)
        begin(engine, delivery, translation, facts);
    else if (digest_equal(&earlier->instruction->content, &content))
        repeat(engine, delivery, earlier);
    else
        refuse_other_content(engine, delivery, earlier, facts);
    return true;
}

/* --- an operator's word on a held one --- */

/* Reads again what the broker asked for; false: it can't be read any more.  Its
   money is reserved in the currency that was good then. */
static bool read_again(struct engine *engine, const struct instruction *instruction,
                       struct order *order, struct fix_message *message,
                       struct translation *translation)
{
    const struct broker_session *session =
        broker_session_named(engine, instruction_get(instruction, INSTRUCTION_TEXT_session));
    struct error error;

    if (session == NULL)
        return false;
    struct session_terms terms = broker_session_terms(engine, session);
    if (!message_read(terms.session, instruction_get(instruction, INSTRUCTION_TEXT_request),
                      &engine->scratch, message))
        return false;
    facts_begin(engine, order->facts);
    facts_session(order->facts, terms.session);
    facts_message(engine, order->facts, terms.session, message);
    order->session = terms.session;
    order->configuration = terms.configuration;
    order->message = message;
    bool read = message_channel(terms.configuration->config, message, &order->deliver_to) &&
                translation_find(engine, translation, terms.configuration->config, MAP_USE_REQUEST,
                                 message, terms.session, SLICE_NONE, order->facts) &&
                map_read(translation->map, &translation->around, order->facts, &error);
    order->facts->values[FACT_instruction_currency] =
        instruction_get(instruction, INSTRUCTION_TEXT_currency);
    return read;
}

bool request_release(struct engine *engine, struct entry *entry, const struct cause *cause)
{
    struct instruction *instruction = entry->instruction;
    struct fix_message message;
    struct translation translation;
    struct facts facts;
    struct order order = { .facts = &facts, .cause = cause };
    struct decision decision;

    if (!read_again(engine, instruction, &order, &message, &translation))
        return false;
    const struct config *config = order.configuration->config;
    const struct rule *after =
        rule_named(config, instruction_get(instruction, INSTRUCTION_TEXT_rule));
    struct surroundings around = translation.around;

    around.source = NULL;
    decision_make(engine, config, instruction, &facts, after, &around, &decision);
    if (decision.action == RULE_ECHO)
        return false;
    instruction->configuration = config->digest;
    carry_out(engine, entry, &order, &decision);
    return true;
}

void request_refuse(struct engine *engine, struct entry *entry, const struct cause *cause)
{
    struct refusal refusal = { "", "" };

    refusal_set(&refusal, SLICE("MS03"), "refused by an operator");
    refuse(engine, entry, NULL, &refusal, PAYMENT_STATUS_REJECTED, cause);
}
