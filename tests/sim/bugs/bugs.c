/* Each bug, as what stands before a function of production. */
#include "sim/bugs/bugs.h"

#include "gateway/engine/filing.h"
#include "sim/world.h"

static enum bug chosen;

void bug_choose(enum bug bug)
{
    chosen = bug;
}

bool bug_is(enum bug bug)
{
    return chosen == bug;
}

/* Calls of name from other files come to what is written behind this, which
   calls the function itself as __real_name. */
#define BEFORE(type, name, parameters)                                                             \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters

/* --- what leaves when --- */

static bool leaves_at_once(enum effect_kind kind)
{
    return (bug_is(BUG_message_before_commit) && kind == EFFECT_WRITE) ||
           (bug_is(BUG_document_before_commit) && kind == EFFECT_SEND) ||
           (bug_is(BUG_filed_before_commit) && kind == EFFECT_FILED) ||
           (bug_is(BUG_reply_before_commit) && kind == EFFECT_REPLY);
}

BEFORE(void, effects_push, (struct effects * effects, const struct effect *effect, uint64_t batch))
{
    __real_effects_push(effects, effect, leaves_at_once(effect->kind) ? 0 : batch);
}

BEFORE(void, effects_discard, (struct effects * effects, struct slice why))
{
    if (bug_is(BUG_failed_batch_leaves)) {
        effects_committed(effects);
        effects_commit(effects);
        effects_committed(effects);
    }
    __real_effects_discard(effects, why);
}

/* --- a failed commit --- */

static bool kept_state; /* since the rebuild that was left out */

BEFORE(void, engine_rebuild, (struct engine * engine, struct moment now))
{
    if (!bug_is(BUG_failed_batch_stays)) {
        __real_engine_rebuild(engine, now);
        return;
    }
    engine->store.failed = false;
    effects_discard(&engine->effects, SLICE("the store could not commit"));
    instructions_committed(engine);
    engine->committing_tasks.count = engine->gathering_tasks.count = 0;
    batch_free(engine->batch);
    engine->batch = NULL;
    kept_state = true;
}

BEFORE(void, engine_load, (struct engine * engine, const struct loaded *loaded))
{
    if (!kept_state)
        __real_engine_load(engine, loaded);
}

BEFORE(void, engine_begin, (struct engine * engine, struct moment now))
{
    if (!kept_state)
        __real_engine_begin(engine, now);
    kept_state = false;
}

/* --- rows --- */

static bool is_lost(const struct row *row)
{
    return bug_is(BUG_balance_lost) && row->kind == ROW_BALANCE && row->balance.reserved_minor != 0;
}

BEFORE(void, engine_record, (struct engine * engine, const struct row *row))
{
    if (!is_lost(row))
        __real_engine_record(engine, row);
}

BEFORE(void, batch_add, (struct batch * batch, const struct row *row))
{
    struct row wrong = *row;

    if (row->kind == ROW_SESSION && bug_is(BUG_reservation_too_low))
        wrong.session.next_out -= NUMBERS_AHEAD;
    if (row->kind == ROW_SESSION && bug_is(BUG_next_in_too_high))
        wrong.session.next_in++;
    __real_batch_add(batch, &wrong);
}

/* --- numbers --- */

BEFORE(struct fix_session *, fix_session_new,
       (const struct fix_session_options *options, uint64_t next_in, uint64_t next_out,
        struct moment now))
{
    bool again =
        bug_is(BUG_number_used_again) && options->role == FIX_ACCEPTOR && next_out > NUMBERS_AHEAD;

    return __real_fix_session_new(options, next_in, next_out - (again ? 1 : 0), now);
}

BEFORE(void, reads_answer, (struct engine * engine, const struct input *input))
{
    static const struct answer nothing;
    struct input wrong = *input;

    if (bug_is(BUG_resend_filled_over) && input->answer != NULL && input->answer->count != 0 &&
        input->answer->rows[0].kind == ROW_MESSAGE_OUT)
        wrong.answer = &nothing;
    __real_reads_answer(engine, &wrong);
}

BEFORE(void, broker_session_reset, (struct engine * engine, struct broker_session *session))
{
    if (bug_is(BUG_waiting_reset))
        session->untold_first = session->untold_next = 0;
    __real_broker_session_reset(engine, session);
}

/* --- exactly once --- */

BEFORE(bool, instructions_with,
       (struct engine * engine, enum index_kind kind, struct slice scope, struct slice id,
        struct waiter *waiter, struct entry **found, unsigned *count))
{
    bool broker = broker_session_named(engine, scope) != NULL;

    if (kind == INDEX_ORDER || !bug_is(broker ? BUG_request_twice : BUG_deposit_twice))
        return __real_instructions_with(engine, kind, scope, id, waiter, found, count);
    *found = NULL;
    *count = 0;
    return true;
}

BEFORE(bool, keys_maybe,
       (const struct engine *engine, enum index_kind kind, struct slice scope, struct slice id,
        struct whereabouts *where))
{
    return (kind != INDEX_INBOX || !bug_is(BUG_document_twice)) &&
           __real_keys_maybe(engine, kind, scope, id, where);
}

BEFORE(bool, filters_find,
       (const struct filters *filters, uint64_t digest, uint64_t above, struct filter *where))
{
    bool found = __real_filters_find(filters, digest, above, where);

    if (bug_is(BUG_sealed_forgotten))
        *where = (struct filter){ .first = UINT64_MAX };
    return found && !bug_is(BUG_sealed_forgotten);
}

BEFORE(void, reads_ask_behind,
       (struct engine * engine, const struct query *query, uint64_t batch, read_taker *take,
        void *owner))
{
    __real_reads_ask_behind(engine, query, bug_is(BUG_asked_early) ? 0 : batch, take, owner);
}

BEFORE(struct digest, facts_content, (const struct facts *facts))
{
    static unsigned char calls;
    struct digest digest = __real_facts_content(facts);

    if (bug_is(BUG_content_ignored))
        digest = (struct digest){ 0 };
    if (bug_is(BUG_repeat_refused))
        digest.bytes[0] = ++calls;
    return digest;
}

BEFORE(bool, deposit_look, (struct engine * engine, const struct reading *reading, bool *all_new))
{
    bool found = __real_deposit_look(engine, reading, all_new);

    *all_new = *all_new || bug_is(BUG_taken_rejected);
    return found;
}

/* The same order under a second id. */
static void offer_renamed(struct engine *engine, const struct document *document)
{
    const struct document_row row = { .id = SCRATCH(engine, "%.*sA", SLICE_ARG(document->id)),
                                      .channel = document->channel,
                                      .definition = document->definition,
                                      .instruction = document->instruction,
                                      .bytes = document->bytes };

    outbox_add(engine, document_of_row(&row));
}

static void offer_all_renamed(struct engine *engine)
{
    const struct document *last = engine->outbox_last;
    bool more = last != NULL;

    for (const struct document *at = engine->outbox_first; more; at = at->next) {
        more = at != last;
        offer_renamed(engine, at);
    }
}

BEFORE(void, outbox_offer_all, (struct engine * engine))
{
    if (bug_is(BUG_order_renamed))
        offer_all_renamed(engine);
    else if (!bug_is(BUG_order_forgotten))
        __real_outbox_offer_all(engine);
}

BEFORE(struct document *, document_of_row, (const struct document_row *row))
{
    struct document_row wrong = *row;

    if (bug_is(BUG_order_rewritten) && wrong.bytes.size != 0)
        wrong.bytes.size--;
    return __real_document_of_row(&wrong);
}

/* --- money --- */

/* Goes to the state without the movement that belongs to it. */
static bool enter_only(struct instruction *instruction, enum instruction_state state,
                       struct movement *movement)
{
    *movement = (struct movement){ 0 };
    instruction->state = state;
    return true;
}

static struct balance_key key_of(const struct instruction *instruction)
{
    return (struct balance_key){
        .account = instruction_get(instruction, INSTRUCTION_TEXT_account),
        .client = instruction_get(instruction, INSTRUCTION_TEXT_client),
        .currency = instruction_get(instruction, INSTRUCTION_TEXT_currency),
    };
}

/* Goes to the state with a movement that does not belong to it. */
static bool enter_with(struct instruction *instruction, enum instruction_state state,
                       struct book *book, struct movement *movement, struct error *error)
{
    enum ledger_side from = instruction->flow == FLOW_DEPOSIT ? LEDGER_OUTSIDE : LEDGER_FREE;
    enum ledger_side to = from == LEDGER_FREE ? LEDGER_OUTSIDE : LEDGER_FREE;

    if (!book_move(book, key_of(instruction), from, to, instruction->amount_minor, movement, error))
        return false;
    instruction->state = state;
    return true;
}

BEFORE(bool, custody_enter,
       (struct instruction * instruction, enum instruction_state state, struct book *book,
        struct movement *movement, struct error *error))
{
    bool withdrawal = instruction->flow == FLOW_WITHDRAWAL;
    enum instruction_state from = instruction->state;

    if (bug_is(BUG_reservation_lost) && withdrawal && from == INSTRUCTION_NONE &&
        state != INSTRUCTION_REFUSED)
        return enter_only(instruction, state, movement);
    if (bug_is(BUG_credited_early) && !withdrawal && state == INSTRUCTION_ACCEPTED)
        return enter_with(instruction, state, book, movement, error);
    if (bug_is(BUG_credited_early) && !withdrawal && state == INSTRUCTION_SETTLED)
        return enter_only(instruction, state, movement);
    if (bug_is(BUG_settled_late) && from == INSTRUCTION_REFUSED)
        return enter_with(instruction, state, book, movement, error);
    if (bug_is(BUG_doubt_refused) && withdrawal && state == INSTRUCTION_IN_DOUBT)
        state = INSTRUCTION_REFUSED;
    return __real_custody_enter(instruction, state, book, movement, error);
}

static const struct instruction *judged; /* refused, and now it is to be settled */

BEFORE(struct verdict, custody_judge,
       (const struct instruction *instruction, const struct facts *facts, bool from_reject,
        const char *against))
{
    struct verdict verdict = __real_custody_judge(instruction, facts, from_reject, against);

    judged = NULL;
    if (bug_is(BUG_settled_late) && instruction->state == INSTRUCTION_REFUSED &&
        verdict.contradiction && slice_is(facts->values[FACT_status_code], "ACSC")) {
        verdict = (struct verdict){ .state = INSTRUCTION_SETTLED,
                                    .trans_type = -1,
                                    .request_status = -1,
                                    .payment_status = -1 };
        judged = instruction;
    }
    return verdict;
}

BEFORE(bool, instruction_may, (enum instruction_state from, enum instruction_state to))
{
    bool wrong = judged != NULL && to == INSTRUCTION_SETTLED;

    judged = NULL;
    return wrong || __real_instruction_may(from, to);
}

BEFORE(bool, custody_check,
       (struct instruction * instruction, const struct facts *facts, const struct book *book,
        struct date today, const struct link **link, struct refusal *refusal))
{
    static struct link wrong;
    struct facts without = *facts;
    struct slice payee = facts->values[FACT_instruction_payee_account];
    bool named =
        bug_is(BUG_payee_of_message) && instruction->flow == FLOW_WITHDRAWAL && payee.at != NULL;

    if (named)
        without.values[FACT_instruction_payee_account] = SLICE_NONE;
    bool good = __real_custody_check(instruction, &without, book, today, link, refusal);
    if (named && good) {
        wrong = **link;
        wrong.payee_account = payee;
        *link = &wrong;
        instruction_set(instruction, INSTRUCTION_TEXT_payee_account, payee);
    }
    return good;
}

/* --- doubts --- */

BEFORE(void, engine_say,
       (struct engine * engine, const struct log_event_kind *kind, bool durable,
        const struct log_pair *pairs, size_t count))
{
    if (kind != &log_in_doubt || !bug_is(BUG_doubt_untold))
        __real_engine_say(engine, kind, durable, pairs, count);
}

/* A deadline of an instruction that is set is taken out again. */
BEFORE(void, deadlines_set,
       (struct deadlines * deadlines, struct deadline *deadline, int64_t at_ns))
{
    bool lost = bug_is(BUG_deadline_lost) && deadline->kind == DEADLINE_INSTRUCTION;

    __real_deadlines_set(deadlines, deadline, lost ? DEADLINE_NEVER : at_ns);
}

BEFORE(void, instruction_arm, (struct engine * engine, struct entry *entry))
{
    struct instruction *instruction = entry->instruction;
    int64_t utc_ns = instruction == NULL ? 0 : instruction->deadline_utc_ns;

    __real_instruction_arm(engine, entry);
    if (!bug_is(BUG_deadline_far) || utc_ns == 0)
        return;
    instruction->deadline_utc_ns = utc_ns;
    deadlines_set(&engine->deadlines, &entry->deadline,
                  engine->now.steady_ns + utc_ns - engine->now.utc_ns);
}

BEFORE(struct document *, outbox_find, (const struct engine *engine, struct slice id))
{
    return bug_is(BUG_resolved_early) ? NULL : __real_outbox_find(engine, id);
}

/* --- configurations --- */

BEFORE(void, decision_make,
       (struct engine * engine, const struct config *config, struct instruction *instruction,
        struct facts *facts, const struct rule *after, const struct surroundings *around,
        struct decision *decision))
{
    __real_decision_make(engine, bug_is(BUG_decided_under_another) ? process_config() : config,
                         instruction, facts, after, around, decision);
}

BEFORE(void, broker_sessions_load, (struct engine * engine, const struct session_row *row))
{
    if (!bug_is(BUG_session_from_scratch) || broker_session_named(engine, row->name) != NULL)
        __real_broker_sessions_load(engine, row);
}

BEFORE(bool, engine_accepts,
       (const struct engine *engine, const struct config *config, struct error *error))
{
    return bug_is(BUG_removed_too_early) || __real_engine_accepts(engine, config, error);
}

/* --- old days --- */

BEFORE(uint64_t, instructions_lowest_ended, (const struct engine *engine))
{
    uint64_t lowest = __real_instructions_lowest_ended(engine);

    return bug_is(BUG_archived_while_worked_on) ? UINT64_MAX : lowest;
}

BEFORE(const char *, archive_before,
       (struct slice date, int64_t now_utc_ns, unsigned window_s, int64_t *before_utc_ns))
{
    return __real_archive_before(
        date, now_utc_ns, bug_is(BUG_archived_too_early) ? window_s / 2 : window_s, before_utc_ns);
}
