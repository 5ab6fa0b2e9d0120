/* Batch by batch come the records that the whole document has. */
#include "codecs/iso20022/batch.h"

#include "reference.h"
#include "small_shape.h"

#include <glob.h>

/* Groups with many transactions, one, and none; values that repeat and that are
   not there, outside of what is read one by one and in it. */
static const char many[] =
    SMALL_DOCUMENT("<Id>A</Id><Amt Ccy='CHF'>12</Amt><Sts><Prtry>&#x4e2d;</Prtry></Sts>"
                   "<Note>one</Note><Note/>"
                   "<Grp><No>1</No><Tx><Ref>a</Ref><Amt Ccy='EUR'>1</Amt></Tx><Tx><Ref>b</Ref>"
                   "<Rsn>x</Rsn><Rsn>y</Rsn><Rsn>z</Rsn></Tx></Grp><Grp><No>2</No></Grp>"
                   "<Grp><No>3</No><Tx><Ref>c</Ref><Rsn>w</Rsn></Tx></Grp>"
                   "<Grp><No>4</No><Tx><Ref>d</Ref></Tx><Tx><Ref>e</Ref></Tx><Tx><Ref>f</Ref></Tx>"
                   "<Tx><Ref>g</Ref></Tx><Tx><Ref>h</Ref></Tx></Grp>");

static const struct slice many_paths[] = {
    { "Id", 2 },        { "Amt.Ccy", 7 },     { "Dt", 2 },
    { "Note", 4 },      { "Grp.No", 6 },      { "Grp.Tx.Ref", 10 },
    { "Amt.value", 9 }, { "Grp.Tx.Rsn", 10 }, { "Grp.Tx.Amt.Ccy", 14 },
};

#define MANY_PATH_COUNT (sizeof many_paths / sizeof *many_paths)

static struct shape_reader *read_shape(const struct shape *of, const struct slice *paths,
                                       size_t count, const char *each)
{
    struct error_list errors;
    error_list_init(&errors, 0);
    struct shape_reader *reader = of->operations->reader(of, paths, count, slice_of(each), &errors);
    assert_non_null(reader);
    error_list_fini(&errors);
    return reader;
}

static struct shape_reader *read_by(const struct slice *paths, size_t count, const char *each)
{
    return read_shape(shape, paths, count, each);
}

static void write_records(const struct record *records, size_t count, uint64_t first,
                          struct writer *writer)
{
    for (size_t i = 0; i < count; i++) {
        writer_u64(writer, first + i);
        for (size_t slot = 0; slot < records[i].count; slot++) {
            const struct value *value = &records[i].values[slot];
            writer_char(writer, '|');
            for (; value != NULL; value = value->next)
                writer_format(writer, "%s%.*s+", value->text.at == NULL ? "-" : "",
                              SLICE_ARG(value->text));
        }
        writer_char(writer, '\n');
    }
}

/* The records of the whole document, without those before first. */
static void write_whole(const struct shape_reader *reader, struct slice xml, size_t first,
                        struct writer *writer)
{
    struct iso_parse_options options = { .catalogue = catalogue,
                                         .readers = &reader,
                                         .reader_count = 1 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, xml);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    assert_int_equal(outcome->errors.count, 0);
    size_t skipped =
        first - 1 < outcome->document.record_count ? first - 1 : outcome->document.record_count;
    write_records(outcome->document.records + skipped, outcome->document.record_count - skipped,
                  first, writer);
    iso_parser_free(parser);
}

struct asked {
    const struct shape_reader *reader;
    const char *xml;
    size_t chunk_size, first, count_max, memory_max;
};

static void drain(struct iso_batches *batches, const struct asked *asked, uint64_t *next,
                  struct writer *writer)
{
    struct iso_batch batch;
    while (iso_batches_next(batches, &batch)) {
        assert_true(batch.first == *next);
        assert_in_range(batch.count, 1, asked->count_max);
        write_records(batch.records, batch.count, batch.first, writer);
        *next += batch.count;
    }
}

static struct iso_batches *batches_of(const struct asked *asked)
{
    const struct iso_batch_options options = { .parse = { .catalogue = catalogue,
                                                          .memory_max = asked->memory_max,
                                                          .readers = &asked->reader,
                                                          .reader_count = 1 },
                                               .first = asked->first,
                                               .count_max = asked->count_max };
    return iso_batches_new(&options, "x");
}

/* How many findings there are. */
static size_t write_batches(const struct asked *asked, struct writer *writer)
{
    struct iso_batches *batches = batches_of(asked);
    struct slice rest = slice_of(asked->xml);
    uint64_t next = asked->first;
    while (rest.size > asked->chunk_size) {
        iso_batches_feed(batches, (struct slice){ rest.at, asked->chunk_size }, false);
        drain(batches, asked, &next, writer);
        rest = slice_after(rest, asked->chunk_size);
    }
    iso_batches_feed(batches, rest, true);
    drain(batches, asked, &next, writer);
    size_t findings = iso_batches_findings(batches)->count;
    iso_batches_free(batches);
    return findings;
}

static void assert_like_whole(const struct asked *asked)
{
    struct writer whole, parts;
    writer_init(&whole, 0);
    writer_init(&parts, 0);
    write_whole(asked->reader, slice_of(asked->xml), asked->first, &whole);
    assert_int_equal(write_batches(asked, &parts), 0);
    assert_slice_equal(writer_slice(&parts), writer_slice(&whole).at);
    writer_fini(&whole);
    writer_fini(&parts);
}

static void batches_are_the_records_of_the_whole(void **state)
{
    static const char *const each[] = { "Grp.Tx", "Grp" };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct shape_reader *reader = read_by(many_paths, MANY_PATH_COUNT, each[i]);
        for (size_t chunk = 1; chunk < sizeof many; chunk += chunk < 20 ? 1 : 97)
            for (size_t count = 1; count < 11; count++)
                assert_like_whole(&(struct asked){ reader, many, chunk, 1, count, 0 });
        shape->operations->reader_free(reader);
    }
}

static void reading_goes_on_from_any_number(void **state)
{
    struct shape_reader *reader = read_by(many_paths, MANY_PATH_COUNT, "Grp.Tx");
    (void)state;
    for (size_t first = 1; first < 12; first++) {
        assert_like_whole(&(struct asked){ reader, many, sizeof many, first, 3, 0 });
        assert_like_whole(&(struct asked){ reader, many, 1, first, 100, 0 });
    }
    shape->operations->reader_free(reader);
}

static void a_message_without_what_repeats_has_one_record(void **state)
{
    struct shape_reader *reader = read_by(many_paths, MANY_PATH_COUNT, "Grp.Tx");
    (void)state;
    assert_like_whole(&(struct asked){ reader, SMALL_DOCUMENT(SMALL_BODY), 7, 1, 3, 0 });
    shape->operations->reader_free(reader);
}

static void all_paths_may_be_read_without_each(void **state)
{
    struct shape_reader *reader = read_by(many_paths, MANY_PATH_COUNT, NULL);
    (void)state;
    assert_like_whole(&(struct asked){ reader, many, 7, 1, 3, 0 });
    shape->operations->reader_free(reader);
}

/* As many groups with a transaction each. */
static void write_groups(size_t count, size_t reason_count, struct writer *xml)
{
    writer_text(xml, "<Document xmlns=\"" SMALL_NAMESPACE "\"><Smal>" SMALL_BODY);
    for (size_t i = 0; i < count; i++) {
        writer_text(xml, "<Grp><No>1</No><Tx><Ref>abcde</Ref>");
        for (size_t j = 0; j < reason_count; j++)
            writer_text(xml, "<Rsn>abcde</Rsn>");
        writer_text(xml, "</Tx></Grp>");
    }
    writer_text(xml, "</Smal></Document>");
}

static void memory_is_that_of_a_batch_however_many_come(void **state)
{
    struct shape_reader *reader = read_by(many_paths, MANY_PATH_COUNT, "Grp.Tx");
    struct writer xml, parts;
    (void)state;
    writer_init(&xml, 0);
    writer_init(&parts, 0);
    write_groups(20000, 1, &xml);
    struct asked asked = { reader, writer_slice(&xml).at, 5000, 1, 10, 20000 };
    assert_int_equal(write_batches(&asked, &parts), 0);
    assert_non_null(memmem(parts.at, parts.used, "\n20000|", 7));
    writer_fini(&xml);
    writer_fini(&parts);
    shape->operations->reader_free(reader);
}

static void large_records_make_small_batches(void **state)
{
    struct shape_reader *reader = read_by(many_paths, MANY_PATH_COUNT, "Grp.Tx");
    struct writer xml;
    struct iso_batch batch;
    size_t count = 0;
    (void)state;
    writer_init(&xml, 0);
    write_groups(20, 100, &xml);
    struct asked asked = { reader, NULL, 0, 1, 100, 30000 };
    struct iso_batches *batches = batches_of(&asked);
    iso_batches_feed(batches, writer_slice(&xml), true);
    while (iso_batches_next(batches, &batch)) {
        assert_in_range(batch.count, 1, 6);
        count += batch.count;
    }
    assert_int_equal(iso_batches_findings(batches)->count, 0);
    assert_int_equal(count, 20);
    iso_batches_free(batches);
    writer_fini(&xml);
    shape->operations->reader_free(reader);
}

static void a_record_over_the_memory_is_a_finding(void **state)
{
    struct shape_reader *reader = read_by(many_paths, MANY_PATH_COUNT, "Grp.Tx");
    struct writer xml, parts;
    (void)state;
    writer_init(&xml, 0);
    writer_init(&parts, 0);
    write_groups(1, 1000, &xml);
    struct asked asked = { reader, writer_slice(&xml).at, 5000, 1, 10, 20000 };
    assert_int_equal(write_batches(&asked, &parts), 1);
    assert_int_equal(parts.used, 0);
    writer_fini(&xml);
    writer_fini(&parts);
    shape->operations->reader_free(reader);
}

/* The first pass has seen other bytes: what came before stands, nothing follows. */
static void nothing_is_handed_out_behind_a_finding(void **state)
{
    static const char *const bad[] = {
        SMALL_DOCUMENT(SMALL_BODY "<Grp><No>1</No></Grp><Grp><No>toolong</No></Grp>"
                                  "<Grp><No>3</No></Grp>"),
        SMALL_DOCUMENT(SMALL_BODY "<Grp><No>1</No></Grp>") "x",
        "<w>" SMALL_DOCUMENT(SMALL_BODY "<Grp><No>1</No></Grp>") "</w>",
    };
    const struct slice paths[] = { SLICE("Id"), SLICE("Grp.No") };
    struct shape_reader *reader = read_by(paths, 2, "Grp");
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct writer parts;
        writer_init(&parts, 0);
        struct asked asked = { reader, bad[i], 1, 1, 1, 0 };
        assert_int_equal(write_batches(&asked, &parts), 1);
        assert_slice_equal(writer_slice(&parts), "1|A+|1+\n");
        writer_fini(&parts);
    }
    shape->operations->reader_free(reader);
}

static void every_prefix_has_a_finding(void **state)
{
    struct shape_reader *reader = read_by(many_paths, MANY_PATH_COUNT, "Grp.Tx");
    (void)state;
    for (size_t size = 0; size < sizeof many - 1; size++) {
        struct asked asked = { reader, many, size, 1, 2, 0 };
        struct iso_batches *batches = batches_of(&asked);
        struct iso_batch batch;
        iso_batches_feed(batches, guarded((struct slice){ many, size }), true);
        while (iso_batches_next(batches, &batch))
            ;
        assert_true(iso_batches_findings(batches)->count > 0);
        iso_batches_free(batches);
    }
    shape->operations->reader_free(reader);
}

static void what_comes_behind_can_not_be_read(void **state)
{
    static const struct {
        const char *path, *each;
        bool can;
    } cases[] = {
        { "Id", "Grp", true },       { "Note", "Grp", true },         { "Grp.Tx.Ref", "Grp", true },
        { "Id", "Note", true },      { "Sts.Cd", "Note", true },      { "Grp.No", "Grp.Tx", true },
        { "Grp.No", "Note", false }, { "Grp.Tx.Ref", "Note", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice path = slice_of(cases[i].path);
        struct shape_reader *reader = read_by(&path, 1, cases[i].each);
        struct error error;
        assert_int_equal(iso_batches_can_read(reader, &error), cases[i].can);
        if (!cases[i].can)
            assert_non_null(strstr(error.detail, cases[i].path));
        shape->operations->reader_free(reader);
    }
}

/* What repeats in messages, and a path in it and one around it. */
static const struct {
    const char *message, *each, *inside, *around;
} repeating[] = {
    { "camt.052.001", "Rpt.Ntry", "Rpt.Ntry.Amt.value", "Rpt.Id" },
    { "camt.053.001", "Stmt.Ntry", "Stmt.Ntry.Amt.value", "Stmt.Bal.Amt.value" },
    { "camt.053.001", "Stmt.Ntry.NtryDtls.TxDtls", "Stmt.Ntry.NtryDtls.TxDtls.Refs.EndToEndId",
      "Stmt.Ntry.Amt.Ccy" },
    { "camt.054.001", "Ntfctn.Ntry", "Ntfctn.Ntry.Amt.value", "Ntfctn.Id" },
    { "pain.001.001", "PmtInf.CdtTrfTxInf", "PmtInf.CdtTrfTxInf.PmtId.EndToEndId",
      "PmtInf.PmtInfId" },
    { "pacs.008.001", "CdtTrfTxInf", "CdtTrfTxInf.RmtInf.Ustrd", "GrpHdr.MsgId" },
    { "pacs.004.001", "TxInf", "TxInf.RtrRsnInf.Rsn.Cd", "GrpHdr.MsgId" },
};

static void check_sample(const char *path, const struct shape_reader *reader)
{
    struct slice xml = kit_read_file(path);
    char *text = memory_take(xml.size + 1);
    memcpy(text, xml.at, xml.size);
    text[xml.size] = '\0';
    for (size_t i = 1; i < 6; i++)
        assert_like_whole(&(struct asked){ reader, text, 1 + i * i * 20, i, 6 - i, 0 });
    free(text);
    kit_free_file(xml);
}

static size_t check_samples(const char *pattern, size_t row)
{
    const struct slice paths[] = { slice_of(repeating[row].inside),
                                   slice_of(repeating[row].around) };
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *folder = strstr(found.gl_pathv[i], repeating[row].message);
        const struct shape *of = iso_schema_shape(
            iso_catalogue_find(catalogue, (struct slice){ folder, sizeof "pacs.008.001.08" - 1 }));
        struct shape_reader *reader = read_shape(of, paths, 2, repeating[row].each);
        check_sample(found.gl_pathv[i], reader);
        of->operations->reader_free(reader);
    }
    size_t count = found.gl_pathc;
    globfree(&found);
    return count;
}

static void batches_of_samples_are_the_records_of_the_whole(void **state)
{
    const char *shared = kit_shared("batch_test");
    struct iso_catalogue *small = catalogue;
    (void)state;
    if (shared == NULL)
        skip();
    catalogue = reference_catalogue();
    for (size_t row = 0; row < sizeof repeating / sizeof *repeating; row++) {
        char pattern[REFERENCE_PATH_MAX];
        snprintf(pattern, sizeof pattern, "%s/iso20022/samples/valid/%s.*/*.xml", shared,
                 repeating[row].message);
        size_t count = check_samples(pattern, row);
        print_message("%s, %s: %zu samples\n", repeating[row].message, repeating[row].each, count);
        assert_true(count > 0);
    }
    iso_catalogue_free(catalogue);
    catalogue = small;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_are_the_records_of_the_whole),
        cmocka_unit_test(reading_goes_on_from_any_number),
        cmocka_unit_test(a_message_without_what_repeats_has_one_record),
        cmocka_unit_test(all_paths_may_be_read_without_each),
        cmocka_unit_test(memory_is_that_of_a_batch_however_many_come),
        cmocka_unit_test(large_records_make_small_batches),
        cmocka_unit_test(a_record_over_the_memory_is_a_finding),
        cmocka_unit_test(nothing_is_handed_out_behind_a_finding),
        cmocka_unit_test(every_prefix_has_a_finding),
        cmocka_unit_test(what_comes_behind_can_not_be_read),
        cmocka_unit_test(batches_of_samples_are_the_records_of_the_whole),
    };
    return cmocka_run_group_tests(tests, small_set_up, small_tear_down);
}
