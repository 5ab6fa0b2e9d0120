/* What attributes of XML Schema's instance namespace say of an element. */
#include "codecs/iso20022/parser.h"

#define XML_SCHEMA      "http://www.w3.org/2001/XMLSchema"
#define SCHEMA_INSTANCE XML_SCHEMA "-instance"

/* Is the value a name of this namespace? */
static bool is_name_in(const struct xml_attribute *attribute, struct slice namespace)
{
    return attribute->value_namespace.at != NULL &&
           slice_equal(attribute->value_namespace, namespace);
}

bool iso_instance_is(const struct xml_attribute *attribute, const char *name)
{
    return attribute->namespace.at != NULL && slice_is(attribute->namespace, SCHEMA_INSTANCE) &&
           slice_is(attribute->name, name);
}

const struct iso_type *iso_instance_type(struct iso_parser *parser,
                                         const struct xml_attribute *named)
{
    struct slice name = xml_local_part(named->value);
    if (is_name_in(named, parser->part->schema->namespace))
        return iso_schema_type(parser->part->schema, name);
    if (!is_name_in(named, SLICE(XML_SCHEMA)))
        return NULL;
    if (parser->builtins == NULL)
        parser->builtins = iso_builtins_new();
    return iso_builtins_find(parser->builtins, name);
}

bool iso_instance_tolerated(struct iso_parser *parser, const struct xml_attribute *attribute,
                            const struct iso_type *type)
{
    if (iso_instance_is(attribute, "type"))
        return iso_instance_type(parser, attribute) == type ||
               (is_name_in(attribute, parser->part->schema->namespace) &&
                slice_equal(xml_local_part(attribute->value), type->name));
    return iso_instance_is(attribute, "schemaLocation") ||
           iso_instance_is(attribute, "noNamespaceSchemaLocation");
}

/* Does an xsi:type name a type at all? */
static bool names_type(const struct iso_parser *parser, const struct xml_attribute *named)
{
    const struct iso_schema *schema = parser->part->schema;
    struct slice name = xml_local_part(named->value);
    enum iso_base base;
    return is_name_in(named, schema->namespace)
               ? iso_schema_type(schema, name) != NULL
               : is_name_in(named, SLICE(XML_SCHEMA)) && iso_base_named(name, &base);
}

const char *iso_instance_rule(const struct iso_parser *parser,
                              const struct xml_attribute *attribute)
{
    if (iso_instance_is(attribute, "nil"))
        return ISO_RULE_NIL;
    if (!iso_instance_is(attribute, "type"))
        return ISO_RULE_ATTRIBUTE;
    return names_type(parser, attribute) ? ISO_RULE_OTHER_TYPE : ISO_RULE_NO_TYPE;
}

bool iso_instance_any(const struct xml_attribute *named)
{
    return is_name_in(named, SLICE(XML_SCHEMA)) &&
           slice_is(xml_local_part(named->value), "anyType");
}
