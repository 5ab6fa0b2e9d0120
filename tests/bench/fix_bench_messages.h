/* The FIX messages that are measured. */
#ifndef PENSTOCK_TESTS_BENCH_FIX_BENCH_MESSAGES_H
#define PENSTOCK_TESTS_BENCH_FIX_BENCH_MESSAGES_H

#include "codecs/base/slice.h"

struct bench_messages {
    struct slice *at; /* each a piece of memory of its own */
    size_t count, room;
};

/* The valid messages of a version in the files *.fix of a folder; of the samples
   beside the repository when folder is NULL; or our own when there are none. */
void bench_messages_open(struct bench_messages *messages, const char *version, const char *folder);
void bench_messages_close(struct bench_messages *messages);

#endif
