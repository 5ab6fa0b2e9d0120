/* Paths of maps, resolved against a message. */
#include "codecs/fix/field_path.h"
#include "shipped.h"

static const struct fix_message_shape *request_shape(void **state)
{
    struct shipped *shipped = *state;
    return fix_dictionary_shape(shipped->dictionary, SLICE("PayManagementRequest"))->message;
}

static void assert_resolved(void **state, const char *text, uint32_t tag, size_t depth)
{
    struct fix_path path;
    struct error error = { .kind = NULL };
    if (!fix_path_resolve(request_shape(state), guarded(slice_of(text)), PLACE_NONE, &path, &error))
        fail_msg("%s: %s", text, error.detail);
    assert_int_equal(path.members->at[path.row].field->tag, tag);
    assert_int_equal(path.depth, depth);
}

static void assert_refused(void **state, const char *text, const struct error_kind *kind,
                           const char *detail)
{
    struct fix_path path;
    struct error error;
    struct place place = { "map.yaml", 3, 7, 0 };
    assert_false(
        fix_path_resolve(request_shape(state), guarded(slice_of(text)), place, &path, &error));
    assert_string_equal(error.kind->name, kind->name);
    assert_string_equal(error.detail, detail);
    assert_int_equal(error.place.line, 3);
}

static void a_name_is_a_field_of_the_body_or_the_header(void **state)
{
    assert_resolved(state, "PayRequestID", 2812, 0);
    assert_resolved(state, "PostTradePaymentAmount", 2817, 0);
    assert_resolved(state, "SenderSubID", 50, 0);
    assert_resolved(state, "NoPartyIDs", 453, 0);
}

static void an_instance_is_selected_by_a_value_or_an_index(void **state)
{
    struct fix_path path;
    struct error error;
    assert_resolved(state, "NoPartyIDs[PartyRole=28].PartyID", 448, 1);
    assert_resolved(state, "NoPartyIDs[0].PartyID", 448, 1);
    assert_resolved(state, "NoHops[0].HopCompID", 628, 1);
    assert_true(fix_path_resolve(request_shape(state), SLICE("NoPartyIDs[PartyID=a.b].PartyRole"),
                                 PLACE_NONE, &path, &error));
    assert_slice_equal(path.steps[0].selected, "a.b");
    assert_int_equal(path.steps[0].selector->tag, 448);
}

static void groups_are_entered_as_deep_as_they_go(void **state)
{
    assert_resolved(state,
                    "NoSettlDetails[0].NoSettlPartyIDs[SettlPartyRole=32]."
                    "NoSettlPartySubIDs[SettlPartySubIDType=15].SettlPartySubID",
                    785, 3);
}

static void a_wrong_name_gets_a_suggestion(void **state)
{
    assert_refused(state, "PayRequstID", &shape_unknown_path,
                   "PayRequstID (did you mean PayRequestID?)");
    assert_refused(state, "NoPartyIDs[0].PartID", &shape_unknown_path,
                   "PartID (did you mean PartyID?)");
    assert_refused(state, "NoPartyIDs[PartyRol=3].PartyID", &shape_unknown_path,
                   "PartyRol (did you mean PartyRole?)");
    assert_refused(state, "NoPartyIDs[0].SenderSubID", &shape_unknown_path, "SenderSubID");
    assert_refused(state, "ClOrdID", &shape_unknown_path, "ClOrdID");
}

static void a_group_needs_a_selector(void **state)
{
    assert_refused(state, "NoPartyIDs.PartyID", &shape_unselective, "NoPartyIDs");
}

static void a_selector_has_a_value_of_its_field(void **state)
{
    assert_refused(state, "NoPartyIDs[PartyRole=999].PartyID", &shape_bad_constant,
                   "PartyRole=999");
    assert_refused(state, "NoPartyIDs[PartyRole=].PartyID", &shape_bad_constant, "PartyRole=");
    assert_refused(state, "NoPartyIDs[x].PartyID", &shape_bad_path,
                   "[x] is neither FIELD=VALUE nor an index");
    assert_refused(state, "NoPartyIDs[].PartyID", &shape_bad_path,
                   "[] is neither FIELD=VALUE nor an index");
}

static void what_is_no_path_is_refused(void **state)
{
    static const char *const malformed[] = { "",
                                             ".",
                                             "PayRequestID.",
                                             ".PayRequestID",
                                             "[0]",
                                             "NoPartyIDs[0",
                                             "NoPartyIDs[0]PartyID",
                                             "NoPartyIDs[0]..PartyID" };
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct fix_path path;
        struct error error;
        assert_false(fix_path_resolve(request_shape(state), guarded(slice_of(malformed[i])),
                                      PLACE_NONE, &path, &error));
        assert_string_equal(error.kind->name, shape_bad_path.name);
    }
    assert_refused(state, "PayRequestID.x", &shape_bad_path, "PayRequestID is not a group");
    assert_refused(state, "NoPartyIDs[0]", &shape_bad_path, "NoPartyIDs[0] is not a field");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_a_field_of_the_body_or_the_header),
        cmocka_unit_test(an_instance_is_selected_by_a_value_or_an_index),
        cmocka_unit_test(groups_are_entered_as_deep_as_they_go),
        cmocka_unit_test(a_wrong_name_gets_a_suggestion),
        cmocka_unit_test(a_group_needs_a_selector),
        cmocka_unit_test(a_selector_has_a_value_of_its_field),
        cmocka_unit_test(what_is_no_path_is_refused),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
