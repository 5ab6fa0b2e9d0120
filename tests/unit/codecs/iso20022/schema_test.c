/* The schema compiler: what it takes, what it refuses and where, and the normal
   form that it writes. */
#include "reference.h"
#include "small.h"

#define X(body)           XSD_OPEN("smal.001.001.01", "Document") XSD_DOCUMENT XSD_TEXTS body XSD_CLOSE
#define SMAL(content)     "<xs:complexType name='Smal'>" content "</xs:complexType>\n"
#define SEQUENCE(content) SMAL("<xs:sequence>" content "</xs:sequence>")
#define ONE               SEQUENCE("<xs:element name='Id' type='Text5'/>")
#define SIMPLE(base, facets)                                                                       \
    X(ONE "<xs:simpleType name='T'><xs:restriction base='xs:" base "'>" facets                     \
          "</xs:restriction></xs:simpleType>")

static void the_small_schema_compiles(void **state)
{
    (void)state;
    assert_slice_equal(small_compile_errors(small_xsd), "");
    assert_slice_equal(small_compile_errors(small_header_xsd), "");
    assert_slice_equal(small_compile_errors(X(ONE)), "");
}

static void annotations_comments_and_foreign_attributes_say_nothing(void **state)
{
    (void)state;
    assert_slice_equal(
        small_compile_errors(
            X("<!-- c --><xs:annotation><xs:documentation source='a'>text <b>x</b>"
              "</xs:documentation></xs:annotation>"
              "<xs:complexType name='Smal' xmlns:o='urn:o' o:note='x'><xs:annotation/>"
              "<xs:sequence><xs:element name='Id' type='Text5'><xs:annotation/></xs:element>"
              "</xs:sequence></xs:complexType>")),
        "");
}

static void assert_refused(const char *xsd, const char *expected)
{
    struct slice errors = small_compile_errors(xsd);
    if (memmem(errors.at, errors.size, expected, strlen(expected)) == NULL)
        fail_msg("expected %s\nin %.*s", expected, SLICE_ARG(errors));
}

static void an_error_has_file_line_and_column(void **state)
{
    (void)state;
    assert_slice_equal(small_compile_errors(X("  <xs:group name='G'/>\n" ONE)),
                       "x.xsd:9:3: outside the subset of XML Schema: group in schema\n");
}

/* A second schema may have types of XSD_TEXTS restricted further. */
#define RESTRICTED(base, facets)                                                                   \
    X(ONE "<xs:simpleType name='T'><xs:restriction base='" base "'>" facets                        \
          "</xs:restriction></xs:simpleType>")

static void constructs_outside_the_subset_are_refused(void **state)
{
    static const char *const cases[][2] = {
        { X(ONE "<xs:import namespace='urn:x'/>"), "import in schema" },
        { X(ONE "<xs:attributeGroup name='g'/>"), "attributeGroup in schema" },
        { X(ONE "<xs:element name='Other' type='Smal'/>"), "a second global element" },
        { X(SMAL("<xs:all/>")), "all in complexType" },
        { X(SMAL("<xs:complexContent/>")), "complexContent in complexType" },
        { X(SMAL("<xs:attribute name='a' type='Text5'/>")), "attribute in complexType" },
        { X(SEQUENCE("<xs:sequence/>")), "sequence in sequence" },
        { X(SEQUENCE("<xs:choice><xs:sequence/></xs:choice>")), "sequence in choice" },
        { X(SEQUENCE("<xs:element ref='Id' name='x' type='Text5'/>")),
          "attribute ref=\"Id\" of element" },
        { X(SEQUENCE("<xs:element name='x' type='Text5' nillable='true'/>")),
          "attribute nillable=\"true\" of element" },
        { X(SEQUENCE("<xs:element name='x' type='Text5' default='1'/>")), "attribute default" },
        { X(SEQUENCE("<xs:element name='x' type='Text5'><xs:simpleType/></xs:element>")),
          "simpleType in element" },
        { X(SMAL("<xs:choice minOccurs='0'><xs:element name='a' type='Text5'/></xs:choice>")),
          "attribute minOccurs=\"0\" of choice" },
        { X("<xs:complexType name='Smal' mixed='true'/>"),
          "attribute mixed=\"true\" of complexType" },
        { X(SMAL("<xs:sequence/><xs:sequence/>")), "a second content in one type" },
        { X(SEQUENCE("<xs:element name='a' type='Text5'/><xs:any/>")), "xs:any beside" },
        { X(SEQUENCE("<xs:any/><xs:element name='a' type='Text5'/>")), "an element beside xs:any" },
        { X(SEQUENCE("<xs:any/><xs:any/>")), "xs:any beside" },
        { X(SEQUENCE("<xs:any namespace='##other'/>")), "namespace \"##other\"" },
        { X(SEQUENCE("<xs:any namespace='urn:a urn:b'/>")), "namespace \"urn:a urn:b\"" },
        { SIMPLE("token", ""), "a restriction of token" },
        { SIMPLE("string", "<xs:whiteSpace value='collapse'/>"), "whiteSpace in restriction" },
        { SIMPLE("date", "<xs:minInclusive value='2024-01-01'/>"), "minInclusive of xs:date" },
        { SIMPLE("boolean", "<xs:enumeration value='true'/>"), "enumeration of xs:boolean" },
        { RESTRICTED("Ccy", "<xs:pattern value='EUR|USD'/>"), "a pattern beside that of the type" },
        { X(SEQUENCE(
              "<xs:element name='a' type='D' fixed='2024-01-01'/>") "<xs:simpleType "
                                                                    "name='D'><xs:restriction "
                                                                    "base='xs:date'/></"
                                                                    "xs:simpleType>"),
          "fixed of xs:date" },
        { X(SEQUENCE("<xs:any minOccurs='0'/>")), "attribute minOccurs=\"0\" of any" },
        { SIMPLE("string", "<xs:totalDigits value='3'/>"), "totalDigits of xs:string" },
        { SIMPLE("decimal", "<xs:maxLength value='3'/>"), "maxLength of xs:decimal" },
        { SIMPLE("string", "<xs:maxLength value='3' fixed='true'/>"), "attribute fixed" },
        { X(ONE "<xs:simpleType name='T'><xs:union/></xs:simpleType>"), "union in simpleType" },
        { "<schema/>", "schema in this place" },
        { "<xs:element xmlns:xs='http://www.w3.org/2001/XMLSchema'/>", "element in this place" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_refused(cases[i][0], "outside the subset of XML Schema: ");
        assert_refused(cases[i][0], cases[i][1]);
    }
}

static void mistakes_are_refused(void **state)
{
    static const char *const cases[][2] = {
        { X(SEQUENCE("<xs:element name='a' type='None'/>")), "no such type: None" },
        { X(SEQUENCE("<xs:element name='a b' type='Text5'/>")), "name \"a b\"" },
        { X(SEQUENCE("<xs:element name='1' type='Text5'/>")), "name \"1\"" },
        { X(ONE "<xs:complexType name='&lt;'/>"), "name \"<\"" },
        { XSD_OPEN("a~1", "Document") XSD_CLOSE, "and a message id" },
        { XSD_OPEN("", "Document") XSD_CLOSE, "and a message id" },
        { X(SEQUENCE("<xs:element type='Text5'/>")), "element without name" },
        { X(SEQUENCE("<xs:element name='a'/>")), "element without type" },
        { X(SEQUENCE("<xs:element name='a' type='Text5'/><xs:element name='a' type='Text5'/>")),
          "element a twice in one type" },
        { X(SEQUENCE("<xs:element name='a' type='Text5' minOccurs='2'/>")), "minOccurs is above" },
        { X(SEQUENCE("<xs:element name='a' type='Text5' maxOccurs='0'/>")), "minOccurs is above" },
        { X(SMAL("<xs:choice><xs:element name='a' type='Text5' minOccurs='0' maxOccurs='0'/>"
                 "</xs:choice>")),
          "a choice without a branch" },
        { X(SEQUENCE("<xs:element name='a' type='Text5' maxOccurs='many'/>")),
          "maxOccurs \"many\"" },
        { X(SEQUENCE("<xs:element name='a' type='Text5' minOccurs='-1'/>")), "minOccurs \"-1\"" },
        { X(SMAL("<xs:choice/>")), "a choice without a branch" },
        { X(SEQUENCE("<xs:any processContents='maybe'/>")), "processContents \"maybe\"" },
        { X(SEQUENCE("text")), "not right in a schema: text" },
        { X(ONE ONE), "is there twice: type Smal" },
        { X(SEQUENCE("<xs:element name='a' type='Smal'/>")), "type Smal in itself" },
        { X(ONE "<xs:simpleType name='T'/>"), "simpleType without restriction" },
        { X(ONE "<xs:complexType name='T'><xs:simpleContent/></xs:complexType>"),
          "simpleContent without extension" },
        { X(ONE "<xs:complexType name='T'><xs:simpleContent><xs:extension base='Smal'>"
                "<xs:attribute name='a' type='Text5'/></xs:extension></xs:simpleContent>"
                "</xs:complexType>"),
          "Smal is not a simple type" },
        { SIMPLE("string", "<xs:minLength value='4'/><xs:maxLength value='3'/>"),
          "minLength is above maxLength" },
        { SIMPLE("decimal", "<xs:totalDigits value='2'/><xs:fractionDigits value='3'/>"),
          "fractionDigits is above totalDigits" },
        { SIMPLE("decimal", "<xs:totalDigits value='0'/>"), "totalDigits \"0\"" },
        { SIMPLE("decimal", "<xs:minInclusive value='a'/>"), "minInclusive \"a\"" },
        { SIMPLE("string", "<xs:maxLength/>"), "maxLength without value" },
        { SIMPLE("string", "<xs:maxLength value='3'/><xs:maxLength value='3'/>"),
          "is there twice: maxLength" },
        { SIMPLE("string", "<xs:length value='3'/><xs:maxLength value='3'/>"),
          "maxLength beside a facet that it excludes" },
        { SIMPLE("decimal", "<xs:minInclusive value='3'/><xs:minExclusive value='3'/>"),
          "minExclusive beside a facet that it excludes" },
        { SIMPLE("decimal", "<xs:minInclusive value='3'/><xs:maxInclusive value='2.9'/>"),
          "no value between minimum and maximum" },
        { SIMPLE("decimal", "<xs:minInclusive value='3'/><xs:maxExclusive value='3.0'/>"),
          "no value between minimum and maximum" },
        { SIMPLE("decimal", "<xs:enumeration value='three'/>"), "enumeration \"three\"" },
        { RESTRICTED("Text5", "<xs:maxLength value='6'/>"), "takes what the type" },
        { RESTRICTED("Text5", "<xs:minLength value='0'/>"), "takes what the type" },
        { RESTRICTED("Text5", "<xs:enumeration value='123456'/>"), "takes what the type" },
        { RESTRICTED("Number", "<xs:totalDigits value='7'/>"), "takes what the type" },
        { RESTRICTED("Number", "<xs:fractionDigits value='3'/>"), "takes what the type" },
        { RESTRICTED("Number", "<xs:minInclusive value='-1'/>"), "takes what the type" },
        { RESTRICTED("Number", "<xs:maxLength value='1'/>"), "maxLength of xs:decimal" },
        { RESTRICTED("None", ""), "no such type: None" },
        { RESTRICTED("Smal", ""), "Smal is not a simple type" },
        { RESTRICTED("T", ""), "type T in itself" },
        { X(SEQUENCE("<xs:element name='a' type='Number' fixed='x'/>")),
          "\"x\" is no value of Number" },
        { X(SEQUENCE("<xs:element name='a' type='Number' fixed='-1'/>")), "\"-1\" is no value" },
        { X(SEQUENCE(
              "<xs:element name='a' type='T' fixed='1'/>") "<xs:simpleType name='T'>"
                                                           "<xs:restriction "
                                                           "base='xs:decimal'><xs:maxInclusive "
                                                           "value='=.9'/></xs:restriction>"
                                                           "</xs:simpleType>"),
          "maxInclusive \"=.9\"" },
        { X(SEQUENCE(
              "<xs:element name='a' type='Smal2' fixed='x'/>") "<xs:complexType name='Smal2'/>"),
          "fixed of an element without text" },
        { X(SEQUENCE("<xs:element name='a' type='xs:string'/>")),
          "type xs:string without a restriction of it" },
        { X(SEQUENCE("<xs:element name='a' type='o:Text5' xmlns:o='urn:other'/>")),
          "o:Text5 is not of the schema's namespace" },
        { X(SEQUENCE("<xs:element name='a' type='o:Text5'/>")),
          "o:Text5 is not of the schema's namespace" },
        { X(SEQUENCE("<xs:element name='a' type='Text5' xmlns=''/>")),
          "Text5 is not of the schema's namespace" },
        { X(ONE "<xs:simpleType name='T'><xs:restriction base='string'/></xs:simpleType>"),
          "no such type: string" },
        { X(ONE "<xs:simpleType name='T'><xs:restriction base='o:string' xmlns:o='urn:o'/>"
                "</xs:simpleType>"),
          "o:string is not of the schema's namespace" },
        { SIMPLE("string", "<xs:pattern value='\\q'/>"), "not a pattern that is known: " },
        { X(""), "no such type: Smal" },
        { "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' elementFormDefault='qualified'"
          " targetNamespace='" SMALL_NAMESPACE "'/>",
          "no global element" },
        { "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' elementFormDefault='qualified'"
          " targetNamespace='urn:other'/>",
          "targetNamespace is not " ISO_NAMESPACE " and a message id" },
        { "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='" SMALL_NAMESPACE
          "'/>",
          "elementFormDefault other than qualified" },
        { XSD_OPEN("smal.001.001.01", "Message") XSD_CLOSE, "no such type: Message" },
        { "<xs:schema", "not well-formed XML" },
        { "", "not well-formed XML" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i][0], cases[i][1]);
}

static void attributes_that_say_nothing_are_passed_over(void **state)
{
    (void)state;
    assert_slice_equal(
        small_compile_errors(
            X("<xs:complexType name='Smal' id='i' mixed='false' abstract='false'>"
              "<xs:sequence minOccurs='1' maxOccurs='1'>"
              "<xs:element name='a' type='Text5' nillable='false'/>"
              "<xs:choice minOccurs='1'><xs:element name='b' type='T'/></xs:choice>"
              "</xs:sequence></xs:complexType>"
              "<xs:simpleType name='T'><xs:restriction base='xs:string'>"
              "<xs:maxLength value='3' fixed='false'/></xs:restriction></xs:simpleType>")),
        "");
}

static void a_prefix_is_told_by_its_namespace(void **state)
{
    (void)state;
    assert_slice_equal(
        small_compile_errors(
            "<schema xmlns='http://www.w3.org/2001/XMLSchema' xmlns:d='" SMALL_NAMESPACE
            "' targetNamespace='" SMALL_NAMESPACE "' elementFormDefault='qualified'>"
            "<element name='Document' type='d:Document'/>"
            "<complexType name='Document'><sequence><element name='Smal' type='d:Smal'/>"
            "</sequence></complexType>"
            "<complexType name='Smal'><sequence>"
            "<x:element xmlns:x='http://www.w3.org/2001/XMLSchema' xmlns:y='" SMALL_NAMESPACE
            "' name='a' type=' y:string '/></sequence></complexType>"
            "<simpleType name='string'><restriction base='string'/></simpleType></schema>"),
        "");
}

static void all_errors_of_a_file_are_told_in_one_run(void **state)
{
    struct slice errors =
        small_compile_errors(X(SEQUENCE("<xs:element name='a' type='None'/>\n<xs:element name='b' "
                                        "type='Nor'/>") "<xs:simpleType name='T'><xs:restriction "
                                                        "base='xs:string'/></xs:simpleType>\n"
                                                        "<xs:simpleType name='T'><xs:restriction "
                                                        "base='xs:string'/></xs:simpleType>"));
    (void)state;
    assert_non_null(memmem(errors.at, errors.size, "None", 4));
    assert_non_null(memmem(errors.at, errors.size, "Nor", 3));
    assert_non_null(memmem(errors.at, errors.size, "type T", 6));
}

static void types_nested_too_deeply_are_refused(void **state)
{
    struct writer xsd;
    (void)state;
    writer_init(&xsd, 0);
    writer_text(&xsd, XSD_OPEN("smal.001.001.01", "Document")
                          XSD_DOCUMENT SEQUENCE("<xs:element name='a' type='T1'/>"));
    for (int i = 1; i < 100; i++)
        writer_format(&xsd,
                      "<xs:complexType name='T%d'><xs:sequence><xs:element name='a' "
                      "type='T%d'/></xs:sequence></xs:complexType>\n",
                      i, i + 1);
    writer_text(&xsd, "<xs:complexType name='T100'/>" XSD_CLOSE);
    assert_refused(writer_slice(&xsd).at, "is nested too deeply");
    writer_fini(&xsd);
}

static void a_mistake_in_a_type_is_told_once_however_often_it_is_used(void **state)
{
    struct writer xsd;
    (void)state;
    writer_init(&xsd, 0);
    writer_text(&xsd, XSD_OPEN("smal.001.001.01", "Document")
                          XSD_DOCUMENT SEQUENCE("<xs:element name='a' type='T1'/>"));
    for (int i = 1; i < 50; i++)
        writer_format(&xsd,
                      "<xs:complexType name='T%d'><xs:sequence><xs:element name='a' type='T%d'/>"
                      "<xs:element name='b' type='T%d'/></xs:sequence></xs:complexType>\n",
                      i, i + 1, i + 1);
    writer_text(&xsd, "<xs:complexType name='T50'><xs:sequence><xs:element name='a' type='None'/>"
                      "</xs:sequence></xs:complexType>" XSD_CLOSE);
    assert_slice_equal(small_compile_errors(writer_slice(&xsd).at),
                       "x.xsd:54:41: no such type: None\n");
    writer_fini(&xsd);
}

static const struct iso_schema *compile(struct iso_catalogue *catalogue, const char *xsd)
{
    struct error_list errors;
    error_list_init(&errors, 0);
    assert_true(iso_catalogue_add(catalogue, slice_of(xsd), "x.xsd", &errors));
    error_list_fini(&errors);
    return iso_catalogue_at(catalogue, iso_catalogue_count(catalogue) - 1);
}

static void schemas_share_equal_types_and_only_those(void **state)
{
    struct iso_catalogue *catalogue = iso_catalogue_new();
    (void)state;
    const struct iso_schema *one = compile(catalogue, small_xsd);
    const struct iso_schema *other = compile(catalogue, small_header_xsd);
    assert_ptr_equal(iso_schema_type(one, SLICE("Text5")), iso_schema_type(other, SLICE("Text5")));
    assert_ptr_equal(iso_schema_type(one, SLICE("Amount")),
                     iso_schema_type(other, SLICE("Amount")));
    const struct iso_schema *third =
        compile(catalogue, XSD_OPEN("smal.003.001.01", "Document") XSD_DOCUMENT ONE
                "<xs:simpleType name='Text5'><xs:restriction base='xs:string'>"
                "<xs:maxLength value='6'/></xs:restriction></xs:simpleType>" XSD_CLOSE);
    assert_ptr_not_equal(iso_schema_type(one, SLICE("Text5")),
                         iso_schema_type(third, SLICE("Text5")));
    assert_null(iso_schema_type(third, SLICE("Amount")));
    iso_catalogue_free(catalogue);
}

static void a_choice_beside_elements_takes_one_place(void **state)
{
    struct iso_catalogue *catalogue = iso_catalogue_new();
    (void)state;
    const struct iso_schema *schema = compile(
        catalogue, X(SEQUENCE("<xs:element name='a' type='Text5' minOccurs='0'/>"
                              "<xs:choice><xs:element name='b' type='Text5'/>"
                              "<xs:element name='c' type='Text5' minOccurs='0'/></xs:choice>"
                              "<xs:element name='d' type='Text5'/>")));
    const struct iso_element *elements = iso_schema_type(schema, SLICE("Smal"))->elements;
    assert_int_equal(elements[1].place, elements[2].place);
    assert_int_not_equal(elements[0].place, elements[1].place);
    assert_int_not_equal(elements[3].place, elements[2].place);
    assert_false(elements[0].place_required);
    assert_false(elements[1].place_required); /* since c may be left out */
    assert_true(elements[3].place_required);
    iso_catalogue_free(catalogue);
}

static void assert_same_bytes(const struct iso_schema *one, const struct iso_schema *other)
{
    struct writer first, second;
    writer_init(&first, 0);
    writer_init(&second, 0);
    iso_schema_write(one, &first);
    iso_schema_write(other, &second);
    assert_slice_equal(writer_slice(&second), writer_slice(&first).at);
    writer_fini(&first);
    writer_fini(&second);
}

static void assert_fixpoint(const char *xsd)
{
    struct iso_catalogue *catalogue = iso_catalogue_new(), *again = iso_catalogue_new();
    struct writer written;
    writer_init(&written, 0);
    const struct iso_schema *schema = compile(catalogue, xsd);
    iso_schema_write(schema, &written);
    assert_same_bytes(schema, compile(again, writer_slice(&written).at));
    writer_fini(&written);
    iso_catalogue_free(catalogue);
    iso_catalogue_free(again);
}

static void the_normal_form_writes_itself_again(void **state)
{
    (void)state;
    assert_fixpoint(small_xsd);
    assert_fixpoint(small_header_xsd);
    assert_fixpoint(X(SEQUENCE(
        "<xs:element name='a' type='Amount' fixed='1.50' minOccurs='0'/>"
        "<xs:element name='b' type='Euro' fixed='&lt;'/>") "<xs:complexType "
                                                           "name='Euro'><xs:simpleContent><xs:"
                                                           "extension base='Text5'>"
                                                           "<xs:attribute name='Ccy' type='Ccy' "
                                                           "fixed='EUR'/></xs:extension>"
                                                           "</xs:simpleContent></xs:complexType>"));
    assert_fixpoint(SIMPLE("decimal", "<xs:minExclusive value='0'/><xs:maxExclusive value='9'/>"
                                      "<xs:enumeration value='1.0'/>"));
    assert_fixpoint(X(SEQUENCE(
        "<xs:element name='a' type='E' minOccurs='2' maxOccurs='7'/>"
        "<xs:choice><xs:element name='b' type='F'/></xs:choice>"
        "<xs:element name='c' type='Empty'/>") "<xs:complexType name='Empty'/>"
                                               "<xs:complexType "
                                               "name='Strict'><xs:sequence><xs:any/></xs:sequence>"
                                               "</xs:complexType>"
                                               "<xs:simpleType name='E'><xs:restriction "
                                               "base='xs:string'>"
                                               "<xs:length value='3'/><xs:pattern "
                                               "value='[&lt;&quot;]+'/>"
                                               "</xs:restriction></xs:simpleType>"
                                               "<xs:simpleType name='F'><xs:restriction "
                                               "base='xs:decimal'>"
                                               "<xs:maxInclusive "
                                               "value='9.5'/></xs:restriction></xs:simpleType>"));
}

/* Of two schemas that say the same. */
static void assert_same_form(const char *xsd, const char *other)
{
    struct iso_catalogue *catalogue = iso_catalogue_new(), *again = iso_catalogue_new();
    assert_same_bytes(compile(catalogue, xsd), compile(again, other));
    iso_catalogue_free(catalogue);
    iso_catalogue_free(again);
}

static void what_may_not_occur_is_left_out(void **state)
{
    (void)state;
    assert_same_form(
        X(SEQUENCE("<xs:element name='a' type='Text5'/>"
                   "<xs:element name='b' type='Text5' minOccurs='0' maxOccurs='0'/>"
                   "<xs:choice><xs:element name='c' type='Text5'/>"
                   "<xs:element name='d' type='Text5' minOccurs='0' maxOccurs='0'/></xs:choice>")),
        X(SEQUENCE("<xs:element name='a' type='Text5'/>"
                   "<xs:choice><xs:element name='c' type='Text5'/></xs:choice>")));
}

static void a_restricted_type_has_the_facets_of_its_base_too(void **state)
{
    (void)state;
    assert_same_form(
        X(ONE "<xs:simpleType name='T'><xs:restriction base='U'><xs:maxExclusive value='9'/>"
              "</xs:restriction></xs:simpleType>"
              "<xs:simpleType name='U'><xs:restriction base='Number'>"
              "<xs:fractionDigits value='0'/></xs:restriction></xs:simpleType>"),
        X(ONE "<xs:simpleType name='T'><xs:restriction base='xs:decimal'>"
              "<xs:totalDigits value='6'/><xs:fractionDigits value='0'/>"
              "<xs:minInclusive value='0'/><xs:maxExclusive value='9'/></xs:restriction>"
              "</xs:simpleType><xs:simpleType name='U'><xs:restriction base='xs:decimal'>"
              "<xs:totalDigits value='6'/><xs:fractionDigits value='0'/>"
              "<xs:minInclusive value='0'/></xs:restriction></xs:simpleType>"));
    assert_same_form(
        RESTRICTED("Ccy", "<xs:enumeration value='USD'/><xs:enumeration value='EUR'/>"),
        SIMPLE("string", "<xs:enumeration value='EUR'/><xs:enumeration value='USD'/>"
                         "<xs:pattern value='[A-Z]{3}'/>"));
}

static void several_patterns_are_alternatives_and_values_are_listed_once(void **state)
{
    (void)state;
    assert_same_form(
        SIMPLE("string", "<xs:pattern value='a'/><xs:pattern value='b|c'/><xs:pattern value='d'/>"),
        SIMPLE("string", "<xs:pattern value='a|b|c|d'/>"));
    assert_same_form(SIMPLE("string", "<xs:enumeration value='B'/><xs:enumeration value='A'/>"
                                      "<xs:enumeration value='B'/>"),
                     SIMPLE("string", "<xs:enumeration value='A'/><xs:enumeration value='B'/>"));
}

static void an_older_spelling_of_a_choice_has_the_same_normal_form(void **state)
{
    static const char direct[] =
        X(SMAL("<xs:choice><xs:element name='a' type='Text5' minOccurs='1' maxOccurs='1'/>"
               "<xs:element name='b' type='Text5'/></xs:choice>"));
    static const char wrapped[] =
        X(SMAL("<xs:sequence><xs:choice><xs:element name='a' type='Text5'/>"
               "<xs:element name='b' type='Text5'/></xs:choice></xs:sequence>"));
    struct iso_catalogue *catalogue = iso_catalogue_new(), *again = iso_catalogue_new();
    (void)state;
    assert_same_bytes(compile(catalogue, direct), compile(again, wrapped));
    iso_catalogue_free(catalogue);
    iso_catalogue_free(again);
}

static struct slice read_schema(const char *folder, const char *name)
{
    char path[REFERENCE_PATH_MAX + 300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return kit_read_file(path);
}

static void assert_writes(const struct iso_schema *schema, struct slice expected)
{
    struct writer written;
    writer_init(&written, 0);
    iso_schema_write(schema, &written);
    assert_slice_equal(writer_slice(&written), expected.at);
    writer_fini(&written);
}

static void the_schemas_that_we_ship_are_in_the_normal_form(void **state)
{
    struct reference_names names = reference_list(REFERENCE_SCHEMAS, ".xsd");
    (void)state;
    assert_int_equal(names.count, 107);
    for (size_t i = 0; i < names.count; i++) {
        struct iso_catalogue *catalogue = iso_catalogue_new();
        struct slice file = read_schema(REFERENCE_SCHEMAS, names.at[i]);
        const struct iso_schema *schema = compile(catalogue, file.at);
        assert_writes(schema, file);
        *strstr(names.at[i], ".xsd") = '\0';
        assert_slice_equal(iso_schema_id(schema), names.at[i]);
        kit_free_file(file);
        iso_catalogue_free(catalogue);
    }
    free(names.at);
}

/* In one pool equal types are one: so equal tables are the same pointers. */
static void assert_same_tables(const struct iso_schema *one, const struct iso_schema *other)
{
    assert_ptr_equal(one->root.type, other->root.type);
    assert_int_equal(one->type_count, other->type_count);
    for (size_t row = 0; row < one->type_count; row++)
        assert_ptr_equal(one->types[row], other->types[row]);
}

/* Their official files are written as ours, byte by byte. */
static void the_schemas_that_we_ship_are_the_official_ones(void **state)
{
    char folder[REFERENCE_PATH_MAX];
    const char *shared = kit_shared(__func__);
    struct error_list errors;
    struct iso_pool pool;
    (void)state;
    if (shared == NULL)
        skip();
    error_list_init(&errors, 0);
    iso_pool_init(&pool);
    snprintf(folder, sizeof folder, "%s/iso20022/xsd", shared);
    struct reference_names names = reference_list(folder, ".xsd");
    assert_int_equal(names.count, 107);
    for (size_t i = 0; i < names.count; i++) {
        struct slice their_file = read_schema(folder, names.at[i]);
        struct slice our_file = read_schema(REFERENCE_SCHEMAS, names.at[i]);
        struct iso_schema *theirs = iso_schema_compile(&pool, their_file, "theirs", &errors);
        struct iso_schema *ours = iso_schema_compile(&pool, our_file, "ours", &errors);
        assert_int_equal(errors.count, 0);
        assert_same_tables(theirs, ours);
        assert_writes(theirs, our_file);
        kit_free_file(their_file);
        kit_free_file(our_file);
    }
    free(names.at);
    iso_pool_fini(&pool);
    error_list_fini(&errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_small_schema_compiles),
        cmocka_unit_test(annotations_comments_and_foreign_attributes_say_nothing),
        cmocka_unit_test(an_error_has_file_line_and_column),
        cmocka_unit_test(constructs_outside_the_subset_are_refused),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(attributes_that_say_nothing_are_passed_over),
        cmocka_unit_test(a_prefix_is_told_by_its_namespace),
        cmocka_unit_test(all_errors_of_a_file_are_told_in_one_run),
        cmocka_unit_test(what_may_not_occur_is_left_out),
        cmocka_unit_test(a_restricted_type_has_the_facets_of_its_base_too),
        cmocka_unit_test(several_patterns_are_alternatives_and_values_are_listed_once),
        cmocka_unit_test(types_nested_too_deeply_are_refused),
        cmocka_unit_test(a_mistake_in_a_type_is_told_once_however_often_it_is_used),
        cmocka_unit_test(schemas_share_equal_types_and_only_those),
        cmocka_unit_test(a_choice_beside_elements_takes_one_place),
        cmocka_unit_test(the_normal_form_writes_itself_again),
        cmocka_unit_test(an_older_spelling_of_a_choice_has_the_same_normal_form),
        cmocka_unit_test(the_schemas_that_we_ship_are_in_the_normal_form),
        cmocka_unit_test(the_schemas_that_we_ship_are_the_official_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
