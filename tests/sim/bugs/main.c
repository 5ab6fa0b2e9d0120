/* penstock-sim-bugs [--bug N]: builds in each bug of bugs.def in turn, or the one,
   and looks whether its checker finds it within a thousand seeds.  Each world
   lives in a process of its own, which its first fault ends.  0: each was found. */
#include "sim/bugs/bugs.h"
#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEEDS_MAX   1000
#define OTHERS_TOLD 3

static const struct {
    const char *name, *broken, *promise, *seen;
} rows[BUG_COUNT] = {
#define BUG(identifier, broken, promise, seen)                                                     \
    [BUG_##identifier] = { #identifier, broken, promise, seen },
#include "sim/bugs/bugs.def"
#undef BUG
};

/* The seed that a child is at, for the one that waits for it. */
static uint64_t *seed_of_child(void)
{
    void *shared =
        mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (shared == MAP_FAILED) {
        perror("mmap");
        exit(3);
    }
    return shared;
}

_Noreturn static void run_seeds(enum bug bug, uint64_t *seed, int output)
{
    static struct world world;
    struct plan plan = plan_default();

    dup2(output, STDERR_FILENO);
    bug_choose(bug);
    for (; *seed <= SEEDS_MAX; ++*seed) {
        plan.seed = *seed;
        world_init(&world, &plan);
        world_run(&world);
        world_fini(&world);
    }
    _exit(0);
}

struct find {
    bool found;
    char words[400]; /* the first line of what the child said */
};

static void read_line(int input, char *words, size_t room)
{
    size_t size = 0;
    ssize_t got;

    while (size + 1 < room && (got = read(input, words + size, room - size - 1)) > 0)
        size += (size_t)got;
    words[size] = '\0';
    words[strcspn(words, "\n")] = '\0';
}

/* Runs worlds from *seed on until one fails; *seed is that one then. */
static struct find search(enum bug bug, uint64_t *seed)
{
    struct find find = { 0 };
    int ends[2], status;

    fflush(stdout);
    if (pipe(ends) != 0) {
        perror("pipe");
        exit(3);
    }
    pid_t child = fork();
    if (child == 0)
        run_seeds(bug, seed, ends[1]);
    close(ends[1]);
    read_line(ends[0], find.words, sizeof find.words);
    close(ends[0]);
    waitpid(child, &status, 0);
    find.found = child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    return find;
}

/* Are these the words of one of its own checkers? */
static bool is_own(enum bug bug, const char *words)
{
    const char *seen = rows[bug].seen;

    while (*seen != '\0') {
        size_t size = strcspn(seen, "|");
        if (memmem(words, strlen(words), seen, size) != NULL)
            return true;
        seen += size + (seen[size] == '|');
    }
    return false;
}

/* Searches on while others than its own checker find it. */
static bool check(enum bug bug, uint64_t *seed)
{
    struct find find;
    unsigned others = 0;

    printf("bug %2u %s: %s\n", (unsigned)bug, rows[bug].name, rows[bug].broken);
    for (*seed = 1; *seed <= SEEDS_MAX; ++*seed) {
        find = search(bug, seed);
        if (!find.found)
            break;
        bool own = is_own(bug, find.words);
        if (own || others++ < OTHERS_TOLD)
            printf("       %s %s\n", own ? "found:  " : "also by:", find.words);
        if (own)
            return true;
    }
    printf("       NOT FOUND in %d seeds; it breaks: %s\n", SEEDS_MAX, rows[bug].promise);
    return false;
}

int main(int argc, char **argv)
{
    uint64_t only = 0, *seed = seed_of_child();
    bool all = true;

    if (argc != 1 && (argc != 3 || strcmp(argv[1], "--bug") != 0 ||
                      !slice_to_u64(slice_of(argv[2]), BUG_COUNT - 1, &only) || only == 0)) {
        fprintf(stderr, "penstock-sim-bugs [--bug 1..%d]\n", BUG_COUNT - 1);
        return 2;
    }
    process_configure();
    for (unsigned bug = 1; bug < BUG_COUNT; bug++)
        if (only == 0 || only == bug)
            all = check((enum bug)bug, seed) && all;
    process_unconfigure();
    return all ? 0 : 1;
}
