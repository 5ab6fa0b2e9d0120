/* An operator's word on an instruction: approve or refuse one that is held, end
   a doubt.  Recorded with who and why; nobody approves what he asked for. */
#include "gateway/engine/operator.h"

#include <stdio.h>

/* The instruction of the command's id; NULL: it waits, or was answered and is
   gone. */
static struct entry *find(struct engine *engine, struct operator_command *command)
{
    uint64_t number;
    struct entry *entry = NULL;

    if (own_id_read(engine, command->argument, &number)) {
        entry = instructions_want(engine, number, &command->waiter);
        if (entry == NULL)
            return NULL;
    }
    if (entry != NULL && entry->instruction != NULL &&
        slice_equal(instruction_get(entry->instruction, INSTRUCTION_TEXT_id), command->argument))
        return entry;
    operator_say(engine, command, OPERATOR_FAULT,
                 "no instruction has the id %.*s: name it by ours, which "
                 "`penstock show` and `penstock instructions` tell",
                 SLICE_ARG(command->argument));
    return NULL;
}

/* The same in the state that the command is for. */
static struct entry *find_in(struct engine *engine, struct operator_command *command,
                             enum instruction_state state)
{
    struct entry *entry = find(engine, command);

    if (entry == NULL || entry->instruction->state == state)
        return entry;
    operator_say(engine, command, OPERATOR_FAULT, "%.*s is %s, not %s",
                 SLICE_ARG(command->argument), instruction_state_name(entry->instruction->state),
                 instruction_state_name(state));
    return NULL;
}

static struct slice words_of(struct engine *engine, const struct operator_command *command,
                             const char *verb)
{
    struct slice evidence = command->options[OPTION_EVIDENCE];

    return SCRATCH(engine, "%s%s%.*s", verb, evidence.size == 0 ? "" : ": ", SLICE_ARG(evidence));
}

static void sign(struct engine *engine, const struct operator_command *command,
                 struct instruction *instruction, struct slice words)
{
    instruction_set(instruction, INSTRUCTION_TEXT_asker_note,
                    SCRATCH(engine, "%.*s %.*s", SLICE_ARG(command->who), SLICE_ARG(words)));
}

static void say_state(struct engine *engine, struct operator_command *command,
                      const struct instruction *instruction)
{
    operator_say(engine, command, OPERATOR_DONE, "%.*s is %s",
                 SLICE_ARG(instruction_get(instruction, INSTRUCTION_TEXT_id)),
                 instruction_state_name(instruction->state));
}

static bool asked_for_it(const struct instruction *instruction, struct slice who)
{
    return slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_asker), who) ||
           slice_equal(instruction_get(instruction, INSTRUCTION_TEXT_session), who);
}

void operator_approve(struct engine *engine, struct operator_command *command)
{
    struct entry *entry = find_in(engine, command, INSTRUCTION_HELD);

    if (entry == NULL)
        return; /* the command may be gone */
    struct instruction *instruction = entry->instruction;
    struct cause cause = { "operator", command->who, words_of(engine, command, "approved") };
    if (asked_for_it(instruction, command->who)) {
        operator_say(engine, command, OPERATOR_FAULT,
                     "%.*s asked for it: somebody else must approve it", SLICE_ARG(command->who));
        return;
    }
    bool released = instruction->flow == FLOW_WITHDRAWAL ? request_release(engine, entry, &cause)
                                                         : deposit_release(engine, entry, &cause);
    if (!released) {
        operator_say(engine, command, OPERATOR_FAULT,
                     "%.*s can't be decided again under this configuration; refuse it",
                     SLICE_ARG(command->argument));
        return;
    }
    sign(engine, command, instruction, cause.text);
    say_state(engine, command, instruction);
}

void operator_refuse(struct engine *engine, struct operator_command *command)
{
    struct entry *entry = find_in(engine, command, INSTRUCTION_HELD);

    if (entry == NULL)
        return;
    struct cause cause = { "operator", command->who, words_of(engine, command, "refused") };
    if (entry->instruction->flow == FLOW_WITHDRAWAL)
        request_refuse(engine, entry, &cause);
    else
        deposit_refuse(engine, entry, &cause);
    sign(engine, command, entry->instruction, cause.text);
    say_state(engine, command, entry->instruction);
}

static const struct resolution {
    const char *name;
    enum instruction_state state;
    int payment_status; /* of the EA */
    const char *reason; /* RejectText; NULL: none */
    const char *code;   /* TxSts for a bank; NULL: its word for "settled" */
} resolutions[] = {
    { "settled", INSTRUCTION_SETTLED, 3, NULL, NULL },
    { "refused", INSTRUCTION_REFUSED, 4, "MS03 found not to have moved", "RJCT" },
    { "reversed", INSTRUCTION_REVERSED, 4, "MS03 moved and moved back", "RJCT" },
};

static const struct resolution *find_resolution(struct slice name)
{
    for (size_t i = 0; i < sizeof resolutions / sizeof resolutions[0]; i++)
        if (slice_is(name, resolutions[i].name))
            return &resolutions[i];
    return NULL;
}

static struct verdict verdict_of(const struct instruction *instruction,
                                 const struct resolution *resolution)
{
    bool first = !instruction->reported && resolution->reason != NULL;
    struct verdict verdict = { .state = resolution->state,
                               .report = true,
                               .trans_type = first ? 0 : 2,
                               .request_status = first ? 2 : -1,
                               .payment_status = resolution->payment_status };

    if (resolution->reason != NULL)
        snprintf(verdict.reason, sizeof verdict.reason, "%s", resolution->reason);
    return verdict;
}

static void tell(struct engine *engine, struct instruction *instruction,
                 const struct resolution *resolution, const struct verdict *verdict)
{
    const struct config_channel *channel = config_channel_named(
        engine->configuration->config, instruction_get(instruction, INSTRUCTION_TEXT_channel));
    struct slice yes = channel != NULL && channel->books_on_accept ? SLICE("ACCC") : SLICE("ACSP");
    struct facts facts = { 0 };

    if (instruction->flow == FLOW_WITHDRAWAL)
        report_verdict(engine, instruction, NULL, verdict, &facts);
    else
        reply_send(engine, instruction, resolution->code == NULL ? yes : slice_of(resolution->code),
                   resolution->reason == NULL ? SLICE_NONE : SLICE("MS03"), SLICE_NONE);
}

/* What still waits to leave will reach the bank, and may be paid there: then it
   was refused too early, or paid by hand once and by the order again. */
static bool order_waits(const struct engine *engine, const struct instruction *instruction)
{
    return instruction->flow == FLOW_WITHDRAWAL &&
           outbox_find(engine, instruction_get(instruction, INSTRUCTION_TEXT_order_id)) != NULL;
}

void operator_resolve(struct engine *engine, struct operator_command *command)
{
    const struct resolution *resolution = find_resolution(command->options[OPTION_AS]);
    struct error error;

    if (resolution == NULL) {
        operator_say(engine, command, OPERATOR_USAGE,
                     "say --as settled, --as refused or --as reversed");
        return;
    }
    struct entry *entry = find_in(engine, command, INSTRUCTION_IN_DOUBT);
    if (entry == NULL)
        return;
    struct instruction *instruction = entry->instruction;
    if (order_waits(engine, instruction)) {
        operator_say(
            engine, command, OPERATOR_FAULT,
            "its order still waits for channel %.*s and may be paid: mend the channel first",
            SLICE_ARG(instruction_get(instruction, INSTRUCTION_TEXT_channel)));
        return;
    }
    struct verdict verdict = verdict_of(instruction, resolution);
    struct cause cause = { "operator", command->who, words_of(engine, command, resolution->name) };
    if (!instruction_enter(engine, entry, resolution->state, &cause, &error)) {
        operator_say(engine, command, OPERATOR_FAULT, "%s: %s", error.kind->text, error.detail);
        return;
    }
    custody_record(instruction, &verdict, SLICE_NONE);
    sign(engine, command, instruction, cause.text);
    tell(engine, instruction, resolution, &verdict);
    say_state(engine, command, instruction);
}
