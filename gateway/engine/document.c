/* Documents for a bank: message, header and envelope, all checked while they
   are written. */
#include "gateway/engine/machine.h"

#include <stdlib.h>

const struct error_kind document_without_map = { "engine.document-without-map",
                                                 "no map writes this document" };

static bool write_header(struct engine *engine, const struct config *config,
                         const struct facts *facts, struct writer *header, struct error *error)
{
    struct translation translation;

    if (!translation_find(engine, &translation, config, MAP_USE_HEADER, NULL, NULL, SLICE_NONE,
                          facts))
        return error_at(error, &document_without_map, PLACE_NONE, "header");
    return translation_write(&translation, header, error);
}

static bool write_envelope(const struct config_channel *channel, const struct facts *facts,
                           const struct writer *header, const struct writer *body,
                           struct writer *whole, struct error *error)
{
    const struct iso_envelope_parts parts = {
        .header = writer_slice(header),
        .document = writer_slice(body),
        .id = facts->values[FACT_message_id],
        .definition = facts->values[FACT_message_definition],
        .sender = facts->values[FACT_session_bic],
        .receiver = facts->values[FACT_bank_bic],
    };
    struct slice text = channel->envelope_text.at == NULL ? iso_envelope_text(channel->envelope)
                                                          : channel->envelope_text;

    return iso_envelope_write(text, &parts, whole, error);
}

static struct document *document_new(struct slice id, struct slice channel, struct slice definition,
                                     struct slice bytes)
{
    struct document *document = memory_take(sizeof *document);

    *document = (struct document){ .id = owned_copy(id),
                                   .channel = owned_copy(channel),
                                   .definition = owned_copy(definition),
                                   .bytes = owned_copy(bytes) };
    document->deadline = (struct deadline){ .kind = DEADLINE_DOCUMENT, .owner = document };
    return document;
}

void document_free(struct document *document)
{
    owned_free(document->id);
    owned_free(document->channel);
    owned_free(document->definition);
    owned_free(document->bytes);
    free(document);
}

struct document *document_of_row(const struct document_row *row)
{
    struct document *document = document_new(row->id, row->channel, row->definition, row->bytes);

    document->instruction = row->instruction;
    document->utc_ns = row->utc_ns;
    return document;
}

struct document *document_write(struct engine *engine, const struct config *config,
                                const struct config_channel *channel,
                                struct translation *translation, struct slice id,
                                uint64_t instruction, struct facts *facts, struct error *error)
{
    struct slice definition = slice_of(map_target(translation->map)->name);
    struct document *document = NULL;
    struct writer header, body, whole, encoded;

    facts->values[FACT_message_id] = id;
    facts->values[FACT_message_definition] = definition;
    writer_init(&header, 0);
    writer_init(&body, 0);
    writer_init(&whole, 0);
    writer_init(&encoded, 0);
    if (translation_write(translation, &body, error) &&
        write_header(engine, config, facts, &header, error) &&
        write_envelope(channel, facts, &header, &body, &whole, error) &&
        document_judge(config, channel, writer_slice(&whole), error) &&
        xml_encode(channel->limits.charset, writer_slice(&whole), &encoded, error))
        document = document_new(id, channel->name, definition, writer_slice(&encoded));
    if (document != NULL) {
        document->instruction = instruction;
        document->utc_ns = engine->now.utc_ns;
    }
    writer_fini(&header);
    writer_fini(&body);
    writer_fini(&whole);
    writer_fini(&encoded);
    return document;
}

/* Facts about an instruction of the bank, for the answer to it. */
static void reply_facts(struct engine *engine, const struct instruction *instruction,
                        const struct config_channel *channel, struct facts *facts)
{
    const struct config *config = engine->configuration->config;
    struct slice name = instruction_get(instruction, INSTRUCTION_TEXT_session);
    const struct config_session *session =
        config_session_named(config, name.at == NULL ? channel->session : name);

    facts_begin(engine, facts);
    facts_channel(facts, channel);
    if (session != NULL)
        facts_session(facts, session);
    facts_instruction(engine, facts, instruction);
}

/* What a bank is told of what it asked for. */
struct reply {
    struct slice code, reason, text;
};

static struct document *write_reply(struct engine *engine, const struct instruction *instruction,
                                    const struct config_channel *channel, struct slice id,
                                    const struct reply *reply, struct error *error)
{
    const struct config *config = engine->configuration->config;
    struct translation translation;
    struct facts facts;

    reply_facts(engine, instruction, channel, &facts);
    facts.values[FACT_answer_code] = reply->code;
    facts.values[FACT_answer_text] = reply->text;
    facts.values[FACT_status_reason] = reply->reason;
    facts.values[FACT_status_text] = reply->text;
    if (!translation_find(engine, &translation, config, MAP_USE_REPLY, NULL, NULL,
                          slice_of(flow_name(instruction->flow)), &facts))
        return NULL;
    return document_write(engine, config, channel, &translation, id, instruction->number, &facts,
                          error);
}

void reply_send(struct engine *engine, struct instruction *instruction, struct slice code,
                struct slice reason, struct slice text)
{
    const struct config_channel *channel = config_channel_named(
        engine->configuration->config, instruction_get(instruction, INSTRUCTION_TEXT_channel));
    struct slice id = document_id_make(engine, instruction_get(instruction, INSTRUCTION_TEXT_id),
                                       instruction->document_count + 1);
    struct error error = { .kind = &document_without_map };
    struct reply reply = { code, reason, text };
    struct document *document = NULL;

    if (channel != NULL)
        document = write_reply(engine, instruction, channel, id, &reply, &error);
    if (document == NULL && error.kind == &document_unfit) {
        document_say_unfit(engine, channel, id, &error);
        reply.text = SLICE_NONE;
        document = write_reply(engine, instruction, channel, id, &reply, &error);
    }
    if (document == NULL) {
        map_failed(engine, SLICE_NONE, id, &error);
        return;
    }
    instruction->document_count++;
    instruction_set(instruction, INSTRUCTION_TEXT_order_id, document->id);
    outbox_add(engine, document);
}

/* Without its words, when the profile of the channel does not take them. */
static struct document *write_refusal(struct engine *engine, const struct config_channel *channel,
                                      struct slice id, struct facts *facts, struct error *error)
{
    const struct config *config = engine->configuration->config;
    struct translation translation;

    if (!translation_find(engine, &translation, config, MAP_USE_REFUSE, NULL, NULL, SLICE_NONE,
                          facts))
        return NULL;
    struct document *document =
        document_write(engine, config, channel, &translation, id, 0, facts, error);
    if (document != NULL || error->kind != &document_unfit)
        return document;
    document_say_unfit(engine, channel, id, error);
    facts->values[FACT_refused_text] = SLICE_NONE;
    facts->values[FACT_refused_findings] = SLICE_NONE;
    facts->values[FACT_refused_location] = SLICE_NONE;
    return document_write(engine, config, channel, &translation, id, 0, facts, error);
}

struct slice refusal_document_send(struct engine *engine, const struct config_channel *channel,
                                   uint64_t number, struct translation *rejection,
                                   struct facts *facts)
{
    const struct config *config = engine->configuration->config;
    const struct config_session *session = config_session_named(config, channel->session);
    struct slice id = document_id_make(engine, instruction_id_make(engine, number), 1);
    struct document *document;
    struct error error = { .kind = &document_without_map };

    facts_channel(facts, channel);
    if (session != NULL)
        facts_session(facts, session);
    document = rejection == NULL
                   ? write_refusal(engine, channel, id, facts, &error)
                   : document_write(engine, config, channel, rejection, id, 0, facts, &error);
    if (document == NULL && rejection == NULL)
        map_failed(engine, SLICE_NONE, id, &error);
    if (document == NULL)
        return SLICE_NONE;
    outbox_add(engine, document);
    return id;
}
