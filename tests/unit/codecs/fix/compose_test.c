/* Messages written front to back. */
#include "codecs/fix/compose.h"
#include "codecs/fix/frame.h"
#include "kit/fix_text.h"
#include "kit/kit.h"

static struct slice compose_heartbeat(struct writer *writer, struct slice id)
{
    struct fix_compose compose;
    fix_compose_begin(&compose, writer, SLICE("FIX.4.4"), SLICE("0"));
    fix_compose_text(&compose, 49, SLICE("A"));
    fix_compose_u64(&compose, 34, 18446744073709551615u);
    fix_compose_time(&compose, 52, MILLIS_NS(1500));
    fix_compose_fields(&compose, SLICE("57=B\001"));
    fix_compose_text(&compose, 112, id);
    return fix_compose_end(&compose);
}

static void a_message_has_length_and_checksum(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    struct slice bytes = compose_heartbeat(&writer, SLICE("x"));
    struct slice expected = fix_text("8=FIX.4.4|35=0|49=A|34=18446744073709551615|"
                                     "52=19700101-00:00:01.500|57=B|112=x|");
    assert_true(slice_equal(bytes, expected));
    writer_fini(&writer);
}

static void a_message_of_any_length_can_be_framed(void **state)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    struct writer writer;
    char id[10000];
    (void)state;
    memset(id, 'x', sizeof id);
    writer_init(&writer, 0);
    for (size_t size = 1; size < sizeof id; size += size < 1200 ? 1 : 977) {
        writer_reset(&writer);
        struct slice bytes = compose_heartbeat(&writer, (struct slice){ id, size });
        assert_int_equal(fix_frame_find(bytes, SIZE_MAX, &frame, &fault), FIX_FRAME_WHOLE);
        assert_int_equal(frame.bytes.size, bytes.size);
        assert_int_not_equal(frame.begin_string.at[frame.begin_string.size + 3], '0');
    }
    writer_fini(&writer);
}

static void a_message_stands_behind_what_was_written(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    writer_text(&writer, "before");
    struct slice bytes = compose_heartbeat(&writer, SLICE("x"));
    assert_true(slice_starts(writer_slice(&writer), SLICE("before8=FIX.4.4")));
    assert_int_equal(bytes.size + strlen("before"), writer.used);
    assert_true(slice_starts(bytes, SLICE("8=FIX.4.4\0019=")));
    writer_fini(&writer);
}

static void every_limit_that_is_too_small_is_noticed(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    size_t size = compose_heartbeat(&writer, SLICE("x")).size;
    writer_fini(&writer);
    for (size_t limit = 1; limit < size; limit++) {
        writer_init(&writer, limit);
        assert_null(compose_heartbeat(&writer, SLICE("x")).at);
        writer_fini(&writer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_has_length_and_checksum),
        cmocka_unit_test(a_message_of_any_length_can_be_framed),
        cmocka_unit_test(a_message_stands_behind_what_was_written),
        cmocka_unit_test(every_limit_that_is_too_small_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
