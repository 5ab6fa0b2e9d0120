/* A bank's messages, written without the codecs that are tested with them. */
#include "kit/bank_text.h"

#include <stdio.h>

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:"

static void begin(struct writer *writer, const struct bank_party *party, const char *message_id,
                  const char *definition)
{
    writer_format(writer,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<RequestPayload>"
                  "<AppHdr xmlns=\"" NAMESPACE "head.001.001.02\">"
                  "<Fr><FIId><FinInstnId><BICFI>%s</BICFI></FinInstnId></FIId></Fr>"
                  "<To><FIId><FinInstnId><BICFI>%s</BICFI></FinInstnId></FIId></To>"
                  "<BizMsgIdr>%s</BizMsgIdr><MsgDefIdr>%s</MsgDefIdr><CreDt>%s</CreDt></AppHdr>"
                  "<Document xmlns=\"" NAMESPACE "%s\">",
                  party->bic, party->broker_bic, message_id, definition, party->created,
                  definition);
}

static void end(struct writer *writer)
{
    writer_text(writer, "</Document></RequestPayload>\n");
}

static void element(struct writer *writer, const char *name, const char *text)
{
    if (text != NULL)
        writer_format(writer, "<%s>%s</%s>", name, text, name);
}

void bank_write_status(struct writer *writer, const struct bank_party *party,
                       const struct bank_status *status)
{
    begin(writer, party, status->message_id, "pacs.002.001.10");
    writer_format(writer,
                  "<FIToFIPmtStsRpt><GrpHdr><MsgId>%s</MsgId><CreDtTm>%s</CreDtTm></GrpHdr>"
                  "<TxInfAndSts>",
                  status->message_id, party->created);
    if (status->order_id != NULL)
        writer_format(writer,
                      "<OrgnlGrpInf><OrgnlMsgId>%s</OrgnlMsgId>"
                      "<OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId></OrgnlGrpInf>",
                      status->order_id);
    element(writer, "OrgnlInstrId", status->instruction_id);
    element(writer, "OrgnlUETR", status->uetr);
    element(writer, "TxSts", status->status);
    if (status->reason != NULL) {
        writer_format(writer, "<StsRsnInf><Rsn><Cd>%s</Cd></Rsn>", status->reason);
        element(writer, "AddtlInf", status->text);
        writer_text(writer, "</StsRsnInf>");
    }
    element(writer, "AcctSvcrRef", status->reference);
    if (status->amount != NULL)
        writer_format(writer,
                      "<OrgnlTxRef><IntrBkSttlmAmt Ccy=\"%s\">%s</IntrBkSttlmAmt></OrgnlTxRef>",
                      status->currency, status->amount);
    writer_text(writer, "</TxInfAndSts></FIToFIPmtStsRpt>");
    end(writer);
}

static void write_account(struct writer *writer, const char *name, const char *account)
{
    bool iban = account[0] == 'D' && account[1] == 'E';

    writer_format(writer,
                  iban ? "<%s><Id><IBAN>%s</IBAN></Id></%s>"
                       : "<%s><Id><Othr><Id>%s</Id></Othr></Id></%s>",
                  name, account, name);
}

static void write_deposit(struct writer *writer, const struct bank_party *party,
                          const struct bank_deposit *deposit)
{
    writer_format(writer, "<CdtTrfTxInf><PmtId><EndToEndId>%s</EndToEndId>",
                  deposit->end_to_end_id);
    element(writer, "TxId", deposit->transaction_id);
    element(writer, "UETR", deposit->uetr);
    writer_format(writer,
                  "</PmtId><IntrBkSttlmAmt Ccy=\"%s\">%s</IntrBkSttlmAmt><ChrgBr>SHAR</ChrgBr>"
                  "<Dbtr><Nm>陈三</Nm></Dbtr>",
                  deposit->currency, deposit->amount);
    write_account(writer, "DbtrAcct", deposit->payer_account);
    writer_format(writer,
                  "<DbtrAgt><FinInstnId><BICFI>%s</BICFI></FinInstnId></DbtrAgt>"
                  "<CdtrAgt><FinInstnId><BICFI>%s</BICFI></FinInstnId></CdtrAgt>"
                  "<Cdtr><Nm>The Broker</Nm></Cdtr>",
                  deposit->payer_bank, party->bic);
    write_account(writer, "CdtrAcct", deposit->account);
    if (deposit->client != NULL)
        writer_format(writer,
                      "<UltmtCdtr><Id><PrvtId><Othr><Id>%s</Id></Othr></PrvtId></Id></UltmtCdtr>",
                      deposit->client);
    writer_text(writer, "</CdtTrfTxInf>");
}

void bank_write_deposits(struct writer *writer, const struct bank_party *party,
                         const char *message_id, const struct bank_deposit *deposits, size_t count)
{
    begin(writer, party, message_id, "pacs.008.001.08");
    writer_format(writer,
                  "<FIToFICstmrCdtTrf><GrpHdr><MsgId>%s</MsgId><CreDtTm>%s</CreDtTm>"
                  "<NbOfTxs>%zu</NbOfTxs><IntrBkSttlmDt>%.10s</IntrBkSttlmDt>"
                  "<SttlmInf><SttlmMtd>INDA</SttlmMtd></SttlmInf></GrpHdr>",
                  message_id, party->created, count, party->created);
    for (size_t i = 0; i < count; i++)
        write_deposit(writer, party, &deposits[i]);
    writer_text(writer, "</FIToFICstmrCdtTrf>");
    end(writer);
}

void bank_write_refusal(struct writer *writer, const struct bank_party *party,
                        const char *message_id, const char *refused_id, const char *reason)
{
    begin(writer, party, message_id, "admi.002.001.01");
    writer_format(writer,
                  "<admi.002.001.01><RltdRef><Ref>%s</Ref></RltdRef><Rsn>"
                  "<RjctgPtyRsn>%s</RjctgPtyRsn><RsnDesc>as the bank sees it</RsnDesc></Rsn>"
                  "</admi.002.001.01>",
                  refused_id, reason);
    end(writer);
}

struct slice bank_read(struct slice document, const char *name)
{
    char open[64];
    int size = snprintf(open, sizeof open, "<%s>", name);
    const char *found =
        document.size == 0 ? NULL : memmem(document.at, document.size, open, (size_t)size);

    if (found == NULL)
        return SLICE_NONE;
    const char *begin = found + size;
    const char *end = memchr(begin, '<', (size_t)(document.at + document.size - begin));
    return (struct slice){ begin, end == NULL ? 0 : (size_t)(end - begin) };
}
