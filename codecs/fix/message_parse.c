/* Splits a frame into fields in place: one pass, nothing copied. */
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

/* Takes "tag=" from the front; false: there is none. */
static inline bool take_tag(struct slice *rest, uint32_t *tag)
{
    size_t most = rest->size < TAG_DIGITS_MAX ? rest->size : TAG_DIGITS_MAX, size = 0;
    uint32_t number = 0;
    for (; size < most; size++) {
        unsigned digit = (unsigned char)rest->at[size] - (unsigned)'0';
        if (digit > 9)
            break;
        number = number * 10 + digit;
    }
    bool leading_zero = size > 1 && rest->at[0] == '0';
    if (size == 0 || leading_zero || size == rest->size || rest->at[size] != '=')
        return false;
    *tag = number;
    *rest = slice_after(*rest, size + 1);
    return true;
}

/* Where the first SOH is in bytes that end with one.  Values are short, so that a
   word or two at a time is less work than to call memchr(). */
static inline size_t find_soh(struct slice bytes)
{
    size_t at = 0;
    for (; at + sizeof(uint64_t) <= bytes.size; at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes.at + at, sizeof word);
        word = le64toh(word) ^ EACH_BYTE(SOH); /* a SOH is now 0 */
        uint64_t zeros = (word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80);
        if (zeros != 0)
            return at + (size_t)__builtin_ctzll(zeros) / 8;
    }
    while (bytes.at[at] != SOH)
        at++;
    return at;
}

/* The field before the next one carries the length of data of this type. */
static bool length_said(const struct fix_message *message, const struct fix_field_type *type)
{
    return type != NULL && type->length_tag != 0 && message->count > 0 &&
           message->fields[message->count - 1].tag == type->length_tag;
}

/* The size of the data in front of rest, which ends before CheckSum; false: the
   length is wrong. */
static bool data_size(struct slice length, struct slice rest, size_t *size)
{
    uint64_t said;
    if (rest.size <= CHECKSUM_FIELD_SIZE ||
        !slice_to_u64(length, rest.size - CHECKSUM_FIELD_SIZE - 1, &said))
        return false;
    *size = (size_t)said;
    return rest.at[said] == SOH;
}

/* Takes a value and its SOH from the front.  Data with a wrong length is split
   like text, so that what is behind it can still be read. */
static struct slice take_value(const struct fix_message *message, struct slice *rest,
                               const struct fix_field_type *type, struct fix_finding *finding)
{
    size_t size;
    bool is_data = length_said(message, type);
    if (!is_data || !data_size(message->fields[message->count - 1].value, *rest, &size)) {
        if (is_data && finding->fault == NULL)
            *finding = (struct fix_finding){ &fix_fault_value_format, type->length_tag,
                                             message->count - 1 };
        size = find_soh(*rest);
    }
    struct slice value = { rest->at, size };
    *rest = slice_after(*rest, size + 1);
    return value;
}

/* Header fields are in front, trailer fields at the end, the body between. */
static void place_field(struct fix_message *message, const struct fix_field_type *type)
{
    size_t at = message->count;
    if (at == message->body_first && type != NULL && type->in_header)
        message->body_first = at + 1;
    if (type == NULL || !type->in_trailer)
        message->body_end = at + 1;
}

static bool garbled(const struct fix_message *message, struct fix_finding *finding,
                    const struct fix_fault *fault)
{
    *finding = (struct fix_finding){ fault, 0, message->count };
    return false;
}

bool fix_message_parse(struct fix_message *message, const struct fix_frame *frame,
                       const struct fix_dictionary *dictionary, struct fix_finding *finding)
{
    struct slice rest = frame->bytes;
    *finding = (struct fix_finding){ .fault = NULL };
    message->bytes = frame->bytes;
    message->begin_string = frame->begin_string;
    message->dictionary = dictionary;
    message->body_first = message->body_end = HEAD_FIELD_COUNT;
    for (message->count = 0; rest.size > 0; message->count++) {
        uint32_t tag;
        if (message->count == message->room)
            return garbled(message, finding, &fix_fault_frame_too_long);
        if (!take_tag(&rest, &tag))
            return garbled(message, finding, &fix_fault_field_garbled);
        if (tag == 0 && finding->fault == NULL)
            *finding = (struct fix_finding){ &fix_fault_tag_invalid, 0, message->count };
        const struct fix_field_type *type = fix_dictionary_field(dictionary, tag);
        struct slice value = take_value(message, &rest, type, finding);
        message->fields[message->count] = (struct fix_field){ tag, value };
        place_field(message, type);
    }
    assert(message->count > HEAD_FIELD_COUNT);
    message->msg_type = message->fields[MSG_TYPE_AT].value;
    message->type = fix_dictionary_message(dictionary, message->msg_type);
    if (message->body_end < message->body_first)
        message->body_end = message->body_first;
    return finding->fault == NULL;
}
