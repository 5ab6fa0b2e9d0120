/* Makes a table of a pattern: each set of steps that can be reached together is one
   state (the subset construction). */
#include "codecs/iso20022/pattern_step.h"

#include <stdlib.h>

enum {
    STEP_COUNT_MAX = 256,
    STATE_COUNT_MAX = 256,
    WORD_COUNT = STEP_COUNT_MAX / 64,
};

struct state {
    uint64_t steps[WORD_COUNT];
};

struct making {
    const struct iso_pattern *pattern;
    uint8_t columns[ISO_PATTERN_ASCII_COUNT];
    uint8_t examples[ISO_PATTERN_ASCII_COUNT]; /* by column: a character of it */
    size_t column_count;
    struct state states[STATE_COUNT_MAX];
    size_t state_count; /* over STATE_COUNT_MAX: there are too many */
    uint8_t next[STATE_COUNT_MAX * ISO_PATTERN_ASCII_COUNT];
};

static bool has_step(const struct state *state, size_t at)
{
    return state->steps[at / 64] >> at % 64 & 1;
}

/* Adds the step and what it leads to without taking a character. */
static void reach(const struct iso_pattern *pattern, struct state *state, size_t at)
{
    while (!has_step(state, at)) {
        const struct iso_pattern_step *step = &pattern->steps[at];
        state->steps[at / 64] |= UINT64_C(1) << at % 64;
        if (step->kind == ISO_PATTERN_STEP_SET || step->kind == ISO_PATTERN_STEP_END)
            return;
        if (step->kind == ISO_PATTERN_STEP_SPLIT)
            reach(pattern, state, step->one);
        at = step->kind == ISO_PATTERN_STEP_SPLIT ? step->other : step->one;
    }
}

/* What is open when the character was taken; nothing: it does not fit. */
static struct state after(const struct iso_pattern *pattern, const struct state *state,
                          uint32_t character)
{
    struct state then = { { 0 } };
    for (size_t i = 0; i < pattern->step_count; i++) {
        const struct iso_pattern_step *step = &pattern->steps[i];
        if (has_step(state, i) && step->kind == ISO_PATTERN_STEP_SET &&
            iso_pattern_set_has(step->set, character))
            reach(pattern, &then, i + 1);
    }
    return then;
}

/* Is every set of the pattern of one mind about the two? */
static bool are_alike(const struct iso_pattern *pattern, uint32_t one, uint32_t other)
{
    bool alike = true;
    for (size_t i = 0; i < pattern->step_count && alike; i++) {
        const struct iso_pattern_step *step = &pattern->steps[i];
        alike = step->kind != ISO_PATTERN_STEP_SET ||
                iso_pattern_set_has(step->set, one) == iso_pattern_set_has(step->set, other);
    }
    return alike;
}

static void make_columns(struct making *making)
{
    for (uint32_t c = 0; c < ISO_PATTERN_ASCII_COUNT; c++) {
        size_t column = 0;
        while (column < making->column_count &&
               !are_alike(making->pattern, making->examples[column], c))
            column++;
        if (column == making->column_count)
            making->examples[making->column_count++] = (uint8_t)c;
        making->columns[c] = (uint8_t)column;
    }
}

/* The row of the state, which is added when it is new. */
static size_t row_of(struct making *making, const struct state *state)
{
    size_t row = 0;
    while (row < making->state_count && memcmp(&making->states[row], state, sizeof *state) != 0)
        row++;
    if (row < making->state_count)
        return row;
    making->state_count++;
    if (row < STATE_COUNT_MAX)
        making->states[row] = *state;
    return row;
}

/* All that a state leads to. */
static void make_next(struct making *making, size_t row)
{
    for (size_t i = 0; i < making->column_count && making->state_count <= STATE_COUNT_MAX; i++) {
        struct state then = after(making->pattern, &making->states[row], making->examples[i]);
        making->next[row * making->column_count + i] = (uint8_t)row_of(making, &then);
    }
}

static void make_states(struct making *making)
{
    struct state state = { { 0 } };
    row_of(making, &state); /* ISO_PATTERN_DEAD */
    reach(making->pattern, &state, 0);
    row_of(making, &state); /* ISO_PATTERN_START */
    for (size_t row = 0; row < making->state_count && making->state_count <= STATE_COUNT_MAX; row++)
        make_next(making, row);
}

static const struct iso_pattern_table *keep(const struct making *making, struct arena *arena)
{
    size_t cell_count = making->state_count * making->column_count;
    struct iso_pattern_table *table = arena_take(arena, sizeof *table);
    bool *ends = arena_take_array(arena, making->state_count, sizeof *ends);
    uint8_t *next = arena_take(arena, cell_count);
    for (size_t i = 0; i < making->state_count; i++)
        ends[i] = has_step(&making->states[i], making->pattern->step_count - 1);
    memcpy(next, making->next, cell_count);
    *table = (struct iso_pattern_table){ .column_count = making->column_count,
                                         .ends = ends,
                                         .next = next };
    memcpy(table->columns, making->columns, sizeof table->columns);
    return table;
}

const struct iso_pattern_table *iso_pattern_table_make(const struct iso_pattern *pattern,
                                                       struct arena *arena)
{
    const struct iso_pattern_table *table = NULL;
    if (pattern->step_count > STEP_COUNT_MAX)
        return NULL;
    struct making *making = memory_take(sizeof *making);
    making->pattern = pattern;
    making->column_count = making->state_count = 0;
    make_columns(making);
    make_states(making);
    if (making->state_count <= STATE_COUNT_MAX)
        table = keep(making, arena);
    free(making);
    return table;
}
