/* What happens to an instruction: state, money, event, log line and deadline
   change together, here and nowhere else. */
#include "gateway/engine/machine.h"

void movement_record(struct engine *engine, const struct movement *movement, uint64_t instruction,
                     unsigned sequence, struct slice who)
{
    struct row ledger = { .kind = ROW_LEDGER,
                          .ledger = { .instruction = instruction,
                                      .sequence = sequence,
                                      .utc_ns = engine->now.utc_ns,
                                      .movement = *movement,
                                      .who = who } };
    struct row balance = { .kind = ROW_BALANCE,
                           .balance = *book_balance(engine->book, movement->key) };

    engine_record(engine, &ledger);
    engine_record(engine, &balance);
    balance_known(engine, movement->key);
}

static void record_event(struct engine *engine, struct entry *entry, enum instruction_state from,
                         const struct cause *cause)
{
    struct instruction *instruction = entry->instruction;
    struct row row = { .kind = ROW_EVENT,
                       .event = { .instruction = instruction->number,
                                  .sequence = ++instruction->event_count,
                                  .utc_ns = engine->now.utc_ns,
                                  .from = from,
                                  .to = instruction->state,
                                  .cause = slice_of(cause->what),
                                  .who = cause->who,
                                  .rule = instruction_get(instruction, INSTRUCTION_TEXT_rule),
                                  .map = instruction_get(instruction, INSTRUCTION_TEXT_map),
                                  .text = cause->text } };

    engine_record(engine, &row);
    instruction->changed_utc_ns = engine->now.utc_ns;
    instructions_changed(engine, entry);
}

/* Of what the other side says only the code: its words may name anybody. */
static struct slice for_log(const struct cause *cause, struct slice text)
{
    bool theirs = strcmp(cause->what, "status") == 0 || strcmp(cause->what, "answer") == 0;
    const char *blank = theirs && text.at != NULL ? memchr(text.at, ' ', text.size) : NULL;

    return blank == NULL ? text : (struct slice){ text.at, (size_t)(blank - text.at) };
}

static void say_doubt(struct engine *engine, const struct instruction *instruction,
                      const struct cause *cause)
{
    SAY_DURABLE(engine, in_doubt, { "id", instruction_get(instruction, INSTRUCTION_TEXT_id) },
                { "cause", slice_of(cause->what) }, { "who", cause->who },
                { "why", for_log(cause, cause->text) });
}

static void say_state(struct engine *engine, const struct instruction *instruction,
                      const struct cause *cause)
{
    SAY_DURABLE(
        engine, instruction, { "id", instruction_get(instruction, INSTRUCTION_TEXT_id) },
        { "request", instruction_get(instruction, INSTRUCTION_TEXT_request_id) },
        { "flow", slice_of(flow_name(instruction->flow)) },
        { "state", slice_of(instruction_state_name(instruction->state)) },
        { "cause", slice_of(cause->what) }, { "who", cause->who },
        { "rule", instruction_get(instruction, INSTRUCTION_TEXT_rule) },
        { "reason", for_log(cause, instruction_get(instruction, INSTRUCTION_TEXT_reason)) });
    if (instruction->state == INSTRUCTION_IN_DOUBT)
        say_doubt(engine, instruction, cause);
}

static void arm(struct engine *engine, struct entry *entry)
{
    int64_t utc_ns = entry->instruction == NULL ? 0 : entry->instruction->deadline_utc_ns;

    deadlines_set(&engine->deadlines, &entry->deadline,
                  utc_ns == 0 ? DEADLINE_NEVER
                              : engine->now.steady_ns + (utc_ns - engine->now.utc_ns));
}

/* 0: never. */
static void expect(struct engine *engine, struct entry *entry, int64_t deadline_utc_ns)
{
    entry->instruction->deadline_utc_ns = deadline_utc_ns;
    instructions_changed(engine, entry);
    arm(engine, entry);
}

/* What an answer may take; NULL channel: it is no longer configured. */
static int64_t allowed_ns(const struct instruction *instruction,
                          const struct config_channel *channel)
{
    if (channel == NULL)
        return 0;
    return SECONDS_NS(instruction->flow == FLOW_DEPOSIT ? channel->answer_deadline_s
                                                        : channel->deadline_s);
}

static const struct config_channel *channel_of(const struct instruction *instruction,
                                               const struct config *config)
{
    return config_channel_named(config, instruction_get(instruction, INSTRUCTION_TEXT_channel));
}

void instruction_expect_answer(struct engine *engine, struct entry *entry,
                               const struct config *config)
{
    const struct instruction *instruction = entry->instruction;

    expect(engine, entry,
           engine->now.utc_ns + allowed_ns(instruction, channel_of(instruction, config)));
}

/* Further away than one that begins now: the clock has gone back since. */
static bool is_too_far(const struct engine *engine, const struct instruction *instruction)
{
    const struct config_channel *channel = channel_of(instruction, engine->configuration->config);

    return channel != NULL &&
           instruction->deadline_utc_ns - engine->now.utc_ns > allowed_ns(instruction, channel);
}

void instruction_arm(struct engine *engine, struct entry *entry)
{
    if (entry->instruction != NULL && is_too_far(engine, entry->instruction))
        instruction_expect_answer(engine, entry, engine->configuration->config);
    else
        arm(engine, entry);
    if (entry->instruction != NULL && entry->instruction->state == INSTRUCTION_IN_DOUBT)
        say_doubt(engine, entry->instruction,
                  &(struct cause){ "start", SLICE_NONE, SLICE("still in doubt") });
}

bool instruction_enter(struct engine *engine, struct entry *entry, enum instruction_state state,
                       const struct cause *cause, struct error *error)
{
    struct instruction *instruction = entry->instruction;
    enum instruction_state from = instruction->state;
    struct movement movement;

    if (!custody_enter(instruction, state, engine->book, &movement, error))
        return false;
    record_event(engine, entry, from, cause);
    if (movement.amount_minor != 0)
        movement_record(engine, &movement, instruction->number, instruction->event_count,
                        cause->who);
    if (!instruction_live(instruction) || state == INSTRUCTION_IN_DOUBT)
        expect(engine, entry, 0);
    else if (from == INSTRUCTION_IN_DOUBT)
        instruction_expect_answer(engine, entry, engine->configuration->config);
    say_state(engine, instruction, cause);
    return true;
}

void instruction_note(struct engine *engine, struct entry *entry, const struct cause *cause)
{
    record_event(engine, entry, entry->instruction->state, cause);
}

static void overdue_withdrawal(struct engine *engine, struct entry *entry,
                               const struct cause *cause)
{
    struct verdict verdict = { .state = INSTRUCTION_IN_DOUBT,
                               .report = true,
                               .trans_type = 2,
                               .request_status = -1,
                               .payment_status = 2 };
    struct error error;
    struct facts facts;

    if (!instruction_enter(engine, entry, INSTRUCTION_IN_DOUBT, cause, &error))
        return;
    verdict_explain(&verdict, cause->text);
    facts_begin(engine, &facts);
    custody_record(entry->instruction, &verdict,
                   instruction_get(entry->instruction, INSTRUCTION_TEXT_status_code));
    report_verdict(engine, entry->instruction, NULL, &verdict, &facts);
    instructions_changed(engine, entry);
}

void instruction_overdue(struct engine *engine, struct entry *entry)
{
    struct instruction *instruction = entry->instruction;

    arena_reset(&engine->scratch);
    if (!engine_open(engine)) {
        /* Armed again when business is taken again. */
        return;
    }
    if (instruction->flow == FLOW_DEPOSIT)
        deposit_doubt(engine, entry, "deadline", SLICE("no answer from the broker"));
    else
        overdue_withdrawal(engine, entry,
                           &(struct cause){ "deadline",
                                            instruction_get(instruction, INSTRUCTION_TEXT_channel),
                                            SLICE("no answer from the bank") });
}
