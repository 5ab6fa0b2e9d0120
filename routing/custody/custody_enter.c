/* Which transition moves which money. */
#include "routing/custody/custody.h"

#include <assert.h>

const struct error_kind custody_transition = { "custody.transition", "no such transition" };
const struct error_kind custody_short = { "custody.short", "not enough money" };

static const enum ledger_side sides[FLOW_COUNT][INSTRUCTION_STATE_COUNT] = {
#define STATE(identifier, name, ended, withdrawal, deposit, what)                                  \
    [FLOW_WITHDRAWAL][INSTRUCTION_##identifier] = LEDGER_##withdrawal,                             \
    [FLOW_DEPOSIT][INSTRUCTION_##identifier] = LEDGER_##deposit,
#include "routing/custody/states.def"
#undef STATE
};

enum ledger_side custody_side(enum flow flow, enum instruction_state state)
{
    assert(flow < FLOW_COUNT && state < INSTRUCTION_STATE_COUNT);
    return sides[flow][state];
}

static struct balance_key key_of(const struct instruction *instruction)
{
    return (struct balance_key){
        .account = instruction_get(instruction, INSTRUCTION_TEXT_account),
        .client = instruction_get(instruction, INSTRUCTION_TEXT_client),
        .currency = instruction_get(instruction, INSTRUCTION_TEXT_currency),
    };
}

bool custody_may_enter(const struct instruction *instruction, enum instruction_state state,
                       struct book *book, struct error *error)
{
    if (!instruction_may(instruction->state, state))
        return error_at(error, &custody_transition, PLACE_NONE, "%s to %s",
                        instruction_state_name(instruction->state), instruction_state_name(state));
    enum ledger_side from = custody_side(instruction->flow, instruction->state);
    enum ledger_side to = custody_side(instruction->flow, state);
    if (from == to ||
        book_may_move(book, key_of(instruction), from, to, instruction->amount_minor, error))
        return true;
    if (error->kind == &book_short)
        error->kind = &custody_short;
    return false;
}

bool custody_enter(struct instruction *instruction, enum instruction_state state, struct book *book,
                   struct movement *movement, struct error *error)
{
    if (!custody_may_enter(instruction, state, book, error))
        return false;
    enum ledger_side from = custody_side(instruction->flow, instruction->state);
    enum ledger_side to = custody_side(instruction->flow, state);
    *movement = (struct movement){ .from = from, .to = to };
    bool moved = from == to || book_move(book, key_of(instruction), from, to,
                                         instruction->amount_minor, movement, error);
    assert(moved);
    (void)moved;
    instruction->state = state;
    return true;
}
