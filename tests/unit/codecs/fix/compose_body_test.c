/* Slots into messages. */
#include "codecs/fix/compose.h"
#include "codecs/shape.h"
#include "shipped.h"

/* A path and what is written there; a value of NULL is absent this time. */
struct written {
    const char *path, *value;
    bool optional;
};

/* The body, with | for SOH; or what is wrong. */
static void assert_composed(void **state, const char *message, const struct written *written,
                            size_t count, const char *expected)
{
    struct shipped *shipped = *state;
    const struct shape *shape = fix_dictionary_shape(shipped->dictionary, slice_of(message));
    struct slice paths[32];
    struct place places[32];
    bool optional[32];
    struct error_list errors;
    struct error error;
    struct arena arena;
    struct writer body, whole;
    arena_init(&arena, ARENA_UNLIMITED);
    error_list_init(&errors, 0);
    writer_init(&body, 0);
    writer_init(&whole, 0);
    struct record record = record_take(&arena, count);
    for (size_t i = 0; i < count; i++) {
        paths[i] = slice_of(written[i].path);
        places[i] = (struct place){ "map.yaml", (unsigned)i + 1, 3, 0 };
        optional[i] = written[i].optional;
        record.values[i].text = slice_of(written[i].value);
    }
    struct shape_composer *composer =
        shape->operations->composer(shape, paths, places, optional, count, PLACE_NONE, &errors);
    error_list_write(&errors, &whole);
    assert_slice_equal(writer_slice(&whole), "");
    if (shape->operations->compose(composer, &record, &body, &error)) {
        struct fix_compose compose;
        fix_compose_begin(
            &compose, &whole, SLICE("FIX.4.4"),
            fix_dictionary_message_named(shipped->dictionary, slice_of(message))->msg_type);
        fix_compose_fields(&compose, SLICE("49=A\00156=B\00134=1\00152=20250314-09:30:00\001"));
        fix_compose_fields(&compose, writer_slice(&body));
        assert_true(parse_bytes(shipped, fix_compose_end(&compose)));
        assert_true(
            fix_message_validate(&shipped->message, shipped->dictionary, &shipped->finding));
    } else {
        writer_reset(&body);
        error_write(&error, &body);
    }
    assert_slice_equal(fix_text_show(writer_slice(&body)), expected);
    shape->operations->composer_free(composer);
    error_list_fini(&errors);
    arena_fini(&arena);
    writer_fini(&body);
    writer_fini(&whole);
}

#define COMPOSED(message, expected, ...)                                                           \
    do {                                                                                           \
        static const struct written written[] = { __VA_ARGS__ };                                   \
        assert_composed(state, message, written, sizeof written / sizeof written[0], expected);    \
    } while (0)

static void fields_come_in_the_order_of_the_dictionary(void **state)
{
    COMPOSED("PayManagementRequestAck", "2812=W-1|2813=0|", { "PayRequestStatus", "0", false },
             { "PayRequestID", "W-1", false });
}

#define REPORT                                                                                     \
    { "PayReportID", "R-1", false }, { "PayReportTransType", "0", false },                         \
        { "TransactTime", "20250314-09:30:00", false }, { "PostTradePaymentType", "CASH", false }, \
        { "PostTradePaymentAmount", "10.00", false },                                              \
        { "PostTradePaymentCalculationDate", "20250314", false },                                  \
        { "PostTradePaymentValueDate", "20250317", false },                                        \
        { "PostTradePaymentDebitOrCredit", "0", false },                                           \
    {                                                                                              \
        "PostTradePaymentAccount", "A-1", false                                                    \
    }
#define REPORT_FRONT "2799=R-1|2804=0|60=20250314-09:30:00|"
#define REPORT_END   "2824=CASH|2817=10.00|2825=20250314|2826=20250317|2819=0|2816=A-1|"

static void what_is_absent_is_left_out(void **state)
{
    COMPOSED("PayManagementReport", REPORT_FRONT REPORT_END, REPORT, { "PayRequestID", NULL, true },
             { "PostTradePaymentID", NULL, true });
    COMPOSED("PayManagementReport", "2799=R-1|2812=W-1|2804=0|60=20250314-09:30:00|" REPORT_END,
             REPORT, { "PayRequestID", "W-1", true });
}

static void groups_are_counted(void **state)
{
    COMPOSED("PayManagementReport",
             REPORT_FRONT "453=2|448=C-1|447=D|452=3|448=B|452=28|" REPORT_END, REPORT,
             { "NoPartyIDs[1].PartyRole", "28", false }, { "NoPartyIDs[1].PartyID", "B", false },
             { "NoPartyIDs[0].PartyID", "C-1", false }, { "NoPartyIDs[0].PartyRole", "3", false },
             { "NoPartyIDs[0].PartyIDSource", "D", false });
}

static void an_instance_without_its_first_field_is_left_out(void **state)
{
    COMPOSED("PayManagementReport", REPORT_FRONT "453=1|448=B|452=28|" REPORT_END, REPORT,
             { "NoPartyIDs[0].PartyID", NULL, true }, { "NoPartyIDs[0].PartyRole", "3", false },
             { "NoPartyIDs[1].PartyID", "B", true }, { "NoPartyIDs[1].PartyRole", "28", false });
    COMPOSED("PayManagementReport", REPORT_FRONT REPORT_END, REPORT,
             { "NoPartyIDs[0].PartyID", NULL, true }, { "NoPartyIDs[0].PartyRole", "3", false });
}

static void groups_are_written_in_groups(void **state)
{
    COMPOSED("PayManagementReport",
             REPORT_FRONT REPORT_END "1158=1|1164=3|781=2|782=P|784=32|801=1|785=IBAN|786=15|"
                                     "782=BIC|783=B|784=109|",
             REPORT, { "NoSettlDetails[0].SettlObligSource", "3", false },
             { "NoSettlDetails[0].NoSettlPartyIDs[0].SettlPartyID", "P", false },
             { "NoSettlDetails[0].NoSettlPartyIDs[0].SettlPartyRole", "32", false },
             { "NoSettlDetails[0].NoSettlPartyIDs[0].NoSettlPartySubIDs[0].SettlPartySubID", "IBAN",
               false },
             { "NoSettlDetails[0].NoSettlPartyIDs[0].NoSettlPartySubIDs[0].SettlPartySubIDType",
               "15", false },
             { "NoSettlDetails[0].NoSettlPartyIDs[1].SettlPartyID", "BIC", false },
             { "NoSettlDetails[0].NoSettlPartyIDs[1].SettlPartyIDSource", "B", false },
             { "NoSettlDetails[0].NoSettlPartyIDs[1].SettlPartyRole", "109", false });
}

static void data_gets_its_length(void **state)
{
    COMPOSED("PayManagementRequestAck", "2812=W-1|2813=0|", { "PayRequestID", "W-1", false },
             { "PayRequestStatus", "0", false });
    COMPOSED("PayManagementReport",
             "2799=R-1|2804=0|60=20250314-09:30:00|354=3|355=a|b|" REPORT_END, REPORT,
             { "EncodedText", "a\001b", true });
}

static void what_was_sure_and_is_absent_is_an_error(void **state)
{
    COMPOSED("PayManagementRequestAck",
             "map.yaml:1:3: a mandatory field is not written: PayRequestID",
             { "PayRequestID", NULL, false }, { "PayRequestStatus", "0", false });
}

static void every_value_is_checked(void **state)
{
    COMPOSED("PayManagementRequestAck",
             "map.yaml:2:3: the field cannot have this value: PayRequestStatus: 7",
             { "PayRequestID", "W-1", false }, { "PayRequestStatus", "7", false });
    COMPOSED("PayManagementRequestAck",
             "map.yaml:1:3: the field cannot have this value: PayRequestID: a b",
             { "PayRequestID", "a\001b", false }, { "PayRequestStatus", "0", false });
    COMPOSED("PayManagementRequestAck",
             "map.yaml:1:3: the field cannot have this value: PayRequestID",
             { "PayRequestID", "", false }, { "PayRequestStatus", "0", false });
    COMPOSED("PayManagementReport",
             "map.yaml:10:3: the field cannot have this value: NoPartyIDs[0].PartyIDSource: DD",
             REPORT, { "NoPartyIDs[0].PartyIDSource", "DD", false },
             { "NoPartyIDs[0].PartyID", "C", false });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_in_the_order_of_the_dictionary),
        cmocka_unit_test(what_is_absent_is_left_out),
        cmocka_unit_test(groups_are_counted),
        cmocka_unit_test(an_instance_without_its_first_field_is_left_out),
        cmocka_unit_test(groups_are_written_in_groups),
        cmocka_unit_test(data_gets_its_length),
        cmocka_unit_test(what_was_sure_and_is_absent_is_an_error),
        cmocka_unit_test(every_value_is_checked),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
