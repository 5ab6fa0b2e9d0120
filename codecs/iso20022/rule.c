/* Ties the rules to the schemas that they are for, and shows them what is in a
   document. */
#include "codecs/iso20022/rule.h"

#include "codecs/iso20022/parser.h"
#include "codecs/iso20022/path.h"

#include <stdalign.h>
#include <stddef.h>

const struct error_kind iso_rule = { "iso.rule", "a rule of ISO 20022 is broken" };

#define RULE(name, messages, check, text, ...)                                                     \
    { name, messages, &iso_rule_##check, text, { __VA_ARGS__ } },
const struct iso_rule iso_rules[] = {
#include "codecs/iso20022/rules.def"
};
#undef RULE

enum { RULE_COUNT = sizeof iso_rules / sizeof *iso_rules };

const size_t iso_rule_count = RULE_COUNT;

/* A book while it is made. */
struct making {
    const struct iso_schema *schema;
    struct arena *arena;
    struct iso_rule_book *book;
};

static bool is_for(const struct iso_rule *rule, const struct iso_schema *schema)
{
    struct slice messages = slice_of(rule->messages);
    return slice_starts(schema->id, messages) && schema->id.size > messages.size &&
           schema->id.at[messages.size] == '.';
}

/* The rule's paths in the schema; 0: one of them is not there. */
static size_t resolve(const struct iso_schema *schema, const struct iso_rule *rule,
                      struct iso_path *paths)
{
    size_t count = 0;
    struct error error;
    for (; count < ISO_RULE_PATH_COUNT_MAX && rule->paths[count] != NULL; count++) {
        if (!iso_path_resolve(schema, slice_of(rule->paths[count]), PLACE_NONE, &paths[count],
                              &error))
            return 0;
    }
    return count;
}

static struct iso_rule_node *make_node(struct making *making, const struct iso_type *type)
{
    struct iso_rule_node *node = arena_take(making->arena, sizeof *node);
    node->children =
        arena_take_array(making->arena, type->element_count, sizeof(struct iso_rule_node *));
    return node;
}

static struct iso_rule_node *step_to(struct making *making, struct iso_rule_node *node, size_t row,
                                     const struct iso_type *type)
{
    if (node->children[row] == NULL)
        node->children[row] = make_node(making, type);
    return node->children[row];
}

/* The node of the message: below Document, or AppHdr itself. */
static struct iso_rule_node *message_node(struct making *making)
{
    const struct iso_schema *schema = making->schema;
    struct iso_rule_node *root = making->book->root;
    return schema->message == &schema->root ? root
                                            : step_to(making, root, 0, schema->message->type);
}

static void add_path(struct making *making, const struct iso_path *path, size_t row,
                     size_t path_row)
{
    struct iso_rule_node *node = message_node(making);
    for (size_t i = 0; i < path->count; i++)
        node = step_to(making, node, path->steps[i].row, path->steps[i].element->type);
    bool is_text = path->end == ISO_PATH_VALUE ||
                   path->steps[path->count - 1].element->type->content == ISO_TEXT;
    const struct iso_rule_end **ends = path->end == ISO_PATH_ATTRIBUTE ? &node->attributes
                                       : is_text                       ? &node->texts
                                                                       : &node->starts;
    struct iso_rule_end *end = arena_take(making->arena, sizeof *end);
    *end = (struct iso_rule_end){ row, path_row, *ends };
    *ends = end;
}

static void add_rule(struct making *making, const struct iso_rule *rule)
{
    const size_t border = alignof(max_align_t);
    struct iso_path paths[ISO_RULE_PATH_COUNT_MAX];
    struct iso_rule_book *book = making->book;
    size_t path_count = resolve(making->schema, rule, paths), row = book->rule_count;
    if (path_count == 0)
        return;
    book->rules[book->rule_count++] = rule;
    book->memory_at[row] = book->memory_size;
    book->memory_size += (rule->check->memory_size + border - 1) / border * border;
    for (size_t i = 0; i < path_count; i++)
        add_path(making, &paths[i], row, i);
}

static bool has_rules(const struct iso_schema *schema)
{
    size_t row = 0;
    while (row < RULE_COUNT && !is_for(&iso_rules[row], schema))
        row++;
    return row < RULE_COUNT;
}

const struct iso_rule_book *iso_rule_book_make(const struct iso_schema *schema, struct arena *arena)
{
    struct making making = { .schema = schema, .arena = arena };
    struct iso_rule_book *book;
    if (!has_rules(schema))
        return NULL;
    book = making.book = arena_take(arena, sizeof *book);
    book->root = make_node(&making, schema->root.type);
    book->rules = arena_take_array(arena, RULE_COUNT, sizeof(const struct iso_rule *));
    book->memory_at = arena_take_array(arena, RULE_COUNT, sizeof *book->memory_at);
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (is_for(&iso_rules[i], schema))
            add_rule(&making, &iso_rules[i]);
    }
    return book->rule_count == 0 ? NULL : book;
}

static void *memory_of(const struct part *part, size_t row)
{
    return part->rule_memory == NULL ? NULL
                                     : part->rule_memory + part->schema->rules->memory_at[row];
}

void iso_rule_show(struct iso_parser *parser, const struct iso_rule_end *ends,
                   struct slice attribute, struct slice value)
{
    struct iso_rule_sight sight = { .parser = parser, .attribute = attribute, .value = value };
    for (; ends != NULL; ends = ends->next) {
        sight.rule = parser->part->schema->rules->rules[ends->row];
        sight.memory = memory_of(parser->part, ends->row);
        sight.path = ends->path;
        sight.rule->check->look(&sight);
    }
}
