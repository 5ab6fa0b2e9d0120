/* Ties the rules of a profile to the schemas of its catalogue. */
#include "codecs/iso20022/rule.h"

#include <stdalign.h>
#include <stdlib.h>

/* A library while it is made. */
struct binding {
    const struct iso_profile *profile;
    const bool *on;
    struct arena *arena;
    struct iso_rule_library *library;
    size_t *memory_at;        /* of each rule about values */
    size_t value_memory_size; /* of all of them */
};

/* A book while it is made. */
struct making {
    struct binding *binding;
    const struct iso_schema *schema;
    struct iso_rule_book *book;
};

static size_t take_memory(size_t *used, const struct iso_rule_check *check)
{
    const size_t border = alignof(max_align_t);
    size_t at = *used;
    *used += (check->memory_size + border - 1) / border * border;
    return at;
}

static void add_end(struct arena *arena, const struct iso_rule_end **ends, struct iso_rule_end end)
{
    struct iso_rule_end *kept = arena_take(arena, sizeof *kept);
    *kept = end;
    kept->next = *ends;
    *ends = kept;
}

/* ------------------------------------------------------------ rules about values */

/* The ends to which a rule that looks at the place belongs, and the type of what it sees. */
static const struct iso_rule_end **ends_at(struct iso_rule_node *node,
                                           const struct iso_rule_place *place,
                                           const struct iso_type **type)
{
    *type = place->attribute != NULL ? place->attribute->type : place->element->type;
    if (place->attribute != NULL)
        return &node->attributes;
    return iso_type_facets(*type) != NULL ? &node->texts : &node->starts;
}

static void bind_place(struct binding *binding, struct iso_rule_node *node,
                       const struct iso_rule_place *place, const struct iso_rule *rule)
{
    const struct iso_type *type;
    const struct iso_rule_end **ends = ends_at(node, place, &type);
    struct iso_rule_end end = { .rule = rule, .memory_at = binding->memory_at[rule - iso_rules] };
    for (; end.path < ISO_RULE_PATH_COUNT_MAX && rule->paths[end.path] != NULL; end.path++) {
        if (!iso_rule_place_is(place, rule->paths[end.path]))
            continue;
        if (rule->check->bind != NULL)
            end.data = rule->check->bind(binding->profile, type);
        if (rule->check->bind == NULL || end.data != NULL)
            add_end(binding->arena, ends, end);
    }
}

static struct iso_rule_node bind_element(struct binding *binding, const struct iso_type *parent,
                                         const struct iso_element *element)
{
    const struct iso_type *type = element->type;
    struct iso_rule_node node = { .children = binding->library->by_type[type->row] };
    struct iso_rule_place itself = { parent, element, NULL };
    struct iso_rule_place attribute = { parent, element, &type->attribute };
    for (size_t i = 0; i < iso_rule_count; i++) {
        const struct iso_rule *rule = &iso_rules[i];
        if (!binding->on[i] || rule->messages != NULL)
            continue;
        bind_place(binding, &node, &itself, rule);
        if (type->content == ISO_AMOUNT)
            bind_place(binding, &node, &attribute, rule);
    }
    return node;
}

static bool is_empty(const struct iso_rule_node *node)
{
    return node->children == NULL && node->starts == NULL && node->texts == NULL &&
           node->attributes == NULL;
}

/* NULL: no rule looks at anything in it. */
static struct iso_rule_node *bind_type(struct binding *binding, const struct iso_type *type)
{
    struct iso_rule_node *nodes = memory_take((type->element_count + 1) * sizeof *nodes), *kept;
    bool empty = true;
    for (size_t i = 0; i < type->element_count; i++) {
        nodes[i] = bind_element(binding, type, &type->elements[i]);
        empty = empty && is_empty(&nodes[i]);
    }
    kept = empty ? NULL : arena_take_array(binding->arena, type->element_count, sizeof *kept);
    if (!empty)
        memcpy(kept, nodes, type->element_count * sizeof *nodes);
    free(nodes);
    return kept;
}

/* The pool has the types of a type's elements in front of it. */
static void bind_values(struct binding *binding, const struct iso_pool *pool)
{
    struct iso_rule_node **by_type =
        arena_take_array(binding->arena, pool->type_count, sizeof(struct iso_rule_node *));
    bool any = false;
    binding->library->by_type = by_type;
    for (size_t i = 0; i < iso_rule_count; i++) {
        if (binding->on[i] && iso_rules[i].messages == NULL) {
            binding->memory_at[i] = take_memory(&binding->value_memory_size, iso_rules[i].check);
            any = true;
        }
    }
    for (size_t row = 0; any && row < pool->type_count; row++)
        by_type[row] = bind_type(binding, pool->types[row].type);
}

/* ------------------------------------------------------------ rules about messages */

/* Does the id begin with a message of the list, in its first variant? */
static bool is_for(const struct iso_rule *rule, const struct iso_schema *schema)
{
    const struct slice variant = SLICE(".001.");
    struct slice rest = slice_of(rule->messages);
    while (rest.size > 0) {
        const char *blank = memchr(rest.at, ' ', rest.size);
        struct slice message = { rest.at, blank == NULL ? rest.size : (size_t)(blank - rest.at) };
        if (slice_starts(schema->id, message) &&
            slice_starts(slice_after(schema->id, message.size), variant) &&
            schema->id.size > message.size + variant.size)
            return true;
        rest = slice_after(rest, blank == NULL ? rest.size : message.size + 1);
    }
    return false;
}

/* What other places have in common with this one becomes its own. */
static struct iso_rule_node *step_to(struct making *making, struct iso_rule_node *node,
                                     const struct iso_type *type, size_t row)
{
    const struct iso_rule_node *common = making->binding->library->by_type[type->row];
    if (node->children == common) {
        node->children =
            arena_take_array(making->binding->arena, type->element_count, sizeof *node->children);
        if (common != NULL)
            memcpy(node->children, common, type->element_count * sizeof *common);
    }
    return &node->children[row];
}

static struct iso_rule_node *node_of(struct making *making, const struct iso_path *path)
{
    const struct iso_schema *schema = making->schema;
    struct iso_rule_node *node = &making->book->root;
    const struct iso_type *type = schema->root.type;
    if (schema->message != &schema->root) {
        node = step_to(making, node, type, 0);
        type = schema->message->type;
    }
    for (size_t i = 0; i < path->count; i++) {
        node = step_to(making, node, type, path->steps[i].row);
        type = path->steps[i].element->type;
    }
    return node;
}

static void add_path(struct making *making, const struct iso_rule_path *path,
                     struct iso_rule_end end)
{
    struct iso_rule_node *node = node_of(making, &path->path);
    struct iso_rule_route *route = arena_take(making->binding->arena, sizeof *route);
    *route = path->route;
    end.route = route;
    add_end(making->binding->arena,
            path->path.end == ISO_PATH_ATTRIBUTE  ? &node->attributes
            : iso_rule_path_has_text(&path->path) ? &node->texts
                                                  : &node->starts,
            end);
}

static void add_scope(struct making *making, const struct iso_path *path,
                      const struct iso_rule_end *end)
{
    struct iso_rule_node *node = node_of(making, path);
    struct iso_rule_scope *scope = arena_take(making->binding->arena, sizeof *scope);
    *scope = (struct iso_rule_scope){ end->of, end->memory_at, node->scopes };
    node->scopes = scope;
}

/* A case with a path that the schema does not have is left out. */
static void add_case(struct making *making, const struct iso_rule_case *of)
{
    struct iso_rule_path scope, paths[ISO_RULE_PATH_COUNT_MAX];
    struct iso_rule_end end = { .rule = of->rule, .of = of };
    size_t count = 0;
    if (!iso_rule_path_resolve(making->schema, of, ".", &scope))
        return;
    for (; count < ISO_RULE_PATH_COUNT_MAX && of->paths[count] != NULL; count++) {
        if (!iso_rule_path_resolve(making->schema, of, of->paths[count], &paths[count]))
            return;
    }
    end.memory_at = take_memory(&making->book->memory_size, of->check);
    add_scope(making, &scope.path, &end);
    for (; end.path < count; end.path++)
        add_path(making, &paths[end.path], end);
}

static void make_book(struct binding *binding, const struct iso_schema *schema,
                      struct iso_rule_book *book)
{
    struct making making = { binding, schema, book };
    book->root.children = binding->library->by_type[schema->root.type->row];
    book->memory_size = binding->value_memory_size;
    for (size_t i = 0; i < iso_rule_case_count; i++) {
        const struct iso_rule *rule = iso_rule_cases[i].rule;
        if (binding->on[rule - iso_rules] && is_for(rule, schema))
            add_case(&making, &iso_rule_cases[i]);
    }
}

void iso_rule_bind(struct iso_rule_library *library, const struct iso_profile *profile,
                   const bool *on, struct arena *arena)
{
    const struct iso_catalogue *catalogue = iso_profile_catalogue(profile);
    size_t count = iso_catalogue_count(catalogue);
    struct binding binding = {
        .profile = profile,
        .on = on,
        .arena = arena,
        .library = library,
        .memory_at = arena_take_array(arena, iso_rule_count, sizeof(size_t)),
    };
    bind_values(&binding, iso_catalogue_pool(catalogue));
    library->books = arena_take_array(arena, count, sizeof *library->books);
    for (size_t i = 0; i < count; i++)
        make_book(&binding, iso_catalogue_at(catalogue, i), &library->books[i]);
}
