/* Counters of the processor, one for each thread, by perf_event_open. */
#include "instructions.h"

#include <dirent.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool open_counter(struct instruction_counters *counters, pid_t thread, bool system)
{
    struct perf_event_attr wanted;

    memset(&wanted, 0, sizeof wanted);
    wanted.type = PERF_TYPE_HARDWARE;
    wanted.size = sizeof wanted;
    wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
    wanted.exclude_kernel = !system;
    wanted.exclude_hv = 1;
    wanted.inherit = 1;
    int descriptor = (int)syscall(SYS_perf_event_open, &wanted, thread, -1, -1, 0);
    if (descriptor < 0 || counters->count == INSTRUCTION_COUNTERS_MAX)
        return false;
    counters->descriptors[counters->count++] = descriptor;
    return true;
}

static bool open_threads(struct instruction_counters *counters, pid_t process, bool system)
{
    char path[64];
    const struct dirent *entry;
    bool opened = true;

    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *threads = opendir(path);
    if (threads == NULL)
        return false;
    while (opened && (entry = readdir(threads)) != NULL)
        if (entry->d_name[0] != '.')
            opened = open_counter(counters, (pid_t)strtol(entry->d_name, NULL, 10), system);
    closedir(threads);
    return opened;
}

bool instructions_open(struct instruction_counters *counters, pid_t process, bool system)
{
    counters->count = 0;
    if (process == 0 ? open_counter(counters, 0, system) : open_threads(counters, process, system))
        return true;
    instructions_close(counters);
    return false;
}

int64_t instructions_read(const struct instruction_counters *counters)
{
    int64_t sum = 0, value;

    for (unsigned i = 0; i < counters->count; i++)
        if (read(counters->descriptors[i], &value, sizeof value) == sizeof value)
            sum += value;
    return sum;
}

void instructions_close(struct instruction_counters *counters)
{
    for (unsigned i = 0; i < counters->count; i++)
        close(counters->descriptors[i]);
    counters->count = 0;
}
