/* A small message of our own that has every construct, and short ways to parse
   documents of it.  For the tests of this folder. */
#ifndef PENSTOCK_TESTS_ISO20022_SMALL_H
#define PENSTOCK_TESTS_ISO20022_SMALL_H

#include "kit/kit.h"

#include "codecs/iso20022/parse.h"
#include "codecs/iso20022/schema.h"

#define SMALL_ID        "smal.001.001.01"
#define SMALL_NAMESPACE ISO_NAMESPACE SMALL_ID

#define XSD_OPEN(id, root)                                                                         \
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='" ISO_NAMESPACE id              \
    "' targetNamespace='" ISO_NAMESPACE id "' elementFormDefault='qualified'>\n"                   \
    "<xs:element name='" root "' type='" root "'/>\n"
#define XSD_CLOSE "</xs:schema>\n"

/* The texts and amounts that all schemas here have. */
#define XSD_TEXTS                                                                                  \
    "<xs:simpleType name='Text5'><xs:restriction base='xs:string'>"                                \
    "<xs:minLength value='1'/><xs:maxLength value='5'/></xs:restriction></xs:simpleType>\n"        \
    "<xs:simpleType name='Text70'><xs:restriction base='xs:string'>"                               \
    "<xs:maxLength value='70'/></xs:restriction></xs:simpleType>\n"                                \
    "<xs:simpleType name='Ccy'><xs:restriction base='xs:string'>"                                  \
    "<xs:pattern value='[A-Z]{3}'/></xs:restriction></xs:simpleType>\n"                            \
    "<xs:simpleType name='Number'><xs:restriction base='xs:decimal'>"                              \
    "<xs:totalDigits value='6'/><xs:fractionDigits value='2'/><xs:minInclusive value='0'/>"        \
    "</xs:restriction></xs:simpleType>\n"                                                          \
    "<xs:complexType name='Amount'><xs:simpleContent><xs:extension base='Number'>"                 \
    "<xs:attribute name='Ccy' type='Ccy' use='required'/>"                                         \
    "</xs:extension></xs:simpleContent></xs:complexType>\n"

#define XSD_DOCUMENT                                                                               \
    "<xs:complexType name='Document'><xs:sequence><xs:element name='Smal' type='Smal'/>"           \
    "</xs:sequence></xs:complexType>\n"

static const char small_xsd[] = XSD_OPEN(SMALL_ID, "Document") XSD_DOCUMENT XSD_TEXTS
    "<xs:complexType name='Smal'><xs:sequence>\n"
    "<xs:element name='Id' type='Text5'/>\n"
    "<xs:element name='Dt' type='Date' minOccurs='0'/>\n"
    "<xs:element name='Amt' type='Amount' minOccurs='0'/>\n"
    "<xs:element name='Sts' type='Status'/>\n"
    "<xs:element name='Note' type='Text70' minOccurs='0' maxOccurs='3'/>\n"
    "<xs:element name='Grp' type='Group' minOccurs='0' maxOccurs='unbounded'/>\n"
    "<xs:element name='Free' type='Free' minOccurs='0' maxOccurs='unbounded'/>\n"
    "<xs:element name='Sgn' type='Sign' minOccurs='0'/>\n"
    "<xs:element name='Skip' type='Skip' minOccurs='0'/>\n"
    "</xs:sequence></xs:complexType>\n"
    "<xs:simpleType name='Date'><xs:restriction base='xs:date'/></xs:simpleType>\n"
    "<xs:simpleType name='Code'><xs:restriction base='xs:string'>"
    "<xs:enumeration value='DONE'/><xs:enumeration "
    "value='BUSY'/></xs:restriction></xs:simpleType>\n"
    "<xs:complexType name='Status'><xs:choice>"
    "<xs:element name='Cd' type='Code'/><xs:element name='Prtry' type='Text5'/>"
    "</xs:choice></xs:complexType>\n"
    "<xs:complexType name='Group'><xs:sequence><xs:element name='No' type='Text5'/>"
    "<xs:element name='Tx' type='Transaction' minOccurs='0' maxOccurs='unbounded'/>"
    "</xs:sequence></xs:complexType>\n"
    "<xs:complexType name='Transaction'><xs:sequence><xs:element name='Ref' type='Text5'/>"
    "<xs:element name='Amt' type='Amount' minOccurs='0'/>"
    "<xs:element name='Rsn' type='Text5' minOccurs='0' maxOccurs='unbounded'/>"
    "</xs:sequence></xs:complexType>\n"
    "<xs:complexType name='Free'><xs:sequence>"
    "<xs:any namespace='##any' processContents='lax'/></xs:sequence></xs:complexType>\n"
    "<xs:complexType name='Sign'><xs:sequence>"
    "<xs:any namespace='urn:sign' processContents='lax'/></xs:sequence></xs:complexType>\n"
    "<xs:complexType name='Skip'><xs:sequence>"
    "<xs:any namespace='##any' processContents='skip'/></xs:sequence></xs:complexType>\n" XSD_CLOSE;

static const char small_header_xsd[] = XSD_OPEN("head.001.001.99", "AppHdr") XSD_TEXTS
    "<xs:complexType name='AppHdr'><xs:sequence>"
    "<xs:element name='Id' type='Text5'/><xs:element name='MsgDefIdr' type='Text70'/>"
    "</xs:sequence></xs:complexType>\n" XSD_CLOSE;

#define SMALL_DOCUMENT(body)                                                                       \
    "<Document xmlns=\"" SMALL_NAMESPACE "\"><Smal>" body "</Smal></Document>"
#define SMALL_HEADER(of)                                                                           \
    "<AppHdr xmlns=\"" ISO_NAMESPACE "head.001.001.99\"><Id>1</Id><MsgDefIdr>" of                  \
    "</MsgDefIdr></AppHdr>"
#define SMALL_BODY "<Id>A</Id><Sts><Cd>DONE</Cd></Sts>"

/* What is wrong with an XSD, or "". Good until the next call. */
static inline struct slice small_compile_errors(const char *xsd)
{
    static struct writer text;
    struct iso_catalogue *catalogue = iso_catalogue_new();
    struct error_list errors;
    error_list_init(&errors, 0);
    writer_reset(&text);
    bool fine = iso_catalogue_add(catalogue, slice_of(xsd), "x.xsd", &errors);
    assert_int_equal(fine, errors.count == 0);
    error_list_write(&errors, &text);
    error_list_fini(&errors);
    iso_catalogue_free(catalogue);
    return writer_slice(&text);
}

static inline struct iso_catalogue *small_catalogue(void)
{
    struct iso_catalogue *catalogue = iso_catalogue_new();
    struct error_list errors;
    error_list_init(&errors, 0);
    assert_true(iso_catalogue_add(catalogue, slice_of(small_xsd), "small.xsd", &errors));
    assert_true(iso_catalogue_add(catalogue, slice_of(small_header_xsd), "head.xsd", &errors));
    error_list_fini(&errors);
    return catalogue;
}

/* All findings of a document, one a line, or "". Good until the next call. */
static inline struct slice small_findings(const char *xml)
{
    static struct writer text;
    struct iso_catalogue *catalogue = small_catalogue();
    struct iso_parse_options options = { .catalogue = catalogue, .error_count_max = 20 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, slice_of(xml));
    struct error_list errors = iso_parser_end(parser)->errors;
    writer_reset(&text);
    error_list_write(&errors, &text);
    iso_parser_free(parser);
    iso_catalogue_free(catalogue);
    return writer_slice(&text);
}

#endif
