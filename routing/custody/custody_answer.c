/* What a broker's answer means for an instruction that a bank began. */
#include "routing/custody/custody_text.h"
#include "routing/custody/custody_word.h"

struct answer {
    const char *status, *code;
    enum word word;
    int rank;
};

static const struct answer answers[] = {
#define ANSWER(status, word, code, rank) { #status, #code, WORD_##word, rank },
#include "routing/custody/answers.def"
#undef ANSWER
};

static const struct dispute {
    const char *reason, *code;
} disputes[] = {
#define DISPUTE(reason, code) { #reason, #code },
#include "routing/custody/disputes.def"
#undef DISPUTE
};

static const struct answer *find_answer(struct slice status)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (slice_is(status, answers[i].status))
            return &answers[i];
    return NULL;
}

/* Rank of what the bank was told last; -1: nothing yet. */
static int told_rank(const struct instruction *instruction)
{
    struct slice code = instruction_get(instruction, INSTRUCTION_TEXT_status_code);
    if (slice_is(code, "ACCC"))
        code = SLICE("ACSP");
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (slice_is(code, answers[i].code))
            return answers[i].rank;
    return -1;
}

/* A reason that is not in the table, or is not given, is "other". */
static const char *dispute_code(struct slice reason)
{
    for (size_t i = 0; i < sizeof disputes / sizeof *disputes; i++)
        if (slice_is(reason, disputes[i].reason))
            return disputes[i].code;
    return "MS03";
}

static void fill_reason(struct verdict *verdict, const struct answer *answer, struct facts *facts)
{
    bool disputed = strcmp(answer->code, "RJCT") == 0 || strcmp(answer->code, "PDNG") == 0;
    facts->values[FACT_status_reason] = SLICE_NONE;
    if (!disputed)
        return;
    const char *code = dispute_code(facts->values[FACT_answer_reason]);
    struct slice words = facts->values[FACT_answer_text];
    facts->values[FACT_status_reason] = slice_of(code);
    custody_text(verdict->reason, sizeof verdict->reason, "%s%s%.*s", code,
                 words.size == 0 ? "" : " ", SLICE_ARG(words));
}

static void contradict(struct verdict *verdict, const struct instruction *instruction,
                       struct slice status)
{
    verdict_break(verdict, instruction);
    custody_text(verdict->text, sizeof verdict->text, "answer %.*s for a %s that is %s",
                 SLICE_ARG(status), flow_name(instruction->flow),
                 instruction_state_name(instruction->state));
}

struct verdict custody_judge_answer(const struct instruction *instruction, struct facts *facts,
                                    bool books_on_accept)
{
    struct verdict verdict = verdict_stay(instruction);
    struct slice status = facts->values[FACT_answer_status];
    const struct answer *answer = find_answer(status);
    if (answer == NULL || instruction->flow != FLOW_DEPOSIT) {
        contradict(&verdict, instruction, status);
        return verdict;
    }
    bool books = answer->word == WORD_SETTLED && books_on_accept;
    struct slice code = slice_of(books ? "ACCC" : answer->code);
    enum word_effect effect = word_effect(instruction->state, answer->word);
    if (effect == WORD_LATE || answer->rank < told_rank(instruction)) {
        verdict.late = true;
    } else if (effect == WORD_BREAK) {
        contradict(&verdict, instruction, status);
    } else {
        if (effect == WORD_MOVE)
            verdict.state = word_state(answer->word);
        fill_reason(&verdict, answer, facts);
        facts->values[FACT_answer_code] = code;
        verdict.report =
            verdict.state != instruction->state ||
            (answer->word == WORD_PENDING &&
             !slice_equal(code, instruction_get(instruction, INSTRUCTION_TEXT_status_code)));
    }
    return verdict;
}
