/* The last words of a process that a fault of the program itself ends. */
#include "death.h"

#include "world.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static struct {
    const struct world *world;
    char line[4000]; /* written beforehand: a signal handler may not print */
    size_t size;
} watched;

/* Of the sanitizers' runtime, when there is one. */
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void tell_text(const char *text, size_t size)
{
    while (size != 0) {
        ssize_t written = write(STDERR_FILENO, text, size);
        if (written <= 0)
            return;
        text += written;
        size -= (size_t)written;
    }
}

static void tell_number(unsigned number)
{
    char digits[16];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    tell_text(digits + at, sizeof digits - at);
}

static void tell(void)
{
    static const char end[] = ": the process ended, as said above\n";
    const struct world *world = watched.world;

    watched.world = NULL;
    if (world == NULL)
        return;
    tell_text(watched.line, watched.size);
    tell_number(world->step);
    tell_text(end, sizeof end - 1);
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
    watched.world = NULL;
    if (world == NULL)
        return;
    FILE *line = fmemopen(watched.line, sizeof watched.line, "w");
    if (line == NULL)
        return;
    plan_write(world->plan, line);
    fputs(": at step ", line);
    watched.size = (size_t)ftell(line);
    fclose(line);
    watched.world = world;
}
