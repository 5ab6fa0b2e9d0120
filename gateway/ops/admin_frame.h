/* How an operator's command and its answer cross the local socket.

   A command is its words, each as "SIZE:BYTES,", and a newline:

       7:approve,10:PSTK-K7-42,10:--evidence,12:call of 3 pm,\n

   The answer is "STATUS SIZE\n", that many bytes, and the end of the stream;
   STATUS is the exit code that the command line ends with. */
#ifndef PENSTOCK_GATEWAY_OPS_ADMIN_FRAME_H
#define PENSTOCK_GATEWAY_OPS_ADMIN_FRAME_H

#include "codecs/base/slice.h"
#include "codecs/base/writer.h"

#define ADMIN_WORD_COUNT_MAX 64
#define ADMIN_SIZE_MAX       (64u << 20) /* of a command: a file of links comes as one word */

enum admin_verdict {
    ADMIN_PARTIAL, /* feed more */
    ADMIN_WHOLE,
    ADMIN_BROKEN, /* not a command, or over a limit */
};

/* words has room for ADMIN_WORD_COUNT_MAX; they point into bytes. */
enum admin_verdict admin_frame_find(struct slice bytes, struct slice *words, size_t *count);

void admin_frame_write(const struct slice *words, size_t count, struct writer *writer);

void admin_answer_write(int status, struct slice bytes, struct writer *writer);
/* bytes is all that came until the end of the stream; false: it is cut short. */
bool admin_answer_read(struct slice bytes, int *status, struct slice *answer);

#endif
