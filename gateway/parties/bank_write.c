/* Writes documents of the bank: composed and checked like our own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codecs/iso20022/envelope.h"
#include "gateway/parties/bank_parts.h"

#define FIELDS_MAX 32

static const struct shape *shape_of(const struct bank *bank, const char *definition)
{
    return iso_schema_shape(iso_catalogue_find(bank->options->catalogue, slice_of(definition)));
}

static void complain(struct error_list *errors, const struct error *error, const char *definition)
{
    struct writer text;

    writer_init(&text, 0);
    if (errors->count > 0)
        error_list_write(errors, &text);
    else
        error_write(error, &text);
    fprintf(stderr, "penstock bank: cannot write a %s: %.*s\n", definition,
            SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
}

/* What is absent is left out before the composer proves the rest. */
static bool compose(const struct bank *bank, const char *definition,
                    const struct bank_field *fields, size_t count, struct writer *writer)
{
    const struct shape *shape = shape_of(bank, definition);
    struct place places[FIELDS_MAX] = { 0 };
    bool optional[FIELDS_MAX] = { false };
    struct slice paths[FIELDS_MAX];
    struct error_list errors;
    struct error error = { 0 };
    struct arena arena;
    size_t used = 0;

    arena_init(&arena, ARENA_UNLIMITED);
    error_list_init(&errors, 10);
    struct record record = record_take(&arena, count);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].value.at == NULL)
            continue;
        paths[used] = slice_of(fields[i].path);
        record_add(&record, used++, fields[i].value, &arena);
    }
    struct shape_composer *composer =
        shape->operations->composer(shape, paths, places, optional, used, PLACE_NONE, &errors);
    bool written =
        composer != NULL && shape->operations->compose(composer, &record, writer, &error);
    if (!written)
        complain(&errors, &error, definition);
    if (composer != NULL)
        shape->operations->composer_free(composer);
    error_list_fini(&errors);
    arena_fini(&arena);
    return written;
}

static struct slice time_text(struct bank *bank)
{
    struct writer text;

    writer_init(&text, 0);
    iso_timestamp_write(bank->now.utc_ns, &text);
    struct slice copy = arena_copy(&bank->arena, writer_slice(&text));
    writer_fini(&text);
    return copy;
}

void bank_write_file(struct bank *bank, const char *name, struct slice bytes)
{
    const char *hidden = bank_path(bank, bank->in, arena_format(&bank->arena, ".%s.tmp", name).at);
    FILE *file = fopen(hidden, "w");

    if (file == NULL || fwrite(bytes.at, 1, bytes.size, file) != bytes.size || fclose(file) != 0 ||
        rename(hidden, bank_path(bank, bank->in, name)) != 0)
        fprintf(stderr, "penstock bank: cannot write %s: %s\n", name, strerror(errno));
}

static void show(const struct bank *bank, const char *definition, struct slice id,
                 struct slice bytes)
{
    struct writer text;

    if (bank->options->quiet)
        return;
    writer_init(&text, 0);
    outline_write(bytes, &text);
    printf("bank -> gateway  %s %.*s\n%.*s", definition, SLICE_ARG(id),
           SLICE_ARG(writer_slice(&text)));
    fflush(stdout);
    writer_fini(&text);
}

void bank_write(struct bank *bank, const char *definition, struct slice id,
                const struct bank_field *fields, size_t count)
{
    const struct bank_field header_fields[] = {
        { "Fr.FIId.FinInstnId.BICFI", bank->options->bic },
        { "To.FIId.FinInstnId.BICFI", bank->options->gateway_bic },
        { "BizMsgIdr", id },
        { "MsgDefIdr", slice_of(definition) },
        { "CreDt", time_text(bank) },
    };
    struct writer header, document, whole;

    writer_init(&header, 0);
    writer_init(&document, 0);
    writer_init(&whole, 0);
    if (compose(bank, "head.001.001.02", header_fields, 5, &header) &&
        compose(bank, definition, fields, count, &document)) {
        const struct iso_envelope_parts parts = { .header = writer_slice(&header),
                                                  .document = writer_slice(&document) };
        struct error error;
        iso_envelope_write(iso_envelope_text(ISO_ENVELOPE_REQUEST_PAYLOAD), &parts, &whole, &error);
        bank_write_file(bank, arena_format(&bank->arena, "%.*s.xml", SLICE_ARG(id)).at,
                        writer_slice(&whole));
        show(bank, definition, id, writer_slice(&whole));
    }
    writer_fini(&header);
    writer_fini(&document);
    writer_fini(&whole);
}

void bank_write_status(struct bank *bank, struct slice id, const struct slice *order,
                       struct slice status, struct slice reason, struct slice text)
{
    const struct bank_field fields[] = {
        { "GrpHdr.MsgId", id },
        { "GrpHdr.CreDtTm", time_text(bank) },
        { "TxInfAndSts.StsId", id },
        { "TxInfAndSts.OrgnlGrpInf.OrgnlMsgId", order[ORDER_MSG_ID] },
        { "TxInfAndSts.OrgnlGrpInf.OrgnlMsgNmId", SLICE("pacs.008.001.08") },
        { "TxInfAndSts.OrgnlInstrId", order[ORDER_INSTR_ID] },
        { "TxInfAndSts.OrgnlEndToEndId", order[ORDER_END_TO_END_ID] },
        { "TxInfAndSts.OrgnlTxId", order[ORDER_TX_ID] },
        { "TxInfAndSts.OrgnlUETR", order[ORDER_UETR] },
        { "TxInfAndSts.TxSts", status },
        { "TxInfAndSts.StsRsnInf.Rsn.Cd", reason },
        { "TxInfAndSts.StsRsnInf.AddtlInf", text },
    };

    bank_write(bank, "pacs.002.001.10", id, fields, sizeof fields / sizeof *fields);
}

void bank_write_refusal(struct bank *bank, struct slice id, struct slice refused,
                        struct slice reason, struct slice text)
{
    const struct bank_field fields[] = {
        { "RltdRef.Ref", refused },
        { "Rsn.RjctgPtyRsn", reason },
        { "Rsn.RjctnDtTm", time_text(bank) },
        { "Rsn.RsnDesc", text },
    };

    bank_write(bank, "admi.002.001.01", id, fields, sizeof fields / sizeof *fields);
}
