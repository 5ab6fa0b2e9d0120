/* What of a map can be proved before the first message. */
#include "codecs/shape.h"
#include "shipped.h"

/* Paths in front of which a ? stands may be absent. */
static void assert_proved(void **state, const char *message, const char *const *paths,
                          const char *expected)
{
    struct shipped *shipped = *state;
    const struct shape *shape = fix_dictionary_shape(shipped->dictionary, slice_of(message));
    struct slice slices[32];
    struct place places[32];
    bool optional[32];
    size_t count = 0;
    struct error_list errors;
    struct writer text;
    for (; paths[count] != NULL; count++) {
        optional[count] = paths[count][0] == '?';
        slices[count] = slice_of(paths[count] + (optional[count] ? 1 : 0));
        places[count] = (struct place){ "map.yaml", (unsigned)count + 2, 3, 0 };
    }
    error_list_init(&errors, 0);
    writer_init(&text, 0);
    struct shape_composer *composer = shape->operations->composer(
        shape, slices, places, optional, count, (struct place){ "map.yaml", 1, 1, 0 }, &errors);
    error_list_write(&errors, &text);
    assert_slice_equal(writer_slice(&text), expected);
    assert_int_equal(composer == NULL, errors.count > 0);
    shape->operations->composer_free(composer);
    error_list_fini(&errors);
    writer_fini(&text);
}

#define PROVED(message, expected, ...)                                                             \
    do {                                                                                           \
        static const char *const paths[] = { __VA_ARGS__, NULL };                                  \
        assert_proved(state, message, paths, expected);                                            \
    } while (0)

static void a_whole_message_is_proved(void **state)
{
    PROVED("PayManagementRequestAck", "", "PayRequestID", "PayRequestStatus");
    PROVED("PayManagementRequestAck", "", "PayRequestStatus", "PayRequestID");
}

static void what_is_mandatory_is_written_for_sure(void **state)
{
    PROVED("PayManagementRequestAck",
           "map.yaml:1:1: a mandatory field is not written: "
           "PayRequestStatus\n",
           "PayRequestID");
    PROVED("PayManagementRequestAck",
           "map.yaml:1:1: a mandatory field is not written: "
           "PayRequestID\n",
           "?PayRequestID", "PayRequestStatus");
}

static void every_missing_field_is_named(void **state)
{
    PROVED("PayManagementReport",
           "map.yaml:1:1: a mandatory field is not written: PayReportTransType\n"
           "map.yaml:1:1: a mandatory field is not written: TransactTime\n"
           "map.yaml:1:1: a mandatory field is not written: PostTradePaymentType\n"
           "map.yaml:1:1: a mandatory field is not written: PostTradePaymentAmount\n"
           "map.yaml:1:1: a mandatory field is not written: PostTradePaymentCalculationDate\n"
           "map.yaml:1:1: a mandatory field is not written: PostTradePaymentValueDate\n"
           "map.yaml:1:1: a mandatory field is not written: PostTradePaymentDebitOrCredit\n"
           "map.yaml:1:1: a mandatory field is not written: PostTradePaymentAccount\n",
           "PayReportID");
}

#define NEWS "Headline", "NoLinesOfText[0].Text"

static void a_mandatory_group_has_an_instance_for_sure(void **state)
{
    PROVED("News", "", NEWS);
    PROVED("News", "map.yaml:1:1: a mandatory field is not written: NoLinesOfText\n", "Headline");
    PROVED("News", "map.yaml:1:1: a mandatory field is not written: NoLinesOfText\n", "Headline",
           "?NoLinesOfText[0].Text");
}

static void an_instance_has_its_first_field(void **state)
{
    PROVED("News", "map.yaml:4:3: a mandatory field is not written: NoRoutingIDs[0]: RoutingType\n",
           NEWS, "NoRoutingIDs[0].RoutingID");
    PROVED("News", "", NEWS, "?NoRoutingIDs[0].RoutingType", "NoRoutingIDs[0].RoutingID");
}

static void instances_are_counted_from_zero(void **state)
{
    PROVED("News",
           "map.yaml:4:3: a mandatory field is not written: NoLinesOfText[2]: the instance before "
           "it\n",
           NEWS, "NoLinesOfText[2].Text");
    PROVED("News", "", NEWS, "NoLinesOfText[1].Text", "NoLinesOfText[2].Text");
}

static void the_members_of_an_instance_are_proved_too(void **state)
{
    PROVED("NewOrderList",
           "map.yaml:5:3: a mandatory field is not written: NoOrders[0]: ListSeqNo\n"
           "map.yaml:5:3: a mandatory field is not written: NoOrders[0]: Side\n",
           "ListID", "BidType", "TotNoOrders", "NoOrders[0].ClOrdID");
}

static void nothing_is_written_twice(void **state)
{
    PROVED("News", "map.yaml:4:3: only one of these may be written: Headline: is written twice\n",
           NEWS, "Headline");
}

static void an_instance_is_not_written_by_a_selector(void **state)
{
    PROVED("News",
           "map.yaml:4:3: this is not a path: an instance is written by its index, as [0]\n", NEWS,
           "NoRoutingIDs[RoutingType=1].RoutingID");
}

static void counts_lengths_and_headers_are_written_by_themselves(void **state)
{
    PROVED("News",
           "map.yaml:4:3: this is not a path: NoRoutingIDs[0]: is written by penstock itself\n"
           "map.yaml:5:3: this is not a path: RawDataLength: is written by penstock itself\n"
           "map.yaml:6:3: this is not a path: SenderSubID: is written by penstock itself\n",
           NEWS, "NoRoutingIDs", "RawDataLength", "SenderSubID");
}

static void unknown_paths_are_told(void **state)
{
    PROVED("News", "map.yaml:4:3: no such field: Headlin (did you mean Headline?)\n", NEWS,
           "Headlin");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_message_is_proved),
        cmocka_unit_test(what_is_mandatory_is_written_for_sure),
        cmocka_unit_test(every_missing_field_is_named),
        cmocka_unit_test(a_mandatory_group_has_an_instance_for_sure),
        cmocka_unit_test(an_instance_has_its_first_field),
        cmocka_unit_test(instances_are_counted_from_zero),
        cmocka_unit_test(the_members_of_an_instance_are_proved_too),
        cmocka_unit_test(nothing_is_written_twice),
        cmocka_unit_test(an_instance_is_not_written_by_a_selector),
        cmocka_unit_test(counts_lengths_and_headers_are_written_by_themselves),
        cmocka_unit_test(unknown_paths_are_told),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
