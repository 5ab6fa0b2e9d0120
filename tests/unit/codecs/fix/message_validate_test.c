/* Messages against the dictionary: one fault in each, and which one is found. */
#include "shipped.h"

#include <stdio.h>

#define HEADER   "49=BRKALPHA|56=PENSTOCK|34=5|52=20250314-09:30:00.000|"
#define PARTY    "448=C-1|447=D|452=3|"
#define REST     "2824=CASH|2817=10.00|2818=EUR|2825=20250314|2826=20250317|2819=0|2816=A-1|"
#define REQUEST  "2812=W-1|2811=0|60=20250314-09:29:59|"
#define DY(body) "8=FIX.4.4|35=DY|" HEADER body

static void assert_valid(void **state, const char *text)
{
    struct shipped *shipped = *state;
    if (!check_text(shipped, text))
        fail_msg("%s (%u) in %s", shipped->finding.fault->name, shipped->finding.tag, text);
    assert_null(shipped->finding.fault);
}

static void assert_refused(void **state, const char *text, struct fix_fault fault, uint32_t tag)
{
    struct shipped *shipped = *state;
    if (check_text(shipped, text))
        fail_msg("no fault in %s", text);
    assert_finding(shipped, fault, tag);
}

static void a_whole_request_is_valid(void **state)
{
    assert_valid(state, DY(REQUEST "453=1|" PARTY REST));
}

static void fields_of_the_body_come_in_any_order(void **state)
{
    assert_valid(state, DY(REST "453=1|" PARTY REQUEST));
}

static void fields_of_the_header_come_in_any_order(void **state)
{
    assert_valid(state, "8=FIX.4.4|35=0|52=20250314-09:30:00|34=5|56=B|97=N|49=A|");
}

static void a_mandatory_field_is_there(void **state)
{
    assert_refused(state, DY("2811=0|60=20250314-09:29:59|" REST), fix_fault_required_missing,
                   2812);
    assert_refused(state, "8=FIX.4.4|35=0|49=A|56=B|52=20250314-09:30:00|",
                   fix_fault_required_missing, 34);
}

static void a_mandatory_field_of_a_component_is_there(void **state)
{
    assert_refused(state, DY(REQUEST "2824=CASH|2825=20250314|2826=20250317|2819=0|2816=A-1|"),
                   fix_fault_required_missing, 2817);
}

static void a_mandatory_field_of_an_instance_is_there(void **state)
{
#define LIST "8=FIX.4.4|35=E|" HEADER "66=L|394=1|68=2|73=2|11=O|67=1|55=X|54=1|38=1|"
    assert_valid(state, LIST "11=P|67=2|55=X|54=1|38=1|");
    assert_refused(state, LIST "11=P|55=X|54=1|38=1|", fix_fault_required_missing, 67);
}

static void a_tag_of_another_message_is_refused(void **state)
{
    assert_refused(state, DY(REQUEST REST "11=O-1|"), fix_fault_tag_not_in_message, 11);
}

static void a_tag_of_a_group_has_no_place_outside_it(void **state)
{
    assert_refused(state, DY(REQUEST REST "448=C-1|"), fix_fault_tag_not_in_message, 448);
}

static void an_unknown_tag_is_refused_also_a_users_own(void **state)
{
    assert_refused(state, DY(REQUEST REST "4999=x|"), fix_fault_tag_unknown, 4999);
    assert_refused(state, DY(REQUEST REST "5001=x|"), fix_fault_tag_unknown, 5001);
    assert_refused(state, DY(REQUEST REST "123456789=x|"), fix_fault_tag_unknown, 123456789);
}

static void a_tag_has_a_value(void **state)
{
    assert_refused(state, DY(REQUEST REST "2821=|"), fix_fault_value_missing, 2821);
}

static void a_value_is_in_its_list(void **state)
{
    assert_refused(state, DY("2812=W-1|2811=7|60=20250314-09:29:59|" REST),
                   fix_fault_value_out_of_range, 2811);
    assert_refused(state, DY(REQUEST "453=1|448=C|447=D|452=999|" REST),
                   fix_fault_value_out_of_range, 452);
    assert_valid(state, DY(REQUEST "453=1|448=C|447=N|452=109|" REST));
}

static void a_value_has_the_form_of_its_type(void **state)
{
    static const struct {
        const char *field;
        uint32_t tag;
    } malformed[] = {
        { "2817=1,000.00|", 2817 }, { "2817=1e3|", 2817 },      { "2817=+5|", 2817 },
        { "2818=eur|", 2818 },      { "715=2025-03-14|", 715 }, { "715=20250229|", 715 },
        { "2800=1.0|", 2800 },      { "354=x|", 354 },
    };
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "8=FIX.4.4|35=EA|" HEADER "%s", malformed[i].field);
        assert_refused(state, text, fix_fault_value_format, malformed[i].tag);
    }
}

static void a_tag_appears_once(void **state)
{
    assert_refused(state, DY(REQUEST REST "2812=W-2|"), fix_fault_tag_repeated, 2812);
    assert_refused(state, "8=FIX.4.4|35=0|" HEADER "34=6|", fix_fault_tag_repeated, 34);
    assert_refused(state, DY(REQUEST "453=1|448=C-1|447=D|447=D|452=3|" REST),
                   fix_fault_tag_repeated, 447);
}

static void header_and_trailer_keep_their_places(void **state)
{
    assert_refused(state, DY(REQUEST "50=DESK|" REST), fix_fault_tag_out_of_order, 50);
    assert_refused(state, DY(REQUEST "89=x|" REST), fix_fault_tag_out_of_order, 89);
    assert_refused(state, DY(REQUEST "10=000|" REST), fix_fault_tag_out_of_order, 10);
}

static void a_count_says_how_many_instances_follow(void **state)
{
    assert_valid(state, DY(REQUEST "453=2|" PARTY "448=B|447=B|452=28|" REST));
    assert_refused(state, DY(REQUEST "453=3|" PARTY "448=B|447=B|452=28|" REST),
                   fix_fault_group_count_wrong, 453);
    assert_refused(state, DY(REQUEST "453=1|" PARTY "448=B|447=B|452=28|" REST),
                   fix_fault_group_count_wrong, 453);
    assert_refused(state, DY(REQUEST "453=1|" REST), fix_fault_group_count_wrong, 453);
    assert_refused(state, DY(REQUEST "453=two|" PARTY REST), fix_fault_value_format, 453);
    assert_refused(state, DY(REQUEST "453=-1|" PARTY REST), fix_fault_value_format, 453);
    assert_refused(state, DY(REQUEST "453=99999999999|" PARTY REST), fix_fault_value_format, 453);
}

static void a_wrong_count_is_found_before_a_wrong_value_in_its_group(void **state)
{
    assert_refused(state, DY(REQUEST "453=3|" PARTY "448=B|447=!|452=28|" REST),
                   fix_fault_group_count_wrong, 453);
    assert_refused(state, DY(REQUEST "453=3|448=|447=B|452=28|" PARTY REST),
                   fix_fault_group_count_wrong, 453);
    assert_refused(state, DY(REQUEST "453=2|" PARTY "448=B|447=!|452=28|" REST),
                   fix_fault_value_out_of_range, 447);
}

static void a_count_of_zero_is_no_group(void **state)
{
    assert_valid(state, DY(REQUEST "453=0|" REST));
    assert_refused(state, DY(REQUEST "453=0|" PARTY REST), fix_fault_group_count_wrong, 453);
}

static void an_instance_starts_with_its_first_field(void **state)
{
    assert_refused(state, DY(REQUEST "453=1|447=D|448=C-1|452=3|" REST),
                   fix_fault_group_out_of_order, 447);
}

static void an_instance_keeps_the_order_of_the_dictionary(void **state)
{
    assert_refused(state, DY(REQUEST "453=1|448=C-1|452=3|447=D|" REST),
                   fix_fault_group_out_of_order, 447);
}

static void groups_hold_groups(void **state)
{
    assert_valid(state, DY(REQUEST REST "1158=1|1164=3|781=2|782=A|783=D|784=32|801=2|785=B|"
                                        "786=15|785=C|786=23|782=D|783=B|784=109|"));
    assert_refused(state,
                   DY(REQUEST REST "1158=1|1164=3|781=1|782=A|783=D|784=32|801=3|785=B|"
                                   "786=15|785=C|786=23|"),
                   fix_fault_group_count_wrong, 801);
    assert_refused(state, DY(REQUEST REST "1158=2|1164=3|781=1|782=A|801=1|785=B|786=15|"),
                   fix_fault_group_count_wrong, 1158);
    assert_valid(state, DY(REQUEST REST "1158=2|1164=3|781=1|782=A|1164=1|781=0|"));
}

/* No standard message has such fields; a user's own may: here Text and A are in
   the message and in its group. */
static void a_field_behind_a_group_may_be_one_that_the_group_knows(void **state)
{
    static const char xml[] =
        "<fix major='4' minor='4'><fields><field name='BeginString' number='8' type='STRING'/>"
        "<field name='BodyLength' number='9' type='LENGTH'/>"
        "<field name='CheckSum' number='10' type='STRING'/>"
        "<field name='MsgType' number='35' type='STRING'/>"
        "<field name='Count' number='100' type='INT'/><field name='A' number='101' type='INT'/>"
        "<field name='B' number='102' type='INT'/><field name='Text' number='58' type='STRING'/>"
        "</fields><header><field name='BeginString' required='Y'/>"
        "<field name='BodyLength' required='Y'/><field name='MsgType' required='Y'/></header>"
        "<trailer><field name='CheckSum' required='Y'/></trailer>"
        "<messages><message name='M' msgtype='M'><group name='Count' required='N'>"
        "<field name='A' required='N'/><field name='Text' required='N'/>"
        "<field name='B' required='N'/></group><field name='Text' required='N'/>"
        "<field name='A' required='N'/></message></messages></fix>";
    struct shipped own = { .dictionary = NULL };
    struct fix_dictionary_file file = { SLICE(xml), "own.xml" };
    struct writer text;
    void *own_state = &own;
    (void)state;
    writer_init(&text, 0);
    own.dictionary = load(&file, 1, &text);
    assert_slice_equal(writer_slice(&text), "");
    assert_valid(&own_state, "8=FIX.4.4|35=M|100=1|101=1|58=in it|102=1|58=behind it|");
    assert_valid(&own_state, "8=FIX.4.4|35=M|100=1|101=1|58=in it|58=behind it|");
    assert_valid(&own_state, "8=FIX.4.4|35=M|100=1|101=1|102=1|58=behind it|");
    assert_valid(&own_state, "8=FIX.4.4|35=M|100=1|101=1|101=2|");
    assert_valid(&own_state, "8=FIX.4.4|35=M|100=0|101=1|");
    assert_valid(&own_state, "8=FIX.4.4|35=M|100=0|58=x|");
    assert_refused(&own_state, "8=FIX.4.4|35=M|58=x|100=1|101=1|102=1|58=y|",
                   fix_fault_group_out_of_order, 58);
    assert_refused(&own_state, "8=FIX.4.4|35=M|101=9|100=1|101=1|101=2|",
                   fix_fault_group_count_wrong, 100);
    fix_dictionary_free(own.dictionary);
    writer_fini(&text);
}

static void data_follows_its_length(void **state)
{
    assert_valid(state, DY(REQUEST REST "354=3|355=a|b|"));
    assert_refused(state, DY(REQUEST REST "355=abc|"), fix_fault_required_missing, 354);
    assert_refused(state, DY(REQUEST REST "354=3|58=x|355=abc|"), fix_fault_required_missing, 354);
}

static void several_values_in_one_field_are_each_in_the_list(void **state)
{
#define ORDER "8=FIX.4.4|35=D|" HEADER "11=O|55=X|54=1|60=20250314-09:00:00|38=1|40=1|"
    assert_valid(state, ORDER "18=1 G|");
    assert_refused(state, ORDER "18=1 ?|", fix_fault_value_out_of_range, 18);
    assert_refused(state, ORDER "18=1  G|", fix_fault_value_format, 18);
}

static void an_open_list_takes_other_values(void **state)
{
    assert_valid(state, "8=FIX.4.4|35=3|" HEADER "45=1|372=ZZ9|");
    assert_valid(state, ORDER "65=XX|");
}

static void a_leap_second_is_legal(void **state)
{
    assert_valid(state, "8=FIX.4.4|35=0|49=A|56=B|34=2|52=20161231-23:59:60|");
    assert_refused(state, "8=FIX.4.4|35=0|49=A|56=B|34=2|52=20161231-24:00:00|",
                   fix_fault_value_format, 52);
}

static void messages_without_a_body_are_valid(void **state)
{
    assert_valid(state, "8=FIX.4.4|35=n|" HEADER "212=3|213=<a>|");
    assert_valid(state, "8=FIX.4.4|35=0|" HEADER);
}

/* Leaving out any one field, or putting any field in again, is found or harmless:
   the check ends, and what is left is still in the message. */
static void any_field_may_be_missing_or_doubled(void **state)
{
    static const char whole[] = DY(REQUEST "453=1|" PARTY REST "1158=1|1164=3|781=1|782=A|801=1|"
                                           "785=B|786=15|354=3|355=abc|");
    struct shipped *shipped = *state;
    const char *start = strstr(whole, "35=");
    for (const char *field = strchr(start, '|') + 1; *field != '\0';
         field = strchr(field, '|') + 1) {
        char text[1024];
        int before = (int)(field - whole), size = (int)(strchr(field, '|') + 1 - field);
        snprintf(text, sizeof text, "%.*s%s", before, whole, field + size);
        if (!check_text(shipped, text))
            assert_non_null(shipped->finding.fault);
        snprintf(text, sizeof text, "%.*s%.*s%s", before, whole, size, field, field);
        assert_false(check_text(shipped, text));
    }
}

/* Counted from BeginString, which is 0; the body begins with field 7. */
static void a_finding_shows_the_field_and_not_another_with_its_tag(void **state)
{
    static const struct {
        const char *text;
        size_t at;
    } faults[] = {
        { DY(REQUEST REST "2812=W-2|"), 17 },
        { DY(REQUEST "453=2|" PARTY "448=C-2|447=?|452=7|" REST), 15 },
        { DY(REQUEST "453=3|" PARTY REST), 10 },
        { LIST "11=P|55=X|54=1|38=1|", 20 },
        { DY("2811=0|60=20250314-09:29:59|" REST), 0 },
    };
    struct shipped *shipped = *state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        assert_false(check_text(shipped, faults[i].text));
        assert_int_equal(shipped->finding.at, faults[i].at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_request_is_valid),
        cmocka_unit_test(fields_of_the_body_come_in_any_order),
        cmocka_unit_test(fields_of_the_header_come_in_any_order),
        cmocka_unit_test(a_mandatory_field_is_there),
        cmocka_unit_test(a_mandatory_field_of_a_component_is_there),
        cmocka_unit_test(a_mandatory_field_of_an_instance_is_there),
        cmocka_unit_test(a_tag_of_another_message_is_refused),
        cmocka_unit_test(a_tag_of_a_group_has_no_place_outside_it),
        cmocka_unit_test(an_unknown_tag_is_refused_also_a_users_own),
        cmocka_unit_test(a_tag_has_a_value),
        cmocka_unit_test(a_value_is_in_its_list),
        cmocka_unit_test(a_value_has_the_form_of_its_type),
        cmocka_unit_test(a_tag_appears_once),
        cmocka_unit_test(header_and_trailer_keep_their_places),
        cmocka_unit_test(a_count_says_how_many_instances_follow),
        cmocka_unit_test(a_wrong_count_is_found_before_a_wrong_value_in_its_group),
        cmocka_unit_test(a_count_of_zero_is_no_group),
        cmocka_unit_test(an_instance_starts_with_its_first_field),
        cmocka_unit_test(an_instance_keeps_the_order_of_the_dictionary),
        cmocka_unit_test(groups_hold_groups),
        cmocka_unit_test(a_field_behind_a_group_may_be_one_that_the_group_knows),
        cmocka_unit_test(data_follows_its_length),
        cmocka_unit_test(several_values_in_one_field_are_each_in_the_list),
        cmocka_unit_test(an_open_list_takes_other_values),
        cmocka_unit_test(a_leap_second_is_legal),
        cmocka_unit_test(messages_without_a_body_are_valid),
        cmocka_unit_test(any_field_may_be_missing_or_doubled),
        cmocka_unit_test(a_finding_shows_the_field_and_not_another_with_its_tag),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
