/* What a bank's status, or its refusal of our message, means for a withdrawal. */
#include "codecs/base/currency.h"
#include "codecs/base/decimal.h"
#include "routing/custody/custody_reason.h"
#include "routing/custody/custody_text.h"
#include "routing/custody/custody_word.h"

#include <stdio.h>

enum status_effect {
    STATUS_PENDING_SILENT,
    STATUS_PENDING,
    STATUS_CHANGED, /* pending, and what was changed is told */
    STATUS_SETTLED,
    STATUS_REFUSED,
    STATUS_CANCELLED,
};

struct status {
    const char *code;
    enum status_effect effect;
    int trans_type, request_status, payment_status;
    int rank;
};

static const struct status statuses[] = {
#define STATUS(code, effect, trans_type, request_status, payment_status, rank)                     \
    { #code, STATUS_##effect, trans_type, request_status, payment_status, rank },
#include "routing/custody/statuses.def"
#undef STATUS
};

enum {
    RANK_NONE = -1,
    RANK_ACCEPTED = 1,
    RANK_FINAL = 3,
    PAYMENT_PENDING = 2, /* PostTradePaymentStatus */
    REQUEST_REFUSED = 2, /* PayRequestStatus */
    TRANS_NEW = 0,       /* PayReportTransType */
    TRANS_REPLACE = 1,
    TRANS_STATUS = 2,
};

struct judgement {
    const struct instruction *instruction;
    const struct facts *facts;
    bool from_reject;
    struct slice code;
    const struct status *status; /* NULL: not in the table */
    int known_rank;              /* of what the bank has said before */
    struct verdict verdict;
};

static const struct status *find_status(struct slice code)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (slice_is(code, statuses[i].code))
            return &statuses[i];
    return NULL;
}

static bool is_decided(const struct instruction *instruction)
{
    return instruction->state == INSTRUCTION_SETTLED || instruction_state_ended(instruction->state);
}

static bool is_refusal(const struct status *status)
{
    return status->effect == STATUS_REFUSED || status->effect == STATUS_CANCELLED;
}

/* A final word that did not end the instruction was a doubtful one, which says
   nothing about how far the bank is. */
static int known_rank(const struct instruction *instruction)
{
    const struct status *status =
        find_status(instruction_get(instruction, INSTRUCTION_TEXT_status_code));
    if (status == NULL || (status->rank == RANK_FINAL && !is_decided(instruction)))
        return RANK_NONE;
    return status->rank;
}

static struct slice said(const struct judgement *judgement, enum fact fact)
{
    return judgement->facts->values[fact];
}

static bool amount_differs(const struct judgement *judgement)
{
    struct slice text = said(judgement, FACT_status_amount);
    if (text.at == NULL)
        return false;
    const struct instruction *instruction = judgement->instruction;
    const struct currency *currency =
        currency_find(instruction_get(instruction, INSTRUCTION_TEXT_currency));
    struct decimal theirs;
    if (currency == NULL || decimal_parse(text, DECIMAL_XML, &theirs) != DECIMAL_OK)
        return true;
    struct decimal ours = decimal_from_minor(instruction->amount_minor, currency->minor_units);
    return decimal_compare(ours, theirs) != 0;
}

static bool currency_differs(const struct judgement *judgement)
{
    struct slice text = said(judgement, FACT_status_currency);
    return text.at != NULL &&
           !slice_equal(text, instruction_get(judgement->instruction, INSTRUCTION_TEXT_currency));
}

/* What the bank may repeat of the order, and what stood in it.  An order by which it was
   sent may be named by an id of ours, too. */
static const struct repeated_id {
    enum fact said;
    enum instruction_text sent;
    bool ours;
    const char *what;
} ids[] = {
    { FACT_status_message_id, INSTRUCTION_TEXT_order_id, true, "the bank names another message" },
    { FACT_status_instruction, INSTRUCTION_TEXT_order_instruction, true,
      "the bank names another InstrId" },
    { FACT_status_payment, INSTRUCTION_TEXT_order_payment, false,
      "the bank names another EndToEndId" },
    { FACT_status_transaction, INSTRUCTION_TEXT_order_transaction, false,
      "the bank names another TxId" },
    { FACT_status_uetr, INSTRUCTION_TEXT_uetr, false, "the bank names another UETR" },
};

static bool id_differs(const struct judgement *judgement, const struct repeated_id *id)
{
    const struct instruction *instruction = judgement->instruction;
    struct slice theirs = said(judgement, id->said), ours = instruction_get(instruction, id->sent);
    if (theirs.at == NULL || ours.at == NULL || slice_is(theirs, "NOTPROVIDED") ||
        slice_equal(theirs, ours))
        return false;
    return !id->ours ||
           (!slice_equal(theirs, instruction_get(instruction, INSTRUCTION_TEXT_order_id)) &&
            !slice_equal(theirs, instruction_get(instruction, INSTRUCTION_TEXT_id)));
}

/* A group that is refused has no other transactions; one with a refused transaction has
   only been received, or is accepted in part. */
static bool group_differs(const struct judgement *judgement)
{
    struct slice code = said(judgement, FACT_status_group_code);
    const struct status *group = find_status(code), *status = judgement->status;
    if (group == NULL || status == NULL || slice_is(code, "PART") || slice_is(code, "RCVD"))
        return false;
    return (is_refusal(group) || is_refusal(status)) && group->effect != status->effect;
}

/* What the bank repeats of the request and has different; NULL: nothing. */
static const char *difference(const struct judgement *judgement)
{
    if (amount_differs(judgement))
        return "the bank names another amount";
    if (currency_differs(judgement))
        return "the bank names another currency";
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (id_differs(judgement, &ids[i]))
            return ids[i].what;
    return group_differs(judgement) ? "the bank says otherwise of its group" : NULL;
}

/* "CODE words", as far as the bank gave them. */
static void explain(const struct judgement *judgement, const char *code_if_none, char *text,
                    size_t room)
{
    struct slice code = said(judgement, FACT_status_reason);
    struct slice words = said(judgement, FACT_status_text);
    if (code.at == NULL)
        code = slice_of(code_if_none);
    if (words.at == NULL)
        words = slice_of(custody_reason_words(code));
    const char *blank = code.size != 0 && words.size != 0 ? " " : "";
    custody_text(text, room, "%.*s%s%.*s", SLICE_ARG(code), blank, SLICE_ARG(words));
}

static void tell(struct judgement *judgement, int trans_type, int request_status,
                 int payment_status)
{
    struct verdict *verdict = &judgement->verdict;
    verdict->report = true;
    verdict->trans_type = trans_type;
    verdict->request_status = request_status;
    verdict->payment_status = payment_status;
}

static void tell_doubt(struct judgement *judgement)
{
    const struct instruction *instruction = judgement->instruction;
    bool news = judgement->verdict.state != instruction->state;
    if (news && instruction->report_rank <= PAYMENT_PENDING)
        tell(judgement, TRANS_STATUS, -1, PAYMENT_PENDING);
}

static void contradict(struct judgement *judgement, const char *what)
{
    struct verdict *verdict = &judgement->verdict;
    verdict_break(verdict, judgement->instruction);
    custody_text(verdict->text, sizeof verdict->text, "%.*s for an instruction that is %s: %s",
                 SLICE_ARG(judgement->code), instruction_state_name(judgement->instruction->state),
                 what);
    tell_doubt(judgement);
}

/* A refusal before anything was accepted answers the request itself. */
static void tell_refusal(struct judgement *judgement)
{
    const struct status *status = judgement->status;
    bool accepted = judgement->instruction->reported || judgement->known_rank >= RANK_ACCEPTED;
    if (accepted || status->effect == STATUS_CANCELLED)
        tell(judgement, status->trans_type, status->request_status, status->payment_status);
    else
        tell(judgement, TRANS_NEW, REQUEST_REFUSED, status->payment_status);
}

/* Is it more than the broker has been told? */
static bool is_news(const struct judgement *judgement)
{
    const struct instruction *instruction = judgement->instruction;
    const struct status *status = judgement->status;
    bool repeated =
        slice_equal(judgement->code, instruction_get(instruction, INSTRUCTION_TEXT_status_code));
    if (status->payment_status != instruction->report_rank)
        return status->payment_status > instruction->report_rank;
    return !repeated &&
           (status->payment_status == PAYMENT_PENDING || status->effect == STATUS_CHANGED);
}

static void tell_status(struct judgement *judgement)
{
    const struct status *status = judgement->status;
    struct verdict *verdict = &judgement->verdict;
    bool refused = is_refusal(status);
    if (refused)
        explain(judgement, "MS03", verdict->reason, sizeof verdict->reason);
    else
        explain(judgement, "", verdict->text, sizeof verdict->text);
    if (status->effect == STATUS_PENDING_SILENT || !is_news(judgement))
        return;
    if (refused)
        tell_refusal(judgement);
    else if (status->effect == STATUS_CHANGED && judgement->instruction->report_rank >= 0)
        tell(judgement, TRANS_REPLACE, status->request_status, status->payment_status);
    else
        tell(judgement, status->trans_type, status->request_status, status->payment_status);
}

static bool refusal_is_final(const struct judgement *judgement)
{
    bool known;
    bool final = custody_reason_final(said(judgement, FACT_status_reason), &known);
    return known ? final : !judgement->from_reject;
}

static enum word word_of(const struct judgement *judgement)
{
    if (judgement->status == NULL)
        return WORD_DOUBT;
    switch (judgement->status->effect) {
    case STATUS_SETTLED:
        return WORD_SETTLED;
    case STATUS_CANCELLED:
        return WORD_CANCELLED;
    case STATUS_REFUSED:
        return refusal_is_final(judgement) ? WORD_REFUSED : WORD_DOUBT;
    default:
        return WORD_PENDING;
    }
}

static void doubt(struct judgement *judgement)
{
    struct verdict *verdict = &judgement->verdict;
    char why[160];
    explain(judgement, "", why, sizeof why);
    const char *what = judgement->status == NULL ? "a status that is not known" : "proves nothing";
    custody_text(verdict->text, sizeof verdict->text, "%.*s: %s%s%s", SLICE_ARG(judgement->code),
                 what, why[0] == '\0' ? "" : ": ", why);
    tell_doubt(judgement);
}

static void follow(struct judgement *judgement, enum word word, enum word_effect effect)
{
    if (effect == WORD_MOVE)
        judgement->verdict.state = word_state(word);
    if (word == WORD_DOUBT)
        doubt(judgement);
    else
        tell_status(judgement);
}

static void judge_word(struct judgement *judgement)
{
    const struct instruction *instruction = judgement->instruction;
    enum word word = word_of(judgement);
    enum word_effect effect = word_effect(instruction->state, word);
    if (judgement->status != NULL && judgement->status->rank < judgement->known_rank)
        effect = WORD_LATE;
    else if (judgement->from_reject && judgement->known_rank != RANK_NONE &&
             !is_decided(instruction))
        effect = WORD_BREAK; /* it has spoken of what it says it could not read */
    else if (instruction->state == INSTRUCTION_IN_DOUBT && instruction->contradicted)
        effect = word == WORD_PENDING ? WORD_LATE : WORD_BREAK;
    if (effect == WORD_LATE)
        judgement->verdict.late = true;
    else if (effect == WORD_BREAK)
        contradict(judgement, "says otherwise than what is known");
    else
        follow(judgement, word, effect);
}

static struct judgement judgement_of(const struct facts *facts, bool from_reject)
{
    struct slice code = from_reject ? SLICE("RJCT") : facts->values[FACT_status_code];
    return (struct judgement){
        .facts = facts, .from_reject = from_reject, .code = code, .status = find_status(code)
    };
}

unsigned custody_outcome(const struct facts *facts, bool from_reject)
{
    struct judgement judgement = judgement_of(facts, from_reject);
    return word_of(&judgement) - WORD_PENDING;
}

struct verdict custody_judge(const struct instruction *instruction, const struct facts *facts,
                             bool from_reject, const char *against)
{
    struct judgement judgement = judgement_of(facts, from_reject);
    judgement.instruction = instruction;
    judgement.known_rank = known_rank(instruction);
    judgement.verdict = verdict_stay(instruction);
    const char *other = against != NULL ? against : difference(&judgement);
    if (instruction->flow != FLOW_WITHDRAWAL)
        contradict(&judgement, "the bank began it");
    else if (other != NULL)
        contradict(&judgement, other);
    else
        judge_word(&judgement);
    return judgement.verdict;
}
