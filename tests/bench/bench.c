/* Rounds of a timed operation, and the table that comes of them. */
#include "bench.h"

#include "instructions.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ROUNDS = 11,
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t run(void (*operation)(void *argument), void *argument, int64_t count)
{
    int64_t start = now_ns();
    for (int64_t i = 0; i < count; i++)
        operation(argument);
    return now_ns() - start;
}

static int64_t count_instructions(void (*operation)(void *argument), void *argument, int64_t count)
{
    struct instruction_counters counters;

    if (!instructions_open(&counters, 0, false))
        return 0;
    run(operation, argument, count);
    int64_t instructions = instructions_read(&counters);
    instructions_close(&counters);
    return instructions / count;
}

static int compare(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

struct bench_figure bench_measure(void (*operation)(void *argument), void *argument,
                                  unsigned round_ms)
{
    int64_t count = 1, rounds[ROUNDS];
    while (run(operation, argument, count) < (int64_t)round_ms * 1000000)
        count *= 2;
    for (int i = 0; i < ROUNDS; i++)
        rounds[i] = run(operation, argument, count) / count;
    qsort(rounds, ROUNDS, sizeof *rounds, compare);
    return (struct bench_figure){ .ns_median = rounds[ROUNDS / 2],
                                  .ns_least = rounds[0],
                                  .ns_most = rounds[ROUNDS - 1],
                                  .instructions = count_instructions(operation, argument, count) };
}

void bench_print_head(void)
{
    printf("%-52s %9s %19s %12s %9s\n", "operation", "ns", "(least..most)", "instructions",
           "baseline");
}

void bench_print(const char *name, const struct bench_figure *figure,
                 const struct bench_figure *baseline)
{
    char spread[40], instructions[24] = "-", ratio[24] = "1";
    snprintf(spread, sizeof spread, "(%" PRId64 "..%" PRId64 ")", figure->ns_least,
             figure->ns_most);
    if (figure->instructions > 0)
        snprintf(instructions, sizeof instructions, "%" PRId64, figure->instructions);
    if (baseline != NULL && baseline->ns_median > 0)
        snprintf(ratio, sizeof ratio, "%.2f x",
                 (double)figure->ns_median / (double)baseline->ns_median);
    printf("%-52s %9" PRId64 " %19s %12s %9s\n", name, figure->ns_median, spread, instructions,
           ratio);
}
