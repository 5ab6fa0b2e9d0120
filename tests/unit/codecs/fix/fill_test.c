/* Messages into slots. */
#include "codecs/shape.h"
#include "shipped.h"

static const char request[] =
    "8=FIX.4.4|35=DY|49=BRKALPHA|56=PENSTOCK|34=5|50=DESK|52=20250314-09:30:00.000|2812=W-1|"
    "2811=0|60=20250314-09:29:59|453=3|448=ALPBGB2LXXX|447=B|452=7|448=C-1|447=D|452=03|802=2|"
    "523=N-1|803=5|523=E-1|803=8|448=C-2|447=D|452=3|2824=CASH|2817=10.00|2825=20250314|"
    "2826=20250317|2819=0|2816=A-1|1158=1|1164=3|781=2|782=P|783=D|784=32|801=2|785=IBAN|786=15|"
    "785=NAME|786=23|782=BIC|783=B|784=109|354=3|355=a|b|";

/* The values of some paths, joined with commas; "-" where there is none. */
static void assert_filled(void **state, const char *const *paths, size_t count,
                          const char *expected)
{
    struct shipped *shipped = *state;
    const struct shape *shape =
        fix_dictionary_shape(shipped->dictionary, SLICE("PayManagementRequest"));
    struct slice slices[16];
    struct error_list errors;
    struct arena arena;
    struct writer text;
    for (size_t i = 0; i < count; i++)
        slices[i] = slice_of(paths[i]);
    error_list_init(&errors, 0);
    arena_init(&arena, ARENA_UNLIMITED);
    writer_init(&text, 0);
    struct shape_reader *reader =
        shape->operations->reader(shape, slices, count, SLICE_NONE, &errors);
    assert_non_null(reader);
    assert_true(check_text(shipped, request));
    struct record record = record_take(&arena, count);
    fix_message_fill(reader, &shipped->message, &record, &arena);
    for (size_t i = 0; i < count; i++) {
        struct slice value = record_get(&record, i);
        assert_null(record.values[i].next);
        writer_text(&text, i == 0 ? "" : ",");
        writer_bytes(&text, value.at == NULL ? SLICE("-") : value);
    }
    assert_slice_equal(fix_text_show(writer_slice(&text)), expected);
    shape->operations->reader_free(reader);
    writer_fini(&text);
    arena_fini(&arena);
    error_list_fini(&errors);
}

static void fields_outside_groups_are_filled(void **state)
{
    static const char *const paths[] = { "PayRequestID", "PostTradePaymentAmount",
                                         "SenderSubID",  "PostTradePaymentID",
                                         "NoPartyIDs",   "EncodedText" };
    assert_filled(state, paths, 6, "W-1,10.00,DESK,-,3,a|b");
}

static void one_field_may_be_wanted_twice(void **state)
{
    static const char *const paths[] = { "PayRequestID", "PostTradePaymentType", "PayRequestID" };
    assert_filled(state, paths, 3, "W-1,CASH,W-1");
}

static void the_first_instance_with_the_value_is_read(void **state)
{
    static const char *const paths[] = { "NoPartyIDs[PartyRole=3].PartyID",
                                         "NoPartyIDs[PartyRole=7].PartyID",
                                         "NoPartyIDs[PartyRole=28].PartyID",
                                         "NoPartyIDs[PartyIDSource=D].PartyRole" };
    assert_filled(state, paths, 4, "C-1,ALPBGB2LXXX,-,03");
}

static void an_instance_is_read_by_its_index(void **state)
{
    static const char *const paths[] = { "NoPartyIDs[0].PartyID", "NoPartyIDs[2].PartyID",
                                         "NoPartyIDs[3].PartyID" };
    assert_filled(state, paths, 3, "ALPBGB2LXXX,C-2,-");
}

static void groups_in_groups_are_read(void **state)
{
    static const char *const paths[] = {
        "NoPartyIDs[PartyRole=3].NoPartySubIDs[PartySubIDType=8].PartySubID",
        "NoPartyIDs[PartyRole=7].NoPartySubIDs[PartySubIDType=8].PartySubID",
        "NoSettlDetails[0].NoSettlPartyIDs[SettlPartyRole=32]."
        "NoSettlPartySubIDs[SettlPartySubIDType=15].SettlPartySubID",
        "NoSettlDetails[0].NoSettlPartyIDs[SettlPartyRole=32]."
        "NoSettlPartySubIDs[SettlPartySubIDType=23].SettlPartySubID",
        "NoSettlDetails[SettlObligSource=3].NoSettlPartyIDs[SettlPartyRole=109].SettlPartyID"
    };
    assert_filled(state, paths, 5, "E-1,-,IBAN,NAME,BIC");
}

static void values_are_lent_by_the_message(void **state)
{
    struct shipped *shipped = *state;
    const struct shape *shape =
        fix_dictionary_shape(shipped->dictionary, SLICE("PayManagementRequest"));
    struct slice path = SLICE("PayRequestID");
    struct error_list errors;
    struct arena arena;
    error_list_init(&errors, 0);
    arena_init(&arena, ARENA_UNLIMITED);
    struct shape_reader *reader = shape->operations->reader(shape, &path, 1, SLICE_NONE, &errors);
    assert_true(check_text(shipped, request));
    struct record record = record_take(&arena, 1);
    size_t used = arena.used;
    fix_message_fill(reader, &shipped->message, &record, &arena);
    assert_int_equal(arena.used, used);
    assert_true(record_get(&record, 0).at > shipped->message.bytes.at);
    shape->operations->reader_free(reader);
    arena_fini(&arena);
    error_list_fini(&errors);
}

static void all_wrong_paths_are_told_at_once(void **state)
{
    struct shipped *shipped = *state;
    const struct shape *shape =
        fix_dictionary_shape(shipped->dictionary, SLICE("PayManagementRequest"));
    struct slice paths[] = { SLICE("PayRequestID"), SLICE("Nothing"), SLICE("NoPartyIDs.PartyID") };
    struct error_list errors;
    error_list_init(&errors, 0);
    assert_null(shape->operations->reader(shape, paths, 3, SLICE("NoPartyIDs"), &errors));
    assert_int_equal(errors.count, 3);
    assert_ptr_equal(errors.at[0].kind, &shape_bad_path);
    assert_ptr_equal(errors.at[1].kind, &shape_unknown_path);
    assert_ptr_equal(errors.at[2].kind, &shape_unselective);
    error_list_fini(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_outside_groups_are_filled),
        cmocka_unit_test(one_field_may_be_wanted_twice),
        cmocka_unit_test(the_first_instance_with_the_value_is_read),
        cmocka_unit_test(an_instance_is_read_by_its_index),
        cmocka_unit_test(groups_in_groups_are_read),
        cmocka_unit_test(values_are_lent_by_the_message),
        cmocka_unit_test(all_wrong_paths_are_told_at_once),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
