/* Declared members into tables: components are put in place, groups become
   tables of their own, DATA fields find the field that carries their length. */
#include "codecs/fix/dictionary_tables.h"

#include <stdlib.h>

enum {
    NESTING_MAX = 32, /* groups and components in one another */
};

/* The members of one message or group, while they are collected. */
struct collection {
    struct fix_dictionary *dictionary;
    struct error_list *errors;
    struct fix_member *at;
    size_t count, room;
    size_t steps; /* bounds the work for components that are named again and again */
    unsigned nesting;
    bool good;
};

static const struct fix_members *expand_group(const struct collection *around,
                                              struct declaration *declared);

static bool fault(struct collection *collection, const struct error_kind *kind,
                  const struct declaration *declared, const char *what)
{
    collection->good = error_list_at(collection->errors, kind, declared->place, "%s%s",
                                     declared->attributes[DECLARED_NAME].at, what);
    return false;
}

static bool read_required(struct collection *collection, const struct declaration *declared,
                          bool *required)
{
    struct slice text = declared->attributes[MEMBER_REQUIRED];
    *required = slice_is(text, "Y");
    if (!*required && !slice_is(text, "N"))
        return fault(collection, &fix_dictionary_attribute, declared, ": required is Y or N");
    return true;
}

/* Length and data are told apart by their places, since some files give no
   LENGTH type and some names are irregular. */
static void pair_data(struct collection *collection, struct fix_field_type *field)
{
    const struct fix_member *before =
        collection->count == 0 ? NULL : &collection->at[collection->count - 1];
    if (field->type != FIX_TYPE_DATA || field->length_tag != 0 || before == NULL)
        return;
    if (before->field->type == FIX_TYPE_LENGTH || before->field->type == FIX_TYPE_INT)
        field->length_tag = before->field->tag;
}

/* Adds a member, or makes one that is there already mandatory. */
static void add_member(struct collection *collection, const struct declaration *declared,
                       bool required, const struct fix_members *group)
{
    struct fix_field_type *field =
        fix_dictionary_field_row(collection->dictionary, declared->attributes[DECLARED_NAME]);
    if (field == NULL) {
        fault(collection, &fix_dictionary_unknown, declared, ": no such field");
        return;
    }
    for (size_t i = 0; i < collection->count; i++) {
        struct fix_member *known = &collection->at[i];
        if (known->field != field)
            continue;
        known->required = known->required || required;
        if (known->group != group)
            fault(collection, &fix_dictionary_redefined, declared,
                  ": two different groups, or a group and a field");
        return;
    }
    pair_data(collection, field);
    collection->at =
        memory_room(collection->at, collection->count, &collection->room, sizeof *collection->at);
    collection->at[collection->count++] =
        (struct fix_member){ .field = field, .required = required, .group = group };
}

static void collect(struct collection *collection, struct declaration *parent, bool required);

static void collect_component(struct collection *collection, const struct declaration *declared,
                              bool required)
{
    struct dictionary_source *source = &collection->dictionary->source;
    struct declaration *component = dictionary_source_find(
        source, dictionary_source_find(source, source->root, DECLARED_COMPONENTS, SLICE("")),
        DECLARED_COMPONENT, declared->attributes[DECLARED_NAME]);
    if (component == NULL)
        fault(collection, &fix_dictionary_unknown, declared, ": no such component");
    else
        collect(collection, component, required);
}

static void collect_one(struct collection *collection, struct declaration *declared,
                        bool parent_required)
{
    bool required;
    if (!read_required(collection, declared, &required))
        return;
    required = required && parent_required;
    if (declared->kind == DECLARED_REFERENCE) {
        collect_component(collection, declared, required);
        return;
    }
    const struct fix_members *group = NULL;
    if (declared->kind == DECLARED_GROUP) {
        group = expand_group(collection, declared);
        collection->good = collection->good && group != NULL;
    }
    if (collection->good)
        add_member(collection, declared, required, group);
}

/* The members of an optional component are optional. */
static void collect(struct collection *collection, struct declaration *parent, bool required)
{
    if (parent->open || collection->nesting == NESTING_MAX) {
        fault(collection, parent->open ? &fix_dictionary_cycle : &fix_dictionary_size, parent,
              parent->open ? "" : ": nested too deep");
        return;
    }
    parent->open = true;
    collection->nesting++;
    for (struct declaration *child = parent->first; child != NULL && collection->good;
         child = child->next) {
        if (++collection->steps > FIX_MEMBER_COUNT_MAX)
            fault(collection, &fix_dictionary_size, parent, ": too many members");
        else
            collect_one(collection, child, required);
    }
    collection->nesting--;
    parent->open = false;
}

/* Moves what was collected into *members. */
static void settle(struct collection *collection, struct fix_members *members)
{
    struct arena *arena = &collection->dictionary->arena;
    size_t count = collection->count;
    struct fix_member *at = arena_take_array(arena, count, sizeof *at);
    uint16_t *required = arena_take_array(arena, count, sizeof *required);
    *members = (struct fix_members){ .at = at, .count = count, .required = required };
    fix_tag_index_init(&members->index, count, arena);
    for (size_t i = 0; i < count; i++) {
        at[i] = collection->at[i];
        fix_tag_index_add(&members->index, at[i].field->tag, (uint32_t)i);
        if (at[i].required)
            required[members->required_count++] = (uint16_t)i;
    }
    free(collection->at);
}

/* The table of a group is made once, however many messages hold it. */
static const struct fix_members *expand_group(const struct collection *around,
                                              struct declaration *declared)
{
    struct collection collection = { .dictionary = around->dictionary,
                                     .errors = around->errors,
                                     .nesting = around->nesting,
                                     .good = true };
    if (declared->group != NULL)
        return declared->group;
    struct fix_members *group = arena_take(&around->dictionary->arena, sizeof *group);
    collect(&collection, declared, true);
    if (collection.good && collection.count == 0)
        fault(&collection, &fix_dictionary_element, declared, ": a group needs a first field");
    settle(&collection, group);
    declared->group = collection.good ? group : NULL;
    return declared->group;
}

/* declared may be NULL: no members. */
static bool expand(struct fix_dictionary *dictionary, struct declaration *declared,
                   struct fix_members *members, struct error_list *errors)
{
    struct collection collection = { .dictionary = dictionary, .errors = errors, .good = true };
    if (declared != NULL)
        collect(&collection, declared, true);
    settle(&collection, members);
    return collection.good;
}

static void mark(const struct fix_dictionary *dictionary, const struct fix_members *members,
                 bool header)
{
    for (size_t i = 0; i < members->count; i++) {
        struct fix_field_type *field =
            fix_dictionary_field_row(dictionary, members->at[i].field->name);
        field->in_header = field->in_header || header;
        field->in_trailer = field->in_trailer || !header;
        if (members->at[i].group != NULL)
            mark(dictionary, members->at[i].group, header);
    }
}

/* The messages of the session layer are the same in every version; what files
   say of n (XMLnonFIX) differs, so that the category can't tell. */
static bool is_session(struct slice msg_type)
{
    static const struct slice types = { "012345A", 7 };
    return msg_type.size == 1 && memchr(types.at, msg_type.at[0], types.size) != NULL;
}

/* Two messages have one MsgType. */
static bool refuse_message(struct fix_dictionary *dictionary, const struct declaration *messages,
                           const struct declaration *declared, struct error_list *errors)
{
    struct slice msg_type = declared->attributes[MESSAGE_TYPE];
    const struct declaration *other =
        dictionary_source_find(&dictionary->source, messages, DECLARED_MESSAGE,
                               fix_dictionary_message(dictionary, msg_type)->name);
    return error_list_at(errors, &fix_dictionary_redefined, declared->place,
                         "MsgType %s is %s here and %s at %s:%u:%u", msg_type.at,
                         declared->attributes[DECLARED_NAME].at,
                         other->attributes[DECLARED_NAME].at, other->place.source,
                         other->place.line, other->place.column);
}

static bool add_message(struct fix_dictionary *dictionary, const struct declaration *messages,
                        struct declaration *declared, struct error_list *errors)
{
    size_t row = dictionary->message_count;
    struct fix_message_type *type = &dictionary->messages[row];
    type->name = declared->attributes[DECLARED_NAME];
    type->msg_type = declared->attributes[MESSAGE_TYPE];
    type->application = !is_session(type->msg_type);
    if (!names_add(&dictionary->messages_by_type, type->msg_type, row))
        return refuse_message(dictionary, messages, declared, errors);
    names_add(&dictionary->messages_by_name, type->name, row);
    if (type->msg_type.size <= FIX_WORD_SIZE)
        fix_tag_index_add(&dictionary->messages_by_word, fix_word(type->msg_type), (uint32_t)row);
    dictionary->shapes[row] = (struct fix_message_shape){
        .shape = { &fix_shape_operations, type->name.at, &dictionary->shapes[row] },
        .dictionary = dictionary,
        .type = type,
    };
    dictionary->message_count++;
    return expand(dictionary, declared, &type->body, errors);
}

static bool add_messages(struct fix_dictionary *dictionary, const struct declaration *messages,
                         struct error_list *errors)
{
    size_t count = dictionary_source_count(messages);
    bool good = true;
    dictionary->messages =
        arena_take_array(&dictionary->arena, count, sizeof *dictionary->messages);
    dictionary->shapes = arena_take_array(&dictionary->arena, count, sizeof *dictionary->shapes);
    for (struct declaration *at = messages->first; at != NULL; at = at->next)
        good = add_message(dictionary, messages, at, errors) && good;
    return good;
}

bool fix_dictionary_resolve_messages(struct fix_dictionary *dictionary, struct error_list *errors)
{
    struct dictionary_source *source = &dictionary->source;
    const struct declaration *messages =
        dictionary_source_find(source, source->root, DECLARED_MESSAGES, SLICE(""));
    struct declaration *header =
        dictionary_source_find(source, source->root, DECLARED_HEADER, SLICE(""));
    struct declaration *trailer =
        dictionary_source_find(source, source->root, DECLARED_TRAILER, SLICE(""));
    size_t count = messages == NULL ? 0 : dictionary_source_count(messages);
    fix_tag_index_init(&dictionary->messages_by_word, count, &dictionary->arena);
    bool good = expand(dictionary, header, &dictionary->header, errors);
    good = expand(dictionary, trailer, &dictionary->trailer, errors) && good;
    mark(dictionary, &dictionary->header, true);
    mark(dictionary, &dictionary->trailer, false);
    if (messages != NULL)
        good = add_messages(dictionary, messages, errors) && good;
    return good;
}
