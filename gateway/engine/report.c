/* What a broker is told of its request: receipts (DZ) and reports (EA). */
#include "gateway/engine/machine.h"

/* All that a map for a broker may name beside the request's own fields. */
static void fill_facts(struct engine *engine, const struct session_terms *terms,
                       const struct instruction *instruction, struct facts *facts)
{
    const struct config_channel *channel = config_channel_named(
        terms->configuration->config, instruction_get(instruction, INSTRUCTION_TEXT_channel));
    const struct link *link =
        book_find_link(engine->book, instruction_get(instruction, INSTRUCTION_TEXT_client),
                       instruction_get(instruction, INSTRUCTION_TEXT_account));

    facts_begin(engine, facts);
    facts_session(facts, terms->session);
    if (channel != NULL)
        facts_channel(facts, channel);
    if (link != NULL)
        facts_link(facts, link);
    facts_instruction(engine, facts, instruction);
}

struct letter {
    struct broker_session *session;
    struct session_terms terms;
    const struct fix_message *message; /* the request */
    struct fix_message stored;         /* where message points when it was read again */
    struct facts facts;
};

/* false: nobody can be told; an alert says so. */
static bool letter_begin(struct engine *engine, const struct instruction *instruction,
                         const struct fix_message *message, struct letter *letter)
{
    struct error error = { .kind = &report_impossible };
    struct slice id = instruction_get(instruction, INSTRUCTION_TEXT_id);

    letter->session =
        broker_session_named(engine, instruction_get(instruction, INSTRUCTION_TEXT_session));
    if (letter->session == NULL) {
        map_failed(engine, SLICE_NONE, id, &error);
        return false;
    }
    letter->terms = broker_session_terms(engine, letter->session);
    letter->message = message;
    if (message == NULL) {
        if (!message_read(letter->terms.session,
                          instruction_get(instruction, INSTRUCTION_TEXT_request), &engine->scratch,
                          &letter->stored)) {
            map_failed(engine, SLICE_NONE, id, &error);
            return false;
        }
        letter->message = &letter->stored;
    }
    fill_facts(engine, &letter->terms, instruction, &letter->facts);
    return true;
}

const struct error_kind report_impossible = { "engine.report-impossible",
                                              "the broker can't be told" };

/* Writes it by the first map of this use and sends it; body (NULL: not wanted)
   receives what was written. */
static bool letter_send(struct engine *engine, const struct instruction *instruction,
                        struct letter *letter, enum map_use use, bool repeat, struct writer *body)
{
    struct slice id = instruction_get(instruction, INSTRUCTION_TEXT_id);
    struct broker_session *session = letter->session;
    struct translation translation;
    struct error error = { .kind = &report_impossible };

    if (!translation_find(engine, &translation, letter->terms.configuration->config, use,
                          letter->message, letter->terms.session,
                          slice_of(flow_name(instruction->flow)), &letter->facts)) {
        map_failed(engine, SLICE_NONE, id, &error);
        return false;
    }
    translation.around.target_charset = letter->terms.session->charset;
    if (!translation_write(&translation, body, &error)) {
        map_failed(engine, map_name(translation.map), id, &error);
        return false;
    }
    broker_session_send(engine, session,
                        translation_msg_type(letter->terms.session, translation.map),
                        message_answer_header(engine, letter->message, repeat), writer_slice(body));
    return true;
}

void report_receipt(struct engine *engine, const struct instruction *instruction,
                    const struct fix_message *message, bool repeat)
{
    struct letter letter;
    struct writer body;

    if (!letter_begin(engine, instruction, message, &letter))
        return;
    writer_init(&body, 0);
    letter_send(engine, instruction, &letter, MAP_USE_ACKNOWLEDGE, repeat, &body);
    writer_fini(&body);
}

void report_send(struct engine *engine, struct instruction *instruction,
                 const struct fix_message *message, const struct report *report)
{
    struct slice id = report_id_make(engine, instruction_get(instruction, INSTRUCTION_TEXT_id),
                                     instruction->report_count + 1);
    struct letter letter;
    struct writer body;

    if (!letter_begin(engine, instruction, message, &letter))
        return;
    facts_report(engine, &letter.facts, report, id);
    writer_init(&body, 0);
    if (letter_send(engine, instruction, &letter, MAP_USE_REPORT, false, &body)) {
        instruction->report_count++;
        instruction_set(instruction, INSTRUCTION_TEXT_report_id, id);
        instruction_set(instruction, INSTRUCTION_TEXT_report, writer_slice(&body));
    }
    writer_fini(&body);
}

void report_verdict(struct engine *engine, struct instruction *instruction,
                    const struct fix_message *message, const struct verdict *verdict,
                    const struct facts *said)
{
    struct slice reference = said->values[FACT_status_reference];
    struct report report = { .trans_type = verdict->trans_type,
                             .request_status = verdict->request_status,
                             .payment_status = verdict->payment_status,
                             .reject_text = slice_of(verdict->reason),
                             .text = slice_of(verdict->text),
                             .time = said->values[FACT_status_time],
                             .settled_on = said->values[FACT_status_settled_on] };

    if (report.text.size == 0 && reference.at != NULL)
        report.text = SCRATCH(engine, "bank reference %.*s", SLICE_ARG(reference));
    report_send(engine, instruction, message, &report);
}

void report_repeat(struct engine *engine, const struct instruction *instruction)
{
    struct letter letter;
    struct translation translation;

    if (!letter_begin(engine, instruction, NULL, &letter) ||
        !translation_find(engine, &translation, letter.terms.configuration->config, MAP_USE_REPORT,
                          letter.message, letter.terms.session,
                          slice_of(flow_name(instruction->flow)), &letter.facts))
        return;
    broker_session_send(engine, letter.session,
                        translation_msg_type(letter.terms.session, translation.map),
                        message_answer_header(engine, letter.message, true),
                        instruction_get(instruction, INSTRUCTION_TEXT_report));
}
