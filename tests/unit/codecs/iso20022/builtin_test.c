/* Values of built-in types, named by xsi:type below a lax wildcard. */
#include "codecs/iso20022/builtin.h"

#include "judged.h"

static const char xsd[] = XSD_OPEN(SMALL_ID, "Document") XSD_DOCUMENT XSD_TEXTS
    "<xs:complexType name='Smal'><xs:sequence><xs:element name='Envlp' type='Envelope'/>"
    "</xs:sequence></xs:complexType><xs:complexType name='Envelope'><xs:sequence>"
    "<xs:any namespace='##any' processContents='lax'/></xs:sequence></xs:complexType>" XSD_CLOSE;

#define NAMESPACES                                                                                 \
    "xmlns:i='http://www.w3.org/2001/XMLSchema-instance' "                                         \
    "xmlns:xs='http://www.w3.org/2001/XMLSchema'"
#define TYPED(type, value) "<Envlp><x " NAMESPACES " i:type='xs:" type "'>" value "</x></Envlp>"
#define TAKEN(type, value)                                                                         \
    {                                                                                              \
        TYPED(type, value), true, NULL                                                             \
    }
#define REFUSED(type, value)                                                                       \
    {                                                                                              \
        TYPED(type, value), false, NULL                                                            \
    }
/* libxml2 takes it. */
#define REFUSED_BY(clause, type, value)                                                            \
    {                                                                                              \
        TYPED(type, value), false, clause                                                          \
    }
#define CHECK(...)                                                                                 \
    do {                                                                                           \
        static const struct judged cases[] = { __VA_ARGS__ };                                      \
        judged_check(SLICE(xsd), cases, sizeof cases / sizeof *cases);                             \
    } while (0)

static void integers_have_no_point_and_their_bounds(void **state)
{
    (void)state;
    CHECK(TAKEN("integer", " +0012 "), REFUSED("integer", "1."), REFUSED("integer", "1.0"),
          REFUSED("integer", ""), TAKEN("nonPositiveInteger", "0"),
          REFUSED("nonPositiveInteger", "1"), TAKEN("negativeInteger", "-1"),
          REFUSED("negativeInteger", "0"), TAKEN("nonNegativeInteger", "-0"),
          REFUSED("nonNegativeInteger", "-1"), TAKEN("positiveInteger", "1"),
          REFUSED("positiveInteger", "0"), TAKEN("long", "9223372036854775807"),
          REFUSED("long", "9223372036854775808"), TAKEN("int", "-2147483648"),
          REFUSED("int", "-2147483649"), TAKEN("short", "32767"), REFUSED("short", "32768"),
          TAKEN("byte", "-128"), REFUSED("byte", "128"),
          TAKEN("unsignedLong", "18446744073709551615"),
          REFUSED("unsignedLong", "18446744073709551616"), TAKEN("unsignedInt", "4294967295"),
          REFUSED("unsignedInt", "-1"), TAKEN("unsignedShort", "65535"),
          REFUSED("unsignedShort", "65536"), TAKEN("unsignedByte", "255"),
          REFUSED("unsignedByte", "256"), REFUSED("unsignedByte", "+1"),
          REFUSED("unsignedLong", "-0"), TAKEN("unsignedInt", "007"));
}

static void numbers_may_have_exponents(void **state)
{
    (void)state;
    CHECK(TAKEN("float", " 1e3 "), TAKEN("float", "-.5E-3"), TAKEN("float", "INF"),
          TAKEN("double", "-INF"), TAKEN("double", "NaN"), TAKEN("double", "+5."),
          REFUSED_BY("part 2, 3.2.4.1: an exponent has digits", "float", "1e"),
          REFUSED("double", "+INF"), REFUSED("double", "nan"), REFUSED("float", ""));
}

static void names_and_tokens_have_their_characters(void **state)
{
    (void)state;
    CHECK(TAKEN("string", " a "), TAKEN("anySimpleType", ""), TAKEN("normalizedString", "a\tb"),
          TAKEN("token", " a  b "), TAKEN("language", "zh-Hant"), REFUSED("language", "abcdefghi"),
          TAKEN("Name", ":a.b"), REFUSED("Name", "-a"), TAKEN("NCName", "_a-b"),
          REFUSED("NCName", "a:b"), TAKEN("NMTOKEN", " -a:b "), REFUSED("NMTOKEN", "a b"),
          TAKEN("NMTOKENS", " a\n-b "),
          REFUSED_BY("part 2, 3.3.5: there is at least one", "NMTOKENS", ""));
}

static void durations_days_and_bytes(void **state)
{
    (void)state;
    CHECK(TAKEN("duration", "P1Y2M3DT4H5M6.7S"), TAKEN("duration", "-PT36H"),
          TAKEN("duration", "P1M1D"), REFUSED("duration", "P"), REFUSED("duration", "P1YT"),
          REFUSED("duration", "PT1D"), REFUSED("duration", "P1S"), TAKEN("gDay", "---31Z"),
          REFUSED("gDay", "---32"), TAKEN("gMonthDay", "--02-29+14:00"),
          REFUSED("gMonthDay", "--02-30"), REFUSED("gMonthDay", "--04-31"),
          TAKEN("hexBinary", "0aFF"), TAKEN("hexBinary", ""), REFUSED("hexBinary", "0aF"));
}

static void any_type_says_nothing(void **state)
{
    (void)state;
    CHECK(TAKEN("anyType", "text<y/>"), REFUSED("string", "<y/>"), REFUSED("none", "1"));
}

static void what_depends_on_the_document_is_not_known(void **state)
{
    static const char *const names[] = { "ID",    "IDREF",  "IDREFS",   "ENTITY", "ENTITIES",
                                         "QName", "anyURI", "NOTATION", "anyType" };
    struct iso_builtins *builtins = iso_builtins_new();
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_null(iso_builtins_find(builtins, slice_of(names[i])));
    assert_non_null(iso_builtins_find(builtins, SLICE("int")));
    iso_builtins_free(builtins);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_have_no_point_and_their_bounds),
        cmocka_unit_test(numbers_may_have_exponents),
        cmocka_unit_test(names_and_tokens_have_their_characters),
        cmocka_unit_test(durations_days_and_bytes),
        cmocka_unit_test(any_type_says_nothing),
        cmocka_unit_test(what_depends_on_the_document_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
