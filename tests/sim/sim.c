/* penstock-sim: worlds full of faults, each made by its seed.  The first that
   breaks a promise is told in one line that makes it happen again, and ends the
   run with 1. */
#include "death.h"
#include "shrink.h"
#include "world.h"

#include <stdlib.h>
#include <time.h>

/* What a run has done. */
struct totals {
    unsigned *instructions, *micros; /* of each seed */
    unsigned long long settled, refused, deposits, archived, again;
    unsigned long long struck[FAULT_COUNT];
};

static void count_instructions(struct totals *totals, const struct witness *witness)
{
    for (size_t i = 0; i < witness->all.count; i++) {
        const struct witness_instruction *instruction = witness->all.at[i];
        bool settled = instruction->state == INSTRUCTION_SETTLED;
        if (instruction->flow == FLOW_DEPOSIT)
            totals->deposits += settled;
        else if (settled)
            totals->settled++;
        else
            totals->refused++;
        totals->archived += instruction->left != 0;
        totals->again += instruction->earlier != NULL;
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
    count_instructions(totals, &world.witness);
    totals->instructions[index] = (unsigned)world.witness.all.count;
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
    printf("%-24s %14s %10s  %s\n", "fault", "in 100,000", "struck", "what goes wrong");
    for (size_t i = 0; i < FAULT_COUNT; i++) {
        char range[32];
        snprintf(range, sizeof range, "%u..%u", fault_kinds[i].least, fault_kinds[i].most);
        printf("%-24s %14s %10llu  %s\n", fault_kinds[i].name, range, struck[i],
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
    printf("archived %llu, asked for again when they were not known any more %llu\n",
           totals->archived, totals->again);
}

/* --- the command line --- */

struct command {
    struct plan plan;
    uint64_t seeds;
    bool each, shrink;
};

static _Noreturn void usage(void)
{
    fputs("penstock-sim [--seed N] [--seeds COUNT] [--instructions N] [--until STEP]\n"
          "             [--without FAULT,... | --only FAULT,...]\n"
          "             [--trace] [--each] [--shrink]\n",
          stderr);
    exit(2);
}

static bool take_flag(struct command *command, const char *option)
{
    bool *flag = strcmp(option, "--trace") == 0    ? &command->plan.trace
                 : strcmp(option, "--each") == 0   ? &command->each
                 : strcmp(option, "--shrink") == 0 ? &command->shrink
                                                   : NULL;
    if (flag != NULL)
        *flag = true;
    return flag != NULL;
}

static struct command read_command(int argc, char **argv)
{
    struct command command = { .plan = plan_default(), .seeds = 1 };

    for (int i = 1; i < argc; i++) {
        if (take_flag(&command, argv[i]))
            continue;
        if (i + 1 == argc)
            usage();
        bool good = strcmp(argv[i], "--seeds") == 0
                        ? slice_to_u64(slice_of(argv[i + 1]), 100000000, &command.seeds) &&
                              command.seeds != 0
                        : plan_take(&command.plan, argv[i], argv[i + 1]);
        if (!good)
            usage();
        i++;
    }
    return command;
}

static int run_all(const struct command *command)
{
    struct totals totals = { .instructions = memory_take(command->seeds * sizeof(unsigned)),
                             .micros = memory_take(command->seeds * sizeof(unsigned)) };
    struct plan plan = command->plan;

    for (size_t i = 0; i < command->seeds; i++, plan.seed++) {
        run(&plan, &totals, i);
        if (command->each)
            printf("seed %llu instructions %u us %u\n", (unsigned long long)plan.seed,
                   totals.instructions[i], totals.micros[i]);
    }
    tell(&totals, command->seeds);
    free(totals.instructions);
    free(totals.micros);
    return 0;
}

/* The first seed that fails, made small. */
static int shrink_first(const struct command *command)
{
    char words[1000];

    for (uint64_t i = 0; i < command->seeds; i++) {
        struct plan plan = command->plan;
        plan.seed += i;
        if (!shrink(&plan, words, sizeof words))
            continue;
        fputs(words, stderr);
        return 1;
    }
    puts("nothing fails");
    return 0;
}

int main(int argc, char **argv)
{
    struct command command = read_command(argc, argv);

    death_tell();
    process_configure();
    int result = command.shrink ? shrink_first(&command) : run_all(&command);
    process_unconfigure();
    return result;
}
