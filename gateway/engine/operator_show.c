/* What an operator may see: sessions, instructions, and one of them with all
   that has happened to it. */
#include "codecs/base/currency.h"
#include "codecs/base/decimal.h"
#include "gateway/engine/operator.h"
#include "gateway/engine/wire.h"

static void list_begin(struct operator_command *command)
{
    listing_init(&command->listing, &command->answer, command->json);
}

static void list_end(struct engine *engine, struct operator_command *command)
{
    listing_fini(&command->listing);
    operator_finish(engine, command, OPERATOR_DONE);
}

static void list_time(struct engine *engine, struct listing *listing, const char *name,
                      int64_t utc_ns)
{
    listing_text(listing, name, utc_ns == 0 ? SLICE_NONE : time_text(engine, utc_ns));
}

static struct slice amount_text(struct engine *engine, int64_t amount_minor,
                                struct slice currency_code)
{
    const struct currency *currency = currency_find(currency_code);
    struct writer writer;

    if (currency == NULL)
        return SLICE_NONE;
    writer_init(&writer, 0);
    decimal_write(decimal_from_minor(amount_minor, currency->minor_units), currency->minor_units,
                  &writer);
    struct slice text =
        SCRATCH(engine, "%.*s %.*s", SLICE_ARG(writer_slice(&writer)), SLICE_ARG(currency_code));
    writer_fini(&writer);
    return text;
}

void operator_sessions(struct engine *engine, struct operator_command *command)
{
    struct listing *listing = &command->listing;

    list_begin(command);
    listing_section(listing, "sessions", LISTING_TABLE);
    for (size_t i = 0; i < engine->session_count; i++) {
        const struct broker_session *session = engine->sessions[i];

        listing_row(listing);
        listing_text(listing, "session", session->name);
        listing_text(listing, "state", operator_session_state(engine, session));
        listing_text(
            listing, "peer",
            session->wire == NULL
                ? SLICE_NONE
                : SCRATCH(engine, "%.*s:%u", SLICE_ARG(session->wire->peer), session->wire->port));
        listing_number(listing, "next_in", fix_session_next_in(session->machine));
        listing_number(listing, "next_out", fix_session_next_out(session->machine));
        listing_number(listing, "waiting", session->parked_count);
        listing_row_end(listing);
    }
    listing_section_end(listing);
    list_end(engine, command);
}

static void list_instruction(struct engine *engine, struct listing *listing,
                             const struct instruction *instruction)
{
    static const enum instruction_text texts[] = {
        INSTRUCTION_TEXT_id,     INSTRUCTION_TEXT_request_id, INSTRUCTION_TEXT_session,
        INSTRUCTION_TEXT_client, INSTRUCTION_TEXT_channel,    INSTRUCTION_TEXT_rule,
        INSTRUCTION_TEXT_reason,
    };

    listing_row(listing);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        listing_text(listing, instruction_text_name(texts[i]),
                     instruction_get(instruction, texts[i]));
    listing_text(listing, "flow", slice_of(flow_name(instruction->flow)));
    listing_text(listing, "state", slice_of(instruction_state_name(instruction->state)));
    listing_text(listing, "amount",
                 amount_text(engine, instruction->amount_minor,
                             instruction_get(instruction, INSTRUCTION_TEXT_currency)));
    list_time(engine, listing, "created", instruction->created_utc_ns);
    list_time(engine, listing, "changed", instruction->changed_utc_ns);
    listing_row_end(listing);
}

static void take_instructions(struct engine *engine, void *owner, const struct answer *answer)
{
    struct operator_command *command = owner;
    struct listing *listing = &command->listing;

    list_begin(command);
    listing_section(listing, "instructions", LISTING_TABLE);
    for (size_t i = 0; i < answer->count; i++)
        list_instruction(engine, listing, answer->rows[i].instruction);
    listing_section_end(listing);
    list_end(engine, command);
}

void operator_instructions(struct engine *engine, struct operator_command *command)
{
    struct query query = { .kind = QUERY_INSTRUCTIONS, .state = -1, .limit = INSTRUCTION_LIST_MAX };
    enum instruction_state state;

    if (command->options[OPTION_STATE].at != NULL) {
        if (!instruction_state_named(command->options[OPTION_STATE], &state)) {
            operator_say(engine, command, OPERATOR_USAGE, "no state has the name %.*s",
                         SLICE_ARG(command->options[OPTION_STATE]));
            return;
        }
        query.state = (int)state;
    }
    reads_ask(engine, &query, take_instructions, command);
}

/* --- show: four questions, one after the other --- */

static void list_card(struct engine *engine, struct listing *listing,
                      const struct instruction *instruction)
{
    listing_row(listing);
    listing_number(listing, "number", instruction->number);
    listing_text(listing, "flow", slice_of(flow_name(instruction->flow)));
    listing_text(listing, "state", slice_of(instruction_state_name(instruction->state)));
    listing_text(listing, "amount",
                 amount_text(engine, instruction->amount_minor,
                             instruction_get(instruction, INSTRUCTION_TEXT_currency)));
    for (int text = 0; text < INSTRUCTION_TEXT_COUNT; text++)
        listing_text(listing, instruction_text_name((enum instruction_text)text),
                     instruction->texts[text]);
    list_time(engine, listing, "created", instruction->created_utc_ns);
    list_time(engine, listing, "changed", instruction->changed_utc_ns);
    list_time(engine, listing, "deadline", instruction->deadline_utc_ns);
    listing_text(listing, "configuration", digest_text(engine, &instruction->configuration));
    listing_row_end(listing);
}

static void list_event(struct engine *engine, struct listing *listing, const struct row *row)
{
    const struct event_row *event = &row->event;

    listing_number(listing, "sequence", event->sequence);
    list_time(engine, listing, "time", event->utc_ns);
    listing_text(listing, "from", slice_of(instruction_state_name(event->from)));
    listing_text(listing, "to", slice_of(instruction_state_name(event->to)));
    listing_text(listing, "cause", event->cause);
    listing_text(listing, "who", event->who);
    listing_text(listing, "rule", event->rule);
    listing_text(listing, "text", event->text);
}

static void list_ledger(struct engine *engine, struct listing *listing, const struct row *row)
{
    const struct movement *movement = &row->ledger.movement;

    listing_number(listing, "sequence", row->ledger.sequence);
    list_time(engine, listing, "time", row->ledger.utc_ns);
    listing_text(listing, "from", slice_of(ledger_side_name(movement->from)));
    listing_text(listing, "to", slice_of(ledger_side_name(movement->to)));
    listing_text(listing, "amount",
                 amount_text(engine, movement->amount_minor, movement->key.currency));
    listing_text(listing, "account", movement->key.account);
    listing_text(listing, "client", movement->key.client);
}

static void list_document(struct engine *engine, struct listing *listing, const struct row *row)
{
    const struct document_row *document = &row->document;

    listing_text(listing, "id", document->id);
    listing_text(listing, "channel", document->channel);
    listing_text(listing, "definition", document->definition);
    list_time(engine, listing, "time", document->utc_ns);
    listing_text(listing, "state",
                 document->state == DOCUMENT_TAKEN ? SLICE("taken") : SLICE("waiting"));
}

static const struct part {
    const char *name;
    enum query_kind query;
    void (*list)(struct engine *engine, struct listing *listing, const struct row *row);
} parts[] = {
    { "events", QUERY_EVENTS, list_event },
    { "ledger", QUERY_LEDGER, list_ledger },
    { "documents", QUERY_DOCUMENTS, list_document },
};

#define PARTS (sizeof parts / sizeof parts[0])

static void take_part(struct engine *engine, void *owner, const struct answer *answer);

static void ask_part(struct engine *engine, struct operator_command *command)
{
    struct query query = { .kind = parts[command->part].query, .number = command->number };

    reads_ask(engine, &query, take_part, command);
}

static void take_part(struct engine *engine, void *owner, const struct answer *answer)
{
    struct operator_command *command = owner;
    const struct part *part = &parts[command->part];
    struct listing *listing = &command->listing;

    listing_section(listing, part->name, LISTING_TABLE);
    for (size_t i = 0; i < answer->count; i++) {
        listing_row(listing);
        part->list(engine, listing, &answer->rows[i]);
        listing_row_end(listing);
    }
    listing_section_end(listing);
    if (++command->part == PARTS)
        list_end(engine, command);
    else
        ask_part(engine, command);
}

static void take_instruction(struct engine *engine, void *owner, const struct answer *answer)
{
    struct operator_command *command = owner;
    struct listing *listing = &command->listing;

    if (answer->count == 0) {
        operator_say(engine, command, OPERATOR_FAULT,
                     "no instruction has the id %.*s: `penstock instructions` lists them",
                     SLICE_ARG(command->argument));
        return;
    }
    command->number = answer->rows[0].instruction->number;
    list_begin(command);
    listing_section(listing, "instruction", LISTING_CARD);
    list_card(engine, listing, answer->rows[0].instruction);
    listing_section_end(listing);
    ask_part(engine, command);
}

void operator_show(struct engine *engine, struct operator_command *command)
{
    struct query query = { .kind = QUERY_INSTRUCTION_BY_ID, .id = command->argument, .limit = 1 };

    /* Documents and reports have its number in their ids, too. */
    if (own_id_read(engine, command->argument, &query.number))
        query.kind = QUERY_INSTRUCTION;
    reads_ask(engine, &query, take_instruction, command);
}
