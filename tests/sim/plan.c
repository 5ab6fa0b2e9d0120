/* A plan as the command that makes it again. */
#include "plan.h"

#include <limits.h>

struct plan plan_default(void)
{
    return (struct plan){ .seed = 1, .instructions = PLAN_INSTRUCTIONS, .until = UINT_MAX };
}

static void write_choice(const struct fault_choice *choice, FILE *file)
{
    const char *before = " --without ";

    for (size_t i = 0; i < FAULT_COUNT; i++) {
        if (!choice->off[i])
            continue;
        fprintf(file, "%s%s", before, fault_kinds[i].name);
        before = ",";
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
