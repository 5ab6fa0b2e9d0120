/* The tree of declarations, and what happens when a file repeats one. */
#include "codecs/fix/dictionary_source.h"

#include <stdlib.h>

const struct error_kind fix_dictionary_element = { "dictionary.element",
                                                   "this element has no place here" };
const struct error_kind fix_dictionary_attribute = { "dictionary.attribute",
                                                     "an attribute is missing or wrong" };
const struct error_kind fix_dictionary_redefined = { "dictionary.redefined", "redefinition" };
const struct error_kind fix_dictionary_unknown = { "dictionary.unknown", "no such name" };
const struct error_kind fix_dictionary_cycle = { "dictionary.cycle",
                                                 "a component or group contains itself" };
const struct error_kind fix_dictionary_size = { "dictionary.size", "over a limit" };

#define IN(kind) (1u << DECLARED_##kind)
#define IN_BODY  (IN(HEADER) | IN(TRAILER) | IN(MESSAGE) | IN(COMPONENT) | IN(GROUP))

const struct declaration_rule declaration_rules[DECLARED_KIND_COUNT] = {
    [DECLARED_ROOT] = { "fix",
                        0,
                        { { "type", "FIX" },
                          { "major", NULL },
                          { "minor", NULL },
                          { "servicepack", "0" } } },
    [DECLARED_FIELDS] = { "fields", IN(ROOT), { { NULL, NULL } } },
    [DECLARED_COMPONENTS] = { "components", IN(ROOT), { { NULL, NULL } } },
    [DECLARED_HEADER] = { "header", IN(ROOT), { { NULL, NULL } } },
    [DECLARED_TRAILER] = { "trailer", IN(ROOT), { { NULL, NULL } } },
    [DECLARED_MESSAGES] = { "messages", IN(ROOT), { { NULL, NULL } } },
    [DECLARED_FIELD] = { "field",
                         IN(FIELDS),
                         { { "name", NULL },
                           { "number", NULL },
                           { "type", NULL },
                           { "allowOtherValues", "false" },
                           { "valuesOf", "" } } },
    [DECLARED_VALUE] = { "value", IN(FIELD), { { "enum", NULL }, { "description", "" } } },
    [DECLARED_COMPONENT] = { "component", IN(COMPONENTS), { { "name", NULL } } },
    [DECLARED_MESSAGE] = { "message",
                           IN(MESSAGES),
                           { { "name", NULL }, { "msgtype", NULL }, { "msgcat", "app" } } },
    [DECLARED_MEMBER] = { "field", IN_BODY, { { "name", NULL }, { "required", NULL } } },
    [DECLARED_GROUP] = { "group", IN_BODY, { { "name", NULL }, { "required", NULL } } },
    [DECLARED_REFERENCE] = { "component", IN_BODY, { { "name", NULL }, { "required", NULL } } },
};

void dictionary_source_init(struct dictionary_source *source, struct arena *arena)
{
    *source = (struct dictionary_source){ .arena = arena };
    names_init(&source->names);
    writer_init(&source->key, 0);
}

void dictionary_source_fini(struct dictionary_source *source)
{
    free(source->all);
    names_fini(&source->names);
    writer_fini(&source->key);
    source->all = NULL;
}

/* DECLARED_KIND_COUNT: no element with this tag may stand in parent. */
static enum declaration_kind kind_of(const struct declaration *parent, struct slice tag)
{
    unsigned in = parent == NULL ? 0 : 1u << parent->kind;
    enum declaration_kind kind = DECLARED_ROOT;
    while (kind < DECLARED_KIND_COUNT &&
           (!slice_is(tag, declaration_rules[kind].tag) ||
            (declaration_rules[kind].parents & in) != in || (in == 0 && kind != DECLARED_ROOT)))
        kind++;
    return kind;
}

static struct slice attribute_of(const struct xml_event *start, const char *name)
{
    for (size_t i = 0; i < start->attribute_count; i++) {
        if (slice_is(start->attributes[i].name, name))
            return start->attributes[i].value;
    }
    return SLICE_NONE;
}

/* The attributes of an element, as its kind knows them; lent by the event. */
static bool read_attributes(enum declaration_kind kind, const struct xml_event *start,
                            struct slice *attributes, struct error_list *errors)
{
    const struct attribute_rule *rules = declaration_rules[kind].attributes;
    for (size_t i = 0; i < ATTRIBUTE_COUNT_MAX && rules[i].name != NULL; i++) {
        attributes[i] = attribute_of(start, rules[i].name);
        if (attributes[i].at == NULL)
            attributes[i] = slice_of(rules[i].otherwise);
        if (attributes[i].at == NULL || (rules[i].otherwise == NULL && attributes[i].size == 0))
            return error_list_at(errors, &fix_dictionary_attribute, start->place, "<%s> needs %s",
                                 declaration_rules[kind].tag, rules[i].name);
    }
    return true;
}

/* What tells a declaration from the others; good until the next call. */
static struct slice key_of(struct dictionary_source *source, const struct declaration *parent,
                           enum declaration_kind kind, struct slice name)
{
    writer_reset(&source->key);
    writer_format(&source->key, "%zu %d ", parent == NULL ? 0 : parent->number + 1, (int)kind);
    writer_bytes(&source->key, name);
    return writer_slice(&source->key);
}

static struct declaration *add(struct dictionary_source *source, struct declaration *parent,
                               enum declaration_kind kind, struct slice key, struct place place,
                               const struct slice *attributes)
{
    struct declaration *added = arena_take(source->arena, sizeof *added);
    *added = (struct declaration){ .kind = kind, .number = source->count, .place = place };
    for (size_t i = 0; i < ATTRIBUTE_COUNT_MAX; i++)
        added->attributes[i] = arena_copy(source->arena, attributes[i]);
    source->all =
        memory_room(source->all, source->count, &source->room, sizeof(struct declaration *));
    source->all[source->count] = added;
    names_add(&source->names, arena_copy(source->arena, key), source->count++);
    if (parent == NULL)
        source->root = added;
    else if (parent->last == NULL)
        parent->first = parent->last = added;
    else
        parent->last = parent->last->next = added;
    return added;
}

/* A repetition has the attributes of what it repeats. */
static bool same_attributes(const struct declaration *known, const struct slice *attributes,
                            struct place place, struct error_list *errors)
{
    const struct declaration_rule *rule = &declaration_rules[known->kind];
    bool same = true;
    for (size_t i = 0; i < ATTRIBUTE_COUNT_MAX && rule->attributes[i].name != NULL; i++) {
        if (slice_equal(known->attributes[i], attributes[i]))
            continue;
        same = error_list_at(errors, &fix_dictionary_redefined, place,
                             "<%s %s> has %s=\"%.*s\" here and \"%.*s\" at %s:%u:%u", rule->tag,
                             known->attributes[0].at, rule->attributes[i].name,
                             SLICE_ARG(attributes[i]), SLICE_ARG(known->attributes[i]),
                             known->place.source, known->place.line, known->place.column);
    }
    return same;
}

struct declaration *dictionary_source_declare(struct dictionary_source *source,
                                              struct declaration *parent,
                                              const struct xml_event *start,
                                              struct error_list *errors)
{
    enum declaration_kind kind = kind_of(parent, start->name);
    struct slice attributes[ATTRIBUTE_COUNT_MAX] = { SLICE_NONE };
    if (kind == DECLARED_KIND_COUNT) {
        error_list_at(errors, &fix_dictionary_element, start->place, "<%.*s>%s%s%s",
                      SLICE_ARG(start->name), parent == NULL ? "" : " in <",
                      parent == NULL ? "" : declaration_rules[parent->kind].tag,
                      parent == NULL ? "" : ">");
        return NULL;
    }
    if (!read_attributes(kind, start, attributes, errors))
        return NULL;
    struct slice name = kind < DECLARED_FIELD ? SLICE("") : attributes[DECLARED_NAME];
    struct slice key = key_of(source, parent, kind, name);
    size_t number = names_find(&source->names, key);
    if (number == NAMES_NONE)
        return add(source, parent, kind, key, start->place, attributes);
    if (!same_attributes(source->all[number], attributes, start->place, errors))
        return NULL;
    return source->all[number];
}

struct declaration *dictionary_source_find(struct dictionary_source *source,
                                           const struct declaration *parent,
                                           enum declaration_kind kind, struct slice name)
{
    if (parent == NULL)
        return NULL;
    size_t number = names_find(&source->names, key_of(source, parent, kind, name));
    return number == NAMES_NONE ? NULL : source->all[number];
}

size_t dictionary_source_count(const struct declaration *parent)
{
    size_t count = 0;
    for (const struct declaration *child = parent->first; child != NULL; child = child->next)
        count++;
    return count;
}
