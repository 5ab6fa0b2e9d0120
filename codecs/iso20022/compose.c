/* Writes a message by the composer's tree: UTF-8, in the schema's order, no
   white space of its own.  Every value meets its facets and every element its
   place on the way, so that what comes out is valid. */
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

static const struct value *value_of(const struct composing *composing, size_t slot)
{
    if (slot == NAMES_NONE || composing->record->values[slot].text.at == NULL)
        return NULL;
    return &composing->record->values[slot];
}

static bool is_present(const struct composing *composing, const struct iso_composer_node *node)
{
    if (node == composing->composer->message || value_of(composing, node->text_slot) != NULL ||
        value_of(composing, node->attribute_slot) != NULL)
        return true;
    for (const struct iso_composer_node *child = node->children; child != NULL;
         child = child->next) {
        if (is_present(composing, child))
            return true;
    }
    return false;
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
        if (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r')
            return false;
        if (byte == 0xef && i + 2 < text.size && (unsigned char)text.at[i + 1] == 0xbf &&
            (unsigned char)text.at[i + 2] >= 0xbe)
            return false;
    }
    return true;
}

static bool write_value(struct composing *composing, const struct iso_composer_node *node,
                        struct slice attribute, const struct iso_facets *facets, struct slice value)
{
    bool is_plain = xml_is_plain(value); /* most are */
    if (!is_plain && !is_xml_text(value))
        return fail(composing, &iso_value_type, node, attribute,
                    "it has characters that XML can't carry");
    enum iso_verdict verdict = iso_value_check(facets, &value);
    if (verdict == ISO_VALUE_FINE && is_plain)
        writer_bytes(composing->writer, value);
    else if (verdict == ISO_VALUE_FINE)
        xml_escape(value, composing->writer);
    if (verdict == ISO_VALUE_FINE)
        return true;
    struct writer text;
    writer_init(&text, 0);
    iso_value_tell(facets, verdict, value, &text);
    fail(composing, iso_value_error(verdict), node, attribute, writer_slice(&text).at);
    writer_fini(&text);
    return false;
}

static bool write_attribute(struct composing *composing, const struct iso_composer_node *node)
{
    const struct iso_attribute *attribute = &node->element->type->attribute;
    const struct value *value = value_of(composing, node->attribute_slot);
    if (value == NULL)
        return !attribute->required ||
               fail(composing, &iso_attribute_missing, node, attribute->name, "");
    writer_bytes(composing->writer, node->attribute_opening);
    if (!write_value(composing, node, attribute->name, &attribute->type->facets, value->text))
        return false;
    writer_char(composing->writer, '"');
    return true;
}

static bool open_tag(struct composing *composing, const struct iso_composer_node *node)
{
    writer_bytes(composing->writer, node->opening);
    if (node->attribute_opening.at == NULL)
        return true;
    if (!write_attribute(composing, node))
        return false;
    writer_char(composing->writer, '>');
    return true;
}

static bool write_text(struct composing *composing, const struct iso_composer_node *node,
                       struct slice value)
{
    const struct iso_facets *facets = iso_type_facets(node->element->type);
    if (!open_tag(composing, node) || !write_value(composing, node, SLICE_NONE, facets, value))
        return false;
    writer_bytes(composing->writer, node->closing);
    return true;
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

static bool write_elements(struct composing *composing, const struct iso_composer_node *node);

/* Every value of a repeating leaf, or one element with children. */
static bool write_child(struct composing *composing, const struct iso_composer_node *child,
                        struct iso_position *position)
{
    const struct value *value = value_of(composing, child->text_slot);
    if (child->element->type->content == ISO_ELEMENTS)
        return step(composing, child, position) && write_elements(composing, child);
    if (value == NULL)
        return fail(composing, &iso_element_missing, child, SLICE("value"), "");
    for (; value != NULL; value = value->next) {
        if (!step(composing, child, position) || !write_text(composing, child, value->text))
            return false;
    }
    return true;
}

static bool write_elements(struct composing *composing, const struct iso_composer_node *node)
{
    struct iso_position position = ISO_POSITION_START;
    if (!open_tag(composing, node))
        return false;
    for (const struct iso_composer_node *child = node->children; child != NULL;
         child = child->next) {
        if (is_present(composing, child) && !write_child(composing, child, &position))
            return false;
    }
    if (!check_missing(composing, node, position, node->element->type->element_count))
        return false;
    writer_bytes(composing->writer, node->closing);
    return true;
}

bool iso_composer_write(const struct shape_composer *composer, const struct record *record,
                        struct writer *writer, struct error *error)
{
    struct composing composing = { composer, record, writer, error };
    return write_elements(&composing, composer->root);
}
