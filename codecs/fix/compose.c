/* Writes a message from front to back.  BodyLength gets room for the largest
   number, and what is behind it moves up when the number is known. */
#include "codecs/fix/compose.h"

#include "codecs/fix/checksum.h"

#include <assert.h>

enum {
    SOH = 1,
    TAG_DIGITS_MAX = 10,
    NUMBER_DIGITS_MAX = 20,
    BODY_LENGTH_DIGITS = 9,
    CHECKSUM_DIGITS = 3,
};

/* Writes "tag=" and returns what is behind it. */
static inline char *put_tag(char *to, uint32_t tag, size_t digits)
{
    static const char pairs[] = "000102030405060708091011121314151617181920212223242526272829303132"
                                "33343536373839404142434445464748"
                                "495051525354555657585960616263646566676869707172737475767778798081"
                                "82838485868788899091929394959697"
                                "9899";
    size_t at = digits;
    to[digits] = '=';
    for (; at > 1; at -= 2, tag /= 100)
        memcpy(to + at - 2, &pairs[(size_t)2 * (tag % 100)], 2);
    if (at == 1)
        to[0] = (char)('0' + tag);
    return to + digits + 1;
}

static inline size_t count_digits(uint32_t number)
{
    if (number < 1000)
        return number < 10 ? 1 : number < 100 ? 2 : 3;
    size_t count = 4;
    for (number /= 10000; number > 0; number /= 10)
        count++;
    return count;
}

/* Most values are a few bytes, which are there sooner than memcpy() is called. */
static inline void put_value(char *to, struct slice value)
{
    uint64_t front, back;
    if (value.size > 2 * sizeof front) {
        memcpy(to, value.at, value.size);
    } else if (value.size >= sizeof front) {
        memcpy(&front, value.at, sizeof front);
        memcpy(&back, value.at + value.size - sizeof back, sizeof back);
        memcpy(to, &front, sizeof front);
        memcpy(to + value.size - sizeof back, &back, sizeof back);
    } else {
        for (size_t i = 0; i < value.size; i++)
            to[i] = value.at[i];
    }
}

void fix_write_field(struct writer *writer, uint32_t tag, struct slice value)
{
    size_t digits = count_digits(tag), size = digits + 1 + value.size + 1;
    char *to = writer_room(writer, size);
    if (to == NULL)
        return;
    put_value(put_tag(to, tag, digits), value);
    to[size - 1] = SOH;
    writer_wrote(writer, size);
}

void fix_write_number(struct writer *writer, uint32_t tag, uint64_t value)
{
    char digits[NUMBER_DIGITS_MAX];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    fix_write_field(writer, tag, (struct slice){ digits + at, sizeof digits - at });
}

void fix_compose_begin(struct fix_compose *compose, struct writer *writer,
                       struct slice begin_string, struct slice msg_type)
{
    *compose = (struct fix_compose){ .writer = writer,
                                     .start = writer->used,
                                     .precision = MOMENT_MILLISECONDS };
    fix_write_field(writer, 8, begin_string);
    writer_text(writer, "9=");
    writer_digits(writer, 0, BODY_LENGTH_DIGITS);
    writer_char(writer, SOH);
    compose->body = writer->used;
    fix_write_field(writer, 35, msg_type);
}

void fix_compose_text(struct fix_compose *compose, uint32_t tag, struct slice value)
{
    fix_write_field(compose->writer, tag, value);
}

void fix_compose_u64(struct fix_compose *compose, uint32_t tag, uint64_t value)
{
    fix_write_number(compose->writer, tag, value);
}

void fix_compose_time(struct fix_compose *compose, uint32_t tag, int64_t utc_ns)
{
    writer_u64(compose->writer, tag);
    writer_char(compose->writer, '=');
    fix_timestamp_write_to(utc_ns, compose->precision, compose->writer);
    writer_char(compose->writer, SOH);
}

void fix_compose_fields(struct fix_compose *compose, struct slice fields)
{
    writer_bytes(compose->writer, fields);
}

/* Writes the number into its room and closes the gap. */
static void put_body_length(struct fix_compose *compose)
{
    struct writer *writer = compose->writer;
    char digits[BODY_LENGTH_DIGITS];
    size_t length = writer->used - compose->body, count = 0;
    for (size_t rest = length; rest > 0; rest /= 10) {
        count++;
        assert(count <= BODY_LENGTH_DIGITS);
        digits[BODY_LENGTH_DIGITS - count] = (char)('0' + rest % 10);
    }
    char *room = writer->at + compose->body - 1 - BODY_LENGTH_DIGITS;
    memcpy(room, digits + BODY_LENGTH_DIGITS - count, count);
    memmove(room + count, room + BODY_LENGTH_DIGITS, length + 1);
    writer->used -= BODY_LENGTH_DIGITS - count;
}

struct slice fix_compose_end(struct fix_compose *compose)
{
    struct writer *writer = compose->writer;
    if (!writer_ok(writer))
        return SLICE_NONE;
    put_body_length(compose);
    unsigned sum = fix_checksum(slice_after(writer_slice(writer), compose->start));
    writer_text(writer, "10=");
    writer_digits(writer, sum, CHECKSUM_DIGITS);
    writer_char(writer, SOH);
    if (!writer_ok(writer))
        return SLICE_NONE;
    return slice_after(writer_slice(writer), compose->start);
}
