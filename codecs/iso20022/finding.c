/* How a fault is told: where in the document, and what would have been right. */
#include "codecs/iso20022/parser.h"

#include <stdarg.h>
#include <stdio.h>

enum {
    PATH_SIZE_MAX = 140, /* of the path in a detail: its end counts most */
    TEXT_SIZE_MAX = sizeof((struct error *)NULL)->detail + 64,
    EXPECTED_COUNT_MAX = 8,
};

static void write_step(struct slice name, uint32_t occurrence, struct writer *writer)
{
    writer_char(writer, '/');
    writer_bytes(writer, name.at == NULL ? SLICE("*") : name);
    if (occurrence > 0)
        writer_format(writer, "[%u]", occurrence);
}

/* Of the outermost frames. */
static void write_path(const struct iso_parser *parser, size_t depth, struct writer *writer)
{
    for (size_t i = 0; i < depth; i++) {
        const struct iso_frame *frame = &parser->frames[i];
        if (frame->kind != ISO_FRAME_WRAPPER)
            write_step(frame->name, frame->occurrence, writer);
    }
}

/* Cuts a long path at the front, between two names. */
static struct slice cut_path(struct slice path)
{
    while (path.size > PATH_SIZE_MAX) {
        const char *slash = memchr(path.at + 1, '/', path.size - 1);
        if (slash == NULL)
            break;
        path = slice_after(path, (size_t)(slash - path.at));
    }
    return path;
}

/* The end of a path that is too long counts most, of a text its beginning. */
static void add(struct iso_parser *parser, const struct iso_fault *fault, struct slice path,
                struct slice text)
{
    struct error_list *errors = &parser->outcome.errors;
    struct slice end = cut_path(path);
    const char *dots = end.size < path.size ? "..." : "", *colon = end.size == 0 ? "" : ": ";
    struct error error;
    error_at(&error, fault->kind, fault->place, "%s%.*s%s%.*s", dots, SLICE_ARG(end), colon,
             SLICE_ARG(text));
    error.rule = fault->rule == NULL ? fault->kind->name : fault->rule;
    error_list_add(errors, &error);
    if (errors->count >= errors->limit)
        parser->stopped = true;
}

static void tell(struct iso_parser *parser, const struct iso_fault *fault, struct slice text)
{
    struct writer path;
    writer_init(&path, 0);
    write_path(parser, parser->depth, &path);
    if (fault->below.at != NULL)
        writer_format(&path, "%s%.*s", fault->mark, SLICE_ARG(iso_value_excerpt(fault->below)));
    add(parser, fault, writer_slice(&path), text);
    writer_fini(&path);
}

void iso_finding(struct iso_parser *parser, struct iso_fault fault, const char *format, ...)
{
    char text[TEXT_SIZE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tell(parser, &fault, slice_of(text));
}

/* By what a rule is broken, and what it says. */
__attribute__((format(printf, 3, 0))) static void write_breach(char text[TEXT_SIZE_MAX],
                                                               const struct iso_rule *rule,
                                                               const char *format,
                                                               va_list arguments)
{
    int size = vsnprintf(text, TEXT_SIZE_MAX, format, arguments);
    if (size >= 0 && size < TEXT_SIZE_MAX)
        snprintf(text + size, TEXT_SIZE_MAX - (size_t)size, "%s%s", size > 0 ? ": " : "",
                 rule->text);
}

void iso_rule_broken(const struct iso_rule_sight *sight, const char *format, ...)
{
    struct iso_parser *parser = sight->parser;
    const struct iso_fault fault = { &iso_rule, sight->rule->name,
                                     iso_finding_place(parser, sight->attribute), "/@",
                                     sight->attribute };
    char text[TEXT_SIZE_MAX];
    va_list arguments;
    va_start(arguments, format);
    write_breach(text, sight->rule, format, arguments);
    va_end(arguments);
    tell(parser, &fault, slice_of(text));
}

/* Frames up to and with the message. */
static size_t message_depth(const struct iso_parser *parser)
{
    const struct iso_schema *schema = parser->part->schema;
    return parser->part_depth + (schema->message == &schema->root ? 0 : 1);
}

static void write_marked(const struct iso_parser *parser, const struct iso_rule_mark *mark,
                         struct writer *writer)
{
    const struct iso_rule_route *route = mark->route;
    write_path(parser, route->is_absolute ? message_depth(parser) : parser->depth, writer);
    for (size_t i = 0; i < route->depth; i++)
        write_step(route->steps[i]->name, mark->occurrences[i], writer);
    if (route->attribute.at != NULL)
        writer_format(writer, "/@%.*s", SLICE_ARG(route->attribute));
}

void iso_rule_broken_at(const struct iso_rule_sight *sight, const struct iso_rule_mark *mark,
                        const char *format, ...)
{
    const struct iso_fault fault = { &iso_rule, sight->rule->name, mark->place, "", SLICE_NONE };
    char text[TEXT_SIZE_MAX];
    struct writer path;
    va_list arguments;
    va_start(arguments, format);
    write_breach(text, sight->rule, format, arguments);
    va_end(arguments);
    writer_init(&path, 0);
    write_marked(sight->parser, mark, &path);
    add(sight->parser, &fault, writer_slice(&path), slice_of(text));
    writer_fini(&path);
}

struct place iso_finding_place(const struct iso_parser *parser, struct slice attribute)
{
    const struct xml_event *event = parser->event;
    for (size_t i = 0; attribute.at != NULL && i < event->attribute_count; i++) {
        if (slice_equal(event->attributes[i].name, attribute))
            return xml_attribute_place(event, i);
    }
    return event->kind == XML_EVENT_TEXT ? event->place : parser->frames[parser->depth - 1].place;
}

struct slice iso_finding_path(const struct error *finding)
{
    struct slice detail = slice_of(finding->detail);
    if (detail.size == 0 || (detail.at[0] != '/' && !slice_starts(detail, SLICE(".../"))))
        return SLICE_NONE;
    const char *end = strstr(detail.at, ": ");
    return end == NULL ? detail : (struct slice){ detail.at, (size_t)(end - detail.at) };
}

static bool may_come(const struct iso_type *type, struct iso_position position, size_t row)
{
    const struct iso_element *element = &type->elements[row];
    if (position.row == row)
        return position.count < element->max;
    return position.row == NAMES_NONE || element->place != type->elements[position.row].place;
}

bool iso_finding_expected(const struct iso_frame *frame, struct writer *writer)
{
    const struct iso_type *type = frame->type;
    struct iso_position position = frame->position;
    size_t count = 0;
    for (size_t i = position.row == NAMES_NONE ? 0 : position.row; i < type->element_count; i++) {
        const struct iso_element *element = &type->elements[i];
        if (!may_come(type, position, i))
            continue;
        writer_text(writer, count == 0 ? "expected " : ", ");
        if (++count > EXPECTED_COUNT_MAX) {
            writer_text(writer, "...");
            return true;
        }
        writer_bytes(writer, element->name);
        bool last_of_place =
            i + 1 == type->element_count || type->elements[i + 1].place != element->place;
        bool needed = i == position.row ? position.count < element->min : element->place_required;
        if (needed && last_of_place)
            return true;
    }
    if (count == 0)
        writer_text(writer, "nothing more may follow");
    return count > 0;
}
