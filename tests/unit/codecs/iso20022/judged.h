/* Documents of a schema of our own with the verdict that the standard gives, which
   libxml2 has to share but where it is known not to keep a clause. */
#ifndef PENSTOCK_TESTS_ISO20022_JUDGED_H
#define PENSTOCK_TESTS_ISO20022_JUDGED_H

#include "oracle.h"
#include "small.h"

struct judged {
    const char *body; /* of the message Smal */
    bool valid;
    const char *differs; /* the clause that libxml2 does not keep; NULL: it agrees */
};

static inline bool judged_by_us(const struct iso_catalogue *catalogue, struct slice xml)
{
    struct iso_parse_options options = { .catalogue = catalogue, .error_count_max = 5 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, xml);
    bool accepts = iso_parser_end(parser)->errors.count == 0;
    iso_parser_free(parser);
    return accepts;
}

static inline xmlSchemaPtr judged_oracle(struct slice xsd)
{
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(xsd.at, (int)xsd.size);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    assert_non_null(schema);
    return schema;
}

static inline struct iso_catalogue *judged_catalogue(struct slice xsd)
{
    struct iso_catalogue *catalogue = iso_catalogue_new();
    struct error_list errors;
    error_list_init(&errors, 0);
    if (!iso_catalogue_add(catalogue, xsd, "judged.xsd", &errors))
        fail_msg("%s", errors.at[0].detail);
    error_list_fini(&errors);
    return catalogue;
}

static inline void judged_check(struct slice xsd, const struct judged *cases, size_t count)
{
    struct iso_catalogue *catalogue = judged_catalogue(xsd);
    xmlSchemaPtr oracle = judged_oracle(xsd);
    for (size_t i = 0; i < count; i++) {
        struct writer xml;
        writer_init(&xml, 0);
        writer_format(&xml, SMALL_DOCUMENT("%s"), cases[i].body);
        bool ours = judged_by_us(catalogue, writer_slice(&xml));
        bool theirs = oracle_accepts(oracle, writer_slice(&xml));
        writer_fini(&xml);
        if (ours != cases[i].valid)
            fail_msg("we say otherwise of %s", cases[i].body);
        if (theirs != (cases[i].valid == (cases[i].differs == NULL)))
            fail_msg("libxml2 says otherwise of %s", cases[i].body);
    }
    xmlSchemaFree(oracle);
    xmlSchemaCleanupTypes();
    iso_catalogue_free(catalogue);
}

#endif
