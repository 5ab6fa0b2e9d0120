/* Any bytes as a document: whatever they are and however they are cut, the
   outcome is the same, and records are there when it is valid. */
#include "codecs/iso20022/parse.h"
#include "fuzz/fuzz.h"

enum {
    MEMORY_MAX = 1 << 20,
    READER_COUNT = 3,
    PATH_COUNT_MAX = 4,
};

/* What the maps of a gateway would ask for. */
static const struct {
    const char *id, *each;
    const char *paths[PATH_COUNT_MAX];
} wanted[READER_COUNT] = {
    { "head.001.001.02", NULL, { "BizMsgIdr", "MsgDefIdr", "Fr.FIId.FinInstnId.BICFI", "CreDt" } },
    { "pacs.008.001.08",
      "CdtTrfTxInf",
      { "GrpHdr.MsgId", "CdtTrfTxInf.IntrBkSttlmAmt.value", "CdtTrfTxInf.IntrBkSttlmAmt.Ccy",
        "CdtTrfTxInf.RmtInf.Ustrd" } },
    { "pacs.002.001.10",
      "TxInfAndSts.StsRsnInf",
      { "TxInfAndSts.TxSts", "TxInfAndSts.StsRsnInf.Rsn.Cd", "TxInfAndSts.StsRsnInf.AddtlInf",
        "OrgnlGrpInfAndSts.GrpSts" } },
};

static struct iso_catalogue *catalogue;
static struct iso_profile *every_rule;
static const struct shape_reader *readers[READER_COUNT];

static void add_schema(const char *id, struct error_list *errors)
{
    char name[128];
    snprintf(name, sizeof name, "schemas/iso20022/%s.xsd", id);
    struct slice xsd = fuzz_read_file(name);
    CHECK(iso_catalogue_add(catalogue, xsd, name, errors));
    fuzz_free_file(xsd);
}

static const struct shape_reader *make_reader(size_t row, struct error_list *errors)
{
    struct slice paths[PATH_COUNT_MAX];
    const struct shape *shape =
        iso_schema_shape(iso_catalogue_find(catalogue, slice_of(wanted[row].id)));
    for (size_t i = 0; i < PATH_COUNT_MAX; i++)
        paths[i] = slice_of(wanted[row].paths[i]);
    struct shape_reader *reader =
        shape->operations->reader(shape, paths, PATH_COUNT_MAX, slice_of(wanted[row].each), errors);
    CHECK(reader != NULL);
    return reader;
}

static void load(void)
{
    struct error_list errors;
    if (catalogue != NULL)
        return;
    catalogue = iso_catalogue_new();
    error_list_init(&errors, 0);
    for (size_t i = 0; i < READER_COUNT; i++)
        add_schema(wanted[i].id, &errors);
    add_schema("admi.002.001.01", &errors);
    for (size_t i = 0; i < READER_COUNT; i++)
        readers[i] = make_reader(i, &errors);
    error_list_fini(&errors);
    every_rule = iso_profile_new(catalogue);
    for (size_t i = 0; i < iso_profile_set_count; i++)
        CHECK(iso_profile_switch(every_rule, slice_of(iso_profile_sets[i].name), true));
    iso_profile_bind(every_rule);
}

static void write_part(const struct iso_part *part, struct writer *writer)
{
    for (size_t i = 0; i < part->record_count; i++) {
        const struct record *record = &part->records[i];
        CHECK(record->count == PATH_COUNT_MAX);
        for (size_t slot = 0; slot < record->count; slot++) {
            const struct value *value = &record->values[slot];
            for (; value != NULL && value->text.at != NULL; value = value->next)
                writer_format(writer, "%zu %zu %.*s\n", i, slot, SLICE_ARG(value->text));
        }
    }
}

/* Everything that is told of a document fed in chunks of one size. */
static void write_outcome(struct slice xml, size_t chunk_size, const struct iso_profile *profile,
                          struct iso_learned *learned, struct writer *writer)
{
    struct iso_parse_options options = { .catalogue = catalogue,
                                         .profile = profile,
                                         .error_count_max = 20,
                                         .memory_max = MEMORY_MAX,
                                         .readers = readers,
                                         .reader_count = READER_COUNT,
                                         .learned = learned };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    for (size_t at = 0; at < xml.size; at += chunk_size) {
        size_t size = xml.size - at < chunk_size ? xml.size - at : chunk_size;
        if (!iso_parser_feed(parser, (struct slice){ xml.at + at, size }))
            break;
    }
    const struct iso_outcome *outcome = iso_parser_end(parser);
    for (size_t i = 0; i < outcome->errors.count; i++) {
        const struct error *error = &outcome->errors.at[i];
        /* Which fault of its XML is told first, and how, goes by what libxml2 has seen. */
        if (strncmp(error->kind->name, "xml.", 4) == 0)
            writer_text(writer, "XML\n");
        else
            writer_format(writer, "%s %s\n", error->kind->name, error->detail);
    }
    if (outcome->errors.count == 0) {
        CHECK(outcome->header.schema != NULL || outcome->document.schema != NULL);
        write_part(&outcome->header, writer);
        write_part(&outcome->document, writer);
    }
    iso_parser_free(parser);
}

/* Alone, behind others, and in parts behind itself. */
static void judge(struct slice xml, size_t chunk_size, const struct iso_profile *profile,
                  struct iso_learned *learned)
{
    struct writer whole, again, parts;
    writer_init(&whole, 0);
    writer_init(&again, 0);
    writer_init(&parts, 0);
    write_outcome(xml, xml.size == 0 ? 1 : xml.size, profile, NULL, &whole);
    write_outcome(xml, xml.size == 0 ? 1 : xml.size, profile, learned, &again);
    write_outcome(xml, chunk_size, profile, learned, &parts);
    CHECK(slice_equal(writer_slice(&whole), writer_slice(&again)));
    CHECK(fuzz_cut_counts(xml) || slice_equal(writer_slice(&whole), writer_slice(&parts)));
    writer_fini(&whole);
    writer_fini(&again);
    writer_fini(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice xml = { (const char *)data, size };
    size_t chunk_size = 1 + (size == 0 ? 0 : data[size / 2] % 16);
    load();
    struct iso_learned *learned = iso_learned_new();
    judge(xml, chunk_size, NULL, learned);
    judge(xml, chunk_size, every_rule, learned);
    iso_learned_free(learned);
    return 0;
}
