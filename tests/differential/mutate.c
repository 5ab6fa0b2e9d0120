/* Changes of the tree; each says where. */
#include "differential/mutate.h"

/* Any node but the root for which is_fit holds; NULL: there is none. */
static struct node *any_node(struct document *document, bool (*is_fit)(const struct node *node))
{
    struct node *chosen = NULL;
    size_t count = 0;
    for (struct node *node = node_after(document->root); node != NULL; node = node_after(node)) {
        if (is_fit(node) && document_below(document, ++count) == 0)
            chosen = node;
    }
    return chosen;
}

static bool is_any(const struct node *node)
{
    return node != NULL;
}

static bool is_of_schema(const struct node *node)
{
    return node->element != NULL && node->parent->element != NULL;
}

static bool has_elements(const struct node *node)
{
    return node->element != NULL && node->type->content == ISO_ELEMENTS;
}

static bool has_value(const struct node *node)
{
    return node->type != NULL && iso_type_facets(node->type) != NULL;
}

static bool is_no_string(const struct node *node)
{
    return has_value(node) && iso_type_facets(node->type)->base != ISO_STRING;
}

static bool is_amount(const struct node *node)
{
    return node->type != NULL && node->type->content == ISO_AMOUNT;
}

static bool has_neighbour(const struct node *node)
{
    return is_of_schema(node) && node->next != NULL && !slice_equal(node->name, node->next->name);
}

static bool is_branch(const struct node *node)
{
    return is_of_schema(node) && node->element->is_branch;
}

static bool has_limit(const struct node *node)
{
    return is_of_schema(node) && node->element->max <= 12;
}

static bool is_wildcard(const struct node *node)
{
    return node->type != NULL && node->type->content == ISO_WILDCARD;
}

static const struct node *drop(struct document *document)
{
    struct node *node = any_node(document, is_of_schema);
    if (node == NULL)
        return NULL;
    node_remove(node);
    return node->parent;
}

static const struct node *twice(struct document *document)
{
    struct node *node = any_node(document, is_of_schema);
    if (node == NULL)
        return NULL;
    struct node *copy = node_copy(document, node);
    node_insert_behind(node, copy);
    return copy;
}

static const struct node *swap_siblings(struct document *document)
{
    struct node *node = any_node(document, has_neighbour);
    if (node == NULL)
        return NULL;
    struct node *other = node->next;
    node_remove(node);
    node_insert_behind(other, node);
    return node;
}

static const struct node *copy_elsewhere(struct document *document)
{
    struct node *node = any_node(document, is_of_schema), *at = any_node(document, is_of_schema);
    if (node == NULL)
        return NULL;
    struct node *copy = node_copy(document, node);
    node_insert_before(at, copy);
    return copy;
}

/* The place is where it is now; what is missing where it was is told after that or before. */
static const struct node *move(struct document *document)
{
    struct node *node = any_node(document, is_of_schema), *at = any_node(document, is_of_schema);
    for (const struct node *above = at; above != NULL; above = above->parent) {
        if (above == node)
            return NULL;
    }
    if (node == NULL || node->parent != at->parent)
        return NULL;
    node_remove(node);
    node_insert_before(at, node);
    return node;
}

static const struct node *rename_node(struct document *document)
{
    struct node *node = any_node(document, is_of_schema);
    const struct node *other = any_node(document, is_any);
    if (node != NULL)
        node->name = other->name;
    return node;
}

static const struct node *change_case(struct document *document)
{
    struct node *node = any_node(document, is_of_schema);
    if (node == NULL)
        return NULL;
    struct slice copy = arena_copy(&document->arena, node->name);
    char *name = memcpy(arena_take(&document->arena, copy.size + 1), copy.at, copy.size);
    name[document_below(document, copy.size)] ^= 0x20;
    node->name.at = name;
    bool is_name = name[0] >= 'A';
    for (size_t i = 0; i < copy.size; i++)
        is_name = is_name && name[i] > ' ';
    if (!is_name)
        node->name = SLICE("x");
    return node;
}

static const struct node *change_namespace(struct document *document)
{
    static const char *const namespaces[] = { "", "urn:x",
                                              "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.99",
                                              "http://www.w3.org/2001/XMLSchema" };
    struct node *node = any_node(document, is_of_schema);
    if (node != NULL)
        node->namespace = slice_of(DOCUMENT_ANY(document, namespaces));
    return node;
}

static const struct node *add_unknown(struct document *document)
{
    static const char *const names[] = { "Unknown", "x", "Document", "Cd", "a.b", "_" };
    struct node *at = any_node(document, is_of_schema);
    if (at == NULL)
        return NULL;
    struct node *node = node_new(document, NULL, slice_of(DOCUMENT_ANY(document, names)));
    if (document_chance(document, 50))
        node_insert_before(at, node);
    else
        node_insert_behind(at, node);
    return node;
}

static struct node *add_of_row(struct document *document, struct node *at, size_t row)
{
    const struct iso_element *element = &at->parent->type->elements[row];
    struct node *node = node_new(document, NULL, element->name);
    node->element = element;
    node->type = element->type;
    if (has_value(node))
        node->text = document_value(document, iso_type_facets(node->type));
    if (document_chance(document, 50))
        node_insert_before(at, node);
    else
        node_insert_behind(at, node);
    return node;
}

static const struct node *add_sibling(struct document *document)
{
    struct node *at = any_node(document, is_of_schema);
    if (at == NULL || !has_elements(at->parent))
        return NULL;
    return add_of_row(document, at, document_below(document, at->parent->type->element_count));
}

static const struct node *add_other_branch(struct document *document)
{
    struct node *at = any_node(document, is_branch);
    if (at == NULL || !has_elements(at->parent))
        return NULL;
    for (size_t i = 0; i < at->parent->type->element_count; i++) {
        const struct iso_element *element = &at->parent->type->elements[i];
        if (element != at->element && element->place == at->element->place)
            return add_of_row(document, at, i);
    }
    return NULL;
}

static const struct node *repeat_too_often(struct document *document)
{
    struct node *node = any_node(document, has_limit);
    if (node == NULL)
        return NULL;
    size_t count = 0;
    for (const struct node *child = node->parent->children; child != NULL; child = child->next)
        count += child->element == node->element;
    for (; count <= node->element->max; count++)
        node_insert_behind(node, node_copy(document, node));
    return node;
}

static const struct node *empty_elements(struct document *document)
{
    struct node *node = any_node(document, has_elements);
    if (node != NULL)
        node->children = NULL;
    return node;
}

static const struct node *put_inside(struct document *document,
                                     bool (*is_fit)(const struct node *node), const char *markup)
{
    struct node *node = any_node(document, is_fit);
    if (node == NULL)
        return NULL;
    if (document_chance(document, 50) && is_of_schema(node)) {
        node->front = slice_of(markup);
        return node;
    }
    node->inside = slice_of(markup);
    return node;
}

static const struct node *text_in_elements(struct document *document)
{
    static const char *const texts[] = { "x", "<![CDATA[x]]>", "&#160;", "\xe2\x80\x83", "&lt;",
                                         ".", "\xef\xbb\xbf" };
    return put_inside(document, has_elements, DOCUMENT_ANY(document, texts));
}

static const struct node *blank_in_elements(struct document *document)
{
    static const char *const texts[] = { " ",
                                         "\n",
                                         "\t",
                                         "\r",
                                         "&#32;",
                                         "&#10;",
                                         "&#13;",
                                         "<![CDATA[ ]]>",
                                         "<![CDATA[]]>",
                                         "<![CDATA[\n]]>",
                                         "<!-- x -->" };
    return put_inside(document, has_elements, DOCUMENT_ANY(document, texts));
}

static const struct node *element_in_text(struct document *document)
{
    static const char *const elements[] = { "<x/>", "<x xmlns=''/>", "<x>text</x>",
                                            "<b xmlns='urn:b'/>" };
    struct node *node = any_node(document, has_value);
    if (node != NULL)
        node->inside = slice_of(DOCUMENT_ANY(document, elements));
    return node;
}

/* Most values are strings; the others have more ways to be wrong. */
static const struct node *change_value(struct document *document)
{
    struct node *node =
        any_node(document, document_chance(document, 70) ? is_no_string : has_value);
    if (node != NULL)
        node->text = document_near_value(document, iso_type_facets(node->type));
    return node;
}

static const struct node *empty_value(struct document *document)
{
    struct node *node = any_node(document, has_value);
    if (node != NULL)
        node->text = SLICE("");
    return node;
}

static const struct node *space_around(struct document *document)
{
    static const char *const spaces[] = { " ", "\n", "\t", "\r", "\xc2\xa0", "  ", "\xe3\x80\x80" };
    struct node *node = any_node(document, has_value);
    if (node == NULL)
        return NULL;
    const char *before = document_chance(document, 60) ? DOCUMENT_ANY(document, spaces) : "";
    const char *behind = document_chance(document, 60) ? DOCUMENT_ANY(document, spaces) : "";
    node->text = arena_format(&document->arena, "%s%.*s%s", before, SLICE_ARG(node->text), behind);
    return node;
}

static const struct node *drop_attribute(struct document *document)
{
    struct node *node = any_node(document, is_amount);
    if (node != NULL)
        node->attribute = SLICE_NONE;
    return node;
}

static const struct node *change_attribute(struct document *document)
{
    static const char *const values[] = { "",     "EU",  "EURO",       "eur", " EUR", "EUR ",
                                          "E\nR", "123", "E\xc3\xbcR", "XXX", "EUR\t" };
    struct node *node = any_node(document, is_amount);
    if (node != NULL)
        node->attribute = slice_of(DOCUMENT_ANY(document, values));
    return node;
}

#define INSTANCE " xmlns:xsi='" SCHEMA_INSTANCE "'"

static const struct node *add_attribute(struct document *document)
{
    static const char *const attributes[] = {
        " x='y'",
        " ccy='EUR'",
        " xml:lang='en'",
        " xml:space='preserve'",
        " xml:id='a'",
        " xml:base='urn:x'",
        INSTANCE " xsi:nil='true'",
        INSTANCE " xsi:nil='false'",
        INSTANCE " xsi:nil='x'",
        INSTANCE " xsi:other=''",
        INSTANCE " xsi:schemaLocation='urn:x nowhere.xsd'",
        INSTANCE " xsi:schemaLocation='odd'",
        INSTANCE " xsi:noNamespaceSchemaLocation='nowhere.xsd'",
        INSTANCE " xsi:noNamespaceSchemaLocation='a b'",
        " xmlns:p2='urn:p2'",
        " xmlns:p2='urn:p2' p2:x='y'",
        " schemaLocation='a b'",
        " type='x'",
    };
    struct node *node = any_node(document, is_any);
    if (node != NULL)
        node->attributes = slice_of(DOCUMENT_ANY(document, attributes));
    return node;
}

static const struct node *name_type(struct document *document)
{
    static const char *const builtin[] = { "string",        "decimal", "int",   "anyType",
                                           "anySimpleType", "token",   "date",  "NCName",
                                           "none",          "ID",      "QName", "IDREFS",
                                           "NOTATION",      "" };
    struct node *node = any_node(document, is_any);
    const struct iso_schema *schema = document->schema;
    if (node == NULL)
        return NULL;
    if (document_chance(document, 40)) {
        node->attributes = arena_format(&document->arena,
                                        INSTANCE " xmlns:xs='http://www.w3.org/2001/XMLSchema'"
                                                 " xsi:type='xs:%s'",
                                        DOCUMENT_ANY(document, builtin));
        return node;
    }
    struct slice name = node->type != NULL && document_chance(document, 40)
                            ? node->type->name
                            : schema->types[document_below(document, schema->type_count)]->name;
    node->attributes = arena_format(
        &document->arena, INSTANCE " xmlns:own='%.*s' xsi:type='%s%.*s'",
        SLICE_ARG(schema->namespace), document_chance(document, 80) ? "own:" : "", SLICE_ARG(name));
    return node;
}

/* Deeper, longer and more than penstock takes. */
static struct slice write_excess(struct document *document)
{
    struct writer writer;
    writer_init(&writer, 0);
    switch (document_below(document, 3)) {
    case 0:
        for (unsigned i = 0; i < 140; i++)
            writer_text(&writer, i < 70 ? "<x>" : "</x>");
        break;
    case 1:
        writer_format(&writer, "<%0300d/>", 0);
        writer.at[1] = 'x';
        break;
    default:
        writer_text(&writer, "<x");
        for (unsigned i = 0; i < 70; i++)
            writer_format(&writer, " a%u=''", i);
        writer_text(&writer, "/>");
    }
    struct slice markup = arena_copy(&document->arena, writer_slice(&writer));
    writer_fini(&writer);
    return markup;
}

/* Any built-in type with any value. */
static struct slice write_builtin(struct document *document)
{
    static const char *const names[] = {
        "string",
        "decimal",
        "boolean",
        "date",
        "dateTime",
        "time",
        "gYear",
        "gYearMonth",
        "gMonth",
        "base64Binary",
        "anySimpleType",
        "anyType",
        "normalizedString",
        "token",
        "language",
        "Name",
        "NCName",
        "NMTOKEN",
        "NMTOKENS",
        "float",
        "double",
        "duration",
        "gDay",
        "gMonthDay",
        "hexBinary",
        "integer",
        "nonPositiveInteger",
        "negativeInteger",
        "nonNegativeInteger",
        "positiveInteger",
        "long",
        "int",
        "short",
        "byte",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
        "ID",
        "IDREF",
        "QName",
        "NOTATION",
        "anyURI",
        "ENTITIES",
    };
    static const char *const values[] = {
        "",
        "a",
        " a ",
        "a b",
        "a:b",
        ":a",
        "-a",
        "1",
        "-1",
        "0",
        "-0",
        "+1",
        "1.0",
        "1.",
        "127",
        "128",
        "-128",
        "-129",
        "255",
        "256",
        "32767",
        "32768",
        "65535",
        "65536",
        "2147483647",
        "2147483648",
        "-2147483649",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1e3",
        "1E-3",
        "INF",
        "-INF",
        "+INF",
        "NaN",
        "nan",
        "1e",
        "P1Y",
        "P",
        "PT",
        "P1YT",
        "PT1S",
        "PT1.5S",
        "PT.5S",
        "-P1D",
        "P1S",
        "PT1H30M",
        "P1M1Y",
        "---01",
        "---31",
        "---32",
        "---01Z",
        "--02-29",
        "--02-30",
        "--12-31+14:00",
        "--04-31",
        "--02-29+14:01",
        "0f",
        "0F0",
        "0g",
        "zh-Hant",
        "abcdefghi",
        "true",
        "2024-02-29",
        "QUJD",
        "a\tb",
        "2024-02",
        " 7\n",
        "--02",
        "13:00:00",
    };
    return arena_format(&document->arena,
                        "<x" INSTANCE
                        " xmlns:xs='http://www.w3.org/2001/XMLSchema' xsi:type='xs:%s'>%s</x>",
                        DOCUMENT_ANY(document, names), DOCUMENT_ANY(document, values));
}

static const struct node *change_wildcard(struct document *document)
{
    static const char *const insides[] = {
        "",
        "text",
        "<x/>",
        "<x xmlns=''/><y/>",
        "<x xmlns='urn:x'><Document/></x>",
        "<Document/>",
        "<p2:x xmlns:p2='urn:p2'/>",
        "<![CDATA[ ]]><x/>",
        "<x/>text",
        "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><x/></Signature>",
        "<x xmlns='http://www.w3.org/2000/09/xmldsig'/>",
        "<x" INSTANCE " xsi:type='none'/>",
        "<x" INSTANCE " xsi:nil='true'>1</x>",
        "<x" INSTANCE " xmlns:xs='http://www.w3.org/2001/XMLSchema' xsi:type='xs:int'>1.5</x>",
        "<x" INSTANCE " xmlns:xs='http://www.w3.org/2001/XMLSchema' xsi:type='xs:token' a=''>1</x>",
        "<x" INSTANCE " xmlns:xs='http://www.w3.org/2001/XMLSchema' xsi:type='xs:float'>1e</x>",
        "<x" INSTANCE " xmlns:xs='http://www.w3.org/2001/XMLSchema' xsi:type='xs:NMTOKENS'></x>",
        "<p3:x/>",
        "<x p3:a=''/>",
        "<x" INSTANCE " xsi:type='p3:x'/>",
    };
    struct node *node = any_node(document, is_wildcard);
    if (node == NULL)
        return NULL;
    node->children = NULL;
    node->inside = slice_of(DOCUMENT_ANY(document, insides));
    return node;
}

static const struct node *fill_wildcard(struct document *document,
                                        struct slice (*write)(struct document *document))
{
    struct node *node = any_node(document, is_wildcard);
    if (node == NULL)
        return NULL;
    node->children = NULL;
    node->inside = write(document);
    return node;
}

static const struct node *add_builtin(struct document *document)
{
    return fill_wildcard(document, write_builtin);
}

static const struct node *add_excess(struct document *document)
{
    return fill_wildcard(document, write_excess);
}

static const struct node *change_root(struct document *document)
{
    static const char *const names[] = { "Dokument", "document", "AppHdr", "Message", "DataPDU" };
    struct node *root = document->root;
    if (document_chance(document, 50))
        root->name = slice_of(DOCUMENT_ANY(document, names));
    else
        root->attributes = SLICE(" x='y'");
    return root;
}

const struct mutation mutations[] = {
#define TREE(name, function, text)  { #name, text, function, NULL },
#define BYTES(name, function, text) { #name, text, NULL, function },
#include "differential/mutations.def"
#undef TREE
#undef BYTES
};
const size_t mutation_count = sizeof mutations / sizeof *mutations;
