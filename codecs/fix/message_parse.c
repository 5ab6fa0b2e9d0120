/* Splits a frame into fields in place: one pass, nothing copied. */
#include "codecs/fix/dictionary_tables.h"
#include "codecs/fix/message.h"
#include "codecs/fix/soh.h"

#include <assert.h>

enum {
    TAG_DIGITS_MAX = 9,
    TAG_DIGITS_USUAL = 4,
    HEAD_FIELD_COUNT = 3, /* 8, 9 and 35: framing has seen to them */
    MSG_TYPE_AT = 2,
    CHECKSUM_FIELD_SIZE = 7, /* "10=ddd" and SOH */
};

static inline unsigned digit_at(const char *at)
{
    return (unsigned char)*at - (unsigned)'0';
}

/* Reads "tag=" where it is followed by a SOH sooner or later, and returns what is
   behind it; NULL: there is none.  A negative number is one as well, and taken for 0. */
static const char *read_any_tag(const char *at, uint32_t *tag)
{
    bool negative = *at == '-';
    const char *first = at + negative, *behind = first;
    uint32_t number = 0, digit;
    for (; (digit = digit_at(behind)) <= 9; behind++)
        number = number * 10 + digit;
    size_t size = (size_t)(behind - first);
    *tag = negative ? 0 : number;
    if (*behind != '=' || size == 0 || size > TAG_DIGITS_MAX || (*first == '0' && size > 1))
        return NULL;
    return behind + 1;
}

/* The same, sooner for the tags that nearly all fields have. */
static inline const char *read_tag(const char *first, uint32_t *tag)
{
    uint32_t number = digit_at(first);
    if (number - 1 > 8)
        return read_any_tag(first, tag);
#pragma GCC unroll 4
    for (unsigned size = 1; size <= TAG_DIGITS_USUAL; size++) {
        uint32_t digit = digit_at(first + size);
        if (digit > 9) {
            *tag = number;
            return digit == '=' - '0' ? first + size + 1 : NULL;
        }
        number = number * 10 + digit;
    }
    return read_any_tag(first, tag);
}

/* The ends of fields in the block that is walked over. */
struct ends {
    const char *block;
    uint64_t bits; /* those that were not taken yet */
};

static struct ends ends_from(struct slice bytes, const char *block)
{
    return (struct ends){ block, fix_soh_ends(bytes, (size_t)(block - bytes.at)) };
}

/* The next SOH of bytes that end with one. */
static inline const char *take_end(struct slice bytes, struct ends *ends)
{
    while (ends->bits == 0)
        *ends = ends_from(bytes, ends->block + FIX_SOH_BLOCK);
    const char *at = ends->block + (unsigned)__builtin_ctzll(ends->bits);
    ends->bits &= ends->bits - 1;
    return at;
}

/* The SOH behind data of this length, in front of CheckSum; NULL: the length is wrong. */
static const char *find_data_end(struct slice length, const char *at, const char *end)
{
    uint64_t size;
    if (end - at <= CHECKSUM_FIELD_SIZE ||
        !slice_to_u64(length, (uint64_t)(end - at) - CHECKSUM_FIELD_SIZE - 1, &size))
        return NULL;
    return at[size] == FIX_SOH ? at + size : NULL;
}

static void found_first(const struct fix_message *message, const struct fix_field *field,
                        const struct fix_fault *fault, struct fix_finding *finding)
{
    if (finding->fault == NULL)
        *finding = (struct fix_finding){ fault, field->tag, (size_t)(field - message->fields) };
}

/* What is wrong with a field whose tag was taken for 0: "0=" has nothing in front. */
static const struct fix_fault *invalid_tag(const struct fix_field *field)
{
    return field->value.at[-3] == FIX_SOH ? &fix_fault_tag_invalid : &fix_fault_tag_negative;
}

/* Where the value of field ends that its mark makes special: the SOH behind data
   whose length is in the field before.  NULL: at the next SOH like any other, also
   with a wrong length, so that what is behind it can still be read. */
static const char *find_special_end(const struct fix_message *message,
                                    const struct fix_field *field, struct fix_finding *finding)
{
    const char *end = message->bytes.at + message->bytes.size;
    if (field->tag == 0) {
        found_first(message, field, invalid_tag(field), finding);
        return NULL;
    }
    if (field == message->fields ||
        field[-1].tag != fix_dictionary_row(message->dictionary, field->tag)->length_tag)
        return NULL;
    const char *data_end = find_data_end(field[-1].value, field->value.at, end);
    if (data_end == NULL)
        found_first(message, field - 1, &fix_fault_value_format, finding);
    return data_end;
}

static bool garbled(struct fix_message *message, const struct fix_field *field,
                    struct fix_finding *finding, const struct fix_fault *fault)
{
    message->count = (size_t)(field - message->fields);
    *finding = (struct fix_finding){ fault, 0, message->count };
    return false;
}

/* All fields of the frame; false: it can't be split. */
static bool split(struct fix_message *message, const struct fix_dictionary *dictionary,
                  struct fix_finding *finding)
{
    struct slice bytes = message->bytes;
    const char *at = bytes.at, *end = at + bytes.size, *value_end;
    struct fix_field *field = message->fields, *fields_end = field + message->room;
    struct ends ends = ends_from(bytes, at);
    for (; at < end; at = value_end + 1, field++) {
        if (field == fields_end)
            return garbled(message, field, finding, &fix_fault_frame_too_long);
        at = read_tag(at, &field->tag);
        if (at == NULL)
            return garbled(message, field, finding, &fix_fault_field_garbled);
        field->value.at = at;
        value_end = NULL;
        if ((fix_dictionary_marks(dictionary, field->tag) & FIX_MARK_SPECIAL) != 0)
            value_end = find_special_end(message, field, finding);
        if (value_end == NULL)
            value_end = take_end(bytes, &ends);
        else
            ends = ends_from(bytes, value_end + 1);
        field->value.size = (size_t)(value_end - at);
    }
    message->count = (size_t)(field - message->fields);
    return true;
}

/* Fields of the header are in front, those of the trailer at the end, the body between. */
static void find_body(struct fix_message *message, const struct fix_dictionary *dictionary)
{
    const struct fix_field *fields = message->fields;
    size_t first = HEAD_FIELD_COUNT, end = message->count;
    while (first < end &&
           (fix_dictionary_marks(dictionary, fields[first].tag) & FIX_MARK_HEADER) != 0)
        first++;
    while (end > first &&
           (fix_dictionary_marks(dictionary, fields[end - 1].tag) & FIX_MARK_TRAILER) != 0)
        end--;
    message->body_first = first;
    message->body_end = end;
}

bool fix_message_parse(struct fix_message *message, const struct fix_frame *frame,
                       const struct fix_dictionary *dictionary, struct fix_finding *finding)
{
    *finding = (struct fix_finding){ .fault = NULL };
    message->bytes = frame->bytes;
    message->begin_string = frame->begin_string;
    message->dictionary = dictionary;
    assert(frame->bytes.at[frame->bytes.size - 1] == FIX_SOH);
    if (!split(message, dictionary, finding))
        return false;
    assert(message->count > HEAD_FIELD_COUNT);
    find_body(message, dictionary);
    message->msg_type = message->fields[MSG_TYPE_AT].value;
    message->type = fix_dictionary_message(dictionary, message->msg_type);
    return finding->fault == NULL;
}
