/* Splits a frame into fields in place: one pass, nothing copied. */
#include "codecs/fix/message.h"

#include <assert.h>

enum {
    SOH = 1,
    TAG_DIGITS_MAX = 9,
    HEAD_FIELD_COUNT = 3, /* 8, 9 and 35: framing has seen to them */
    MSG_TYPE_AT = 2,
    CHECKSUM_FIELD_SIZE = 7, /* "10=ddd" and SOH */
};

/* Takes "tag=" from the front; false: there is none. */
static bool take_tag(struct slice *rest, uint32_t *tag)
{
    uint32_t number = 0;
    size_t size = 0;
    while (size < rest->size && size <= TAG_DIGITS_MAX) {
        unsigned digit = (unsigned char)rest->at[size] - (unsigned)'0';
        if (digit > 9)
            break;
        number = number * 10 + digit;
        size++;
    }
    bool leading_zero = size > 1 && rest->at[0] == '0';
    if (size == 0 || size > TAG_DIGITS_MAX || leading_zero || size == rest->size ||
        rest->at[size] != '=')
        return false;
    *tag = number;
    *rest = slice_after(*rest, size + 1);
    return true;
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
        const char *end = memchr(rest->at, SOH, rest->size);
        assert(end != NULL); /* a frame ends with SOH */
        size = (size_t)(end - rest->at);
    }
    struct slice value = { rest->at, size };
    *rest = slice_after(*rest, size + 1);
    return value;
}

/* Header fields are in front, trailer fields at the end, the body between. */
static void find_body(struct fix_message *message, const struct fix_dictionary *dictionary)
{
    const struct fix_field_type *type;
    size_t first = HEAD_FIELD_COUNT, end = message->count;
    while (first < end &&
           (type = fix_dictionary_field(dictionary, message->fields[first].tag)) != NULL &&
           type->in_header)
        first++;
    while (end > first &&
           (type = fix_dictionary_field(dictionary, message->fields[end - 1].tag)) != NULL &&
           type->in_trailer)
        end--;
    message->body_first = first;
    message->body_end = end;
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
    for (message->count = 0; rest.size > 0; message->count++) {
        uint32_t tag;
        if (message->count == message->room)
            return garbled(message, finding, &fix_fault_frame_too_long);
        if (!take_tag(&rest, &tag))
            return garbled(message, finding, &fix_fault_field_garbled);
        if (tag == 0 && finding->fault == NULL)
            *finding = (struct fix_finding){ &fix_fault_tag_invalid, 0, message->count };
        struct slice value =
            take_value(message, &rest, fix_dictionary_field(dictionary, tag), finding);
        message->fields[message->count] = (struct fix_field){ tag, value };
    }
    assert(message->count > HEAD_FIELD_COUNT);
    message->msg_type = message->fields[MSG_TYPE_AT].value;
    message->type = fix_dictionary_message(dictionary, message->msg_type);
    find_body(message, dictionary);
    return finding->fault == NULL;
}
