/* libxml2's push parser behind events.  Callbacks only copy into a queue,
   which the caller drains after each feed. */
#include "codecs/base/xml.h"

#include "codecs/base/arena.h"
#include "codecs/base/xml_guard.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <stdlib.h>

const struct error_kind xml_malformed = { "xml.malformed", "not well-formed XML" };

struct xml_reader {
    const char *source;
    struct xml_guard guard;
    xmlParserCtxtPtr parser;
    struct arena arena;       /* what attributes of queued events point to */
    struct xml_event *events; /* the queue */
    size_t event_count, event_room, event_next;
    struct writer texts;     /* of the queue, and behind them what came since the last tag */
    size_t text_next;        /* where the text of the next TEXT event begins */
    size_t text_start;       /* where what came since the last tag begins */
    struct place text_place; /* where it begins, or would begin */
    struct slice namespace;  /* of the last tag */
    struct error error;      /* set once */
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

static struct xml_event *queue_event(struct xml_reader *reader, enum xml_event_kind kind)
{
    if (reader->event_count == reader->event_room)
        reader->events = memory_room(reader->events, reader->event_count, &reader->event_room,
                                     sizeof *reader->events);
    struct xml_event *event = &reader->events[reader->event_count++];
    *event = (struct xml_event){ .kind = kind, .place = place_now(reader) };
    return event;
}

/* The texts may move until the event is taken; its text follows the one before. */
static void queue_text(struct xml_reader *reader)
{
    if (reader->texts.used == reader->text_start)
        return;
    struct xml_event *event = queue_event(reader, XML_EVENT_TEXT);
    event->place = reader->text_place;
    event->text.size = reader->texts.used - reader->text_start;
    reader->text_start = reader->texts.used;
}

/* libxml2 keeps names in its dictionary, each once, as long as the parser lives. */
static struct slice namespace_of_tag(struct xml_reader *reader, const xmlChar *uri)
{
    if (reader->namespace.at != (const char *)uri)
        reader->namespace = slice_of_xml(uri);
    return reader->namespace;
}

/* libxml2 counts columns in characters. */
static unsigned count_characters(const xmlChar *at, const xmlChar *end)
{
    unsigned count = 0;
    for (; at < end; at++)
        count += (*at & 0xc0) != 0x80;
    return count;
}

static unsigned count_lines(const xmlChar *at, const xmlChar *end)
{
    unsigned count = 0;
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        count++;
    }
    return count;
}

/* libxml2 stands at the end of a start tag when it tells of it; its '<' is that
   much before.  Most tags are on one line and of ASCII only.  The tag's bytes are
   good until the next of it is fed. */
static struct slice place_at_tag(const struct xml_reader *reader, struct place *place)
{
    const xmlParserInput *input = reader->parser->input;
    if (input == NULL || input->base == NULL || input->cur == input->base)
        return SLICE_NONE;
    const xmlChar *tag = input->cur;
    unsigned bits = 0;
    bool is_broken = false;
    do {
        bits |= *--tag;
        is_broken = is_broken || *tag == '\n';
    } while (tag > input->base && *tag != '<');
    if (*tag != '<')
        return SLICE_NONE;
    struct slice bytes = { (const char *)tag, (size_t)(input->cur - tag) };
    unsigned columns =
        bits < 0x80 ? (unsigned)(input->cur - tag) : count_characters(tag, input->cur);
    if (!is_broken && columns < place->column) {
        place->column -= columns;
        return bytes;
    }
    unsigned lines = count_lines(tag, input->cur);
    const xmlChar *before = memrchr(input->base, '\n', (size_t)(tag - input->base));
    place->line -= lines < place->line ? lines : 0;
    place->column = 1 + count_characters(before == NULL ? input->base : before + 1, tag);
    return bytes;
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
static struct slice namespace_of(const struct xml_reader *reader, struct slice value)
{
    const xmlParserCtxt *parser = reader->parser;
    struct slice prefix = prefix_of(without_space(value));
    for (int i = parser->nsNr - 2; i >= 0; i -= 2) {
        const char *declared = (const char *)parser->nsTab[i];
        if (declared == NULL ? prefix.at == NULL
                             : prefix.at != NULL && slice_is(prefix, declared)) {
            struct slice uri = slice_of_xml(parser->nsTab[i + 1]);
            return uri.size == 0 ? SLICE_NONE : uri;
        }
    }
    return prefix.at == NULL ? SLICE_NONE : SLICE("");
}

/* libxml2 hands attributes over as five pointers each. */
static void copy_attributes(struct xml_reader *reader, struct xml_event *event, int count,
                            const xmlChar **raw)
{
    if (count == 0)
        return;
    struct xml_attribute *attributes =
        arena_take_array(&reader->arena, (size_t)count, sizeof *attributes);
    for (int i = 0; i < count; i++, raw += 5) {
        struct slice value = { (const char *)raw[3], (size_t)(raw[4] - raw[3]) };
        attributes[i].name = slice_of_xml(raw[0]);
        attributes[i].namespace = slice_of_xml(raw[2]);
        attributes[i].value = arena_copy(&reader->arena, value);
        attributes[i].value_namespace = namespace_of(reader, value);
    }
    event->attributes = attributes;
    event->attribute_count = (size_t)count;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
    (void)prefix, (void)namespace_count, (void)namespaces, (void)defaulted_count;
    if (reader->error.kind != NULL)
        return;
    queue_text(reader);
    struct xml_event *event = queue_event(reader, XML_EVENT_START);
    reader->text_place = event->place;
    reader->text_place.column++; /* libxml2 stands before the '>' */
    struct slice tag = place_at_tag(reader, &event->place);
    if (attribute_count > 0)
        event->tag = arena_copy(&reader->arena, tag);
    event->name = slice_of_xml(name);
    event->namespace = namespace_of_tag(reader, uri);
    copy_attributes(reader, event, attribute_count, attributes);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
    (void)prefix;
    if (reader->error.kind != NULL)
        return;
    queue_text(reader);
    struct xml_event *event = queue_event(reader, XML_EVENT_END);
    event->name = slice_of_xml(name);
    event->namespace = namespace_of_tag(reader, uri);
    reader->text_place = event->place;
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
    if (reader->error.kind != NULL)
        return;
    writer_bytes(&reader->texts, (struct slice){ (const char *)text, (size_t)size });
}

static void on_reference(void *context, const xmlChar *name)
{
    (void)name;
    stop(((xmlParserCtxtPtr)context)->_private, &xml_malformed, "an entity is not defined");
}

/* libxml2's texts end in a line feed. */
static void on_error(void *context, xmlErrorPtr fault)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
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
    struct slice text = slice_of(fault->message == NULL ? "" : fault->message);
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
        .cdataBlock = on_text,
        .reference = on_reference,
        .serror = (xmlStructuredErrorFunc)on_error,
    };
    return &table;
}

struct xml_reader *xml_reader_new(const char *source, const struct xml_limits *limits)
{
    struct xml_reader *reader = memory_take(sizeof *reader);
    *reader = (struct xml_reader){ .source = source };
    xml_guard_init(&reader->guard, limits);
    arena_init(&reader->arena, ARENA_UNLIMITED);
    writer_init(&reader->texts, 0);
    xmlSAXHandler table = *handlers();
    reader->parser = xmlCreatePushParserCtxt(&table, NULL, NULL, 0, NULL);
    assert(reader->parser != NULL);
    reader->parser->_private = reader;
    xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOCDATA);
    return reader;
}

void xml_reader_free(struct xml_reader *reader)
{
    if (reader == NULL)
        return;
    xmlFreeParserCtxt(reader->parser);
    arena_fini(&reader->arena);
    writer_fini(&reader->texts);
    free(reader->events);
    free(reader);
}

/* Of what libxml2 has not yet looked at: of the markup in it, or behind it. */
static struct place place_ahead(const struct xml_reader *reader)
{
    struct place place = place_now(reader);
    const xmlParserInput *input = reader->parser->input;
    for (const xmlChar *at = input->cur; at < input->end && *at != '<'; at++) {
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
        error_at(&reader->error, error->kind, place_ahead(reader), "%s", error->detail);
    xmlStopParser(reader->parser);
    return false;
}

/* One small chunk into libxml2. */
static bool push(struct xml_reader *reader, struct slice chunk, bool last)
{
    struct error error;
    xmlParseChunk(reader->parser, chunk.at, (int)chunk.size, last);
    if (reader->error.kind == NULL && !reader->parser->wellFormed)
        stop(reader, &xml_malformed, "");
    if (reader->error.kind == NULL &&
        !xml_guard_names(&reader->guard, (size_t)xmlDictSize(reader->parser->dict), &error))
        return stop_ahead(reader, &error);
    return reader->error.kind == NULL;
}

static bool push_all(struct xml_reader *reader, struct slice bytes, bool last)
{
    struct error error;
    struct slice fit;
    do {
        bool fine = xml_guard_take(&reader->guard, &bytes, last, &fit, &error);
        bool is_end = fine && last && bytes.size == 0;
        if ((fit.size > 0 || is_end) && !push(reader, fit, is_end))
            return false;
        if (!fine)
            return stop_ahead(reader, &error);
    } while (bytes.size > 0);
    return true;
}

static void forget_taken(struct xml_reader *reader)
{
    if (reader->event_next < reader->event_count)
        return;
    reader->event_count = reader->event_next = 0;
    arena_reset(&reader->arena);
    writer_drop(&reader->texts, reader->text_start);
    reader->text_start = reader->text_next = 0;
}

bool xml_reader_feed(struct xml_reader *reader, struct slice bytes, bool last, struct error *error)
{
    forget_taken(reader);
    if (bytes.at == NULL)
        bytes = SLICE("");
    bool fine = reader->error.kind == NULL && !reader->ended && push_all(reader, bytes, last);
    reader->ended = last;
    if (!fine)
        *error = reader->error;
    return fine;
}

bool xml_reader_next(struct xml_reader *reader, struct xml_event *event)
{
    if (reader->event_next == reader->event_count)
        return false;
    *event = reader->events[reader->event_next++];
    if (event->kind == XML_EVENT_TEXT) {
        event->text.at = reader->texts.at + reader->text_next;
        reader->text_next += event->text.size;
    }
    return true;
}

struct slice xml_local_part(struct slice value)
{
    struct slice name = without_space(value), prefix = prefix_of(name);
    return prefix.at == NULL ? name : slice_after(name, prefix.size + 1);
}

void xml_escape(struct slice text, struct writer *writer)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.at[i]) {
        case '&':
            writer_text(writer, "&amp;");
            break;
        case '<':
            writer_text(writer, "&lt;");
            break;
        case '>':
            writer_text(writer, "&gt;");
            break;
        case '"':
            writer_text(writer, "&quot;");
            break;
        case '\r':
            writer_text(writer, "&#13;");
            break;
        case '\n':
            writer_text(writer, "&#10;");
            break;
        case '\t':
            writer_text(writer, "&#9;");
            break;
        default:
            writer_char(writer, text.at[i]);
        }
    }
}
