/* Writes a message from front to back.  Its head stands in front of the body,
   right up to it, once the length is known: nothing has to move. */
#include "codecs/fix/compose.h"

#include "codecs/fix/checksum.h"
#include "codecs/fix/soh.h"

enum {
    AROUND_HEAD = sizeof "8=|9=|" - 1,
    CHECKSUM_FIELD_SIZE = sizeof "10=000|" - 1,
};

void fix_compose_begin(struct fix_compose *compose, struct writer *writer,
                       struct slice begin_string, struct slice msg_type)
{
    size_t head = AROUND_HEAD + begin_string.size + U64_DIGITS_MAX;
    compose->begin_string = begin_string;
    compose->precision = MOMENT_MILLISECONDS;
    if (writer_room(writer, head) != NULL)
        writer_wrote(writer, head);
    compose->body = writer->used;
    fix_pen_open(&compose->pen, writer);
    if (msg_type.at != NULL)
        fix_pen_text(&compose->pen, 35, msg_type);
}

/* BeginString and BodyLength, so that they end where the body starts. */
static char *put_head(const struct fix_compose *compose)
{
    const struct writer *writer = compose->pen.writer;
    struct slice begin_string = compose->begin_string;
    size_t length = writer->used - compose->body, digits = digits_count(length);
    char *start = writer->at + compose->body - (AROUND_HEAD + begin_string.size + digits);
    memcpy(start, "8=", 2);
    char *to = slice_put(begin_string, start + 2);
    memcpy(to, "\0019=", 3);
    *digits_put(to + 3, length) = FIX_SOH;
    return start;
}

struct slice fix_compose_end(struct fix_compose *compose)
{
    struct writer *writer = compose->pen.writer;
    fix_pen_close(&compose->pen);
    char *checksum = writer_room(writer, CHECKSUM_FIELD_SIZE);
    if (checksum == NULL)
        return SLICE_NONE;
    char *start = put_head(compose);
    unsigned sum = fix_checksum((struct slice){ start, (size_t)(checksum - start) });
    memcpy(checksum, "10=000\001", CHECKSUM_FIELD_SIZE);
    digits_put_two(digits_put_one(checksum + 3, sum / 100), sum % 100);
    writer_wrote(writer, CHECKSUM_FIELD_SIZE);
    return (struct slice){ start, (size_t)(checksum + CHECKSUM_FIELD_SIZE - start) };
}
