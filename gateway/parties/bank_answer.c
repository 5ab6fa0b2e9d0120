/* What the bank says to an order, by rules, and when. */
#include <stdlib.h>

#include "gateway/parties/bank_parts.h"

/* What a rule that says nothing else does. */
static const struct bank_rule usual = { .statuses = { "ACSP ACSC", 9 } };

static const struct bank_rule rules_by_cents[] = {
#define BANK_RULE(cents, statuses, reason, text)                                                   \
    { { cents, sizeof(cents) - 1 },                                                                \
      { statuses, sizeof(statuses) - 1 },                                                          \
      { reason, sizeof(reason) - 1 },                                                              \
      { text, sizeof(text) - 1 },                                                                  \
      0 },
#include "gateway/parties/bank_rules.def"
#undef BANK_RULE
};

static bool rule_matches(const struct bank_rule *rule, struct slice amount)
{
    if (rule->amount.at == NULL)
        return true;
    if (rule->amount.at[0] != '.')
        return slice_equal(rule->amount, amount);
    return amount.size >= rule->amount.size &&
           slice_equal(slice_after(amount, amount.size - rule->amount.size), rule->amount);
}

static struct bank_rule choose_rule(const struct bank *bank, struct slice amount)
{
    for (size_t i = bank->rule_count; i-- > 0;)
        if (rule_matches(&bank->rules[i], amount))
            return bank->rules[i];
    for (size_t i = 0;
         bank->options->rules_by_cents && i < sizeof rules_by_cents / sizeof *rules_by_cents; i++)
        if (rule_matches(&rules_by_cents[i], amount))
            return rules_by_cents[i];
    return usual;
}

static struct slice take_status(struct slice *statuses)
{
    const char *blank = statuses->size == 0 ? NULL : memchr(statuses->at, ' ', statuses->size);
    struct slice status = { statuses->at,
                            blank == NULL ? statuses->size : (size_t)(blank - statuses->at) };

    *statuses = slice_after(*statuses, blank == NULL ? status.size : status.size + 1);
    return status;
}

static uint64_t now_ms(const struct bank *bank)
{
    return (uint64_t)(bank->now.steady_ns / MILLIS_NS(1));
}

/* Behind all that are due before it or at the same time. */
static void schedule(struct bank *bank, struct answer_due *due)
{
    struct answer_due **at = &bank->due;

    due->due_ms = now_ms(bank) + bank->options->delay_ms + due->rule.delay_ms;
    while (*at != NULL && (*at)->due_ms <= due->due_ms)
        at = &(*at)->next;
    due->next = *at;
    *at = due;
}

void bank_due_free(struct answer_due *due)
{
    for (size_t i = 0; i < ORDER_VALUE_COUNT; i++)
        free((char *)due->order[i].at);
    free(due);
}

static void finish(struct bank *bank, struct answer_due *due)
{
    size_t row = names_find(&bank->taken_ids, due->id);

    bank->taken[row].finished = true;
    journal_write(&bank->journal, bank->now.utc_ns, "finished", "%.*s", SLICE_ARG(due->id));
    bank_due_free(due);
}

static struct slice copy_value(struct slice value)
{
    char *copy;

    if (value.at == NULL)
        return SLICE_NONE;
    copy = memory_take(value.size + 1);
    memcpy(copy, value.at, value.size);
    return (struct slice){ copy, value.size };
}

void bank_answer(struct bank *bank, struct slice id, const struct iso_part *order,
                 unsigned answered)
{
    struct answer_due *due = memory_take(sizeof *due);

    *due = (struct answer_due){ .id = id, .number = 1 };
    for (size_t i = 0; i < ORDER_VALUE_COUNT; i++)
        due->order[i] = copy_value(record_get(&order->records[0], i));
    due->rule = choose_rule(bank, due->order[ORDER_AMOUNT]);
    due->statuses = due->rule.statuses;
    for (; due->number <= answered && due->statuses.size > 0; due->number++)
        take_status(&due->statuses);
    if (due->statuses.size > 0)
        schedule(bank, due);
    else
        finish(bank, due);
}

/* The answer's id is made from the order's, so that it is the same in every
   life of the bank. */
static void give(struct bank *bank, struct answer_due *due)
{
    struct slice status = take_status(&due->statuses);
    struct slice id = arena_format(&bank->arena, "%.*s-A%u", SLICE_ARG(due->id), due->number);
    bool refusing = slice_is(status, "RJCT") || slice_is(status, "CANC");

    if (slice_is(status, "admi.002"))
        bank_write_refusal(bank, id, due->id, due->rule.reason, due->rule.text);
    else
        bank_write_status(bank, id, due->order, status, refusing ? due->rule.reason : SLICE_NONE,
                          refusing ? due->rule.text : SLICE_NONE);
    journal_write(&bank->journal, bank->now.utc_ns, "answered", "%.*s %.*s", SLICE_ARG(due->id),
                  SLICE_ARG(status));
    bank->taken[names_find(&bank->taken_ids, due->id)].answered = due->number++;
    bank->answers++;
}

void bank_answers_go(struct bank *bank)
{
    while (bank->due != NULL && bank->due->due_ms <= now_ms(bank)) {
        struct answer_due *due = bank->due;

        bank->due = due->next;
        give(bank, due);
        if (due->statuses.size > 0)
            schedule(bank, due);
        else
            finish(bank, due);
    }
}
