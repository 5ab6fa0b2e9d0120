/* Whose message it is, and by whom the answer goes. */
#include "codecs/fix/route.h"
#include "shipped.h"

#include <stdio.h>

#define HEADER "49=BROKER|56=GATE|34=5|52=20250314-09:30:00|"
#define TEXT(text)                                                                                 \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

static const struct fix_sides plain = { .sender_comp_id = TEXT("GATE"),
                                        .target_comp_id = TEXT("BROKER") };
static const struct fix_sides desks = { .sender_comp_id = TEXT("GATE"),
                                        .target_comp_id = TEXT("BROKER"),
                                        .sender = { TEXT("MONEY"), TEXT("LON") },
                                        .target = { TEXT("DESK"), TEXT("PAR") } };

static struct fix_sides mirrored(const struct fix_sides *sides)
{
    return (struct fix_sides){ sides->target_comp_id, sides->sender_comp_id, sides->target,
                               sides->sender };
}

static void a_side_says_what_it_has(void **state)
{
    struct writer writer;
    struct fix_compose compose;
    (void)state;
    writer_init(&writer, 0);
    fix_compose_begin(&compose, &writer, SLICE("FIX.4.4"), SLICE("0"));
    fix_sides_compose(&desks, &compose);
    fix_sides_compose(&plain, &compose);
    assert_non_null(strstr(fix_text_show(fix_compose_end(&compose)).at,
                           "|35=0|49=GATE|56=BROKER|50=MONEY|142=LON|57=DESK|143=PAR|49=GATE|"
                           "56=BROKER|10="));
    writer_fini(&writer);
}

static uint32_t differs(void **state, const struct fix_sides *sides, const char *header)
{
    struct shipped *shipped = *state;
    char text[200];
    snprintf(text, sizeof text, "8=FIX.4.4|35=0|%s", header);
    assert_true(parse_text(shipped, text));
    return fix_sides_differ(sides, &shipped->message);
}

static void the_first_that_differs_is_told(void **state)
{
    assert_int_equal(differs(state, &plain, HEADER), 0);
    assert_int_equal(differs(state, &plain, HEADER "50=ANY|143=ANY|"), 0);
    assert_int_equal(differs(state, &plain, "49=GATE|56=BROKER|"), 49);
    assert_int_equal(differs(state, &plain, "49=BROKER|56=OTHER|"), 56);
    assert_int_equal(differs(state, &desks, HEADER "50=DESK|57=MONEY|142=PAR|143=LON|"), 0);
    assert_int_equal(differs(state, &desks, HEADER "57=MONEY|142=PAR|143=LON|"), 50);
    assert_int_equal(differs(state, &desks, HEADER "50=DESK|57=DESK|142=PAR|143=LON|"), 57);
    assert_int_equal(differs(state, &desks, HEADER "50=DESK|57=MONEY|142=LON|143=LON|"), 142);
    assert_int_equal(differs(state, &desks, HEADER "50=DESK|57=MONEY|142=PAR|"), 143);
}

static void sides_agree_in_what_one_has(void **state)
{
    struct fix_sides their_plain = mirrored(&plain), their_desks = mirrored(&desks);
    (void)state;
    assert_int_equal(fix_sides_agree(&plain, &their_plain), 2);
    assert_int_equal(fix_sides_agree(&plain, &their_desks), 2);
    assert_int_equal(fix_sides_agree(&desks, &their_desks), FIX_SIDES_ID_COUNT);
    assert_int_equal(fix_sides_agree(&desks, &their_plain), 0);
    assert_int_equal(fix_sides_agree(&plain, &plain), 0);
}

static void sides_clash_when_one_logon_may_mean_both(void **state)
{
    struct fix_sides desk = plain, other_desk = plain, place = plain;
    (void)state;
    desk.target.sub_id = SLICE("DESK");
    other_desk.target.sub_id = SLICE("OTHER");
    place.target.location_id = SLICE("PAR");
    assert_true(fix_sides_clash(&plain, &plain));
    assert_false(fix_sides_clash(&plain, &desk));
    assert_false(fix_sides_clash(&desk, &other_desk));
    assert_true(fix_sides_clash(&desk, &place));
}

static void assert_route(void **state, const char *fields, const char *expected)
{
    struct shipped *shipped = *state;
    struct writer writer;
    char text[200];
    snprintf(text, sizeof text, "8=FIX.4.4|35=B|" HEADER "%s", fields);
    parse_text(shipped, text);
    writer_init(&writer, 0);
    fix_route_reverse(&shipped->message, &writer);
    assert_slice_equal(fix_text_show(writer_slice(&writer)), expected);
    writer_fini(&writer);
}

static void an_answer_goes_back_by_the_third_parties(void **state)
{
    assert_route(state, "", "");
    assert_route(state, "115=FUND|116=A|144=LON|128=BANK|129=B|145=PAR|",
                 "115=BANK|116=B|144=PAR|128=FUND|129=A|145=LON|");
    assert_route(state, "148=x|145=PAR|115=FUND|115=SECOND|", "144=PAR|128=FUND|");
    assert_route(state, "115=|128=BANK|50=DESK|142=LON|", "115=BANK|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_says_what_it_has),
        cmocka_unit_test(the_first_that_differs_is_told),
        cmocka_unit_test(sides_agree_in_what_one_has),
        cmocka_unit_test(sides_clash_when_one_logon_may_mean_both),
        cmocka_unit_test(an_answer_goes_back_by_the_third_parties),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
