/* XSD in, draft out: a table says which construct may stand in which other and
   with which attributes.  Whatever is not in it is outside the subset. */
#include "codecs/iso20022/draft.h"
#include "codecs/iso20022/lexical.h"

#define XML_SCHEMA "http://www.w3.org/2001/XMLSchema"

const struct error_kind iso_xsd_unsupported = { "iso.xsd-unsupported",
                                                "outside the subset of XML Schema" };
const struct error_kind iso_xsd_invalid = { "iso.xsd-invalid", "not right in a schema" };
const struct error_kind iso_xsd_name = { "iso.xsd-name", "no such type" };
const struct error_kind iso_xsd_pattern = { "iso.xsd-pattern", "not a pattern that is known" };
const struct error_kind iso_xsd_repeated = { "iso.xsd-repeated", "is there twice" };

enum construct {
    X_NOTHING, /* around the schema */
    X_SCHEMA,
    X_ELEMENT,
    X_COMPLEX_TYPE,
    X_SEQUENCE,
    X_CHOICE,
    X_ANY,
    X_SIMPLE_CONTENT,
    X_EXTENSION,
    X_ATTRIBUTE,
    X_SIMPLE_TYPE,
    X_RESTRICTION,
    X_FACET,
    X_COUNT,
};

enum {
    STACK_DEPTH_MAX = 8, /* deeper than any nesting that the table allows */
    ATTRIBUTE_COUNT_MAX = 8,
    OCCURS_MAX = 1 << 20,
};

struct reading {
    struct iso_draft *draft;
    enum construct stack[STACK_DEPTH_MAX];
    size_t depth;
    size_t skipped; /* depth inside what is not looked at */
    struct xml_event event;
    struct iso_draft_type *type; /* the one that is being read */
    uint32_t place;              /* of the type's next element */
    bool filled;                 /* the type has its content */
};

#define FAIL(reading, kind, ...)                                                                   \
    error_list_at((reading)->draft->errors, &(kind), (reading)->event.place, __VA_ARGS__)

/* NULL: it is not there. */
static const struct xml_attribute *find_attribute(const struct reading *reading, const char *name)
{
    for (size_t i = 0; i < reading->event.attribute_count; i++) {
        const struct xml_attribute *found = &reading->event.attributes[i];
        if (found->namespace.at == NULL && slice_is(found->name, name))
            return found;
    }
    return NULL;
}

/* The attribute's value, which lives as long as the draft; absent: not there. */
static struct slice attribute(struct reading *reading, const char *name)
{
    const struct xml_attribute *found = find_attribute(reading, name);
    return found == NULL ? SLICE_NONE : arena_copy(&reading->draft->arena, found->value);
}

static struct slice mandatory(struct reading *reading, const char *name)
{
    struct slice value = attribute(reading, name);
    if (value.at != NULL && value.size > 0)
        return value;
    FAIL(reading, iso_xsd_invalid, "%.*s without %s", SLICE_ARG(reading->event.name), name);
    return SLICE("");
}

/* Letters, digits, '.', '-' and '_', the first no digit, '.' or '-'; any letter
   beyond ASCII will do. */
static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
        bool later = (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
        if (!letter && byte != '_' && byte < 0x80 && (!later || i == 0))
            return false;
    }
    return text.size > 0;
}

static struct slice name_of(struct reading *reading)
{
    struct slice name = mandatory(reading, "name");
    if (name.size > 0 && !is_name(name))
        FAIL(reading, iso_xsd_invalid, "name \"%.*s\"", SLICE_ARG(name));
    return name;
}

/* A prefix may stand for anything: what counts is the namespace behind it. */
static bool is_of(const struct reading *reading, const char *name, struct slice namespace)
{
    const struct xml_attribute *found = find_attribute(reading, name);
    return found != NULL && found->value_namespace.at != NULL &&
           slice_equal(found->value_namespace, namespace);
}

/* A type of this schema by its name. */
static struct iso_draft_reference reference(struct reading *reading, const char *name)
{
    struct slice value = mandatory(reading, name);
    if (value.size > 0 && is_of(reading, name, SLICE(XML_SCHEMA)))
        FAIL(reading, iso_xsd_unsupported, "%s %.*s without a restriction of it", name,
             SLICE_ARG(value));
    else if (value.size > 0 && !is_of(reading, name, reading->draft->namespace))
        FAIL(reading, iso_xsd_name, "%.*s is not of the schema's namespace", SLICE_ARG(value));
    return (struct iso_draft_reference){ xml_local_part(value), reading->event.place };
}

static void start_schema(struct reading *reading)
{
    struct iso_draft *draft = reading->draft;
    const struct slice prefix = SLICE(ISO_NAMESPACE);
    struct slice form = attribute(reading, "elementFormDefault");
    struct slice attribute_form = attribute(reading, "attributeFormDefault");
    draft->namespace = mandatory(reading, "targetNamespace");
    draft->place = reading->event.place;
    if (!slice_starts(draft->namespace, prefix) ||
        !is_name(slice_after(draft->namespace, prefix.size)))
        FAIL(reading, iso_xsd_invalid, "targetNamespace is not %s and a message id", ISO_NAMESPACE);
    if (form.at == NULL || !slice_is(form, "qualified"))
        FAIL(reading, iso_xsd_unsupported, "elementFormDefault other than qualified");
    if (attribute_form.at != NULL && !slice_is(attribute_form, "unqualified"))
        FAIL(reading, iso_xsd_unsupported, "attributeFormDefault other than unqualified");
}

static void start_type(struct reading *reading, enum iso_content content)
{
    struct iso_draft *draft = reading->draft;
    draft->types =
        memory_room(draft->types, draft->type_count, &draft->type_room, sizeof *draft->types);
    reading->type = &draft->types[draft->type_count++];
    *reading->type = (struct iso_draft_type){
        .type = { .content = content, .facets = iso_no_facets },
        .place = reading->event.place,
        .first_element = draft->element_count,
        .first_facet = draft->facet_count,
    };
    reading->type->type.name = name_of(reading);
    reading->place = 0;
    reading->filled = false;
}

static void start_complex_type(struct reading *reading)
{
    start_type(reading, ISO_ELEMENTS);
}

static void start_simple_type(struct reading *reading)
{
    start_type(reading, ISO_TEXT);
}

/* A type has one kind of content, given once. */
static void fill(struct reading *reading, enum iso_content content)
{
    if (reading->filled)
        FAIL(reading, iso_xsd_unsupported, "a second content in one type");
    reading->filled = true;
    reading->type->type.content = content;
}

static bool read_occurs(struct reading *reading, const char *name, bool may_be_unbounded,
                        uint32_t *count)
{
    struct slice value = attribute(reading, name);
    uint64_t number = 1;
    if (may_be_unbounded && value.at != NULL && slice_is(value, "unbounded"))
        number = ISO_UNBOUNDED;
    else if (value.at != NULL && !slice_to_u64(value, OCCURS_MAX, &number))
        return FAIL(reading, iso_xsd_invalid, "%s \"%.*s\"", name, SLICE_ARG(value));
    *count = (uint32_t)number;
    return true;
}

static struct iso_draft_element read_element(struct reading *reading)
{
    struct iso_draft_element element = { .type = reference(reading, "type"),
                                         .fixed = attribute(reading, "fixed") };
    element.element.name = name_of(reading);
    if (read_occurs(reading, "minOccurs", false, &element.element.min) &&
        read_occurs(reading, "maxOccurs", true, &element.element.max) &&
        element.element.min > element.element.max)
        FAIL(reading, iso_xsd_invalid, "minOccurs is above maxOccurs");
    return element;
}

static void start_element(struct reading *reading)
{
    struct iso_draft *draft = reading->draft;
    struct iso_draft_element element = read_element(reading);
    enum construct parent = reading->stack[reading->depth - 1];
    if (parent == X_SCHEMA) {
        if (draft->root.element.name.at != NULL)
            FAIL(reading, iso_xsd_unsupported, "a second global element");
        if (element.element.min != 1 || element.element.max != 1)
            FAIL(reading, iso_xsd_invalid, "a global element that occurs other than once");
        draft->root = element;
        return;
    }
    if (reading->type->type.content == ISO_WILDCARD)
        FAIL(reading, iso_xsd_unsupported, "an element beside xs:any");
    if (element.element.max == 0)
        return; /* it is not allowed at all */
    element.element.is_branch = parent == X_CHOICE;
    element.element.place = reading->place;
    reading->place += parent != X_CHOICE;
    draft->elements = memory_room(draft->elements, draft->element_count, &draft->element_room,
                                  sizeof *draft->elements);
    draft->elements[draft->element_count++] = element;
    reading->type->type.element_count++;
}

static void start_sequence(struct reading *reading)
{
    fill(reading, ISO_ELEMENTS);
}

static void start_choice(struct reading *reading)
{
    if (reading->stack[reading->depth - 1] == X_COMPLEX_TYPE)
        fill(reading, ISO_ELEMENTS);
    else if (reading->type->type.content == ISO_WILDCARD)
        FAIL(reading, iso_xsd_unsupported, "a choice beside xs:any");
}

static void end_choice(struct reading *reading)
{
    const struct iso_draft *draft = reading->draft;
    size_t count = reading->type->type.element_count;
    if (count == 0 || draft->elements[draft->element_count - 1].element.place != reading->place)
        FAIL(reading, iso_xsd_invalid, "a choice without a branch");
    reading->place++;
}

/* Not a list of several, nor one of the words that begin with ##. */
static bool is_one_namespace(struct slice text)
{
    return text.size > 0 && text.at[0] != '#' && memchr(text.at, ' ', text.size) == NULL;
}

static void start_any(struct reading *reading)
{
    static const char *const names[] = {
        [ISO_STRICT] = "strict", [ISO_LAX] = "lax", [ISO_SKIP] = "skip"
    };
    struct iso_wildcard *wildcard = &reading->type->type.wildcard;
    struct slice namespace = attribute(reading, "namespace");
    struct slice process = attribute(reading, "processContents");
    if (reading->type->type.element_count > 0 || reading->type->type.content == ISO_WILDCARD)
        FAIL(reading, iso_xsd_unsupported, "xs:any beside something else");
    reading->type->type.content = ISO_WILDCARD;
    if (namespace.at != NULL && !slice_is(namespace, "##any")) {
        wildcard->namespace = namespace;
        if (!is_one_namespace(namespace))
            FAIL(reading, iso_xsd_unsupported, "namespace \"%.*s\" of xs:any",
                 SLICE_ARG(namespace));
    }
    for (unsigned i = 0; process.at != NULL && i < sizeof names / sizeof *names; i++) {
        if (slice_is(process, names[i]))
            wildcard->process = (enum iso_wildcard_process)i;
    }
    if (process.at != NULL && !slice_is(process, names[wildcard->process]))
        FAIL(reading, iso_xsd_invalid, "processContents \"%.*s\"", SLICE_ARG(process));
}

static void start_simple_content(struct reading *reading)
{
    fill(reading, ISO_AMOUNT);
}

static void start_extension(struct reading *reading)
{
    if (reading->type->base.name.at != NULL)
        FAIL(reading, iso_xsd_invalid, "a second extension");
    reading->type->base = reference(reading, "base");
}

static void start_attribute(struct reading *reading)
{
    struct slice use = attribute(reading, "use");
    if (reading->type->attribute.name.at != NULL)
        FAIL(reading, iso_xsd_unsupported, "a second attribute");
    reading->type->attribute = reference(reading, "type");
    reading->type->attribute_fixed = attribute(reading, "fixed");
    reading->type->type.attribute.name = name_of(reading);
    reading->type->type.attribute.required = use.at != NULL && slice_is(use, "required");
    if (use.at != NULL && !slice_is(use, "required") && !slice_is(use, "optional"))
        FAIL(reading, iso_xsd_unsupported, "use \"%.*s\"", SLICE_ARG(use));
}

static void end_complex_type(struct reading *reading)
{
    if (reading->type->type.content == ISO_AMOUNT && reading->type->attribute.name.at == NULL)
        FAIL(reading, iso_xsd_unsupported, "simpleContent without extension and attribute");
}

static void start_restriction(struct reading *reading)
{
    struct iso_draft_type *type = reading->type;
    fill(reading, ISO_TEXT);
    if (!is_of(reading, "base", SLICE(XML_SCHEMA))) {
        type->base = reference(reading, "base");
        return;
    }
    struct slice base = xml_local_part(mandatory(reading, "base"));
    if (!iso_base_named(base, &type->type.facets.base))
        FAIL(reading, iso_xsd_unsupported, "a restriction of %.*s", SLICE_ARG(base));
}

static void start_facet(struct reading *reading)
{
    struct slice value = attribute(reading, "value");
    if (value.at == NULL)
        FAIL(reading, iso_xsd_invalid, "%.*s without value", SLICE_ARG(reading->event.name));
    else
        iso_draft_facet_add(reading->draft, reading->type, reading->event.name, value,
                            reading->event.place);
}

/* What restricts a type of the schema waits until that is linked. */
static void end_restriction(struct reading *reading)
{
    if (reading->type->base.name.at == NULL)
        iso_draft_facets_apply(reading->draft, reading->type);
}

static void end_simple_type(struct reading *reading)
{
    if (!reading->filled)
        FAIL(reading, iso_xsd_invalid, "simpleType without restriction");
}

#define IN(construct) (1u << (construct))

/* An attribute that a construct may have. */
struct known_attribute {
    const char *name;
    const char *idle; /* the only value that it may have, and that says nothing; NULL: any */
};

/* The particle that it is may occur only as a plain one does. */
#define ONCE                                                                                       \
    { "minOccurs", "1" },                                                                          \
    {                                                                                              \
        "maxOccurs", "1"                                                                           \
    }

static const struct {
    const char *name;
    unsigned parents;
    struct known_attribute attributes[ATTRIBUTE_COUNT_MAX];
    void (*start)(struct reading *reading);
    void (*end)(struct reading *reading); /* NULL: nothing to do */
} constructs[X_COUNT] = {
    [X_SCHEMA] = { "schema",
                   IN(X_NOTHING),
                   { { "targetNamespace", NULL },
                     { "elementFormDefault", NULL },
                     { "attributeFormDefault", NULL },
                     { "version", NULL } },
                   start_schema,
                   NULL },
    [X_ELEMENT] = { "element",
                    IN(X_SCHEMA) | IN(X_SEQUENCE) | IN(X_CHOICE),
                    { { "name", NULL },
                      { "type", NULL },
                      { "minOccurs", NULL },
                      { "maxOccurs", NULL },
                      { "fixed", NULL },
                      { "nillable", "false" },
                      { "abstract", "false" } },
                    start_element,
                    NULL },
    [X_COMPLEX_TYPE] = { "complexType",
                         IN(X_SCHEMA),
                         { { "name", NULL }, { "mixed", "false" }, { "abstract", "false" } },
                         start_complex_type,
                         end_complex_type },
    [X_SEQUENCE] = { "sequence", IN(X_COMPLEX_TYPE), { ONCE }, start_sequence, NULL },
    [X_CHOICE] = { "choice",
                   IN(X_COMPLEX_TYPE) | IN(X_SEQUENCE),
                   { ONCE },
                   start_choice,
                   end_choice },
    [X_ANY] = { "any",
                IN(X_SEQUENCE),
                { { "namespace", NULL }, { "processContents", NULL }, ONCE },
                start_any,
                NULL },
    [X_SIMPLE_CONTENT] = { "simpleContent",
                           IN(X_COMPLEX_TYPE),
                           { { NULL, NULL } },
                           start_simple_content,
                           NULL },
    [X_EXTENSION] = { "extension",
                      IN(X_SIMPLE_CONTENT),
                      { { "base", NULL } },
                      start_extension,
                      NULL },
    [X_ATTRIBUTE] = { "attribute",
                      IN(X_EXTENSION),
                      { { "name", NULL }, { "type", NULL }, { "use", NULL }, { "fixed", NULL } },
                      start_attribute,
                      NULL },
    [X_SIMPLE_TYPE] = { "simpleType",
                        IN(X_SCHEMA),
                        { { "name", NULL } },
                        start_simple_type,
                        end_simple_type },
    [X_RESTRICTION] = { "restriction",
                        IN(X_SIMPLE_TYPE),
                        { { "base", NULL } },
                        start_restriction,
                        end_restriction },
    [X_FACET] = { NULL,
                  IN(X_RESTRICTION),
                  { { "value", NULL }, { "fixed", "false" } },
                  start_facet,
                  NULL },
};

static enum construct construct_named(struct slice name)
{
    for (unsigned i = X_SCHEMA; i < X_FACET; i++) {
        if (slice_is(name, constructs[i].name))
            return (enum construct)i;
    }
    return iso_draft_facet_known(name) ? X_FACET : X_NOTHING;
}

/* Those of other namespaces, and ids, say nothing. */
static bool attribute_known(enum construct construct, const struct xml_attribute *found)
{
    const struct known_attribute *known = constructs[construct].attributes;
    for (size_t i = 0; i < ATTRIBUTE_COUNT_MAX && known[i].name != NULL; i++) {
        if (found->namespace.at == NULL && slice_is(found->name, known[i].name))
            return known[i].idle == NULL || slice_is(found->value, known[i].idle);
    }
    return found->namespace.at != NULL || slice_is(found->name, "id");
}

static void check_attributes(struct reading *reading, enum construct construct)
{
    for (size_t i = 0; i < reading->event.attribute_count; i++) {
        const struct xml_attribute *found = &reading->event.attributes[i];
        if (!attribute_known(construct, found))
            FAIL(reading, iso_xsd_unsupported, "attribute %.*s=\"%.*s\" of %.*s",
                 SLICE_ARG(found->name), SLICE_ARG(iso_value_excerpt(found->value)),
                 SLICE_ARG(reading->event.name));
    }
}

static void start(struct reading *reading)
{
    const struct xml_event *event = &reading->event;
    bool ours = event->namespace.at != NULL && slice_is(event->namespace, XML_SCHEMA);
    if (reading->skipped > 0 || (ours && slice_is(event->name, "annotation"))) {
        reading->skipped++;
        return;
    }
    enum construct construct = ours ? construct_named(event->name) : X_NOTHING;
    enum construct parent = reading->depth == 0 ? X_NOTHING : reading->stack[reading->depth - 1];
    if (construct == X_NOTHING || (constructs[construct].parents & IN(parent)) == 0) {
        FAIL(reading, iso_xsd_unsupported, "%.*s in %s", SLICE_ARG(event->name),
             parent == X_NOTHING ? "this place"
             : parent == X_FACET ? "a facet"
                                 : constructs[parent].name);
        reading->skipped++;
        return;
    }
    check_attributes(reading, construct);
    constructs[construct].start(reading);
    reading->stack[reading->depth++] = construct;
}

static void end(struct reading *reading)
{
    if (reading->skipped > 0) {
        reading->skipped--;
        return;
    }
    enum construct construct = reading->stack[--reading->depth];
    if (constructs[construct].end != NULL)
        constructs[construct].end(reading);
}

static void text(struct reading *reading)
{
    if (reading->skipped == 0 && !iso_lexical_blank(reading->event.text))
        FAIL(reading, iso_xsd_invalid, "text");
}

static void drain(struct reading *reading, struct xml_reader *xml)
{
    while (xml_reader_next(xml, &reading->event)) {
        if (reading->event.kind == XML_EVENT_START)
            start(reading);
        else if (reading->event.kind == XML_EVENT_END)
            end(reading);
        else
            text(reading);
    }
}

void iso_draft_read(struct iso_draft *draft, struct slice xsd, const char *source)
{
    struct reading reading = { .draft = draft };
    struct xml_reader *xml = xml_reader_new(source, &xml_limits_default);
    struct error error;
    bool fine = xml_reader_feed(xml, xsd, true, &error);
    drain(&reading, xml);
    if (!fine)
        error_list_add(draft->errors, &error);
    xml_reader_free(xml);
}
