/* With a bug built in: a failure is told in one line that makes it happen again,
   and what --shrink finds is smaller and fails in the same way. */
#include "sim/bugs/bugs.h"
#include "sim/shrink.h"
#include "sim/world.h"

#include <stdlib.h>

#define WORDS_SIZE 1000

static void demand(bool holds, const char *what, const char *words)
{
    if (holds)
        return;
    fprintf(stderr, "%s: %s\n", what, words);
    exit(1);
}

/* The plan that the line "penstock-sim --seed 5 ...: at step ..." stands for. */
static struct plan read_line(const char *words)
{
    static char line[WORDS_SIZE];
    struct plan plan = plan_default();
    char *rest = line;

    snprintf(line, sizeof line, "%s", words);
    demand(strstr(line, ": at step ") != NULL, "no line", words);
    *strstr(line, ": at step ") = '\0';
    demand(strcmp(strsep(&rest, " "), "penstock-sim") == 0, "no command", words);
    while (rest != NULL) {
        const char *option = strsep(&rest, " ");
        demand(rest != NULL && plan_take(&plan, option, strsep(&rest, " ")), "no option", words);
    }
    return plan;
}

static unsigned fault_count(const struct plan *plan)
{
    unsigned count = 0;

    for (size_t i = 0; i < FAULT_COUNT; i++)
        count += !plan->faults.off[i];
    return count;
}

int main(void)
{
    struct plan plan = plan_default(), small;
    char words[WORDS_SIZE], again[WORDS_SIZE];

    process_configure();
    demand(!shrink(&plan, words, sizeof words), "it fails without a bug", words);
    bug_choose(BUG_doubt_untold);
    demand(shrink(&plan, words, sizeof words), "the bug is not found", "");
    demand(plan.instructions < PLAN_INSTRUCTIONS, "not fewer instructions", words);
    demand(fault_count(&plan) < FAULT_COUNT / 2, "hardly fewer faults", words);

    small = read_line(words);
    demand(small.seed == plan.seed && small.instructions == plan.instructions &&
               small.until == plan.until &&
               memcmp(&small.faults, &plan.faults, sizeof plan.faults) == 0,
           "the line is another plan", words);
    demand(shrink(&small, again, sizeof again), "the line does not fail", words);
    demand(strcmp(words, again) == 0, "it fails in another way", again);
    printf("%s", words);
    process_unconfigure();
    return 0;
}
