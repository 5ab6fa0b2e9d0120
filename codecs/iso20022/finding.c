/* How a fault is told: where in the document, and what would have been right. */
#include "codecs/iso20022/parser.h"

#include <stdarg.h>
#include <stdio.h>

enum {
    DETAIL_SIZE_MAX = sizeof((struct error *)NULL)->detail - 1,
    PATH_SIZE_MAX = 140, /* of the path in a detail: its end counts most */
    TEXT_SIZE_MAX = DETAIL_SIZE_MAX + 64,
    EXPECTED_COUNT_MAX = 8,
};

static void write_path(const struct iso_parser *parser, struct writer *writer)
{
    for (size_t i = 0; i < parser->depth; i++) {
        const struct iso_frame *frame = &parser->frames[i];
        if (frame->kind == ISO_FRAME_WRAPPER)
            continue;
        writer_char(writer, '/');
        writer_bytes(writer, frame->name.at == NULL ? SLICE("*") : frame->name);
        if (frame->occurrence > 0)
            writer_format(writer, "[%u]", frame->occurrence);
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

/* What is told of a fault beside where it is. */
struct words {
    const char *text;
    const char *closing; /* never cut */
};

static void add(struct iso_parser *parser, const struct error_kind *kind, struct place place,
                struct slice path, struct words words)
{
    struct slice end = cut_path(path), text = slice_of(words.text);
    const char *dots = end.size < path.size ? "..." : "";
    const char *colon = end.size == 0 || text.size == 0 ? "" : ": ";
    size_t taken = strlen(dots) + end.size + strlen(colon) + strlen(words.closing);
    size_t room = taken < DETAIL_SIZE_MAX ? DETAIL_SIZE_MAX - taken : 0;
    struct slice shown = text.size <= room ? text : iso_value_cut(text, room < 3 ? 0 : room - 3);
    error_list_at(&parser->outcome.errors, kind, place, "%s%.*s%s%.*s%s%s", dots, SLICE_ARG(end),
                  colon, SLICE_ARG(shown), shown.size < text.size ? "..." : "", words.closing);
    if (parser->outcome.errors.count >= parser->outcome.errors.limit)
        parser->stopped = true;
}

static void tell(struct iso_parser *parser, const struct error_kind *kind, struct place place,
                 const char *mark, struct slice below, struct words words)
{
    struct writer path;
    writer_init(&path, 0);
    write_path(parser, &path);
    if (below.at != NULL)
        writer_format(&path, "%s%.*s", mark, SLICE_ARG(iso_value_excerpt(below)));
    add(parser, kind, place, writer_slice(&path), words);
    writer_fini(&path);
}

void iso_finding(struct iso_parser *parser, const struct error_kind *kind, struct place place,
                 const char *mark, struct slice below, const char *format, ...)
{
    char text[TEXT_SIZE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tell(parser, kind, place, mark, below, (struct words){ text, "" });
}

void iso_rule_broken(const struct iso_rule_sight *sight, const char *format, ...)
{
    char text[TEXT_SIZE_MAX], closing[TEXT_SIZE_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size >= 0 && size < TEXT_SIZE_MAX)
        snprintf(text + size, sizeof text - (size_t)size, ": %s", sight->rule->text);
    snprintf(closing, sizeof closing, " (rule %s)", sight->rule->name);
    tell(sight->parser, &iso_rule, iso_frame_top(sight->parser)->place, "/@", sight->attribute,
         (struct words){ text, closing });
}

static bool may_come(const struct iso_type *type, struct iso_position position, size_t row)
{
    const struct iso_element *element = &type->elements[row];
    if (position.row == row)
        return position.count < element->max;
    return position.row == NAMES_NONE || element->place != type->elements[position.row].place;
}

void iso_finding_expected(const struct iso_frame *frame, struct writer *writer)
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
            return;
        }
        writer_bytes(writer, element->name);
        bool last_of_place =
            i + 1 == type->element_count || type->elements[i + 1].place != element->place;
        bool needed = i == position.row ? position.count < element->min : element->place_required;
        if (needed && last_of_place)
            return;
    }
    if (count == 0)
        writer_text(writer, "nothing more may follow");
}
