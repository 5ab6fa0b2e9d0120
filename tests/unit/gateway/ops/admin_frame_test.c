#include "gateway/ops/admin_frame.h"

#include "kit/kit.h"

static struct slice words[ADMIN_WORD_COUNT_MAX];
static size_t count;

static enum admin_verdict find(const char *text)
{
    return admin_frame_find(guarded(slice_of(text)), words, &count);
}

static void words_come_back_as_they_were_written(void **state)
{
    const struct slice sent[] = { SLICE("approve"), SLICE("X,1:2"), SLICE(""), SLICE("a\nb") };
    struct writer frame;

    (void)state;
    writer_init(&frame, 0);
    admin_frame_write(sent, 4, &frame);
    assert_int_equal(admin_frame_find(writer_slice(&frame), words, &count), ADMIN_WHOLE);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(slice_equal(words[i], sent[i]));
    writer_fini(&frame);
}

static void every_prefix_is_partial(void **state)
{
    const struct slice whole = SLICE("7:approve,0:,10:PSTK-K7-42,\n");

    (void)state;
    for (size_t size = 0; size < whole.size; size++)
        assert_int_equal(admin_frame_find(guarded((struct slice){ whole.at, size }), words, &count),
                         ADMIN_PARTIAL);
    assert_int_equal(admin_frame_find(guarded(whole), words, &count), ADMIN_WHOLE);
}

static void anything_else_is_broken(void **state)
{
    static const char *const broken[] = {
        "\n",      "approve\n",     "7;approve,\n", "7:approve;\n", "7:approve,\nx", ":,\n",
        "-1:x,\n", "0000000001:x,", "99999999999:", "7:approve,x",  "67108865:x",    " 1:x,\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (find(broken[i]) != ADMIN_BROKEN)
            fail_msg("not broken: %s", broken[i]);
}

static void more_words_than_the_limit_are_refused(void **state)
{
    struct writer frame;

    (void)state;
    writer_init(&frame, 0);
    for (size_t i = 0; i < ADMIN_WORD_COUNT_MAX + 1; i++)
        writer_text(&frame, "1:x,");
    writer_char(&frame, '\n');
    assert_int_equal(admin_frame_find(writer_slice(&frame), words, &count), ADMIN_BROKEN);
    writer_fini(&frame);
}

static void an_answer_carries_status_and_bytes(void **state)
{
    struct writer stream;
    struct slice answer;
    int status;

    (void)state;
    writer_init(&stream, 0);
    admin_answer_write(3, SLICE("line one\nline two\n"), &stream);
    struct slice bytes = writer_slice(&stream);
    assert_true(admin_answer_read(bytes, &status, &answer));
    assert_int_equal(status, 3);
    assert_slice_equal(answer, "line one\nline two\n");
    for (size_t size = 0; size < bytes.size; size++)
        assert_false(
            admin_answer_read(guarded((struct slice){ bytes.at, size }), &status, &answer));
    writer_fini(&stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_back_as_they_were_written),
        cmocka_unit_test(every_prefix_is_partial),
        cmocka_unit_test(anything_else_is_broken),
        cmocka_unit_test(more_words_than_the_limit_are_refused),
        cmocka_unit_test(an_answer_carries_status_and_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
