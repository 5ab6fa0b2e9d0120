/* libxml2's push parser behind events. */
#include "codecs/base/xml.h"

#include "codecs/base/arena.h"
#include "codecs/base/charset.h"
#include "codecs/base/xml_guard.h"
#include "codecs/base/xml_names.h"
#include "codecs/base/xml_place.h"
#include "codecs/base/xml_queue.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <stdlib.h>

enum {
    OPTIONS = XML_PARSE_NONET | XML_PARSE_HUGE,
    /* More than a document of one schema has: with more, libxml2 takes longer to find
       each. */
    KEPT_NAME_COUNT_MAX = 512,
    KEPT_NAMES_SIZE_MAX = 128 << 10, /* a namespace may be as long as a text */
};

const struct error_kind xml_malformed = { "xml.malformed", "not well-formed XML" };

struct xml_reader {
    const char *source;
    struct xml_guard guard;
    xmlParserCtxtPtr parser;
    struct xml_taker taker; /* of the events of what is being fed */
    struct xml_queue queue;
    struct xml_event start, text, end; /* the last one of each kind */
    struct slice run;                  /* the text since the last tag; size 0: none */
    struct writer bytes;               /* of a run that libxml2 did not tell in one piece */
    bool may_move;                     /* what is being parsed, before push() has it again */
    size_t element_count;
    const xmlChar *uri;               /* the namespace of the last tag */
    struct xml_attribute *attributes; /* of the last tag */
    size_t attribute_room;
    struct arena values; /* of the last tag's, where they are not as libxml2 has them */
    struct xml_names names;
    struct error error; /* set once */
    bool ended;
};

static struct place place_now(const struct xml_reader *reader)
{
    const xmlParserInput *input = reader->parser->input;
    return (struct place){ .source = reader->source,
                           .line = input == NULL ? 0 : (unsigned)input->line,
                           .column = input == NULL ? 0 : (unsigned)input->col,
                           .offset = reader->guard.total_size };
}

/* The first fault stays; the parser stops. */
static void stop(struct xml_reader *reader, const struct error_kind *kind, const char *detail)
{
    if (reader->error.kind == NULL)
        error_at(&reader->error, kind, place_now(reader), "%s", detail);
    xmlStopParser(reader->parser);
}

static struct slice slice_of_xml(const xmlChar *text)
{
    return slice_of((const char *)text);
}

static bool has_ampersand(struct slice value)
{
    return value.size > 0 && memchr(value.at, '&', value.size) != NULL;
}

/* libxml2 writes an ampersand of an attribute's value as a reference, unless it was told
   to replace entities, so that each '&' begins one. */
static struct slice with_ampersands(struct xml_reader *reader, struct slice value)
{
    const struct slice reference = SLICE("&#38;");
    char *at = arena_take(&reader->values, value.size);
    struct slice copy = { at, 0 };
    while (value.size > 0) {
        at[copy.size++] = value.at[0];
        value = slice_after(value, slice_starts(value, reference) ? reference.size : 1);
    }
    return copy;
}

/* A namespace is told with its ampersands. */
static APART const struct xml_name *meet_name(struct xml_reader *reader, const xmlChar *at)
{
    struct xml_name *name = xml_names_meet(&reader->names, (const char *)at);
    if (name->text.at == name->at && has_ampersand(name->text)) {
        struct slice written = with_ampersands(reader, name->text);
        name->text = slice_of_xml(
            xmlDictLookup(reader->parser->dict, (const xmlChar *)written.at, (int)written.size));
    }
    return name;
}

/* libxml2 keeps each name once, as long as the parser lives. */
static inline const struct xml_name *name_of(struct xml_reader *reader, const xmlChar *at)
{
    const struct xml_name *name = xml_names_glance(&reader->names, (const char *)at);
    return name == NULL ? meet_name(reader, at) : name;
}

/* NULL: absent. */
static struct slice slice_of_name(struct xml_reader *reader, const xmlChar *at)
{
    return at == NULL ? SLICE_NONE : name_of(reader, at)->text;
}

static void put_place(const struct xml_reader *reader, struct place *place)
{
    const xmlParserInput *input = reader->parser->input;
    place->line = (unsigned)input->line;
    place->column = (unsigned)input->col;
}

static inline void tell(const struct xml_reader *reader, enum xml_event_kind kind,
                        const struct xml_event *event)
{
    reader->taker.take[kind](reader->taker.owner, event);
}

static APART void tell_run(struct xml_reader *reader)
{
    reader->text.text = reader->run;
    tell(reader, XML_EVENT_TEXT, &reader->text);
    reader->run.size = 0;
    reader->bytes.used = 0;
}

/* Text that does not stay where it is, or comes in more than one piece, is put together. */
static APART void gather_run(struct xml_reader *reader, struct slice piece)
{
    if (reader->bytes.used == 0 && reader->run.size > 0)
        writer_bytes(&reader->bytes, reader->run);
    if (piece.size > 0)
        writer_bytes(&reader->bytes, piece);
    reader->run = writer_slice(&reader->bytes);
}

/* libxml2 stands behind the tag, but for its '>', when it tells of it.  Nearly all
   tags are short and have no more than a name: those are passed over by its size. */
static void find_tag(const struct xml_reader *reader, const struct xml_name *name,
                     struct xml_event *event)
{
    const xmlParserInput *input = reader->parser->input;
    const char *start = (const char *)input->base, *end = (const char *)input->cur;
    size_t size = name->plain_size;
    if ((size_t)(end - start) > size && end[-1 - (ptrdiff_t)size] == '<' && size > 0)
        event->place.column -= (unsigned)size + 1;
    else
        event->tag =
            xml_place_of_tag((struct slice){ start, (size_t)(end - start) }, &event->place);
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static struct slice without_space(struct slice text)
{
    while (text.size > 0 && is_space(text.at[0]))
        text = slice_after(text, 1);
    while (text.size > 0 && is_space(text.at[text.size - 1]))
        text.size--;
    return text;
}

static struct slice prefix_of(struct slice name)
{
    const char *colon = name.size == 0 ? NULL : memchr(name.at, ':', name.size);
    return colon == NULL ? SLICE_NONE : (struct slice){ name.at, (size_t)(colon - name.at) };
}

/* libxml2 keeps prefix and namespace of each declaration that holds, the latest last. */
static struct slice namespace_of(struct xml_reader *reader, struct slice value)
{
    const xmlParserCtxt *parser = reader->parser;
    struct slice prefix = prefix_of(without_space(value));
    for (int i = parser->nsNr - 2; i >= 0; i -= 2) {
        const char *declared = (const char *)parser->nsTab[i];
        if (declared == NULL ? prefix.at == NULL
                             : prefix.at != NULL && slice_is(prefix, declared)) {
            struct slice uri = slice_of_name(reader, parser->nsTab[i + 1]);
            return uri.size == 0 ? SLICE_NONE : uri;
        }
    }
    return prefix.at == NULL ? SLICE_NONE : SLICE("");
}

static void take_attributes(struct xml_reader *reader, size_t count, const xmlChar **raw)
{
    if (reader->values.used > 0)
        arena_reset(&reader->values);
    while (reader->attribute_room < count)
        reader->attributes = memory_room(reader->attributes, reader->attribute_room,
                                         &reader->attribute_room, sizeof *reader->attributes);
    for (size_t i = 0; i < count; i++, raw += 5) {
        struct slice value = { (const char *)raw[3], (size_t)(raw[4] - raw[3]) };
        if (has_ampersand(value))
            value = with_ampersands(reader, value);
        reader->attributes[i] =
            (struct xml_attribute){ slice_of_name(reader, raw[0]), slice_of_name(reader, raw[2]),
                                    value, namespace_of(reader, value) };
    }
    reader->start.attributes = reader->attributes;
}

/* libxml2 hands attributes over as five pointers each, declarations as two, which are names
   of the document as well, whoever uses them. */
static APART void take_more(struct xml_reader *reader, int declared_count, const xmlChar **declared,
                            int attribute_count, const xmlChar **attributes)
{
    for (int i = 0; i < declared_count * 2; i++)
        slice_of_name(reader, declared[i]);
    if (attribute_count > 0)
        take_attributes(reader, (size_t)attribute_count, attributes);
}

/* libxml2 tells of a tag in which the document breaks off like of any other, and only
   then of the fault. */
static bool is_tag_whole(const struct xml_reader *reader)
{
    const xmlChar *end = reader->parser->input->cur;
    return end[0] == '>' || (end[0] == '/' && end[1] == '>');
}

/* libxml2 counts an element when it has told of it. */
static inline bool is_too_deep(const struct xml_reader *reader)
{
    return (size_t)reader->parser->nameNr >= reader->guard.limits.depth_max;
}

static RARE void stop_at_element(struct xml_reader *reader)
{
    const struct xml_limits *limits = &reader->guard.limits;
    xml_limit_refuse(limits,
                     reader->element_count > limits->element_count_max ? XML_LIMIT_element_count_max
                                                                       : XML_LIMIT_depth_max,
                     &reader->error);
    reader->error.place = reader->start.place;
    xmlStopParser(reader->parser);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    struct xml_reader *reader = context;
    (void)prefix, (void)defaulted_count; /* its prefix was declared */
    if (reader->error.kind != NULL || !is_tag_whole(reader))
        return;
    struct xml_event *event = &reader->start;
    event->attribute_count = (size_t)attribute_count;
    if (namespace_count + attribute_count > 0)
        take_more(reader, namespace_count, namespaces, attribute_count, attributes);
    if (reader->run.size > 0)
        tell_run(reader);
    const struct xml_name *known = name_of(reader, name);
    put_place(reader, &event->place);
    reader->text.place.line = event->place.line;
    reader->text.place.column = event->place.column + 1; /* libxml2 stands before the '>' */
    event->name = known->text;
    find_tag(reader, known, event);
    if (reader->uri != uri)
        event->namespace = slice_of_name(reader, reader->uri = uri);
    if (++reader->element_count > reader->guard.limits.element_count_max || is_too_deep(reader)) {
        stop_at_element(reader);
        return;
    }
    tell(reader, XML_EVENT_START, event);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_reader *reader = context;
    (void)name, (void)prefix, (void)uri;
    if (reader->error.kind != NULL)
        return;
    if (reader->run.size > 0)
        tell_run(reader);
    put_place(reader, &reader->end.place);
    reader->text.place.line = reader->end.place.line;
    reader->text.place.column = reader->end.place.column;
    tell(reader, XML_EVENT_END, &reader->end);
}

/* Does text stay where it is until push() has seen to it?  What libxml2 replaces, or looks
   at more closely, it tells from elsewhere; and it moves what it has to convert. */
static inline bool stays(const struct xml_reader *reader, const char *text)
{
    const xmlParserInput *input = reader->parser->input;
    return text >= (const char *)input->base && text < (const char *)input->end &&
           input->buf->raw == NULL && !reader->may_move;
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct xml_reader *reader = context;
    struct slice piece = { (const char *)text, (size_t)size };
    if (reader->error.kind != NULL)
        return;
    if (reader->run.size == 0 && stays(reader, piece.at))
        reader->run = piece;
    else
        gather_run(reader, piece);
}

/* libxml2 does not look at these as closely as at other text: overlong forms pass. */
static void on_cdata(void *context, const xmlChar *text, int size)
{
    if (utf8_valid((struct slice){ (const char *)text, (size_t)size }))
        on_text(context, text, size);
    else
        stop(context, &xml_malformed, "it is not UTF-8");
}

/* Told of because its target is a name as well. */
static void on_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)data;
    slice_of_name(context, target);
}

static void on_reference(void *context, const xmlChar *name)
{
    (void)name;
    stop(context, &xml_malformed, "an entity is not defined");
}

/* libxml2 says the same of what is behind the root element and of a document that is
   not there to its end; and of what is no XML that it is empty. */
static const char *text_of(const struct xml_reader *reader, const xmlError *fault)
{
    const xmlParserCtxt *parser = reader->parser;
    if (fault->code == XML_ERR_DOCUMENT_EMPTY)
        return "it does not begin with a tag";
    if (fault->code != XML_ERR_DOCUMENT_END || parser->instate == XML_PARSER_EPILOG)
        return fault->message == NULL ? "" : fault->message;
    return parser->nameNr == 0 ? "there is no element in it" : "it breaks off before its last tag";
}

/* libxml2's texts end in a line feed. */
static void on_error(void *context, xmlErrorPtr fault)
{
    struct xml_reader *reader = context;
    if (fault->level < XML_ERR_ERROR || reader->error.kind != NULL)
        return;
    /* A name with two colons is no name that a schema knows, and is told as that. */
    if (fault->domain == XML_FROM_NAMESPACE && fault->code == XML_NS_ERR_QNAME)
        return;
    struct place place = place_now(reader);
    if (fault->line > 0)
        place.line = (unsigned)fault->line;
    if (fault->int2 > 0)
        place.column = (unsigned)fault->int2;
    struct slice text = slice_of(text_of(reader, fault));
    while (text.size > 0 && (text.at[text.size - 1] == '\n' || text.at[text.size - 1] == ' '))
        text.size--;
    error_at(&reader->error, &xml_malformed, place, "%.*s", SLICE_ARG(text));
}

static const xmlSAXHandler *handlers(void)
{
    static const xmlSAXHandler table = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_cdata,
        .processingInstruction = on_instruction,
        .reference = on_reference,
        .serror = (xmlStructuredErrorFunc)on_error,
    };
    return &table;
}

/* All that is of one document alone. */
static void begin(struct xml_reader *reader, const char *source, const struct xml_limits *limits)
{
    xml_guard_init(&reader->guard, limits);
    arena_init(&reader->values, ARENA_UNLIMITED);
    writer_init(&reader->bytes, 0);
    reader->source = source;
    reader->start = (struct xml_event){ .kind = XML_EVENT_START, .place.source = source };
    reader->text = (struct xml_event){ .kind = XML_EVENT_TEXT, .place.source = source };
    reader->end = (struct xml_event){ .kind = XML_EVENT_END, .place.source = source };
    reader->element_count = 0;
    reader->uri = NULL;
    reader->ended = false;
}

struct xml_reader *xml_reader_new(const char *source, const struct xml_limits *limits)
{
    struct xml_reader *reader = memory_take(sizeof *reader);
    *reader = (struct xml_reader){ .source = source };
    xml_queue_init(&reader->queue);
    xml_names_init(&reader->names);
    begin(reader, source, limits);
    xmlSAXHandler table = *handlers();
    reader->parser = xmlCreatePushParserCtxt(&table, reader, NULL, 0, NULL);
    assert(reader->parser != NULL);
    xmlCtxtUseOptions(reader->parser, OPTIONS);
    return reader;
}

static bool is_reusable(const struct xml_reader *reader)
{
    const xmlDictPtr names = reader->parser->dict;
    return reader->ended && reader->error.kind == NULL && reader->guard.codec == NULL &&
           reader->queue.next == reader->queue.count && xmlDictSize(names) <= KEPT_NAME_COUNT_MAX &&
           xmlDictGetUsage(names) <= KEPT_NAMES_SIZE_MAX;
}

bool xml_reader_again(struct xml_reader *reader, const char *source,
                      const struct xml_limits *limits)
{
    if (!is_reusable(reader) || xmlCtxtResetPush(reader->parser, NULL, 0, NULL, NULL) != 0)
        return false;
    /* What the reset leaves, or sets to something else than a new parser has. */
    reader->parser->progressive = 0;
    reader->parser->charset = XML_CHAR_ENCODING_NONE;
    xml_guard_fini(&reader->guard);
    arena_fini(&reader->values);
    writer_fini(&reader->bytes);
    xml_names_again(&reader->names);
    begin(reader, source, limits);
    return true;
}

void xml_reader_free(struct xml_reader *reader)
{
    if (reader == NULL)
        return;
    xmlFreeParserCtxt(reader->parser);
    xml_guard_fini(&reader->guard);
    xml_queue_fini(&reader->queue);
    xml_names_fini(&reader->names);
    arena_fini(&reader->values);
    writer_fini(&reader->bytes);
    free(reader->attributes);
    free(reader);
}

/* Behind what libxml2 has been given, part of which it may not have looked at; of the
   markup in that when there is some and the fault is of markup. */
static struct place place_ahead(const struct xml_reader *reader, const struct error *error)
{
    bool of_markup = error->kind != &xml_malformed;
    struct place place = place_now(reader);
    const xmlParserInput *input = reader->parser->input;
    for (const xmlChar *at = input->cur; at < input->end && !(of_markup && *at == '<'); at++) {
        place.column += (*at & 0xc0) != 0x80;
        if (*at == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

/* As the guard says, unless libxml2 has found something before. */
static bool stop_ahead(struct xml_reader *reader, const struct error *error)
{
    if (reader->error.kind == NULL)
        error_at(&reader->error, error->kind, place_ahead(reader, error), "%s", error->detail);
    xmlStopParser(reader->parser);
    return false;
}

/* libxml2 holds a carriage return at the end of a chunk back while it parses what is before
   it, and then makes room for it. */
static bool makes_room(struct slice chunk, bool last)
{
    return !last && chunk.size > 0 && chunk.at[chunk.size - 1] == '\r';
}

/* One small chunk into libxml2. */
static bool push(struct xml_reader *reader, struct slice chunk, bool last)
{
    struct error error;
    reader->start.place.offset = reader->text.place.offset = reader->end.place.offset =
        reader->guard.total_size;
    reader->may_move = makes_room(chunk, last);
    xmlParseChunk(reader->parser, chunk.at, (int)chunk.size, last);
    if (reader->error.kind == NULL && !reader->parser->wellFormed)
        stop(reader, &xml_malformed, "");
    if (reader->error.kind == NULL &&
        !xml_guard_parsed(&reader->guard, reader->names.used,
                          (size_t)(reader->parser->input->end - reader->parser->input->cur),
                          &error))
        return stop_ahead(reader, &error);
    if (reader->error.kind == NULL && reader->run.size > 0)
        gather_run(reader, SLICE(""));
    return reader->error.kind == NULL;
}

static bool push_all(struct xml_reader *reader, struct slice bytes, bool last)
{
    struct error error;
    struct slice fit;
    do {
        bool fine = xml_guard_take(&reader->guard, &bytes, last, &fit, &error);
        if (reader->guard.codec != NULL && (reader->parser->options & XML_PARSE_IGNORE_ENC) == 0)
            xmlCtxtUseOptions(reader->parser, OPTIONS | XML_PARSE_IGNORE_ENC);
        bool is_end = fine && last && bytes.size == 0;
        if ((fit.size > 0 || is_end) && !push(reader, fit, is_end))
            return false;
        if (!fine)
            return stop_ahead(reader, &error);
    } while (bytes.size > 0);
    return true;
}

bool xml_reader_pass(struct xml_reader *reader, struct slice bytes, bool last,
                     struct xml_taker taker, struct error *error)
{
    if (bytes.at == NULL)
        bytes = SLICE("");
    reader->taker = taker;
    bool fine = reader->error.kind == NULL && !reader->ended && push_all(reader, bytes, last);
    reader->ended = last;
    if (!fine)
        *error = reader->error;
    return fine;
}

bool xml_reader_feed(struct xml_reader *reader, struct slice bytes, bool last, struct error *error)
{
    struct xml_taker queue = { &reader->queue, { xml_queue_take, xml_queue_take, xml_queue_take } };
    xml_queue_forget(&reader->queue);
    return xml_reader_pass(reader, bytes, last, queue, error);
}

bool xml_reader_next(struct xml_reader *reader, struct xml_event *event)
{
    return xml_queue_next(&reader->queue, event);
}

struct slice xml_local_part(struct slice value)
{
    struct slice name = without_space(value), prefix = prefix_of(name);
    return prefix.at == NULL ? name : slice_after(name, prefix.size + 1);
}
