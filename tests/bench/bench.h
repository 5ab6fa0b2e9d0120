/* Times small operations fairly: several rounds, the median and the spread, and
   instructions where the system counts them. */
#ifndef PENSTOCK_TESTS_BENCH_BENCH_H
#define PENSTOCK_TESTS_BENCH_BENCH_H

#include <stdint.h>

struct bench_figure {
    int64_t ns_median, ns_least, ns_most; /* per operation */
    int64_t instructions;                 /* per operation; 0: not counted here */
};

/* Runs operation so often that a round takes about round_ms. */
struct bench_figure bench_measure(void (*operation)(void *argument), void *argument,
                                  unsigned round_ms);

/* One line of the table; baseline NULL: this is one. */
void bench_print(const char *name, const struct bench_figure *figure,
                 const struct bench_figure *baseline);
void bench_print_head(void);

#endif
