/* Messages written front to back. */
#include "codecs/fix/compose.h"
#include "codecs/fix/frame.h"
#include "kit/fix_text.h"
#include "kit/kit.h"

#include <stdio.h>

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

static void assert_framed(struct slice bytes)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    assert_int_equal(fix_frame_find(bytes, SIZE_MAX, &frame, &fault), FIX_FRAME_WHOLE);
    assert_int_equal(frame.bytes.size, bytes.size);
    assert_int_not_equal(frame.begin_string.at[frame.begin_string.size + 3], '0');
}

static void a_message_of_any_length_can_be_framed(void **state)
{
    struct writer writer;
    char id[10000];
    (void)state;
    memset(id, 'x', sizeof id);
    writer_init(&writer, 0);
    for (size_t size = 1; size < sizeof id; size += size < 1200 ? 1 : 977) {
        writer_reset(&writer);
        assert_framed(compose_heartbeat(&writer, (struct slice){ id, size }));
    }
    writer_fini(&writer);
}

/* A message whose body has so many bytes, which is at least "35=0|58=x|". */
static struct slice compose_body_of(struct writer *writer, size_t size)
{
    static char text[1000000];
    size_t text_size = size - (sizeof "35=0|58=|" - 1);
    struct fix_compose compose;
    memset(text, 'x', text_size);
    fix_compose_begin(&compose, writer, SLICE("FIXT.1.1"), SLICE("0"));
    fix_compose_text(&compose, 58, (struct slice){ text, text_size });
    return fix_compose_end(&compose);
}

static void a_body_length_of_any_width_has_as_many_digits_as_it_needs(void **state)
{
    static const size_t sizes[] = { 10, 99, 100, 999, 1000, 9999, 10000, 99999, 100000, 999999 };
    struct writer writer;
    char head[32];
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        snprintf(head, sizeof head, "8=FIXT.1.1\0019=%zu\00135=0\001", sizes[i]);
        writer_init(&writer, 0);
        struct slice bytes = compose_body_of(&writer, sizes[i]);
        assert_true(slice_starts(bytes, slice_of(head)));
        assert_framed(bytes);
        writer_fini(&writer);
    }
}

static void a_message_that_brings_its_own_type_is_not_given_one(void **state)
{
    struct fix_compose compose;
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    fix_compose_begin(&compose, &writer, SLICE("FIX.4.4"), SLICE_NONE);
    fix_compose_fields(&compose, SLICE("35=0\001112=x\001"));
    struct slice bytes = fix_compose_end(&compose);
    assert_true(slice_equal(bytes, fix_text("8=FIX.4.4|35=0|112=x|")));
    writer_fini(&writer);
}

static void a_message_stands_behind_what_was_written(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    writer_text(&writer, "before");
    struct slice bytes = compose_heartbeat(&writer, SLICE("x"));
    assert_true(slice_starts(writer_slice(&writer), SLICE("before")));
    assert_true(slice_starts(bytes, SLICE("8=FIX.4.4\0019=")));
    assert_ptr_equal(bytes.at + bytes.size, writer.at + writer.used);
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
        cmocka_unit_test(a_body_length_of_any_width_has_as_many_digits_as_it_needs),
        cmocka_unit_test(a_message_that_brings_its_own_type_is_not_given_one),
        cmocka_unit_test(a_message_stands_behind_what_was_written),
        cmocka_unit_test(every_limit_that_is_too_small_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
