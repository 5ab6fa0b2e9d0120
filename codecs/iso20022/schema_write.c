/* A compiled schema as XSD in the normal form: types by name, values of
   enumerations in order, defaults left out, one construct a line.  What is
   compiled from it writes the same bytes again. */
#include "codecs/iso20022/schema.h"

#include "codecs/base/xml.h"

static void indent(struct writer *writer, unsigned depth)
{
    while (depth-- > 0)
        writer_text(writer, "  ");
}

/* A line like <xs:name, to be followed by attributes. */
static void open_tag(struct writer *writer, unsigned depth, const char *name)
{
    indent(writer, depth);
    writer_format(writer, "<xs:%s", name);
}

static void close_tag(struct writer *writer, unsigned depth, const char *name)
{
    indent(writer, depth);
    writer_format(writer, "</xs:%s>\n", name);
}

static void attribute(struct writer *writer, const char *name, struct slice value)
{
    writer_format(writer, " %s=\"", name);
    xml_escape(value, writer);
    writer_char(writer, '"');
}

static void fixed(struct writer *writer, const struct iso_type *type)
{
    const struct iso_facets *facets = iso_type_facets(type);
    if (facets != NULL && facets->fixed.at != NULL)
        attribute(writer, "fixed", facets->fixed);
}

static void facet(struct writer *writer, const char *name, struct slice value)
{
    if (value.at == NULL)
        return;
    open_tag(writer, 3, name);
    attribute(writer, "value", value);
    writer_text(writer, "/>\n");
}

static void number_facet(struct writer *writer, const char *name, size_t number)
{
    open_tag(writer, 3, name);
    writer_format(writer, " value=\"%zu\"/>\n", number);
}

static void write_lengths(const struct iso_facets *facets, struct writer *writer)
{
    if (facets->length_min == facets->length_max) {
        number_facet(writer, "length", facets->length_min);
        return;
    }
    if (facets->length_min > 0)
        number_facet(writer, "minLength", facets->length_min);
    if (facets->length_max != ISO_NO_LIMIT)
        number_facet(writer, "maxLength", facets->length_max);
}

static void write_facets(const struct iso_facets *facets, struct writer *writer)
{
    write_lengths(facets, writer);
    if (facets->digits_max != ISO_NO_LIMIT)
        number_facet(writer, "totalDigits", facets->digits_max);
    if (facets->fraction_max != ISO_NO_LIMIT)
        number_facet(writer, "fractionDigits", facets->fraction_max);
    facet(writer, facets->minimum_excluded ? "minExclusive" : "minInclusive", facets->minimum);
    facet(writer, facets->maximum_excluded ? "maxExclusive" : "maxInclusive", facets->maximum);
    facet(writer, "pattern", facets->pattern_text);
    for (size_t i = 0; i < facets->code_count; i++)
        facet(writer, "enumeration", facets->codes[i]);
}

static bool has_facets(const struct iso_facets *facets)
{
    return facets->length_min > 0 || facets->length_max != ISO_NO_LIMIT ||
           facets->digits_max != ISO_NO_LIMIT || facets->fraction_max != ISO_NO_LIMIT ||
           facets->minimum.at != NULL || facets->maximum.at != NULL ||
           facets->pattern_text.at != NULL || facets->code_count > 0;
}

static void write_simple_type(const struct iso_type *type, struct writer *writer)
{
    open_tag(writer, 2, "restriction");
    writer_format(writer, " base=\"xs:%s\"", iso_base_name(type->facets.base));
    if (!has_facets(&type->facets)) {
        writer_text(writer, "/>\n");
        return;
    }
    writer_text(writer, ">\n");
    write_facets(&type->facets, writer);
    close_tag(writer, 2, "restriction");
}

static void write_amount(const struct iso_type *type, struct writer *writer)
{
    writer_text(writer, "    <xs:simpleContent>\n");
    open_tag(writer, 3, "extension");
    attribute(writer, "base", type->base->name);
    writer_text(writer, ">\n");
    open_tag(writer, 4, "attribute");
    attribute(writer, "name", type->attribute.name);
    attribute(writer, "type", type->attribute.type->name);
    if (type->attribute.required)
        attribute(writer, "use", SLICE("required"));
    fixed(writer, type->attribute.type);
    writer_text(writer, "/>\n      </xs:extension>\n    </xs:simpleContent>\n");
}

static void write_wildcard(const struct iso_type *type, struct writer *writer)
{
    static const char *const processes[] = {
        [ISO_STRICT] = "strict", [ISO_LAX] = "lax", [ISO_SKIP] = "skip"
    };
    bool any = type->wildcard.namespace.at == NULL;
    writer_text(writer, "    <xs:sequence>\n");
    open_tag(writer, 3, "any");
    attribute(writer, "namespace", any ? SLICE("##any") : type->wildcard.namespace);
    attribute(writer, "processContents", slice_of(processes[type->wildcard.process]));
    writer_text(writer, "/>\n    </xs:sequence>\n");
}

static void write_element(const struct iso_element *element, unsigned depth, struct writer *writer)
{
    open_tag(writer, depth, "element");
    attribute(writer, "name", element->name);
    attribute(writer, "type", element->type->name);
    if (element->min != 1)
        writer_format(writer, " minOccurs=\"%u\"", element->min);
    if (element->max == ISO_UNBOUNDED)
        writer_text(writer, " maxOccurs=\"unbounded\"");
    else if (element->max != 1)
        writer_format(writer, " maxOccurs=\"%u\"", element->max);
    fixed(writer, element->type);
    writer_text(writer, "/>\n");
}

/* The branches from `row` on that share its place; returns the row behind them. */
static size_t write_choice(const struct iso_type *type, size_t row, unsigned depth,
                           struct writer *writer)
{
    uint32_t place = type->elements[row].place;
    open_tag(writer, depth, "choice");
    writer_text(writer, ">\n");
    for (; row < type->element_count && type->elements[row].place == place; row++)
        write_element(&type->elements[row], depth + 1, writer);
    close_tag(writer, depth, "choice");
    return row;
}

static bool is_one_choice(const struct iso_type *type)
{
    size_t count = type->element_count;
    return count > 0 && type->elements[0].is_branch &&
           type->elements[0].place == type->elements[count - 1].place;
}

static void write_elements(const struct iso_type *type, struct writer *writer)
{
    if (is_one_choice(type)) {
        write_choice(type, 0, 2, writer);
        return;
    }
    writer_text(writer, "    <xs:sequence>\n");
    for (size_t i = 0; i < type->element_count;) {
        if (type->elements[i].is_branch)
            i = write_choice(type, i, 3, writer);
        else
            write_element(&type->elements[i++], 3, writer);
    }
    writer_text(writer, "    </xs:sequence>\n");
}

void iso_type_write(const struct iso_type *type, struct writer *writer)
{
    static void (*const write[])(const struct iso_type *type, struct writer *writer) = {
        [ISO_TEXT] = write_simple_type,
        [ISO_AMOUNT] = write_amount,
        [ISO_ELEMENTS] = write_elements,
        [ISO_WILDCARD] = write_wildcard,
    };
    const char *construct = type->content == ISO_TEXT ? "simpleType" : "complexType";
    open_tag(writer, 1, construct);
    attribute(writer, "name", type->name);
    writer_text(writer, ">\n");
    write[type->content](type, writer);
    close_tag(writer, 1, construct);
}

void iso_schema_write(const struct iso_schema *schema, struct writer *writer)
{
    writer_text(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"\n          ");
    attribute(writer, "xmlns", schema->namespace);
    writer_text(writer, "\n          ");
    attribute(writer, "targetNamespace", schema->namespace);
    writer_text(writer, "\n           elementFormDefault=\"qualified\">\n");
    write_element(&schema->root, 1, writer);
    for (size_t i = 0; i < schema->type_count; i++)
        iso_type_write(schema->types[i], writer);
    writer_text(writer, "</xs:schema>\n");
}
