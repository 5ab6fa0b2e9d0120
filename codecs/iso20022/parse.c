/* Takes bytes, finds AppHdr and Document in whatever is around them, and hands
   what is in them to validate.c. */
#include "codecs/iso20022/parse.h"

#include "codecs/iso20022/parser.h"

#include <stdlib.h>

const struct error_kind iso_namespace_unknown = { "iso.namespace-unknown",
                                                  "no schema is loaded for this namespace" };
const struct error_kind iso_envelope_fault = { "iso.envelope", "not one AppHdr and one Document" };
const struct error_kind iso_header_mismatch = { "iso.header-mismatch",
                                                "the header is of another message" };
const struct error_kind iso_memory = { "iso.memory",
                                       "what is to be kept of it takes too much memory" };

struct iso_parser *iso_parser_new(const struct iso_parse_options *options, const char *source)
{
    struct iso_parser *parser = memory_take(sizeof *parser);
    *parser = (struct iso_parser){ .options = options, .source = source };
    iso_learned_init(&parser->own);
    bool is_free = options->learned != NULL && !options->learned->is_lent;
    parser->learned = is_free ? options->learned : &parser->own;
    parser->xml =
        iso_learned_lend(parser->learned, source,
                         options->xml_limits == NULL ? &xml_limits_default : options->xml_limits);
    arena_init(&parser->arena, options->memory_max);
    error_list_init(&parser->outcome.errors, options->error_count_max);
    return parser;
}

/* No more is taken: another parser may have what is learned. */
static void give_back(struct iso_parser *parser)
{
    if (parser->learned != NULL)
        parser->learned->is_lent = false;
    parser->learned = NULL;
}

void iso_parser_free(struct iso_parser *parser)
{
    if (parser == NULL)
        return;
    give_back(parser);
    iso_learned_fini(&parser->own);
    iso_builtins_free(parser->builtins);
    iso_fill_fini(&parser->header.fill);
    iso_fill_fini(&parser->document.fill);
    error_list_fini(&parser->outcome.errors);
    arena_fini(&parser->arena);
    free(parser->frames);
    free(parser);
}

static const struct iso_schema *schema_of(const struct iso_parser *parser, struct slice namespace)
{
    const struct slice prefix = SLICE(ISO_NAMESPACE);
    if (namespace.at == NULL || !slice_starts(namespace, prefix))
        return NULL;
    return iso_catalogue_find(parser->options->catalogue, slice_after(namespace, prefix.size));
}

static const struct shape_reader *reader_of(const struct iso_parser *parser,
                                            const struct iso_schema *schema)
{
    for (size_t i = 0; i < parser->options->reader_count; i++) {
        if (parser->options->readers[i]->schema == schema)
            return parser->options->readers[i];
    }
    return NULL;
}

/* The message id without its version: "pacs.008.001"; absent: there is none. */
static struct slice message_of(struct slice id)
{
    size_t size = id.size;
    while (size > 0 && id.at[size - 1] != '.')
        size--;
    return size == 0 ? SLICE_NONE : (struct slice){ id.at, size - 1 };
}

/* "pacs.008.001.08 is": other versions of the message that are loaded. */
static void write_loaded(const struct iso_catalogue *catalogue, struct slice id,
                         struct writer *writer)
{
    struct slice message = message_of(id);
    for (size_t i = 0; message.at != NULL && i < iso_catalogue_count(catalogue); i++) {
        struct slice loaded = iso_schema_id(iso_catalogue_at(catalogue, i));
        struct slice other = message_of(loaded);
        if (other.at != NULL && slice_equal(other, message))
            writer_format(writer, ", %.*s is", SLICE_ARG(loaded));
    }
}

static void report_namespace(struct iso_parser *parser)
{
    struct slice namespace = parser->event->namespace;
    const struct slice prefix = SLICE(ISO_NAMESPACE);
    struct writer loaded;
    writer_init(&loaded, 0);
    if (namespace.at != NULL && slice_starts(namespace, prefix))
        write_loaded(parser->options->catalogue, slice_after(namespace, prefix.size), &loaded);
    iso_finding(parser,
                (struct iso_fault){ &iso_namespace_unknown, ISO_RULE_ROOT, parser->event->place,
                                    "/", parser->event->name },
                "no schema is loaded for namespace \"%.*s\"%.*s",
                SLICE_ARG(iso_value_excerpt(namespace)), SLICE_ARG(writer_slice(&loaded)));
    writer_fini(&loaded);
}

static void report_root(struct iso_parser *parser, const struct iso_schema *schema)
{
    iso_finding(parser,
                (struct iso_fault){ &iso_element_unexpected, ISO_RULE_ROOT, parser->event->place,
                                    "/", parser->event->name },
                "is not expected here, expected %.*s", SLICE_ARG(schema->root.name));
}

/* NULL: there are none; or no memory for them, which ends the document. */
static const struct iso_rule_node *start_rules(struct iso_parser *parser, struct part *part)
{
    const struct iso_rule_book *book = iso_profile_book(parser->options->profile, part->schema);
    if (book == NULL)
        return NULL;
    if (book->memory_size > 0)
        part->rule_memory = arena_take(&parser->arena, book->memory_size);
    return arena_ok(&parser->arena) ? &book->root : NULL;
}

static void start_part(struct iso_parser *parser, struct part *part)
{
    const struct iso_schema *schema = schema_of(parser, parser->event->namespace);
    struct slice name = parser->event->name;
    if (part->seen) {
        iso_finding(
            parser,
            (struct iso_fault){ &iso_envelope_fault, NULL, parser->event->place, "/", name },
            "is the second, expected one AppHdr and one Document");
    } else if (schema == NULL) {
        report_namespace(parser);
    } else if (!slice_equal(name, schema->root.name)) {
        report_root(parser, schema);
    }
    bool usable = !part->seen && schema != NULL && slice_equal(name, schema->root.name);
    part->seen = true;
    if (!usable) {
        iso_frame_push_kind(parser, ISO_FRAME_SKIPPED);
        return;
    }
    part->schema = schema;
    part->namespace = parser->event->namespace.at;
    iso_fill_init(&part->fill, reader_of(parser, schema), &parser->arena, parser->gather);
    parser->part = part;
    parser->part_depth = parser->depth + 1;
    iso_validate_open_root(parser, start_rules(parser, part));
}

/* The outermost element, when it is neither AppHdr nor Document. */
static void start_wrapper(struct iso_parser *parser)
{
    struct slice namespace = parser->event->namespace;
    enum iso_envelope_kind around = iso_envelope_around(parser->event->name, namespace);
    if (around == ISO_ENVELOPE_OTHER && namespace.at != NULL &&
        slice_starts(namespace, SLICE(ISO_NAMESPACE))) {
        const struct iso_schema *schema = schema_of(parser, namespace);
        if (schema == NULL)
            report_namespace(parser);
        else
            report_root(parser, schema);
        iso_frame_push_kind(parser, ISO_FRAME_SKIPPED);
        return;
    }
    parser->outcome.envelope = around;
    iso_frame_push_kind(parser, ISO_FRAME_WRAPPER);
}

static RARE void start_outside(struct iso_parser *parser)
{
    if (slice_is(parser->event->name, "AppHdr"))
        start_part(parser, &parser->header);
    else if (slice_is(parser->event->name, "Document"))
        start_part(parser, &parser->document);
    else if (parser->depth == 0)
        start_wrapper(parser);
    else
        iso_frame_push_kind(parser, ISO_FRAME_WRAPPER);
    iso_parser_check_memory(parser);
}

void iso_parser_stop_for_memory(struct iso_parser *parser)
{
    if (parser->stopped)
        return;
    iso_finding(parser,
                (struct iso_fault){ &iso_memory, NULL, parser->event->place, "", SLICE_NONE },
                "what is to be kept of it takes too much memory, the limit is %zu bytes",
                parser->options->memory_max);
    parser->stopped = true;
}

/* Of those that take events owner is the parser. */
static void take_start(void *owner, const struct xml_event *event)
{
    struct iso_parser *parser = owner;
    if (parser->stopped)
        return;
    parser->event = event;
    if (parser->part != NULL ||
        (parser->depth > 0 && iso_frame_top(parser)->kind != ISO_FRAME_WRAPPER))
        iso_validate_start(parser);
    else
        start_outside(parser);
}

static void take_text(void *owner, const struct xml_event *event)
{
    struct iso_parser *parser = owner;
    if (parser->stopped)
        return;
    parser->event = event;
    iso_validate_text(parser);
}

static void take_end(void *owner, const struct xml_event *event)
{
    struct iso_parser *parser = owner;
    if (parser->stopped)
        return;
    parser->event = event;
    const struct iso_frame *frame = iso_frame_top(parser);
    if (frame->kind == ISO_FRAME_CHECKED && (frame->is_scope || !iso_frame_is_whole(frame)))
        iso_validate_end(parser);
    if (parser->depth == parser->part_depth)
        parser->part = NULL;
    parser->depth--;
    parser->frame_end--;
}

static void (*const takers[XML_EVENT_KIND_COUNT])(void *owner, const struct xml_event *event) = {
    [XML_EVENT_START] = take_start,
    [XML_EVENT_TEXT] = take_text,
    [XML_EVENT_END] = take_end,
};

bool iso_parser_step(struct iso_parser *parser)
{
    struct xml_event event;
    if (parser->stopped || !xml_reader_next(parser->xml, &event))
        return false;
    takers[event.kind](parser, &event);
    return true;
}

static bool stop_at(struct iso_parser *parser, const struct error *error)
{
    if (!parser->stopped)
        iso_finding(parser, (struct iso_fault){ error->kind, NULL, error->place, "", SLICE_NONE },
                    "%s%s%s", error->kind->text, error->detail[0] == '\0' ? "" : ": ",
                    error->detail);
    parser->stopped = true;
    return false;
}

static bool feed_piece(struct iso_parser *parser, struct slice bytes, bool last)
{
    const struct xml_taker taker = { parser, { take_start, take_text, take_end } };
    struct error error;
    if (parser->stopped)
        return false;
    bool fine = xml_reader_pass(parser->xml, bytes, last, taker, &error);
    return fine ? !parser->stopped : stop_at(parser, &error);
}

bool iso_parser_push(struct iso_parser *parser, struct slice bytes, bool last)
{
    struct error error;
    return !parser->stopped &&
           (xml_reader_feed(parser->xml, bytes, last, &error) || stop_at(parser, &error));
}

/* In pieces, so that little is read in vain when it stops. */
bool iso_parser_feed(struct iso_parser *parser, struct slice bytes)
{
    while (bytes.size > ISO_PIECE_SIZE_MAX) {
        if (!feed_piece(parser, (struct slice){ bytes.at, ISO_PIECE_SIZE_MAX }, false))
            return false;
        bytes = slice_after(bytes, ISO_PIECE_SIZE_MAX);
    }
    return feed_piece(parser, bytes, false);
}

/* What only the whole of it shows. */
static void check_whole(struct iso_parser *parser)
{
    const struct part *header = &parser->header, *document = &parser->document;
    struct slice says = { parser->header_message.text, parser->header_message.size };
    const char *missing = header->seen     ? "Document is"
                          : document->seen ? "AppHdr is"
                                           : "AppHdr and Document are";
    if (parser->outcome.envelope != ISO_ENVELOPE_NONE && (!header->seen || !document->seen))
        iso_finding(parser,
                    (struct iso_fault){ &iso_envelope_fault, NULL,
                                        (struct place){ .source = parser->source }, "",
                                        SLICE_NONE },
                    "%s missing in the envelope", missing);
    if (header->schema != NULL && document->schema != NULL && says.size > 0 &&
        !slice_equal(says, document->schema->id))
        iso_finding(parser,
                    (struct iso_fault){ &iso_header_mismatch, NULL, parser->header_message.place,
                                        "/", SLICE("AppHdr/MsgDefIdr") },
                    "\"%.*s\" is not the message of the Document, expected %.*s", SLICE_ARG(says),
                    SLICE_ARG(document->schema->id));
}

static struct iso_part part_of(const struct part *part)
{
    return (struct iso_part){ part->schema, part->fill.reader, part->fill.records,
                              part->fill.record_count };
}

const struct iso_outcome *iso_parser_end(struct iso_parser *parser)
{
    feed_piece(parser, SLICE(""), true);
    return iso_parser_finish(parser);
}

const struct iso_outcome *iso_parser_finish(struct iso_parser *parser)
{
    if (!parser->stopped)
        check_whole(parser);
    parser->stopped = true;
    give_back(parser);
    error_list_sort(&parser->outcome.errors);
    parser->outcome.header = part_of(&parser->header);
    parser->outcome.document = part_of(&parser->document);
    return &parser->outcome;
}
