/* A message that is longer than allowed goes by and is refused at its end.  Were
   it passed over in silence, the peer would be asked for it again for ever. */
#include "codecs/fix/session_machine.h"
#include "codecs/fix/soh.h"

enum {
    CHECKSUM_FIELD_SIZE = 7, /* "10=ddd" and SOH */
};

/* The header's fields in front of bytes, without data: that may go on for long. */
static struct slice head_of(struct slice bytes, const struct fix_dictionary *dictionary,
                            bool *numbered)
{
    struct slice rest = bytes, tag, value;
    size_t size = 0;
    uint64_t number;
    *numbered = false;
    while (fix_take_field(&rest, &tag, &value) && slice_to_u64(tag, UINT32_MAX, &number)) {
        const struct fix_field_type *type = fix_dictionary_field(dictionary, (uint32_t)number);
        if (type == NULL || !type->in_header || type->length_tag != 0)
            break;
        *numbered |= number == TAG_MSG_SEQ_NUM;
        size = bytes.size - rest.size;
    }
    return (struct slice){ bytes.at, size };
}

bool fix_oversize_begin(struct fix_session *session, struct slice bytes, uint64_t announced)
{
    struct fix_oversize *oversize = &session->oversize;
    bool numbered;
    struct slice front = { bytes.at, session->options.message_size_max };
    struct slice head = head_of(front, session->dictionary, &numbered);
    if (!numbered)
        return false;
    writer_reset(&oversize->head);
    writer_bytes(&oversize->head, head);
    oversize->left = announced;
    oversize->sum = 0;
    return true;
}

/* The end is where BodyLength says, and the CheckSum holds. */
static const struct fix_fault *garbled_by(const struct fix_oversize *oversize)
{
    static const char checksum[] = { FIX_SOH, '1', '0', '=' };
    struct slice digits = { oversize->end + sizeof checksum, 3 };
    uint64_t said;
    if (memcmp(oversize->end, checksum, sizeof checksum) != 0 ||
        oversize->end[sizeof oversize->end - 1] != FIX_SOH)
        return &fix_fault_frame_length;
    if (!slice_to_u64(digits, 255, &said) || said != oversize->sum % 256)
        return &fix_fault_frame_checksum;
    return NULL;
}

/* Its header stands for it in all that is looked at before the body. */
static void refuse(struct fix_session *session)
{
    struct slice head = writer_slice(&session->oversize.head), rest = head, tag;
    struct fix_frame frame = { .bytes = head };
    const struct fix_fault *fault = garbled_by(&session->oversize);
    fix_take_field(&rest, &tag, &frame.begin_string);
    if (fault == NULL)
        fix_take_message(session, &frame, &fix_fault_message_too_long);
    else
        fix_take_garbled(session, fault);
}

size_t fix_oversize_take(struct fix_session *session, struct slice bytes)
{
    struct fix_oversize *oversize = &session->oversize;
    size_t size = bytes.size < oversize->left ? bytes.size : (size_t)oversize->left;
    for (size_t i = 0; i < size; i++, oversize->left--) {
        if (oversize->left <= sizeof oversize->end)
            oversize->end[sizeof oversize->end - oversize->left] = bytes.at[i];
        if (oversize->left > CHECKSUM_FIELD_SIZE)
            oversize->sum += (unsigned char)bytes.at[i];
    }
    if (oversize->left == 0)
        refuse(session);
    return size;
}
