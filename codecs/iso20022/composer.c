/* Builds the tree of what is written and proves that it makes a whole message.

   What may be absent can't be proved to be there: where the parent is always
   written that is an error now; where the parent depends on the message, too,
   compose.c checks it when it writes. */
#include "codecs/iso20022/composer.h"

#include "codecs/iso20022/path.h"

#include <stdlib.h>

struct building {
    struct shape_composer *composer;
    struct error_list *errors;
    struct slice text; /* the path that is being added */
    struct place place;
    bool sure;
};

/* The tags are the same in every message. */
static void make_tags(struct building *building, struct iso_composer_node *node)
{
    struct arena *arena = &building->composer->arena;
    struct slice name = node->element->name;
    node->closing = arena_format(arena, "</%.*s>", SLICE_ARG(name));
    if (node->parent == NULL) {
        struct slice namespace = building->composer->schema->namespace;
        node->opening =
            arena_format(arena, "<%.*s xmlns=\"%.*s\">", SLICE_ARG(name), SLICE_ARG(namespace));
    } else if (node->element->type->content == ISO_AMOUNT) {
        struct slice attribute = node->element->type->attribute.name;
        node->opening = arena_format(arena, "<%.*s", SLICE_ARG(name));
        node->attribute_opening = arena_format(arena, " %.*s=\"", SLICE_ARG(attribute));
    } else {
        node->opening = arena_format(arena, "<%.*s>", SLICE_ARG(name));
    }
}

static struct iso_composer_node *new_node(struct building *building,
                                          struct iso_composer_node *parent,
                                          const struct iso_element *element)
{
    struct iso_composer_node *node = arena_take(&building->composer->arena, sizeof *node);
    *node = (struct iso_composer_node){ .element = element,
                                        .facets = iso_type_facets(element->type),
                                        .parent = parent,
                                        .depth = parent == NULL ? 0 : parent->depth + 1,
                                        .text_slot = NAMES_NONE,
                                        .attribute_slot = NAMES_NONE,
                                        .place = building->place };
    if (node->facets != NULL)
        node->text_plain = iso_facets_are_plain(node->facets);
    if (element->type->content == ISO_AMOUNT)
        node->attribute_plain = iso_facets_are_plain(&element->type->attribute.type->facets);
    make_tags(building, node);
    return node;
}

static struct iso_composer_node *add_child(struct building *building,
                                           struct iso_composer_node *parent,
                                           const struct iso_path_step *step)
{
    size_t instance = step->instance == NAMES_NONE ? 0 : step->instance;
    struct iso_composer_node **at = &parent->children;
    while (*at != NULL &&
           ((*at)->row < step->row || ((*at)->row == step->row && (*at)->instance < instance)))
        at = &(*at)->next;
    if (*at != NULL && (*at)->row == step->row && (*at)->instance == instance)
        return *at;
    struct iso_composer_node *node = new_node(building, parent, step->element);
    node->row = step->row;
    node->instance = instance;
    node->next = *at;
    *at = node;
    return node;
}

static void write_here(struct building *building, size_t *written, bool *sure, size_t slot)
{
    if (*written != NAMES_NONE)
        error_list_at(building->errors, &shape_bad_path, building->place,
                      "%.*s: it is written twice", SLICE_ARG(building->text));
    *written = slot;
    *sure = building->sure;
}

static void add_path(struct building *building, size_t slot)
{
    struct iso_path path;
    struct error error;
    if (!iso_path_resolve(building->composer->schema, building->text, building->place, &path,
                          &error) ||
        iso_path_facets(&path, building->text, building->place, &error) == NULL) {
        error_list_add(building->errors, &error);
        return;
    }
    struct iso_composer_node *node = building->composer->message;
    for (size_t i = 0; i < path.count; i++) {
        node = add_child(building, node, &path.steps[i]);
        node->sure = node->sure || building->sure;
    }
    if (path.end == ISO_PATH_ATTRIBUTE)
        write_here(building, &node->attribute_slot, &node->attribute_sure, slot);
    else
        write_here(building, &node->text_slot, &node->text_sure, slot);
}

static void write_names(const struct iso_composer_node *top, const struct iso_composer_node *node,
                        struct writer *writer)
{
    if (node == top)
        return;
    write_names(top, node->parent, writer);
    if (node->parent != top)
        writer_char(writer, '.');
    writer_bytes(writer, node->element->name);
    if (node->instance > 0)
        writer_format(writer, "[%zu]", node->instance);
}

void iso_composer_node_write_path(const struct shape_composer *composer,
                                  const struct iso_composer_node *node, struct writer *writer)
{
    const struct iso_composer_node *top = composer->message;
    if (node == top || node == composer->root)
        writer_bytes(writer, node->element->name);
    else
        write_names(top, node, writer);
}

static void fail(struct building *building, const struct error_kind *kind,
                 const struct iso_composer_node *node, struct slice name, const char *why)
{
    struct writer path;
    writer_init(&path, 0);
    iso_composer_node_write_path(building->composer, node, &path);
    error_list_at(building->errors, kind, node->place, "%.*s.%.*s%s",
                  SLICE_ARG(writer_slice(&path)), SLICE_ARG(name), why);
    writer_fini(&path);
}

static const char may_be_absent[] = ": it may turn out absent";

static void prove_amount(struct building *building, const struct iso_composer_node *node)
{
    const struct iso_attribute *attribute = &node->element->type->attribute;
    if (node->text_slot == NAMES_NONE)
        fail(building, &shape_missing, node, SLICE("value"), "");
    else if (node->sure && !node->text_sure)
        fail(building, &shape_missing, node, SLICE("value"), may_be_absent);
    if (!attribute->required)
        return;
    if (node->attribute_slot == NAMES_NONE)
        fail(building, &shape_missing, node, attribute->name, "");
    else if (node->sure && !node->attribute_sure)
        fail(building, &shape_missing, node, attribute->name, may_be_absent);
}

/* What is written of one place in an element's content. */
struct place_use {
    size_t branches, sure_branches;
    const struct iso_composer_node *first;
};

static struct place_use use_of(const struct iso_composer_node *node, uint32_t place)
{
    struct place_use use = { 0, 0, NULL };
    size_t row = NAMES_NONE;
    bool row_sure = false;
    for (const struct iso_composer_node *child = node->children; child != NULL;
         child = child->next) {
        if (child->element->place != place)
            continue;
        if (use.first == NULL)
            use.first = child;
        row_sure = row_sure && child->row == row;
        use.branches += child->row != row;
        use.sure_branches += child->sure && !row_sure;
        row_sure = row_sure || child->sure;
        row = child->row;
    }
    return use;
}

static size_t count_slots(const struct iso_composer_node *node)
{
    size_t count = (node->text_slot != NAMES_NONE) + (node->attribute_slot != NAMES_NONE);
    for (const struct iso_composer_node *child = node->children; child != NULL; child = child->next)
        count += count_slots(child);
    return count;
}

/* Nothing in it is mandatory, and several fields, each of which may be absent,
   can make it: as with the branches of a choice, compose.c sees whether one did. */
static bool made_by_any(const struct iso_composer_node *node)
{
    const struct iso_type *type = node->element->type;
    for (size_t i = 0; i < type->element_count; i++) {
        if (type->elements[i].place_required)
            return false;
    }
    return type->content == ISO_ELEMENTS && count_slots(node) > 1;
}

static void prove_place(struct building *building, const struct iso_composer_node *node,
                        const struct iso_element *element)
{
    struct place_use use = use_of(node, element->place);
    if (use.sure_branches > 0 && use.branches > 1)
        fail(building, &shape_choice, node, use.first->element->name,
             " and another branch of the choice");
    if (!element->place_required)
        return;
    if (use.branches == 0)
        fail(building, &shape_missing, node, element->name,
             element->is_branch ? ", or another branch of the choice" : "");
    else if (node->sure && use.sure_branches == 0 && use.branches == 1 && !made_by_any(use.first))
        fail(building, &shape_missing, node, use.first->element->name, may_be_absent);
}

static void prove(struct building *building, const struct iso_composer_node *node)
{
    const struct iso_type *type = node->element->type;
    if (type->content == ISO_AMOUNT)
        prove_amount(building, node);
    for (size_t i = 0; i < type->element_count; i++) {
        if (i == 0 || type->elements[i].place != type->elements[i - 1].place)
            prove_place(building, node, &type->elements[i]);
    }
    for (const struct iso_composer_node *child = node->children; child != NULL; child = child->next)
        prove(building, child);
}

static void list_leaves(struct shape_composer *composer, struct iso_composer_node *node)
{
    if (node->facets != NULL)
        composer->leaves[composer->leaf_count++] = node;
    for (struct iso_composer_node *child = node->children; child != NULL; child = child->next)
        list_leaves(composer, child);
}

/* All is proved: what does not depend on the messages is written once and for all. */
static void finish(struct shape_composer *composer, size_t slot_count)
{
    composer->leaves =
        arena_take_array(&composer->arena, slot_count, sizeof(struct iso_composer_node *));
    list_leaves(composer, composer->root);
    iso_composer_settle(composer, slot_count);
}

static struct shape_composer *start(struct building *building, const struct shape *shape)
{
    struct shape_composer *composer = memory_take(sizeof *composer);
    *composer = (struct shape_composer){ .schema = shape->message };
    building->composer = composer;
    arena_init(&composer->arena, ARENA_UNLIMITED);
    composer->root = new_node(building, NULL, &composer->schema->root);
    composer->root->sure = true;
    composer->message = composer->root;
    if (composer->schema->message != &composer->schema->root) {
        composer->message = new_node(building, composer->root, composer->schema->message);
        composer->root->children = composer->message;
    }
    composer->message->sure = true;
    return composer;
}

struct shape_composer *iso_composer_new(const struct shape *shape, const struct slice *paths,
                                        const struct place *places, const bool *optional,
                                        size_t count, struct place whole, struct error_list *errors)
{
    struct building building = { .errors = errors, .place = whole };
    size_t error_count = errors->count + errors->dropped;
    struct shape_composer *composer = start(&building, shape);
    for (size_t i = 0; i < count; i++) {
        building.text = paths[i];
        building.place = places[i];
        building.sure = !optional[i];
        add_path(&building, i);
    }
    if (errors->count + errors->dropped == error_count)
        prove(&building, composer->root);
    if (errors->count + errors->dropped != error_count) {
        iso_composer_free(composer);
        return NULL;
    }
    finish(composer, count);
    return composer;
}

void iso_composer_free(struct shape_composer *composer)
{
    if (composer == NULL)
        return;
    arena_fini(&composer->arena);
    free(composer);
}
