/* What custody and the rules say of an instruction, for both flows. */
#include "codecs/base/bic.h"
#include "gateway/engine/machine.h"

#include <stdarg.h>
#include <stdio.h>

void refusal_set(struct refusal *refusal, struct slice code, const char *format, ...)
{
    va_list arguments;

    snprintf(refusal->code, sizeof refusal->code, "%.*s", SLICE_ARG(code));
    va_start(arguments, format);
    vsnprintf(refusal->text, sizeof refusal->text, format, arguments);
    va_end(arguments);
    /* A text that was cut inside a character loses that character. */
    size_t size = strlen(refusal->text);
    while (size != 0 && !utf8_valid((struct slice){ refusal->text, size }))
        refusal->text[--size] = '\0';
}

/* The date where the bank is. */
static struct date bank_today(const struct engine *engine, const struct config *config,
                              const struct facts *facts)
{
    struct slice bank = facts->values[FACT_instruction_bank];
    int offset_minutes = 0;

    if (bank.at == NULL) {
        const struct link *link =
            book_find_link(engine->book, facts->values[FACT_instruction_client],
                           facts->values[FACT_instruction_account]);
        bank = link == NULL ? SLICE_NONE : link->bank;
    }
    for (size_t i = 0; i < config->channel_count; i++)
        if (bank.at != NULL && bic_same(config->channels[i].bic, bank))
            offset_minutes = config->channels[i].utc_offset_minutes;
    return date_at(engine->now.utc_ns, offset_minutes);
}

static void follow_rule(struct decision *decision)
{
    const struct rule *rule = decision->rule;

    decision->name = rule->name;
    decision->action = rule->action;
    if (rule->action == RULE_REFUSE)
        refusal_set(&decision->refusal, rule->reason, "%.*s", SLICE_ARG(rule->text));
}

void decision_make(struct engine *engine, const struct config *config,
                   struct instruction *instruction, struct facts *facts, const struct rule *after,
                   const struct surroundings *around, struct decision *decision)
{
    *decision = (struct decision){ .action = RULE_REFUSE };
    bool good = custody_check(instruction, facts, engine->book, bank_today(engine, config, facts),
                              &decision->link, &decision->refusal);

    if (good)
        facts_instruction(engine, facts, instruction);
    facts_decision(facts, decision->link);
    decision->rule = rules_decide(&config->rules, after, around);
    bool echo = decision->rule != NULL && decision->rule->action == RULE_ECHO;

    if (!good && !echo) {
        decision->name = SLICE("custody");
    } else if (decision->rule == NULL) {
        decision->name = SLICE("check");
        refusal_set(&decision->refusal, SLICE("RC01"), "no rule takes this transfer");
    } else {
        follow_rule(decision);
    }
}

const struct rule *rule_named(const struct config *config, struct slice name)
{
    for (size_t i = 0; i < config->rules.count; i++)
        if (slice_equal(config->rules.at[i].name, name))
            return &config->rules.at[i];
    return NULL;
}
