/* Every rule about messages on both sides: a message that keeps all rules that go for
   every scheme, and the same message with one change, which breaks the rule in
   question and no other. */
#include "rule_cases.h"

#include "reference.h"

#include "codecs/iso20022/rule.h"

static struct iso_catalogue *catalogue;

/* strict, with the rule that is tried; rules about values are tested elsewhere. */
static struct iso_profile *profile;
static const char *profile_rule;

static int set_up(void **state)
{
    (void)state;
    catalogue = reference_catalogue();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_profile_free(profile);
    iso_catalogue_free(catalogue);
    return 0;
}

static void switch_to(const char *rule)
{
    if (profile_rule == rule)
        return;
    iso_profile_free(profile);
    profile_rule = rule;
    profile = iso_profile_new(catalogue);
    assert_true(iso_profile_like(profile, SLICE("strict")));
    for (size_t i = 0; i < iso_rule_count; i++) {
        if (iso_rules[i].messages == NULL)
            iso_profile_switch(profile, slice_of(iso_rules[i].name), false);
    }
    assert_true(iso_profile_switch(profile, slice_of(rule), true));
    iso_profile_bind(profile);
}

/* A document that keeps the rule, and what is put in the place of its first `from`;
   NULL: in the place of it all. */
struct trial {
    const char *rule, *document, *from, *to;
};

static void write_changed(struct writer *xml, const struct trial *trial)
{
    const char *from = trial->from == NULL ? trial->document : trial->from;
    const char *at = strstr(trial->document, from);
    if (at == NULL)
        fail_msg("%s: there is no %s", trial->rule, from);
    writer_bytes(xml, (struct slice){ trial->document, (size_t)(at - trial->document) });
    writer_text(xml, trial->to);
    writer_text(xml, at + strlen(from));
}

/* One finding or more, all of this rule. */
static bool are_of(struct slice findings, const char *rule)
{
    char name[100];
    size_t count = 0, size = (size_t)snprintf(name, sizeof name, " (rule %s)\n", rule);
    while (findings.size > 0) {
        const char *end = memchr(findings.at, '\n', findings.size);
        size_t line = (size_t)(end - findings.at) + 1;
        if (line < size || memcmp(findings.at + line - size, name, size) != 0)
            return false;
        findings = slice_after(findings, line);
        count++;
    }
    return count > 0;
}

static void try(const struct trial *trial)
{
    struct writer xml, findings;
    switch_to(trial->rule);
    writer_init(&xml, 0);
    writer_init(&findings, 0);
    reference_findings(catalogue, profile, slice_of(trial->document), &findings);
    if (writer_slice(&findings).size > 0)
        fail_msg("%s: not kept: %s", trial->rule, writer_slice(&findings).at);
    write_changed(&xml, trial);
    reference_findings(catalogue, profile, writer_slice(&xml), &findings);
    if (!are_of(writer_slice(&findings), trial->rule))
        fail_msg("%s: %s: found \"%.*s\"", trial->rule, trial->to,
                 SLICE_ARG(writer_slice(&findings)));
    writer_fini(&xml);
    writer_fini(&findings);
}

static void try_all(const struct trial *trials, size_t count)
{
    for (size_t i = 0; i < count; i++)
        try(&trials[i]);
}

#define TRY_ALL(trials) try_all(trials, sizeof(trials) / sizeof *(trials))

/* ------------------------------------------------------------ the trials */

#define NUMBER(count) "<NbOfTxs>" count "</NbOfTxs>"
#define SUM(number)   "<CtrlSum>" number "</CtrlSum>"

static const struct trial counts[] = {
    { "transaction-count", CUSTOMER_CREDIT, NUMBER("2"), NUMBER("3") },
    { "transaction-count", CUSTOMER_DEBIT, NUMBER("2"), NUMBER("1") },
    { "transaction-count", BANK_DEBIT, NUMBER("2"), NUMBER("1") },
    { "transaction-count", RETURN, NUMBER("2"), NUMBER("1") },
    { "transaction-count", CUSTOMER_ORDER, NUMBER("3"), NUMBER("2") },
    { "transaction-count", CUSTOMER_ORDER, NUMBER("2"), NUMBER("02000") },
    { "transaction-count", CUSTOMER_COLLECTION, NUMBER("2") SUM("3.5") "<InitgPty",
      NUMBER("1") SUM("3.5") "<InitgPty" },
    { "transaction-count", CUSTOMER_COLLECTION, NUMBER("2") SUM("3.5") "<PmtTpInf",
      NUMBER("1") SUM("3.5") "<PmtTpInf" },
    { "transaction-count", REQUEST_TO_PAY, NUMBER("2"), NUMBER("0") },
    { "transaction-count", CUSTOMER_REVERSAL, NUMBER("2"), NUMBER("999999999999999") },
    { "transaction-count", BANK_CANCELLATION, NUMBER("2"), NUMBER("1") },
    { "transaction-count", CUSTOMER_CANCELLATION, NUMBER("2"), NUMBER("1") },
    { "transaction-count", CUSTOMER_CANCELLATION, NUMBER("2") SUM("3.5") "<TxInf>",
      NUMBER("1") SUM("3.5") "<TxInf>" },
};

static const struct trial sums[] = {
    { "control-sum", CUSTOMER_CREDIT, SUM("30.75"), SUM("30.749999999999999") },
    { "control-sum", CUSTOMER_DEBIT, SUM("30.75"), SUM("30.7500000000001") },
    { "control-sum", BANK_DEBIT, SUM("30.75"), SUM("-30.75") },
    { "control-sum", RETURN, SUM("30.75"), SUM("30.76") },
    { "control-sum", REVERSAL, SUM("30.75"), SUM("3075") },
    { "control-sum", CUSTOMER_ORDER, SUM("6.5"), SUM("6.49") },
    { "control-sum", CUSTOMER_ORDER, SUM("3.5"), SUM("1.5") },
    { "control-sum", CUSTOMER_COLLECTION, SUM("3.5") "<InitgPty", SUM("3.4") "<InitgPty" },
    { "control-sum", CUSTOMER_COLLECTION, SUM("3.5") "<PmtTpInf", SUM("3.4") "<PmtTpInf" },
    { "control-sum", REQUEST_TO_PAY, SUM("3.5"), SUM("0") },
    { "control-sum", CUSTOMER_REVERSAL, SUM("3.5"), SUM("3.6") },
    { "control-sum", BANK_CANCELLATION, SUM("3.5"), SUM("3.6") },
    { "control-sum", CUSTOMER_CANCELLATION, SUM("3.5"), SUM("3.6") },
    { "control-sum", CUSTOMER_CANCELLATION, SUM("3.5") "<TxInf>", SUM("3.6") "<TxInf>" },
    { "total-amount", CUSTOMER_CREDIT, ">30.75</Ttl", ">30.76</Ttl" },
    { "total-amount", BANK_CREDIT, ">30.75</Ttl", ">30.7</Ttl" },
    { "total-amount", CUSTOMER_DEBIT, ">30.75</Ttl", ">30</Ttl" },
    { "total-amount", RETURN, ">30.75</Ttl", ">31</Ttl" },
    { "total-amount", REVERSAL, ">30.75</Ttl", ">0.75</Ttl" },
    { "total-amount", BANK_DEBIT, ">30.75</Ttl", ">30.751</Ttl" },
    { "total-amount", EXPECTED, ">3.5</Ttl", ">3.4</Ttl" },
    { "total-currency", CUSTOMER_CREDIT, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", CUSTOMER_DEBIT, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", RETURN, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", REVERSAL, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", BANK_DEBIT, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", EXPECTED, "EUR\">2<", "USD\">2<" },
};

static const struct trial levels[] = {
    { "agents-once", CUSTOMER_CREDIT, AGENT("IntrmyAgt1"), AGENT("InstgAgt") AGENT("IntrmyAgt1") },
    { "agents-once", CUSTOMER_CREDIT, AGENT("IntrmyAgt1"), AGENT("InstdAgt") AGENT("IntrmyAgt1") },
    { "agents-once", CUSTOMER_DEBIT, AGENT("IntrmyAgt1"), AGENT("InstgAgt") AGENT("IntrmyAgt1") },
    { "agents-once", CUSTOMER_DEBIT, AGENT("IntrmyAgt1"), AGENT("InstdAgt") AGENT("IntrmyAgt1") },
    { "agents-once", BANK_DEBIT, AGENT("IntrmyAgt1"), AGENT("InstgAgt") AGENT("IntrmyAgt1") },
    { "agents-once", BANK_DEBIT, AGENT("IntrmyAgt1"), AGENT("InstdAgt") AGENT("IntrmyAgt1") },
    { "agents-once", RETURN, "<RtrChain>", AGENT("InstgAgt") "<RtrChain>" },
    { "agents-once", RETURN, "<RtrChain>", AGENT("InstdAgt") "<RtrChain>" },
    { "agents-once", BANK_STATUS, "</TxInfAndSts>", AGENT("InstgAgt") "</TxInfAndSts>" },
    { "agents-once", BANK_STATUS, "</TxInfAndSts>", AGENT("InstdAgt") "</TxInfAndSts>" },
    { "payment-type-once", CUSTOMER_CREDIT, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", CUSTOMER_DEBIT, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", BANK_DEBIT, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", CUSTOMER_ORDER, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", REQUEST_TO_PAY, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", CUSTOMER_COLLECTION, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "charge-bearer-once", CUSTOMER_ORDER, "</Amt>", "</Amt><ChrgBr>SLEV</ChrgBr>" },
    { "charge-bearer-once", CUSTOMER_COLLECTION, "<DrctDbtTx>",
      "<ChrgBr>SLEV</ChrgBr><DrctDbtTx>" },
    { "charge-bearer-once", REQUEST_TO_PAY, "<UltmtDbtr/>", "<UltmtDbtr/><ChrgBr>SLEV</ChrgBr>" },
    { "ultimate-party-once", CUSTOMER_ORDER, AGENT("IntrmyAgt1"),
      "<UltmtDbtr/>" AGENT("IntrmyAgt1") },
    { "ultimate-party-once", CUSTOMER_COLLECTION, "</DrctDbtTx>", "</DrctDbtTx><UltmtCdtr/>" },
    { "ultimate-party-once", REQUEST_TO_PAY, "SLEV</ChrgBr>", "SLEV</ChrgBr><UltmtDbtr/>" },
    { "settlement-date-once", CUSTOMER_CREDIT, AMOUNT("InstdAmt", "GBP", "9"),
      "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>" AMOUNT("InstdAmt", "GBP", "9") },
    { "settlement-date-once", CUSTOMER_DEBIT, AMOUNT("InstdAmt", "GBP", "9"),
      "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>" AMOUNT("InstdAmt", "GBP", "9") },
    { "settlement-date-agrees", RETURN, "2025-03-14</IntrBk", "2025-03-15</IntrBk" },
    { "settlement-date-agrees", BANK_DEBIT, "20.25</IntrBkSttlmAmt>",
      "20.25</IntrBkSttlmAmt><IntrBkSttlmDt>2025-03-15</IntrBkSttlmDt>" },
    { "settlement-date-given", CUSTOMER_CREDIT, "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>", "" },
    { "settlement-date-given", SINGLE_CREDIT, "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>", "" },
    { "settlement-date-given", CUSTOMER_DEBIT, "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>", "" },
};

#define METHOD(code) "<SttlmMtd>" code "</SttlmMtd>"

static const struct trial settlement[] = {
    { "clearing-alone", CUSTOMER_CREDIT, METHOD("CLRG"), METHOD("CLRG") ACCOUNT("SttlmAcct") },
    { "clearing-alone", CUSTOMER_CREDIT, "</SttlmInf>", AGENT("InstgRmbrsmntAgt") "</SttlmInf>" },
    { "clearing-system-given", CUSTOMER_DEBIT, "<ClrSys><Cd>TGT</Cd></ClrSys>", "" },
    { "agent-settles-alone", SINGLE_CREDIT, "</SttlmAcct>",
      "</SttlmAcct><ClrSys><Cd>TGT</Cd></ClrSys>" },
    { "agent-settles-alone", SINGLE_CREDIT, "</SttlmInf>",
      AGENT("InstdRmbrsmntAgt") "</SttlmInf>" },
    { "cover-names-agents", SINGLE_CREDIT, METHOD("INDA"), METHOD("COVE") },
    { "third-reimbursement-agent", COVER_CREDIT, AGENT("InstdRmbrsmntAgt"), "" },
    { "exchange-rate-currencies", CUSTOMER_CREDIT, "GBP", "EUR" },
    { "exchange-rate-currencies", CUSTOMER_DEBIT, "GBP", "EUR" },
    { "exchange-rate-currencies", RETURN, "GBP", "EUR" },
    { "exchange-rate-currencies", REVERSAL, "GBP", "EUR" },
    { "exchange-rate-given", CUSTOMER_CREDIT, "<XchgRate>1.2</XchgRate>", "" },
    { "exchange-rate-given", CUSTOMER_DEBIT, "<XchgRate>1.2</XchgRate>", "" },
    { "exchange-rate-given", RETURN, "<XchgRate>1.2</XchgRate>", "" },
    { "exchange-rate-given", REVERSAL, "<XchgRate>1.2</XchgRate>", "" },
    { "returned-amount", RETURN, "10.50", "10.49" },
    { "returned-amount", REVERSAL, "10.50", "10.49" },
};

#define WITHOUT(element)      AGENT(element), ""
#define IN_FRONT(of, element) of, element of

static const struct trial agents[] = {
    { "intermediary-order", CUSTOMER_CREDIT, WITHOUT("IntrmyAgt2") },
    { "intermediary-order", SINGLE_CREDIT, AGENT("IntrmyAgt1"), AGENT("IntrmyAgt2") },
    { "intermediary-order", BANK_CREDIT, IN_FRONT(AGENT("CdtrAgt"), AGENT("IntrmyAgt3")) },
    { "intermediary-order", CUSTOMER_DEBIT, IN_FRONT("<Dbtr/>", AGENT("IntrmyAgt3")) },
    { "intermediary-order", BANK_DEBIT, IN_FRONT(AGENT("CdtrAgt"), AGENT("IntrmyAgt3")) },
    { "intermediary-order", RETURN, IN_FRONT(AGENT("CdtrAgt"), AGENT("IntrmyAgt3")) },
    { "intermediary-order", CUSTOMER_ORDER, IN_FRONT(AGENT("CdtrAgt"), AGENT("IntrmyAgt3")) },
    { "previous-agent-order", CUSTOMER_CREDIT,
      IN_FRONT(AGENT("IntrmyAgt1"), AGENT("PrvsInstgAgt3")) },
    { "previous-agent-order", RETURN, IN_FRONT(AGENT("IntrmyAgt1"), AGENT("PrvsInstgAgt3")) },
    { "account-needs-agent", COVER_CREDIT, AGENT("ThrdRmbrsmntAgt"),
      ACCOUNT("ThrdRmbrsmntAgtAcct") },
    { "account-needs-agent", SINGLE_CREDIT, AGENT("IntrmyAgt1"), ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", CUSTOMER_CREDIT, WITHOUT("PrvsInstgAgt1") },
    { "account-needs-agent", BANK_CREDIT, IN_FRONT(AGENT("Cdtr"), ACCOUNT("CdtrAgtAcct")) },
    { "account-needs-agent", CUSTOMER_DEBIT, AGENT("IntrmyAgt1"), ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", BANK_DEBIT, AGENT("IntrmyAgt1"), ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", BANK_DEBIT, AGENT("CdtrAgt"), ACCOUNT("CdtrAgtAcct") },
    { "account-needs-agent", BANK_DEBIT, AGENT("Dbtr"), AGENT("Dbtr") ACCOUNT("DbtrAgtAcct") },
    { "account-needs-agent", RETURN, AGENT("DbtrAgt"), ACCOUNT("DbtrAgtAcct") },
    { "account-needs-agent", RETURN, AGENT("IntrmyAgt1"), ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", RETURN, AGENT("PrvsInstgAgt1"), ACCOUNT("PrvsInstgAgt1Acct") },
    { "account-needs-agent", CUSTOMER_ORDER, AGENT("IntrmyAgt1"), ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", CUSTOMER_ORDER, AGENT("CdtrAgt"), ACCOUNT("CdtrAgtAcct") },
};

static const struct trial ids[] = {
    { "uetr-once", CUSTOMER_CREDIT, UETR_2, UETR_1 },
    { "uetr-once", CUSTOMER_DEBIT, UETR_2, UETR_1 },
    { "uetr-once", BANK_DEBIT, UETR_2, UETR_1 },
    { "uetr-once", CUSTOMER_ORDER, UETR_2, UETR_1 },
    { "uetr-once", REQUEST_TO_PAY, UETR_2, UETR_1 },
    { "uetr-once", CUSTOMER_COLLECTION, UETR_2, UETR_1 },
    { "transaction-id-once", CUSTOMER_CREDIT, ">T-2<", ">T-1<" },
    { "transaction-id-once", CUSTOMER_DEBIT, ">T-2<", ">T-1<" },
    { "transaction-id-once", BANK_DEBIT, ">T-2<", ">T-1<" },
    { "instruction-id-once", CUSTOMER_CREDIT, ">I-2<", ">I-1<" },
    { "instruction-id-once", CUSTOMER_DEBIT, ">I-2<", ">I-1<" },
    { "instruction-id-once", BANK_DEBIT, ">I-2<", ">I-1<" },
    { "instruction-id-once", CUSTOMER_ORDER, ">I-2<", ">I-1<" },
    { "instruction-id-once", REQUEST_TO_PAY, ">I-2<", ">I-1<" },
    { "instruction-id-once", CUSTOMER_COLLECTION, ">I-2<", ">I-1<" },
    { "payment-id-once", CUSTOMER_ORDER, ">P-2<", ">P-1<" },
    { "answer-id-once", RETURN, ">R-2<", ">R-1<" },
    { "answer-id-once", REVERSAL, ">R-2<", ">R-1<" },
    { "answer-id-once", STATUS_REQUEST, ">S-2<", ">S-1<" },
    { "answer-id-once", BANK_STATUS, ">S-2<", ">S-1<" },
    { "answer-id-once", CUSTOMER_STATUS, ">S-2<", ">S-1<" },
    { "answer-id-once", CUSTOMER_REVERSAL, ">R-2<", ">R-1<" },
    { "answer-id-once", BANK_CANCELLATION, ">X-2<", ">X-1<" },
    { "answer-id-once", CUSTOMER_CANCELLATION, ">X-2<", ">X-1<" },
    { "statement-id-once", ACCOUNT_REPORT, "<Id>2</Id>", "<Id>1</Id>" },
    { "statement-id-once", STATEMENT, "<Id>2</Id>", "<Id>1</Id>" },
    { "statement-id-once", NOTIFICATION, "<Id>2</Id>", "<Id>1</Id>" },
};

static const struct trial answers[] = {
    { "reject-reason", BANK_STATUS, REASON, "<StsRsnInf/>" },
    { "reject-reason", BANK_STATUS, "<GrpSts>PART", "<GrpSts>RJCT" },
    { "reject-reason", CUSTOMER_STATUS, REASON, "" },
    { "reject-reason", CUSTOMER_STATUS, "<PmtInfSts>PART", "<PmtInfSts>RJCT" },
};

static const struct trial dates[] = {
    { "signed-before-collected", CUSTOMER_DEBIT, "<DtOfSgntr>2025-03-13", "<DtOfSgntr>2025-03-14" },
    { "signed-before-collected", CUSTOMER_DEBIT,
      "<ReqdColltnDt>2025-03-13</ReqdColltnDt><DrctDbtTx><MndtRltdInf><MndtId>N</MndtId>"
      "<DtOfSgntr>2025-03-13",
      "<DrctDbtTx><MndtRltdInf><MndtId>N</MndtId><DtOfSgntr>2025-03-15" },
    { "signed-before-collected", CUSTOMER_COLLECTION, "<DtOfSgntr>2025-03-14",
      "<DtOfSgntr>2025-03-15" },
    { "first-before-final", CUSTOMER_DEBIT, "<FnlColltnDt>2025-03-13", "<FnlColltnDt>2025-03-12" },
    { "first-before-final", CUSTOMER_COLLECTION, "<FnlColltnDt>2025-03-14",
      "<FnlColltnDt>2024-12-31" },
    { "returned-later", RETURN, "<OrgnlIntrBkSttlmDt>2025-03-14",
      "<OrgnlIntrBkSttlmDt>2025-03-15" },
    { "returned-later", REVERSAL, "<XchgRate>1.2</XchgRate>",
      "<XchgRate>1.2</XchgRate><OrgnlTxRef><IntrBkSttlmDt>2025-03-15</IntrBkSttlmDt></"
      "OrgnlTxRef>" },
    { "returned-later", REVERSAL, "20.25</RvsdIntrBkSttlmAmt>",
      "20.25</RvsdIntrBkSttlmAmt><OrgnlTxRef><IntrBkSttlmDt>2025-03-15</IntrBkSttlmDt>"
      "</OrgnlTxRef>" },
    { "period-order", ACCOUNT_REPORT, "<ToDtTm>2025-03-14T23:59:59Z",
      "<ToDtTm>2025-03-14T00:59:59+01:00" },
    { "period-order", STATEMENT, "<ToDtTm>2025-03-14", "<ToDtTm>2025-03-13" },
    { "period-order", NOTIFICATION, "<ToDtTm>2025-03-14", "<ToDtTm>2025-03-13" },
    { "period-order", REPORT_REQUEST, "<ToDt>2025-03-13", "<ToDt>2025-03-12" },
};

#define ENTRY_TRIALS(report)                                                                       \
    { "entry-count", report, "<NbOfNtries>3<", "<NbOfNtries>4<" },                                 \
        { "entry-count", report, "<NbOfNtries>2<", "<NbOfNtries>3<" },                             \
        { "entry-count", report, "<NbOfNtries>1<", "<NbOfNtries>0<" },                             \
        { "entry-sum", report, "<Sum>53.5<", "<Sum>53.4<" },                                       \
        { "entry-sum", report, "<Sum>13.5<", "<Sum>12.5<" },                                       \
    {                                                                                              \
        "entry-sum", report, "<Sum>40<", "<Sum>40.0000000001<"                                     \
    }

#define NET_TRIALS(report)                                                                         \
    { "entry-net", report, ">26.5<", ">26.50001<" },                                               \
    {                                                                                              \
        "entry-net", report, "<CdtDbtInd>DBIT", "<CdtDbtInd>CRDT"                                  \
    }

/* The entry is in no summary of the second account. */
#define BALANCE_TRIALS(report)                                                                     \
    { "closing-balance", report, ">17.50</Amt><CdtDbtInd>DBIT", ">17.50</Amt><CdtDbtInd>CRDT" },   \
        { "closing-balance", report, BALANCE("OPBD", "10", "CRDT"),                                \
          BALANCE("OPBD", "10.01", "CRDT") },                                                      \
    {                                                                                              \
        "closing-balance", report, BALANCE("OPBD", "10", "CRDT"), BALANCE("PRCD", "9.9", "CRDT")   \
    }

static const struct trial entries[] = {
    ENTRY_TRIALS(ACCOUNT_REPORT),
    ENTRY_TRIALS(STATEMENT),
    ENTRY_TRIALS(NOTIFICATION),
    NET_TRIALS(NOTIFICATION),
    NET_TRIALS(OLD_NOTIFICATION),
    BALANCE_TRIALS(ACCOUNT_REPORT),
    BALANCE_TRIALS(OLD_ACCOUNT_REPORT),
    BALANCE_TRIALS(STATEMENT),
    BALANCE_TRIALS(OLD_STATEMENT),
    { "entry-net", ACCOUNT_REPORT, ">26.5<", ">26.4<" },
    { "entry-net", OLD_ACCOUNT_REPORT, ">26.5<", ">26.4<" },
    { "entry-net", STATEMENT, ">26.5<", ">26.4<" },
    { "entry-net", OLD_STATEMENT, ">26.5<", ">26.4<" },
};

#define BIC(element) "<" element "><FinInstnId><BICFI>PENSDEFF</BICFI>"

static const struct trial banks[] = {
    { "one-transaction", SINGLE_CREDIT, NULL, CUSTOMER_CREDIT },
    { "one-transaction", SINGLE_CREDIT, NULL, CUSTOMER_DEBIT },
    { "one-transaction", SINGLE_CREDIT, NULL, RETURN },
    { "one-transaction", SINGLE_CREDIT, NULL, BANK_STATUS },
    { "one-transaction", SINGLE_CREDIT, NULL, BANK_CANCELLATION },
    { "uetr-given", SINGLE_CREDIT, UETR_1, "" },
    { "uetr-given", SINGLE_CREDIT, NULL, RETURN },
    { "uetr-given", SINGLE_CREDIT, NULL, BANK_STATUS },
    { "remittance-once", SINGLE_CREDIT, "<RmtInf>", "<RltdRmtInf/><RmtInf>" },
    { "charges-need-amount", CUSTOMER_CREDIT,
      AMOUNT("InstdAmt", "GBP", "9") "<XchgRate>1.2</XchgRate>", "" },
    { "charges-need-amount", CUSTOMER_DEBIT,
      AMOUNT("InstdAmt", "GBP", "9") "<XchgRate>1.2</XchgRate>", "" },
    { "bic-alone", SINGLE_CREDIT, BIC("DbtrAgt"), BIC("DbtrAgt") "<Nm>C</Nm>" },
    { "bic-alone", SINGLE_CREDIT, BIC("IntrmyAgt1"), BIC("IntrmyAgt1") "<PstlAdr/>" },
    { "bic-alone", CUSTOMER_CREDIT, BIC("InstdAgt"), BIC("InstdAgt") "<Nm>C</Nm>" },
    { "bic-alone", RETURN, BIC("CdtrAgt"), BIC("CdtrAgt") "<Nm>C</Nm>" },
    { "agent-named", SINGLE_CREDIT, AGENT("DbtrAgt"), "<DbtrAgt><FinInstnId/></DbtrAgt>" },
    { "agent-named", SINGLE_CREDIT, AGENT("CdtrAgt"),
      "<CdtrAgt><FinInstnId><PstlAdr/></FinInstnId></CdtrAgt>" },
    { "agent-named", RETURN, AGENT("PrvsInstgAgt1"),
      "<PrvsInstgAgt1><FinInstnId><Nm>C</Nm></FinInstnId></PrvsInstgAgt1>" },
};

static const struct trial sepa[] = {
    { "sepa-euro", SINGLE_CREDIT, "EUR", "USD" },
    { "sepa-euro", CUSTOMER_ORDER, "EUR", "USD" },
    { "sepa-euro", CUSTOMER_COLLECTION, "EUR", "USD" },
    { "sepa-amount", SINGLE_CREDIT, ">10.5<", ">0<" },
    { "sepa-amount", SINGLE_CREDIT, ">10.5<", ">0.009<" },
    { "sepa-amount", SINGLE_CREDIT, ">10.5<", ">999999999.991<" },
    { "sepa-charges", CUSTOMER_DEBIT, NULL, SINGLE_CREDIT },
    { "sepa-charges", CUSTOMER_DEBIT, "SLEV", "SHAR" },
    { "sepa-charges", CUSTOMER_ORDER, "SLEV", "SHAR" },
    { "sepa-charges", CUSTOMER_COLLECTION, "SLEV", "SHAR" },
    { "sepa-iban", CUSTOMER_DEBIT, IBAN("CdtrAcct"), ACCOUNT("CdtrAcct") },
    { "sepa-iban", CUSTOMER_DEBIT, IBAN("DbtrAcct"), ACCOUNT("DbtrAcct") },
    { "sepa-iban", CUSTOMER_ORDER, IBAN("DbtrAcct"), ACCOUNT("DbtrAcct") },
    { "sepa-iban", CUSTOMER_COLLECTION, IBAN("CdtrAcct"), ACCOUNT("CdtrAcct") },
    { "sepa-iban", CUSTOMER_COLLECTION, IBAN("DbtrAcct"), ACCOUNT("DbtrAcct") },
    { "sepa-iban", SINGLE_CREDIT, AGENT("DbtrAgt"), ACCOUNT("DbtrAcct") AGENT("DbtrAgt") },
    { "sepa-control-sum", CUSTOMER_ORDER, SUM("6.5"), "" },
};

#define MEMBER(element)                                                                            \
    "<" element "><FinInstnId><ClrSysMmbId><ClrSysId><Cd>USABA</Cd></ClrSysId><MmbId>1</MmbId>"    \
    "</ClrSysMmbId></FinInstnId></" element ">"
#define AMERICAN_CREDIT                                                                            \
    DOCUMENT(                                                                                      \
        "pacs.008.001.08", "FIToFICstmrCdtTrf",                                                    \
        GROUP("<NbOfTxs>1</NbOfTxs>" CLEARING MEMBER("InstgAgt") MEMBER(                           \
            "InstdAgt")) "<CdtTrfTxInf><PmtId><EndToEndId>E-1</EndToEndId></PmtId>"                \
                         "<PmtTpInf><LclInstrm><Prtry>F</Prtry></LclInstrm><CtgyPurp><Prtry>C</"   \
                         "Prtry>"                                                                  \
                         "</CtgyPurp></PmtTpInf>" AMOUNT(                                          \
                             "IntrBkSttlmAmt", "USD",                                              \
                             "10.5") "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt><ChrgBr>SLEV</"     \
                                     "ChrgBr><Dbtr/>" MEMBER("DbtrAgt")                            \
                                         MEMBER("CdtrAgt") "<Cdtr/></CdtTrfTxInf>")

static const struct trial fednow[] = {
    { "fednow-dollar", AMERICAN_CREDIT, "USD", "EUR" },
    { "fednow-dollar", AMERICAN_CREDIT, NULL, RETURN },
    { "fednow-agents", AMERICAN_CREDIT, MEMBER("InstgAgt"), AGENT("InstgAgt") },
    { "fednow-agents", AMERICAN_CREDIT, MEMBER("InstdAgt"), AGENT("InstdAgt") },
    { "fednow-agents", AMERICAN_CREDIT, MEMBER("CdtrAgt"), AGENT("CdtrAgt") },
    { "fednow-agents", AMERICAN_CREDIT, MEMBER("DbtrAgt"), AGENT("DbtrAgt") },
    { "fednow-payment-type", AMERICAN_CREDIT, "<LclInstrm><Prtry>F</Prtry></LclInstrm>", "" },
    { "fednow-payment-type", AMERICAN_CREDIT, "<CtgyPurp><Prtry>C</Prtry></CtgyPurp>", "" },
};

#define SENT(business_id)                                                                          \
    "<RequestPayload>" HEADER_OF(BANK_ID("PENSDEFF"), BANK_ID("PENSFRPP"), business_id)            \
        SINGLE_CREDIT "</RequestPayload>"

static const struct trial headers[] = {
    { "message-known", HEADER(BANK_ID("PENSDEFF"), BANK_ID("PENSFRPP")), "pacs.008", "pasc.008" },
    { "header-parties", HEADER(BANK_ID("PENSDEFF"), BANK_ID("PENSFRPP")), "PENSFRPP", "PENSDEFF" },
    { "header-parties", HEADER(FIRM_ID("PENSDEFF"), FIRM_ID("PENSFRPP")), "PENSFRPP", "PENSDEFF" },
    { "business-id", SENT("M-1"), "<BizMsgIdr>M-1", "<BizMsgIdr>M-2" },
    { "business-id", SENT("M-1"), "<MsgId>M-1", "<MsgId>m-1" },
};

#define WHOLE_GROUP                                                                                \
    DOCUMENT("pacs.004.001.10", "PmtRtr",                                                          \
             GROUP("<NbOfTxs>7</NbOfTxs><CtrlSum>9</CtrlSum><GrpRtr>true</GrpRtr>" CLEARING))
#define MORE_BACK(reason)                                                                          \
    DOCUMENT("pacs.004.001.10", "PmtRtr",                                                          \
             GROUP("<NbOfTxs>1</NbOfTxs>" CLEARING) "<TxInf>" AMOUNT("OrgnlIntrBkSttlmAmt", "EUR", \
                                                                     "10")                         \
                 AMOUNT("RtrdIntrBkSttlmAmt", "EUR", "10.5") reason "</TxInf>")
#define BRANCH(id)                                                                                 \
    "<FIId><FinInstnId><BICFI>PENSDEFF</BICFI></FinInstnId><BrnchId><Id>" id "</Id></BrnchId>"     \
    "</FIId>"
#define NO_ID(id)                                                                                  \
    "<PmtInf><PmtInfId>" id                                                                        \
    "</PmtInfId><PmtMtd>TRF</PmtMtd>" ON("ReqdExctnDt", "2025-03-14") "<Dbtr/>" IBAN("DbtrAcct")   \
        AGENT("DbtrAgt") "<CdtTrfTxInf><PmtId><InstrId>NOTPROVIDED</"                              \
                         "InstrId><EndToEndId>NOTPROVIDED</EndToEndId>"                            \
                         "</PmtId><Amt>" AMOUNT("InstdAmt", "EUR",                                 \
                                                "3") "</Amt></CdtTrfTxInf></PmtInf>"

/* What looks as if it broke a rule, and does not. */
static const struct trial kept[] = {
    { "transaction-count", CUSTOMER_CREDIT, NUMBER("2"), NUMBER("0002") },
    { "transaction-count", RETURN, NULL, WHOLE_GROUP },
    { "control-sum", CUSTOMER_CREDIT, SUM("30.75"), SUM("+030.7500") },
    { "control-sum", CUSTOMER_REVERSAL, AMOUNT("RvsdInstdAmt", "EUR", "2"), "" },
    { "exchange-rate-currencies", CUSTOMER_CREDIT, AMOUNT("InstdAmt", "GBP", "9"),
      AMOUNT("InstdAmt", "EUR", "10.50") },
    { "returned-amount", RETURN, NULL, MORE_BACK(AMOUNT("CompstnAmt", "EUR", "0.5")) },
    { "returned-amount", RETURN, NULL,
      MORE_BACK("<ChrgsInf>" AMOUNT("Amt", "EUR", "0.5") AGENT("Agt") "</ChrgsInf>") },
    { "returned-amount", RETURN, "Ccy=\"EUR\">10.50", "Ccy=\"GBP\">0.01" },
    { "reject-reason", BANK_STATUS, NULL,
      DOCUMENT("pacs.002.001.10", "FIToFIPmtStsRpt",
               GROUP("") "<OrgnlGrpInfAndSts>" ORIGINAL "<GrpSts>RJCT</GrpSts>" REASON
                         "</OrgnlGrpInfAndSts><TxInfAndSts><TxSts>RJCT</TxSts></TxInfAndSts>") },
    { "instruction-id-once", CUSTOMER_ORDER, NULL,
      DOCUMENT("pain.001.001.09", "CstmrCdtTrfInitn",
               GROUP("<NbOfTxs>2</NbOfTxs><InitgPty/>") NO_ID("P-1") NO_ID("P-2")) },
    { "period-order", STATEMENT, "<ToDtTm>2025-03-14T23:59:59Z", "<ToDtTm>2025-03-14T00:00:00Z" },
    { "period-order", STATEMENT, "<ToDtTm>2025-03-14T23:59:59Z", "<ToDtTm>2025-03-13T23:59:59" },
    { "closing-balance", STATEMENT, BALANCE("CLAV", "5", "CRDT"), BALANCE("OPBD", "5", "CRDT") },
    { "closing-balance", STATEMENT, "Ccy=\"EUR\">40<", "Ccy=\"GBP\">40<" },
    { "header-parties", HEADER(BANK_ID("PENSDEFF"), BANK_ID("PENSFRPP")), NULL,
      HEADER(BRANCH("1"), BRANCH("2")) },
};

static void what_only_looks_broken(void **state)
{
    struct writer xml, findings;
    (void)state;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        writer_init(&xml, 0);
        writer_init(&findings, 0);
        switch_to(kept[i].rule);
        write_changed(&xml, &kept[i]);
        reference_findings(catalogue, profile, writer_slice(&xml), &findings);
        if (writer_slice(&findings).size > 0)
            fail_msg("%s: %s", kept[i].rule, writer_slice(&findings).at);
        writer_fini(&xml);
        writer_fini(&findings);
    }
}

static bool has_case(const struct iso_schema *schema, const struct iso_rule_case *of)
{
    struct iso_rule_path path;
    char message[] = "camt.053"; /* as long as any */
    memcpy(message, iso_schema_id(schema).at, sizeof message - 1);
    if (strstr(of->rule->messages, message) == NULL)
        return false;
    for (size_t i = 0; i < ISO_RULE_PATH_COUNT_MAX && of->paths[i] != NULL; i++) {
        if (!iso_rule_path_resolve(schema, of, of->paths[i], &path))
            return false;
    }
    return true;
}

/* A path with a slip in it would be left out in silence. */
static void every_case_is_in_a_schema_that_comes_with_penstock(void **state)
{
    (void)state;
    for (size_t i = 0; i < iso_rule_case_count; i++) {
        const struct iso_rule_case *of = &iso_rule_cases[i];
        size_t row = 0, count = iso_catalogue_count(catalogue);
        while (row < count && !has_case(iso_catalogue_at(catalogue, row), of))
            row++;
        if (row == count)
            fail_msg("%s: \"%s\", %s", of->rule->name, of->scope, of->paths[0]);
    }
}

/* A rule says what it is for, and each of these messages has a case of it. */
static void every_rule_is_checked_in_all_its_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < iso_rule_count; i++) {
        const char *messages = iso_rules[i].messages;
        for (; messages != NULL && *messages != '\0'; messages += messages[8] == ' ' ? 9 : 8) {
            bool found = false;
            for (size_t k = 0; k < iso_rule_case_count * iso_catalogue_count(catalogue); k++) {
                const struct iso_rule_case *of = &iso_rule_cases[k % iso_rule_case_count];
                const struct iso_schema *schema =
                    iso_catalogue_at(catalogue, k / iso_rule_case_count);
                found = found || (of->rule == &iso_rules[i] &&
                                  memcmp(iso_schema_id(schema).at, messages, 8) == 0 &&
                                  has_case(schema, of));
            }
            if (!found)
                fail_msg("%s: no case in %.8s", iso_rules[i].name, messages);
        }
    }
}

static void numbers_of_transactions(void **state)
{
    (void)state;
    TRY_ALL(counts);
}

static void control_sums_and_totals(void **state)
{
    (void)state;
    TRY_ALL(sums);
}

static void what_is_in_the_group_or_in_the_transaction(void **state)
{
    (void)state;
    TRY_ALL(levels);
}

static void settlement_and_exchange(void **state)
{
    (void)state;
    TRY_ALL(settlement);
}

static void orders_of_agents_and_their_accounts(void **state)
{
    (void)state;
    TRY_ALL(agents);
}

static void ids_that_come_again(void **state)
{
    (void)state;
    TRY_ALL(ids);
}

static void statuses_and_reasons(void **state)
{
    (void)state;
    TRY_ALL(answers);
}

static void dates_that_contradict_each_other(void **state)
{
    (void)state;
    TRY_ALL(dates);
}

static void entries_and_balances(void **state)
{
    (void)state;
    TRY_ALL(entries);
}

static void what_banks_add(void **state)
{
    (void)state;
    TRY_ALL(banks);
}

static void what_sepa_adds(void **state)
{
    (void)state;
    TRY_ALL(sepa);
}

static void what_fednow_adds(void **state)
{
    (void)state;
    TRY_ALL(fednow);
}

static void headers_of_messages(void **state)
{
    (void)state;
    TRY_ALL(headers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_in_a_schema_that_comes_with_penstock),
        cmocka_unit_test(every_rule_is_checked_in_all_its_messages),
        cmocka_unit_test(numbers_of_transactions),
        cmocka_unit_test(control_sums_and_totals),
        cmocka_unit_test(what_is_in_the_group_or_in_the_transaction),
        cmocka_unit_test(settlement_and_exchange),
        cmocka_unit_test(orders_of_agents_and_their_accounts),
        cmocka_unit_test(ids_that_come_again),
        cmocka_unit_test(statuses_and_reasons),
        cmocka_unit_test(dates_that_contradict_each_other),
        cmocka_unit_test(entries_and_balances),
        cmocka_unit_test(what_banks_add),
        cmocka_unit_test(what_sepa_adds),
        cmocka_unit_test(what_fednow_adds),
        cmocka_unit_test(headers_of_messages),
        cmocka_unit_test(what_only_looks_broken),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
