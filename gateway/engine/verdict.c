/* Carries out what custody makes of the other side's word. */
#include "gateway/engine/machine.h"

#include <stdio.h>

void refusal_text(const struct refusal *refusal, char *text, size_t room)
{
    snprintf(text, room, "%s%s%s", refusal->code, refusal->text[0] == '\0' ? "" : " ",
             refusal->text);
}

void verdict_explain(struct verdict *verdict, struct slice text)
{
    snprintf(verdict->text, sizeof verdict->text, "%.*s", SLICE_ARG(text));
}

void say_contradiction(struct engine *engine, const struct instruction *instruction,
                       const struct cause *cause)
{
    alert_raise(engine,
                &(struct alert){ .kind = &log_contradiction,
                                 .id = instruction_get(instruction, INSTRUCTION_TEXT_id),
                                 .state = slice_of(instruction_state_name(instruction->state)),
                                 .cause = slice_of(cause->what),
                                 .who = cause->who,
                                 .why = cause->text });
}

static bool is_new(const struct instruction *instruction, const struct verdict *verdict,
                   struct slice code)
{
    return verdict->report || verdict->contradiction ||
           !slice_equal(code, instruction_get(instruction, INSTRUCTION_TEXT_status_code));
}

/* One that only comes late is noted under its own name. */
static void note_late(struct engine *engine, struct entry *entry, const struct cause *cause,
                      struct slice code)
{
    struct cause late = { "late", cause->who, code };

    SAY_DURABLE(engine, late, { "id", instruction_get(entry->instruction, INSTRUCTION_TEXT_id) },
                { "code", code }, { "who", cause->who });
    instruction_note(engine, entry, &late);
}

bool verdict_carry_out(struct engine *engine, struct entry *entry, const struct verdict *verdict,
                       struct slice code, const struct cause *cause, struct error *error)
{
    struct instruction *instruction = entry->instruction;
    bool news = is_new(instruction, verdict, code);
    struct cause because = *cause;

    if (verdict->late) {
        note_late(engine, entry, cause, code);
        return true;
    }
    if (because.text.at == NULL)
        because.text = verdict->reason[0] != '\0' ? slice_of(verdict->reason)
                       : verdict->text[0] != '\0' ? slice_of(verdict->text)
                                                  : code;
    enum instruction_state from = instruction->state;
    if (verdict->state != from &&
        !custody_may_enter(instruction, verdict->state, engine->book, error))
        return false;
    custody_record(instruction, verdict, code);
    if (verdict->contradiction)
        say_contradiction(engine, instruction, &because);
    if (verdict->state != from)
        return instruction_enter(engine, entry, verdict->state, &because, error);
    if (news)
        instruction_note(engine, entry, &because);
    return true;
}
