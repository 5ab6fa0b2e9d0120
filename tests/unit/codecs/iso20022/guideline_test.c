/* What banks write into their usage guidelines: fewer elements, fixed values, types
   that restrict others.  Each document is judged by libxml2 with the same schema,
   too. */
#include "judged.h"

static const char guideline[] = XSD_OPEN(SMALL_ID, "Document") XSD_DOCUMENT XSD_TEXTS
    "<xs:complexType name='Smal'><xs:sequence>"
    "<xs:element name='Svc' type='Text5' fixed='SEPA'/>"
    "<xs:element name='Nb' type='Number' fixed='1.50' minOccurs='0'/>"
    "<xs:element name='Flg' type='Flag' fixed='true' minOccurs='0'/>"
    "<xs:element name='Amt' type='Euro' minOccurs='0'/>"
    "<xs:element name='Gone' type='Text5' minOccurs='0' maxOccurs='0'/>"
    "<xs:element name='Few' type='Text5' minOccurs='0' maxOccurs='2'/>"
    "<xs:element name='Rate' type='Rate' minOccurs='0'/>"
    "<xs:element name='Step' type='Step' minOccurs='0'/>"
    "<xs:element name='Ref' type='Ref' minOccurs='0'/>"
    "<xs:element name='Word' type='Word' minOccurs='0'/>"
    "<xs:element name='Sum' type='Amount' fixed='2' minOccurs='0'/>"
    "</xs:sequence></xs:complexType>"
    "<xs:simpleType name='Flag'><xs:restriction base='xs:boolean'/></xs:simpleType>"
    "<xs:complexType name='Euro'><xs:simpleContent><xs:extension base='Cents'>"
    "<xs:attribute name='Ccy' type='Ccy' use='required' fixed='EUR'/>"
    "</xs:extension></xs:simpleContent></xs:complexType>"
    "<xs:simpleType name='Cents'><xs:restriction base='Number'>"
    "<xs:minInclusive value='0.01'/></xs:restriction></xs:simpleType>"
    "<xs:simpleType name='Rate'><xs:restriction base='xs:decimal'>"
    "<xs:minExclusive value='0'/><xs:maxExclusive value='1'/></xs:restriction></xs:simpleType>"
    "<xs:simpleType name='Step'><xs:restriction base='xs:decimal'>"
    "<xs:enumeration value='1'/><xs:enumeration value='2.50'/></xs:restriction></xs:simpleType>"
    "<xs:simpleType name='Ref'><xs:restriction base='xs:string'>"
    "<xs:pattern value='A[0-9]+'/><xs:pattern value='B[0-9]+'/></xs:restriction></xs:simpleType>"
    "<xs:simpleType name='Word'><xs:restriction base='Text5'>"
    "<xs:enumeration value='ONE'/><xs:enumeration "
    "value='TWO'/></xs:restriction></xs:simpleType>" XSD_CLOSE;

#define SVC "<Svc>SEPA</Svc>"

/* XML Schema part 1 */
#define BY_VALUE    "cvc-elt 5.2.2.2.2: values are compared, not their spelling"
#define NO_PARTICLE "3.9.2: a particle that occurs at most 0 times is none"

static const struct judged cases[] = {
    { SVC, true, NULL },
    { "<Svc/>", true, NULL }, /* an empty element has the fixed value */
    { "<Svc><!-- none --></Svc>", true, NULL },
    { "<Svc>SEPB</Svc>", false, NULL },
    { "<Svc> </Svc>", false, NULL },
    { "", false, NULL },
    { SVC "<Nb>1.5</Nb>", true, BY_VALUE },
    { SVC "<Nb> +1.500 </Nb>", true, BY_VALUE },
    { SVC "<Nb/>", true, NULL },
    { SVC "<Nb>1.51</Nb>", false, NULL },
    { SVC "<Flg>true</Flg>", true, NULL },
    { SVC "<Flg>1</Flg>", true, BY_VALUE },
    { SVC "<Flg>false</Flg>", false, NULL },
    { SVC "<Amt Ccy='EUR'>0.01</Amt>", true, NULL },
    { SVC "<Amt Ccy='USD'>0.01</Amt>", false, NULL },
    { SVC "<Amt Ccy=''>0.01</Amt>", false, NULL },
    { SVC "<Amt>0.01</Amt>", false, NULL },
    { SVC "<Amt Ccy='EUR'>0.00</Amt>", false, NULL },
    { SVC "<Amt Ccy='EUR'>0.011</Amt>", false, NULL },
    { SVC "<Few>a</Few><Few>b</Few>", true, NULL },
    { SVC "<Few>a</Few><Few>b</Few><Few>c</Few>", false, NULL },
    { SVC "<Rate>0.5</Rate>", true, NULL },
    { SVC "<Rate>0.0</Rate>", false, NULL },
    { SVC "<Rate>1.00</Rate>", false, NULL },
    { SVC "<Step>1.0</Step>", true, NULL },
    { SVC "<Step>2.5</Step>", true, NULL },
    { SVC "<Step>2</Step>", false, NULL },
    { SVC "<Ref>A1</Ref>", true, NULL },
    { SVC "<Ref>B22</Ref>", true, NULL },
    { SVC "<Ref>C1</Ref>", false, NULL },
    { SVC "<Ref>A1B1</Ref>", false, NULL },
    { SVC "<Word>TWO</Word>", true, NULL },
    { SVC "<Word>SIX</Word>", false, NULL },
    { SVC "<Sum Ccy='USD'>2.00</Sum>", true, BY_VALUE },
    { SVC "<Sum Ccy='USD'/>", true, NULL },
    { SVC "<Sum Ccy='USD'>2.01</Sum>", false, NULL },
};

/* In the normal form the element is not there at all. */
static const struct judged left_out[] = { { SVC "<Gone>a</Gone>", false, NO_PARTICLE } };

enum { CASE_COUNT = sizeof cases / sizeof *cases };

static void a_guideline_is_kept_as_the_standard_says(void **state)
{
    (void)state;
    judged_check(SLICE(guideline), cases, CASE_COUNT);
    judged_check(SLICE(guideline), left_out, 1);
}

static void its_normal_form_says_the_same(void **state)
{
    struct iso_catalogue *catalogue = judged_catalogue(SLICE(guideline));
    struct writer normal;
    (void)state;
    writer_init(&normal, 0);
    iso_schema_write(iso_catalogue_at(catalogue, 0), &normal);
    judged_check(writer_slice(&normal), cases, CASE_COUNT);
    writer_fini(&normal);
    iso_catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guideline_is_kept_as_the_standard_says),
        cmocka_unit_test(its_normal_form_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
