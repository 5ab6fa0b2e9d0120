/* A plan as the command that makes it, read and written. */
#include "plan.h"

#include <limits.h>

struct plan plan_default(void)
{
    return (struct plan){ .seed = 1, .instructions = PLAN_INSTRUCTIONS, .until = UINT_MAX };
}

static bool take_count(const char *value, unsigned most, unsigned *count)
{
    uint64_t number;

    if (!slice_to_u64(slice_of(value), most, &number))
        return false;
    *count = (unsigned)number;
    return true;
}

bool plan_take(struct plan *plan, const char *option, const char *value)
{
    if (strcmp(option, "--seed") == 0)
        return slice_to_u64(slice_of(value), UINT64_MAX, &plan->seed);
    if (strcmp(option, "--instructions") == 0)
        return take_count(value, 100000, &plan->instructions);
    if (strcmp(option, "--until") == 0)
        return take_count(value, UINT_MAX, &plan->until);
    if (strcmp(option, "--without") == 0)
        return fault_choice_without(&plan->faults, value);
    if (strcmp(option, "--only") == 0)
        return fault_choice_only(&plan->faults, value);
    return false;
}

static void write_names(const struct fault_choice *choice, bool off, FILE *file)
{
    const char *before = "";

    for (size_t i = 0; i < FAULT_COUNT; i++) {
        if (choice->off[i] != off)
            continue;
        fprintf(file, "%s%s", before, fault_kinds[i].name);
        before = ",";
    }
}

/* By the shorter list. */
static void write_choice(const struct fault_choice *choice, FILE *file)
{
    size_t off = 0;

    for (size_t i = 0; i < FAULT_COUNT; i++)
        off += choice->off[i];
    if (off == FAULT_COUNT) {
        fputs(" --only none", file);
    } else if (off > FAULT_COUNT / 2) {
        fputs(" --only ", file);
        write_names(choice, false, file);
    } else if (off != 0) {
        fputs(" --without ", file);
        write_names(choice, true, file);
    }
}

void plan_write(const struct plan *plan, FILE *file)
{
    fprintf(file, "penstock-sim --seed %llu", (unsigned long long)plan->seed);
    if (plan->instructions != PLAN_INSTRUCTIONS)
        fprintf(file, " --instructions %u", plan->instructions);
    if (plan->until != UINT_MAX)
        fprintf(file, " --until %u", plan->until);
    write_choice(&plan->faults, file);
}
