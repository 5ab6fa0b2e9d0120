/* What a bank says of our orders: found, judged, recorded and told. */
#include "gateway/engine/filing.h"

/* The instruction that carried the id of a document of ours, or our own id. */
static struct entry *find_by_own_id(struct engine *engine, struct slice id, struct waiter *waiter,
                                    bool *waits)
{
    uint64_t number;

    if (id.at == NULL || !own_id_read(engine, id, &number))
        return NULL;
    struct entry *entry = instructions_want(engine, number, waiter);
    if (entry == NULL) {
        *waits = true;
        return NULL;
    }
    if (entry->instruction == NULL ||
        !slice_starts(id, instruction_get(entry->instruction, INSTRUCTION_TEXT_id)))
        return NULL;
    return entry;
}

/* By the InstrId of our order; two requests with the same one are nobody's. */
static struct entry *find_by_instruction(struct engine *engine, struct slice channel,
                                         struct slice id, struct waiter *waiter, bool *waits)
{
    struct entry *found;
    unsigned count;

    if (!instructions_with(engine, INDEX_ORDER, channel, id, waiter, &found, &count))
        *waits = true;
    return count == 1 ? found : NULL;
}

/* Does it name a message?  Then it is about that one and no other, whatever
   InstrId stands beside it. */
static bool names_message(struct slice id)
{
    return id.at != NULL && !slice_is(id, "NOTPROVIDED");
}

/* NULL: unknown, or it waits. */
static struct entry *find(struct engine *engine, const struct reading *reading,
                          const struct facts *facts, bool *waits)
{
    struct slice channel = reading->filing->channel->name;
    struct slice message = facts->values[FACT_status_message_id];
    struct slice instruction = facts->values[FACT_status_instruction];
    struct waiter *waiter = &reading->incoming->waiter;
    struct entry *entry = find_by_own_id(engine, message, waiter, waits);

    if (!names_message(message) && instruction.at != NULL) {
        entry = find_by_own_id(engine, instruction, waiter, waits);
        if (entry == NULL)
            entry = find_by_instruction(engine, channel, instruction, waiter, waits);
    }
    /* A bank speaks of its own business only. */
    if (entry != NULL &&
        !slice_equal(instruction_get(entry->instruction, INSTRUCTION_TEXT_channel), channel))
        return NULL;
    return entry;
}

static void say_unknown(struct engine *engine, const struct reading *reading,
                        const struct facts *facts)
{
    struct slice id = facts->values[FACT_status_message_id];

    if (id.at == NULL)
        id = facts->values[FACT_status_instruction];
    if (id.at == NULL)
        filing_refuse(reading->filing, "it names no order, or several groups without transactions");
    else
        filing_refuse(reading->filing, "unknown instruction %.*s", SLICE_ARG(id));
    alert_raise(engine,
                &(struct alert){ .kind = &log_contradiction,
                                 .id = id,
                                 .who = reading->filing->channel->name,
                                 .code = facts->values[FACT_status_code],
                                 .why = SLICE("a status for an instruction that is not known") });
}

static bool is_reject(const struct reading *reading)
{
    return slice_starts(reading->filing->definition, SLICE("admi.002."));
}

static void take_word(struct engine *engine, const struct reading *reading, struct entry *entry,
                      const struct facts *facts)
{
    struct instruction *instruction = entry->instruction;
    const struct config_channel *channel = reading->filing->channel;
    bool from_reject = is_reject(reading);
    const char *against = entry->heard.at_odds ? "the same document says two things of it" : NULL;
    struct verdict verdict = custody_judge(instruction, facts, from_reject, against);
    struct slice code = from_reject ? SLICE("RJCT") : facts->values[FACT_status_code];
    struct cause cause = { "status", channel->name, SLICE_NONE };
    struct error error;

    if (facts->values[FACT_status_reference].at != NULL)
        instruction_set(instruction, INSTRUCTION_TEXT_bank_reference,
                        facts->values[FACT_status_reference]);
    if (!verdict_carry_out(engine, entry, &verdict, code, &cause, &error)) {
        cause.text = slice_of(error.detail);
        say_contradiction(engine, instruction, &cause);
        instruction_note(engine, entry, &cause);
        filing_refuse(reading->filing, "status %.*s is not allowed: %s", SLICE_ARG(code),
                      error.detail);
        return;
    }
    if (verdict.report && instruction->flow == FLOW_WITHDRAWAL)
        report_verdict(engine, instruction, NULL, &verdict, facts);
    if (verdict.contradiction)
        filing_refuse(reading->filing, "%s", verdict.text);
}

static void forget_word(struct engine *engine, const struct reading *reading, struct entry *entry,
                        const struct facts *facts)
{
    (void)engine;
    (void)reading;
    (void)facts;
    entry->heard = (struct heard){ 0 };
}

/* Of an instruction that a document names more than once it may say how far it is, and
   how it ended, but not two ends. */
static void hear_word(struct engine *engine, const struct reading *reading, struct entry *entry,
                      const struct facts *facts)
{
    struct heard *heard = &entry->heard;
    unsigned outcome = custody_outcome(facts, is_reject(reading));

    (void)engine;
    if (outcome == 0)
        return;
    heard->at_odds = heard->at_odds || (heard->outcome != 0 && heard->outcome != outcome);
    heard->outcome = outcome;
}

typedef void visit(struct engine *engine, const struct reading *reading, struct entry *entry,
                   const struct facts *facts);

/* Each status whose instruction is known, and each other one; NULL: left alone. */
static void for_each_status(struct engine *engine, const struct reading *reading, visit *known,
                            void (*unknown)(struct engine *engine, const struct reading *reading,
                                            const struct facts *facts))
{
    struct facts facts;
    struct error error;
    bool waits = false;

    for (size_t i = 0; i < reading->part->record_count; i++) {
        if (!reading_facts(engine, reading, i, &facts, &error))
            continue;
        struct entry *entry = find(engine, reading, &facts, &waits);
        if (entry != NULL)
            known(engine, reading, entry, &facts);
        else if (unknown != NULL)
            unknown(engine, reading, &facts);
    }
}

bool status_look(struct engine *engine, const struct reading *reading)
{
    for_each_status(engine, reading, forget_word, NULL);
    return reading->incoming->waiter.open == 0;
}

bool status_take(struct engine *engine, const struct reading *reading)
{
    if (reading->filing->repeat)
        return true;
    if (!status_look(engine, reading))
        return false;
    for_each_status(engine, reading, hear_word, NULL);
    for_each_status(engine, reading, take_word, say_unknown);
    return true;
}

/* --- a status that is refused --- */

/* Nothing is believed of it, but somebody waits for that answer. */
static void note_refused(struct engine *engine, const struct reading *reading, struct entry *entry,
                         const struct facts *facts)
{
    struct instruction *instruction = entry->instruction;
    const struct filing *filing = reading->filing;
    struct slice why = filing->why.at != NULL ? filing->why : writer_slice(&filing->refusal);
    struct cause cause = { "status", filing->channel->name,
                           SCRATCH(engine, "a status was refused: %.*s", SLICE_ARG(why)) };

    (void)facts;
    if (entry->heard.noted)
        return;
    entry->heard.noted = true;
    if (instruction_live(instruction))
        instruction_set(instruction, INSTRUCTION_TEXT_reason, cause.text);
    instruction_note(engine, entry, &cause);
    alert_raise(engine,
                &(struct alert){ .kind = &log_status_refused,
                                 .id = instruction_get(instruction, INSTRUCTION_TEXT_id),
                                 .state = slice_of(instruction_state_name(instruction->state)),
                                 .who = filing->channel->name,
                                 .file = reading->incoming->name,
                                 .why = why });
}

void status_refused(struct engine *engine, const struct reading *reading)
{
    for_each_status(engine, reading, note_refused, NULL);
}
