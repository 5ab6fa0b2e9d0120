/* The same message by our composers, by xmlTextWriter, and as plain bytes.  The last
   two play the events of what the first has written. */
#include "iso_writing.h"

#include "bench.h"

#include "codecs/base/xml.h"
#include "codecs/shape.h"

#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    FIELD_COUNT_MAX = 32,
    EVENT_COUNT_MAX = 512,
};

struct field {
    const char *path, *value;
};

static const struct field header_fields[] = {
    { "Fr.FIId.FinInstnId.BICFI", "ALPBGB2LXXX" },
    { "To.FIId.FinInstnId.BICFI", "CUSBGB2LXXX" },
    { "BizMsgIdr", "PSTK-AAAAAA-1-1" },
    { "MsgDefIdr", "pacs.008.001.08" },
    { "BizSvc", "swift.cbprplus.02" },
    { "CreDt", "2025-03-14T09:30:00Z" },
};

static const struct field document_fields[] = {
    { "GrpHdr.MsgId", "PSTK-AAAAAA-1-1" },
    { "GrpHdr.CreDtTm", "2025-03-14T09:30:00.000Z" },
    { "GrpHdr.NbOfTxs", "1" },
    { "GrpHdr.SttlmInf.SttlmMtd", "INDA" },
    { "CdtTrfTxInf.PmtId.InstrId", "PSTK-AAAAAA-1" },
    { "CdtTrfTxInf.PmtId.EndToEndId", "P-WD-0001" },
    { "CdtTrfTxInf.PmtId.UETR", "3f1c5a52-8c3e-4d0a-9a53-2a1b7a9d4c11" },
    { "CdtTrfTxInf.IntrBkSttlmAmt.value", "12500.00" },
    { "CdtTrfTxInf.IntrBkSttlmAmt.Ccy", "EUR" },
    { "CdtTrfTxInf.IntrBkSttlmDt", "2025-03-17" },
    { "CdtTrfTxInf.ChrgBr", "SHAR" },
    { "CdtTrfTxInf.InstgAgt.FinInstnId.BICFI", "ALPBGB2LXXX" },
    { "CdtTrfTxInf.InstdAgt.FinInstnId.BICFI", "CUSBGB2LXXX" },
    { "CdtTrfTxInf.Dbtr.Nm", "Meridian Brokerage & Custody Limited" },
    { "CdtTrfTxInf.Dbtr.PstlAdr.StrtNm", "Lantern Yard" },
    { "CdtTrfTxInf.Dbtr.PstlAdr.BldgNb", "14" },
    { "CdtTrfTxInf.Dbtr.PstlAdr.PstCd", "EC2V 7AB" },
    { "CdtTrfTxInf.Dbtr.PstlAdr.TwnNm", "London" },
    { "CdtTrfTxInf.Dbtr.PstlAdr.Ctry", "GB" },
    { "CdtTrfTxInf.DbtrAcct.Id.IBAN", "GB33BUKB20201555555555" },
    { "CdtTrfTxInf.DbtrAgt.FinInstnId.BICFI", "ALPBGB2LXXX" },
    { "CdtTrfTxInf.CdtrAgt.FinInstnId.BICFI", "CLTBDEFFXXX" },
    { "CdtTrfTxInf.Cdtr.Nm", "J\303\266rg Lindenau" },
    { "CdtTrfTxInf.Cdtr.PstlAdr.TwnNm", "Frankfurt am Main" },
    { "CdtTrfTxInf.Cdtr.PstlAdr.Ctry", "DE" },
    { "CdtTrfTxInf.CdtrAcct.Id.IBAN", "DE44500105175407324931" },
    { "CdtTrfTxInf.RmtInf.Ustrd", "Withdrawal of client money, account CM77001" },
};

/* One of the two parts, ready to be written. */
struct part {
    const struct shape *shape;
    struct shape_composer *composer;
    struct value values[FIELD_COUNT_MAX];
    struct record record;
};

struct writing {
    struct part header, document;
    struct writer writer, text;
    struct xml_reader *reader; /* whose events are played */
    struct xml_event events[EVENT_COUNT_MAX];
    size_t event_count;
};

static void give_up(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static void open_part(struct part *part, const struct shape *shape, const struct field *fields,
                      size_t count)
{
    struct slice paths[FIELD_COUNT_MAX];
    struct place places[FIELD_COUNT_MAX] = { { 0 } };
    const bool optional[FIELD_COUNT_MAX] = { false };
    struct error_list errors;
    error_list_init(&errors, 1);
    for (size_t i = 0; i < count; i++) {
        paths[i] = slice_of(fields[i].path);
        part->values[i] = (struct value){ slice_of(fields[i].value), NULL };
    }
    part->shape = shape;
    part->record = (struct record){ part->values, count };
    part->composer =
        shape->operations->composer(shape, paths, places, optional, count, PLACE_NONE, &errors);
    if (part->composer == NULL)
        give_up(errors.at[0].detail);
}

static void write_part(const struct part *part, struct writer *writer)
{
    struct error error;
    if (!part->shape->operations->compose(part->composer, &part->record, writer, &error))
        give_up(error.detail);
}

static void write_checked(void *argument)
{
    struct writing *writing = argument;
    writer_reset(&writing->writer);
    write_part(&writing->header, &writing->writer);
    write_part(&writing->document, &writing->writer);
}

static void write_by_libxml2(void *argument)
{
    struct writing *writing = argument;
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr writer = xmlNewTextWriterMemory(buffer, 0);
    for (size_t i = 0; i < writing->event_count; i++) {
        const struct xml_event *event = &writing->events[i];
        if (event->kind == XML_EVENT_END) {
            xmlTextWriterEndElement(writer);
        } else if (event->kind == XML_EVENT_TEXT) {
            xmlTextWriterWriteString(writer, (const xmlChar *)event->text.at);
        } else {
            xmlTextWriterStartElement(writer, (const xmlChar *)event->name.at);
            for (size_t j = 0; j < event->attribute_count; j++)
                xmlTextWriterWriteAttribute(writer, (const xmlChar *)event->attributes[j].name.at,
                                            (const xmlChar *)event->attributes[j].value.at);
        }
    }
    xmlFreeTextWriter(writer);
    xmlBufferFree(buffer);
}

static void write_plain(void *argument)
{
    struct writing *writing = argument;
    struct slice open[32];
    size_t depth = 0;
    struct writer *writer = &writing->writer;
    writer_reset(writer);
    for (size_t i = 0; i < writing->event_count; i++) {
        const struct xml_event *event = &writing->events[i];
        bool ends = event->kind == XML_EVENT_END;
        if (event->kind == XML_EVENT_TEXT) {
            writer_bytes(writer, event->text);
            continue;
        }
        writer_bytes(writer, ends ? SLICE("</") : SLICE("<"));
        writer_bytes(writer, ends ? open[--depth] : (open[depth++] = event->name));
        writer_bytes(writer, SLICE(">"));
    }
}

/* Both parts in one element, so that they are one document. */
static void read_events(struct writing *writing)
{
    struct error error;
    write_checked(writing);
    writer_text(&writing->text, "<a>");
    writer_bytes(&writing->text, writer_slice(&writing->writer));
    writer_text(&writing->text, "</a>");
    writing->reader = xml_reader_new("bench", &xml_limits_default);
    if (!xml_reader_feed(writing->reader, writer_slice(&writing->text), true, &error))
        give_up(error.detail);
    while (writing->event_count < EVENT_COUNT_MAX &&
           xml_reader_next(writing->reader, &writing->events[writing->event_count]))
        writing->event_count++;
}

void iso_writing_measure(const struct iso_catalogue *catalogue, unsigned round_ms)
{
    static struct writing writing;
    const struct shape *header =
        iso_schema_shape(iso_catalogue_find(catalogue, SLICE("head.001.001.02")));
    const struct shape *document =
        iso_schema_shape(iso_catalogue_find(catalogue, SLICE("pacs.008.001.08")));
    open_part(&writing.header, header, header_fields, sizeof header_fields / sizeof *header_fields);
    open_part(&writing.document, document, document_fields,
              sizeof document_fields / sizeof *document_fields);
    writer_init(&writing.writer, 0);
    writer_init(&writing.text, 0);
    read_events(&writing);
    printf("\nAppHdr and pacs.008 written, %zu bytes\n", writing.writer.used);
    bench_print_head();
    struct bench_figure baseline = bench_measure(write_by_libxml2, &writing, round_ms);
    bench_print("libxml2: xmlTextWriter", &baseline, NULL);
    struct bench_figure figure = bench_measure(write_plain, &writing, round_ms);
    bench_print("plain bytes, unchecked", &figure, &baseline);
    figure = bench_measure(write_checked, &writing, round_ms);
    bench_print("penstock: written by the schema, checked", &figure, &baseline);
    xml_reader_free(writing.reader);
    header->operations->composer_free(writing.header.composer);
    document->operations->composer_free(writing.document.composer);
    writer_fini(&writing.writer);
    writer_fini(&writing.text);
}
