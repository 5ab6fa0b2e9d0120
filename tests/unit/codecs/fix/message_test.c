/* Fields by tag, and where groups end. */
#include "shipped.h"

#define HEADER "49=BRKALPHA|56=PENSTOCK|34=5|52=20250314-09:30:00.000|"

static const char report[] =
    "8=FIX.4.4|35=EA|" HEADER "2799=R-1|453=2|448=C-1|447=D|452=3|802=1|523=N|803=5|448=B|447=B|"
    "452=28|58=text|1158=1|1164=3|781=1|782=P|783=D|801=2|785=X|786=15|785=Y|786=23|2817=1|";

static void a_field_is_found_in_header_and_body(void **state)
{
    struct shipped *shipped = *state;
    assert_true(parse_text(shipped, report));
    assert_slice_equal(fix_message_get(&shipped->message, 49), "BRKALPHA");
    assert_slice_equal(fix_message_get(&shipped->message, 2799), "R-1");
    assert_slice_equal(fix_message_get(&shipped->message, 58), "text");
    assert_slice_equal(fix_message_get(&shipped->message, 2817), "1");
    assert_null(fix_message_get(&shipped->message, 2812).at);
}

static void a_field_in_a_group_is_not_found(void **state)
{
    struct shipped *shipped = *state;
    assert_true(parse_text(shipped, report));
    assert_null(fix_message_get(&shipped->message, 448).at);
    assert_null(fix_message_get(&shipped->message, 785).at);
    assert_slice_equal(fix_message_get(&shipped->message, 453), "2");
}

static void a_field_of_an_unknown_message_is_found_anywhere(void **state)
{
    struct shipped *shipped = *state;
    assert_true(parse_text(shipped, "8=FIX.4.4|35=ZZ|" HEADER "453=1|448=C-1|"));
    assert_slice_equal(fix_message_get(&shipped->message, 448), "C-1");
}

static void a_number_is_read_as_one(void **state)
{
    struct shipped *shipped = *state;
    uint64_t number = 0;
    assert_true(parse_text(shipped, report));
    assert_true(fix_message_get_u64(&shipped->message, 34, &number));
    assert_int_equal(number, 5);
    assert_false(fix_message_get_u64(&shipped->message, 49, &number));
    assert_false(fix_message_get_u64(&shipped->message, 369, &number));
}

static void instances_end_where_the_next_one_starts(void **state)
{
    struct shipped *shipped = *state;
    const struct fix_message *message = &shipped->message;
    assert_true(parse_text(shipped, report));
    const struct fix_members *parties = fix_members_find(&message->type->body, 453)->group;
    size_t first = message->body_first + 2;
    assert_int_equal(fix_message_instance_end(message, parties, first, message->body_end),
                     first + 6);
    assert_int_equal(fix_message_instance_end(message, parties, first + 6, message->body_end),
                     first + 9);
    assert_int_equal(fix_message_group_end(message, parties, first, message->body_end), first + 9);
    assert_int_equal(fix_message_group_end(message, parties, first, first + 3), first + 3);
}

static void a_group_has_as_many_instances_as_its_count_says(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } groups[] = {
        { "8=FIX.4.4|35=DY|" HEADER "453=1|448=A|448=B|", 1 },
        { "8=FIX.4.4|35=DY|" HEADER "453=3|448=A|448=B|", 2 },
        { "8=FIX.4.4|35=DY|" HEADER "453=0|448=A|", 0 },
        { "8=FIX.4.4|35=DY|" HEADER "453=x|448=A|", 0 },
        { "8=FIX.4.4|35=DY|" HEADER "453=1|447=A|", 0 },
        { "8=FIX.4.4|35=DY|" HEADER "453=1|", 0 },
    };
    struct shipped *shipped = *state;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        const struct fix_message *message = &shipped->message;
        assert_true(parse_text(shipped, groups[i].text));
        const struct fix_members *parties = fix_members_find(&message->type->body, 453)->group;
        size_t first = message->body_first + 1;
        assert_int_equal(fix_message_group_end(message, parties, first, message->body_end),
                         first + groups[i].size);
    }
}

static void secrets_are_known_by_their_tags(void **state)
{
    (void)state;
    assert_true(fix_tag_secret(96));
    assert_true(fix_tag_secret(554));
    assert_true(fix_tag_secret(925));
    assert_true(fix_tag_secret(1402));
    assert_true(fix_tag_secret(1404));
    assert_false(fix_tag_secret(553));
    assert_false(fix_tag_secret(95));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_found_in_header_and_body),
        cmocka_unit_test(a_field_in_a_group_is_not_found),
        cmocka_unit_test(a_field_of_an_unknown_message_is_found_anywhere),
        cmocka_unit_test(a_number_is_read_as_one),
        cmocka_unit_test(instances_end_where_the_next_one_starts),
        cmocka_unit_test(a_group_has_as_many_instances_as_its_count_says),
        cmocka_unit_test(secrets_are_known_by_their_tags),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
