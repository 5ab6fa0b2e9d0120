/* Valid documents of a schema.  Each has one place that it is made to reach, so that
   over many seeds every element and every branch of a choice comes. */
#include "differential/document.h"

#include <stdlib.h>

enum {
    NODE_COUNT_MAX = 500, /* what may be left out is, when there are as many */
    REPEAT_COUNT_MAX = 12,
};

struct making {
    struct document *document;
    const struct iso_element *wanted; /* NULL: it is there */
    unsigned density;                 /* in percent: how much of what may be left out comes */
    size_t node_count, node_count_max;
};

static bool leads(const struct making *making, const struct iso_element *element)
{
    if (making->wanted == NULL || element == making->wanted)
        return making->wanted != NULL;
    for (size_t i = 0; i < element->type->element_count; i++) {
        if (leads(making, &element->type->elements[i]))
            return true;
    }
    return false;
}

static void make_element(struct making *making, struct node *parent,
                         const struct iso_element *element);

static void fill(struct making *making, struct node *node);

/* Attributes that any element may have. */
static void add_instance_attribute(struct making *making, struct node *node)
{
    struct document *document = making->document;
    switch (document_below(document, 3)) {
    case 0:
        node->attributes = SLICE(" xsi:schemaLocation='urn:x nowhere.xsd'");
        break;
    case 1:
        node->attributes = SLICE(" xsi:noNamespaceSchemaLocation='nowhere.xsd'");
        break;
    default:
        node->attributes =
            arena_format(&document->arena, " xmlns:own='%.*s' xsi:type=' own:%.*s'",
                         SLICE_ARG(document->schema->namespace), SLICE_ARG(node->type->name));
    }
    node->attributes = arena_format(&document->arena, " xmlns:xsi='" SCHEMA_INSTANCE "'%.*s",
                                    SLICE_ARG(node->attributes));
}

static struct node *add_foreign(struct making *making, struct node *parent, struct slice namespace)
{
    static const char *const names[] = { "x", "Signature", "Document", "a.b-c_d", "\xc3\xa9" };
    static const char *const texts[] = { "", "text", "1 & 2", " ", "\xe4\xb8\xad" };
    static const char *const attributes[] = { "", " a='b'", " xml:lang='en' b=''",
                                              " xmlns:q='urn:q' q:a='&#9;'" };
    struct document *document = making->document;
    struct node *node = node_new(document, parent, slice_of(DOCUMENT_ANY(document, names)));
    node->namespace = namespace;
    node->attributes = slice_of(DOCUMENT_ANY(document, attributes));
    node->inside = slice_of(document_chance(document, 20) ? "<!-- c -->mixed" : "");
    node->text = slice_of(DOCUMENT_ANY(document, texts));
    return node;
}

/* Below a lax wildcard: an element with a type of the schema, or a built-in one. */
static void add_typed(struct making *making, struct node *parent)
{
    struct document *document = making->document;
    const struct iso_schema *schema = document->schema;
    const struct iso_type *type = schema->types[document_below(document, schema->type_count)];
    struct node *node = node_new(document, parent, SLICE("typed"));
    static const char *const builtin[][2] = {
        { "string", " a " },
        { "decimal", " 1.5 " },
        { "boolean", "1" },
        { "date", "2024-02-29" },
        { "dateTime", "2024-02-29T00:00:00Z" },
        { "gMonth", "--02" },
        { "base64Binary", "QUJD" },
        { "int", "-2147483648" },
        { "unsignedByte", "255" },
        { "positiveInteger", "+1" },
        { "nonNegativeInteger", "-0" },
        { "long", "9223372036854775807" },
        { "token", " a b " },
        { "normalizedString", "a b" },
        { "language", "zh-Hant" },
        { "NMTOKEN", "-a.b" },
        { "Name", ":a" },
        { "NCName", "a" },
        { "float", "1e3" },
        { "double", "INF" },
        { "duration", "P1Y2M3DT4H5M6.7S" },
        { "hexBinary", "0aFF" },
        { "gDay", "---31" },
        { "gMonthDay", "--02-29" },
        { "anySimpleType", "any" },
    };
    node->namespace = SLICE("urn:typed");
    if (document_chance(document, 50)) {
        const char *const *row = DOCUMENT_ANY(document, builtin);
        node->attributes =
            arena_format(&document->arena,
                         " xmlns:xsi='" SCHEMA_INSTANCE
                         "' xmlns:xs='http://www.w3.org/2001/XMLSchema' xsi:type='xs:%s'",
                         row[0]);
        node->text = slice_of(row[1]);
        return;
    }
    node->attributes = arena_format(
        &document->arena, " xmlns:xsi='" SCHEMA_INSTANCE "' xmlns:own='%.*s' xsi:type='own:%.*s'",
        SLICE_ARG(schema->namespace), SLICE_ARG(type->name));
    node->type = type;
    making->density = 0;
    fill(making, node);
}

static void fill_wildcard(struct making *making, struct node *node)
{
    static const char *const namespaces[] = { "urn:x", "", "urn:typed" };
    struct document *document = making->document;
    const struct iso_wildcard *wildcard = &node->type->wildcard;
    struct slice uri = wildcard->namespace;
    bool known = wildcard->process == ISO_STRICT ||
                 (uri.at == NULL && wildcard->process == ISO_LAX && document_chance(document, 10));
    if (known) {
        making->density = 0;
        make_element(making, node, &document->schema->root);
        return;
    }
    if (uri.at == NULL)
        uri = slice_of(DOCUMENT_ANY(document, namespaces));
    struct node *foreign = add_foreign(making, node, uri);
    while (document_chance(document, 40))
        foreign = add_foreign(making, foreign, slice_of(DOCUMENT_ANY(document, namespaces)));
    if (wildcard->process == ISO_LAX && document_chance(document, 20))
        add_typed(making, foreign);
    else if (wildcard->process == ISO_SKIP && document_chance(document, 30))
        node_new(document, foreign, document->schema->root.name);
}

static size_t any_count(struct making *making, const struct iso_element *element)
{
    struct document *document = making->document;
    size_t least = element->min == 0 ? 1 : element->min;
    if (element->max <= least || making->node_count > making->node_count_max ||
        document_chance(document, 75))
        return least;
    if (element->max <= REPEAT_COUNT_MAX && document_chance(document, 50))
        return element->max;
    size_t most = element->max < 4 ? element->max : 4;
    return most <= least ? least : least + document_below(document, most - least + 1);
}

/* One place in a sequence: an element, or a choice of rows first..last. */
static void fill_place(struct making *making, struct node *node, size_t first, size_t last)
{
    const struct iso_element *elements = node->type->elements;
    struct document *document = making->document;
    size_t chosen = first + document_below(document, last - first + 1);
    bool needed = elements[first].place_required;
    for (size_t row = first; row <= last; row++) {
        if (leads(making, &elements[row])) {
            chosen = row;
            needed = true;
            break;
        }
    }
    if (!needed && (making->node_count > making->node_count_max ||
                    !document_chance(document, making->density)))
        return;
    for (size_t count = any_count(making, &elements[chosen]); count > 0; count--)
        make_element(making, node, &elements[chosen]);
}

static void fill_elements(struct making *making, struct node *node)
{
    const struct iso_type *type = node->type;
    for (size_t first = 0, last; first < type->element_count; first = last + 1) {
        for (last = first; last + 1 < type->element_count; last++) {
            if (type->elements[last + 1].place != type->elements[first].place)
                break;
        }
        fill_place(making, node, first, last);
    }
}

static void fill(struct making *making, struct node *node)
{
    const struct iso_facets *facets = iso_type_facets(node->type);
    if (node->type->content == ISO_ELEMENTS)
        fill_elements(making, node);
    else if (node->type->content == ISO_WILDCARD)
        fill_wildcard(making, node);
    else
        node->text = facets->fixed.at != NULL && document_chance(making->document, 30)
                         ? SLICE("")
                         : document_value(making->document, facets);
    if (node->type->content == ISO_AMOUNT &&
        (node->type->attribute.required || document_chance(making->document, 70)))
        node->attribute = document_value(making->document, &node->type->attribute.type->facets);
}

static void make_element(struct making *making, struct node *parent,
                         const struct iso_element *element)
{
    struct node *node = node_new(making->document, parent, element->name);
    if (parent == NULL)
        making->document->root = node;
    node->element = element;
    node->type = element->type;
    making->node_count++;
    if (making->wanted == element)
        making->wanted = NULL;
    fill(making, node);
    if (document_chance(making->document, 1))
        add_instance_attribute(making, node);
}

/* Of those with a wildcard, or of all; NULL: there is none. */
static const struct iso_element *any_element(struct document *document, bool wild)
{
    const struct iso_schema *schema = document->schema;
    const struct iso_element *chosen = NULL;
    size_t count = 0;
    for (size_t i = 0; i < schema->type_count; i++) {
        const struct iso_type *type = schema->types[i];
        for (size_t row = 0; row < type->element_count; row++) {
            bool fits = !wild || type->elements[row].type->content == ISO_WILDCARD;
            if (fits && document_below(document, ++count) == 0)
                chosen = &type->elements[row];
        }
    }
    return chosen;
}

void document_make(struct document *document)
{
    static const unsigned densities[] = { 0, 5, 20, 50, 90 };
    struct making making = { .document = document,
                             .wanted = any_element(document, document_chance(document, 12)) };
    making.density = DOCUMENT_ANY(document, densities);
    making.node_count_max =
        10 + document_below(document, document_chance(document, 10) ? NODE_COUNT_MAX : 80);
    make_element(&making, NULL, &document->schema->root);
}
