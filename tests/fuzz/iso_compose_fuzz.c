/* A script of values as a message: the first byte says which message, then each line says what
   becomes of one slot.  Slots that no line names have a value that makes the message valid.
   A byte of no UTF-8 ends a line, so that values can be anything else:

       slot, 0: the value is absent; 1: it is the rest of the line; 2: that comes behind it

   What is refused is refused with an error.  What is written is valid for libxml2 and for
   us, and when it is read into the same slots and written again it is the same. */
#include "codecs/iso20022/parse.h"
#include "differential/oracle.h"
#include "fuzz/fuzz.h"

enum {
    SLOT_COUNT_MAX = 24,
    LINE_END = 0xff,
    MESSAGE_COUNT = 4,
};

struct wanted {
    const char *path;
    const char *value; /* NULL: absent */
};

static const struct {
    const char *id;
    struct wanted slots[SLOT_COUNT_MAX];
} messages[MESSAGE_COUNT] = {
    { "pacs.008.001.08",
      { { "GrpHdr.MsgId", "M1" },
        { "GrpHdr.CreDtTm", "2024-02-29T13:05:00+08:00" },
        { "GrpHdr.NbOfTxs", "1" },
        { "GrpHdr.BtchBookg", NULL },
        { "GrpHdr.SttlmInf.SttlmMtd", "CLRG" },
        { "GrpHdr.IntrBkSttlmDt", NULL },
        { "CdtTrfTxInf.PmtId.EndToEndId", "E1" },
        { "CdtTrfTxInf.PmtId.UETR", "0f8fad5b-d9cb-469f-a165-70867728950e" },
        { "CdtTrfTxInf.IntrBkSttlmAmt.value", "1.50" },
        { "CdtTrfTxInf.IntrBkSttlmAmt.Ccy", "EUR" },
        { "CdtTrfTxInf.XchgRate", NULL },
        { "CdtTrfTxInf.ChrgBr", "SHAR" },
        { "CdtTrfTxInf.Dbtr.Nm", "A" },
        { "CdtTrfTxInf.Dbtr.PstlAdr.AdrLine", NULL },
        { "CdtTrfTxInf.Dbtr.CtryOfRes", NULL },
        { "CdtTrfTxInf.DbtrAcct.Id.IBAN", NULL },
        { "CdtTrfTxInf.DbtrAcct.Id.Othr.Id", NULL },
        { "CdtTrfTxInf.DbtrAgt.FinInstnId.BICFI", "AAAABBCC" },
        { "CdtTrfTxInf.CdtrAgt.FinInstnId.BICFI", "AAAABBCCXXX" },
        { "CdtTrfTxInf.Cdtr.Nm", "B" },
        { "CdtTrfTxInf.RmtInf.Ustrd", NULL },
        { "CdtTrfTxInf.AccptncDtTm", NULL } } },
    { "pacs.002.001.10",
      { { "GrpHdr.MsgId", "M1" },
        { "GrpHdr.CreDtTm", "2024-02-29T24:00:00Z" },
        { "OrgnlGrpInfAndSts.OrgnlMsgId", NULL },
        { "OrgnlGrpInfAndSts.OrgnlMsgNmId", NULL },
        { "OrgnlGrpInfAndSts.GrpSts", NULL },
        { "TxInfAndSts.OrgnlEndToEndId", "E1" },
        { "TxInfAndSts.TxSts", "ACSC" },
        { "TxInfAndSts.StsRsnInf.Rsn.Cd", NULL },
        { "TxInfAndSts.StsRsnInf.Rsn.Prtry", NULL },
        { "TxInfAndSts.StsRsnInf.AddtlInf", NULL },
        { "TxInfAndSts.FctvIntrBkSttlmDt.Dt", NULL } } },
    { "head.001.001.02",
      { { "Fr.FIId.FinInstnId.BICFI", "AAAABBCC" },
        { "To.FIId.FinInstnId.BICFI", "AAAABBCC" },
        { "BizMsgIdr", "B1" },
        { "MsgDefIdr", "pacs.008.001.08" },
        { "CreDt", "2024-02-29T13:05:00Z" },
        { "CharSet", NULL },
        { "CpyDplct", NULL },
        { "PssblDplct", NULL },
        { "Prty", NULL } } },
    { "camt.053.001.08",
      { { "GrpHdr.MsgId", "M1" },
        { "GrpHdr.CreDtTm", "2024-02-29T13:05:00" },
        { "Stmt.Id", "S1" },
        { "Stmt.ElctrncSeqNb", NULL },
        { "Stmt.Acct.Id.Othr.Id", "1" },
        { "Stmt.Acct.Ccy", NULL },
        { "Stmt.Bal.Tp.CdOrPrtry.Cd", "CLBD" },
        { "Stmt.Bal.Amt.value", "0" },
        { "Stmt.Bal.Amt.Ccy", "EUR" },
        { "Stmt.Bal.CdtDbtInd", "CRDT" },
        { "Stmt.Bal.Dt.Dt", "2024-02-29" },
        { "Stmt.AddtlStmtInf", NULL } } },
};

static struct iso_catalogue *catalogue;
static struct {
    const struct shape *shape;
    struct shape_composer *composer;
    struct shape_reader *reader;
    struct oracle *oracle;
    size_t slot_count;
} subjects[MESSAGE_COUNT];

static void prepare(size_t row, struct error_list *errors)
{
    struct slice paths[SLOT_COUNT_MAX];
    struct place places[SLOT_COUNT_MAX] = { PLACE_NONE };
    bool optional[SLOT_COUNT_MAX];
    const struct shape *shape =
        iso_schema_shape(iso_catalogue_find(catalogue, slice_of(messages[row].id)));
    size_t count = 0;
    for (; count < SLOT_COUNT_MAX && messages[row].slots[count].path != NULL; count++) {
        paths[count] = slice_of(messages[row].slots[count].path);
        optional[count] = messages[row].slots[count].value == NULL;
    }
    subjects[row].shape = shape;
    subjects[row].slot_count = count;
    subjects[row].composer =
        shape->operations->composer(shape, paths, places, optional, count, PLACE_NONE, errors);
    subjects[row].reader = shape->operations->reader(shape, paths, count, SLICE_NONE, errors);
    if (errors->count > 0)
        fprintf(stderr, "%s: %s\n", errors->at[0].kind->text, errors->at[0].detail);
    CHECK(subjects[row].composer != NULL && subjects[row].reader != NULL);
}

static void load(void)
{
    struct error_list errors;
    if (catalogue != NULL)
        return;
    catalogue = iso_catalogue_new();
    error_list_init(&errors, 0);
    for (size_t row = 0; row < MESSAGE_COUNT; row++) {
        char name[128];
        snprintf(name, sizeof name, "schemas/iso20022/%s.xsd", messages[row].id);
        struct slice xsd = fuzz_read_file(name);
        CHECK(iso_catalogue_add(catalogue, xsd, name, &errors));
        subjects[row].oracle = oracle_new(xsd);
        CHECK(subjects[row].oracle != NULL);
        fuzz_free_file(xsd);
    }
    for (size_t row = 0; row < MESSAGE_COUNT; row++)
        prepare(row, &errors);
    error_list_fini(&errors);
}

static void take_line(struct record *record, struct slice line, struct arena *arena)
{
    if (line.size < 2)
        return;
    size_t slot = (unsigned char)line.at[0] % record->count;
    struct slice value = slice_after(line, 2);
    if (line.at[1] != 2)
        record->values[slot] = (struct value){ SLICE_NONE, NULL };
    if (line.at[1] != 0)
        record_add(record, slot, arena_copy(arena, value), arena);
}

static struct record record_of(size_t row, struct slice script, struct arena *arena)
{
    struct record record = record_take(arena, subjects[row].slot_count);
    for (size_t slot = 0; slot < record.count; slot++)
        record.values[slot].text = slice_of(messages[row].slots[slot].value);
    while (script.size > 0) {
        const char *end = memchr(script.at, LINE_END, script.size);
        size_t size = end == NULL ? script.size : (size_t)(end - script.at);
        take_line(&record, (struct slice){ script.at, size }, arena);
        script = slice_after(script, end == NULL ? size : size + 1);
    }
    return record;
}

static bool compose(size_t row, const struct record *record, struct writer *writer)
{
    struct error error = { 0 };
    bool fine =
        subjects[row].shape->operations->compose(subjects[row].composer, record, writer, &error);
    CHECK(fine == (error.kind == NULL));
    return fine;
}

static void check_document(size_t row, struct slice xml)
{
    const struct shape_reader *readers[] = { subjects[row].reader };
    struct iso_parse_options options = {
        .catalogue = catalogue, .error_count_max = 5, .readers = readers, .reader_count = 1
    };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    struct writer again;
    writer_init(&again, 0);
    iso_parser_feed(parser, xml);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    CHECK(outcome->errors.count == 0);
    CHECK(oracle_judge(subjects[row].oracle, xml).valid ||
          oracle_explain(subjects[row].oracle, xml, &outcome->errors) != 0);
    const struct iso_part *part =
        outcome->header.schema != NULL ? &outcome->header : &outcome->document;
    CHECK(part->record_count == 1 && compose(row, &part->records[0], &again));
    CHECK(slice_equal(writer_slice(&again), xml));
    writer_fini(&again);
    iso_parser_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice script = { (const char *)data, size };
    struct arena arena;
    struct writer writer;
    load();
    if (size == 0)
        return 0;
    size_t row = data[0] % MESSAGE_COUNT;
    arena_init(&arena, ARENA_UNLIMITED);
    writer_init(&writer, 0);
    struct record record = record_of(row, slice_after(script, 1), &arena);
    if (compose(row, &record, &writer))
        check_document(row, writer_slice(&writer));
    writer_fini(&writer);
    arena_fini(&arena);
    return 0;
}
