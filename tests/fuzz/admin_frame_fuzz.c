/* Any bytes on the operators' socket, as a command and as an answer: a command is
   found only when all of it is there, and written again it has the same words. */
#include "gateway/ops/admin_frame.h"

#include "fuzz/fuzz.h"

static void check_words(const struct slice *words, size_t count)
{
    struct slice same[ADMIN_WORD_COUNT_MAX];
    struct writer again;
    size_t same_count;

    CHECK(count <= ADMIN_WORD_COUNT_MAX);
    writer_init(&again, 0);
    admin_frame_write(words, count, &again);
    CHECK(admin_frame_find(writer_slice(&again), same, &same_count) == ADMIN_WHOLE);
    CHECK(same_count == count);
    for (size_t i = 0; i < count; i++)
        CHECK(slice_equal(words[i], same[i]));
    writer_fini(&again);
}

static void check_command(struct slice bytes)
{
    enum admin_verdict verdict = ADMIN_PARTIAL;
    struct slice words[ADMIN_WORD_COUNT_MAX];
    size_t count;

    for (size_t size = 0; size <= bytes.size && size <= 512; size++) {
        enum admin_verdict before = verdict;

        verdict = admin_frame_find((struct slice){ bytes.at, size }, words, &count);
        CHECK(before == ADMIN_PARTIAL || verdict == ADMIN_BROKEN);
    }
    if (admin_frame_find(bytes, words, &count) == ADMIN_WHOLE)
        check_words(words, count);
}

static void check_answer(struct slice bytes)
{
    struct slice answer, again;
    struct writer frame;
    int status, same;

    if (!admin_answer_read(bytes, &status, &answer))
        return;
    writer_init(&frame, 0);
    admin_answer_write(status, answer, &frame);
    CHECK(admin_answer_read(writer_slice(&frame), &same, &again));
    CHECK(same == status && slice_equal(again, answer));
    writer_fini(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = { (const char *)data, size };

    check_command(bytes);
    check_answer(bytes);
    return 0;
}
