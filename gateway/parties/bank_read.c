/* Reads documents of the gateway: checked against their schema in one pass,
   with just the values that the bank needs. */
#include "gateway/parties/bank_parts.h"

#define MEMORY_MAX (16u << 20)
#define PATHS_MAX  8

static const struct {
    const char *definition;
    const char *paths[PATHS_MAX]; /* in the order of the enumerations */
} readings[BANK_MESSAGE_COUNT] = {
    [BANK_HEADER] = { "head.001.001.02",
                      { [HEADER_ID] = "BizMsgIdr", [HEADER_DEFINITION] = "MsgDefIdr" } },
    [BANK_ORDER] = { "pacs.008.001.08",
                     { [ORDER_MSG_ID] = "GrpHdr.MsgId",
                       [ORDER_INSTR_ID] = "CdtTrfTxInf.PmtId.InstrId",
                       [ORDER_END_TO_END_ID] = "CdtTrfTxInf.PmtId.EndToEndId",
                       [ORDER_TX_ID] = "CdtTrfTxInf.PmtId.TxId",
                       [ORDER_UETR] = "CdtTrfTxInf.PmtId.UETR",
                       [ORDER_AMOUNT] = "CdtTrfTxInf.IntrBkSttlmAmt.value",
                       [ORDER_CURRENCY] = "CdtTrfTxInf.IntrBkSttlmAmt.Ccy" } },
    [BANK_REPLY] = { "pacs.002.001.10",
                     { [REPLY_END_TO_END_ID] = "TxInfAndSts.OrgnlEndToEndId",
                       [REPLY_STATUS] = "TxInfAndSts.TxSts",
                       [REPLY_REASON] = "TxInfAndSts.StsRsnInf.Rsn.Cd" } },
    [BANK_REFUSAL] = { "admi.002.001.01", { "RltdRef.Ref", "Rsn.RjctgPtyRsn" } },
};

static bool init_reader(struct bank_readers *readers, size_t index,
                        const struct iso_catalogue *catalogue, struct error_list *errors)
{
    const struct iso_schema *schema =
        iso_catalogue_find(catalogue, slice_of(readings[index].definition));
    struct slice paths[PATHS_MAX];
    size_t count = 0;

    if (schema == NULL)
        return error_list_at(errors, &iso_namespace_unknown, PLACE_NONE, "the schemas lack %s",
                             readings[index].definition);
    for (; count < PATHS_MAX && readings[index].paths[count] != NULL; count++)
        paths[count] = slice_of(readings[index].paths[count]);
    readers->shapes[index] = iso_schema_shape(schema);
    readers->at[index] = readers->shapes[index]->operations->reader(readers->shapes[index], paths,
                                                                    count, SLICE_NONE, errors);
    return readers->at[index] != NULL;
}

bool bank_readers_init(struct bank_readers *readers, const struct iso_catalogue *catalogue,
                       struct error_list *errors)
{
    bool good = true;

    for (size_t i = 0; i < BANK_MESSAGE_COUNT; i++)
        good = init_reader(readers, i, catalogue, errors) && good;
    readers->options = (struct iso_parse_options){
        .catalogue = catalogue,
        .error_count_max = 1,
        .memory_max = MEMORY_MAX,
        .readers = (const struct shape_reader *const *)readers->at,
        .reader_count = BANK_MESSAGE_COUNT,
    };
    return good;
}

void bank_readers_fini(struct bank_readers *readers)
{
    for (size_t i = 0; i < BANK_MESSAGE_COUNT; i++)
        if (readers->at[i] != NULL)
            readers->shapes[i]->operations->reader_free(readers->at[i]);
}

const struct iso_outcome *bank_read(const struct bank_readers *readers, struct slice bytes,
                                    struct iso_parser **parser, struct error *why)
{
    *parser = iso_parser_new(&readers->options, "document");
    iso_parser_feed(*parser, bytes);
    const struct iso_outcome *outcome = iso_parser_end(*parser);
    if (outcome->errors.count == 0 && outcome->header.schema != NULL &&
        outcome->document.schema != NULL)
        return outcome;
    if (outcome->errors.count > 0)
        *why = outcome->errors.at[0];
    else
        error_at(why, &iso_envelope_fault, PLACE_NONE, "header or document is missing");
    return NULL;
}
