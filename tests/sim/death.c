/* The last words of a process that a fault of the program itself ends. */
#include "death.h"

#include "world.h"

#include <signal.h>
#include <stdlib.h>

static const struct world *watched;

/* Of the sanitizers' runtime, when there is one. */
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void tell(void)
{
    const struct world *world = watched;

    watched = NULL;
    if (world == NULL)
        return;
    plan_write(world->plan, stderr);
    fprintf(stderr, ": at step %u: the process ended, as said above\n", world->step);
}

static void on_signal(int number)
{
    tell();
    signal(number, SIG_DFL);
    raise(number);
}

void death_tell(void)
{
    signal(SIGABRT, on_signal);
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(tell);
        return;
    }
    signal(SIGSEGV, on_signal);
    signal(SIGBUS, on_signal);
    signal(SIGFPE, on_signal);
}

void death_watch(const struct world *world)
{
    watched = world;
}
