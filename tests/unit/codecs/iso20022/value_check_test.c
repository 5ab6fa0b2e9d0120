/* Rules about single values: each with values that keep it and values that break
   it, in a message that has a place of every kind. */
#include "kit/kit.h"

#include "codecs/iso20022/parse.h"
#include "codecs/iso20022/rule.h"

#include <stdio.h>

#define TEXT(name)                                                                                 \
    "<xs:simpleType name='" name "'><xs:restriction base='xs:string'/></xs:simpleType>\n"
#define ELEMENT(name, type) "<xs:element name='" name "' type='" type "' minOccurs='0'/>"
#define STRUCTURE(name, elements)                                                                  \
    "<xs:complexType name='" name "'><xs:sequence>" elements "</xs:sequence></xs:complexType>\n"
#define AMOUNT_TYPE(name, currency)                                                                \
    "<xs:simpleType name='" name "_SimpleType'><xs:restriction base='xs:decimal'/>"                \
    "</xs:simpleType>\n<xs:complexType name='" name "'><xs:simpleContent>"                         \
    "<xs:extension base='" name "_SimpleType'><xs:attribute name='Ccy' type='" currency            \
    "' use='required'/></xs:extension></xs:simpleContent></xs:complexType>\n"

#define ID "camt.999.001.01"

/* clang-format off */
/* In pieces: a compiler need not take longer texts. */
static const char *const xsd[] = {
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='" ISO_NAMESPACE ID
    "' targetNamespace='" ISO_NAMESPACE ID "' elementFormDefault='qualified'>\n"
    "<xs:element name='Document' type='Document'/>\n",
    STRUCTURE("Document", "<xs:element name='Msg' type='Message'/>")
    STRUCTURE("Message",
        ELEMENT("Acct", "IBAN2007Identifier") ELEMENT("Bank", "AnyBICDec2014Identifier")
        ELEMENT("Firm", "LEIIdentifier") ELEMENT("Paper", "ISINOct2015Identifier")
        ELEMENT("UETR", "Max35Text") ELEMENT("Land", "CountryCode")
        ELEMENT("Sts", "ExternalPaymentTransactionStatus1Code")
        ELEMENT("Rsn", "ExternalReturnReason1Code__1") ELEMENT("Purp", "ExternalPurpose1Code")
        ELEMENT("Own", "ExternalOwnThing1Code") ELEMENT("Now", "ActiveCurrencyCode")
        ELEMENT("Once", "ActiveOrHistoricCurrencyCode")
        ELEMENT("IntrBkSttlmAmt", "ActiveCurrencyAndAmount")
        ELEMENT("Old", "ActiveOrHistoricCurrencyAndAmount")
        ELEMENT("Pric", "ActiveOrHistoricCurrencyAnd13DecimalAmount")
        ELEMENT("Nm", "Max35Text") ELEMENT("EndToEndId", "Max35Text") ELEMENT("Ustrd", "Max35Text")
        ELEMENT("Txt", "Max35Text")
        ELEMENT("Acc", "AccountIdentification4Choice")
        "<xs:element name='Ref' type='CreditorReferenceInformation2' minOccurs='0' maxOccurs='9'/>"
        "<xs:element name='Mmb' type='ClearingSystemMemberIdentification2' minOccurs='0' maxOccurs='9'/>")
    , STRUCTURE("CreditorReferenceInformation2", ELEMENT("Tp", "CreditorReferenceType2") ELEMENT("Ref", "Max35Text"))
    STRUCTURE("CreditorReferenceType2", ELEMENT("CdOrPrtry", "CreditorReferenceType1Choice") ELEMENT("Issr", "Max35Text"))
    STRUCTURE("CreditorReferenceType1Choice", ELEMENT("Cd", "Max35Text") ELEMENT("Prtry", "Max35Text"))
    STRUCTURE("ClearingSystemMemberIdentification2",
        ELEMENT("ClrSysId", "ClearingSystemIdentification2Choice") ELEMENT("MmbId", "Max35Text"))
    STRUCTURE("ClearingSystemIdentification2Choice", ELEMENT("Cd", "Max35Text") ELEMENT("Prtry", "Max35Text"))
    STRUCTURE("AccountIdentification4Choice", ELEMENT("IBAN", "Max35Text") ELEMENT("Othr", "Other"))
    STRUCTURE("Other", ELEMENT("Id", "Max35Text"))
    , AMOUNT_TYPE("ActiveCurrencyAndAmount", "ActiveCurrencyCode")
    AMOUNT_TYPE("ActiveOrHistoricCurrencyAndAmount", "ActiveOrHistoricCurrencyCode")
    AMOUNT_TYPE("ActiveOrHistoricCurrencyAnd13DecimalAmount", "ActiveOrHistoricCurrencyCode")
    , TEXT("IBAN2007Identifier") TEXT("AnyBICDec2014Identifier") TEXT("LEIIdentifier")
    TEXT("ISINOct2015Identifier") TEXT("CountryCode") TEXT("ExternalPaymentTransactionStatus1Code")
    TEXT("ExternalReturnReason1Code__1") TEXT("ExternalPurpose1Code") TEXT("ExternalOwnThing1Code")
    TEXT("ActiveCurrencyCode") TEXT("ActiveOrHistoricCurrencyCode") TEXT("Max35Text")
    "</xs:schema>\n"
};

#define REF(type, text)   "<Ref><Tp>" type "</Tp><Ref>" text "</Ref></Ref>"
#define CODE(text)        "<CdOrPrtry><Cd>" text "</Cd></CdOrPrtry>"
#define MEMBER(code, text) "<Mmb><ClrSysId>" code "</ClrSysId><MmbId>" text "</MmbId></Mmb>"
#define CD(text)          "<Cd>" text "</Cd>"
#define SETTLED(currency, number) "<IntrBkSttlmAmt Ccy='" currency "'>" number "</IntrBkSttlmAmt>"
#define OLD(currency, number) "<Old Ccy='" currency "'>" number "</Old>"

static const struct {
    const char *rule, *body;
    bool kept;
} cases[] = {
    { "iban-country", "<Acct>GB29NWBK60161331926819</Acct>", true },
    { "iban-country", "<Acct>XK051212012345678906</Acct>", true },
    { "iban-country", "<Acct>QQ29NWBK60161331926819</Acct>", false },
    { "iban-country", "<Acc><IBAN>QQ29NWBK60161331926819</IBAN></Acc>", false },
    { "iban-country", "<Acct>Q</Acct>", false },
    { "iban-country", "<Acct/>", false },
    { "iban-length", "<Acct>GB29NWBK60161331926819</Acct>", true },
    { "iban-length", "<Acct>GB29NWBK6016133192681</Acct>", false },
    { "iban-length", "<Acct>GB29NWBK601613319268190</Acct>", false },
    { "iban-length", "<Acct>JP29123</Acct>", true }, /* has no IBAN of a known length */
    { "iban-check-digits", "<Acct>GB29NWBK60161331926819</Acct>", true },
    { "iban-check-digits", "<Acct>GB28NWBK60161331926819</Acct>", false },
    { "iban-check-digits", "<Acct>GB29NWBK60161331926818</Acct>", false },
    { "iban-check-digits", "<Acct>GB2</Acct>", false },
    { "iban-check-digits", "<Acct>GBXXNWBK60161331926819</Acct>", false },
    { "iban-check-digits", "<Acct>GB29 NWBK60161331926819</Acct>", false },
    { "iban-capitals", "<Acct>GB29NWBK60161331926819</Acct>", true },
    { "iban-capitals", "<Acct>GB29nWBK60161331926819</Acct>", false },
    { "bic-form", "<Bank>DEUTDEFF</Bank>", true },
    { "bic-form", "<Bank>DEUTDEFF500</Bank>", true },
    { "bic-form", "<Bank>DEUTDEFF50</Bank>", false },
    { "bic-form", "<Bank>DEUT1EFF</Bank>", false },
    { "bic-form", "<Bank>deutdeff</Bank>", false },
    { "bic-country", "<Bank>DEUTDEFF</Bank>", true },
    { "bic-country", "<Bank>NCBVXKPRXXX</Bank>", true },
    { "bic-country", "<Bank>DEUTZZFF</Bank>", false },
    { "bic-country", "<Bank>DEU</Bank>", true }, /* has none */
    { "lei-check-digits", "<Firm>5493001KJTIIGC8Y1R12</Firm>", true },
    { "lei-check-digits", "<Firm>5493001KJTIIGC8Y1R13</Firm>", false },
    { "isin-check-digit", "<Paper>US0378331005</Paper>", true },
    { "isin-check-digit", "<Paper>AU0000XVGZA3</Paper>", true },
    { "isin-check-digit", "<Paper>US0378331004</Paper>", false },
    { "isin-check-digit", "<Paper>US0373831005</Paper>", false },
    { "uetr-version-4", "<UETR>eb6305c9-1f7f-49de-aed0-16487c27b42d</UETR>", true },
    { "uetr-version-4", "<UETR>eb6305c9-1f7f-19de-aed0-16487c27b42d</UETR>", false },
    { "uetr-version-4", "<UETR>eb6305c9-1f7f-49de-ced0-16487c27b42d</UETR>", false },
    { "uetr-version-4", "<UETR>EB6305C9-1f7f-49de-aed0-16487c27b42d</UETR>", false },
    { "uetr-version-4", "<UETR>eb6305c9-1f7f-49de-aed0-16487c27b42</UETR>", false },
    { "uetr-version-4", "<UETR>eb6305c9 1f7f-49de-aed0-16487c27b42d</UETR>", false },
    { "creditor-reference-check-digits", REF(CODE("SCOR"), "RF18539007547034"), true },
    { "creditor-reference-check-digits", REF("", "RF18539007547034"), true },
    { "creditor-reference-check-digits", REF(CODE("SCOR"), "RF19539007547034"), false },
    { "creditor-reference-check-digits", REF("", "RF19539007547034"), false },
    { "creditor-reference-check-digits", REF(CODE("SCOR") "<Issr>ISO</Issr>", "RF19539007547034"), false },
    { "creditor-reference-check-digits", REF(CODE("SCOR") "<Issr>BBA</Issr>", "RF19539007547034"), true },
    { "creditor-reference-check-digits", REF(CODE("PUOR"), "RF19539007547034"), true },
    { "creditor-reference-check-digits", REF("<CdOrPrtry><Prtry>x</Prtry></CdOrPrtry>", "RF19539007547034"), true },
    { "creditor-reference-check-digits", REF(CODE("PUOR"), "1") REF("", "RF19539007547034"), false },
    { "creditor-reference-check-digits", REF(CODE("SCOR"), "RFX9539007547034"), true },
    { "creditor-reference-check-digits", REF(CODE("SCOR"), "210000000003139471430009017"), true },
    { "clearing-member-form", MEMBER(CD("GBDSC"), "200000"), true },
    { "clearing-member-form", MEMBER(CD("GBDSC"), "20-00-00"), false },
    { "clearing-member-form", MEMBER(CD("GBDSC"), "20000A"), false },
    { "clearing-member-form", MEMBER(CD("CNAPS"), "102100099996"), true },
    { "clearing-member-form", MEMBER(CD("CNAPS"), "10210009999"), false },
    { "clearing-member-form", MEMBER(CD("XXXXX"), "anything"), true },
    { "clearing-member-form", MEMBER(CD("GBDSC"), "200000") "<Mmb><MmbId>any</MmbId></Mmb>", true },
    { "aba-check-digit", MEMBER(CD("USABA"), "021000021"), true },
    { "aba-check-digit", MEMBER(CD("USABA"), "021000022"), false },
    { "aba-check-digit", MEMBER(CD("USABA"), "02100002"), false },
    { "aba-check-digit", MEMBER(CD("GBDSC"), "021000022"), true },
    { "aba-check-digit", MEMBER("<Prtry>USABA</Prtry>", "021000022"), true },
    { "country-known", "<Land>CN</Land>", true },
    { "country-known", "<Land>XK</Land>", true },
    { "country-known", "<Land>UK</Land>", false },
    { "country-known", "<Land>cn</Land>", false },
    { "country-known", "<Land/>", false },
    { "status-code-known", "<Sts>ACSC</Sts>", true },
    { "status-code-known", "<Sts>ACSX</Sts>", false },
    { "status-code-known", "<Rsn>ACSX</Rsn>", true },
    { "reason-code-known", "<Rsn>AC04</Rsn>", true },
    { "reason-code-known", "<Rsn>AC00</Rsn>", false },
    { "reason-code-known", "<Sts>AC00</Sts>", true },
    { "external-code-known", "<Purp>SALA</Purp>", true },
    { "external-code-known", "<Purp>SAL</Purp>", false },
    { "external-code-known", "<Purp>SALAR</Purp>", false },
    { "external-code-known", "<Purp/>", false },
    { "external-code-known", "<Sts>ACSX</Sts><Rsn>AC00</Rsn>", true },
    { "external-code-known", "<Own>ABCD</Own>", true }, /* a set that nobody knows */
    { "currency-active", "<Now>EUR</Now>", true },
    { "currency-active", "<Now>XAU</Now>", true },
    { "currency-active", "<Now>DEM</Now>", false },
    { "currency-active", "<Now>CNH</Now>", false },
    { "currency-active", SETTLED("DEM", "1"), false },
    { "currency-active", "<Once>DEM</Once>" OLD("DEM", "1"), true },
    { "currency-known", "<Once>DEM</Once>", true },
    { "currency-known", "<Once>ZZX</Once>", false },
    { "currency-known", OLD("ITL", "1"), true },
    { "currency-known", OLD("CNH", "1"), false },
    { "currency-known", SETTLED("CNH", "1"), true }, /* the other rule tells */
    { "amount-minor-units", SETTLED("EUR", "1.05"), true },
    { "amount-minor-units", SETTLED("EUR", "1.500"), true },
    { "amount-minor-units", SETTLED("EUR", "1.005"), false },
    { "amount-minor-units", SETTLED("JPY", "100"), true },
    { "amount-minor-units", SETTLED("JPY", "100.5"), false },
    { "amount-minor-units", SETTLED("KWD", "1.005"), true },
    { "amount-minor-units", SETTLED("KWD", "1.0005"), false },
    { "amount-minor-units", SETTLED("CLF", "1.0005") OLD("UYW", "0.0001"), true },
    { "amount-minor-units", SETTLED("CLF", "1.00005"), false },
    { "amount-minor-units", SETTLED("XAU", "1.00005"), true },
    { "amount-minor-units", SETTLED("JPY", "1") OLD("DEM", "1.55555"), true },
    { "amount-minor-units", "<Pric Ccy='EUR'>1.00005</Pric>", true },
    { "names-latin", "<Nm>Z\xc3\xbcrcher \xc5\x81\xc3\xb3\x64\xc5\xba, O\xe2\x80\x99Neill &amp; Co. #1</Nm>", true },
    { "names-latin", "<Nm>\xe4\xb8\xad\xe5\x9b\xbd</Nm>", false },
    { "names-latin", "<Nm>\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0</Nm>", false },
    { "names-latin", "<Ustrd>\xe4\xb8\xad\xe5\x9b\xbd</Ustrd>", true },
    { "reference-slashes", "<EndToEndId>A/B</EndToEndId>", true },
    { "reference-slashes", "<EndToEndId/>", true },
    { "reference-slashes", "<EndToEndId>/AB</EndToEndId>", false },
    { "reference-slashes", "<EndToEndId>AB/</EndToEndId>", false },
    { "reference-slashes", "<EndToEndId>A//B</EndToEndId>", false },
    { "reference-slashes", "<EndToEndId>/</EndToEndId>", false },
    { "reference-slashes", "<Ustrd>/A//B/</Ustrd>", true },
    { "cbpr-text", "<Txt>aZ09/-?:().,'+ </Txt>", true },
    { "cbpr-text", "<Txt>a_b</Txt>", false },
    { "cbpr-text", "<Txt>a\xc3\xbc</Txt>", false },
    { "cbpr-text", "<Txt>a\nb</Txt>", false },
    { "cbpr-text", "<Nm>a_b</Nm><Ustrd>a_b</Ustrd>", true },
    { "cbpr-wide-text", "<Nm>!#&amp;%*=^_`{|}~\";@[\\]$&gt;&lt;</Nm>", true },
    { "cbpr-wide-text", "<Nm>\xc3\xbc</Nm>", false },
    { "cbpr-wide-text", "<Ustrd>a\tb</Ustrd>", false },
    { "cbpr-wide-text", "<Txt>\xc3\xbc</Txt>", true },
    { "cbpr-money", SETTLED("USD", "1"), true },
    { "cbpr-money", SETTLED("XAU", "1"), false },
    { "sepa-text", "<Txt>Rechnung 17, bezahlt</Txt>", true },
    { "sepa-text", "<Nm>a_b</Nm>", false },
    { "t2-euro", SETTLED("EUR", "1") OLD("USD", "1"), true },
    { "t2-euro", SETTLED("USD", "1"), false },
    { "fednow-text", "<Txt>a_b</Txt>", true },
    { "fednow-text", "<Txt>\xc3\xbc</Txt>", false },
    { "cnaps-text", "<Nm>\xe4\xb8\xad\xe5\x9b\xbd\xef\xbc\x88X\xef\xbc\x89</Nm>", true },
    { "cnaps-text", "<Nm>\xc3\xbc</Nm>", false },
    { "cnaps-yuan", SETTLED("CNY", "1"), true },
    { "cnaps-yuan", SETTLED("HKD", "1"), false },
};
/* clang-format on */

enum { CASE_COUNT = sizeof cases / sizeof *cases };

static struct iso_catalogue *catalogue;
static struct writer said;

static int set_up(void **state)
{
    struct error_list errors;
    struct writer whole;
    (void)state;
    writer_init(&said, 0);
    writer_init(&whole, 0);
    for (size_t i = 0; i < sizeof xsd / sizeof *xsd; i++)
        writer_text(&whole, xsd[i]);
    error_list_init(&errors, 0);
    catalogue = iso_catalogue_new();
    if (!iso_catalogue_add(catalogue, writer_slice(&whole), "values.xsd", &errors))
        fail_msg("%u: %s", errors.at[0].place.line, errors.at[0].detail);
    writer_fini(&whole);
    error_list_fini(&errors);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    writer_fini(&said);
    return 0;
}

/* All findings of a message with that body, one a line; good until the next call. */
static struct slice findings_of(const char *body, const struct iso_profile *profile)
{
    struct iso_parse_options options = { .catalogue = catalogue,
                                         .profile = profile,
                                         .error_count_max = 20 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    struct writer xml;
    writer_init(&xml, 0);
    writer_format(&xml, "<Document xmlns=\"" ISO_NAMESPACE ID "\"><Msg>%s</Msg></Document>", body);
    iso_parser_feed(parser, writer_slice(&xml));
    struct error_list errors = iso_parser_end(parser)->errors;
    writer_reset(&said);
    error_list_write(&errors, &said);
    iso_parser_free(parser);
    writer_fini(&xml);
    return writer_slice(&said);
}

static struct iso_profile *profile_of(const char *rule)
{
    struct iso_profile *profile = iso_profile_new(catalogue);
    assert_true(iso_profile_switch(profile, slice_of(rule), true));
    return profile;
}

static void each_case_keeps_or_breaks_its_rule(void **state)
{
    char expected[80];
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        struct iso_profile *profile = profile_of(cases[i].rule);
        iso_profile_bind(profile);
        struct slice findings = findings_of(cases[i].body, profile);
        snprintf(expected, sizeof expected, "(rule %s)\n", cases[i].rule);
        bool told = memmem(findings.at, findings.size, expected, strlen(expected)) != NULL;
        if (cases[i].kept ? findings.size > 0 : !told)
            fail_msg("%s of %s: %.*s", cases[i].rule, cases[i].body, SLICE_ARG(findings));
        iso_profile_free(profile);
    }
}

static void every_rule_about_values_has_cases_on_both_sides(void **state)
{
    (void)state;
    for (size_t i = 0; i < iso_rule_count; i++) {
        bool kept = false, broken = false;
        for (size_t j = 0; j < CASE_COUNT; j++) {
            bool its = strcmp(cases[j].rule, iso_rules[i].name) == 0;
            kept = kept || (its && cases[j].kept);
            broken = broken || (its && !cases[j].kept);
        }
        if (iso_rules[i].messages == NULL && (!kept || !broken))
            fail_msg("%s lacks a case", iso_rules[i].name);
    }
}

static void without_a_profile_no_case_is_at_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++)
        assert_slice_equal(findings_of(cases[i].body, NULL), "");
}

static void a_finding_names_value_place_and_rule(void **state)
{
    struct iso_profile *profile = profile_of("codes");
    (void)state;
    assert_true(iso_profile_switch(profile, SLICE("currency-active"), true));
    iso_profile_bind(profile);
    assert_slice_equal(findings_of(SETTLED("RNB", "1"), profile),
                       "1:87: /Document/Msg/IntrBkSttlmAmt/@Ccy: "
                       "\"RNB\": a currency is in ISO 4217 and in use where its type says so "
                       "(rule currency-active)\n");
    assert_slice_equal(findings_of("<Purp>ABCX</Purp>", profile),
                       "1:77: /Document/Msg/Purp: \"ABCX\" is not "
                       "in ExternalPurpose1Code: any other code is in its external code set "
                       "(rule external-code-known)\n");
    iso_profile_free(profile);
}

static void a_profile_adds_codes(void **state)
{
    struct iso_profile *profile = profile_of("external-code-known");
    (void)state;
    assert_true(iso_profile_add_code(profile, SLICE("ExternalPurpose1Code"), SLICE("ABCX")));
    assert_true(iso_profile_add_code(profile, SLICE("ExternalPurpose1Code"), SLICE("ABCY")));
    iso_profile_bind(profile);
    assert_slice_equal(findings_of("<Purp>ABCX</Purp>", profile), "");
    assert_slice_equal(findings_of("<Purp>ABCY</Purp>", profile), "");
    assert_slice_equal(findings_of("<Purp>SALA</Purp>", profile), "");
    assert_true(findings_of("<Purp>ABCZ</Purp>", profile).size > 0);
    iso_profile_free(profile);
}

static void a_profile_has_a_list_of_its_own_for_a_type(void **state)
{
    struct iso_profile *profile = profile_of("external-code-known");
    (void)state;
    assert_true(iso_profile_add_code(profile, SLICE("ExternalOwnThing1Code"), SLICE("ABCD")));
    assert_false(iso_profile_add_code(profile, SLICE("ExternalNoThing1Code"), SLICE("ABCD")));
    iso_profile_bind(profile);
    assert_slice_equal(findings_of("<Own>ABCD</Own>", profile), "");
    assert_true(findings_of("<Own>ABCE</Own>", profile).size > 0);
    iso_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_keeps_or_breaks_its_rule),
        cmocka_unit_test(every_rule_about_values_has_cases_on_both_sides),
        cmocka_unit_test(without_a_profile_no_case_is_at_fault),
        cmocka_unit_test(a_finding_names_value_place_and_rule),
        cmocka_unit_test(a_profile_adds_codes),
        cmocka_unit_test(a_profile_has_a_list_of_its_own_for_a_type),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
