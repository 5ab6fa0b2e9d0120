/* Instructions that processors carry out for us or for another process, where
   the system counts them. */
#ifndef PENSTOCK_TESTS_BENCH_INSTRUCTIONS_H
#define PENSTOCK_TESTS_BENCH_INSTRUCTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { INSTRUCTION_COUNTERS_MAX = 64 };

struct instruction_counters {
    int descriptors[INSTRUCTION_COUNTERS_MAX];
    unsigned count;
};

/* Counts from now on, in user space or also in the system, for all threads
   that the process has and those that they make; process 0: the calling
   thread.  false: the system does not count them. */
bool instructions_open(struct instruction_counters *counters, pid_t process, bool system);
int64_t instructions_read(const struct instruction_counters *counters);
void instructions_close(struct instruction_counters *counters);

#endif
