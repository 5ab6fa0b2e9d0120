/* An application message of a broker: what reads it decides what becomes of it. */
#include "codecs/base/bic.h"
#include "gateway/engine/machine.h"

enum {
    TAG_DELIVER_TO_COMP_ID = 128,
    TAG_BUSINESS_REASON = 380,
};

/* Older versions have fewer reasons. */
static enum business_reason reason_of(const struct fix_dictionary *dictionary,
                                      enum business_reason reason)
{
    const struct fix_field_type *field = fix_dictionary_field(dictionary, TAG_BUSINESS_REASON);
    char digit = (char)('0' + reason);
    bool known = field == NULL || field->value_count == 0 ||
                 fix_field_type_value(field, (struct slice){ &digit, 1 }) != NULL;

    return known ? reason : BUSINESS_OTHER;
}

struct slice message_answer_header(struct engine *engine, const struct fix_message *message,
                                   bool repeat)
{
    struct writer writer;

    writer_init(&writer, 0);
    if (repeat)
        writer_text(&writer, "97=Y\001");
    fix_route_reverse(message, &writer);
    struct slice header = arena_copy(&engine->scratch, writer_slice(&writer));
    writer_fini(&writer);
    return header;
}

static void tell_refusal(struct engine *engine, const struct delivery *delivery,
                         enum business_reason reason, struct slice id, struct slice text)
{
    struct broker_session *session = delivery->session;
    const struct fix_message *message = delivery->message;
    const struct fix_dictionary *dictionary =
        message->dictionary != NULL ? message->dictionary : delivery->terms.session->dictionary;
    struct slice msg_type = message->msg_type;
    struct slice header = message_answer_header(engine, message, false);
    struct writer body;

    if (fix_dictionary_message(dictionary, SLICE("j")) == NULL) {
        broker_session_reject(engine, session, delivery->number, msg_type, header,
                              reason == BUSINESS_THROTTLED ? &fix_fault_rate_exceeded
                                                           : &fix_fault_msg_type_invalid);
        return;
    }
    writer_init(&body, 0);
    writer_format(&body, "45=%llu\001", (unsigned long long)delivery->number);
    if (msg_type.size != 0)
        writer_format(&body, "372=%.*s\001", SLICE_ARG(msg_type));
    if (id.size != 0)
        writer_format(&body, "379=%.*s\001", SLICE_ARG(id));
    writer_format(&body, "380=%d\00158=%.*s\001", (int)reason_of(dictionary, reason),
                  SLICE_ARG(text));
    broker_session_send_answer(engine, session, message, SLICE("j"), header, writer_slice(&body));
    writer_fini(&body);
}

static void say_refusal(struct engine *engine, const struct delivery *delivery, struct slice id,
                        struct slice text)
{
    SAY(engine, session_fault, { "session", delivery->session->name },
        { "msg-type", delivery->message->msg_type }, { "id", id }, { "why", text });
}

void message_refuse(struct engine *engine, const struct delivery *delivery,
                    enum business_reason reason, struct slice id, struct slice text)
{
    say_refusal(engine, delivery, id, text);
    tell_refusal(engine, delivery, reason, id, text);
}

/* The first of those that follow each other is told to the log for all. */
static void refuse_over_rate(struct engine *engine, const struct delivery *delivery)
{
    struct slice text = SCRATCH(engine, "more than %zu messages a second are not taken",
                                delivery->terms.session->rate_max);

    if (!delivery->session->rate_told)
        say_refusal(engine, delivery, SLICE_NONE, text);
    delivery->session->rate_told = true;
    tell_refusal(engine, delivery, BUSINESS_THROTTLED, SLICE_NONE, text);
}

bool message_channel(const struct config *config, const struct fix_message *message,
                     const struct config_channel **channel)
{
    struct slice name = fix_message_get(message, TAG_DELIVER_TO_COMP_ID);

    *channel = NULL;
    if (name.at == NULL)
        return true;
    for (size_t i = 0; i < config->channel_count; i++)
        if (slice_equal(config->channels[i].name, name) || bic_same(config->channels[i].bic, name))
            *channel = &config->channels[i];
    return *channel != NULL;
}

static struct slice id_of(const struct facts *facts)
{
    struct slice request = facts->values[FACT_instruction_request_id];

    return request.at != NULL ? request : facts->values[FACT_answer_report_id];
}

/* No map reads it: a rule may still want it echoed. */
static void take_unread(struct engine *engine, const struct delivery *delivery,
                        const struct facts *facts)
{
    const struct config *config = delivery->terms.configuration->config;
    struct surroundings around = { .facts = facts, .arena = &engine->scratch };
    const struct rule *rule = rules_decide(&config->rules, NULL, &around);

    if (rule != NULL && rule->action == RULE_ECHO)
        echo_take(engine, delivery);
    else
        message_refuse(engine, delivery, BUSINESS_UNSUPPORTED, SLICE_NONE,
                       SLICE("messages of this type are not served here"));
}

/* false: *map could not read it, and it was refused. */
static bool read_facts(struct engine *engine, const struct delivery *delivery,
                       const struct translation *translation, struct facts *facts)
{
    struct error error;

    if (map_read(translation->map, &translation->around, facts, &error))
        return true;
    message_refuse(engine, delivery, BUSINESS_OTHER, id_of(facts), slice_of(error.detail));
    return false;
}

static bool take_read(struct engine *engine, struct delivery *delivery,
                      const struct translation *translation, struct facts *facts)
{
    const struct config *config = delivery->terms.configuration->config;

    if (!read_facts(engine, delivery, translation, facts))
        return true;
    if (!message_channel(config, delivery->message, &delivery->channel)) {
        message_refuse(engine, delivery, BUSINESS_NO_DELIVERY, id_of(facts),
                       SLICE("no bank of this gateway is named by DeliverToCompID"));
        return true;
    }
    return map_use(translation->map) == MAP_USE_REQUEST
               ? request_take(engine, delivery, translation, facts)
               : answer_take(engine, delivery, facts);
}

bool message_take(struct engine *engine, struct delivery *delivery)
{
    static const enum map_use uses[] = { MAP_USE_REQUEST, MAP_USE_ANSWER };
    struct translation translation;
    struct facts facts;

    if (delivery->over_rate) {
        refuse_over_rate(engine, delivery);
        return true;
    }
    delivery->session->rate_told = false;
    facts_begin(engine, &facts);
    facts_session(&facts, delivery->terms.session);
    facts_message(engine, &facts, delivery->terms.session, delivery->message);
    facts.values[FACT_message_duplicate] = delivery->possible_resend ? SLICE("true") : SLICE_NONE;
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        if (translation_find(engine, &translation, delivery->terms.configuration->config, uses[i],
                             delivery->message, delivery->terms.session, SLICE_NONE, &facts))
            return take_read(engine, delivery, &translation, &facts);
    take_unread(engine, delivery, &facts);
    return true;
}
