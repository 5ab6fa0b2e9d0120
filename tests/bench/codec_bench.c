/* What one message costs in the codecs, beside a baseline measured in the same
   run: for FIX the sum over the message's bytes, for ISO 20022 libxml2's push
   parser without handlers over the same document. */
#include "bench.h"

#include "codecs/fix/message.h"
#include "codecs/iso20022/parse.h"
#include "config/config.h"
#include "kit/fix_text.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ROUND_MS = 50,
    FIELDS_MAX = 256,
};

struct fix_case {
    const struct fix_dictionary *dictionary;
    struct slice bytes;
    struct fix_field fields[FIELDS_MAX];
    unsigned sum;
};

struct write_case {
    const struct map *map;
    struct surroundings surroundings;
    struct writer writer;
};

struct parse_case {
    struct iso_parse_options options;
    struct slice document;
};

static const char withdrawal[] =
    "8=FIX.4.4|35=DY|49=BRKALPHA|56=PENSTOCK|34=5|52=20250314-09:30:15.105|2812=WD20250314-0001|"
    "2811=0|60=20250314-09:30:00|453=2|448=ALPBGB2LXXX|447=B|452=7|448=C-000123|447=D|452=3|"
    "2824=CASH|2817=12500.00|2818=EUR|2825=20250314|2826=20250317|2819=0|2816=CM77001|"
    "2821=P-WD-0001|1158=1|1164=3|781=2|782=MEI LIN|783=D|784=32|801=1|"
    "785=DE44500105175407324931|786=15|782=CLTBDEFFXXX|783=B|784=109|";

static const char status[] =
    "<RequestPayload><AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\"><Fr><FIId>"
    "<FinInstnId><BICFI>CUSBGB2LXXX</BICFI></FinInstnId></FIId></Fr><To><FIId><FinInstnId><BICFI>"
    "ALPBGB2LXXX</BICFI></FinInstnId></FIId></To><BizMsgIdr>B-1</BizMsgIdr><MsgDefIdr>"
    "pacs.002.001.10</MsgDefIdr><CreDt>2025-03-14T09:30:00Z</CreDt></AppHdr><Document "
    "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10\"><FIToFIPmtStsRpt><GrpHdr><MsgId>B-1"
    "</MsgId><CreDtTm>2025-03-14T09:30:00Z</CreDtTm></GrpHdr><TxInfAndSts><StsId>S-1</StsId>"
    "<OrgnlGrpInf><OrgnlMsgId>PSTK-AAAAAA-1-1</OrgnlMsgId><OrgnlMsgNmId>pacs.008.001.08"
    "</OrgnlMsgNmId></OrgnlGrpInf><OrgnlInstrId>WD20250314-0001</OrgnlInstrId><OrgnlEndToEndId>"
    "P-WD-0001</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts></FIToFIPmtStsRpt></Document>"
    "</RequestPayload>";

static void sum_bytes(void *argument)
{
    struct fix_case *item = argument;
    unsigned sum = 0;
    for (size_t i = 0; i < item->bytes.size; i++)
        sum += (unsigned char)item->bytes.at[i];
    __asm__ volatile("" : : "r"(sum));
    item->sum += sum;
}

static void read_fix(void *argument)
{
    struct fix_case *item = argument;
    struct fix_message message = { .fields = item->fields, .room = FIELDS_MAX };
    struct fix_frame frame;
    struct fix_finding finding = { .fault = NULL };
    const struct fix_fault *fault;
    if (fix_frame_find(item->bytes, item->bytes.size, &frame, &fault) != FIX_FRAME_WHOLE ||
        !fix_message_parse(&message, &frame, item->dictionary, &finding) ||
        !fix_message_validate(&message, item->dictionary, &finding)) {
        fprintf(stderr, "the withdrawal of this benchmark is not valid\n");
        exit(1);
    }
}

static void write_document(void *argument)
{
    struct write_case *item = argument;
    struct error error;
    writer_reset(&item->writer);
    arena_reset(item->surroundings.arena);
    if (!map_write(item->map, &item->surroundings, &item->writer, &error)) {
        error_write(&error, &item->writer);
        fprintf(stderr, "%s\n", item->writer.at);
        exit(1);
    }
}

static void parse_only(void *argument)
{
    struct parse_case *item = argument;
    static const xmlSAXHandler handlers = { .initialized = XML_SAX2_MAGIC };
    xmlSAXHandler table = handlers;
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&table, NULL, NULL, 0, NULL);
    xmlParseChunk(parser, item->document.at, (int)item->document.size, 1);
    xmlFreeParserCtxt(parser);
}

static void read_document(void *argument)
{
    struct parse_case *item = argument;
    struct iso_parser *parser = iso_parser_new(&item->options, "status.xml");
    iso_parser_feed(parser, item->document);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    if (outcome->errors.count > 0 || outcome->document.record_count != 1) {
        fprintf(stderr, "the status of this benchmark is not valid\n");
        exit(1);
    }
    iso_parser_free(parser);
}

static const struct map *map_called(const struct config *config, const char *name)
{
    const struct map *map = map_set_named(&config->maps, slice_of(name));
    if (map == NULL) {
        fprintf(stderr, "there is no map %s\n", name);
        exit(1);
    }
    return map;
}

static void measure_fix(struct fix_case *item)
{
    struct bench_figure baseline = bench_measure(sum_bytes, item, ROUND_MS);
    struct bench_figure figure = bench_measure(read_fix, item, ROUND_MS);
    bench_print("FIX baseline: sum of the bytes of one DY", &baseline, NULL);
    bench_print("FIX frame, parse and validate one DY", &figure, &baseline);
}

/* The record that the map's source fields are read into. */
static struct record read_record(const struct map *map, struct fix_case *item, struct arena *arena)
{
    struct fix_message message = { .fields = item->fields, .room = FIELDS_MAX };
    struct fix_frame frame;
    struct fix_finding finding;
    const struct fix_fault *fault;
    struct record record = record_take(arena, map_slot_count(map));
    fix_frame_find(item->bytes, item->bytes.size, &frame, &fault);
    fix_message_parse(&message, &frame, item->dictionary, &finding);
    fix_message_fill(map_reader(map), &message, &record, arena);
    return record;
}

static void fill_facts(struct facts *facts)
{
    static const struct {
        enum fact fact;
        const char *value;
    } values[] = {
        { FACT_now, "2025-03-14T09:30:00.000Z" },
        { FACT_message_id, "PSTK-AAAAAA-1-1" },
        { FACT_message_definition, "pacs.008.001.08" },
        { FACT_session_bic, "ALPBGB2LXXX" },
        { FACT_bank_bic, "CUSBGB2LXXX" },
        { FACT_bank_header, "head.001.001.02" },
        { FACT_bank, "CUSBGB2LXXX" },
        { FACT_link_client_name, "MEI LIN" },
        { FACT_link_legal_person, "false" },
        { FACT_link_bank, "CLTBDEFFXXX" },
        { FACT_link_bank_account, "DE44500105175407324931" },
        { FACT_instruction_id, "PSTK-AAAAAA-1" },
        { FACT_instruction_flow, "withdrawal" },
        { FACT_instruction_request_id, "WD20250314-0001" },
        { FACT_instruction_payment_id, "P-WD-0001" },
        { FACT_instruction_client, "C-000123" },
        { FACT_instruction_account, "CM77001" },
        { FACT_instruction_bank, "CUSBGB2LXXX" },
        { FACT_instruction_currency, "EUR" },
        { FACT_instruction_total, "12500.00" },
        { FACT_instruction_value_date, "2025-03-17" },
        { FACT_instruction_uetr, "3f1c5a52-8c3e-4d0a-9a53-2a1b7a9d4c11" },
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        facts->values[values[i].fact] = slice_of(values[i].value);
}

static void measure_write(const struct config *config, struct fix_case *fix)
{
    struct arena lasting, passing;
    struct facts facts = { 0 };
    arena_init(&lasting, ARENA_UNLIMITED);
    arena_init(&passing, ARENA_UNLIMITED);
    fill_facts(&facts);
    struct write_case item = { .map = map_called(config, "withdrawal-pacs008") };
    struct record record = read_record(item.map, fix, &lasting);
    item.surroundings =
        (struct surroundings){ .source = &record, .facts = &facts, .arena = &passing };
    writer_init(&item.writer, 0);
    struct bench_figure figure = bench_measure(write_document, &item, ROUND_MS);
    struct parse_case parse = { .document = writer_slice(&item.writer) };
    struct bench_figure baseline = bench_measure(parse_only, &parse, ROUND_MS);
    bench_print("ISO baseline: libxml2 alone reads that pacs.008", &baseline, NULL);
    bench_print("translate and write one pacs.008, checked", &figure, &baseline);
    writer_fini(&item.writer);
    arena_fini(&passing);
    arena_fini(&lasting);
}

static void measure_parse(const struct config *config)
{
    const struct shape_reader *readers[] = {
        map_reader(map_called(config, "read-header")),
        map_reader(map_called(config, "pacs002-status")),
    };
    struct parse_case item = { .options = { .catalogue = config->catalogue,
                                            .error_count_max = 10,
                                            .memory_max = 1 << 20,
                                            .readers = readers,
                                            .reader_count = 2 },
                               .document = SLICE(status) };
    struct bench_figure baseline = bench_measure(parse_only, &item, ROUND_MS);
    struct bench_figure figure = bench_measure(read_document, &item, ROUND_MS);
    bench_print("ISO baseline: libxml2 alone reads one pacs.002", &baseline, NULL);
    bench_print("parse, validate and read one pacs.002 with AppHdr", &figure, &baseline);
}

int main(int count, char **words)
{
    struct error_list errors;
    error_list_init(&errors, 20);
    struct config *config = config_load(
        count > 1 ? words[1] : PENSTOCK_SOURCE_DIR "/config/examples/demo.yaml", &errors);
    if (config == NULL) {
        struct writer writer;
        writer_init(&writer, 0);
        error_list_write(&errors, &writer);
        fprintf(stderr, "%s", writer.at);
        return 1;
    }
    struct fix_case fix = { .dictionary = config->dictionaries[0], .bytes = fix_text(withdrawal) };
    bench_print_head();
    measure_fix(&fix);
    measure_write(config, &fix);
    measure_parse(config);
    config_free(config);
    error_list_fini(&errors);
    return 0;
}
