/* Proves that the paths of a map make a whole message. */
#include "codecs/fix/composer.h"

#include <stdlib.h>

/* The node of this member and index among the children of parent, made when it
   is not there. */
static struct composer_node *child_of(struct composer_node *parent, const struct fix_member *member,
                                      size_t index, struct place place, struct arena *arena)
{
    struct composer_node **at = &parent->children;
    while (*at != NULL &&
           ((*at)->member < member || ((*at)->member == member && (*at)->index < index)))
        at = &(*at)->next;
    if (*at != NULL && (*at)->member == member && (*at)->index == index)
        return *at;
    struct composer_node *added = arena_take(arena, sizeof *added);
    *added = (struct composer_node){ .parent = parent,
                                     .member = member,
                                     .index = index,
                                     .next = *at,
                                     .slot = NAMES_NONE,
                                     .place = place };
    *at = added;
    return added;
}

void fix_composer_node_write_path(const struct composer_node *node, struct writer *writer)
{
    if (node->parent == NULL)
        return;
    fix_composer_node_write_path(node->parent, writer);
    if (node->parent->parent != NULL)
        writer_char(writer, '.');
    writer_bytes(writer, node->member->field->name);
    if (node->member->group != NULL)
        writer_format(writer, "[%zu]", node->index);
}

static bool fault(const struct composer_node *node, const struct error_kind *kind,
                  struct place place, const char *what, struct error_list *errors)
{
    struct writer path;
    writer_init(&path, 0);
    fix_composer_node_write_path(node, &path);
    error_list_at(errors, kind, place, "%s%s%s", writer_slice(&path).at,
                  path.used > 0 && what[0] != '\0' ? ": " : "", what);
    writer_fini(&path);
    return false;
}

/* Counts of groups and lengths of data are not for a map to write. */
static bool derived(const struct fix_members *members, size_t row)
{
    const struct fix_member *member = &members->at[row];
    return member->group != NULL ||
           (row + 1 < members->count && member[1].field->length_tag == member->field->tag);
}

/* Adds the slot for one path. */
static bool add_path(struct shape_composer *composer, const struct fix_path *path, size_t slot,
                     struct place place, bool optional, struct error_list *errors)
{
    struct composer_node *node = &composer->root;
    const struct fix_members *around = &composer->type->body;
    for (size_t i = 0; i < path->depth; i++) {
        const struct fix_path_step *step = &path->steps[i];
        if (step->selector != NULL)
            return fault(node, &shape_bad_path, place,
                         "an instance is written by its index, as [0]", errors);
        node = child_of(node, &around->at[step->row], step->index, place, &composer->arena);
        around = step->group;
    }
    node = child_of(node, &path->members->at[path->row], 0, place, &composer->arena);
    if (path->in_header || derived(path->members, path->row))
        return fault(node, &shape_bad_path, place, "is written by penstock itself", errors);
    if (node->slot != NAMES_NONE)
        return fault(node, &shape_choice, place, "is written twice", errors);
    node->slot = slot;
    node->sure = !optional;
    return true;
}

/* The node writes member: it is of it, or is data with this length. */
static bool writes(const struct composer_node *node, const struct fix_member *member)
{
    return node->member == member || node->member->field->length_tag == member->field->tag;
}

/* One of the children of parent puts member into every message. */
static bool surely_written(const struct composer_node *parent, const struct fix_member *member)
{
    for (const struct composer_node *child = parent->children; child != NULL; child = child->next)
        if (writes(child, member) && child->sure)
            return true;
    return false;
}

/* An instance without its first field is left out, so that it may be absent. */
static bool prove_required(const struct composer_node *parent, const struct fix_members *members,
                           struct place place, struct error_list *errors)
{
    bool in_group = parent->parent != NULL;
    bool good = true;
    for (size_t i = in_group ? 1 : 0; i < members->count; i++) {
        const struct fix_member *member = &members->at[i];
        if (member->required && !surely_written(parent, member))
            good = fault(parent, &shape_missing, place, member->field->name.at, errors);
    }
    return good;
}

/* The first field of a group tells its instances apart. */
static bool prove_instance(struct composer_node *instance, const struct composer_node *before,
                           struct error_list *errors)
{
    const struct fix_members *group = instance->member->group;
    size_t expected = before != NULL && before->member == instance->member ? before->index + 1 : 0;
    if (instance->index != expected)
        return fault(instance, &shape_missing, instance->place, "the instance before it", errors);
    if (!writes(instance->children, &group->at[0]))
        return fault(instance, &shape_missing, instance->place, group->at[0].field->name.at,
                     errors);
    instance->sure = instance->children->sure;
    return true;
}

static bool prove(struct composer_node *parent, const struct fix_members *members,
                  struct place place, struct error_list *errors)
{
    const struct composer_node *before = NULL;
    bool good = true;
    for (struct composer_node *child = parent->children; child != NULL; child = child->next) {
        if (child->member->group != NULL) {
            good = prove(child, child->member->group, child->place, errors) && good;
            good = prove_instance(child, before, errors) && good;
        }
        before = child;
    }
    return prove_required(parent, members, place, errors) && good;
}

struct shape_composer *fix_composer_new(const struct shape *shape, const struct slice *paths,
                                        const struct place *places, const bool *optional,
                                        size_t count, struct place whole, struct error_list *errors)
{
    const struct fix_message_shape *message = shape->message;
    struct shape_composer *composer = memory_take(sizeof *composer);
    struct fix_path path;
    struct error error;
    bool good = true;
    *composer = (struct shape_composer){ .type = message->type };
    arena_init(&composer->arena, ARENA_UNLIMITED);
    for (size_t i = 0; i < count; i++) {
        if (!fix_path_resolve(message, paths[i], places[i], &path, &error)) {
            error_list_add(errors, &error);
            good = false;
        } else if (!add_path(composer, &path, i, places[i], optional[i], errors)) {
            good = false;
        }
    }
    if (good && prove(&composer->root, &message->type->body, whole, errors))
        return composer;
    fix_composer_free(composer);
    return NULL;
}

void fix_composer_free(struct shape_composer *composer)
{
    if (composer == NULL)
        return;
    arena_fini(&composer->arena);
    free(composer);
}
