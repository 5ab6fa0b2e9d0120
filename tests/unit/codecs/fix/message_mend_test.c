/* Messages that break rules which are not checked: what is left of them is valid,
   and reads as if they had kept the rules. */
#include "codecs/fix/message_mend.h"
#include "shipped.h"

#define HEADER   "49=BRKALPHA|56=PENSTOCK|34=5|52=20250314-09:30:00.000|"
#define PARTY    "448=C-1|447=D|452=3|"
#define REST     "2824=CASH|2817=10.00|2818=EUR|2825=20250314|2826=20250317|2819=0|2816=A-1|"
#define REQUEST  "2812=W-1|2811=0|60=20250314-09:29:59|"
#define DY(body) "8=FIX.4.4|35=DY|" HEADER body
#define WHOLE    DY(REQUEST "453=1|" PARTY REST)

static const struct fix_validation whole = FIX_VALIDATION_WHOLE, none;

/* All is checked but this; good until the next use. */
static struct fix_validation loosened;
#define CHECKED_BUT(member) (loosened = whole, loosened.member = false, &loosened)

/* The message as the dictionary sees it. */
static bool check(struct shipped *shipped, const char *text,
                  const struct fix_validation *validation)
{
    bool good = parse_text(shipped, text);
    fix_message_mend(&shipped->message, validation);
    return good && fix_message_validate(&shipped->message, shipped->dictionary, &shipped->finding);
}

static void write_fields(const struct fix_message *message, struct writer *writer)
{
    for (size_t i = 2; i + 1 < message->count; i++)
        writer_format(writer, "%u=%.*s|", message->fields[i].tag,
                      SLICE_ARG(message->fields[i].value));
}

/* Mended, text has the fields of expected in that order, and the same parts. */
static void assert_reads_as(void **state, const char *text, const char *expected,
                            const struct fix_validation *validation)
{
    struct shipped *shipped = *state;
    struct writer mended, meant;
    writer_init(&mended, 0);
    writer_init(&meant, 0);
    if (!check(shipped, text, validation))
        fail_msg("%s (%u) in %s", shipped->finding.fault->name, shipped->finding.tag, text);
    size_t body_first = shipped->message.body_first, body_end = shipped->message.body_end;
    write_fields(&shipped->message, &mended);
    assert_true(check_text(shipped, expected));
    write_fields(&shipped->message, &meant);
    writer_char(&meant, '\0');
    assert_slice_equal(writer_slice(&mended), meant.at);
    assert_int_equal(body_first, shipped->message.body_first);
    assert_int_equal(body_end, shipped->message.body_end);
    writer_fini(&mended);
    writer_fini(&meant);
}

static void assert_refused(void **state, const char *text, const struct fix_validation *validation,
                           struct fix_fault fault, uint32_t tag)
{
    struct shipped *shipped = *state;
    if (check(shipped, text, validation))
        fail_msg("no fault in %s", text);
    assert_finding(shipped, fault, tag);
}

static void what_keeps_the_rules_stays_as_it_is(void **state)
{
    assert_reads_as(state, WHOLE, WHOLE, &whole);
    assert_reads_as(state, WHOLE, WHOLE, &none);
    assert_false(fix_validation_mends(&whole));
    assert_true(fix_validation_mends(&none));
    assert_false(fix_validation_mends(CHECKED_BUT(latency)));
}

static void users_own_fields_are_left_out_wherever_they_are(void **state)
{
    const struct fix_validation *loose = CHECKED_BUT(user_defined_fields);
    assert_reads_as(state, DY("5001=a|" REQUEST "453=1|" PARTY REST "9999=b|"), WHOLE, loose);
    assert_reads_as(state, "8=FIX.4.4|35=DY|7000=h|" HEADER REQUEST "453=1|" PARTY REST, WHOLE,
                    loose);
    assert_refused(state, DY(REQUEST "4999=x|" REST), loose, fix_fault_tag_unknown, 4999);
    assert_refused(state, WHOLE "5000=x|", &whole, fix_fault_tag_unknown, 5000);
}

static void unknown_fields_are_left_out_and_those_of_other_messages(void **state)
{
    const struct fix_validation *loose = CHECKED_BUT(unknown_fields);
    assert_reads_as(state, DY("4999=a|" REQUEST "11=O-1|453=1|" PARTY REST), WHOLE, loose);
    assert_refused(state, WHOLE "5000=x|", loose, fix_fault_tag_unknown, 5000);
    assert_refused(state, WHOLE "11=x|", &whole, fix_fault_tag_not_in_message, 11);
}

/* Were the group to end there, C-1 would have lost its role, or C-2 its group. */
static void an_unknown_field_does_not_end_a_group(void **state)
{
    const struct fix_validation *loose = CHECKED_BUT(unknown_fields);
    assert_reads_as(state, DY(REQUEST "453=2|448=C-1|447=D|4999=x|452=3|448=C-2|447=D|452=7|" REST),
                    DY(REQUEST "453=2|" PARTY "448=C-2|447=D|452=7|" REST), loose);
}

static void a_field_of_a_group_is_not_unknown_outside_of_it(void **state)
{
    assert_refused(state, DY(REQUEST "452=3|" REST), CHECKED_BUT(unknown_fields),
                   fix_fault_tag_not_in_message, 452);
    assert_refused(state, DY(REQUEST "453=1|448=C-1|447=D|11=x|452=3|452=7|" REST), &none,
                   fix_fault_tag_repeated, 452);
}

static void an_empty_field_is_as_if_it_were_not_there(void **state)
{
    const struct fix_validation *loose = CHECKED_BUT(values_present);
    assert_reads_as(state, DY("2820=|" REQUEST "453=1|448=C-1|447=D|452=3|2376=|" REST), WHOLE,
                    loose);
    assert_refused(state, DY("2812=|2811=0|60=20250314-09:29:59|" REST), loose,
                   fix_fault_required_missing, 2812);
    assert_refused(state, DY(REQUEST "453=1|448=|447=D|452=3|" REST), loose,
                   fix_fault_group_out_of_order, 447);
    assert_refused(state, DY(REQUEST "453=|" PARTY REST), loose, fix_fault_tag_not_in_message, 448);
    assert_refused(state, DY("58=|" REQUEST REST), &whole, fix_fault_value_missing, 58);
}

static void fields_of_the_header_go_to_the_header(void **state)
{
    const struct fix_validation *loose = CHECKED_BUT(field_order);
    assert_reads_as(state,
                    "8=FIX.4.4|35=DY|" REQUEST "49=BRKALPHA|453=1|" PARTY "56=PENSTOCK|" REST
                    "34=5|52=20250314-09:30:00.000|",
                    WHOLE, loose);
    assert_reads_as(state, DY("93=3|89=a|b|" REQUEST "453=1|" PARTY REST), WHOLE "93=3|89=a|b|",
                    loose);
    assert_refused(state, DY(REQUEST "50=DESK|" REST), &whole, fix_fault_tag_out_of_order, 50);
}

static void nothing_comes_twice(void **state)
{
    assert_refused(state, WHOLE "2817=99.00|", &none, fix_fault_tag_repeated, 2817);
    assert_refused(state, WHOLE "34=6|", &none, fix_fault_tag_repeated, 34);
    assert_refused(state, WHOLE "8=FIX.4.4|", &none, fix_fault_tag_repeated, 8);
}

static void members_of_a_group_go_where_the_dictionary_has_them(void **state)
{
    const struct fix_validation *loose = CHECKED_BUT(group_order);
    assert_reads_as(state, DY(REQUEST "453=2|448=C-1|452=3|447=D|448=C-2|452=7|447=D|" REST),
                    DY(REQUEST "453=2|" PARTY "448=C-2|447=D|452=7|" REST), loose);
    assert_refused(state, DY(REQUEST "453=1|448=C-1|452=3|447=D|" REST), &whole,
                   fix_fault_group_out_of_order, 447);
    assert_refused(state, DY(REQUEST "453=1|447=D|448=C-1|452=3|" REST), loose,
                   fix_fault_group_out_of_order, 447);
    assert_refused(state, DY(REQUEST "453=1|448=C-1|452=3|447=D|452=7|" REST), loose,
                   fix_fault_tag_repeated, 452);
}

static void a_group_in_a_group_moves_with_its_count(void **state)
{
    assert_reads_as(
        state, DY(REQUEST "453=2|448=C-1|802=2|523=a|803=5|523=b|803=6|452=3|447=D|" PARTY REST),
        DY(REQUEST "453=2|448=C-1|447=D|452=3|802=2|523=a|803=5|523=b|803=6|" PARTY REST),
        CHECKED_BUT(group_order));
}

/* Text is known in the group, in front of B, and around it: behind B it is that
   around it, as for who checks the order. */
static void a_field_that_fits_around_the_group_stays_there(void **state)
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
        "<field name='A' required='Y'/><field name='Text' required='N'/>"
        "<field name='B' required='N'/></group><field name='Text' required='N'/></message>"
        "</messages><components/></fix>";
    static const struct fix_dictionary_file file = { { xml, sizeof xml - 1 }, "small.xml" };
    const struct fix_validation *loose = CHECKED_BUT(group_order);
    struct shipped small;
    struct writer errors;
    void *here = &small;
    (void)state;
    writer_init(&errors, 0);
    small.dictionary = load(&file, 1, &errors);
    assert_slice_equal(writer_slice(&errors), "");
    assert_reads_as(&here, "8=FIX.4.4|35=M|100=1|101=1|102=2|58=x|",
                    "8=FIX.4.4|35=M|100=1|101=1|102=2|58=x|", loose);
    assert_reads_as(&here, "8=FIX.4.4|35=M|100=1|101=1|58=x|102=2|58=y|",
                    "8=FIX.4.4|35=M|100=1|101=1|58=x|102=2|58=y|", loose);
    fix_dictionary_free(small.dictionary);
    writer_fini(&errors);
}

/* A damaged message may have any form, and is mended within its bounds all the same. */
static void whatever_it_is_mending_ends(void **state)
{
    struct shipped *shipped = *state;
    struct slice bytes = fix_text(WHOLE "93=3|89=a|b|");
    struct fix_field fields[SHIPPED_FIELD_COUNT_MAX];
    struct fix_message message;
    assert_true(parse_bytes(shipped, bytes));
    message = shipped->message;
    memcpy(fields, message.fields, message.count * sizeof *fields);
    for (size_t i = 3; i < message.count; i++) {
        for (size_t j = 3; j < message.count; j++) {
            shipped->message = message;
            memcpy(message.fields, fields, message.count * sizeof *fields);
            message.fields[i] = fields[j];
            message.fields[j] = (struct fix_field){ fields[i].tag, fields[(i + j) % 20].value };
            fix_message_mend(&shipped->message, &none);
            assert_true(shipped->message.count <= message.count);
            assert_true(shipped->message.body_first <= shipped->message.body_end);
            assert_true(shipped->message.body_end <= shipped->message.count);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_keeps_the_rules_stays_as_it_is),
        cmocka_unit_test(users_own_fields_are_left_out_wherever_they_are),
        cmocka_unit_test(unknown_fields_are_left_out_and_those_of_other_messages),
        cmocka_unit_test(an_unknown_field_does_not_end_a_group),
        cmocka_unit_test(a_field_of_a_group_is_not_unknown_outside_of_it),
        cmocka_unit_test(an_empty_field_is_as_if_it_were_not_there),
        cmocka_unit_test(fields_of_the_header_go_to_the_header),
        cmocka_unit_test(nothing_comes_twice),
        cmocka_unit_test(members_of_a_group_go_where_the_dictionary_has_them),
        cmocka_unit_test(a_group_in_a_group_moves_with_its_count),
        cmocka_unit_test(a_field_that_fits_around_the_group_stays_there),
        cmocka_unit_test(whatever_it_is_mending_ends),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
