/* Spots grow while documents are read, up to a number, and go with the names of the reader. */
#include "codecs/iso20022/learned.h"

#include "codecs/iso20022/parse.h"

#include <stdlib.h>

enum { SPOT_COUNT_MAX = 4096 };

void iso_learned_init(struct iso_learned *learned)
{
    *learned = (struct iso_learned){ .xml = NULL };
    arena_init(&learned->arena, ARENA_UNLIMITED);
}

void iso_learned_fini(struct iso_learned *learned)
{
    xml_reader_free(learned->xml);
    arena_fini(&learned->arena);
}

struct iso_learned *iso_learned_new(void)
{
    struct iso_learned *learned = memory_take(sizeof *learned);
    iso_learned_init(learned);
    return learned;
}

void iso_learned_free(struct iso_learned *learned)
{
    if (learned == NULL)
        return;
    iso_learned_fini(learned);
    free(learned);
}

struct xml_reader *iso_learned_lend(struct iso_learned *learned, const char *source,
                                    const struct xml_limits *limits)
{
    if (learned->xml == NULL || !xml_reader_again(learned->xml, source, limits)) {
        iso_learned_fini(learned);
        iso_learned_init(learned);
        learned->xml = xml_reader_new(source, limits);
    }
    learned->is_lent = true;
    return learned->xml;
}

struct iso_frame iso_frame_of(const struct iso_element *element, const struct iso_reader_node *node,
                              const struct iso_rule_node *rules)
{
    return (struct iso_frame){ .kind = ISO_FRAME_CHECKED,
                               .name = element->name,
                               .type = element->type,
                               .position = ISO_POSITION_START,
                               .is_scope = (node != NULL && node->is_scope) ||
                                           (rules != NULL && rules->scopes != NULL),
                               .node = node,
                               .rules = rules };
}

static bool is_plain(const struct iso_frame *frame)
{
    return !frame->is_scope && (frame->rules == NULL || frame->rules->starts == NULL) &&
           frame->type->content != ISO_AMOUNT;
}

static void open_spot(struct iso_spot *spot, const struct iso_element *element,
                      const struct iso_reader_node *node, const struct iso_rule_node *rules)
{
    spot->element = element;
    spot->frame = iso_frame_of(element, node, rules);
    spot->frame.spot = spot;
    spot->frame.next = &spot->first;
    spot->repeats = element->max > 1;
    spot->is_plain = is_plain(&spot->frame);
}

struct iso_spot *iso_learned_root(struct iso_learned *learned, const struct iso_element *element,
                                  const struct shape_reader *reader,
                                  const struct iso_reader_node *node,
                                  const struct iso_rule_node *rules)
{
    struct iso_spot_root *root = learned->roots;
    while (root != NULL && (root->spot.element != element || root->reader != reader ||
                            root->spot.frame.rules != rules))
        root = root->other;
    if (root != NULL)
        return &root->spot;
    if (learned->spot_count == SPOT_COUNT_MAX)
        return NULL;
    learned->spot_count++;
    root = arena_take(&learned->arena, sizeof *root);
    root->reader = reader;
    root->other = learned->roots;
    learned->roots = root;
    open_spot(&root->spot, element, node, rules);
    return &root->spot;
}

struct iso_spot *iso_spot_child(const struct iso_spot *spot, const char *name)
{
    struct iso_spot *child = spot->children;
    while (child != NULL && child->name != name)
        child = child->beside;
    return child;
}

struct iso_spot *iso_spot_add(struct iso_learned *learned, struct iso_spot *above, const char *name,
                              size_t row, const struct iso_reader_node *node)
{
    if (learned->spot_count == SPOT_COUNT_MAX)
        return NULL;
    learned->spot_count++;
    struct iso_spot *spot = arena_take(&learned->arena, sizeof *spot);
    spot->name = name;
    spot->row = row;
    spot->beside = above->children;
    above->children = spot;
    open_spot(spot, &above->frame.type->elements[row], node,
              iso_rule_child(above->frame.rules, row));
    return spot;
}
