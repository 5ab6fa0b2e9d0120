/* One FIXT session that speaks several application versions. */
#include "codecs/fix/session.h"
#include "shipped.h"

#include <stdio.h>

static const char transport_xml[] =
    "<fix type='FIXT' major='1' minor='1'><header>"
    "<field name='BeginString' required='Y'/><field name='BodyLength' required='Y'/>"
    "<field name='MsgType' required='Y'/><field name='ApplVerID' required='N'/>"
    "<field name='SenderCompID' required='Y'/><field name='TargetCompID' required='Y'/>"
    "<field name='MsgSeqNum' required='Y'/><field name='SendingTime' required='Y'/></header>"
    "<trailer><field name='CheckSum' required='Y'/></trailer><messages>"
    "<message name='Reject' msgtype='3'><field name='RefSeqNum' required='Y'/>"
    "<field name='RefTagID' required='N'/><field name='RefMsgType' required='N'/>"
    "<field name='SessionRejectReason' required='N'/></message>"
    "<message name='Logon' msgtype='A'><field name='EncryptMethod' required='Y'/>"
    "<field name='HeartBtInt' required='Y'/><field name='DefaultApplVerID' required='Y'/>"
    "<group name='NoMsgTypes' required='N'><field name='RefMsgType' required='N'/>"
    "<field name='MsgDirection' required='N'/><field name='RefApplVerID' required='N'/>"
    "<field name='DefaultVerIndicator' required='N'/></group></message></messages><fields>"
    "<field number='8' name='BeginString' type='STRING'/>"
    "<field number='9' name='BodyLength' type='LENGTH'/>"
    "<field number='35' name='MsgType' type='STRING'/>"
    "<field number='1128' name='ApplVerID' type='STRING'/>"
    "<field number='49' name='SenderCompID' type='STRING'/>"
    "<field number='56' name='TargetCompID' type='STRING'/>"
    "<field number='34' name='MsgSeqNum' type='SEQNUM'/>"
    "<field number='52' name='SendingTime' type='UTCTIMESTAMP'/>"
    "<field number='10' name='CheckSum' type='STRING'/>"
    "<field number='45' name='RefSeqNum' type='SEQNUM'/>"
    "<field number='371' name='RefTagID' type='INT'/>"
    "<field number='373' name='SessionRejectReason' type='INT'/>"
    "<field number='98' name='EncryptMethod' type='INT'/>"
    "<field number='108' name='HeartBtInt' type='INT'/>"
    "<field number='1137' name='DefaultApplVerID' type='STRING'/>"
    "<field number='384' name='NoMsgTypes' type='NUMINGROUP'/>"
    "<field number='372' name='RefMsgType' type='STRING'/>"
    "<field number='385' name='MsgDirection' type='CHAR'/>"
    "<field number='1130' name='RefApplVerID' type='STRING'/>"
    "<field number='1410' name='DefaultVerIndicator' type='BOOLEAN'/></fields></fix>";

#define APPLICATION(pack, field)                                                                   \
    "<fix major='5' minor='0' servicepack='" pack "'><messages><message name='News' msgtype='B'>"  \
    "<field name='" field "' required='Y'/></message><message name='Mail' msgtype='C'>"            \
    "<field name='" field "' required='Y'/></message></messages><fields>"                          \
    "<field number='148' name='Headline' type='STRING'/><field number='58' name='Text' "           \
    "type='STRING'/></fields></fix>"

/* News has a Headline in 5.0, a Text in 5.0SP1. */
struct bench {
    struct fix_dictionary *transport, *first, *second;
    struct fix_application applications[2];
    struct fix_session_options options;
    struct fix_session *session;
    struct moment now;
};

static struct fix_dictionary *load_small(const char *xml)
{
    struct fix_dictionary_file file = { slice_of(xml), "small.xml" };
    struct writer text;
    writer_init(&text, 0);
    struct fix_dictionary *dictionary = load(&file, 1, &text);
    assert_slice_equal(writer_slice(&text), "");
    writer_fini(&text);
    return dictionary;
}

static int set_up(void **state)
{
    static struct bench bench;
    bench = (struct bench){ .transport = load_small(transport_xml),
                            .first = load_small(APPLICATION("0", "Headline")),
                            .second = load_small(APPLICATION("1", "Text")),
                            .now = { 0, SECONDS_NS(1741944600) } };
    fix_dictionary_ride(bench.first, bench.transport);
    fix_dictionary_ride(bench.second, bench.transport);
    bench.applications[0] = (struct fix_application){ SLICE("7"), bench.first };
    bench.applications[1] = (struct fix_application){ SLICE("8"), bench.second };
    bench.options = (struct fix_session_options){ .dictionary = bench.first,
                                                  .applications = bench.applications,
                                                  .application_count = 2,
                                                  .sides.sender_comp_id = SLICE("GATE"),
                                                  .sides.target_comp_id = SLICE("PEER"),
                                                  .heartbeat_max_s = 60,
                                                  .logon_timeout_s = 10,
                                                  .message_size_max = 4096 };
    bench.session = fix_session_new(&bench.options, 1, 1, bench.now);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    fix_session_free(bench->session);
    fix_dictionary_free(bench->first);
    fix_dictionary_free(bench->second);
    fix_dictionary_free(bench->transport);
    return 0;
}

/* What comes of a message of the peer: "deliver", or its answer. */
static const char *say(struct bench *bench, const char *type, unsigned number, const char *rest)
{
    static char text[512];
    struct fix_event event;
    snprintf(text, sizeof text, "8=FIXT.1.1|35=%s|49=PEER|56=GATE|34=%u|52=20250314-09:30:00|%s",
             type, number, rest);
    struct slice bytes = fix_text(text);
    assert_int_equal(fix_session_feed(bench->session, bytes, bench->now), bytes.size);
    snprintf(text, sizeof text, "nothing");
    while (fix_session_next(bench->session, &event)) {
        if (event.kind == FIX_EVENT_SEND)
            snprintf(text, sizeof text, "%.*s", SLICE_ARG(fix_text_show(event.send.bytes)));
        else if (event.kind == FIX_EVENT_DELIVER)
            snprintf(text, sizeof text, "deliver %s",
                     event.deliver.message->dictionary == bench->first ? "5.0" : "5.0SP1");
    }
    return text;
}

#define LOGON "98=0|108=30|1137="

static void the_answer_to_a_logon_has_its_version(void **state)
{
    struct bench *bench = *state;
    assert_non_null(strstr(say(bench, "A", 1, LOGON "8|"), "|1137=8|"));
    assert_ptr_equal(fix_session_dictionary(bench->session), bench->second);
}

static void what_names_no_version_has_that_of_the_logon(void **state)
{
    struct bench *bench = *state;
    say(bench, "A", 1, LOGON "8|");
    assert_string_equal(say(bench, "B", 2, "58=line|"), "deliver 5.0SP1");
    assert_non_null(strstr(say(bench, "B", 3, "148=line|"), "|371=148|"));
}

static void a_message_may_name_another_version(void **state)
{
    struct bench *bench = *state;
    say(bench, "A", 1, LOGON "8|");
    assert_string_equal(say(bench, "B", 2, "1128=7|148=line|"), "deliver 5.0");
    assert_non_null(strstr(say(bench, "B", 3, "1128=9|148=line|"), "|371=1128|372=B|373=18|"));
    assert_int_equal(fix_session_next_in(bench->session), 4);
}

static void a_logon_may_give_a_type_another_version(void **state)
{
    struct bench *bench = *state;
    say(bench, "A", 1,
        LOGON "8|384=3|372=C|385=S|1130=7|1410=Y|372=B|385=R|1130=7|1410=Y|372=B|385=S|1130=7|");
    assert_string_equal(say(bench, "C", 2, "148=line|"), "deliver 5.0");
    assert_string_equal(say(bench, "B", 3, "58=line|"), "deliver 5.0SP1");
    assert_string_equal(say(bench, "C", 4, "1128=8|58=line|"), "deliver 5.0SP1");
}

static void a_version_is_named_when_the_peer_could_not_know_it(void **state)
{
    struct bench *bench = *state;
    assert_slice_equal(fix_session_appl_ver_id(bench->session, bench->first), "7");
    say(bench, "A", 1, LOGON "8|");
    assert_slice_equal(fix_session_appl_ver_id(bench->session, bench->first), "7");
    assert_null(fix_session_appl_ver_id(bench->session, bench->second).at);
    assert_null(fix_session_appl_ver_id(bench->session, bench->transport).at);
}

static void another_version_is_not_spoken(void **state)
{
    assert_non_null(strstr(say(*state, "A", 1, LOGON "9|"), "|58=DefaultApplVerID is not spoken"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_answer_to_a_logon_has_its_version, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_names_no_version_has_that_of_the_logon, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_message_may_name_another_version, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_logon_may_give_a_type_another_version, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_version_is_named_when_the_peer_could_not_know_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_version_is_not_spoken, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
