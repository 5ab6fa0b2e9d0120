/* What a dictionary knows, and what it is made of. */
#include "shipped.h"

#include <stdio.h>

static void the_shipped_dictionary_knows_its_version(void **state)
{
    struct shipped *shipped = *state;
    assert_slice_equal(fix_dictionary_begin_string(shipped->dictionary), "FIX.4.4");
}

static void fields_are_found_by_tag_and_name(void **state)
{
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    const struct fix_field_type *field = fix_dictionary_field(dictionary, 2817);
    assert_slice_equal(field->name, "PostTradePaymentAmount");
    assert_int_equal(field->type, FIX_TYPE_FLOAT);
    assert_ptr_equal(fix_dictionary_field_named(dictionary, SLICE("PostTradePaymentAmount")),
                     field);
    assert_null(fix_dictionary_field(dictionary, 4999));
    assert_null(fix_dictionary_field(dictionary, 0));
    assert_null(fix_dictionary_field_named(dictionary, SLICE("PostTradePayment")));
}

static void messages_are_found_by_type_and_name(void **state)
{
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    const struct fix_message_type *message = fix_dictionary_message(dictionary, SLICE("DY"));
    assert_slice_equal(message->name, "PayManagementRequest");
    assert_true(message->application);
    assert_ptr_equal(fix_dictionary_message_named(dictionary, SLICE("PayManagementRequest")),
                     message);
    assert_null(fix_dictionary_message(dictionary, SLICE("dy")));
    assert_null(fix_dictionary_message(dictionary, SLICE("")));
}

static void session_messages_are_told_from_the_others(void **state)
{
    static const char *const session[] = { "0", "1", "2", "3", "4", "5", "A" };
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    for (size_t i = 0; i < sizeof session / sizeof session[0]; i++)
        assert_false(fix_dictionary_message(dictionary, slice_of(session[i]))->application);
    assert_true(fix_dictionary_message(dictionary, SLICE("n"))->application);
    assert_true(fix_dictionary_message(dictionary, SLICE("j"))->application);
}

static void header_and_trailer_fields_are_marked(void **state)
{
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    assert_true(fix_dictionary_field(dictionary, 34)->in_header);
    assert_true(fix_dictionary_field(dictionary, 628)->in_header); /* in a group of it */
    assert_true(fix_dictionary_field(dictionary, 10)->in_trailer);
    assert_false(fix_dictionary_field(dictionary, 58)->in_header);
    assert_non_null(fix_members_find(fix_dictionary_header(dictionary), 35));
    assert_non_null(fix_members_find(fix_dictionary_trailer(dictionary), 89));
}

static void components_are_put_in_place(void **state)
{
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    const struct fix_members *body = &fix_dictionary_message(dictionary, SLICE("DY"))->body;
    const struct fix_member *amount = fix_members_find(body, 2817);
    assert_true(amount->required);
    assert_false(fix_members_find(body, 2821)->required);
    assert_null(fix_members_find(body, 448));
    assert_null(fix_members_find(body, 11));
}

static void the_members_of_an_optional_component_are_optional(void **state)
{
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    const struct fix_members *body = &fix_dictionary_message(dictionary, SLICE("DY"))->body;
    assert_false(fix_members_find(body, 453)->required);
    assert_true(
        fix_members_find(&fix_dictionary_message(dictionary, SLICE("AL"))->body, 453)->required);
}

static void a_group_starts_with_its_first_field_also_in_a_component(void **state)
{
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    const struct fix_members *body = &fix_dictionary_message(dictionary, SLICE("EA"))->body;
    const struct fix_members *details = fix_members_find(body, 1158)->group;
    assert_int_equal(details->at[0].field->tag, 1164);
    const struct fix_members *parties = fix_members_find(details, 781)->group;
    assert_int_equal(parties->at[0].field->tag, 782);
    assert_int_equal(fix_members_find(parties, 801)->group->at[0].field->tag, 785);
}

static void data_fields_know_the_field_with_their_length(void **state)
{
    static const uint32_t pairs[][2] = { { 96, 95 },     { 91, 90 },     { 89, 93 },
                                         { 213, 212 },   { 355, 354 },   { 1665, 1664 },
                                         { 2801, 2802 }, { 2808, 2809 }, { 2814, 2815 } };
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_int_equal(fix_dictionary_field(dictionary, pairs[i][0])->length_tag, pairs[i][1]);
    assert_int_equal(fix_dictionary_field(dictionary, 58)->length_tag, 0);
}

static void values_are_described(void **state)
{
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    const struct fix_field_type *role = fix_dictionary_field(dictionary, 452);
    assert_slice_equal(fix_field_type_describe(role, SLICE("3")), "CLIENT_ID");
    assert_slice_equal(fix_field_type_describe(role, SLICE("109")), "BENEFICIARY_BANK");
    assert_null(fix_field_type_describe(role, SLICE("110")).at);
    assert_null(fix_field_type_describe(role, SLICE("")).at);
}

static void fields_without_a_list_share_that_of_another(void **state)
{
    static const uint32_t shared[][2] = { { 784, 452 }, { 538, 452 }, { 759, 452 }, { 786, 803 },
                                          { 805, 803 }, { 783, 447 }, { 525, 447 }, { 661, 660 } };
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        const struct fix_field_type *field = fix_dictionary_field(dictionary, shared[i][0]);
        assert_ptr_equal(field->values, fix_dictionary_field(dictionary, shared[i][1])->values);
        assert_true(field->value_count > 0);
    }
    assert_non_null(fix_field_type_value(fix_dictionary_field(dictionary, 783), SLICE("N")));
}

static void a_name_of_another_message_is_not_a_shape(void **state)
{
    const struct fix_dictionary *dictionary = ((struct shipped *)*state)->dictionary;
    const struct shape *shape = fix_dictionary_shape(dictionary, SLICE("PayManagementReport"));
    assert_string_equal(shape->name, "PayManagementReport");
    assert_null(fix_dictionary_shape(dictionary, SLICE("EA")));
}

/* Every dictionary of the reference folder, as it came. */
static void dictionaries_of_others_are_read(void **state)
{
    static const struct {
        const char *file, *begin_string;
        size_t message_count;
    } others[] = {
        { "FIX40.xml", "FIX.4.0", 27 },
        { "FIX41.xml", "FIX.4.1", 28 },
        { "FIX42.xml", "FIX.4.2", 46 },
        { "FIX43.xml", "FIX.4.3", 68 },
        { "FIX44.xml", "FIX.4.4", 93 },
        { "FIX50.xml", "FIX.5.0", 93 },
        { "FIX50SP1.xml", "FIX.5.0SP1", 105 },
        { "FIX50SP2.xml", "FIX.5.0SP2", 156 },
        { "FIXT11.xml", "FIXT.1.1", 8 },
        { "quickfixj/FIX42.xml", "FIX.4.2", 46 },
        { "quickfixj/FIX44.xml", "FIX.4.4", 92 },
        { "quickfixj/FIX50SP2.xml", "FIX.5.0", 108 },
        { "quickfixj/FIXT11.xml", "FIXT.1.1", 7 },
        { "cash/FIX42-cash.xml", "FIX.4.2", 56 },
        { "cash/FIX44-cash.xml", "FIX.4.4", 104 },
        { "cash/FIXT11-cash.xml", "FIXT.1.1", 8 },
    };
    const char *shared = kit_shared(__func__);
    (void)state;
    if (shared == NULL)
        skip();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char path[512];
        struct writer text;
        snprintf(path, sizeof path, "%s/fix/dictionaries/%s", shared, others[i].file);
        struct fix_dictionary_file file = { kit_read_file(path), others[i].file };
        writer_init(&text, 0);
        struct fix_dictionary *dictionary = load(&file, 1, &text);
        assert_slice_equal(writer_slice(&text), "");
        assert_slice_equal(fix_dictionary_begin_string(dictionary), others[i].begin_string);
        fix_dictionary_free(dictionary);
        writer_fini(&text);
        kit_free_file(file.xml);
    }
}

/* Ours and theirs know the same members, types and values. */
static void the_shipped_dictionary_agrees_with_the_reference(void **state)
{
    const char *shared = kit_shared(__func__);
    const struct fix_dictionary *ours = ((struct shipped *)*state)->dictionary;
    struct writer text;
    char path[512];
    if (shared == NULL)
        skip();
    snprintf(path, sizeof path, "%s/fix/dictionaries/cash/FIX44-cash.xml", shared);
    struct fix_dictionary_file file = { kit_read_file(path), "FIX44-cash.xml" };
    writer_init(&text, 0);
    struct fix_dictionary *theirs = load(&file, 1, &text);
    for (uint32_t tag = 1; tag < 2828; tag++) {
        const struct fix_field_type *our = fix_dictionary_field(ours, tag);
        const struct fix_field_type *their = fix_dictionary_field(theirs, tag);
        if (our == NULL || their == NULL || tag == 35 /* lists the messages */)
            continue;
        if (tag != 327 /* HaltReason has another name there */)
            assert_true(slice_equal(our->name, their->name));
        if (tag != 532 && tag != 674 /* INT by the specification, STRING there */)
            assert_int_equal(our->type, their->type);
        assert_int_equal(our->length_tag, their->length_tag);
        for (size_t i = 0; i < their->value_count; i++)
            assert_non_null(fix_field_type_value(our, their->values[i].value));
    }
    fix_dictionary_free(theirs);
    writer_fini(&text);
    kit_free_file(file.xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_dictionary_knows_its_version),
        cmocka_unit_test(fields_are_found_by_tag_and_name),
        cmocka_unit_test(messages_are_found_by_type_and_name),
        cmocka_unit_test(session_messages_are_told_from_the_others),
        cmocka_unit_test(header_and_trailer_fields_are_marked),
        cmocka_unit_test(components_are_put_in_place),
        cmocka_unit_test(the_members_of_an_optional_component_are_optional),
        cmocka_unit_test(a_group_starts_with_its_first_field_also_in_a_component),
        cmocka_unit_test(data_fields_know_the_field_with_their_length),
        cmocka_unit_test(values_are_described),
        cmocka_unit_test(fields_without_a_list_share_that_of_another),
        cmocka_unit_test(a_name_of_another_message_is_not_a_shape),
        cmocka_unit_test(dictionaries_of_others_are_read),
        cmocka_unit_test(the_shipped_dictionary_agrees_with_the_reference),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
