/* Which values get into which slot of which record. */
#include "small_shape.h"

static void write_record(const struct record *record, struct writer *writer)
{
    for (size_t slot = 0; slot < record->count; slot++) {
        const struct value *value = &record->values[slot];
        writer_text(writer, slot == 0 ? "" : "|");
        if (value->text.at == NULL)
            writer_char(writer, '-');
        else
            for (; value != NULL; value = value->next)
                writer_format(writer, "%.*s%s", SLICE_ARG(value->text),
                              value->next == NULL ? "" : "+");
    }
    writer_char(writer, '\n');
}

/* Paths are divided by spaces.  One line per record: slots divided by |, values
   of one slot by +, an absent one is -. */
static void assert_records(const char *path_list, const char *each, const char *xml,
                           const char *expected)
{
    struct slice paths[16];
    size_t count = 0;
    for (const char *at = path_list; *at != '\0'; count++) {
        size_t size = strcspn(at, " ");
        paths[count] = (struct slice){ at, size };
        at += size + (at[size] == ' ');
    }
    struct error_list errors;
    struct writer writer;
    error_list_init(&errors, 0);
    writer_init(&writer, 0);
    struct shape_reader *reader =
        shape->operations->reader(shape, paths, count, slice_of(each), &errors);
    assert_non_null(reader);
    const struct shape_reader *readers[] = { reader };
    struct iso_parse_options options = {
        .catalogue = catalogue, .memory_max = 1 << 16, .readers = readers, .reader_count = 1
    };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, slice_of(xml));
    const struct iso_outcome *outcome = iso_parser_end(parser);
    assert_int_equal(outcome->errors.count, 0);
    assert_ptr_equal(outcome->document.reader, reader);
    for (size_t i = 0; i < outcome->document.record_count; i++)
        write_record(&outcome->document.records[i], &writer);
    assert_slice_equal(writer_slice(&writer), expected);
    iso_parser_free(parser);
    shape->operations->reader_free(reader);
    writer_fini(&writer);
}

static const char full[] = SMALL_DOCUMENT(
    "<Id>A</Id><Dt> 2024-02-29\n</Dt><Amt Ccy=\"CNY\"> 1.50 </Amt><Sts><Cd>DONE</Cd></Sts>"
    "<Note>n1</Note><Note></Note>"
    "<Grp><No>1</No><Tx><Ref>a</Ref><Amt Ccy=\"EUR\">5</Amt><Rsn>x</Rsn><Rsn>y</Rsn></Tx>"
    "<Tx><Ref>b</Ref></Tx></Grp>"
    "<Grp><No>2</No></Grp>"
    "<Grp><No>3</No><Tx><Ref>c</Ref></Tx></Grp>");

static void without_each_there_is_one_record(void **state)
{
    (void)state;
    assert_records("Id Dt Amt.value Amt.Ccy Sts.Cd Sts.Prtry", NULL, full,
                   "A|2024-02-29|1.50|CNY|DONE|-\n");
    assert_records("Smal.Id", NULL, full, "A\n");
}

static void what_repeats_is_a_list_in_order(void **state)
{
    (void)state;
    assert_records("Note Grp.No Grp.Tx.Ref Grp.Tx.Rsn", NULL, full, "n1+|1+2+3|a+b+c|x+y\n");
}

static void one_path_may_have_several_slots(void **state)
{
    (void)state;
    assert_records("Id Id Amt.Ccy Amt.Ccy", NULL, full, "A|A|CNY|CNY\n");
}

static void each_occurrence_has_a_record_and_all_have_what_is_around(void **state)
{
    (void)state;
    assert_records("Grp.No Id Grp.Tx.Ref", "Grp", full, "1|A|a+b\n2|A|-\n3|A|c\n");
}

static void values_of_one_occurrence_stay_out_of_the_next(void **state)
{
    (void)state;
    assert_records("Grp.Tx.Ref Grp.Tx.Amt.value Grp.Tx.Amt.Ccy Grp.Tx.Rsn", "Grp.Tx", full,
                   "a|5|EUR|x+y\nb|-|-|-\n-|-|-|-\nc|-|-|-\n");
}

static void what_is_between_belongs_to_its_own_occurrence(void **state)
{
    (void)state;
    assert_records("Grp.No Grp.Tx.Ref Id", "Grp.Tx", full, "1|a|A\n1|b|A\n2|-|A\n3|c|A\n");
}

static void a_message_without_the_element_has_one_record(void **state)
{
    (void)state;
    assert_records("Id Grp.No", "Grp", SMALL_DOCUMENT(SMALL_BODY), "A|-\n");
    assert_records("Id Grp.Tx.Ref", "Grp.Tx", SMALL_DOCUMENT(SMALL_BODY), "A|-\n");
}

static void what_comes_behind_is_in_every_record_too(void **state)
{
    (void)state;
    assert_records("Note Id", "Note",
                   SMALL_DOCUMENT("<Id>A</Id><Sts><Cd>DONE</Cd></Sts><Note>1</Note><Note>2</Note>"),
                   "1|A\n2|A\n");
    assert_records("Grp.Tx.Ref Grp.No", "Grp.Tx",
                   SMALL_DOCUMENT(SMALL_BODY "<Grp><No>9</No><Tx><Ref>a</Ref></Tx></Grp>"),
                   "a|9\n");
}

static void a_nested_document_fills_nothing(void **state)
{
    (void)state;
    assert_records("Id", NULL,
                   SMALL_DOCUMENT(SMALL_BODY "<Free>" SMALL_DOCUMENT(
                       "<Id>B</Id><Sts><Cd>BUSY</Cd></Sts>") "</Free>"),
                   "A\n");
}

static void a_header_is_filled_like_a_document(void **state)
{
    const struct shape *header = iso_schema_shape(iso_catalogue_at(catalogue, 1));
    struct slice paths[] = { SLICE("MsgDefIdr"), SLICE("AppHdr.Id") };
    struct error_list errors;
    (void)state;
    error_list_init(&errors, 0);
    struct shape_reader *reader = header->operations->reader(header, paths, 2, SLICE_NONE, &errors);
    const struct shape_reader *readers[] = { reader };
    struct iso_parse_options options = { .catalogue = catalogue,
                                         .readers = readers,
                                         .reader_count = 1 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser,
                    slice_of("<w>" SMALL_HEADER(SMALL_ID) SMALL_DOCUMENT(SMALL_BODY) "</w>"));
    const struct iso_outcome *outcome = iso_parser_end(parser);
    assert_int_equal(outcome->header.record_count, 1);
    assert_slice_equal(record_get(&outcome->header.records[0], 0), SMALL_ID);
    assert_slice_equal(record_get(&outcome->header.records[0], 1), "1");
    assert_null(outcome->document.reader);
    assert_int_equal(outcome->document.record_count, 0);
    iso_parser_free(parser);
    header->operations->reader_free(reader);
}

static void assert_refused(const char *path, const char *each, const char *detail)
{
    struct slice paths[] = { slice_of(path) };
    struct error_list errors;
    error_list_init(&errors, 0);
    assert_null(shape->operations->reader(shape, paths, 1, slice_of(each), &errors));
    assert_int_equal(errors.count, 1);
    assert_string_equal(errors.at[0].detail, detail);
    error_list_fini(&errors);
}

static void paths_that_can_not_be_read_are_refused(void **state)
{
    (void)state;
    assert_refused("Idd", NULL, "Idd (did you mean Id?)");
    assert_refused("Grp", NULL, "Grp: it has no text, only elements");
    assert_refused("Note[0]", NULL, "Note[0]: a number in brackets is for writing");
    assert_refused("Id", "Grpp", "Grpp (did you mean Grp?)");
    assert_refused("Id", "Sts", "Sts: it does not repeat");
    assert_refused("Id", "Grp[0]", "Grp[0]: a number in brackets is for writing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_each_there_is_one_record),
        cmocka_unit_test(what_repeats_is_a_list_in_order),
        cmocka_unit_test(one_path_may_have_several_slots),
        cmocka_unit_test(each_occurrence_has_a_record_and_all_have_what_is_around),
        cmocka_unit_test(values_of_one_occurrence_stay_out_of_the_next),
        cmocka_unit_test(what_is_between_belongs_to_its_own_occurrence),
        cmocka_unit_test(a_message_without_the_element_has_one_record),
        cmocka_unit_test(what_comes_behind_is_in_every_record_too),
        cmocka_unit_test(a_nested_document_fills_nothing),
        cmocka_unit_test(a_header_is_filled_like_a_document),
        cmocka_unit_test(paths_that_can_not_be_read_are_refused),
    };
    return cmocka_run_group_tests(tests, small_set_up, small_tear_down);
}
