/* How findings of rules look, and which versions, places and values a rule looks at.
   Every rule has its test on both sides in rule_cases_test.c. */
#include "kit/kit.h"

#include "codecs/iso20022/parse.h"
#include "codecs/iso20022/rule.h"

#include <stdio.h>
#include <stdlib.h>

#define PACS008_ID "pacs.008.001.08"
#define HEAD_ID    "head.001.001.02"

#define PACS008_OF(id, group, transactions)                                                        \
    "<Document xmlns=\"" ISO_NAMESPACE id "\"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M-1</MsgId>"       \
    "<CreDtTm>2025-03-14T09:30:00Z</CreDtTm><NbOfTxs>1</NbOfTxs>" group                            \
    "<SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr>" transactions                         \
    "</FIToFICstmrCdtTrf></Document>"
#define PACS008(group, transactions) PACS008_OF(PACS008_ID, group, transactions)

/* On a line of its own. */
#define TRANSACTION(ids, amounts, agents)                                                          \
    "\n<CdtTrfTxInf><PmtId><EndToEndId>E-1</EndToEndId>" ids "</PmtId>" amounts                    \
    "<ChrgBr>SHAR</ChrgBr>" agents "<Dbtr/><DbtrAgt><FinInstnId/></DbtrAgt>"                       \
    "<CdtrAgt><FinInstnId/></CdtrAgt><Cdtr/></CdtTrfTxInf>"

#define AMOUNT(element, currency, number)                                                          \
    "<" element " Ccy=\"" currency "\">" number "</" element ">"
#define SETTLED(currency, number)    AMOUNT("IntrBkSttlmAmt", currency, number)
#define INSTRUCTED(currency, number) AMOUNT("InstdAmt", currency, number)
#define SETTLED_ON(date)             "<IntrBkSttlmDt>" date "</IntrBkSttlmDt>"
#define RATE                         "<XchgRate>1.25</XchgRate>"
#define UETR(text)                   "<UETR>" text "</UETR>"
#define AGENT(element)               "<" element "><FinInstnId/></" element ">"

#define HEADER(message)                                                                            \
    "<AppHdr xmlns=\"" ISO_NAMESPACE HEAD_ID "\"><Fr><FIId><FinInstnId/></FIId></Fr><To><FIId>"    \
    "<FinInstnId/></FIId></To><BizMsgIdr>B-1</BizMsgIdr>\n<MsgDefIdr>" message "</MsgDefIdr>"      \
    "<CreDt>2025-03-14T09:30:00Z</CreDt></AppHdr>"

#define ONE   "11111111-1111-4111-8111-111111111111"
#define OTHER "11111111-1111-4111-8111-111111111112"

static struct iso_catalogue *catalogue;
static struct writer text;

static void add_shipped(const char *id)
{
    char path[512];
    struct error_list errors;
    snprintf(path, sizeof path, PENSTOCK_SOURCE_DIR "/schemas/iso20022/%s.xsd", id);
    struct slice xsd = kit_read_file(path);
    error_list_init(&errors, 0);
    assert_true(iso_catalogue_add(catalogue, xsd, "shipped", &errors));
    kit_free_file(xsd);
}

static int set_up(void **state)
{
    (void)state;
    writer_init(&text, 0);
    catalogue = iso_catalogue_new();
    add_shipped(PACS008_ID);
    add_shipped(HEAD_ID);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    writer_fini(&text);
    return 0;
}

/* All findings, one a line; good until the next call. */
static struct slice findings_of(struct slice xml, const struct iso_catalogue *schemas,
                                size_t memory_max)
{
    static const char *const rules[] = { "message-known",      "settlement-date-once",
                                         "total-currency",     "exchange-rate-currencies",
                                         "intermediary-order", "uetr-once" };
    struct iso_profile *profile = iso_profile_new(schemas);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        assert_true(iso_profile_switch(profile, slice_of(rules[i]), true));
    iso_profile_bind(profile);
    struct iso_parse_options options = {
        .catalogue = schemas, .profile = profile, .error_count_max = 20, .memory_max = memory_max
    };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, xml);
    struct error_list errors = iso_parser_end(parser)->errors;
    writer_reset(&text);
    error_list_write(&errors, &text);
    iso_parser_free(parser);
    iso_profile_free(profile);
    return writer_slice(&text);
}

static bool tells(struct slice findings, const char *rule)
{
    return memmem(findings.at, findings.size, rule, strlen(rule)) != NULL;
}

static void assert_findings(const char *xml, const char *expected)
{
    assert_slice_equal(findings_of(slice_of(xml), catalogue, 0), expected);
}

static void assert_kept(const char *xml)
{
    assert_findings(xml, "");
}

#define DATE_BROKEN(transaction, line)                                                             \
    line ":101: a rule of ISO 20022 is broken: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf"            \
         "[" transaction "]/IntrBkSttlmDt: GrpHdr.IntrBkSttlmDt is there as well: IntrBkSttlmDt "  \
         "is in the group or in the transactions, not in both (rule settlement-date-once)\n"

static void a_settlement_date_is_in_the_group_or_in_transactions(void **state)
{
    (void)state;
    assert_kept(PACS008("", TRANSACTION("", SETTLED("EUR", "1"), "")));
    assert_kept(PACS008(SETTLED_ON("2025-03-14"), TRANSACTION("", SETTLED("EUR", "1"), "")));
    assert_kept(PACS008("", TRANSACTION("", SETTLED("EUR", "1") SETTLED_ON("2025-03-14"), "")
                                TRANSACTION("", SETTLED("EUR", "1") SETTLED_ON("2025-03-17"), "")));
    assert_findings(
        PACS008(SETTLED_ON("2025-03-14"),
                TRANSACTION("", SETTLED("EUR", "1"), "")
                    TRANSACTION("", SETTLED("EUR", "1") SETTLED_ON("2025-03-14"), "")
                        TRANSACTION("", SETTLED("EUR", "1"), "")
                            TRANSACTION("", SETTLED("EUR", "1") SETTLED_ON("2025-03-17"), "")),
        "3:116: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf[2]/IntrBkSttlmDt: "
        "GrpHdr.IntrBkSttlmDt is there as well: IntrBkSttlmDt is in the group or in the "
        "transactions, not in both (rule settlement-date-once)\n"
        "5:116: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf[4]/IntrBkSttlmDt: "
        "GrpHdr.IntrBkSttlmDt is there as well: IntrBkSttlmDt is in the group or in the "
        "transactions, not in both (rule settlement-date-once)\n");
}

#define TOTAL(currency) AMOUNT("TtlIntrBkSttlmAmt", currency, "2")

static void the_total_is_in_the_currency_of_all_transactions(void **state)
{
    (void)state;
    assert_kept(PACS008("", TRANSACTION("", SETTLED("EUR", "1"), "")
                                TRANSACTION("", SETTLED("GBP", "1"), "")));
    assert_kept(PACS008(TOTAL("EUR"), TRANSACTION("", SETTLED("EUR", "1"), "")
                                          TRANSACTION("", SETTLED("EUR", "1"), "")));
    assert_findings(PACS008(TOTAL("EUR"), TRANSACTION("", SETTLED("EUR", "1"), "")
                                              TRANSACTION("", SETTLED("GBP", "1"), "")),
                    "3:73: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf[2]/IntrBkSttlmAmt/@Ccy: \"GBP\" "
                    "is not \"EUR\": all amounts are in the currency of their total "
                    "(rule total-currency)\n");
}

static void an_exchange_rate_is_between_two_currencies(void **state)
{
    (void)state;
    assert_kept(
        PACS008("", TRANSACTION("", SETTLED("EUR", "1") INSTRUCTED("GBP", "0.80") RATE, "")));
    assert_kept(PACS008("", TRANSACTION("", SETTLED("EUR", "1") INSTRUCTED("EUR", "0.80"), "")));
    assert_kept(PACS008("", TRANSACTION("", SETTLED("EUR", "1") RATE, "")));
    assert_findings(
        PACS008("", TRANSACTION("", SETTLED("EUR", "1") INSTRUCTED("EUR", "0.80") RATE, "")),
        "2:146: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf[1]/XchgRate: both are in EUR: there is no "
        "XchgRate between different amounts in one currency (rule "
        "exchange-rate-currencies)\n");
}

static void an_exchange_rate_between_equal_amounts_is_taken(void **state)
{
    (void)state;
    assert_kept(
        PACS008("", TRANSACTION("", SETTLED("EUR", "1") INSTRUCTED("EUR", "01.00") RATE, "")));
}

static void amounts_of_one_transaction_are_not_those_of_the_next(void **state)
{
    (void)state;
    assert_kept(PACS008("", TRANSACTION("", SETTLED("EUR", "1") INSTRUCTED("GBP", "0.80"), "")
                                TRANSACTION("", SETTLED("GBP", "1") RATE, "")));
}

/* Only what the schema takes is compared. */
static void an_amount_that_is_wrong_is_not_compared(void **state)
{
    static const char *const wrong[] = {
        SETTLED("eur", "1") INSTRUCTED("EUR", "2"),
        SETTLED("EUR", "x") INSTRUCTED("EUR", "2"),
        SETTLED("EUR", "1") INSTRUCTED("eur", "2"),
        SETTLED("EUR", "1") INSTRUCTED("EUR", "x"),
        SETTLED("eur", "1") INSTRUCTED("eur", "2"),
        "<IntrBkSttlmAmt>1</IntrBkSttlmAmt>" INSTRUCTED("EUR", "2"),
        INSTRUCTED("EUR", "2"),
    };
    struct writer xml;
    (void)state;
    writer_init(&xml, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        writer_reset(&xml);
        writer_format(&xml,
                      PACS008("", TRANSACTION("", SETTLED("EUR", "1") INSTRUCTED("EUR", "1"), "")
                                      TRANSACTION("", "%s" RATE, "")),
                      wrong[i]);
        struct slice findings = findings_of(writer_slice(&xml), catalogue, 0);
        assert_true(findings.size > 0);
        assert_false(tells(findings, "(rule pacs008-"));
    }
    writer_fini(&xml);
}

static void intermediary_2_needs_1(void **state)
{
    (void)state;
    assert_kept(PACS008("", TRANSACTION("", SETTLED("EUR", "1"), AGENT("IntrmyAgt1"))));
    assert_kept(
        PACS008("", TRANSACTION("", SETTLED("EUR", "1"), AGENT("IntrmyAgt1") AGENT("IntrmyAgt2"))));
    assert_findings(
        PACS008("", TRANSACTION("", SETTLED("EUR", "1"), AGENT("IntrmyAgt1"))
                        TRANSACTION("", SETTLED("EUR", "1"), AGENT("IntrmyAgt2"))),
        "3:122: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf[2]/IntrmyAgt2: there is no IntrmyAgt1: "
        "IntrmyAgt2 is there only with IntrmyAgt1, IntrmyAgt3 with IntrmyAgt2 (rule "
        "intermediary-order)\n");
}

#define UETR_BROKEN(transaction, line)                                                             \
    line ":49: a rule of ISO 20022 is broken: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf"             \
         "[" transaction "]/PmtId/UETR: \"" ONE "\" as on line 2: a UETR occurs once in a "        \
         "message (rule uetr-once)\n"

static void a_uetr_occurs_once(void **state)
{
    (void)state;
    assert_kept(PACS008("", TRANSACTION(UETR(ONE), SETTLED("EUR", "1"), "")
                                TRANSACTION("", SETTLED("EUR", "1"), "")
                                    TRANSACTION(UETR(OTHER), SETTLED("EUR", "1"), "")));
    assert_findings(PACS008("", TRANSACTION(UETR(ONE), SETTLED("EUR", "1"), "")
                                    TRANSACTION(UETR(OTHER), SETTLED("EUR", "1"), "")
                                        TRANSACTION(UETR(ONE), SETTLED("EUR", "1"), "")
                                            TRANSACTION(UETR(ONE), SETTLED("EUR", "1"), "")),
                    "4:55: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf[3]/PmtId/UETR: "
                    "\"11111111-1111-4111-8111-111111111111\" as on line 2: a UETR occurs once in "
                    "a message (rule uetr-once)\n"
                    "5:55: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf[4]/PmtId/UETR: "
                    "\"11111111-1111-4111-8111-111111111111\" as on line 2: a UETR occurs once in "
                    "a message (rule uetr-once)\n");
}

#define MESSAGE_BROKEN(why)                                                                        \
    "2:1: a rule of ISO 20022 is broken: /AppHdr/MsgDefIdr: " why                                  \
    ": MsgDefIdr names a message that exists (rule message-known)\n"

static void a_header_names_a_message(void **state)
{
    (void)state;
    assert_kept(HEADER(PACS008_ID));
    assert_kept(HEADER("camt.053.001.08")); /* not loaded */
    assert_kept(HEADER("tsrv.019.001.40"));
    assert_findings(HEADER("pacs.008.001.99"),
                    "2:12: /AppHdr/MsgDefIdr: \"pacs.008.001.99\" is a version that no message "
                    "has: MsgDefIdr names a message that exists (rule message-known)\n");
    assert_findings(HEADER("pacs.008.001.41"),
                    "2:12: /AppHdr/MsgDefIdr: \"pacs.008.001.41\" is a version that no message "
                    "has: MsgDefIdr names a message that exists (rule message-known)\n");
    assert_findings(HEADER("pacs.008.001.00"),
                    "2:12: /AppHdr/MsgDefIdr: \"pacs.008.001.00\" is a version that no message "
                    "has: MsgDefIdr names a message that exists (rule message-known)\n");
    assert_findings(HEADER("pasc.008.001.08"),
                    "2:12: /AppHdr/MsgDefIdr: \"pasc.008.001.08\" is of no business area: "
                    "MsgDefIdr names a message that exists (rule message-known)\n");
}

static void a_market_has_names_of_its_own(void **state)
{
    static const char *const names[] = {
        HEADER("fps.admi.002.001.01"), HEADER("pacs.008.001.99.x"),
        HEADER("PACS.008.001.99"),     HEADER("pacs-008-001-99"),
        HEADER("pacs.008.001.9"),      HEADER("pacs.008.001.999"),
        HEADER("pacs.0a8.001.99"),     HEADER("MT103"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_kept(names[i]);
}

/* A message with a little of pacs.008, in texts without limits. */
#define SMALL_XSD(id, header, transaction)                                                         \
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='" ISO_NAMESPACE id              \
    "' targetNamespace='" ISO_NAMESPACE id "' elementFormDefault='qualified'>\n"                   \
    "<xs:element name='Document' type='Document'/>\n"                                              \
    "<xs:complexType name='Document'><xs:sequence><xs:element name='FIToFICstmrCdtTrf' "           \
    "type='Message'/></xs:sequence></xs:complexType>\n"                                            \
    "<xs:complexType name='Message'><xs:sequence><xs:element name='GrpHdr' type='Header'/>"        \
    "<xs:element name='CdtTrfTxInf' type='Transaction' maxOccurs='unbounded'/></xs:sequence>"      \
    "</xs:complexType>\n"                                                                          \
    "<xs:complexType name='Header'><xs:sequence>" header "</xs:sequence></xs:complexType>\n"       \
    "<xs:complexType name='Transaction'><xs:sequence>" transaction "</xs:sequence>"                \
    "</xs:complexType>\n"                                                                          \
    "<xs:simpleType name='Text'><xs:restriction base='xs:string'/></xs:simpleType>\n"              \
    "<xs:complexType name='Amount'><xs:simpleContent><xs:extension base='Text'>"                   \
    "<xs:attribute name='Ccy' type='Text'/></xs:extension></xs:simpleContent></xs:complexType>\n"  \
    "</xs:schema>\n"

#define ELEMENT(name, type) "<xs:element name='" name "' type='" type "'/>"

/* Findings of a message with this in its header and in its only transaction, in
   the schema that xsd is. */
static struct slice small_findings(const char *xsd, const char *id, const char *header,
                                   const char *transaction)
{
    struct iso_catalogue *schemas = iso_catalogue_new();
    struct error_list errors;
    struct writer xml;
    writer_init(&xml, 0);
    error_list_init(&errors, 0);
    assert_true(iso_catalogue_add(schemas, slice_of(xsd), "small.xsd", &errors));
    writer_format(&xml,
                  "<Document xmlns=\"" ISO_NAMESPACE "%s\"><FIToFICstmrCdtTrf><GrpHdr>%s</GrpHdr>"
                  "<CdtTrfTxInf>%s</CdtTrfTxInf></FIToFICstmrCdtTrf></Document>",
                  id, header, transaction);
    struct slice findings = findings_of(writer_slice(&xml), schemas, 0);
    writer_fini(&xml);
    iso_catalogue_free(schemas);
    return findings;
}

#define DATES(id) SMALL_XSD(id, ELEMENT("IntrBkSttlmDt", "Text"), ELEMENT("IntrBkSttlmDt", "Text"))

static void a_rule_is_for_all_versions_of_its_messages(void **state)
{
    (void)state;
    assert_true(tells(small_findings(DATES("pacs.008.001.77"), "pacs.008.001.77", SETTLED_ON("x"),
                                     SETTLED_ON("y")),
                      "(rule settlement-date-once)\n"));
}

static void a_rule_is_not_for_other_messages(void **state)
{
    (void)state;
    assert_slice_equal(small_findings(DATES("pacs.028.001.08"), "pacs.028.001.08", SETTLED_ON("x"),
                                      SETTLED_ON("y")),
                       "");
    assert_slice_equal(
        small_findings(DATES("pacs.008.0010"), "pacs.008.0010", SETTLED_ON("x"), SETTLED_ON("y")),
        "");
    assert_slice_equal(
        small_findings(DATES("pacs.008.001"), "pacs.008.001", SETTLED_ON("x"), SETTLED_ON("y")),
        "");
}

static void a_rule_with_a_path_that_is_not_there_is_left_out(void **state)
{
    (void)state;
    assert_slice_equal(small_findings(SMALL_XSD("pacs.008.001.77", ELEMENT("MsgId", "Text"),
                                                ELEMENT("IntrBkSttlmDt", "Text")),
                                      "pacs.008.001.77", "<MsgId>x</MsgId>", SETTLED_ON("y")),
                       "");
}

#define TEN    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
#define NINETY TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void a_long_text_is_cut_before_the_name_of_the_rule(void **state)
{
    (void)state;
    assert_slice_equal(
        small_findings(SMALL_XSD("pacs.008.001.77", ELEMENT("TtlIntrBkSttlmAmt", "Amount"),
                                 ELEMENT("IntrBkSttlmAmt", "Amount")),
                       "pacs.008.001.77", AMOUNT("TtlIntrBkSttlmAmt", "x" NINETY, ""),
                       SETTLED(NINETY, "")),
        "1:223: /Document/FIToFICstmrCdtTrf/CdtTrfTxInf[1]"
        "/IntrBkSttlmAmt/@Ccy: \"" TEN TEN TEN TEN TEN TEN "\" is not \"x" TEN TEN TEN TEN TEN
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\": all amounts are in the currency of thei... (rule "
        "total-currency)\n");
}

#define LONG                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define BETWEEN(one, other)  SETTLED(one, "1") INSTRUCTED(other, "2") RATE
#define TWICE(first, second) first "</CdtTrfTxInf>\n<CdtTrfTxInf>" second

static void a_currency_may_be_longer_than_the_one_before(void **state)
{
    static const char xsd[] =
        SMALL_XSD("pacs.008.001.77", ELEMENT("MsgId", "Text"),
                  ELEMENT("IntrBkSttlmAmt", "Amount") ELEMENT("InstdAmt", "Amount")
                      ELEMENT("XchgRate", "Text"));
    const char *kept = TWICE(BETWEEN("A", "B"), BETWEEN(LONG, "A" LONG));
    const char *broken = TWICE(BETWEEN("A", "B"), BETWEEN(LONG, LONG));
    (void)state;
    assert_slice_equal(small_findings(xsd, "pacs.008.001.77", "<MsgId/>", kept), "");
    assert_true(tells(small_findings(xsd, "pacs.008.001.77", "<MsgId/>", broken),
                      "CdtTrfTxInf[2]/XchgRate: both are in " LONG ": "));
}

/* As many transactions, each with a UETR of its own. */
static void write_many(struct writer *xml, unsigned count)
{
    writer_text(xml, "<Document xmlns=\"" ISO_NAMESPACE PACS008_ID "\"><FIToFICstmrCdtTrf><GrpHdr>"
                     "<MsgId>M-1</MsgId><CreDtTm>2025-03-14T09:30:00Z</CreDtTm><NbOfTxs>1</NbOfTxs>"
                     "<SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr>");
    for (unsigned i = 0; i < count; i++)
        writer_format(xml,
                      "<CdtTrfTxInf><PmtId><EndToEndId>E-1</EndToEndId>"
                      "<UETR>%08x-1111-4111-8111-111111111111</UETR></PmtId>" SETTLED(
                          "EUR", "1") "<ChrgBr>SHAR</ChrgBr><Dbtr/><DbtrAgt><FinInstnId/></DbtrAgt>"
                                      "<CdtrAgt><FinInstnId/></CdtrAgt><Cdtr/></CdtTrfTxInf>",
                      i);
    writer_text(xml, "</FIToFICstmrCdtTrf></Document>");
}

static void what_rules_keep_stays_within_the_memory_of_a_document(void **state)
{
    struct writer xml;
    (void)state;
    writer_init(&xml, 0);
    write_many(&xml, 1000);
    assert_slice_equal(findings_of(writer_slice(&xml), catalogue, 50000), "");
    assert_true(tells(findings_of(writer_slice(&xml), catalogue, 30000),
                      "it takes too much memory, the limit is 30000 bytes (rule iso.memory)"));
    assert_true(tells(findings_of(writer_slice(&xml), catalogue, 16), "takes too much memory"));
    writer_fini(&xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_settlement_date_is_in_the_group_or_in_transactions),
        cmocka_unit_test(the_total_is_in_the_currency_of_all_transactions),
        cmocka_unit_test(an_exchange_rate_is_between_two_currencies),
        cmocka_unit_test(an_exchange_rate_between_equal_amounts_is_taken),
        cmocka_unit_test(amounts_of_one_transaction_are_not_those_of_the_next),
        cmocka_unit_test(an_amount_that_is_wrong_is_not_compared),
        cmocka_unit_test(intermediary_2_needs_1),
        cmocka_unit_test(a_uetr_occurs_once),
        cmocka_unit_test(a_header_names_a_message),
        cmocka_unit_test(a_market_has_names_of_its_own),
        cmocka_unit_test(a_rule_is_for_all_versions_of_its_messages),
        cmocka_unit_test(a_rule_is_not_for_other_messages),
        cmocka_unit_test(a_rule_with_a_path_that_is_not_there_is_left_out),
        cmocka_unit_test(a_long_text_is_cut_before_the_name_of_the_rule),
        cmocka_unit_test(a_currency_may_be_longer_than_the_one_before),
        cmocka_unit_test(what_rules_keep_stays_within_the_memory_of_a_document),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
