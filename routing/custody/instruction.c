/* Instructions, and the tables of their states, transitions and texts. */
#include "routing/custody/instruction.h"

#include "routing/custody/owned.h"

#include <assert.h>

static const struct {
    const char *name;
    bool ended;
} states[] = {
#define STATE(identifier, name, ended, withdrawal, deposit, what)                                  \
    [INSTRUCTION_##identifier] = { name, ended },
#include "routing/custody/states.def"
#undef STATE
};

static const bool transitions[INSTRUCTION_STATE_COUNT][INSTRUCTION_STATE_COUNT] = {
#define TRANSITION(from, to) [INSTRUCTION_##from][INSTRUCTION_##to] = true,
#include "routing/custody/transitions.def"
#undef TRANSITION
};

static const char *const flows[] = {
    [FLOW_WITHDRAWAL] = "withdrawal",
    [FLOW_DEPOSIT] = "deposit",
};

static const char *const texts[] = {
#define INSTRUCTION_TEXT(identifier, what) #identifier,
    INSTRUCTION_TEXTS(INSTRUCTION_TEXT)
#undef INSTRUCTION_TEXT
};

const char *instruction_state_name(enum instruction_state state)
{
    assert(state < INSTRUCTION_STATE_COUNT);
    return states[state].name;
}

bool instruction_state_named(struct slice name, enum instruction_state *state)
{
    for (*state = 0; *state < INSTRUCTION_STATE_COUNT; (*state)++)
        if (slice_is(name, states[*state].name))
            return true;
    return false;
}

bool instruction_state_ended(enum instruction_state state)
{
    assert(state < INSTRUCTION_STATE_COUNT);
    return states[state].ended;
}

bool instruction_may(enum instruction_state from, enum instruction_state to)
{
    assert(from < INSTRUCTION_STATE_COUNT && to < INSTRUCTION_STATE_COUNT);
    return transitions[from][to];
}

const char *flow_name(enum flow flow)
{
    assert(flow < FLOW_COUNT);
    return flows[flow];
}

bool flow_named(struct slice name, enum flow *flow)
{
    for (*flow = 0; *flow < FLOW_COUNT; (*flow)++)
        if (slice_is(name, flows[*flow]))
            return true;
    return false;
}

const char *instruction_text_name(enum instruction_text text)
{
    assert(text < INSTRUCTION_TEXT_COUNT);
    return texts[text];
}

struct instruction *instruction_new(uint64_t number, enum flow flow)
{
    struct instruction *instruction = memory_take(sizeof *instruction);
    *instruction = (struct instruction){ .number = number, .flow = flow, .report_rank = -1 };
    return instruction;
}

struct instruction *instruction_copy(const struct instruction *instruction)
{
    struct instruction *copy = memory_take(sizeof *copy);
    *copy = *instruction;
    for (size_t i = 0; i < INSTRUCTION_TEXT_COUNT; i++)
        copy->texts[i] = owned_copy(instruction->texts[i]);
    return copy;
}

void instruction_free(struct instruction *instruction)
{
    if (instruction == NULL)
        return;
    for (size_t i = 0; i < INSTRUCTION_TEXT_COUNT; i++)
        owned_free(instruction->texts[i]);
    free(instruction);
}

void instruction_set(struct instruction *instruction, enum instruction_text which,
                     struct slice text)
{
    struct slice old = instruction->texts[which];
    instruction->texts[which] = owned_copy(text); /* first: text may be part of the old one */
    owned_free(old);
}
