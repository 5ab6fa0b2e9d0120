/* One transaction after another from a table of lines: an element with its
   text, or one that begins or ends. */
#include "iso_documents.h"

enum { INDENT_WIDTH = 4 };

/* text NULL: elements follow, up to the line without a name.  In a text # is the number
   of the transaction in six digits, % eight hexadecimal ones that it is scattered over. */
struct line {
    const char *name, *attribute, *text;
};

#define ENDS                                                                                       \
    {                                                                                              \
        NULL, NULL, NULL                                                                           \
    }
#define HOLDS NULL, NULL

static const struct line head[] = {
    { "FIToFICstmrCdtTrf", HOLDS },
    { "GrpHdr", HOLDS },
    { "MsgId", NULL, "BENCH-20250314-0001" },
    { "CreDtTm", NULL, "2025-03-14T09:30:00.125+01:00" },
    { "NbOfTxs", NULL, "#" },
    { "SttlmInf", HOLDS },
    { "SttlmMtd", NULL, "INDA" },
    ENDS,
    { "InstgAgt", HOLDS },
    { "FinInstnId", HOLDS },
    { "BICFI", NULL, "ALPBGB2LXXX" },
    ENDS,
    ENDS,
    { "InstdAgt", HOLDS },
    { "FinInstnId", HOLDS },
    { "BICFI", NULL, "CUSBGB2LXXX" },
    ENDS,
    ENDS,
    ENDS,
};

static const struct line transaction[] = {
    { "CdtTrfTxInf", HOLDS },
    { "PmtId", HOLDS },
    { "InstrId", NULL, "WD20250314-#" },
    { "EndToEndId", NULL, "P-WD-#" },
    { "UETR", NULL, "%-8c3e-4d0a-9a53-2a1b7a#" },
    ENDS,
    { "PmtTpInf", HOLDS },
    { "SvcLvl", HOLDS },
    { "Cd", NULL, "G001" },
    ENDS,
    { "CtgyPurp", HOLDS },
    { "Cd", NULL, "SUPP" },
    ENDS,
    ENDS,
    { "IntrBkSttlmAmt", "EUR", "12500.00" },
    { "IntrBkSttlmDt", NULL, "2025-03-17" },
    { "InstdAmt", "EUR", "12500.00" },
    { "ChrgBr", NULL, "SHAR" },
    { "Dbtr", HOLDS },
    { "Nm", NULL, "Meridian Brokerage & Custody Limited" },
    { "PstlAdr", HOLDS },
    { "StrtNm", NULL, "Lantern Yard" },
    { "BldgNb", NULL, "14" },
    { "PstCd", NULL, "EC2V 7AB" },
    { "TwnNm", NULL, "London" },
    { "Ctry", NULL, "GB" },
    ENDS,
    ENDS,
    { "DbtrAcct", HOLDS },
    { "Id", HOLDS },
    { "IBAN", NULL, "GB33BUKB20201555555555" },
    ENDS,
    ENDS,
    { "DbtrAgt", HOLDS },
    { "FinInstnId", HOLDS },
    { "BICFI", NULL, "ALPBGB2LXXX" },
    { "LEI", NULL, "5493001KJTIIGC8Y1R12" },
    ENDS,
    ENDS,
    { "DbtrAgtAcct", HOLDS },
    { "Id", HOLDS },
    { "Othr", HOLDS },
    { "Id", NULL, "CM77001-EUR" },
    ENDS,
    ENDS,
    ENDS,
    { "CdtrAgt", HOLDS },
    { "FinInstnId", HOLDS },
    { "BICFI", NULL, "CLTBDEFFXXX" },
    { "Nm", NULL, "Clearing and Trust Bank AG" },
    ENDS,
    ENDS,
    { "Cdtr", HOLDS },
    { "Nm", NULL, "J\303\266rg Lindenau" },
    { "PstlAdr", HOLDS },
    { "StrtNm", NULL, "Alte Gasse" },
    { "BldgNb", NULL, "7a" },
    { "PstCd", NULL, "60313" },
    { "TwnNm", NULL, "Frankfurt am Main" },
    { "Ctry", NULL, "DE" },
    ENDS,
    ENDS,
    { "CdtrAcct", HOLDS },
    { "Id", HOLDS },
    { "IBAN", NULL, "DE44500105175407324931" },
    ENDS,
    ENDS,
    { "InstrForCdtrAgt", HOLDS },
    { "Cd", NULL, "PHOB" },
    { "InstrInf", NULL, "Please call before the amount is paid out" },
    ENDS,
    { "Purp", HOLDS },
    { "Cd", NULL, "CASH" },
    ENDS,
    { "RmtInf", HOLDS },
    { "Ustrd", NULL, "Withdrawal # of client money, account CM77001" },
    { "Ustrd", NULL, "Statement and advice follow by letter to the address on file" },
    ENDS,
    ENDS,
};

struct writing {
    struct writer *writer;
    const char *open[16];
    unsigned depth, number;
    bool indented;
};

static void break_line(struct writing *writing)
{
    if (!writing->indented)
        return;
    writer_char(writing->writer, '\n');
    for (unsigned i = 0; i < writing->depth * INDENT_WIDTH; i++)
        writer_char(writing->writer, ' ');
}

static void write_text(struct writing *writing, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '#')
            writer_digits(writing->writer, writing->number, 6);
        else if (*text == '%')
            writer_format(writing->writer, "%08x", writing->number * 2654435761u);
        else if (*text == '&')
            writer_text(writing->writer, "&amp;");
        else
            writer_char(writing->writer, *text);
    }
}

static void write_line(struct writing *writing, const struct line *line)
{
    struct writer *writer = writing->writer;
    if (line->name == NULL) {
        writing->depth--;
        break_line(writing);
        writer_format(writer, "</%s>", writing->open[writing->depth]);
        return;
    }
    break_line(writing);
    writer_format(writer, "<%s", line->name);
    if (line->attribute != NULL)
        writer_format(writer, " Ccy=\"%s\"", line->attribute);
    writer_char(writer, '>');
    if (line->text == NULL) {
        writing->open[writing->depth++] = line->name;
        return;
    }
    write_text(writing, line->text);
    writer_format(writer, "</%s>", line->name);
}

void iso_document_write(struct writer *writer, unsigned transaction_count, bool indented)
{
    struct writing writing = { .writer = writer, .number = transaction_count };
    writing.indented = indented;
    writer_text(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:"
                        "iso:20022:tech:xsd:pacs.008.001.08\">");
    writing.open[writing.depth++] = "Document";
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        write_line(&writing, &head[i]);
    for (writing.number = 1; writing.number <= transaction_count; writing.number++) {
        for (size_t i = 0; i < sizeof transaction / sizeof *transaction; i++)
            write_line(&writing, &transaction[i]);
    }
    write_line(&writing, &(struct line)ENDS);
    write_line(&writing, &(struct line)ENDS);
    writer_char(writer, '\n');
}
