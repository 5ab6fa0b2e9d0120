/* Draft in, tables out: names become pointers, and a type that is there already,
   from this message or another, is not made again. */
#include "codecs/iso20022/draft.h"

#include <stdlib.h>

enum { NESTING_MAX = 64 };

struct linking {
    struct iso_draft *draft;
    struct names names; /* of the draft's types */
    unsigned depth;
};

static const struct iso_type *link_type(struct linking *linking,
                                        struct iso_draft_reference reference);

static const struct iso_type *link_text(struct linking *linking,
                                        struct iso_draft_reference reference)
{
    const struct iso_type *type = link_type(linking, reference);
    if (type == NULL || type->content == ISO_TEXT)
        return type;
    error_list_at(linking->draft->errors, &iso_xsd_invalid, reference.place,
                  "%.*s is not a simple type", SLICE_ARG(reference.name));
    return NULL;
}

/* The type with its text fixed to a value that its facets allow. */
static const struct iso_type *fix_text(struct linking *linking, const struct iso_type *type,
                                       struct slice fixed, struct place place)
{
    const unsigned bases = 1u << ISO_STRING | 1u << ISO_DECIMAL | 1u << ISO_BOOLEAN;
    struct iso_type narrower = *type;
    struct error_list *errors = linking->draft->errors;
    if ((bases >> type->facets.base & 1) == 0) {
        error_list_at(errors, &iso_xsd_unsupported, place, "fixed of xs:%s",
                      iso_base_name(type->facets.base));
        return NULL;
    }
    if (iso_value_check(&type->facets, &fixed) != ISO_VALUE_FINE) {
        error_list_at(errors, &iso_xsd_invalid, place, "\"%.*s\" is no value of %.*s",
                      SLICE_ARG(iso_value_excerpt(fixed)), SLICE_ARG(type->name));
        return NULL;
    }
    narrower.facets.fixed = fixed;
    return iso_pool_type(linking->draft->pool, &narrower);
}

static const struct iso_type *fix_amount(struct linking *linking, const struct iso_type *type,
                                         struct slice fixed, struct place place)
{
    struct iso_type narrower = *type;
    narrower.base = fix_text(linking, type->base, fixed, place);
    return narrower.base == NULL ? NULL : iso_pool_type(linking->draft->pool, &narrower);
}

/* What an element or attribute of the type has that may have only one value. NULL:
   the draft's errors say why there is none. */
static const struct iso_type *fix(struct linking *linking, const struct iso_type *type,
                                  struct slice fixed, struct place place)
{
    if (type == NULL || fixed.at == NULL)
        return type;
    if (type->content == ISO_TEXT)
        return fix_text(linking, type, fixed, place);
    if (type->content == ISO_AMOUNT)
        return fix_amount(linking, type, fixed, place);
    error_list_at(linking->draft->errors, &iso_xsd_invalid, place,
                  "fixed of an element without text");
    return NULL;
}

static void check_name(struct linking *linking, const struct iso_element *elements, size_t row,
                       struct place place)
{
    for (size_t i = 0; i < row; i++) {
        if (slice_equal(elements[i].name, elements[row].name)) {
            error_list_at(linking->draft->errors, &iso_xsd_unsupported, place,
                          "element %.*s twice in one type", SLICE_ARG(elements[row].name));
            return;
        }
    }
}

/* A choice may be left out when one of its branches may. */
static void settle_places(struct iso_element *elements, size_t count)
{
    size_t first = 0;
    for (size_t i = 0; i < count; i++) {
        if (elements[i].place != elements[first].place)
            first = i;
        elements[i].place_required = true;
        for (size_t j = first; j < count && elements[j].place == elements[i].place; j++)
            elements[i].place_required = elements[i].place_required && elements[j].min > 0;
    }
}

static void settle_required(struct iso_element *elements, size_t count)
{
    size_t required = count;
    for (size_t i = count; i-- > 0;) {
        if (elements[i].place_required && (i == 0 || elements[i - 1].place != elements[i].place))
            required = i;
        elements[i].required = (uint32_t)required;
    }
}

static bool link_elements(struct linking *linking, struct iso_draft_type *type)
{
    size_t count = type->type.element_count;
    struct iso_element *elements =
        arena_take_array(&linking->draft->arena, count, sizeof *elements);
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        const struct iso_draft_element *draft = &linking->draft->elements[type->first_element + i];
        elements[i] = draft->element;
        elements[i].type =
            fix(linking, link_type(linking, draft->type), draft->fixed, draft->type.place);
        fine = fine && elements[i].type != NULL;
        check_name(linking, elements, i, draft->type.place);
    }
    settle_places(elements, count);
    settle_required(elements, count);
    type->type.elements = elements;
    return fine;
}

static bool link_amount(struct linking *linking, struct iso_draft_type *type)
{
    if (type->base.name.at == NULL || type->attribute.name.at == NULL)
        return false;
    type->type.base = link_text(linking, type->base);
    type->type.attribute.type = fix(linking, link_text(linking, type->attribute),
                                    type->attribute_fixed, type->attribute.place);
    return type->type.base != NULL && type->type.attribute.type != NULL;
}

/* A type that restricts another one of the schema. */
static bool link_restriction(struct linking *linking, struct iso_draft_type *type)
{
    const struct iso_type *base = link_text(linking, type->base);
    if (base == NULL)
        return false;
    type->type.facets = base->facets;
    iso_draft_facets_apply(linking->draft, type);
    return true;
}

static bool link_content(struct linking *linking, struct iso_draft_type *type)
{
    if (type->type.content == ISO_TEXT && type->base.name.at != NULL)
        return link_restriction(linking, type);
    if (type->type.content == ISO_AMOUNT)
        return link_amount(linking, type);
    return type->type.content != ISO_ELEMENTS || link_elements(linking, type);
}

/* NULL: the draft's errors say why. */
static const struct iso_type *link_type(struct linking *linking,
                                        struct iso_draft_reference reference)
{
    struct iso_draft *draft = linking->draft;
    size_t row = names_find(&linking->names, reference.name);
    if (row == NAMES_NONE) {
        error_list_at(draft->errors, &iso_xsd_name, reference.place, "%.*s",
                      SLICE_ARG(reference.name));
        return NULL;
    }
    struct iso_draft_type *type = &draft->types[row];
    if (type->linked != NULL || type->failed)
        return type->linked;
    if (type->linking || linking->depth == NESTING_MAX) {
        error_list_at(draft->errors, &iso_xsd_unsupported, reference.place,
                      type->linking ? "type %.*s in itself" : "type %.*s is nested too deeply",
                      SLICE_ARG(reference.name));
        return NULL;
    }
    type->linking = true;
    linking->depth++;
    if (link_content(linking, type))
        type->linked = iso_pool_type(draft->pool, &type->type);
    linking->depth--;
    type->linking = false;
    type->failed = type->linked == NULL;
    return type->linked;
}

static void name_types(struct linking *linking)
{
    struct iso_draft *draft = linking->draft;
    for (size_t i = 0; i < draft->type_count; i++) {
        const struct iso_draft_type *type = &draft->types[i];
        if (!names_add(&linking->names, type->type.name, i))
            error_list_at(draft->errors, &iso_xsd_repeated, type->place, "type %.*s",
                          SLICE_ARG(type->type.name));
    }
}

static int compare_types(const void *one, const void *other)
{
    return slice_compare((*(const struct iso_type *const *)one)->name,
                         (*(const struct iso_type *const *)other)->name);
}

static void list_types(struct linking *linking, struct iso_schema *schema)
{
    const struct iso_draft *draft = linking->draft;
    const struct iso_type **types =
        arena_take_array(&draft->pool->arena, draft->type_count, sizeof(const struct iso_type *));
    for (size_t i = 0; i < draft->type_count; i++)
        types[i] = draft->types[i].linked;
    qsort(types, draft->type_count, sizeof(const struct iso_type *), compare_types);
    schema->types = types;
    schema->type_count = draft->type_count;
}

/* Document holds one message; an AppHdr is one itself. */
static bool check_root(struct linking *linking)
{
    struct iso_draft *draft = linking->draft;
    const struct iso_element *root = &draft->root.element;
    if (root->name.at == NULL)
        return error_list_at(draft->errors, &iso_xsd_invalid, draft->place, "no global element");
    if (root->type == NULL)
        return false;
    if (root->type->content != ISO_ELEMENTS)
        return error_list_at(draft->errors, &iso_xsd_unsupported, draft->root.type.place,
                             "a root without elements");
    if (slice_is(root->name, "AppHdr"))
        return true;
    if (!slice_is(root->name, "Document"))
        return error_list_at(draft->errors, &iso_xsd_unsupported, draft->root.type.place,
                             "a root other than Document and AppHdr: %.*s", SLICE_ARG(root->name));
    const struct iso_element *message = root->type->elements;
    if (root->type->element_count != 1 || message->max != 1 ||
        message->type->content != ISO_ELEMENTS)
        return error_list_at(draft->errors, &iso_xsd_unsupported, draft->root.type.place,
                             "a Document with other than one message in it");
    return true;
}

static struct iso_schema *make_schema(struct linking *linking)
{
    const struct iso_draft *draft = linking->draft;
    struct iso_schema *schema = arena_take(&draft->pool->arena, sizeof *schema);
    schema->namespace = iso_pool_text(draft->pool, draft->namespace);
    schema->source = draft->place.source;
    schema->id = slice_after(schema->namespace, sizeof ISO_NAMESPACE - 1);
    schema->root = draft->root.element;
    schema->root.name = iso_pool_text(draft->pool, draft->root.element.name);
    schema->message =
        slice_is(schema->root.name, "AppHdr") ? &schema->root : schema->root.type->elements;
    schema->shape = (struct shape){ &iso_shape_operations, schema->id.at, schema };
    list_types(linking, schema);
    return schema;
}

struct iso_schema *iso_draft_link(struct iso_draft *draft)
{
    struct linking linking = { .draft = draft };
    struct iso_schema *schema = NULL;
    size_t error_count = draft->errors->count + draft->errors->dropped;
    names_init(&linking.names);
    name_types(&linking);
    for (size_t i = 0; i < draft->type_count; i++)
        link_type(&linking,
                  (struct iso_draft_reference){ draft->types[i].type.name, draft->types[i].place });
    if (draft->root.element.name.at != NULL)
        draft->root.element.type = fix(&linking, link_type(&linking, draft->root.type),
                                       draft->root.fixed, draft->root.type.place);
    if (check_root(&linking) && draft->errors->count + draft->errors->dropped == error_count)
        schema = make_schema(&linking);
    names_fini(&linking.names);
    return schema;
}
