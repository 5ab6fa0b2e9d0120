/* Makes a table of a pattern: each set of steps that can be reached together is one
   state (the subset construction). */
#include "codecs/iso20022/pattern_step.h"

#include <stdlib.h>

enum {
    STEP_COUNT_MAX = 256,
    STATE_COUNT_MAX = 256,
    WORD_COUNT = STEP_COUNT_MAX / 64,
};

enum { DEAD, START }; /* rows of states */

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
    row_of(making, &state); /* DEAD */
    reach(making->pattern, &state, 0);
    row_of(making, &state); /* START */
    for (size_t row = 0; row < making->state_count && making->state_count <= STATE_COUNT_MAX; row++)
        make_next(making, row);
}

/* The cells of one state: its end, its columns, and the column of what is not ASCII. */
static void keep_state(const struct making *making, size_t row, size_t width, uint16_t *cells)
{
    bool ends = has_step(&making->states[row], making->pattern->step_count - 1);
    *cells++ = ends ? ISO_PATTERN_MATCHES : ISO_PATTERN_MISSES;
    for (size_t i = 0; i < making->column_count; i++)
        *cells++ = (uint16_t)(making->next[row * making->column_count + i] * width);
    *cells = (uint16_t)((row == DEAD ? DEAD : making->state_count) * width);
}

/* Behind the states is the one that bytes above ASCII lead to, for good. */
static const struct iso_pattern_table *keep(const struct making *making, struct arena *arena)
{
    size_t width = making->column_count + 2, left = making->state_count * width;
    struct iso_pattern_table *table = arena_take(arena, sizeof *table);
    uint16_t *cells = arena_take_array(arena, left + width, sizeof *cells);
    for (size_t row = 0; row < making->state_count; row++)
        keep_state(making, row, width, cells + row * width);
    cells[left] = ISO_PATTERN_LEFT;
    for (size_t i = 1; i < width; i++)
        cells[left + i] = (uint16_t)left;
    for (size_t c = 0; c < sizeof table->columns; c++)
        table->columns[c] = (uint8_t)(1 + (c < ISO_PATTERN_ASCII_COUNT ? making->columns[c]
                                                                       : making->column_count));
    table->start = (uint16_t)(START * width);
    table->cells = cells;
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
