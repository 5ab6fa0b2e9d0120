/* What was decided, and what it was decided under: rule, way, map and deadline
   of an instruction are all those of the one configuration that it names. */
#include "world.h"

#include "config/config.h"

static const struct rule *find_rule(const struct config *config, struct slice name)
{
    for (size_t i = 0; i < config->rules.count; i++)
        if (slice_equal(config->rules.at[i].name, name))
            return &config->rules.at[i];
    return NULL;
}

static bool is_kept(const struct world *world, const struct digest *digest)
{
    const struct row like = { .kind = ROW_CONFIGURATION, .configuration = { .digest = *digest } };

    return store_memory_find(world->store, &like) != NULL;
}

/* May an instruction be in this state by this rule? */
static bool leads_to(const struct rule *rule, enum instruction_state state)
{
    switch (rule->action) {
    case RULE_REFUSE:
        return state == INSTRUCTION_REFUSED;
    case RULE_HOLD:
        return state == INSTRUCTION_HELD || state == INSTRUCTION_REFUSED;
    case RULE_ROUTE:
        return state != INSTRUCTION_HELD;
    case RULE_ECHO:
        break;
    }
    return false;
}

/* The way on which the rule sends it; one that was refused went nowhere. */
static bool goes_by(const struct rule *rule, const struct instruction *instruction)
{
    bool withdrawal = instruction->flow == FLOW_WITHDRAWAL;

    if (rule->action != RULE_ROUTE || instruction->state == INSTRUCTION_REFUSED)
        return true;
    return slice_equal(rule->to,
                       instruction_get(instruction, withdrawal ? INSTRUCTION_TEXT_channel
                                                               : INSTRUCTION_TEXT_session)) &&
           (!withdrawal ||
            slice_equal(rule->map, instruction_get(instruction, INSTRUCTION_TEXT_map)));
}

static void check_rule(struct world *world, const struct config *config,
                       const struct instruction *instruction)
{
    struct slice name = instruction_get(instruction, INSTRUCTION_TEXT_rule);
    const struct rule *rule = find_rule(config, name);

    if (slice_is(name, "check") || slice_is(name, "custody"))
        return;
    if (rule == NULL || !leads_to(rule, instruction->state) || !goes_by(rule, instruction))
        world_fail(world,
                   "instruction %llu is %s by rule %.*s, which is not so under its configuration",
                   (unsigned long long)instruction->number,
                   instruction_state_name(instruction->state), SLICE_ARG(name));
}

/* When it was accepted in this batch; 0: it was not. */
static int64_t accepted_at(const struct batch *batch, uint64_t number)
{
    for (size_t i = 0; i < batch_count(batch); i++) {
        const struct row *row = batch_at(batch, i);
        if (row->kind == ROW_EVENT && row->event.instruction == number &&
            row->event.to == INSTRUCTION_ACCEPTED && row->event.from != row->event.to)
            return row->event.utc_ns;
    }
    return 0;
}

static void check_deadline(struct world *world, const struct config *config,
                           const struct batch *batch, const struct instruction *instruction)
{
    const struct config_channel *channel =
        config_channel_named(config, instruction_get(instruction, INSTRUCTION_TEXT_channel));
    int64_t from_ns = accepted_at(batch, instruction->number);

    if (from_ns == 0 || instruction->state != INSTRUCTION_ACCEPTED)
        return;
    unsigned within_s = channel == NULL                     ? 0
                        : instruction->flow == FLOW_DEPOSIT ? channel->answer_deadline_s
                                                            : channel->deadline_s;
    if (instruction->deadline_utc_ns != from_ns + SECONDS_NS(within_s))
        world_fail(world, "instruction %llu has a deadline that its configuration does not have",
                   (unsigned long long)instruction->number);
}

static void check_instruction(struct world *world, const struct batch *batch,
                              const struct instruction *instruction)
{
    const struct config *config = configuration_of(world, &instruction->configuration);

    if (!is_kept(world, &instruction->configuration))
        world_fail(world, "instruction %llu names a configuration that is not kept",
                   (unsigned long long)instruction->number);
    if (config == NULL)
        return; /* of an earlier life */
    check_rule(world, config, instruction);
    check_deadline(world, config, batch, instruction);
}

void check_decisions(struct world *world, const struct batch *batch)
{
    for (size_t i = 0; i < batch_count(batch); i++)
        if (batch_at(batch, i)->kind == ROW_INSTRUCTION)
            check_instruction(world, batch, batch_at(batch, i)->instruction);
}
