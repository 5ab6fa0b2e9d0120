/* One message from the front of a stream of bytes. */
#include "codecs/fix/frame.h"
#include "kit/fix_text.h"
#include "kit/kit.h"

#include <stdio.h>

enum {
    SIZE_LIMIT = 4096,
};

static const char heartbeat[] = "8=FIX.4.4|35=0|49=A|56=B|34=2|52=20250314-09:30:00|";

static void assert_garbled(struct slice bytes, const struct fix_fault *expected, size_t dropped)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    assert_int_equal(fix_frame_find(bytes, SIZE_LIMIT, &frame, &fault), FIX_FRAME_GARBLED);
    assert_string_equal(fault->name, expected->name);
    assert_ptr_equal(frame.bytes.at, bytes.at);
    assert_int_equal(frame.bytes.size, dropped);
}

static void a_whole_message_is_framed(void **state)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    (void)state;
    struct slice bytes = guarded(fix_text(heartbeat));
    assert_int_equal(fix_frame_find(bytes, SIZE_LIMIT, &frame, &fault), FIX_FRAME_WHOLE);
    assert_ptr_equal(frame.bytes.at, bytes.at);
    assert_int_equal(frame.bytes.size, bytes.size);
    assert_slice_equal(frame.begin_string, "FIX.4.4");
    assert_slice_equal(fix_text_show(frame.body), "35=0|49=A|56=B|34=2|52=20250314-09:30:00|");
}

static void every_prefix_is_partial(void **state)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    (void)state;
    size_t size = fix_text(heartbeat).size;
    for (size_t part = 0; part < size; part++) {
        struct slice prefix = guarded((struct slice){ fix_text(heartbeat).at, part });
        assert_int_equal(fix_frame_find(prefix, SIZE_LIMIT, &frame, &fault), FIX_FRAME_PARTIAL);
    }
}

/* Noise, a message, one with a wrong checksum and another message. */
static void a_stream_gives_the_same_messages_byte_by_byte(void **state)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    struct writer stream;
    size_t taken = 0, whole = 0, garbled_size = 0;
    (void)state;
    writer_init(&stream, 0);
    writer_text(&stream, "\r\nnoise");
    writer_bytes(&stream, fix_text(heartbeat));
    writer_bytes(&stream, fix_text_plain("8=FIX.4.4|9=5|35=0|10=000|"));
    writer_bytes(&stream, fix_text(heartbeat));
    for (size_t end = 1; end <= stream.used; end++) {
        struct slice seen = guarded((struct slice){ stream.at + taken, end - taken });
        enum fix_frame_verdict verdict = fix_frame_find(seen, SIZE_LIMIT, &frame, &fault);
        if (verdict == FIX_FRAME_PARTIAL)
            continue;
        whole += verdict == FIX_FRAME_WHOLE ? 1 : 0;
        garbled_size += verdict == FIX_FRAME_GARBLED ? frame.bytes.size : 0;
        taken += frame.bytes.size;
    }
    assert_int_equal(whole, 2);
    assert_int_equal(garbled_size, strlen("\r\nnoise") + strlen("8=FIX.4.4|9=5|35=0|10=000|"));
    assert_int_equal(taken, stream.used);
    writer_fini(&stream);
}

static void what_is_behind_a_message_is_left(void **state)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    writer_bytes(&writer, fix_text(heartbeat));
    size_t size = writer.used;
    writer_text(&writer, "8=FIX.4.4");
    assert_int_equal(fix_frame_find(writer_slice(&writer), SIZE_LIMIT, &frame, &fault),
                     FIX_FRAME_WHOLE);
    assert_int_equal(frame.bytes.size, size);
    writer_fini(&writer);
}

static void noise_is_dropped_up_to_the_next_start(void **state)
{
    (void)state;
    assert_garbled(SLICE("\r\nHELLO8=FIX.4.4"), &fix_fault_frame_noise, 7);
    assert_garbled(SLICE("x8"), &fix_fault_frame_noise, 1);
    assert_garbled(SLICE("x8=FI"), &fix_fault_frame_noise, 1);
    assert_garbled(SLICE("x8=FO"), &fix_fault_frame_noise, 5);
    assert_garbled(SLICE("88=FIX"), &fix_fault_frame_noise, 1);
    assert_garbled(SLICE("8=X"), &fix_fault_frame_noise, 3);
    assert_garbled(SLICE("noise"), &fix_fault_frame_noise, 5);
}

static void noise_of_any_byte_is_dropped_at_once(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        char noise = (char)byte;
        if (noise != '8')
            assert_garbled(guarded((struct slice){ &noise, 1 }), &fix_fault_frame_noise, 1);
    }
}

static void the_first_three_fields_have_their_order(void **state)
{
    struct slice bytes = fix_text_plain("8=FIX.4.4|35=0|9=5|");
    (void)state;
    assert_garbled(bytes, &fix_fault_frame_order, bytes.size);
    bytes = fix_text_plain("8=FIX.4.4|9=10|49=A|35=0|10=000|");
    assert_garbled(bytes, &fix_fault_frame_order, bytes.size);
    bytes = SLICE("8=FIX.4.4 and no end of it");
    assert_garbled(bytes, &fix_fault_frame_order, bytes.size);
}

static void body_length_is_a_number_that_fits(void **state)
{
    static const char *const lengths[] = { "1x0", "", "-5", "0", "4", "99999999999" };
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "8=FIX.4.4|9=%s|35=0|", lengths[i]);
        struct slice bytes = fix_text_plain(text);
        const struct fix_fault *expected =
            strlen(lengths[i]) > 10 ? &fix_fault_frame_order : &fix_fault_frame_length;
        assert_garbled(bytes, expected, bytes.size);
    }
}

static void a_message_that_was_cut_off_takes_none_with_it(void **state)
{
    (void)state;
    assert_garbled(fix_text_plain("8=FIX8=FIX.4.4|9=5|35=0|10=163|"), &fix_fault_frame_order, 5);
    assert_garbled(fix_text_plain("8=FIX.4.48=FIX.4.4|9=5|35=0|10=163|"), &fix_fault_frame_order,
                   9);
    assert_garbled(fix_text_plain("8=FIX.4.4|9=8=FIX.4.4|9=5|35=0|10=163|"), &fix_fault_frame_order,
                   12);
}

static void a_message_over_the_limit_is_refused_by_its_length(void **state)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    struct slice bytes = fix_text_plain("8=FIX.4.4|9=4100|");
    (void)state;
    assert_garbled(bytes, &fix_fault_frame_too_long, bytes.size);
    fix_frame_find(bytes, 4096, &frame, &fault);
    assert_int_equal(frame.announced, bytes.size + 4100 + 7);
    assert_garbled(fix_text_plain("8=FIX.4.4|9=4100|34=1|"), &fix_fault_frame_order, 22);
}

static void the_limit_itself_is_allowed(void **state)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    (void)state;
    struct slice bytes = fix_text(heartbeat);
    assert_int_equal(fix_frame_find(bytes, bytes.size, &frame, &fault), FIX_FRAME_WHOLE);
    assert_int_equal(fix_frame_find(bytes, bytes.size - 1, &frame, &fault), FIX_FRAME_GARBLED);
    assert_int_equal(fix_frame_find(bytes, 0, &frame, &fault), FIX_FRAME_GARBLED);
}

static void a_wrong_length_drops_up_to_the_next_message(void **state)
{
    struct slice bytes = fix_text_plain("8=FIX.4.4|9=5|35=0|34=1|10=000|8=FIX.4.4|9=5|");
    (void)state;
    assert_garbled(bytes, &fix_fault_frame_length, 31);
    bytes = fix_text_plain("8=FIX.4.4|9=13|35=0|34=1|10=000|8=FIX.4.4|");
    assert_garbled(bytes, &fix_fault_frame_length, 32);
}

static void a_message_without_checksum_is_dropped_when_the_next_one_starts(void **state)
{
    struct slice bytes = fix_text_plain("8=FIX.4.4|9=10|35=0|34=1|8=FIX.4.4|9=5|");
    (void)state;
    assert_garbled(bytes, &fix_fault_frame_length, 25);
}

static void a_wrong_checksum_drops_the_message_and_what_it_carries(void **state)
{
    struct slice bytes =
        fix_text_plain("8=FIX.4.4|9=47|35=B|95=26|96=8=FIX.4.4|9=5|35=0|10=163||34=77|10=000|8");
    (void)state;
    assert_garbled(bytes, &fix_fault_frame_checksum, bytes.size - 1);
}

static void a_checksum_has_three_digits(void **state)
{
    static const char *const checksums[] = { "10=7|", "10=1633|", "10=16x|", "10=|", "10=-63|" };
    (void)state;
    for (size_t i = 0; i < sizeof checksums / sizeof checksums[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "8=FIX.4.4|9=5|35=0|%s", checksums[i]);
        struct slice bytes = fix_text_plain(text);
        assert_garbled(bytes, &fix_fault_frame_checksum, bytes.size);
    }
    assert_int_equal(fix_text("8=FIX.4.4|35=0|").size, sizeof "8=FIX.4.4|9=5|35=0|10=163|" - 1);
}

#define assert_unchecked(text, expected)                                                           \
    do {                                                                                           \
        struct fix_frame frame;                                                                    \
        struct slice found = guarded(fix_text_plain(text));                                        \
        assert_int_equal(fix_frame_find_unchecked(found, SIZE_LIMIT, &frame), FIX_FRAME_WHOLE);    \
        assert_int_equal(frame.bytes.size, strlen(expected));                                      \
        assert_slice_equal(frame.begin_string, "FIX.4.4");                                         \
        assert_int_equal(*(frame.body.at + frame.body.size - 1), 1);                               \
    } while (0)

static void unchecked_a_message_ends_at_its_first_checksum(void **state)
{
    (void)state;
    assert_unchecked("8=FIX.4.4|9=5|35=0|34=1|10=000|8=FIX", "8=FIX.4.4|9=5|35=0|34=1|10=000|");
    assert_unchecked("8=FIX.4.4|9=99|35=0|34=1|10=x|", "8=FIX.4.4|9=99|35=0|34=1|10=x|");
    assert_unchecked("8=FIX.4.4|9=x|35=0|10=|", "8=FIX.4.4|9=x|35=0|10=|");
}

static void unchecked_a_length_that_leads_to_a_checksum_is_believed(void **state)
{
    (void)state;
    assert_unchecked("8=FIX.4.4|9=28|35=B|95=8|96=|10=163||34=77|10=000|8",
                     "8=FIX.4.4|9=28|35=B|95=8|96=|10=163||34=77|10=000|");
}

static void unchecked_a_message_does_not_reach_into_the_next(void **state)
{
    struct fix_frame frame;
    (void)state;
    assert_int_equal(fix_frame_find_unchecked(
                         fix_text_plain("8=FIX.4.4|9=50|35=0|34=1|8=FIX.4.4|9=5|35=0|10=1|"),
                         SIZE_LIMIT, &frame),
                     FIX_FRAME_GARBLED);
}

static void unchecked_every_prefix_is_partial_and_a_message_too_long_is_not_waited_for(void **state)
{
    struct slice bytes = fix_text(heartbeat);
    struct fix_frame frame;
    (void)state;
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(
            fix_frame_find_unchecked(guarded((struct slice){ bytes.at, size }), SIZE_LIMIT, &frame),
            FIX_FRAME_PARTIAL);
    assert_int_equal(fix_frame_find_unchecked(bytes, bytes.size, &frame), FIX_FRAME_WHOLE);
    assert_int_equal(fix_frame_find_unchecked(bytes, bytes.size - 1, &frame), FIX_FRAME_GARBLED);
}

static void any_changed_byte_is_noticed(void **state)
{
    struct slice text = fix_text(heartbeat);
    (void)state;
    for (size_t i = 0; i < text.size; i++) {
        const struct fix_fault *fault;
        struct fix_frame frame;
        struct slice bytes = guarded(fix_text(heartbeat));
        ((char *)bytes.at)[i] ^= 1;
        assert_int_not_equal(fix_frame_find(bytes, SIZE_LIMIT, &frame, &fault), FIX_FRAME_WHOLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_message_is_framed),
        cmocka_unit_test(every_prefix_is_partial),
        cmocka_unit_test(a_stream_gives_the_same_messages_byte_by_byte),
        cmocka_unit_test(what_is_behind_a_message_is_left),
        cmocka_unit_test(noise_is_dropped_up_to_the_next_start),
        cmocka_unit_test(noise_of_any_byte_is_dropped_at_once),
        cmocka_unit_test(the_first_three_fields_have_their_order),
        cmocka_unit_test(body_length_is_a_number_that_fits),
        cmocka_unit_test(a_message_that_was_cut_off_takes_none_with_it),
        cmocka_unit_test(a_message_over_the_limit_is_refused_by_its_length),
        cmocka_unit_test(the_limit_itself_is_allowed),
        cmocka_unit_test(a_wrong_length_drops_up_to_the_next_message),
        cmocka_unit_test(a_message_without_checksum_is_dropped_when_the_next_one_starts),
        cmocka_unit_test(a_wrong_checksum_drops_the_message_and_what_it_carries),
        cmocka_unit_test(a_checksum_has_three_digits),
        cmocka_unit_test(any_changed_byte_is_noticed),
        cmocka_unit_test(unchecked_a_message_ends_at_its_first_checksum),
        cmocka_unit_test(unchecked_a_length_that_leads_to_a_checksum_is_believed),
        cmocka_unit_test(unchecked_a_message_does_not_reach_into_the_next),
        cmocka_unit_test(
            unchecked_every_prefix_is_partial_and_a_message_too_long_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
