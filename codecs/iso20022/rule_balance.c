/* The closing balance of a statement is the opening one and what was booked between
   them.  Nothing is said when a balance is there twice, or in several currencies. */
#include "codecs/iso20022/rule_kept.h"

/* The paths: of a balance itself, code, currency, amount and direction; of an entry
   currency, amount, direction, and the status of one that is booked. */
enum path {
    BALANCE,
    BALANCE_CODE,
    BALANCE_CURRENCY,
    BALANCE_AMOUNT,
    BALANCE_DIRECTION,
    ENTRY_CURRENCY,
    ENTRY_AMOUNT,
    ENTRY_DIRECTION,
    ENTRY_BOOKED,
};

enum kind { OPENING, PREVIOUS, CLOSING, KIND_COUNT, OTHER = KIND_COUNT };

struct balance {
    struct iso_kept currency;
    struct decimal_sum amount;
    unsigned count;
};

struct statement {
    struct balance balances[KIND_COUNT];
    struct iso_rule_mark closing_at;
    struct iso_kept entry_currency; /* of the first that is booked */
    struct decimal_sum booked;
    bool is_mixed;            /* entries are in several currencies */
    enum kind kind;           /* of the balance that is open */
    struct iso_kept currency; /* of the balance or entry that is open */
    struct decimal number;    /* the same */
    struct iso_rule_mark amount_at;
    bool has_number, is_debit;
};

static void begin_statement(const struct iso_rule_sight *sight)
{
    struct statement *statement = sight->memory;
    for (size_t i = 0; i < KIND_COUNT; i++)
        statement->balances[i].count = 0;
    iso_kept_clear(&statement->entry_currency);
    statement->booked = (struct decimal_sum){ 0, 0, 0 };
    statement->is_mixed = statement->has_number = false;
}

static enum kind kind_of(struct slice code)
{
    static const char *const codes[] = { "OPBD", "PRCD", "CLBD" };
    size_t kind = 0;
    while (kind < KIND_COUNT && !slice_is(code, codes[kind]))
        kind++;
    return (enum kind)kind;
}

static void add(struct decimal_sum *sum, const struct statement *statement)
{
    if (statement->is_debit)
        decimal_sum_subtract(sum, statement->number);
    else
        decimal_sum_add(sum, statement->number);
}

static void take_balance(struct statement *statement)
{
    struct balance *balance = &statement->balances[statement->kind];
    struct iso_kept open = statement->currency;
    if (statement->kind == OTHER || !statement->has_number)
        return;
    statement->currency = balance->currency;
    balance->currency = open;
    balance->amount = (struct decimal_sum){ 0, 0, 0 };
    balance->count++;
    add(&balance->amount, statement);
    if (statement->kind == CLOSING)
        statement->closing_at = statement->amount_at;
}

static void take_entry(struct statement *statement)
{
    struct iso_kept *first = &statement->entry_currency, open = statement->currency;
    if (!statement->has_number)
        return;
    if (first->text.at == NULL) {
        statement->currency = *first;
        *first = open;
    } else if (!iso_kept_equal(first, &open)) {
        statement->is_mixed = true;
    }
    add(&statement->booked, statement);
    statement->has_number = false;
}

static void look_balance(const struct iso_rule_sight *sight)
{
    struct statement *statement = sight->memory;
    switch ((enum path)sight->path) {
    case BALANCE:
        statement->kind = OTHER;
        break;
    case BALANCE_CODE:
        statement->kind = kind_of(sight->value);
        break;
    case BALANCE_CURRENCY:
    case ENTRY_CURRENCY:
        iso_kept_set(&statement->currency, sight);
        break;
    case BALANCE_AMOUNT:
    case ENTRY_AMOUNT:
        statement->has_number =
            decimal_parse(sight->value, DECIMAL_XML, &statement->number) == DECIMAL_OK;
        iso_rule_mark(sight, &statement->amount_at);
        break;
    case BALANCE_DIRECTION:
        statement->is_debit = slice_is(sight->value, "DBIT");
        take_balance(statement);
        break;
    case ENTRY_DIRECTION:
        statement->is_debit = slice_is(sight->value, "DBIT");
        break;
    case ENTRY_BOOKED:
        take_entry(statement);
    }
}

static bool is_judged(const struct statement *statement, const struct balance *opening)
{
    const struct balance *closing = &statement->balances[CLOSING];
    return opening->count == 1 && closing->count == 1 && !statement->is_mixed &&
           iso_kept_equal(&opening->currency, &closing->currency) &&
           !iso_kept_differ(&closing->currency, &statement->entry_currency);
}

static void end_balance(const struct iso_rule_sight *sight)
{
    const struct statement *statement = sight->memory;
    const struct balance *balances = statement->balances;
    const struct balance *opening = &balances[balances[OPENING].count > 0 ? OPENING : PREVIOUS];
    struct decimal_sum expected = statement->booked;
    struct writer text;
    if (!is_judged(statement, opening))
        return;
    decimal_sum_add_sum(&expected, &opening->amount);
    if (decimal_sum_compare(&expected, &balances[CLOSING].amount) == 0)
        return;
    writer_init(&text, 0);
    decimal_sum_write(balances[CLOSING].amount, &text);
    writer_text(&text, " is not ");
    decimal_sum_write(expected, &text);
    iso_rule_broken_at(sight, &statement->closing_at, "%.*s", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
}

const struct iso_rule_check iso_rule_balance = { .begin = begin_statement,
                                                 .look = look_balance,
                                                 .end = end_balance,
                                                 .memory_size = sizeof(struct statement) };
