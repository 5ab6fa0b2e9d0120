/* Every rule about messages on both sides: a message that keeps all rules of a
   profile, and the same message with one change, which breaks the rule in question
   and no other. */
#include "rule_cases.h"

#include "reference.h"

#include "codecs/iso20022/rule.h"

static struct iso_catalogue *catalogue;
static struct iso_profile *profiles[16];

/* Rules about values are tested elsewhere. */
static struct iso_profile *make_profile(const char *name)
{
    struct iso_profile *profile = iso_profile_new(catalogue);
    assert_true(iso_profile_like(profile, slice_of(name)));
    for (size_t i = 0; i < iso_rule_count; i++) {
        if (iso_rules[i].messages == NULL)
            iso_profile_switch(profile, slice_of(iso_rules[i].name), false);
    }
    iso_profile_bind(profile);
    return profile;
}

static int set_up(void **state)
{
    (void)state;
    catalogue = reference_catalogue();
    for (size_t i = 0; i < iso_profile_count; i++)
        profiles[i] = make_profile(iso_profiles[i].name);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < iso_profile_count; i++)
        iso_profile_free(profiles[i]);
    iso_catalogue_free(catalogue);
    return 0;
}

static const struct iso_profile *profile_named(const char *name)
{
    size_t row = 0;
    while (strcmp(iso_profiles[row].name, name) != 0)
        row++;
    return profiles[row];
}

/* A document, and what is put in the place of its first `from`. */
struct trial {
    const char *rule, *profile, *document, *from, *to;
};

static void write_changed(struct writer *xml, const struct trial *trial)
{
    const char *at = strstr(trial->document, trial->from);
    if (at == NULL)
        fail_msg("%s: there is no %s", trial->rule, trial->from);
    writer_bytes(xml, (struct slice){ trial->document, (size_t)(at - trial->document) });
    writer_text(xml, trial->to);
    writer_text(xml, at + strlen(trial->from));
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
    const struct iso_profile *profile = profile_named(trial->profile);
    struct writer xml, findings;
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
    { "transaction-count", "strict", CUSTOMER_CREDIT, NUMBER("2"), NUMBER("3") },
    { "transaction-count", "strict", CUSTOMER_DEBIT, NUMBER("2"), NUMBER("1") },
    { "transaction-count", "strict", BANK_DEBIT, NUMBER("2"), NUMBER("1") },
    { "transaction-count", "strict", RETURN, NUMBER("2"), NUMBER("1") },
    { "transaction-count", "strict", CUSTOMER_ORDER, NUMBER("3"), NUMBER("2") },
    { "transaction-count", "strict", CUSTOMER_ORDER, NUMBER("2"), NUMBER("02000") },
    { "transaction-count", "strict", CUSTOMER_COLLECTION, NUMBER("2") SUM("3.5") "<InitgPty",
      NUMBER("1") SUM("3.5") "<InitgPty" },
    { "transaction-count", "strict", CUSTOMER_COLLECTION, NUMBER("2") SUM("3.5") "<PmtTpInf",
      NUMBER("1") SUM("3.5") "<PmtTpInf" },
    { "transaction-count", "strict", REQUEST_TO_PAY, NUMBER("2"), NUMBER("0") },
    { "transaction-count", "strict", CUSTOMER_REVERSAL, NUMBER("2"), NUMBER("999999999999999") },
    { "transaction-count", "strict", BANK_CANCELLATION, NUMBER("2"), NUMBER("1") },
    { "transaction-count", "strict", CUSTOMER_CANCELLATION, NUMBER("2"), NUMBER("1") },
    { "transaction-count", "strict", CUSTOMER_CANCELLATION, NUMBER("2") SUM("3.5") "<TxInf>",
      NUMBER("1") SUM("3.5") "<TxInf>" },
};

static const struct trial sums[] = {
    { "control-sum", "strict", CUSTOMER_CREDIT, SUM("30.75"), SUM("30.749999999999999") },
    { "control-sum", "strict", CUSTOMER_DEBIT, SUM("30.75"), SUM("30.7500000000001") },
    { "control-sum", "strict", BANK_DEBIT, SUM("30.75"), SUM("-30.75") },
    { "control-sum", "strict", RETURN, SUM("30.75"), SUM("30.76") },
    { "control-sum", "strict", REVERSAL, SUM("30.75"), SUM("3075") },
    { "control-sum", "strict", CUSTOMER_ORDER, SUM("6.5"), SUM("6.49") },
    { "control-sum", "strict", CUSTOMER_ORDER, SUM("3.5"), SUM("1.5") },
    { "control-sum", "strict", CUSTOMER_COLLECTION, SUM("3.5") "<InitgPty",
      SUM("3.4") "<InitgPty" },
    { "control-sum", "strict", CUSTOMER_COLLECTION, SUM("3.5") "<PmtTpInf",
      SUM("3.4") "<PmtTpInf" },
    { "control-sum", "strict", REQUEST_TO_PAY, SUM("3.5"), SUM("0") },
    { "control-sum", "strict", CUSTOMER_REVERSAL, SUM("3.5"), SUM("3.6") },
    { "control-sum", "strict", BANK_CANCELLATION, SUM("3.5"), SUM("3.6") },
    { "control-sum", "strict", CUSTOMER_CANCELLATION, SUM("3.5"), SUM("3.6") },
    { "control-sum", "strict", CUSTOMER_CANCELLATION, SUM("3.5") "<TxInf>", SUM("3.6") "<TxInf>" },
    { "total-amount", "strict", CUSTOMER_CREDIT, ">30.75</Ttl", ">30.76</Ttl" },
    { "total-amount", "strict", BANK_CREDIT, ">30.75</Ttl", ">30.7</Ttl" },
    { "total-amount", "strict", CUSTOMER_DEBIT, ">30.75</Ttl", ">30</Ttl" },
    { "total-amount", "strict", RETURN, ">30.75</Ttl", ">31</Ttl" },
    { "total-amount", "strict", REVERSAL, ">30.75</Ttl", ">0.75</Ttl" },
    { "total-amount", "strict", BANK_DEBIT, ">30.75</Ttl", ">30.751</Ttl" },
    { "total-amount", "strict", EXPECTED, ">3.5</Ttl", ">3.4</Ttl" },
    { "total-currency", "strict", CUSTOMER_CREDIT, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", "strict", CUSTOMER_DEBIT, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", "strict", RETURN, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", "strict", REVERSAL, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", "strict", BANK_DEBIT, "EUR\">20.25", "USD\">20.25" },
    { "total-currency", "strict", EXPECTED, "EUR\">2<", "USD\">2<" },
};

static const struct trial levels[] = {
    { "agents-once", "strict", CUSTOMER_CREDIT, AGENT("IntrmyAgt1"),
      AGENT("InstgAgt") AGENT("IntrmyAgt1") },
    { "agents-once", "strict", CUSTOMER_CREDIT, AGENT("IntrmyAgt1"),
      AGENT("InstdAgt") AGENT("IntrmyAgt1") },
    { "agents-once", "strict", CUSTOMER_DEBIT, AGENT("IntrmyAgt1"),
      AGENT("InstgAgt") AGENT("IntrmyAgt1") },
    { "agents-once", "strict", CUSTOMER_DEBIT, AGENT("IntrmyAgt1"),
      AGENT("InstdAgt") AGENT("IntrmyAgt1") },
    { "agents-once", "strict", BANK_DEBIT, AGENT("IntrmyAgt1"),
      AGENT("InstgAgt") AGENT("IntrmyAgt1") },
    { "agents-once", "strict", BANK_DEBIT, AGENT("IntrmyAgt1"),
      AGENT("InstdAgt") AGENT("IntrmyAgt1") },
    { "agents-once", "strict", RETURN, "<RtrChain>", AGENT("InstgAgt") "<RtrChain>" },
    { "agents-once", "strict", RETURN, "<RtrChain>", AGENT("InstdAgt") "<RtrChain>" },
    { "agents-once", "strict", BANK_STATUS, "</TxInfAndSts>", AGENT("InstgAgt") "</TxInfAndSts>" },
    { "agents-once", "strict", BANK_STATUS, "</TxInfAndSts>", AGENT("InstdAgt") "</TxInfAndSts>" },
    { "payment-type-once", "strict", CUSTOMER_CREDIT, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", "strict", CUSTOMER_DEBIT, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", "strict", BANK_DEBIT, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", "strict", CUSTOMER_ORDER, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", "strict", REQUEST_TO_PAY, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "payment-type-once", "strict", CUSTOMER_COLLECTION, "</PmtId>", "</PmtId><PmtTpInf/>" },
    { "charge-bearer-once", "strict", CUSTOMER_ORDER, "</Amt>", "</Amt><ChrgBr>SLEV</ChrgBr>" },
    { "charge-bearer-once", "strict", CUSTOMER_COLLECTION, "<DrctDbtTx>",
      "<ChrgBr>SLEV</ChrgBr><DrctDbtTx>" },
    { "charge-bearer-once", "strict", REQUEST_TO_PAY, "<UltmtDbtr/>",
      "<UltmtDbtr/><ChrgBr>SLEV</ChrgBr>" },
    { "ultimate-party-once", "strict", CUSTOMER_ORDER, AGENT("IntrmyAgt1"),
      "<UltmtDbtr/>" AGENT("IntrmyAgt1") },
    { "ultimate-party-once", "strict", CUSTOMER_COLLECTION, "</DrctDbtTx>",
      "</DrctDbtTx><UltmtCdtr/>" },
    { "ultimate-party-once", "strict", REQUEST_TO_PAY, "SLEV</ChrgBr>",
      "SLEV</ChrgBr><UltmtDbtr/>" },
    { "settlement-date-once", "strict", CUSTOMER_CREDIT, AMOUNT("InstdAmt", "GBP", "9"),
      "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>" AMOUNT("InstdAmt", "GBP", "9") },
    { "settlement-date-once", "strict", CUSTOMER_DEBIT, AMOUNT("InstdAmt", "GBP", "9"),
      "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>" AMOUNT("InstdAmt", "GBP", "9") },
    { "settlement-date-agrees", "strict", RETURN, "2025-03-14</IntrBk", "2025-03-15</IntrBk" },
    { "settlement-date-agrees", "strict", BANK_DEBIT, "20.25</IntrBkSttlmAmt>",
      "20.25</IntrBkSttlmAmt><IntrBkSttlmDt>2025-03-15</IntrBkSttlmDt>" },
    { "settlement-date-given", "strict", CUSTOMER_CREDIT,
      "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>", "" },
    { "settlement-date-given", "strict", SINGLE_CREDIT, "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>",
      "" },
    { "settlement-date-given", "strict", CUSTOMER_DEBIT,
      "<IntrBkSttlmDt>2025-03-14</IntrBkSttlmDt>", "" },
};

#define METHOD(code) "<SttlmMtd>" code "</SttlmMtd>"

static const struct trial settlement[] = {
    { "clearing-alone", "strict", CUSTOMER_CREDIT, METHOD("CLRG"),
      METHOD("CLRG") ACCOUNT("SttlmAcct") },
    { "clearing-alone", "strict", CUSTOMER_CREDIT, "</SttlmInf>",
      AGENT("InstgRmbrsmntAgt") "</SttlmInf>" },
    { "clearing-system-given", "strict", CUSTOMER_DEBIT, "<ClrSys><Cd>TGT</Cd></ClrSys>", "" },
    { "agent-settles-alone", "strict", SINGLE_CREDIT, "</SttlmAcct>",
      "</SttlmAcct><ClrSys><Cd>TGT</Cd></ClrSys>" },
    { "agent-settles-alone", "strict", SINGLE_CREDIT, "</SttlmInf>",
      AGENT("InstdRmbrsmntAgt") "</SttlmInf>" },
    { "cover-names-agents", "strict", SINGLE_CREDIT, METHOD("INDA"), METHOD("COVE") },
    { "third-reimbursement-agent", "strict", COVER_CREDIT, AGENT("InstdRmbrsmntAgt"), "" },
    { "exchange-rate-currencies", "strict", CUSTOMER_CREDIT, "GBP", "EUR" },
    { "exchange-rate-currencies", "strict", CUSTOMER_DEBIT, "GBP", "EUR" },
    { "exchange-rate-currencies", "strict", RETURN, "GBP", "EUR" },
    { "exchange-rate-currencies", "strict", REVERSAL, "GBP", "EUR" },
    { "exchange-rate-given", "strict", CUSTOMER_CREDIT, "<XchgRate>1.2</XchgRate>", "" },
    { "exchange-rate-given", "strict", CUSTOMER_DEBIT, "<XchgRate>1.2</XchgRate>", "" },
    { "exchange-rate-given", "strict", RETURN, "<XchgRate>1.2</XchgRate>", "" },
    { "exchange-rate-given", "strict", REVERSAL, "<XchgRate>1.2</XchgRate>", "" },
    { "returned-amount", "strict", RETURN, "10.50", "10.49" },
    { "returned-amount", "strict", REVERSAL, "10.50", "10.49" },
};

#define WITHOUT(element)      AGENT(element), ""
#define IN_FRONT(of, element) of, element of

static const struct trial agents[] = {
    { "intermediary-order", "strict", CUSTOMER_CREDIT, WITHOUT("IntrmyAgt2") },
    { "intermediary-order", "strict", SINGLE_CREDIT, AGENT("IntrmyAgt1"), AGENT("IntrmyAgt2") },
    { "intermediary-order", "strict", BANK_CREDIT,
      IN_FRONT(AGENT("CdtrAgt"), AGENT("IntrmyAgt3")) },
    { "intermediary-order", "strict", CUSTOMER_DEBIT, IN_FRONT("<Dbtr/>", AGENT("IntrmyAgt3")) },
    { "intermediary-order", "strict", BANK_DEBIT, IN_FRONT(AGENT("CdtrAgt"), AGENT("IntrmyAgt3")) },
    { "intermediary-order", "strict", RETURN, IN_FRONT(AGENT("CdtrAgt"), AGENT("IntrmyAgt3")) },
    { "intermediary-order", "strict", CUSTOMER_ORDER,
      IN_FRONT(AGENT("CdtrAgt"), AGENT("IntrmyAgt3")) },
    { "previous-agent-order", "strict", CUSTOMER_CREDIT,
      IN_FRONT(AGENT("IntrmyAgt1"), AGENT("PrvsInstgAgt3")) },
    { "previous-agent-order", "strict", RETURN,
      IN_FRONT(AGENT("IntrmyAgt1"), AGENT("PrvsInstgAgt3")) },
    { "account-needs-agent", "strict", COVER_CREDIT, AGENT("ThrdRmbrsmntAgt"),
      ACCOUNT("ThrdRmbrsmntAgtAcct") },
    { "account-needs-agent", "strict", SINGLE_CREDIT, AGENT("IntrmyAgt1"),
      ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", "strict", CUSTOMER_CREDIT, WITHOUT("PrvsInstgAgt1") },
    { "account-needs-agent", "strict", BANK_CREDIT,
      IN_FRONT(AGENT("Cdtr"), ACCOUNT("CdtrAgtAcct")) },
    { "account-needs-agent", "strict", CUSTOMER_DEBIT, AGENT("IntrmyAgt1"),
      ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", "strict", BANK_DEBIT, AGENT("IntrmyAgt1"), ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", "strict", BANK_DEBIT, AGENT("CdtrAgt"), ACCOUNT("CdtrAgtAcct") },
    { "account-needs-agent", "strict", BANK_DEBIT, AGENT("Dbtr"),
      AGENT("Dbtr") ACCOUNT("DbtrAgtAcct") },
    { "account-needs-agent", "strict", RETURN, AGENT("DbtrAgt"), ACCOUNT("DbtrAgtAcct") },
    { "account-needs-agent", "strict", RETURN, AGENT("IntrmyAgt1"), ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", "strict", RETURN, AGENT("PrvsInstgAgt1"),
      ACCOUNT("PrvsInstgAgt1Acct") },
    { "account-needs-agent", "strict", CUSTOMER_ORDER, AGENT("IntrmyAgt1"),
      ACCOUNT("IntrmyAgt1Acct") },
    { "account-needs-agent", "strict", CUSTOMER_ORDER, AGENT("CdtrAgt"), ACCOUNT("CdtrAgtAcct") },
};

static const struct trial ids[] = {
    { "uetr-once", "strict", CUSTOMER_CREDIT, UETR_2, UETR_1 },
    { "uetr-once", "strict", CUSTOMER_DEBIT, UETR_2, UETR_1 },
    { "uetr-once", "strict", BANK_DEBIT, UETR_2, UETR_1 },
    { "uetr-once", "strict", CUSTOMER_ORDER, UETR_2, UETR_1 },
    { "uetr-once", "strict", REQUEST_TO_PAY, UETR_2, UETR_1 },
    { "uetr-once", "strict", CUSTOMER_COLLECTION, UETR_2, UETR_1 },
    { "transaction-id-once", "strict", CUSTOMER_CREDIT, ">T-2<", ">T-1<" },
    { "transaction-id-once", "strict", CUSTOMER_DEBIT, ">T-2<", ">T-1<" },
    { "transaction-id-once", "strict", BANK_DEBIT, ">T-2<", ">T-1<" },
    { "instruction-id-once", "strict", CUSTOMER_CREDIT, ">I-2<", ">I-1<" },
    { "instruction-id-once", "strict", CUSTOMER_DEBIT, ">I-2<", ">I-1<" },
    { "instruction-id-once", "strict", BANK_DEBIT, ">I-2<", ">I-1<" },
    { "instruction-id-once", "strict", CUSTOMER_ORDER, ">I-2<", ">I-1<" },
    { "instruction-id-once", "strict", REQUEST_TO_PAY, ">I-2<", ">I-1<" },
    { "instruction-id-once", "strict", CUSTOMER_COLLECTION, ">I-2<", ">I-1<" },
    { "payment-id-once", "strict", CUSTOMER_ORDER, ">P-2<", ">P-1<" },
    { "answer-id-once", "strict", RETURN, ">R-2<", ">R-1<" },
    { "answer-id-once", "strict", REVERSAL, ">R-2<", ">R-1<" },
    { "answer-id-once", "strict", STATUS_REQUEST, ">S-2<", ">S-1<" },
    { "answer-id-once", "strict", BANK_STATUS, ">S-2<", ">S-1<" },
    { "answer-id-once", "strict", CUSTOMER_STATUS, ">S-2<", ">S-1<" },
    { "answer-id-once", "strict", CUSTOMER_REVERSAL, ">R-2<", ">R-1<" },
    { "answer-id-once", "strict", BANK_CANCELLATION, ">X-2<", ">X-1<" },
    { "answer-id-once", "strict", CUSTOMER_CANCELLATION, ">X-2<", ">X-1<" },
    { "statement-id-once", "strict", ACCOUNT_REPORT, "<Id>2</Id>", "<Id>1</Id>" },
    { "statement-id-once", "strict", STATEMENT, "<Id>2</Id>", "<Id>1</Id>" },
    { "statement-id-once", "strict", NOTIFICATION, "<Id>2</Id>", "<Id>1</Id>" },
};

static const struct trial answers[] = {
    { "reject-reason", "strict", BANK_STATUS, REASON, "<StsRsnInf/>" },
    { "reject-reason", "strict", BANK_STATUS, "<GrpSts>PART", "<GrpSts>RJCT" },
    { "reject-reason", "strict", CUSTOMER_STATUS, REASON, "" },
    { "reject-reason", "strict", CUSTOMER_STATUS, "<PmtInfSts>PART", "<PmtInfSts>RJCT" },
};

static const struct trial dates[] = {
    { "signed-before-collected", "strict", CUSTOMER_DEBIT, "<DtOfSgntr>2025-03-13",
      "<DtOfSgntr>2025-03-14" },
    { "signed-before-collected", "strict", CUSTOMER_DEBIT,
      "<ReqdColltnDt>2025-03-13</ReqdColltnDt><DrctDbtTx><MndtRltdInf><MndtId>N</MndtId>"
      "<DtOfSgntr>2025-03-13",
      "<DrctDbtTx><MndtRltdInf><MndtId>N</MndtId><DtOfSgntr>2025-03-15" },
    { "signed-before-collected", "strict", CUSTOMER_COLLECTION, "<DtOfSgntr>2025-03-14",
      "<DtOfSgntr>2025-03-15" },
    { "first-before-final", "strict", CUSTOMER_DEBIT, "<FnlColltnDt>2025-03-13",
      "<FnlColltnDt>2025-03-12" },
    { "first-before-final", "strict", CUSTOMER_COLLECTION, "<FnlColltnDt>2025-03-14",
      "<FnlColltnDt>2024-12-31" },
    { "returned-later", "strict", RETURN, "<OrgnlIntrBkSttlmDt>2025-03-14",
      "<OrgnlIntrBkSttlmDt>2025-03-15" },
    { "period-order", "strict", ACCOUNT_REPORT, "<ToDtTm>2025-03-14T23:59:59Z",
      "<ToDtTm>2025-03-14T00:59:59+01:00" },
    { "period-order", "strict", STATEMENT, "<ToDtTm>2025-03-14", "<ToDtTm>2025-03-13" },
    { "period-order", "strict", NOTIFICATION, "<ToDtTm>2025-03-14", "<ToDtTm>2025-03-13" },
    { "period-order", "strict", REPORT_REQUEST, "<ToDt>2025-03-13", "<ToDt>2025-03-12" },
};

#define ENTRY_TRIALS(report)                                                                       \
    { "entry-count", "strict", report, "<NbOfNtries>3<", "<NbOfNtries>4<" },                       \
        { "entry-count", "strict", report, "<NbOfNtries>2<", "<NbOfNtries>3<" },                   \
        { "entry-count", "strict", report, "<NbOfNtries>1<", "<NbOfNtries>0<" },                   \
        { "entry-sum", "strict", report, "<Sum>53.5<", "<Sum>53.4<" },                             \
        { "entry-sum", "strict", report, "<Sum>13.5<", "<Sum>12.5<" },                             \
    {                                                                                              \
        "entry-sum", "strict", report, "<Sum>40<", "<Sum>40.0000000001<"                           \
    }

#define NET_TRIALS(report)                                                                         \
    { "entry-net", "strict", report, ">26.5<", ">26.50001<" },                                     \
    {                                                                                              \
        "entry-net", "strict", report, "<CdtDbtInd>DBIT", "<CdtDbtInd>CRDT"                        \
    }

/* The entry is in no summary of the second account. */
#define BALANCE_TRIALS(report)                                                                     \
    { "closing-balance", "strict", report, ">17.50</Amt><CdtDbtInd>DBIT",                          \
      ">17.50</Amt><CdtDbtInd>CRDT" },                                                             \
        { "closing-balance", "strict", report, BALANCE("OPBD", "10", "CRDT"),                      \
          BALANCE("OPBD", "10.01", "CRDT") },                                                      \
    {                                                                                              \
        "closing-balance", "strict", report, BALANCE("OPBD", "10", "CRDT"),                        \
            BALANCE("PRCD", "9.9", "CRDT")                                                         \
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
    { "entry-net", "strict", ACCOUNT_REPORT, ">26.5<", ">26.4<" },
    { "entry-net", "strict", OLD_ACCOUNT_REPORT, ">26.5<", ">26.4<" },
    { "entry-net", "strict", STATEMENT, ">26.5<", ">26.4<" },
    { "entry-net", "strict", OLD_STATEMENT, ">26.5<", ">26.4<" },
};

static const struct trial headers[] = {
    { "message-known", "strict", HEADER(BANK_ID("PENSDEFF"), BANK_ID("PENSFRPP")), "pacs.008",
      "pasc.008" },
    { "header-parties", "strict", HEADER(BANK_ID("PENSDEFF"), BANK_ID("PENSFRPP")), "PENSFRPP",
      "PENSDEFF" },
    { "header-parties", "strict", HEADER(FIRM_ID("PENSDEFF"), FIRM_ID("PENSFRPP")), "PENSFRPP",
      "PENSDEFF" },
};

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

static void headers_of_messages(void **state)
{
    (void)state;
    TRY_ALL(headers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_transactions),
        cmocka_unit_test(control_sums_and_totals),
        cmocka_unit_test(what_is_in_the_group_or_in_the_transaction),
        cmocka_unit_test(settlement_and_exchange),
        cmocka_unit_test(orders_of_agents_and_their_accounts),
        cmocka_unit_test(ids_that_come_again),
        cmocka_unit_test(statuses_and_reasons),
        cmocka_unit_test(dates_that_contradict_each_other),
        cmocka_unit_test(entries_and_balances),
        cmocka_unit_test(headers_of_messages),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
