/* Splits a frame into fields in place: one pass, nothing copied. */
#include "codecs/fix/dictionary_tables.h"
#include "codecs/fix/message.h"

#include <assert.h>
#include <endian.h>

/* A word with the same in each byte. */
#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

enum {
    SOH = 1,
    TAG_DIGITS_MAX = 9,
    HEAD_FIELD_COUNT = 3, /* 8, 9 and 35: framing has seen to them */
    MSG_TYPE_AT = 2,
    CHECKSUM_FIELD_SIZE = 7, /* "10=ddd" and SOH */
};

/* Takes "tag=" from the front of what ends with a SOH; false: there is none. */
static inline bool take_tag(const char **at, uint32_t *tag)
{
    const char *first = *at, *behind = first;
    uint32_t number = 0;
    unsigned digit;
    for (; (digit = (unsigned char)*behind - (unsigned)'0') <= 9; behind++)
        number = number * 10 + digit;
    size_t size = (size_t)(behind - first);
    *at = behind + 1;
    *tag = number;
    return *behind == '=' && size > 0 && size <= TAG_DIGITS_MAX && (*first != '0' || size == 1);
}

/* The first SOH in bytes that end with one.  Values are short, so that a word or
   two at a time is less work than to call memchr(). */
static inline const char *find_soh(const char *at, const char *end)
{
    for (; (size_t)(end - at) >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        word = le64toh(word) ^ EACH_BYTE(SOH); /* a SOH is now 0 */
        uint64_t zeros = (word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80);
        if (zeros != 0)
            return at + __builtin_ctzll(zeros) / 8;
    }
    while (*at != SOH)
        at++;
    return at;
}

/* The SOH behind data of this length, in front of CheckSum; NULL: the length is wrong. */
static const char *find_data_end(struct slice length, const char *at, const char *end)
{
    uint64_t size;
    if (end - at <= CHECKSUM_FIELD_SIZE ||
        !slice_to_u64(length, (uint64_t)(end - at) - CHECKSUM_FIELD_SIZE - 1, &size))
        return NULL;
    return at[size] == SOH ? at + size : NULL;
}

/* The SOH behind the data of field, whose length is in the one before.  Data with a
   wrong length is split like text, so that what is behind it can still be read. */
static const char *pass_data(const struct fix_message *message, const struct fix_field *field,
                             const char *at, const char *end, struct fix_finding *finding)
{
    const char *data_end = find_data_end(field[-1].value, at, end);
    if (data_end != NULL)
        return data_end;
    if (finding->fault == NULL)
        *finding = (struct fix_finding){ &fix_fault_value_format, field[-1].tag,
                                         (size_t)(field - message->fields) - 1 };
    return find_soh(at, end);
}

/* field is data behind its length. */
static inline bool length_said(const struct fix_message *message, const struct fix_field *field,
                               const struct fix_field_type *type)
{
    return type != NULL && type->length_tag != 0 && field > message->fields &&
           field[-1].tag == type->length_tag;
}

static bool garbled(struct fix_message *message, const struct fix_field *field,
                    struct fix_finding *finding, const struct fix_fault *fault)
{
    message->count = (size_t)(field - message->fields);
    *finding = (struct fix_finding){ fault, 0, message->count };
    return false;
}

/* All fields of the frame; false: it can't be split.  Header fields are in front,
   trailer fields at the end, the body between. */
static bool split(struct fix_message *message, const struct fix_dictionary *dictionary,
                  struct fix_finding *finding)
{
    const char *at = message->bytes.at, *end = at + message->bytes.size;
    struct fix_field *field = message->fields, *fields_end = field + message->room;
    size_t count = 0, body_first = HEAD_FIELD_COUNT, body_end = HEAD_FIELD_COUNT;
    for (; at < end; field++) {
        if (field == fields_end)
            return garbled(message, field, finding, &fix_fault_frame_too_long);
        uint32_t tag;
        if (!take_tag(&at, &tag))
            return garbled(message, field, finding, &fix_fault_field_garbled);
        if (tag == 0 && finding->fault == NULL)
            *finding = (struct fix_finding){ &fix_fault_tag_invalid, 0, count };
        const struct fix_field_type *type = fix_dictionary_row(dictionary, tag);
        const char *value_end = length_said(message, field, type)
                                    ? pass_data(message, field, at, end, finding)
                                    : find_soh(at, end);
        *field = (struct fix_field){ tag, { at, (size_t)(value_end - at) } };
        if (count == body_first && type != NULL && type->in_header)
            body_first++;
        count++;
        if (type == NULL || !type->in_trailer)
            body_end = count;
        at = value_end + 1;
    }
    message->count = count;
    message->body_first = body_first;
    message->body_end = body_end < body_first ? body_first : body_end;
    return true;
}

bool fix_message_parse(struct fix_message *message, const struct fix_frame *frame,
                       const struct fix_dictionary *dictionary, struct fix_finding *finding)
{
    *finding = (struct fix_finding){ .fault = NULL };
    message->bytes = frame->bytes;
    message->begin_string = frame->begin_string;
    message->dictionary = dictionary;
    assert(frame->bytes.at[frame->bytes.size - 1] == SOH);
    if (!split(message, dictionary, finding))
        return false;
    assert(message->count > HEAD_FIELD_COUNT);
    message->msg_type = message->fields[MSG_TYPE_AT].value;
    message->type = fix_dictionary_message(dictionary, message->msg_type);
    return finding->fault == NULL;
}
