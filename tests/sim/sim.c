/* penstock-sim: worlds full of faults, each made by its seed.  The first that
   breaks a promise is told in one line that makes it happen again, and ends the
   run with 1. */
#include "world.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

/* What a run has done. */
struct totals {
    unsigned *instructions, *micros; /* of each seed */
    unsigned long long settled, refused, deposits;
    unsigned long long struck[FAULT_COUNT];
};

static void count_instructions(struct totals *totals, const struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        bool settled = instruction->state == INSTRUCTION_SETTLED;
        if (instruction->flow == FLOW_DEPOSIT)
            totals->deposits += settled;
        else if (settled)
            totals->settled++;
        else
            totals->refused++;
    }
}

static int64_t cpu_us(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void run(const struct plan *plan, struct totals *totals, size_t index)
{
    static struct world world;
    int64_t began_us = cpu_us();

    world_init(&world, plan);
    world_run(&world);
    count_instructions(totals, &world);
    totals->instructions[index] = (unsigned)store_memory_count(world.store, ROW_INSTRUCTION);
    for (size_t i = 0; i < FAULT_COUNT; i++)
        totals->struck[i] += world.faults.at[i].struck;
    world_fini(&world);
    totals->micros[index] = (unsigned)(cpu_us() - began_us);
}

/* --- what is told --- */

static int compare(const void *one, const void *other)
{
    unsigned a = *(const unsigned *)one, b = *(const unsigned *)other;

    return (a > b) - (a < b);
}

static void tell_faults(const unsigned long long struck[FAULT_COUNT])
{
    printf("%-20s %14s %10s  %s\n", "fault", "in 100,000", "struck", "what goes wrong");
    for (size_t i = 0; i < FAULT_COUNT; i++) {
        char range[32];
        snprintf(range, sizeof range, "%u..%u", fault_kinds[i].least, fault_kinds[i].most);
        printf("%-20s %14s %10llu  %s\n", fault_kinds[i].name, range, struck[i],
               fault_kinds[i].text);
    }
}

static void tell(struct totals *totals, size_t seeds)
{
    unsigned long long sum = 0;

    for (size_t i = 0; i < seeds; i++)
        sum += totals->instructions[i];
    qsort(totals->instructions, seeds, sizeof *totals->instructions, compare);
    qsort(totals->micros, seeds, sizeof *totals->micros, compare);
    tell_faults(totals->struck);
    printf("seeds %zu, instructions %llu: at least %u, median %u; CPU time: median %u us, most %u "
           "us\n",
           seeds, sum, totals->instructions[0], totals->instructions[seeds / 2],
           totals->micros[seeds / 2], totals->micros[seeds - 1]);
    printf("withdrawals settled %llu, ended otherwise %llu; deposits settled %llu\n",
           totals->settled, totals->refused, totals->deposits);
}

/* --- the command line --- */

static void usage(void)
{
    fputs("penstock-sim [--seed N] [--seeds COUNT] [--instructions N] [--until STEP]\n"
          "             [--without FAULT,... | --only FAULT,...] [--trace]\n",
          stderr);
    exit(2);
}

static uint64_t number(const char *text, uint64_t most)
{
    uint64_t value = 0;

    if (!slice_to_u64(slice_of(text), most, &value))
        usage();
    return value;
}

/* Does the option take a value?  Then it is in *plan or *seeds. */
static void take(struct plan *plan, uint64_t *seeds, const char *option, const char *value)
{
    if (value == NULL)
        usage();
    if (strcmp(option, "--seed") == 0)
        plan->seed = number(value, UINT64_MAX);
    else if (strcmp(option, "--seeds") == 0)
        *seeds = number(value, 100000000);
    else if (strcmp(option, "--instructions") == 0)
        plan->instructions = (unsigned)number(value, 1000000);
    else if (strcmp(option, "--until") == 0)
        plan->until = (unsigned)number(value, UINT_MAX);
    else if (strcmp(option, "--without") == 0 && fault_choice_without(&plan->faults, value))
        return;
    else if (strcmp(option, "--only") == 0 && fault_choice_only(&plan->faults, value))
        return;
    else
        usage();
}

int main(int argc, char **argv)
{
    struct plan plan = plan_default();
    uint64_t seeds = 1;
    struct totals totals = { 0 };

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--trace") == 0) {
            plan.trace = true;
        } else {
            take(&plan, &seeds, argv[i], argv[i + 1]);
            i++;
        }
    }
    process_configure();
    totals.instructions = memory_take(seeds * sizeof *totals.instructions);
    totals.micros = memory_take(seeds * sizeof *totals.micros);
    for (size_t i = 0; i < seeds; i++, plan.seed++)
        run(&plan, &totals, i);
    if (seeds != 0)
        tell(&totals, seeds);
    free(totals.instructions);
    free(totals.micros);
    process_unconfigure();
    return 0;
}
