/* Writes a message by the composer's tree: UTF-8, in the schema's order, no
   white space of its own.  Every value meets its facets and every element its
   place on the way, so that what comes out is valid.

   It goes from leaf to leaf.  Where a leaf comes behind the one that it follows in
   the list, all tags between them are one text, which was made and checked with
   the composer; else they are written and checked one by one. */
#include "codecs/iso20022/composer.h"

#include "codecs/base/charset.h"
#include "codecs/base/xml.h"
#include "codecs/iso20022/content.h"
#include "codecs/iso20022/parse.h"

struct composing {
    const struct shape_composer *composer;
    const struct record *record;
    struct writer *writer;
    struct error *error;
};

static inline const struct value *value_of(const struct composing *composing, size_t slot)
{
    if (slot == NAMES_NONE || composing->record->values[slot].text.at == NULL)
        return NULL;
    return &composing->record->values[slot];
}

static inline bool is_leaf_present(const struct composing *composing,
                                   const struct iso_composer_node *leaf)
{
    return value_of(composing, leaf->text_slot) != NULL ||
           value_of(composing, leaf->attribute_slot) != NULL;
}

static bool is_present(const struct composing *composing, const struct iso_composer_node *node)
{
    bool present = is_leaf_present(composing, node);
    for (const struct iso_composer_node *child = node->children; child != NULL && !present;
         child = child->next)
        present = is_present(composing, child);
    return present;
}

/* below: the child's or attribute's name that the fault is about, or absent. */
static bool fail(struct composing *composing, const struct error_kind *kind,
                 const struct iso_composer_node *node, struct slice below, const char *expected)
{
    struct writer path;
    writer_init(&path, 0);
    iso_composer_node_write_path(composing->composer, node, &path);
    if (below.at != NULL)
        writer_format(&path, ".%.*s", SLICE_ARG(below));
    error_at(composing->error, kind, node->place, "%.*s%s%s", SLICE_ARG(writer_slice(&path)),
             expected[0] == '\0' ? "" : ": ", expected);
    writer_fini(&path);
    return false;
}

/* What XML 1.0 can carry: no control characters but tab and line ends, no
   U+FFFE and U+FFFF. */
static bool is_xml_text(struct slice text)
{
    if (!utf8_valid(text))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= ' ' && byte < 0xef)
            continue;
        if (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r')
            return false;
        if (byte == 0xef && i + 2 < text.size && (unsigned char)text.at[i + 1] == 0xbf &&
            (unsigned char)text.at[i + 2] >= 0xbe)
            return false;
    }
    return true;
}

static bool fail_value(struct composing *composing, const struct iso_composer_node *node,
                       struct slice attribute, const struct iso_facets *facets, struct slice value)
{
    if (!is_xml_text(value))
        return fail(composing, &iso_value_type, node, attribute,
                    "it has characters that XML can't carry");
    struct writer text;
    writer_init(&text, 0);
    enum iso_verdict verdict = iso_value_check(facets, &value);
    iso_value_tell(facets, verdict, value, &text);
    fail(composing, iso_value_error(verdict), node, attribute, writer_slice(&text).at);
    writer_fini(&text);
    return false;
}

/* plain: no value of the type needs an escape; of others most do not. */
static inline bool write_value(struct composing *composing, const struct iso_composer_node *node,
                               struct slice attribute, const struct iso_facets *facets, bool plain,
                               struct slice value)
{
    struct slice checked = value;
    plain = plain || xml_is_plain(value);
    if ((!plain && !is_xml_text(value)) || iso_value_check(facets, &checked) != ISO_VALUE_FINE)
        return fail_value(composing, node, attribute, facets, value);
    if (plain)
        writer_bytes(composing->writer, checked);
    else
        xml_escape(checked, composing->writer);
    return true;
}

/* Behind an amount's name: its attribute, and the end of the tag. */
static bool write_attribute(struct composing *composing, const struct iso_composer_node *leaf)
{
    const struct iso_attribute *attribute = &leaf->element->type->attribute;
    const struct value *value = value_of(composing, leaf->attribute_slot);
    if (value == NULL && attribute->required)
        return fail(composing, &iso_attribute_missing, leaf, attribute->name, "");
    if (value != NULL) {
        writer_bytes(composing->writer, leaf->attribute_opening);
        if (!write_value(composing, leaf, attribute->name, &attribute->type->facets,
                         leaf->attribute_plain, value->text))
            return false;
    }
    writer_bytes(composing->writer, value == NULL ? SLICE(">") : SLICE("\">"));
    return true;
}

static inline bool write_text(struct composing *composing, const struct iso_composer_node *leaf,
                              struct slice value)
{
    return (leaf->attribute_opening.at == NULL || write_attribute(composing, leaf)) &&
           write_value(composing, leaf, SLICE_NONE, leaf->facets, leaf->text_plain, value);
}

static bool fail_missing(struct composing *composing, const struct iso_composer_node *node,
                         struct iso_position position, size_t until)
{
    const struct iso_type *type = node->element->type;
    size_t from = 0, row = iso_content_missing(type, position, until, &from);
    if (row == NAMES_NONE)
        return true;
    const struct iso_element *element = &type->elements[row];
    return fail(composing, element->is_branch ? &iso_choice_empty : &iso_element_missing, node,
                element->name, "");
}

static inline bool check_missing(struct composing *composing, const struct iso_composer_node *node,
                                 struct iso_position position, size_t until)
{
    return iso_content_complete(node->element->type, position, until) ||
           fail_missing(composing, node, position, until);
}

static inline bool step(struct composing *composing, const struct iso_composer_node *child,
                        struct iso_position *position)
{
    const struct iso_composer_node *node = child->parent;
    if (!check_missing(composing, node, *position, child->row))
        return false;
    switch (iso_content_step(node->element->type, position, child->row)) {
    case ISO_CONTENT_FINE:
        return true;
    case ISO_CONTENT_TOO_OFTEN:
        return fail(composing, &iso_element_repeated, child, SLICE_NONE, "");
    default:
        return fail(composing, &iso_element_unexpected, child, SLICE_NONE,
                    "another branch of the choice is written");
    }
}

static uint32_t count_values(const struct value *value)
{
    uint32_t count = 0;
    for (; value != NULL; value = value->next)
        count++;
    return count;
}

/* How often the element comes in front of this node. */
static uint32_t count_before(const struct composing *composing,
                             const struct iso_composer_node *node)
{
    uint32_t count = 0;
    for (const struct iso_composer_node *one = node->parent->children; one != node;
         one = one->next) {
        if (one->row == node->row)
            count += one->facets != NULL ? count_values(value_of(composing, one->text_slot))
                                         : is_present(composing, one);
    }
    return count;
}

/* Does it matter how often the element came, when a child of row `until` is next? */
static bool is_counted(const struct iso_composer_node *node, size_t until)
{
    return node->element->min > 1 || node->row == until;
}

/* Where the content of its parent stands behind a node that was written. */
static struct iso_position position_behind(const struct composing *composing,
                                           const struct iso_composer_node *node, size_t until)
{
    struct iso_position position = { node->row, 1 };
    if (is_counted(node, until))
        position.count =
            count_before(composing, node) +
            (node->facets != NULL ? count_values(value_of(composing, node->text_slot)) : 1);
    return position;
}

/* What both are in; NULL: nothing, since one is. */
static const struct iso_composer_node *shared_parent(const struct iso_composer_node *one,
                                                     const struct iso_composer_node *other)
{
    if (one == NULL || other == NULL)
        return NULL;
    one = one->parent;
    other = other->parent;
    while (one != other) {
        if (one->depth >= other->depth)
            one = one->parent;
        else
            other = other->parent;
    }
    return one;
}

/* The child of top that node is, or is in. */
static const struct iso_composer_node *child_towards(const struct iso_composer_node *top,
                                                     const struct iso_composer_node *node)
{
    while (node->parent != top)
        node = node->parent;
    return node;
}

/* Closes the node and all that it is in below top. */
static bool close_below(struct composing *composing, const struct iso_composer_node *top,
                        const struct iso_composer_node *node)
{
    writer_bytes(composing->writer, node->closing);
    for (; node->parent != top; node = node->parent) {
        size_t end = node->parent->element->type->element_count;
        struct iso_position position = position_behind(composing, node, end);
        if (!check_missing(composing, node->parent, position, end))
            return false;
        writer_bytes(composing->writer, node->parent->closing);
    }
    return true;
}

/* Opens all that the node is in below top, where the content is at position, and the
   node itself. */
static bool open_below(struct composing *composing, const struct iso_composer_node *top,
                       const struct iso_composer_node *node, struct iso_position position)
{
    if (node->parent != top) {
        if (!open_below(composing, top, node->parent, position))
            return false;
        position = ISO_POSITION_START;
    }
    if (node->facets != NULL && value_of(composing, node->text_slot) == NULL)
        return fail(composing, &iso_element_missing, node, SLICE("value"), "");
    if (node->parent != NULL && !step(composing, node, &position))
        return false;
    writer_bytes(composing->writer, node->opening);
    return true;
}

/* All tags between two leaves; one NULL: those in front of the other. */
static bool write_between(struct composing *composing, const struct iso_composer_node *one,
                          const struct iso_composer_node *other)
{
    const struct iso_composer_node *top = shared_parent(one, other);
    struct iso_position position = ISO_POSITION_START;
    if (one != NULL && !close_below(composing, top, one))
        return false;
    if (one != NULL && other != NULL)
        position =
            position_behind(composing, child_towards(top, one), child_towards(top, other)->row);
    return other == NULL || open_below(composing, top, other, position);
}

/* Does nothing between them depend on how often something came? */
static bool is_settled(const struct iso_composer_node *one, const struct iso_composer_node *other)
{
    const struct iso_composer_node *top = shared_parent(one, other);
    bool settled = one == NULL || other == NULL ||
                   !is_counted(child_towards(top, one), child_towards(top, other)->row);
    for (const struct iso_composer_node *node = one; node != top && settled; node = node->parent)
        settled = !is_counted(node, NAMES_NONE);
    return settled;
}

static struct slice settle(struct composing *composing, const struct iso_composer_node *one,
                           const struct iso_composer_node *other, struct arena *arena)
{
    writer_reset(composing->writer);
    return is_settled(one, other) && write_between(composing, one, other)
               ? arena_copy(arena, writer_slice(composing->writer))
               : SLICE_NONE;
}

void iso_composer_settle(struct shape_composer *composer, size_t slot_count)
{
    struct arena scratch;
    struct writer writer;
    struct error error;
    const struct iso_composer_node *before = NULL;
    arena_init(&scratch, ARENA_UNLIMITED);
    writer_init(&writer, 0);
    struct record record = record_take(&scratch, slot_count); /* with a value in every slot */
    struct composing composing = { composer, &record, &writer, &error };
    for (size_t i = 0; i < slot_count; i++)
        record_add(&record, i, SLICE(""), &scratch);
    for (size_t i = 0; i < composer->leaf_count; i++) {
        struct iso_composer_node *leaf = composer->leaves[i];
        leaf->follows = before;
        leaf->lead = settle(&composing, before, leaf, &composer->arena);
        before = leaf;
    }
    if (before != NULL)
        composer->end = settle(&composing, before, NULL, &composer->arena);
    writer_fini(&writer);
    arena_fini(&scratch);
}

/* All values but the first of a repeating leaf. */
static bool write_more(struct composing *composing, const struct iso_composer_node *leaf,
                       const struct value *value)
{
    struct iso_position position = { leaf->row, count_before(composing, leaf) + 1 };
    for (; value != NULL; value = value->next) {
        if (!step(composing, leaf, &position))
            return false;
        writer_bytes(composing->writer, leaf->closing);
        writer_bytes(composing->writer, leaf->opening);
        if (!write_text(composing, leaf, value->text))
            return false;
    }
    return true;
}

/* What the leaf before has not closed, all tags up to the leaf, and its values. */
static inline bool write_leaf(struct composing *composing, const struct iso_composer_node *before,
                              const struct iso_composer_node *leaf)
{
    const struct value *value = value_of(composing, leaf->text_slot);
    if (value == NULL) /* a fault, but there may be one in front of it */
        return write_between(composing, before, leaf);
    if (before == leaf->follows && leaf->lead.at != NULL)
        writer_bytes(composing->writer, leaf->lead);
    else if (!write_between(composing, before, leaf))
        return false;
    return write_text(composing, leaf, value->text) &&
           (value->next == NULL || write_more(composing, leaf, value->next));
}

static bool write_nothing(struct composing *composing)
{
    const struct iso_composer_node *message = composing->composer->message;
    return open_below(composing, NULL, message, ISO_POSITION_START) &&
           check_missing(composing, message, ISO_POSITION_START,
                         message->element->type->element_count) &&
           close_below(composing, NULL, message);
}

static bool write_end(struct composing *composing, const struct iso_composer_node *before)
{
    const struct shape_composer *composer = composing->composer;
    if (before == NULL)
        return write_nothing(composing);
    if (before != composer->leaves[composer->leaf_count - 1] || composer->end.at == NULL)
        return write_between(composing, before, NULL);
    writer_bytes(composing->writer, composer->end);
    return true;
}

bool iso_composer_write(const struct shape_composer *composer, const struct record *record,
                        struct writer *writer, struct error *error)
{
    struct composing composing = { composer, record, writer, error };
    const struct iso_composer_node *before = NULL;
    for (size_t i = 0; i < composer->leaf_count; i++) {
        const struct iso_composer_node *leaf = composer->leaves[i];
        if (!is_leaf_present(&composing, leaf))
            continue;
        if (!write_leaf(&composing, before, leaf))
            return false;
        before = leaf;
    }
    return write_end(&composing, before);
}
