/* A growing row of bytes with sticky overrun. */
#include "codecs/base/writer.h"

#include "codecs/base/arena.h"
#include "codecs/base/digits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void writer_init(struct writer *writer, size_t limit)
{
    *writer = (struct writer){ .limit = limit };
}

void writer_fini(struct writer *writer)
{
    free(writer->at);
    writer_init(writer, writer->limit);
}

void writer_reset(struct writer *writer)
{
    writer->used = 0;
    writer->overrun = false;
}

/* There is room for the NUL behind them too, and never more than the limit allows. */
char *writer_grow(struct writer *writer, size_t size)
{
    if (writer->limit != 0 && size > writer->limit - writer->used)
        writer->overrun = true;
    if (writer->overrun)
        return NULL;
    if (writer->room - writer->used <= size) {
        size_t room = writer->room == 0 ? 256 : writer->room * 2;
        if (room - writer->used <= size)
            room = writer->used + size + 1;
        if (writer->limit != 0 && room > writer->limit)
            room = writer->limit + 1;
        writer->at = memory_grow(writer->at, room + WRITER_SLACK);
        writer->room = room;
    }
    return writer->at + writer->used;
}

void writer_bytes_grow(struct writer *writer, struct slice bytes)
{
    char *to = writer_room(writer, bytes.size);
    if (to == NULL)
        return;
    if (bytes.size > 0)
        memcpy(to, bytes.at, bytes.size);
    writer_wrote(writer, bytes.size);
}

void writer_text(struct writer *writer, const char *text)
{
    writer_bytes(writer, slice_of(text));
}

void writer_char(struct writer *writer, char byte)
{
    char *to = writer_room(writer, 1);
    if (to == NULL)
        return;
    to[0] = byte;
    writer_wrote(writer, 1);
}

void writer_digits(struct writer *writer, uint64_t number, unsigned width)
{
    size_t count = digits_count(number);
    if (count < width)
        count = width;
    char *to = writer_room(writer, count);
    if (to == NULL)
        return;
    digits_put_last(to, number, count);
    writer_wrote(writer, count);
}

void writer_u64(struct writer *writer, uint64_t number)
{
    writer_digits(writer, number, 1);
}

void writer_i64(struct writer *writer, int64_t number)
{
    if (number < 0)
        writer_char(writer, '-');
    writer_u64(writer, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void writer_format(struct writer *writer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *to = size < 0 ? NULL : writer_room(writer, (size_t)size);
    if (to != NULL) {
        vsnprintf(to, (size_t)size + 1, format, again);
        writer->used += (size_t)size;
    }
    va_end(again);
}

void writer_drop(struct writer *writer, size_t count)
{
    if (count > writer->used)
        count = writer->used;
    if (count == 0)
        return;
    writer->used -= count;
    memmove(writer->at, writer->at + count, writer->used);
    writer->at[writer->used] = '\0';
}

struct slice writer_slice(const struct writer *writer)
{
    return (struct slice){ writer->at == NULL ? "" : writer->at, writer->used };
}

char *writer_take(struct writer *writer, size_t *size)
{
    char *bytes = writer->at == NULL ? memory_take(1) : writer->at;
    bytes[writer->used] = '\0';
    *size = writer->used;
    writer_init(writer, writer->limit);
    return bytes;
}
