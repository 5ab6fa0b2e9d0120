/* What the other side's word does to an instruction, by state. */
#include "routing/custody/custody_word.h"

#include <assert.h>

static const enum word_effect effects[INSTRUCTION_STATE_COUNT][WORD_COUNT] = {
#define WORD(state, in_process, settled, refused, cancelled, doubt)                                \
    [INSTRUCTION_##state] = { WORD_##in_process, WORD_##settled, WORD_##refused, WORD_##cancelled, \
                              WORD_##doubt },
#include "routing/custody/words.def"
#undef WORD
};

static const enum instruction_state states[WORD_COUNT] = {
    [WORD_PENDING] = INSTRUCTION_PENDING, [WORD_SETTLED] = INSTRUCTION_SETTLED,
    [WORD_REFUSED] = INSTRUCTION_REFUSED, [WORD_CANCELLED] = INSTRUCTION_CANCELLED,
    [WORD_DOUBT] = INSTRUCTION_IN_DOUBT,
};

enum word_effect word_effect(enum instruction_state state, enum word word)
{
    assert(state < INSTRUCTION_STATE_COUNT && word < WORD_COUNT);
    return effects[state][word];
}

enum instruction_state word_state(enum word word)
{
    assert(word < WORD_COUNT);
    return states[word];
}

struct verdict verdict_stay(const struct instruction *instruction)
{
    return (struct verdict){
        .state = instruction->state,
        .trans_type = -1,
        .request_status = -1,
        .payment_status = -1,
    };
}

void verdict_break(struct verdict *verdict, const struct instruction *instruction)
{
    verdict->contradiction = true;
    if (instruction_may(instruction->state, INSTRUCTION_IN_DOUBT))
        verdict->state = INSTRUCTION_IN_DOUBT;
}

void custody_record(struct instruction *instruction, const struct verdict *verdict,
                    struct slice code)
{
    if (verdict->report) {
        instruction->reported = instruction->reported || verdict->trans_type == 0;
        if (verdict->payment_status > instruction->report_rank)
            instruction->report_rank = verdict->payment_status;
    }
    instruction->contradicted = instruction->contradicted || verdict->contradiction;
    const char *why = verdict->reason[0] != '\0' ? verdict->reason : verdict->text;
    bool explains = !verdict->contradiction || verdict->state == INSTRUCTION_IN_DOUBT;
    if (why[0] != '\0' && explains)
        instruction_set(instruction, INSTRUCTION_TEXT_reason, slice_of(why));
    if (code.at != NULL && !verdict->late && !verdict->contradiction)
        instruction_set(instruction, INSTRUCTION_TEXT_status_code, code);
}
