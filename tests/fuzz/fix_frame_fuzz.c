/* Any bytes as a stream of FIX messages: the end is reached, and a message is
   found only when all of it is there. */
#include "codecs/fix/frame.h"
#include "fuzz/fuzz.h"

enum {
    SIZE_LIMIT = 2048,
};

/* Every part of a whole message is partial. */
static void check_parts(struct slice whole)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    for (size_t size = 0; size < whole.size; size++) {
        struct slice part = { whole.at, size };
        CHECK(fix_frame_find(part, SIZE_LIMIT, &frame, &fault) == FIX_FRAME_PARTIAL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = { (const char *)data, size };
    const struct fix_fault *fault;
    struct fix_frame frame;
    enum fix_frame_verdict verdict;
    while ((verdict = fix_frame_find(rest, SIZE_LIMIT, &frame, &fault)) != FIX_FRAME_PARTIAL) {
        CHECK(frame.bytes.at == rest.at);
        CHECK(frame.bytes.size > 0 && frame.bytes.size <= rest.size);
        if (verdict == FIX_FRAME_WHOLE) {
            CHECK(frame.bytes.size <= SIZE_LIMIT);
            check_parts(frame.bytes);
        } else {
            CHECK(fault != NULL && fault->answer == FIX_ANSWER_IGNORE);
        }
        rest = slice_after(rest, frame.bytes.size);
    }
    return 0;
}
