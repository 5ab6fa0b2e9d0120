/* Frames into fields. */
#include "shipped.h"

#include <stdio.h>

static const char withdrawal[] =
    "8=FIX.4.4|35=DY|49=BRKALPHA|56=PENSTOCK|34=5|52=20250314-09:30:00.000|2812=W-1|2811=0|"
    "60=20250314-09:29:59|453=1|448=C-1|447=D|452=3|2824=CASH|2817=10.00|2825=20250314|"
    "2826=20250317|2819=0|2816=A-1|";

static void fields_are_split_in_place(void **state)
{
    struct shipped *shipped = *state;
    const struct fix_message *message = &shipped->message;
    assert_true(parse_text(shipped, withdrawal));
    assert_int_equal(message->count, 21);
    assert_slice_equal(message->begin_string, "FIX.4.4");
    assert_slice_equal(message->msg_type, "DY");
    assert_slice_equal(message->type->name, "PayManagementRequest");
    assert_int_equal(message->fields[0].tag, 8);
    assert_int_equal(message->fields[20].tag, 10);
    assert_int_equal(message->fields[7].tag, 2812);
    assert_slice_equal(message->fields[7].value, "W-1");
    assert_true(message->fields[7].value.at > message->bytes.at);
    assert_true(message->fields[7].value.at < message->bytes.at + message->bytes.size);
}

static void header_body_and_trailer_are_told_apart(void **state)
{
    struct shipped *shipped = *state;
    assert_true(parse_text(shipped, withdrawal));
    assert_int_equal(shipped->message.body_first, 7);
    assert_int_equal(shipped->message.body_end, 20);
    assert_true(parse_text(shipped, "8=FIX.4.4|35=0|34=1|"));
    assert_int_equal(shipped->message.body_first, shipped->message.body_end);
    assert_true(parse_text(shipped, "8=FIX.4.4|35=0|34=1|112=x|93=1|89=s|"));
    assert_int_equal(shipped->message.body_first, 4);
    assert_int_equal(shipped->message.body_end, 5);
}

static void an_unknown_type_is_parsed_without_one(void **state)
{
    struct shipped *shipped = *state;
    assert_true(parse_text(shipped, "8=FIX.4.4|35=ZZ9|34=1|58=x|"));
    assert_null(shipped->message.type);
    assert_slice_equal(shipped->message.msg_type, "ZZ9");
}

static void data_may_hold_delimiters(void **state)
{
    struct shipped *shipped = *state;
    assert_true(parse_text(shipped, "8=FIX.4.4|35=A|34=1|98=0|95=9|96=a|10=000||108=30|"));
    assert_slice_equal(fix_text_show(fix_message_get(&shipped->message, 96)), "a|10=000|");
    assert_slice_equal(fix_message_get(&shipped->message, 108), "30");
}

static void data_without_its_length_in_front_is_text(void **state)
{
    struct shipped *shipped = *state;
    assert_true(parse_text(shipped, "8=FIX.4.4|35=A|34=1|95=3|98=0|96=a|108=30|"));
    assert_slice_equal(fix_message_get(&shipped->message, 96), "a");
    assert_true(parse_text(shipped, "8=FIX.4.4|35=A|34=1|96=a|108=30|"));
    assert_slice_equal(fix_message_get(&shipped->message, 96), "a");
}

static void a_wrong_data_length_is_found_and_the_rest_still_read(void **state)
{
    static const char *const lengths[] = { "0",  "2",     "4", "12", "13",
                                           "14", "99999", "x", "-1", "99999999999999999999" };
    struct shipped *shipped = *state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "8=FIX.4.4|35=A|95=%s|96=abc|34=7|", lengths[i]);
        assert_false(parse_text(shipped, text));
        assert_finding(shipped, fix_fault_value_format, 95);
        assert_int_equal(shipped->finding.at, 3);
        assert_slice_equal(fix_message_get(&shipped->message, 34), "7");
    }
    assert_true(parse_text(shipped, "8=FIX.4.4|35=A|95=3|96=abc|34=7|"));
}

static void data_never_swallows_the_checksum(void **state)
{
    struct shipped *shipped = *state;
    assert_false(parse_text(shipped, "8=FIX.4.4|35=A|34=7|95=10|96=abc|"));
    assert_finding(shipped, fix_fault_value_format, 95);
    assert_int_equal(shipped->fields[shipped->message.count - 1].tag, 10);
}

static void tag_zero_is_invalid_and_the_rest_still_read(void **state)
{
    struct shipped *shipped = *state;
    assert_false(parse_text(shipped, "8=FIX.4.4|35=0|0=x|34=7|"));
    assert_finding(shipped, fix_fault_tag_invalid, 0);
    assert_int_equal(shipped->finding.at, 3);
    assert_slice_equal(fix_message_get(&shipped->message, 34), "7");
}

static void a_negative_tag_is_invalid_and_the_rest_still_read(void **state)
{
    struct shipped *shipped = *state;
    assert_false(parse_text(shipped, "8=FIX.4.4|35=0|-58=x|34=7|"));
    assert_finding(shipped, fix_fault_tag_negative, 0);
    assert_int_equal(shipped->finding.fault->reason, 0);
    assert_slice_equal(fix_message_get(&shipped->message, 34), "7");
    assert_null(fix_message_get(&shipped->message, 58).at);
}

static void what_is_not_a_field_is_garbled(void **state)
{
    static const char *const garbled[] = { "58x=a|", "58|",     "=a|",   "|",     "058=a|",
                                           "-=a|",   "58 =a|",  "x=a|",  "+5=a|", "1234567890=a|",
                                           "00=a|",  "-058=a|", "--5=a|" };
    struct shipped *shipped = *state;
    for (size_t i = 0; i < sizeof garbled / sizeof garbled[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "8=FIX.4.4|35=0|%s34=7|", garbled[i]);
        assert_false(parse_text(shipped, text));
        assert_finding(shipped, fix_fault_field_garbled, 0);
        assert_int_equal(shipped->finding.fault->answer, FIX_ANSWER_IGNORE);
        assert_int_equal(shipped->finding.at, 3);
    }
}

static void a_value_may_hold_anything_else(void **state)
{
    struct shipped *shipped = *state;
    assert_true(parse_text(shipped, "8=FIX.4.4|35=0|34=7|58==\\|=\xff\x02 |112=|"));
    assert_slice_equal(fix_message_get(&shipped->message, 58), "=|=\xff\x02 ");
}

static void more_fields_than_there_is_room_for_are_refused(void **state)
{
    struct shipped *shipped = *state;
    const struct fix_fault *fault;
    struct fix_frame frame;
    struct slice bytes = fix_text("8=FIX.4.4|35=0|34=7|");
    assert_int_equal(fix_frame_find(bytes, SIZE_MAX, &frame, &fault), FIX_FRAME_WHOLE);
    for (size_t room = 0; room <= 5; room++) {
        struct fix_message message = { .fields = shipped->fields, .room = room };
        bool parsed = fix_message_parse(&message, &frame, shipped->dictionary, &shipped->finding);
        assert_int_equal(parsed, room == 5);
        if (!parsed)
            assert_finding(shipped, fix_fault_frame_too_long, 0);
    }
}

/* Fields of random tags and lengths, put together and taken apart again. */
static void what_was_put_together_is_taken_apart(void **state)
{
    struct shipped *shipped = *state;
    struct kit_random random = { 1 };
    for (int round = 0; round < 200; round++) {
        struct writer text;
        uint32_t tags[32];
        uint64_t sizes[32];
        writer_init(&text, 0);
        writer_text(&text, "8=FIX.4.4|35=B|");
        for (size_t i = 0; i < 32; i++) {
            tags[i] = 3000 + (uint32_t)kit_random_below(&random, 100000);
            sizes[i] = kit_random_below(&random, 40);
            writer_format(&text, "%u=", tags[i]);
            for (uint64_t j = 0; j < sizes[i]; j++)
                writer_char(&text, (char)('!' + kit_random_below(&random, 90)));
            if (text.at[text.used - 1] == '\\')
                text.at[text.used - 1] = 'x';
            writer_char(&text, '|');
        }
        assert_true(parse_bytes(shipped, guarded(fix_text(writer_slice(&text).at))));
        assert_int_equal(shipped->message.count, 3 + 32 + 1);
        for (size_t i = 0; i < 32; i++) {
            assert_int_equal(shipped->fields[3 + i].tag, tags[i]);
            assert_int_equal(shipped->fields[3 + i].value.size, sizes[i]);
        }
        writer_fini(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_split_in_place),
        cmocka_unit_test(header_body_and_trailer_are_told_apart),
        cmocka_unit_test(an_unknown_type_is_parsed_without_one),
        cmocka_unit_test(data_may_hold_delimiters),
        cmocka_unit_test(data_without_its_length_in_front_is_text),
        cmocka_unit_test(a_wrong_data_length_is_found_and_the_rest_still_read),
        cmocka_unit_test(data_never_swallows_the_checksum),
        cmocka_unit_test(tag_zero_is_invalid_and_the_rest_still_read),
        cmocka_unit_test(a_negative_tag_is_invalid_and_the_rest_still_read),
        cmocka_unit_test(what_is_not_a_field_is_garbled),
        cmocka_unit_test(a_value_may_hold_anything_else),
        cmocka_unit_test(more_fields_than_there_is_room_for_are_refused),
        cmocka_unit_test(what_was_put_together_is_taken_apart),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
