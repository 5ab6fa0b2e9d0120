/* The texts and attributes of elements: checked, and what maps and rules want of them shown
   to those. */
#include "codecs/iso20022/lexical.h"
#include "codecs/iso20022/parser.h"

const struct error_kind iso_text_unexpected = { "iso.text-unexpected",
                                                "there is text between elements" };
const struct error_kind iso_attribute_unexpected = { "iso.attribute-unexpected",
                                                     "this attribute is not expected here" };
const struct error_kind iso_attribute_missing = { "iso.attribute-missing",
                                                  "an attribute is missing" };

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
static inline bool check_value(struct iso_parser *parser, const struct iso_facets *facets,
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

static void take_attribute(struct iso_parser *parser, struct slice name, struct slice value)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->node != NULL)
        fill_slots(parser, frame->node->attributes, value);
    if (frame->rules != NULL)
        iso_rule_show(parser, frame->rules->attributes, name, value);
}

/* Of an element that says xsi:nil the content is no fault more. */
static RARE void report_attribute(struct iso_parser *parser, size_t row)
{
    const struct xml_attribute *found = &parser->event->attributes[row];
    const char *rule = iso_instance_rule(parser, found);
    struct writer text;
    writer_init(&text, 0);
    iso_value_show(found->value, &text);
    iso_finding(parser,
                (struct iso_fault){ &iso_attribute_unexpected, rule,
                                    xml_attribute_place(parser->event, row), "/@", found->name },
                "%.*s is not expected here", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    iso_frame_top(parser)->has_text |= iso_instance_is(found, "nil");
}

void iso_validate_attributes(struct iso_parser *parser)
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
        } else if (!iso_instance_tolerated(parser, found, frame->type)) {
            report_attribute(parser, i);
        }
    }
    if (missing)
        iso_finding(parser,
                    (struct iso_fault){ &iso_attribute_missing, ISO_RULE_REQUIRED, frame->place,
                                        "/@", declared->name },
                    "is missing");
}

static void keep_header_value(struct iso_parser *parser, struct header_value *kept,
                              struct slice value)
{
    kept->size = value.size < HEADER_VALUE_SIZE_MAX ? value.size : HEADER_VALUE_SIZE_MAX;
    memcpy(kept->text, value.at, kept->size);
    kept->place = iso_finding_place(parser, SLICE_NONE);
}

/* The header names the message that it goes with. */
static APART void note_header(struct iso_parser *parser, struct slice value)
{
    if (parser->depth != parser->part_depth + 1)
        return;
    struct slice name = iso_frame_top(parser)->name;
    if (slice_is(name, "MsgDefIdr"))
        keep_header_value(parser, &parser->header_message, value);
    else if (slice_is(name, "BizMsgIdr"))
        keep_header_value(parser, &parser->header_id, value);
}

/* Maps and rules want the value. */
static APART void show_value(struct iso_parser *parser, struct slice value)
{
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->node != NULL)
        fill_slots(parser, frame->node->texts, value);
    if (frame->rules != NULL && frame->rules->texts != NULL)
        iso_rule_show(parser, frame->rules->texts, SLICE_NONE, value);
    iso_parser_check_memory(parser);
}

static inline void take_value(struct iso_parser *parser, const struct iso_facets *facets,
                              struct slice value)
{
    struct iso_frame *frame = iso_frame_top(parser);
    frame->has_text = true;
    if (value.size == 0 && facets->fixed.at != NULL)
        value = facets->fixed;
    if (!check_value(parser, facets, SLICE_NONE, &value))
        return;
    if (parser->part == &parser->header)
        note_header(parser, value);
    if (frame->node != NULL || frame->rules != NULL)
        show_value(parser, value);
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
    const struct iso_facets *facets = iso_type_facets(frame->type);
    if (facets != NULL)
        take_value(parser, facets, parser->event->text);
    else if (!iso_lexical_blank(parser->event->text))
        report_text(parser);
}

void iso_validate_value(struct iso_parser *parser, struct slice value)
{
    take_value(parser, iso_type_facets(iso_frame_top(parser)->type), value);
}
