/* Bytes being written.

   A writer grows up to its limit; running over is sticky, so that one
   writer_ok() at the end tells whether all fitted.  The bytes belong to the
   writer and stay good until the next write, reset or fini. */
#ifndef PENSTOCK_CODECS_BASE_WRITER_H
#define PENSTOCK_CODECS_BASE_WRITER_H

#include "codecs/base/slice.h"

struct writer {
    char *at;
    size_t used, room;
    size_t limit; /* 0: none */
    bool overrun;
};

void writer_init(struct writer *writer, size_t limit);
void writer_fini(struct writer *writer);
void writer_reset(struct writer *writer);

/* writer_bytes() where they may not fit. */
void writer_bytes_grow(struct writer *writer, struct slice bytes);

static inline void writer_bytes(struct writer *writer, struct slice bytes)
{
    if (bytes.size >= writer->room - writer->used || bytes.size == 0 || writer->overrun) {
        writer_bytes_grow(writer, bytes);
        return;
    }
    memcpy(writer->at + writer->used, bytes.at, bytes.size);
    writer->used += bytes.size;
    writer->at[writer->used] = '\0';
}

void writer_text(struct writer *writer, const char *text);
void writer_char(struct writer *writer, char byte);
void writer_u64(struct writer *writer, uint64_t number);
void writer_i64(struct writer *writer, int64_t number);
/* number with zeros in front up to width digits. */
void writer_digits(struct writer *writer, uint64_t number, unsigned width);
void writer_format(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* text as a JSON string, quotes included; bytes that are not UTF-8 become U+FFFD. */
void writer_json(struct writer *writer, struct slice text);

/* Room for size more bytes, which the caller writes and then tells of with
   writer_wrote(); NULL: they would run over the limit.  WRITER_SLACK bytes behind
   them may be written over too, so that what is short can be stored as words. */
enum { WRITER_SLACK = 16 };
char *writer_grow(struct writer *writer, size_t size);
static inline char *writer_room(struct writer *writer, size_t size)
{
    bool fits = size < writer->room - writer->used && !writer->overrun;
    return fits ? writer->at + writer->used : writer_grow(writer, size);
}

static inline void writer_wrote(struct writer *writer, size_t size)
{
    writer->used += size;
    writer->at[writer->used] = '\0';
}

/* Drops the first count bytes; what is behind them moves to the front. */
void writer_drop(struct writer *writer, size_t count);

/* What was written; terminated by a NUL that does not count. */
struct slice writer_slice(const struct writer *writer);

/* Moves the bytes out to the caller, who frees them with free(). */
char *writer_take(struct writer *writer, size_t *size);

static inline bool writer_ok(const struct writer *writer)
{
    return !writer->overrun;
}

#endif
