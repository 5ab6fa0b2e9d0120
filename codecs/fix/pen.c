/* Stores what is short as words into room that is there; what does not fit is left
   to the writer. */
#include "codecs/fix/pen.h"

#include "codecs/base/error.h"
#include "codecs/fix/soh.h"

#include <assert.h>

enum {
    AROUND_VALUE = FIX_TAG_TEXT_SIZE_MAX + 1,
    SHORT_TAG_MAX = 9999,
};

static_assert(sizeof(struct fix_tag_text) <= WRITER_SLACK, "a tag is stored as a whole");

void fix_pen_open(struct fix_pen *pen, struct writer *writer)
{
    char *at = writer_room(writer, 0);
    *pen = (struct fix_pen){ .writer = writer,
                             .at = at,
                             .end = at == NULL ? NULL : writer->at + writer->room - 1 };
}

void fix_pen_close(struct fix_pen *pen)
{
    struct writer *writer = pen->writer;
    if (pen->at != NULL)
        writer_wrote(writer, (size_t)(pen->at - writer->at) - writer->used);
}

static APART void write_where_room_is_short(struct fix_pen *pen, const struct fix_tag_text *tag,
                                            struct slice value)
{
    struct writer *writer = pen->writer;
    fix_pen_close(pen);
    writer_bytes(writer, (struct slice){ tag->text, tag->size });
    writer_bytes(writer, value);
    writer_char(writer, FIX_SOH);
    fix_pen_open(pen, writer);
}

static APART void write_any_tag(struct fix_pen *pen, uint32_t tag, struct slice value)
{
    struct fix_tag_text text = fix_tag_text_of(tag);
    fix_pen_field(pen, &text, value);
}

static inline bool fits(const struct fix_pen *pen, size_t size)
{
    return size + AROUND_VALUE <= (size_t)(pen->end - pen->at);
}

static inline void put_value(struct fix_pen *pen, char *to, struct slice value)
{
    to = slice_put(value, to);
    *to = FIX_SOH;
    pen->at = to + 1;
}

void fix_pen_field(struct fix_pen *pen, const struct fix_tag_text *tag, struct slice value)
{
    if (!fits(pen, value.size)) {
        write_where_room_is_short(pen, tag, value);
        return;
    }
    memcpy(pen->at, tag, sizeof *tag);
    put_value(pen, pen->at + tag->size, value);
}

void fix_pen_text(struct fix_pen *pen, uint32_t tag, struct slice value)
{
    if (tag > SHORT_TAG_MAX || !fits(pen, value.size)) {
        write_any_tag(pen, tag, value);
        return;
    }
    char *to = digits_put_short(pen->at, tag);
    *to = '=';
    put_value(pen, to + 1, value);
}

void fix_pen_u64(struct fix_pen *pen, uint32_t tag, uint64_t value)
{
    char digits[U64_DIGITS_MAX];
    fix_pen_text(pen, tag, (struct slice){ digits, (size_t)(digits_put(digits, value) - digits) });
}

void fix_pen_time(struct fix_pen *pen, uint32_t tag, int64_t utc_ns,
                  enum moment_precision precision)
{
    char text[FIX_TIMESTAMP_SIZE_MAX];
    fix_pen_text(pen, tag, (struct slice){ text, fix_timestamp_put(text, utc_ns, precision) });
}

void fix_pen_fields(struct fix_pen *pen, struct slice fields)
{
    struct writer *writer = pen->writer;
    fix_pen_close(pen);
    writer_bytes(writer, fields);
    fix_pen_open(pen, writer);
}
