/* Cuts one message from the front of a stream: "8=", "9=", "35=" in their
   places, as many bytes as BodyLength says, and a CheckSum that holds. */
#include "codecs/fix/frame.h"

#include "codecs/fix/checksum.h"
#include "codecs/fix/soh.h"

enum {
    BEGIN_STRING_SIZE_MAX = 16,  /* "FIXT.1.1" has 8 */
    BODY_LENGTH_DIGITS_MAX = 10, /* leading zeros are legal */
    CHECKSUM_DIGITS_MAX = 10,    /* when it is not checked */
    CHECKSUM_FIELD_SIZE = 7,     /* "10=ddd" and SOH */
};

static const struct slice start = { "8=FIX", 5 }, msg_type = { "35=", 3 }, checksum = { "10=", 3 };

/* bytes and start agree as far as both go. */
static inline bool may_start(struct slice bytes, struct slice with)
{
    if (bytes.size >= with.size)
        return memcmp(bytes.at, with.at, with.size) == 0;
    return bytes.size == 0 || memcmp(bytes.at, with.at, bytes.size) == 0;
}

/* Where the next message may start, not before from; else the end. */
static size_t next_start(struct slice bytes, size_t from)
{
    for (size_t at = from; at < bytes.size; at++) {
        const char *found = memchr(bytes.at + at, '8', bytes.size - at);
        if (found == NULL)
            return bytes.size;
        at = (size_t)(found - bytes.at);
        if (may_start(slice_after(bytes, at), start))
            return at;
    }
    return bytes.size;
}

/* Drops all up to the next message, which is not looked for before from. */
static enum fix_frame_verdict garbled(struct slice bytes, size_t from, struct fix_frame *frame,
                                      const struct fix_fault *why, const struct fix_fault **fault)
{
    *frame = (struct fix_frame){ .bytes = { bytes.at, next_start(bytes, from) } };
    *fault = why;
    return FIX_FRAME_GARBLED;
}

/* Takes tag and "=" and the value up to its SOH from the front of *rest. */
static inline enum fix_frame_verdict take_field(struct slice *rest, struct slice tag,
                                                size_t size_max, struct slice *value)
{
    if (!may_start(*rest, tag))
        return FIX_FRAME_GARBLED;
    if (rest->size < tag.size)
        return FIX_FRAME_PARTIAL;
    struct slice behind = slice_after(*rest, tag.size);
    size_t searched = behind.size <= size_max ? behind.size : size_max + 1;
    const char *end = memchr(behind.at, FIX_SOH, searched);
    if (end == NULL)
        return behind.size <= size_max ? FIX_FRAME_PARTIAL : FIX_FRAME_GARBLED;
    *value = (struct slice){ behind.at, (size_t)(end - behind.at) };
    *rest = slice_after(behind, value->size + 1);
    return FIX_FRAME_WHOLE;
}

/* digits are three bytes. */
static bool checksum_holds(struct slice summed, const char *digits)
{
    unsigned sum = fix_checksum(summed);
    return digits[0] == (char)('0' + sum / 100) && digits[1] == (char)('0' + sum / 10 % 10) &&
           digits[2] == (char)('0' + sum % 10);
}

/* The body and what is behind it; head is the size of fields 8 and 9. */
static enum fix_frame_verdict find_body(struct slice bytes, size_t head, size_t body_size,
                                        struct fix_frame *frame, const struct fix_fault **fault)
{
    struct slice rest = slice_after(bytes, head);
    if (rest.size < body_size)
        return FIX_FRAME_PARTIAL;
    frame->body = (struct slice){ rest.at, body_size };
    rest = slice_after(rest, body_size);
    if (!may_start(rest, checksum) || frame->body.at[body_size - 1] != FIX_SOH)
        return garbled(bytes, 1, frame, &fix_fault_frame_length, fault);
    if (rest.size < CHECKSUM_FIELD_SIZE && memchr(rest.at, FIX_SOH, rest.size) == NULL)
        return FIX_FRAME_PARTIAL;
    /* The length is right, so what looks like a message inside the body is not one. */
    if (rest.size < CHECKSUM_FIELD_SIZE || rest.at[CHECKSUM_FIELD_SIZE - 1] != FIX_SOH ||
        !checksum_holds((struct slice){ bytes.at, head + body_size }, rest.at + checksum.size))
        return garbled(bytes, head + body_size, frame, &fix_fault_frame_checksum, fault);
    frame->bytes = (struct slice){ bytes.at, head + body_size + CHECKSUM_FIELD_SIZE };
    return FIX_FRAME_WHOLE;
}

/* BeginString and BodyLength.  A message may start inside one that was cut off in
   its first field. */
static enum fix_frame_verdict take_head(struct slice *rest, struct slice *begin_string,
                                        struct slice *body_length)
{
    enum fix_frame_verdict verdict =
        take_field(rest, (struct slice){ "8=", 2 }, BEGIN_STRING_SIZE_MAX, begin_string);
    if (verdict != FIX_FRAME_WHOLE)
        return verdict;
    if (memchr(begin_string->at, '=', begin_string->size) != NULL)
        return FIX_FRAME_GARBLED;
    return take_field(rest, (struct slice){ "9=", 2 }, BODY_LENGTH_DIGITS_MAX, body_length);
}

enum fix_frame_verdict fix_frame_find(struct slice bytes, size_t size_max, struct fix_frame *frame,
                                      const struct fix_fault **fault)
{
    static const size_t body_size_min = sizeof "35=0\001" - 1;
    struct slice rest = bytes, digits = SLICE_NONE;
    uint64_t body_size;
    if (bytes.size == 0)
        return FIX_FRAME_PARTIAL;
    if (!may_start(bytes, start))
        return garbled(bytes, 1, frame, &fix_fault_frame_noise, fault);
    enum fix_frame_verdict verdict = take_head(&rest, &frame->begin_string, &digits);
    if (verdict == FIX_FRAME_PARTIAL)
        return FIX_FRAME_PARTIAL;
    if (verdict == FIX_FRAME_GARBLED || !may_start(rest, msg_type))
        return garbled(bytes, 1, frame, &fix_fault_frame_order, fault);
    if (!slice_to_u64(digits, UINT32_MAX, &body_size) || body_size < body_size_min)
        return garbled(bytes, 1, frame, &fix_fault_frame_length, fault);
    size_t head = (size_t)(rest.at - bytes.at);
    uint64_t size = head + body_size + CHECKSUM_FIELD_SIZE;
    if (size <= size_max)
        return find_body(bytes, head, (size_t)body_size, frame, fault);
    garbled(bytes, 1, frame, &fix_fault_frame_too_long, fault);
    frame->announced = size;
    return FIX_FRAME_GARBLED;
}

/* The front field with its SOH; 0: there is no SOH. */
static size_t field_size(struct slice bytes)
{
    const char *end = memchr(bytes.at, FIX_SOH, bytes.size);
    return end == NULL ? 0 : (size_t)(end - bytes.at) + 1;
}

/* The rest from the CheckSum on, when it is where BodyLength says; else the rest. */
static struct slice skip_body(struct slice rest, struct slice body_length)
{
    uint64_t size;
    if (!slice_to_u64(body_length, rest.size, &size) || size == 0 || rest.at[size - 1] != FIX_SOH ||
        !slice_starts(slice_after(rest, (size_t)size), checksum))
        return rest;
    return slice_after(rest, (size_t)size);
}

enum fix_frame_verdict fix_frame_find_unchecked(struct slice bytes, size_t size_max,
                                                struct fix_frame *frame)
{
    struct slice begin_string, body_length, digits;
    size_t size;
    bytes.size = bytes.size < size_max ? bytes.size : size_max;
    struct slice rest = bytes;
    enum fix_frame_verdict verdict = take_head(&rest, &begin_string, &body_length);
    if (verdict != FIX_FRAME_WHOLE || !may_start(rest, msg_type))
        return verdict == FIX_FRAME_WHOLE ? FIX_FRAME_GARBLED : verdict;
    const char *body = rest.at;
    for (rest = skip_body(rest, body_length); (size = field_size(rest)) > 0;
         rest = slice_after(rest, size)) {
        const char *end = rest.at;
        if (slice_starts(rest, start))
            return FIX_FRAME_GARBLED;
        if (take_field(&rest, checksum, CHECKSUM_DIGITS_MAX, &digits) != FIX_FRAME_WHOLE)
            continue;
        *frame = (struct fix_frame){ .bytes = { bytes.at, bytes.size - rest.size },
                                     .begin_string = begin_string,
                                     .body = { body, (size_t)(end - body) } };
        return FIX_FRAME_WHOLE;
    }
    return bytes.size == size_max ? FIX_FRAME_GARBLED : FIX_FRAME_PARTIAL;
}
