/* What reading, checking and writing ISO 20022 costs beside libxml2, in one table of
   one run: our one pass against libxml2's SAX2 alone, its tree, and its tree with its
   schema validator; our writer against xmlTextWriter; and what the schemas take.
   Arguments: milliseconds of a round, and documents to read in place of ours. */
#include "bench.h"
#include "iso_documents.h"
#include "iso_writing.h"

#include "codecs/iso20022/parse.h"
#include "codecs/shape.h"
#include "kit/kit.h"

#include <dirent.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ROUND_MS_IF_ABSENT = 20,
    PATH_SIZE = 1024,
};

#define SCHEMAS PENSTOCK_SOURCE_DIR "/schemas/iso20022/"
#define MESSAGE "pacs.008.001.08"

static void give_up(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* --- the schemas --- */

static void add_schema(struct iso_catalogue *catalogue, const char *name)
{
    char path[PATH_SIZE];
    struct error_list errors;
    error_list_init(&errors, 1);
    snprintf(path, sizeof path, "%s%s", SCHEMAS, name);
    struct slice xsd = kit_read_file(path);
    if (!iso_catalogue_add(catalogue, xsd, "xsd", &errors))
        give_up(errors.at[0].detail);
    kit_free_file(xsd);
    error_list_fini(&errors);
}

static struct iso_catalogue *load_schemas(void)
{
    struct iso_catalogue *catalogue = iso_catalogue_new();
    DIR *folder = opendir(SCHEMAS);
    const struct dirent *entry;
    if (folder == NULL)
        give_up("there is no folder " SCHEMAS);
    while ((entry = readdir(folder)) != NULL) {
        if (strstr(entry->d_name, ".xsd") != NULL)
            add_schema(catalogue, entry->d_name);
    }
    closedir(folder);
    return catalogue;
}

static void load_and_free(void *unused)
{
    (void)unused;
    iso_catalogue_free(load_schemas());
}

/* --- reading --- */

struct reading {
    struct slice document;
    struct iso_parse_options options;
    xmlSchemaPtr schema;
    xmlParserCtxtPtr kept;
};

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    (void)context, (void)name, (void)prefix, (void)uri, (void)namespace_count, (void)namespaces;
    (void)attribute_count, (void)defaulted_count, (void)attributes;
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)context, (void)name, (void)prefix, (void)uri;
}

static void on_text(void *context, const xmlChar *text, int size)
{
    (void)context, (void)text, (void)size;
}

static xmlSAXHandler no_op_handlers(void)
{
    return (xmlSAXHandler){ .initialized = XML_SAX2_MAGIC,
                            .startElementNs = on_start,
                            .endElementNs = on_end,
                            .characters = on_text };
}

static void sax_push(void *argument)
{
    const struct reading *reading = argument;
    xmlSAXHandler table = no_op_handlers();
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&table, NULL, NULL, 0, NULL);
    xmlParseChunk(parser, reading->document.at, (int)reading->document.size, 0);
    xmlParseChunk(parser, NULL, 0, 1);
    xmlFreeParserCtxt(parser);
}

static void sax_push_kept(void *argument)
{
    const struct reading *reading = argument;
    xmlCtxtResetPush(reading->kept, NULL, 0, NULL, NULL);
    xmlParseChunk(reading->kept, reading->document.at, (int)reading->document.size, 0);
    xmlParseChunk(reading->kept, NULL, 0, 1);
}

static void sax_whole(void *argument)
{
    const struct reading *reading = argument;
    xmlSAXHandler table = no_op_handlers();
    xmlSAXUserParseMemory(&table, NULL, reading->document.at, (int)reading->document.size);
}

static void tree(void *argument)
{
    const struct reading *reading = argument;
    xmlFreeDoc(xmlReadMemory(reading->document.at, (int)reading->document.size, "bench", NULL, 0));
}

static void tree_and_schema(void *argument)
{
    const struct reading *reading = argument;
    xmlDocPtr document =
        xmlReadMemory(reading->document.at, (int)reading->document.size, "bench", NULL, 0);
    xmlSchemaValidCtxtPtr validator = xmlSchemaNewValidCtxt(reading->schema);
    if (xmlSchemaValidateDoc(validator, document) != 0)
        give_up("libxml2 takes a document of this benchmark for invalid");
    xmlSchemaFreeValidCtxt(validator);
    xmlFreeDoc(document);
}

static void read_with(const struct iso_parse_options *options, struct slice document)
{
    struct iso_parser *parser = iso_parser_new(options, "bench");
    iso_parser_feed(parser, document);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    if (outcome->errors.count > 0)
        give_up(outcome->errors.at[0].detail);
    iso_parser_free(parser);
}

static void one_pass(void *argument)
{
    const struct reading *reading = argument;
    read_with(&reading->options, reading->document);
}

static void one_pass_alone(void *argument)
{
    const struct reading *reading = argument;
    struct iso_parse_options options = reading->options;
    options.learned = NULL;
    read_with(&options, reading->document);
}

static const struct way {
    const char *name;
    void (*run)(void *argument);
} ways[] = {
    { "libxml2: SAX2 alone, push parser", sax_push },
    { "libxml2: the same, parser kept", sax_push_kept },
    { "libxml2: SAX2 alone, whole in memory", sax_whole },
    { "libxml2: tree (xmlReadMemory)", tree },
    { "libxml2: tree + xmlSchemaValidateDoc", tree_and_schema },
    { "penstock: parse, validate, fill slots", one_pass },
    { "penstock: the same, as the first of its kind", one_pass_alone },
};

/* What a gateway asks for of each transaction. */
static const char *const wanted[] = {
    "GrpHdr.MsgId",
    "GrpHdr.CreDtTm",
    "CdtTrfTxInf.PmtId.InstrId",
    "CdtTrfTxInf.PmtId.EndToEndId",
    "CdtTrfTxInf.PmtId.UETR",
    "CdtTrfTxInf.IntrBkSttlmAmt.value",
    "CdtTrfTxInf.IntrBkSttlmAmt.Ccy",
    "CdtTrfTxInf.IntrBkSttlmDt",
    "CdtTrfTxInf.Dbtr.Nm",
    "CdtTrfTxInf.DbtrAcct.Id.IBAN",
    "CdtTrfTxInf.Cdtr.Nm",
    "CdtTrfTxInf.CdtrAcct.Id.IBAN",
    "CdtTrfTxInf.RmtInf.Ustrd",
};

enum { WANTED_COUNT = sizeof wanted / sizeof *wanted };

static struct shape_reader *new_reader(const struct shape *shape)
{
    struct slice paths[WANTED_COUNT];
    struct error_list errors;
    error_list_init(&errors, 1);
    for (size_t i = 0; i < WANTED_COUNT; i++)
        paths[i] = slice_of(wanted[i]);
    struct shape_reader *reader =
        shape->operations->reader(shape, paths, WANTED_COUNT, SLICE("CdtTrfTxInf"), &errors);
    if (reader == NULL)
        give_up(errors.at[0].detail);
    error_list_fini(&errors);
    return reader;
}

static void measure_ways(struct reading *reading, const char *what, unsigned round_ms)
{
    struct bench_figure baseline;
    printf("\n%s, %zu bytes\n", what, reading->document.size);
    bench_print_head();
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct bench_figure figure = bench_measure(ways[i].run, reading, round_ms);
        if (i == 0)
            baseline = figure;
        bench_print(ways[i].name, &figure, i == 0 ? NULL : &baseline);
    }
}

static void measure_reading(const struct iso_catalogue *catalogue, char **files, int file_count,
                            unsigned round_ms)
{
    static const struct {
        const char *name;
        unsigned transactions;
        bool indented;
    } documents[] = {
        { "pacs.008, 1 transaction", 1, false },
        { "pacs.008, 2 transactions, indented", 2, true },
        { "pacs.008, 14 transactions", 14, false },
        { "pacs.008, 720 transactions", 720, false },
    };
    const struct shape *shape = iso_schema_shape(iso_catalogue_find(catalogue, SLICE(MESSAGE)));
    struct shape_reader *reader = new_reader(shape);
    const struct shape_reader *readers[] = { reader };
    xmlSAXHandler table = no_op_handlers();
    xmlSchemaParserCtxtPtr compiler = xmlSchemaNewParserCtxt(SCHEMAS MESSAGE ".xsd");
    struct reading reading = { .options = { .catalogue = catalogue,
                                            .error_count_max = 10,
                                            .readers = readers,
                                            .reader_count = 1,
                                            .learned = iso_learned_new() },
                               .schema = xmlSchemaParse(compiler),
                               .kept = xmlCreatePushParserCtxt(&table, NULL, NULL, 0, NULL) };
    xmlSchemaFreeParserCtxt(compiler);
    for (int i = 0; i < file_count; i++) {
        reading.document = kit_read_file(files[i]);
        measure_ways(&reading, files[i], round_ms);
        kit_free_file(reading.document);
    }
    for (size_t i = 0; file_count == 0 && i < sizeof documents / sizeof *documents; i++) {
        struct writer writer;
        writer_init(&writer, 0);
        iso_document_write(&writer, documents[i].transactions, documents[i].indented);
        reading.document = writer_slice(&writer);
        measure_ways(&reading, documents[i].name, round_ms);
        writer_fini(&writer);
    }
    xmlFreeParserCtxt(reading.kept);
    xmlSchemaFree(reading.schema);
    iso_learned_free(reading.options.learned);
    shape->operations->reader_free(reader);
}

int main(int count, char **words)
{
    unsigned round_ms = count > 1 ? (unsigned)strtoul(words[1], NULL, 10) : ROUND_MS_IF_ABSENT;
    struct bench_figure figure = bench_measure(load_and_free, NULL, round_ms);
    struct iso_catalogue *catalogue = load_schemas();
    printf("%zu schemas: %zu types in %zu bytes of tables\n", iso_catalogue_count(catalogue),
           iso_catalogue_type_count(catalogue), iso_catalogue_size(catalogue));
    bench_print_head();
    bench_print("penstock: read and compile them", &figure, NULL);
    measure_reading(catalogue, words + 2, count > 2 ? count - 2 : 0, round_ms);
    iso_writing_measure(catalogue, round_ms);
    iso_catalogue_free(catalogue);
    return 0;
}
