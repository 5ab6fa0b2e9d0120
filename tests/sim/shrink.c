/* Smaller and smaller plans, each tried in a process of its own, which its
   failure ends. */
#include "shrink.h"

#include "world.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct attempt {
    char *words; /* how the last one that failed did it */
    size_t size;
};

static _Noreturn void run(const struct plan *plan, int output)
{
    static struct world world;

    dup2(output, STDERR_FILENO);
    world_init(&world, plan);
    world_run(&world);
    _exit(0);
}

static void read_all(int input, char *words, size_t size)
{
    size_t used = 0;
    ssize_t got = 1;

    while (got > 0) {
        char rest[4096];
        size_t room = size - 1 - used;
        got = room != 0 ? read(input, words + used, room) : read(input, rest, sizeof rest);
        used += got > 0 && room != 0 ? (size_t)got : 0;
    }
    words[used] = '\0';
}

static bool fails(const struct plan *plan, struct attempt *attempt)
{
    int ends[2], status;
    char words[1000];

    fflush(stdout);
    if (pipe(ends) != 0) {
        perror("pipe");
        exit(3);
    }
    pid_t child = fork();
    if (child == 0)
        run(plan, ends[1]);
    close(ends[1]);
    read_all(ends[0], words, sizeof words);
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("fork");
        exit(3);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return false;
    snprintf(attempt->words, attempt->size, "%s", words);
    return true;
}

static bool without_fault(struct plan *plan, size_t fault, struct attempt *attempt)
{
    struct plan smaller = *plan;

    smaller.faults.off[fault] = true;
    if (plan->faults.off[fault] || !fails(&smaller, attempt))
        return false;
    *plan = smaller;
    return true;
}

static bool fewer_faults(struct plan *plan, struct attempt *attempt)
{
    bool smaller = false;

    for (size_t i = 0; i < FAULT_COUNT; i++)
        smaller = without_fault(plan, i, attempt) || smaller;
    return smaller;
}

/* Takes away half, then less and less. */
static bool less_of(struct plan *plan, unsigned *count, struct attempt *attempt)
{
    bool smaller = false;

    for (unsigned less = *count - *count / 2; less != 0; less /= 2) {
        unsigned before = *count;
        while (*count >= less) {
            *count -= less;
            if (!fails(plan, attempt)) {
                *count += less;
                break;
            }
        }
        smaller = smaller || *count != before;
    }
    return smaller;
}

/* The step at which it failed, as the words say. */
static unsigned step_of(const struct attempt *attempt)
{
    const char *found = strstr(attempt->words, "at step ");

    return found == NULL ? UINT_MAX - 1 : (unsigned)strtoul(found + 8, NULL, 10);
}

static bool earlier_end(struct plan *plan, struct attempt *attempt)
{
    struct plan smaller = *plan;

    if (smaller.until == UINT_MAX)
        smaller.until = step_of(attempt) + 1;
    if (smaller.until == UINT_MAX || !fails(&smaller, attempt))
        return false;
    bool changed = smaller.until != plan->until;
    *plan = smaller;
    return less_of(plan, &plan->until, attempt) || changed;
}

bool shrink(struct plan *plan, char *words, size_t size)
{
    struct attempt attempt = { words, size };
    bool smaller = true;

    plan->trace = false;
    if (!fails(plan, &attempt))
        return false;
    while (smaller) {
        smaller = fewer_faults(plan, &attempt);
        smaller = less_of(plan, &plan->instructions, &attempt) || smaller;
        smaller = earlier_end(plan, &attempt) || smaller;
    }
    return true;
}
