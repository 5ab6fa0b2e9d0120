/* Writes the body of a message from the slots of a record, in the order of the
   dictionary, and checks every value on its way. */
#include "codecs/fix/compose.h"
#include "codecs/fix/composer.h"
#include "codecs/fix/value.h"

struct composing {
    const struct record *record;
    struct fix_pen *pen;
    struct error *error;
};

static bool fault(const struct composing *composing, const struct composer_node *node,
                  const struct error_kind *kind, struct slice value)
{
    struct writer path;
    writer_init(&path, 0);
    fix_composer_node_write_path(node, &path);
    error_at(composing->error, kind, node->place, "%s%s%.*s", writer_slice(&path).at,
             value.size == 0 ? "" : ": ", SLICE_ARG(value));
    writer_fini(&path);
    return false;
}

/* An instance is there when its first field is, or an instance of the group
   that it starts with. */
static bool present(const struct composing *composing, const struct composer_node *node)
{
    const struct composer_node *first = node->children;
    if (first == NULL)
        return record_get(composing->record, node->slot).at != NULL;
    for (const struct composer_node *at = first; at != NULL && at->member == first->member;
         at = at->next) {
        if (present(composing, at))
            return true;
    }
    return false;
}

static bool write_field(const struct composing *composing, const struct composer_node *node)
{
    const struct fix_field_type *field = node->member->field;
    struct slice value = record_get(composing->record, node->slot);
    if (!fix_value_fits(field, value))
        return fault(composing, node, &shape_bad_constant, value);
    if (field->length_tag != 0)
        fix_pen_u64(composing->pen, field->length_tag, value.size);
    fix_pen_field(composing->pen, &field->tag_text, value);
    return true;
}

/* The instances of the group that start at node, as many as are present. */
static void write_count(const struct composing *composing, const struct composer_node *node)
{
    const struct fix_member *member = node->member;
    size_t count = 0;
    for (; node != NULL && node->member == member; node = node->next)
        count += present(composing, node) ? 1 : 0;
    if (count > 0)
        fix_pen_u64(composing->pen, member->field->tag, count);
}

/* node and those beside it. */
static bool write_nodes(const struct composing *composing, const struct composer_node *node)
{
    const struct fix_member *before = NULL;
    for (; node != NULL; node = node->next) {
        const struct fix_member *member = node->member;
        if (member->group != NULL && member != before)
            write_count(composing, node);
        before = member;
        if (!present(composing, node)) {
            if (node->sure)
                return fault(composing, node, &shape_missing, SLICE_NONE);
        } else if (!(member->group != NULL ? write_nodes(composing, node->children)
                                           : write_field(composing, node))) {
            return false;
        }
    }
    return true;
}

bool fix_compose_body(const struct shape_composer *composer, const struct record *record,
                      struct writer *writer, struct error *error)
{
    struct fix_pen pen;
    struct composing composing = { record, &pen, error };
    fix_pen_open(&pen, writer);
    bool good = write_nodes(&composing, composer->root.children);
    fix_pen_close(&pen);
    return good;
}
