/* What is in an AppHdr or Document, event by event, against the tables of its
   schema; and what maps want of it into the slots. */
#include "codecs/iso20022/lexical.h"
#include "codecs/iso20022/parser.h"

#define XML_SCHEMA      "http://www.w3.org/2001/XMLSchema"
#define SCHEMA_INSTANCE XML_SCHEMA "-instance"

const struct error_kind iso_element_unexpected = { "iso.element-unexpected",
                                                   "this element is not expected here" };
const struct error_kind iso_element_missing = { "iso.element-missing", "an element is missing" };
const struct error_kind iso_element_repeated = { "iso.element-repeated",
                                                 "this element is there too often" };
const struct error_kind iso_choice_empty = { "iso.choice-empty", "nothing is chosen" };
const struct error_kind iso_text_unexpected = { "iso.text-unexpected",
                                                "there is text between elements" };
const struct error_kind iso_attribute_unexpected = { "iso.attribute-unexpected",
                                                     "this attribute is not expected here" };
const struct error_kind iso_attribute_missing = { "iso.attribute-missing",
                                                  "an attribute is missing" };
const struct error_kind iso_wildcard = { "iso.wildcard", "this place takes one element" };

void iso_frames_grow(struct iso_parser *parser)
{
    parser->frames =
        memory_room(parser->frames, parser->depth, &parser->room, sizeof *parser->frames);
    parser->frame_end = parser->frames + parser->depth;
}

/* attribute absent: the text of the topmost frame. */
static RARE void report_value(struct iso_parser *parser, const struct iso_facets *facets,
                              struct slice attribute, struct slice value, enum iso_verdict verdict)
{
    struct writer text;
    writer_init(&text, 0);
    iso_value_tell(facets, verdict, value, &text);
    iso_finding(parser,
                (struct iso_fault){ iso_value_error(verdict), iso_value_rule(facets, verdict),
                                    iso_finding_place(parser, attribute), "/@", attribute },
                "%.*s", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
}

/* true: the value is right, and *value is without the white space that does not count. */
static bool check_value(struct iso_parser *parser, const struct iso_facets *facets,
                        struct slice attribute, struct slice *value)
{
    enum iso_verdict verdict = iso_value_check(facets, value);
    if (verdict != ISO_VALUE_FINE)
        report_value(parser, facets, attribute, *value, verdict);
    return verdict == ISO_VALUE_FINE;
}

static void fill_slots(struct iso_parser *parser, const struct iso_reader_slot *slots,
                       struct slice value)
{
    if (slots != NULL)
        iso_fill_add(&parser->part->fill, slots, value);
}

/* Is the value a name of this namespace? */
static bool is_name_in(const struct xml_attribute *attribute, struct slice namespace)
{
    return attribute->value_namespace.at != NULL &&
           slice_equal(attribute->value_namespace, namespace);
}

static bool is_instance_attribute(const struct xml_attribute *attribute, const char *name)
{
    return attribute->namespace.at != NULL && slice_is(attribute->namespace, SCHEMA_INSTANCE) &&
           slice_is(attribute->name, name);
}

/* The type that an xsi:type names; NULL: there is none that is known here. */
static const struct iso_type *type_named(struct iso_parser *parser,
                                         const struct xml_attribute *named)
{
    struct slice name = xml_local_part(named->value);
    if (is_name_in(named, parser->part->schema->namespace))
        return iso_schema_type(parser->part->schema, name);
    if (!is_name_in(named, SLICE(XML_SCHEMA)))
        return NULL;
    if (parser->builtins == NULL)
        parser->builtins = iso_builtins_new();
    return iso_builtins_find(parser->builtins, name);
}

/* Schema locations are hints, never followed.  xsi:type may name only the type
   that the element has anyway, since no type is derived from another; one that is
   narrowed by `fixed` keeps its name. */
static bool is_tolerated(struct iso_parser *parser, const struct xml_attribute *attribute,
                         const struct iso_type *type)
{
    if (is_instance_attribute(attribute, "type"))
        return type_named(parser, attribute) == type ||
               (is_name_in(attribute, parser->part->schema->namespace) &&
                slice_equal(xml_local_part(attribute->value), type->name));
    return is_instance_attribute(attribute, "schemaLocation") ||
           is_instance_attribute(attribute, "noNamespaceSchemaLocation");
}

static void take_attribute(struct iso_parser *parser, struct slice name, struct slice value)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->node != NULL)
        fill_slots(parser, frame->node->attributes, value);
    if (frame->rules != NULL)
        iso_rule_show(parser, frame->rules->attributes, name, value);
}

/* Does an xsi:type name a type at all? */
static bool names_type(const struct iso_parser *parser, const struct xml_attribute *named)
{
    const struct iso_schema *schema = parser->part->schema;
    struct slice name = xml_local_part(named->value);
    enum iso_base base;
    return is_name_in(named, schema->namespace)
               ? iso_schema_type(schema, name) != NULL
               : is_name_in(named, SLICE(XML_SCHEMA)) && iso_base_named(name, &base);
}

static const char *attribute_rule(const struct iso_parser *parser,
                                  const struct xml_attribute *attribute)
{
    if (is_instance_attribute(attribute, "nil"))
        return ISO_RULE_NIL;
    if (!is_instance_attribute(attribute, "type"))
        return ISO_RULE_ATTRIBUTE;
    return names_type(parser, attribute) ? ISO_RULE_OTHER_TYPE : ISO_RULE_NO_TYPE;
}

/* Of an element that says xsi:nil the content is no fault more. */
static RARE void report_attribute(struct iso_parser *parser, size_t row)
{
    const struct xml_attribute *found = &parser->event->attributes[row];
    const char *rule = attribute_rule(parser, found);
    struct writer text;
    writer_init(&text, 0);
    iso_value_show(found->value, &text);
    iso_finding(parser,
                (struct iso_fault){ &iso_attribute_unexpected, rule,
                                    xml_attribute_place(parser->event, row), "/@", found->name },
                "%.*s is not expected here", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    iso_frame_top(parser)->has_text |= is_instance_attribute(found, "nil");
}

static void check_attributes(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    const struct iso_attribute *declared = &frame->type->attribute;
    bool missing = frame->type->content == ISO_AMOUNT && declared->required;
    for (size_t i = 0; i < parser->event->attribute_count; i++) {
        const struct xml_attribute *found = &parser->event->attributes[i];
        struct slice value = found->value;
        if (found->namespace.at == NULL && frame->type->content == ISO_AMOUNT &&
            slice_equal(found->name, declared->name)) {
            missing = false;
            if (check_value(parser, &declared->type->facets, declared->name, &value))
                take_attribute(parser, declared->name, value);
        } else if (!is_tolerated(parser, found, frame->type)) {
            report_attribute(parser, i);
        }
    }
    if (missing)
        iso_finding(parser,
                    (struct iso_fault){ &iso_attribute_missing, ISO_RULE_REQUIRED, frame->place,
                                        "/@", declared->name },
                    "is missing");
}

static inline void open_element(struct iso_parser *parser, const struct iso_element *element,
                                uint32_t occurrence, const struct iso_reader_node *node,
                                const struct iso_rule_node *rules)
{
    struct iso_frame *frame = iso_frame_push(parser, ISO_FRAME_CHECKED);
    frame->name = element->name;
    frame->type = element->type;
    frame->occurrence = occurrence;
    frame->node = node;
    frame->rules = rules;
    if (node != NULL && node->is_scope) {
        frame->first_record = parser->part->fill.record_count;
        iso_fill_open(&parser->part->fill, node);
    }
    if (rules != NULL && rules->scopes != NULL)
        iso_rule_begin(parser, rules->scopes);
    if (rules != NULL && rules->starts != NULL)
        iso_rule_show(parser, rules->starts, SLICE_NONE, SLICE_NONE);
    if (parser->event->attribute_count > 0 || element->type->content == ISO_AMOUNT)
        check_attributes(parser);
}

void iso_validate_open(struct iso_parser *parser, const struct iso_element *element,
                       uint32_t occurrence, const struct iso_reader_node *node,
                       const struct iso_rule_node *rules)
{
    open_element(parser, element, occurrence, node, rules);
}

static bool is_in_namespace(const struct iso_parser *parser)
{
    struct slice namespace = parser->event->namespace;
    struct part *part = parser->part;
    if (namespace.at == NULL || !slice_equal(namespace, part->schema->namespace))
        return false;
    part->namespace = namespace.at;
    return true;
}

/* The row of the event's element in the type; NAMES_NONE: it has none. */
static size_t find_row(struct iso_parser *parser, const struct iso_type *type, size_t from)
{
    const struct slice name = parser->event->name;
    size_t hash = (uintptr_t)name.at / 8 + (uintptr_t)type / 64;
    struct iso_known_element *known = &parser->known[hash % ISO_KNOWN_ELEMENT_COUNT];
    if (parser->event->namespace.at != parser->part->namespace && !is_in_namespace(parser))
        return NAMES_NONE;
    if (known->name == name.at && known->type == type)
        return known->row;
    size_t row = iso_type_find(type, name, from);
    if (row != NAMES_NONE)
        *known = (struct iso_known_element){ name.at, type, row };
    return row;
}

static RARE void report_unexpected(struct iso_parser *parser)
{
    struct slice namespace = parser->event->namespace;
    struct writer text;
    writer_init(&text, 0);
    if (!is_in_namespace(parser))
        writer_format(&text, "is of %s%.*s, ", namespace.at == NULL ? "no namespace" : "namespace ",
                      SLICE_ARG(iso_value_excerpt(namespace)));
    else
        writer_text(&text, "is not expected here, ");
    bool more = iso_finding_expected(iso_frame_top(parser), &text);
    iso_finding(parser,
                (struct iso_fault){ &iso_element_unexpected,
                                    more ? ISO_RULE_UNEXPECTED : ISO_RULE_NO_MORE,
                                    parser->event->place, "/", parser->event->name },
                "%.*s", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
}

/* Of those that are too many only the first is told. */
static RARE void report_repeated(struct iso_parser *parser, const struct iso_element *element)
{
    struct iso_position *position = &iso_frame_top(parser)->position;
    if (position->count++ == element->max)
        iso_finding(parser,
                    (struct iso_fault){ &iso_element_repeated, ISO_RULE_NO_MORE,
                                        parser->event->place, "/", element->name },
                    "is there too often, expected at most %u", element->max);
}

/* Steps to a child of the row, and tells what is wrong with it here. */
static void step_to(struct iso_parser *parser, size_t row)
{
    struct iso_frame *frame = iso_frame_top(parser);
    if (!iso_content_complete(frame->type, frame->position, row))
        iso_order_owe(parser, row);
    enum iso_content_verdict verdict = iso_content_step(frame->type, &frame->position, row);
    if (verdict == ISO_CONTENT_FINE)
        return;
    if (verdict == ISO_CONTENT_TOO_OFTEN)
        report_repeated(parser, &frame->type->elements[row]);
    else if (verdict == ISO_CONTENT_TOO_LATE)
        iso_order_late(parser, row);
    else
        report_unexpected(parser);
}

static const struct iso_reader_node *child_node(const struct iso_parser *parser,
                                                const struct iso_element *element)
{
    const struct part *part = parser->part;
    const struct iso_reader_node *above = iso_frame_top(parser)->node;
    if (parser->depth == parser->part_depth && element == part->schema->message)
        return part->fill.reader == NULL ? NULL : part->fill.reader->message;
    return above == NULL ? NULL : iso_reader_child(above, element);
}

static RARE void start_stranger(struct iso_parser *parser)
{
    report_unexpected(parser);
    iso_order_stranger(parser);
    iso_frame_push(parser, ISO_FRAME_SKIPPED);
}

static inline void start_element(struct iso_parser *parser)
{
    struct iso_frame *frame = iso_frame_top(parser);
    const struct iso_type *type = frame->type;
    size_t from = frame->position.row == NAMES_NONE ? 0 : frame->position.row;
    size_t row = find_row(parser, type, from);
    if (row == NAMES_NONE) {
        start_stranger(parser);
        return;
    }
    const struct iso_element *element = &type->elements[row];
    struct iso_position before = frame->position;
    step_to(parser, row);
    uint32_t occurrence = element->max == 1 ? 0 : row == before.row ? before.count + 1 : 1;
    open_element(parser, element, occurrence, child_node(parser, element),
                 iso_rule_child(frame->rules, row));
}

/* An element that only its xsi:type ties to a type.  false: it has none, or one that
   says no more than that. */
static bool start_typed(struct iso_parser *parser)
{
    const struct xml_attribute *attributes = parser->event->attributes;
    size_t row = 0, count = parser->event->attribute_count;
    while (row < count && !is_instance_attribute(&attributes[row], "type"))
        row++;
    if (row == count)
        return false;
    const struct xml_attribute *named = &attributes[row];
    struct slice name = xml_local_part(named->value);
    if (is_name_in(named, SLICE(XML_SCHEMA)) && slice_is(name, "anyType"))
        return false;
    struct iso_element element = { .type = type_named(parser, named), .max = 1 };
    if (element.type != NULL) {
        iso_validate_open(parser, &element, 0, NULL, NULL);
        return true;
    }
    iso_finding(parser,
                (struct iso_fault){ &iso_attribute_unexpected, ISO_RULE_NO_TYPE,
                                    xml_attribute_place(parser->event, row), "/@", named->name },
                "there is no type %.*s", SLICE_ARG(iso_value_excerpt(name)));
    iso_frame_push(parser, ISO_FRAME_SKIPPED);
    return true;
}

static bool is_global(const struct iso_parser *parser)
{
    return is_in_namespace(parser) &&
           slice_equal(parser->event->name, parser->part->schema->root.name);
}

static RARE void start_lax(struct iso_parser *parser)
{
    if (is_global(parser))
        iso_validate_open(parser, &parser->part->schema->root, 0, NULL, NULL);
    else if (!start_typed(parser))
        iso_frame_push(parser, ISO_FRAME_LAX);
}

static bool wildcard_takes(const struct iso_parser *parser, const struct iso_wildcard *wildcard)
{
    struct slice namespace = parser->event->namespace;
    if (wildcard->process == ISO_STRICT && !is_global(parser))
        return false;
    return wildcard->namespace.at == NULL ||
           (namespace.at != NULL && slice_equal(namespace, wildcard->namespace));
}

static RARE void start_wild(struct iso_parser *parser)
{
    struct iso_frame *frame = iso_frame_top(parser);
    const struct iso_wildcard *wildcard = &frame->type->wildcard;
    frame->position.count++;
    if (frame->position.count > 1 || !wildcard_takes(parser, wildcard)) {
        struct slice namespace = wildcard->namespace;
        bool is_more = frame->position.count > 1;
        iso_finding(
            parser,
            (struct iso_fault){ &iso_wildcard, is_more ? ISO_RULE_NO_MORE : ISO_RULE_UNDECLARED,
                                parser->event->place, "/", parser->event->name },
            "is not expected here, %s%.*s",
            is_more || namespace.at == NULL ? "expected no other" : "expected one of namespace ",
            SLICE_ARG(iso_value_excerpt(is_more ? SLICE_NONE : namespace)));
        iso_frame_push(parser, ISO_FRAME_SKIPPED);
    } else if (wildcard->process == ISO_SKIP) {
        iso_frame_push(parser, ISO_FRAME_SKIPPED);
    } else {
        start_lax(parser);
    }
}

static RARE void report_child(struct iso_parser *parser)
{
    iso_finding(parser,
                (struct iso_fault){ &iso_element_unexpected, ISO_RULE_CHILD, parser->event->place,
                                    "/", parser->event->name },
                "is not expected here, expected only text");
}

static RARE void start_in_text(struct iso_parser *parser)
{
    struct iso_frame *frame = iso_frame_top(parser);
    frame->has_text = true; /* one finding is enough */
    if (frame->position.count++ == 0)
        report_child(parser);
    iso_frame_push(parser, ISO_FRAME_SKIPPED);
}

void iso_validate_start(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->kind == ISO_FRAME_SKIPPED)
        iso_frame_push(parser, ISO_FRAME_SKIPPED);
    else if (frame->kind == ISO_FRAME_LAX)
        start_lax(parser);
    else if (frame->type->content == ISO_ELEMENTS)
        start_element(parser);
    else if (frame->type->content == ISO_WILDCARD)
        start_wild(parser);
    else
        start_in_text(parser);
}

static void keep_header_value(struct iso_parser *parser, struct header_value *kept,
                              struct slice value)
{
    kept->size = value.size < HEADER_VALUE_SIZE_MAX ? value.size : HEADER_VALUE_SIZE_MAX;
    memcpy(kept->text, value.at, kept->size);
    kept->place = iso_finding_place(parser, SLICE_NONE);
}

/* The header names the message that it goes with. */
static void note_header(struct iso_parser *parser, struct slice value)
{
    if (parser->part != &parser->header || parser->depth != parser->part_depth + 1)
        return;
    struct slice name = iso_frame_top(parser)->name;
    if (slice_is(name, "MsgDefIdr"))
        keep_header_value(parser, &parser->header_message, value);
    else if (slice_is(name, "BizMsgIdr"))
        keep_header_value(parser, &parser->header_id, value);
}

static void take_value(struct iso_parser *parser, struct slice value)
{
    struct iso_frame *frame = iso_frame_top(parser);
    const struct iso_reader_node *node = frame->node;
    const struct iso_facets *facets = iso_type_facets(frame->type);
    frame->has_text = true;
    if (value.size == 0 && facets->fixed.at != NULL)
        value = facets->fixed;
    if (!check_value(parser, facets, SLICE_NONE, &value))
        return;
    note_header(parser, value);
    if (node != NULL)
        fill_slots(parser, node->texts, value);
    if (frame->rules != NULL && frame->rules->texts != NULL)
        iso_rule_show(parser, frame->rules->texts, SLICE_NONE, value);
}

static RARE void report_text(struct iso_parser *parser)
{
    struct writer text;
    writer_init(&text, 0);
    iso_value_show(iso_lexical_trim(parser->event->text), &text);
    iso_finding(parser,
                (struct iso_fault){ &iso_text_unexpected, ISO_RULE_TEXT, parser->event->place, "",
                                    SLICE_NONE },
                "%.*s is not expected here, expected elements", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    iso_frame_top(parser)->has_text = true;
}

void iso_validate_text(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->kind != ISO_FRAME_CHECKED || frame->has_text)
        return;
    if (iso_type_facets(frame->type) != NULL)
        take_value(parser, parser->event->text);
    else if (!iso_lexical_blank(parser->event->text))
        report_text(parser);
}

static inline void end_elements(struct iso_parser *parser, const struct iso_frame *frame)
{
    const struct iso_type *type = frame->type;
    if (frame->disorder != NULL ||
        !iso_content_complete(type, frame->position, type->element_count))
        iso_order_end(parser);
}

void iso_validate_end(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->kind != ISO_FRAME_CHECKED)
        return;
    if (frame->type->content == ISO_ELEMENTS)
        end_elements(parser, frame);
    else if (frame->type->content == ISO_WILDCARD && frame->position.count == 0 && !frame->has_text)
        iso_finding(
            parser,
            (struct iso_fault){ &iso_wildcard, ISO_RULE_INCOMPLETE, frame->place, "", SLICE_NONE },
            "is empty, expected one element");
    else if (iso_type_facets(frame->type) != NULL && !frame->has_text)
        take_value(parser, SLICE(""));
    if (frame->rules != NULL && frame->rules->scopes != NULL)
        iso_rule_end(parser, frame->rules->scopes);
    if (frame->node != NULL && frame->node->is_scope)
        iso_fill_close(&parser->part->fill, frame->node, frame->first_record);
}
