/* libxml2's own XSD engine, with the official schemas, as a second opinion. */
#ifndef PENSTOCK_TESTS_ISO20022_ORACLE_H
#define PENSTOCK_TESTS_ISO20022_ORACLE_H

#include "kit/kit.h"

#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <stdio.h>

static inline void oracle_be_silent(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

static inline xmlSchemaPtr oracle_schema(const char *shared, const char *id)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/iso20022/xsd/%s.xsd", shared, id);
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
    xmlSchemaPtr official = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    assert_non_null(official);
    return official;
}

static inline bool oracle_accepts(xmlSchemaPtr official, struct slice xml)
{
    xmlDocPtr document = xmlReadMemory(xml.at, (int)xml.size, "x", NULL,
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (document == NULL)
        return false;
    xmlSchemaValidCtxtPtr validator = xmlSchemaNewValidCtxt(official);
    xmlSchemaSetValidErrors(validator, oracle_be_silent, oracle_be_silent, NULL);
    bool accepts = xmlSchemaValidateDoc(validator, document) == 0;
    xmlSchemaFreeValidCtxt(validator);
    xmlFreeDoc(document);
    return accepts;
}

#endif
