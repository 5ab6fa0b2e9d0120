/* A broker's answer to a report (EB): for a deposit it decides, for a withdrawal
   it only says that the report has arrived. */
#include "gateway/engine/machine.h"

/* Is it the id of a report that this session was sent? */
static bool is_report_of(const struct instruction *instruction, struct slice session,
                         struct slice id)
{
    struct slice own = instruction_get(instruction, INSTRUCTION_TEXT_id);
    uint64_t count;

    if (!slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_session), session) ||
        !slice_starts(id, own) || id.size < own.size + 3 || memcmp(id.at + own.size, "-R", 2) != 0)
        return false;
    return slice_to_u64(slice_after(id, own.size + 2), instruction->report_count, &count) &&
           count != 0;
}

static void take_word(struct engine *engine, struct entry *entry,
                      const struct config_channel *channel, struct facts *facts)
{
    struct instruction *instruction = entry->instruction;
    struct cause cause = { "answer", instruction_get(instruction, INSTRUCTION_TEXT_session),
                           SLICE_NONE };
    struct verdict verdict =
        custody_judge_answer(instruction, facts, channel != NULL && channel->books_on_accept);
    struct error error;

    if (!verdict_carry_out(engine, entry, &verdict, facts->values[FACT_answer_code], &cause,
                           &error)) {
        cause.text = slice_of(error.detail);
        say_contradiction(engine, instruction, &cause);
        instruction_note(engine, entry, &cause);
        return;
    }
    if (verdict.report)
        reply_send(engine, instruction, facts->values[FACT_answer_code],
                   facts->values[FACT_status_reason], facts->values[FACT_answer_text]);
}

bool answer_take(struct engine *engine, const struct delivery *delivery, struct facts *facts)
{
    struct broker_session *session = delivery->session;
    struct slice id = facts->values[FACT_answer_report_id];
    struct entry *entry = NULL;
    uint64_t number;

    if (own_id_read(engine, id, &number)) {
        entry = instructions_want(engine, number, &session->waiter);
        if (entry == NULL)
            return false;
    }
    if (entry == NULL || entry->instruction == NULL ||
        !is_report_of(entry->instruction, session->name, id)) {
        message_refuse(engine, delivery, BUSINESS_UNKNOWN_ID, id,
                       SLICE("no report with this PayReportID was sent"));
        return true;
    }
    if (entry->instruction->flow == FLOW_DEPOSIT)
        take_word(
            engine, entry,
            config_channel_named(delivery->terms.configuration->config,
                                 instruction_get(entry->instruction, INSTRUCTION_TEXT_channel)),
            facts);
    return true;
}
