/* The elements of an AppHdr or Document against the tables of its schema, as they begin and
   end. */
#include "codecs/iso20022/parser.h"

const struct error_kind iso_element_unexpected = { "iso.element-unexpected",
                                                   "this element is not expected here" };
const struct error_kind iso_element_missing = { "iso.element-missing", "an element is missing" };
const struct error_kind iso_element_repeated = { "iso.element-repeated",
                                                 "this element is there too often" };
const struct error_kind iso_choice_empty = { "iso.choice-empty", "nothing is chosen" };
const struct error_kind iso_wildcard = { "iso.wildcard", "this place takes one element" };

void iso_frames_grow(struct iso_parser *parser)
{
    parser->frames =
        memory_room(parser->frames, parser->depth, &parser->room, sizeof *parser->frames);
    parser->frame_end = parser->frames + parser->depth;
}

void iso_frame_push_kind(struct iso_parser *parser, enum iso_frame_kind kind)
{
    const struct iso_frame frame = { .kind = kind, .position = ISO_POSITION_START };
    iso_frame_push(parser, &frame);
}

static void begin_scope(struct iso_parser *parser)
{
    struct iso_frame *frame = iso_frame_top(parser);
    if (frame->node != NULL && frame->node->is_scope) {
        frame->first_record = parser->part->fill.record_count;
        iso_fill_open(&parser->part->fill, frame->node);
    }
    if (frame->rules != NULL && frame->rules->scopes != NULL)
        iso_rule_begin(parser, frame->rules->scopes);
}

static void end_scope(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->rules != NULL && frame->rules->scopes != NULL)
        iso_rule_end(parser, frame->rules->scopes);
    if (frame->node != NULL && frame->node->is_scope)
        iso_fill_close(&parser->part->fill, frame->node, frame->first_record);
}

/* What there is to do when an element of the schema opens. */
static APART void look_at_start(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->is_scope)
        begin_scope(parser);
    if (frame->rules != NULL && frame->rules->starts != NULL)
        iso_rule_show(parser, frame->rules->starts, SLICE_NONE, SLICE_NONE);
    iso_validate_attributes(parser);
    iso_parser_check_memory(parser);
}

/* There is room for it. */
static inline void open_spot(struct iso_parser *parser, const struct iso_spot *spot,
                             uint32_t occurrence)
{
    iso_frame_put(parser, &spot->frame)->occurrence = occurrence;
    if (!spot->is_plain || parser->event->attribute_count > 0)
        look_at_start(parser);
}

/* As open_spot(), of an element of which nothing is learned. */
static void open_unlearned(struct iso_parser *parser, const struct iso_element *element,
                           uint32_t occurrence, const struct iso_reader_node *node,
                           const struct iso_rule_node *rules)
{
    const struct iso_frame frame = iso_frame_of(element, node, rules);
    iso_frame_push(parser, &frame)->occurrence = occurrence;
    look_at_start(parser);
}

void iso_validate_open_root(struct iso_parser *parser, const struct iso_rule_node *rules)
{
    if (parser->depth == parser->room)
        iso_frames_grow(parser);
    const struct part *part = parser->part;
    const struct iso_element *root = &part->schema->root;
    const struct shape_reader *reader = part->fill.reader;
    const struct iso_reader_node *node =
        reader != NULL && root == part->schema->message ? reader->message : NULL;
    const struct iso_spot *spot = iso_learned_root(parser->learned, root, reader, node, rules);
    if (spot == NULL)
        open_unlearned(parser, root, 0, node, rules);
    else
        open_spot(parser, spot, 0);
}

static bool is_in_namespace(const struct iso_parser *parser)
{
    struct slice namespace = parser->event->namespace;
    struct part *part = parser->part;
    if (namespace.at == part->namespace)
        return true;
    if (namespace.at == NULL || !slice_equal(namespace, part->schema->namespace))
        return false;
    part->namespace = namespace.at;
    return true;
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

/* Steps to a child of the row, and tells what is wrong with it here; false: something is. */
static bool step_to(struct iso_parser *parser, size_t row)
{
    struct iso_frame *frame = iso_frame_top(parser);
    bool complete = iso_content_complete(frame->type, frame->position, row);
    if (!complete)
        iso_order_owe(parser, row);
    enum iso_content_verdict verdict = iso_content_step(frame->type, &frame->position, row);
    if (verdict == ISO_CONTENT_TOO_OFTEN)
        report_repeated(parser, &frame->type->elements[row]);
    else if (verdict == ISO_CONTENT_TOO_LATE)
        iso_order_late(parser, row);
    else if (verdict == ISO_CONTENT_OTHER_BRANCH)
        report_unexpected(parser);
    return complete && verdict == ISO_CONTENT_FINE;
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
    iso_frame_push_kind(parser, ISO_FRAME_SKIPPED);
}

/* The row of the event's element in the type of the topmost frame; NAMES_NONE: it has
   none.  *spot: where it was found before; NULL: it was not. */
static size_t find_row(const struct iso_parser *parser, struct iso_spot **spot)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    struct slice name = parser->event->name;
    *spot = NULL;
    if (!is_in_namespace(parser))
        return NAMES_NONE;
    if (frame->spot != NULL)
        *spot = iso_spot_child(frame->spot, name.at);
    if (*spot != NULL)
        return (*spot)->row;
    size_t from = frame->position.row == NAMES_NONE ? 0 : frame->position.row;
    return iso_type_find(frame->type, name, from);
}

/* What came before is followed by the spot: so it will be again, when how often it came
   before does not matter. */
static void expect(struct iso_frame *frame, struct iso_position before, struct iso_spot *spot)
{
    const struct iso_element *elements = frame->type->elements;
    if (frame->next != NULL && (before.row == NAMES_NONE || elements[before.row].min <= 1))
        *frame->next = spot;
}

/* A child that is not the one that was expected. */
static void start_other(struct iso_parser *parser)
{
    struct iso_frame *frame = iso_frame_top(parser);
    struct iso_position before = frame->position;
    struct iso_spot *spot;
    size_t row = find_row(parser, &spot);
    if (row == NAMES_NONE) {
        start_stranger(parser);
        return;
    }
    const struct iso_element *element = &frame->type->elements[row];
    bool fine = step_to(parser, row);
    uint32_t occurrence = element->max == 1 ? 0 : row == before.row ? before.count + 1 : 1;
    if (spot == NULL && frame->spot != NULL)
        spot = iso_spot_add(parser->learned, frame->spot, parser->event->name.at, row,
                            child_node(parser, element));
    if (spot == NULL) {
        frame->next = NULL;
        open_unlearned(parser, element, occurrence, child_node(parser, element),
                       iso_rule_child(frame->rules, row));
        return;
    }
    if (fine)
        expect(frame, before, spot);
    frame->next = frame->position.row == row ? &spot->next : NULL;
    open_spot(parser, spot, occurrence);
}

/* Is the child the one that followed the last time, and one more may come? */
static inline bool is_expected(const struct iso_parser *parser, const struct iso_frame *frame,
                               const struct iso_spot *spot)
{
    const struct xml_event *event = parser->event;
    return spot != NULL && spot->name == event->name.at &&
           parser->part->namespace == event->namespace.at &&
           (spot->row != frame->position.row || frame->position.count < spot->element->max);
}

/* An element that only its xsi:type ties to a type.  false: it has none, or one that
   says no more than that. */
static bool start_typed(struct iso_parser *parser)
{
    const struct xml_attribute *attributes = parser->event->attributes;
    size_t row = 0, count = parser->event->attribute_count;
    while (row < count && !iso_instance_is(&attributes[row], "type"))
        row++;
    if (row == count)
        return false;
    const struct xml_attribute *named = &attributes[row];
    struct slice name = xml_local_part(named->value);
    if (iso_instance_any(named))
        return false;
    struct iso_element element = { .type = iso_instance_type(parser, named), .max = 1 };
    if (element.type != NULL) {
        open_unlearned(parser, &element, 0, NULL, NULL);
        return true;
    }
    iso_finding(parser,
                (struct iso_fault){ &iso_attribute_unexpected, ISO_RULE_NO_TYPE,
                                    xml_attribute_place(parser->event, row), "/@", named->name },
                "there is no type %.*s", SLICE_ARG(iso_value_excerpt(name)));
    iso_frame_push_kind(parser, ISO_FRAME_SKIPPED);
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
        open_unlearned(parser, &parser->part->schema->root, 0, NULL, NULL);
    else if (!start_typed(parser))
        iso_frame_push_kind(parser, ISO_FRAME_LAX);
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
        iso_frame_push_kind(parser, ISO_FRAME_SKIPPED);
    } else if (wildcard->process == ISO_SKIP) {
        iso_frame_push_kind(parser, ISO_FRAME_SKIPPED);
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
    iso_frame_push_kind(parser, ISO_FRAME_SKIPPED);
}

static APART void start_unexpected(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->kind == ISO_FRAME_SKIPPED)
        iso_frame_push_kind(parser, ISO_FRAME_SKIPPED);
    else if (frame->kind == ISO_FRAME_LAX)
        start_lax(parser);
    else if (frame->type->content == ISO_ELEMENTS)
        start_other(parser);
    else if (frame->type->content == ISO_WILDCARD)
        start_wild(parser);
    else
        start_in_text(parser);
    iso_parser_check_memory(parser);
}

/* Room for the child comes first, so that in what follows nothing moves. */
static RARE void grow_and_start(struct iso_parser *parser)
{
    iso_frames_grow(parser);
    iso_validate_start(parser);
}

void iso_validate_start(struct iso_parser *parser)
{
    if (parser->depth == parser->room) {
        grow_and_start(parser);
        return;
    }
    struct iso_frame *frame = iso_frame_top(parser);
    struct iso_spot *spot = frame->next == NULL ? NULL : *frame->next;
    if (!is_expected(parser, frame, spot)) {
        start_unexpected(parser);
        return;
    }
    uint32_t count = spot->row == frame->position.row ? frame->position.count + 1 : 1;
    frame->position = (struct iso_position){ spot->row, count };
    frame->next = &spot->next;
    open_spot(parser, spot, spot->repeats ? count : 0);
}

/* Only a wildcard may have nothing in it that was looked at. */
static void end_without_text(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->type->content != ISO_WILDCARD)
        iso_validate_value(parser, SLICE(""));
    else if (frame->position.count == 0)
        iso_finding(
            parser,
            (struct iso_fault){ &iso_wildcard, ISO_RULE_INCOMPLETE, frame->place, "", SLICE_NONE },
            "is empty, expected one element");
}

void iso_validate_end(struct iso_parser *parser)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->type->content != ISO_ELEMENTS && !frame->has_text)
        end_without_text(parser);
    else if (!iso_frame_is_whole(frame))
        iso_order_end(parser);
    if (frame->is_scope)
        end_scope(parser);
    iso_parser_check_memory(parser);
}
