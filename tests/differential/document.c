/* The tree and what it is made with. */
#include "differential/document.h"

/* Seeds that follow each other give numbers that do not. */
void document_init(struct document *document, const struct iso_schema *schema, uint64_t seed)
{
    *document = (struct document){ .schema = schema };
    document->random.state = (seed + 1) * 0x9e3779b97f4a7c15u;
    for (unsigned i = 0; i < 4; i++)
        kit_random_next(&document->random);
    arena_init(&document->arena, ARENA_UNLIMITED);
}

void document_fini(struct document *document)
{
    arena_fini(&document->arena);
}

size_t document_below(struct document *document, size_t bound)
{
    return (size_t)((kit_random_next(&document->random) >> 11) % bound);
}

bool document_chance(struct document *document, unsigned percent)
{
    return document_below(document, 100) < percent;
}

static struct node **end_of_children(struct node *parent)
{
    struct node **end = &parent->children;
    while (*end != NULL)
        end = &(*end)->next;
    return end;
}

struct node *node_new(struct document *document, struct node *parent, struct slice name)
{
    struct node *node = arena_take(&document->arena, sizeof *node);
    node->name = name;
    node->parent = parent;
    if (parent != NULL)
        *end_of_children(parent) = node;
    return node;
}

struct node *node_copy(struct document *document, const struct node *node)
{
    struct node *copy = arena_take(&document->arena, sizeof *copy);
    *copy = *node;
    copy->parent = copy->next = copy->children = NULL;
    for (const struct node *child = node->children; child != NULL; child = child->next) {
        struct node *below = node_copy(document, child);
        below->parent = copy;
        *end_of_children(copy) = below;
    }
    return copy;
}

static struct node **link_to(struct node *node)
{
    struct node **link = &node->parent->children;
    while (*link != node)
        link = &(*link)->next;
    return link;
}

void node_remove(struct node *node)
{
    *link_to(node) = node->next;
    node->next = NULL;
}

void node_insert_before(struct node *at, struct node *node)
{
    struct node **link = link_to(at);
    node->parent = at->parent;
    node->next = at;
    *link = node;
}

void node_insert_behind(struct node *at, struct node *node)
{
    node->parent = at->parent;
    node->next = at->next;
    at->next = node;
}

struct node *node_after(const struct node *node)
{
    if (node->children != NULL)
        return node->children;
    while (node->next == NULL) {
        node = node->parent;
        if (node == NULL)
            return NULL;
    }
    return node->next;
}

static unsigned occurrence_of(const struct node *node)
{
    unsigned count = 1;
    for (const struct node *child = node->parent->children; child != node; child = child->next) {
        if (child->element == node->element)
            count++;
    }
    return count;
}

void node_write_path(const struct node *node, struct writer *writer)
{
    if (node->parent != NULL)
        node_write_path(node->parent, writer);
    writer_format(writer, "/%.*s", SLICE_ARG(node->name));
    if (node->parent != NULL && node->element != NULL && node->element->max > 1)
        writer_format(writer, "[%u]", occurrence_of(node));
}
