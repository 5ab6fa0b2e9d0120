/* Messages as people read them. */
#include "shipped.h"

static void assert_printed(void **state, const char *text, const char *expected)
{
    struct shipped *shipped = *state;
    struct writer writer;
    writer_init(&writer, 0);
    parse_text(shipped, text);
    fix_message_print(&shipped->message, shipped->dictionary, &writer);
    assert_slice_equal(writer_slice(&writer), expected);
    writer_fini(&writer);
}

static void names_and_meanings_stand_beside_tags_and_values(void **state)
{
    assert_printed(state, "8=FIX.4.4|35=DZ|34=5|2812=W-1|2813=0|",
                   "     8  BeginString                  FIX.4.4\n"
                   "     9  BodyLength                   27\n"
                   "    35  MsgType                      DZ (PayManagementRequestAck)\n"
                   "    34  MsgSeqNum                    5\n"
                   "  2812  PayRequestID                 W-1\n"
                   "  2813  PayRequestStatus             0 (RECEIVED)\n"
                   "    10  CheckSum                     027\n");
}

static void instances_of_groups_are_indented(void **state)
{
    assert_printed(state, "8=FIX.4.4|35=DY|453=2|448=A|452=3|802=1|523=S|448=B|58=x|",
                   "     8  BeginString                  FIX.4.4\n"
                   "     9  BodyLength                   47\n"
                   "    35  MsgType                      DY (PayManagementRequest)\n"
                   "   453  NoPartyIDs                   2\n"
                   "   448    PartyID                      A\n"
                   "   452    PartyRole                    3 (CLIENT_ID)\n"
                   "   802    NoPartySubIDs                1\n"
                   "   523      PartySubID                   S\n"
                   "   448    PartyID                      B\n"
                   "    58  Text                         x\n"
                   "    10  CheckSum                     244\n");
}

static void secrets_are_masked(void **state)
{
    assert_printed(state, "8=FIX.4.4|35=A|95=3|96=a|b|553=me|554=secret|",
                   "     8  BeginString                  FIX.4.4\n"
                   "     9  BodyLength                   35\n"
                   "    35  MsgType                      A (Logon)\n"
                   "    95  RawDataLength                3\n"
                   "    96  RawData                      ****\n"
                   "   553  Username                     me\n"
                   "   554  Password                     ****\n"
                   "    10  CheckSum                     070\n");
}

static void what_is_unknown_is_printed_too(void **state)
{
    assert_printed(state, "8=FIX.4.4|35=ZZ|9999=\x02\xc3\xa9|58=\xff\x7f|",
                   "     8  BeginString                  FIX.4.4\n"
                   "     9  BodyLength                   21\n"
                   "    35  MsgType                      ZZ\n"
                   "  9999  ?                            \\x02\xc3\xa9\n"
                   "    58  Text                         \\xFF\\x7F\n"
                   "    10  CheckSum                     014\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_meanings_stand_beside_tags_and_values),
        cmocka_unit_test(instances_of_groups_are_indented),
        cmocka_unit_test(secrets_are_masked),
        cmocka_unit_test(what_is_unknown_is_printed_too),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
