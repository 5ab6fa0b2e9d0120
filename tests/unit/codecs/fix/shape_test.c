/* A message type as routing proves maps against it. */
#include "codecs/shape.h"
#include "shipped.h"

static const struct shape *request_shape(void **state)
{
    struct shipped *shipped = *state;
    return fix_dictionary_shape(shipped->dictionary, SLICE("PayManagementRequest"));
}

static struct shape_field find(void **state, const char *path)
{
    const struct shape *shape = request_shape(state);
    struct shape_field field;
    struct error error;
    assert_true(
        shape->operations->find(shape, slice_of(path), SLICE_NONE, PLACE_NONE, &field, &error));
    return field;
}

static void fields_have_kinds(void **state)
{
    assert_int_equal(find(state, "PayRequestID").kind, SHAPE_TEXT);
    assert_int_equal(find(state, "PostTradePaymentAmount").kind, SHAPE_DECIMAL);
    assert_int_equal(find(state, "PostTradePaymentDebitOrCredit").kind, SHAPE_INTEGER);
    assert_int_equal(find(state, "PostTradePaymentValueDate").kind, SHAPE_DATE);
    assert_int_equal(find(state, "TransactTime").kind, SHAPE_TIMESTAMP);
    assert_int_equal(find(state, "NoPartyIDs[0].PartyIDSource").kind, SHAPE_CODE);
    assert_int_equal(find(state, "NoPartyIDs").kind, SHAPE_INTEGER);
    assert_int_equal(find(state, "EncodedText").kind, SHAPE_DATA);
    assert_int_equal(find(state, "PossResend").kind, SHAPE_BOOLEAN);
    assert_int_equal(find(state, "SymbolSfx").kind, SHAPE_TEXT);
}

static void fields_have_lengths(void **state)
{
    assert_int_equal(find(state, "PostTradePaymentCurrency").length_max, 3);
    assert_int_equal(find(state, "NoPartyIDs[0].PartyIDSource").length_max, 1);
    assert_int_equal(find(state, "PayRequestID").length_max, 0);
}

static void fields_are_required_or_not(void **state)
{
    assert_true(find(state, "PayRequestID").required);
    assert_true(find(state, "PostTradePaymentAmount").required);
    assert_false(find(state, "PostTradePaymentID").required);
    assert_false(find(state, "NoPartyIDs[0].PartyID").required);
    assert_false(find(state, "PayRequestID").repeats);
    assert_false(find(state, "PayRequestID").iso_form);
}

static void constants_are_checked(void **state)
{
    static const struct {
        const char *path, *constant;
        bool accepted;
    } constants[] = {
        { "PayRequestTransType", "0", true },        { "PayRequestTransType", "9", false },
        { "PostTradePaymentCurrency", "EUR", true }, { "PostTradePaymentCurrency", "eu", false },
        { "NoPartyIDs[0].PartyRole", "109", true },  { "NoPartyIDs[0].PartyRole", "110", false },
        { "PostTradePaymentType", "CASH", true },    { "PostTradePaymentType", "", false },
        { "PostTradePaymentType", "a\001b", false },
    };
    const struct shape *shape = request_shape(state);
    for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
        struct shape_field field = find(state, constants[i].path);
        struct error error;
        assert_int_equal(shape->operations->accepts(shape, &field, slice_of(constants[i].constant),
                                                    PLACE_NONE, &error),
                         constants[i].accepted);
        if (!constants[i].accepted)
            assert_ptr_equal(error.kind, &shape_bad_constant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_have_kinds),
        cmocka_unit_test(fields_have_lengths),
        cmocka_unit_test(fields_are_required_or_not),
        cmocka_unit_test(constants_are_checked),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
