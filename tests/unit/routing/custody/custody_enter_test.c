#include "kit/kit.h"

#include "routing/custody/custody.h"

enum { AMOUNT = 2500, OPENING = 10000 };

static const struct balance_key key = { { "ACC-1", 5 }, { "C-1", 3 }, { "CNY", 3 } };

static struct instruction *instruction_in(enum flow flow, enum instruction_state state)
{
    struct instruction *instruction = instruction_new(1, flow);
    instruction_set(instruction, INSTRUCTION_TEXT_account, key.account);
    instruction_set(instruction, INSTRUCTION_TEXT_client, key.client);
    instruction_set(instruction, INSTRUCTION_TEXT_currency, key.currency);
    instruction->amount_minor = AMOUNT;
    instruction->state = state;
    return instruction;
}

/* Where a withdrawal's money lies, said in words of the trade. */
static enum ledger_side withdrawal_side(enum instruction_state state)
{
    switch (state) {
    case INSTRUCTION_HELD:
    case INSTRUCTION_ACCEPTED:
    case INSTRUCTION_SENT:
    case INSTRUCTION_PENDING:
    case INSTRUCTION_IN_DOUBT:
        return LEDGER_RESERVED;
    case INSTRUCTION_SETTLED:
        return LEDGER_OUTSIDE;
    default:
        return LEDGER_FREE;
    }
}

static enum ledger_side side(enum flow flow, enum instruction_state state)
{
    if (flow == FLOW_WITHDRAWAL)
        return withdrawal_side(state);
    return state == INSTRUCTION_SETTLED ? LEDGER_FREE : LEDGER_OUTSIDE;
}

static void each_cell(enum flow flow, enum instruction_state from, enum instruction_state to)
{
    struct book *book = book_new();
    struct instruction *instruction = instruction_in(flow, from);
    struct movement movement;
    struct error error;
    book_put_balance(book, &(struct balance){ key, OPENING, OPENING });

    bool entered = custody_enter(instruction, to, book, &movement, &error);

    enum ledger_side source = side(flow, from), target = side(flow, to);
    bool moves = entered && source != target;
    assert_int_equal(entered, instruction_may(from, to));
    assert_int_equal(instruction->state, entered ? to : from);
    if (!entered)
        assert_ptr_equal(error.kind, &custody_transition);
    else
        assert_int_equal(movement.amount_minor, moves ? AMOUNT : 0);
    int64_t free_minor = OPENING, reserved_minor = OPENING;
    free_minor += moves ? AMOUNT * ((target == LEDGER_FREE) - (source == LEDGER_FREE)) : 0;
    reserved_minor +=
        moves ? AMOUNT * ((target == LEDGER_RESERVED) - (source == LEDGER_RESERVED)) : 0;
    assert_int_equal(book_balance(book, key)->free_minor, free_minor);
    assert_int_equal(book_balance(book, key)->reserved_minor, reserved_minor);
    instruction_free(instruction);
    book_free(book);
}

static void every_cell_of_the_table_moves_what_it_should(void **state)
{
    (void)state;
    for (enum flow flow = 0; flow < FLOW_COUNT; flow++)
        for (enum instruction_state from = 0; from < INSTRUCTION_STATE_COUNT; from++)
            for (enum instruction_state to = 0; to < INSTRUCTION_STATE_COUNT; to++)
                each_cell(flow, from, to);
}

static void a_withdrawal_without_money_stays_out(void **state)
{
    (void)state;
    struct book *book = book_new();
    struct instruction *instruction = instruction_in(FLOW_WITHDRAWAL, INSTRUCTION_NONE);
    struct movement movement;
    struct error error;
    book_put_balance(book, &(struct balance){ key, AMOUNT - 1, OPENING });

    assert_false(custody_enter(instruction, INSTRUCTION_ACCEPTED, book, &movement, &error));
    assert_ptr_equal(error.kind, &custody_short);
    assert_int_equal(instruction->state, INSTRUCTION_NONE);
    assert_int_equal(book_balance(book, key)->free_minor, AMOUNT - 1);
    assert_true(custody_enter(instruction, INSTRUCTION_REFUSED, book, &movement, &error));
    instruction_free(instruction);
    book_free(book);
}

static void a_deposit_that_would_not_fit_stays_where_it_is(void **state)
{
    (void)state;
    struct book *book = book_new();
    struct instruction *instruction = instruction_in(FLOW_DEPOSIT, INSTRUCTION_SENT);
    struct movement movement;
    struct error error;
    book_put_balance(book, &(struct balance){ key, INT64_MAX - AMOUNT + 1, 0 });

    assert_false(custody_may_enter(instruction, INSTRUCTION_SETTLED, book, &error));
    assert_ptr_equal(error.kind, &book_overflow);
    assert_false(custody_enter(instruction, INSTRUCTION_SETTLED, book, &movement, &error));
    assert_ptr_equal(error.kind, &book_overflow);
    assert_int_equal(instruction->state, INSTRUCTION_SENT);
    instruction_free(instruction);
    book_free(book);
}

/* The ledger alone, kept beside the book. */
struct ledger {
    int64_t sides[LEDGER_SIDE_COUNT];
};

static void step(struct instruction *instruction, struct book *book, struct ledger *ledger,
                 struct kit_random *random)
{
    enum instruction_state to =
        (enum instruction_state)kit_random_below(random, INSTRUCTION_STATE_COUNT);
    struct movement movement;
    struct error error;
    if (!custody_enter(instruction, to, book, &movement, &error))
        return;
    ledger->sides[movement.from] -= movement.amount_minor;
    ledger->sides[movement.to] += movement.amount_minor;
}

/* What lies reserved is exactly what the open withdrawals say. */
static void check(struct instruction *const *instructions, size_t count, struct book *book,
                  const struct ledger *ledger)
{
    int64_t reserved_minor = 0;
    for (size_t i = 0; i < count; i++)
        if (side(instructions[i]->flow, instructions[i]->state) == LEDGER_RESERVED)
            reserved_minor += instructions[i]->amount_minor;
    const struct balance *balance = book_balance(book, key);
    assert_true(balance->free_minor >= 0);
    assert_int_equal(balance->reserved_minor, reserved_minor);
    assert_int_equal(balance->reserved_minor, ledger->sides[LEDGER_RESERVED]);
    assert_int_equal(balance->free_minor, ledger->sides[LEDGER_FREE]);
    int64_t sum = 0;
    for (size_t i = 0; i < LEDGER_SIDE_COUNT; i++)
        sum += ledger->sides[i];
    assert_int_equal(sum, 0);
}

static void random_walks_conserve_the_money(void **state)
{
    (void)state;
    enum { INSTRUCTIONS = 12, STEPS = 400, WALKS = 50 };
    for (uint64_t seed = 1; seed <= WALKS; seed++) {
        struct kit_random random = { seed * 7919 };
        struct book *book = book_new();
        struct instruction *instructions[INSTRUCTIONS];
        struct ledger ledger = { { [LEDGER_FREE] = OPENING, [LEDGER_OPENING] = -OPENING } };
        book_put_balance(book, &(struct balance){ key, OPENING, 0 });
        for (size_t i = 0; i < INSTRUCTIONS; i++) {
            instructions[i] =
                instruction_in(i % 3 == 0 ? FLOW_DEPOSIT : FLOW_WITHDRAWAL, INSTRUCTION_NONE);
            instructions[i]->amount_minor = 1 + (int64_t)kit_random_below(&random, OPENING);
        }
        for (int i = 0; i < STEPS; i++) {
            step(instructions[kit_random_below(&random, INSTRUCTIONS)], book, &ledger, &random);
            check(instructions, INSTRUCTIONS, book, &ledger);
        }
        for (size_t i = 0; i < INSTRUCTIONS; i++)
            instruction_free(instructions[i]);
        book_free(book);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_table_moves_what_it_should),
        cmocka_unit_test(a_withdrawal_without_money_stays_out),
        cmocka_unit_test(a_deposit_that_would_not_fit_stays_where_it_is),
        cmocka_unit_test(random_walks_conserve_the_money),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
