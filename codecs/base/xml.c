/* libxml2's push parser behind events.  Callbacks only copy into a queue,
   which the caller drains after each feed. */
#include "codecs/base/xml.h"

#include "codecs/base/arena.h"
#include "codecs/base/charset.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <stdlib.h>

const struct error_kind xml_malformed = { "xml.malformed", "not well-formed XML" };
const struct error_kind xml_doctype = { "xml.doctype", "a DOCTYPE has no place in a message" };
const struct error_kind xml_encoding = { "xml.encoding", "only UTF-8 is taken" };
const struct error_kind xml_limit = { "xml.limit", "over a limit" };

const struct xml_limits xml_limits_default = {
    .depth_max = 64,
    .attribute_count_max = 64,
    .name_size_max = 256,
    .text_size_max = 12u << 20,
    .markup_size_max = 64u << 10,
    .total_size_max = (size_t)1 << 31,
};

enum {
    CHUNK_SIZE_MAX = 4096, /* fed to libxml2 at once: bounds how much is queued */
    PROLOGUE_SIZE_MAX = 1024,
    BEGINNING_SIZE = 4, /* tells UTF-8 from UTF-16 and UTF-32, for us and for libxml2 */
};

struct xml_reader {
    const char *source;
    struct xml_limits limits;
    xmlParserCtxtPtr parser;
    struct arena arena;       /* what queued events point to */
    struct xml_event *events; /* the queue */
    size_t event_count, event_room, event_next;
    struct writer text; /* text since the last tag */
    struct place text_place;
    unsigned depth;
    size_t total_size, quiet_size; /* bytes in all; bytes since the last event */
    struct error error;            /* set once */
    bool ended;
    bool prologue_seen;
    char prologue[PROLOGUE_SIZE_MAX]; /* held back until the encoding is known */
    size_t prologue_size;
};

static struct place place_now(const struct xml_reader *reader)
{
    return (struct place){ .source = reader->source,
                           .line = (unsigned)xmlSAX2GetLineNumber(reader->parser),
                           .column = (unsigned)xmlSAX2GetColumnNumber(reader->parser),
                           .offset = reader->total_size };
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
    reader->quiet_size = 0;
    reader->events = memory_room(reader->events, reader->event_count, &reader->event_room,
                                 sizeof *reader->events);
    struct xml_event *event = &reader->events[reader->event_count++];
    *event = (struct xml_event){ .kind = kind, .place = place_now(reader) };
    return event;
}

static void queue_text(struct xml_reader *reader)
{
    if (reader->text.used == 0)
        return;
    struct xml_event *event = queue_event(reader, XML_EVENT_TEXT);
    event->place = reader->text_place;
    event->text = arena_copy(&reader->arena, writer_slice(&reader->text));
    writer_reset(&reader->text);
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
   much before.  Most tags are on one line and of ASCII only. */
static void place_at_tag(const struct xml_reader *reader, struct place *place)
{
    const xmlParserInput *input = reader->parser->input;
    if (input == NULL || input->base == NULL || input->cur == input->base)
        return;
    const xmlChar *tag = input->cur;
    unsigned bits = 0;
    bool is_broken = false;
    do {
        bits |= *--tag;
        is_broken = is_broken || *tag == '\n';
    } while (tag > input->base && *tag != '<');
    if (*tag != '<')
        return;
    unsigned columns =
        bits < 0x80 ? (unsigned)(input->cur - tag) : count_characters(tag, input->cur);
    if (!is_broken && columns < place->column) {
        place->column -= columns;
        return;
    }
    unsigned lines = count_lines(tag, input->cur);
    const xmlChar *before = memrchr(input->base, '\n', (size_t)(tag - input->base));
    place->line -= lines < place->line ? lines : 0;
    place->column = 1 + count_characters(before == NULL ? input->base : before + 1, tag);
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
    struct xml_attribute *attributes =
        arena_take_array(&reader->arena, (size_t)count, sizeof *attributes);
    for (int i = 0; i < count; i++, raw += 5) {
        struct slice value = { (const char *)raw[3], (size_t)(raw[4] - raw[3]) };
        attributes[i].name = arena_copy(&reader->arena, slice_of_xml(raw[0]));
        attributes[i].namespace = arena_copy(&reader->arena, slice_of_xml(raw[2]));
        attributes[i].value = arena_copy(&reader->arena, value);
        attributes[i].value_namespace = namespace_of(reader, value);
        if (value.size > reader->limits.text_size_max)
            stop(reader, &xml_limit, "an attribute's value is too long");
    }
    event->attributes = attributes;
    event->attribute_count = (size_t)count;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
    (void)prefix, (void)namespaces, (void)defaulted_count;
    if (reader->error.kind != NULL)
        return;
    queue_text(reader);
    struct xml_event *event = queue_event(reader, XML_EVENT_START);
    place_at_tag(reader, &event->place);
    event->name = arena_copy(&reader->arena, slice_of_xml(name));
    event->namespace = arena_copy(&reader->arena, slice_of_xml(uri));
    copy_attributes(reader, event, attribute_count, attributes);
    if (++reader->depth > reader->limits.depth_max)
        stop(reader, &xml_limit, "elements are nested too deeply");
    else if ((unsigned)(attribute_count + namespace_count) > reader->limits.attribute_count_max)
        stop(reader, &xml_limit, "a tag has too many attributes");
    else if (event->name.size > reader->limits.name_size_max)
        stop(reader, &xml_limit, "a name is too long");
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
    (void)prefix;
    if (reader->error.kind != NULL)
        return;
    queue_text(reader);
    struct xml_event *event = queue_event(reader, XML_EVENT_END);
    event->name = arena_copy(&reader->arena, slice_of_xml(name));
    event->namespace = arena_copy(&reader->arena, slice_of_xml(uri));
    reader->depth--;
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
    if (reader->error.kind != NULL)
        return;
    if (reader->text.used == 0)
        reader->text_place = place_now(reader);
    writer_bytes(&reader->text, (struct slice){ (const char *)text, (size_t)size });
    reader->quiet_size = 0;
    if (!writer_ok(&reader->text))
        stop(reader, &xml_limit, "a text is too long");
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    stop(((xmlParserCtxtPtr)context)->_private, &xml_doctype, "");
}

static void on_quiet(void *context, const xmlChar *text)
{
    struct xml_reader *reader = ((xmlParserCtxtPtr)context)->_private;
    (void)text;
    reader->quiet_size = 0;
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    on_quiet(context, data);
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
        .internalSubset = on_doctype,
        .comment = on_quiet,
        .processingInstruction = on_instruction,
        .reference = on_reference,
        .serror = (xmlStructuredErrorFunc)on_error,
    };
    return &table;
}

struct xml_reader *xml_reader_new(const char *source, const struct xml_limits *limits)
{
    struct xml_reader *reader = memory_take(sizeof *reader);
    *reader = (struct xml_reader){ .source = source, .limits = *limits };
    arena_init(&reader->arena, ARENA_UNLIMITED);
    writer_init(&reader->text, limits->text_size_max);
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
    writer_fini(&reader->text);
    free(reader->events);
    free(reader);
}

static bool refuse(struct xml_reader *reader, const struct error_kind *kind, const char *detail)
{
    struct place place = { reader->source, 1, 1, 0 };
    return error_at(&reader->error, kind, place, "%s", detail);
}

/* The encoding name of an XML declaration; absent: there is none. */
static struct slice declared_encoding(struct slice prologue)
{
    static const char key[] = "encoding";
    struct slice end = { memchr(prologue.at, '>', prologue.size), 0 };
    if (end.at == NULL || !slice_starts(prologue, SLICE("<?xml")))
        return SLICE_NONE;
    struct slice rest = { prologue.at, (size_t)(end.at - prologue.at) };
    const char *found = memmem(rest.at, rest.size, key, sizeof key - 1);
    if (found == NULL)
        return SLICE_NONE;
    rest = slice_after(rest, (size_t)(found - rest.at) + sizeof key - 1);
    while (rest.size > 0 && strchr(" \t\r\n=\"'", rest.at[0]) != NULL)
        rest = slice_after(rest, 1);
    size_t size = 0;
    while (size < rest.size && rest.at[size] != '"' && rest.at[size] != '\'')
        size++;
    return (struct slice){ rest.at, size };
}

static bool ascii_word(struct slice word, const char *upper)
{
    if (word.size != strlen(upper))
        return false;
    for (size_t i = 0; i < word.size; i++) {
        char byte = word.at[i];
        if (byte >= 'a' && byte <= 'z')
            byte = (char)(byte - 'a' + 'A');
        if (byte != upper[i])
            return false;
    }
    return true;
}

/* US-ASCII is UTF-8 as well. */
static bool check_encoding(struct xml_reader *reader, struct slice prologue)
{
    const unsigned char *at = (const unsigned char *)prologue.at;
    if (prologue.size >= 2 && ((at[0] == 0xfe && at[1] == 0xff) ||
                               (at[0] == 0xff && at[1] == 0xfe) || at[0] == 0 || at[1] == 0))
        return refuse(reader, &xml_encoding, "this looks like UTF-16 or UTF-32");
    if (slice_starts(prologue, SLICE("\xef\xbb\xbf")))
        prologue = slice_after(prologue, 3);
    struct slice name = declared_encoding(prologue);
    if (name.at == NULL || ascii_word(name, "UTF-8") || ascii_word(name, "UTF8") ||
        ascii_word(name, "US-ASCII"))
        return true;
    struct place place = { reader->source, 1, 1, 0 };
    return error_at(&reader->error, &xml_encoding, place, "the document declares %.*s",
                    (int)(name.size > 40 ? 40 : name.size), name.at);
}

/* One small chunk into libxml2, bounds checked before. */
static bool push(struct xml_reader *reader, struct slice chunk, bool last)
{
    reader->total_size += chunk.size;
    reader->quiet_size += chunk.size;
    if (reader->total_size > reader->limits.total_size_max)
        return refuse(reader, &xml_limit, "the document is too long");
    if (reader->quiet_size > reader->limits.markup_size_max + CHUNK_SIZE_MAX) {
        stop(reader, &xml_limit, "a tag or comment is too long");
        return false;
    }
    xmlParseChunk(reader->parser, chunk.at, (int)chunk.size, last);
    if (reader->error.kind == NULL && !reader->parser->wellFormed)
        stop(reader, &xml_malformed, "");
    return reader->error.kind == NULL;
}

static bool push_all(struct xml_reader *reader, struct slice bytes, bool last)
{
    while (bytes.size > CHUNK_SIZE_MAX) {
        if (!push(reader, (struct slice){ bytes.at, CHUNK_SIZE_MAX }, false))
            return false;
        bytes = slice_after(bytes, CHUNK_SIZE_MAX);
    }
    return push(reader, bytes, last);
}

/* Holds the first bytes back until the XML declaration is whole. */
static bool feed_prologue(struct xml_reader *reader, struct slice *bytes, bool last)
{
    size_t room = PROLOGUE_SIZE_MAX - reader->prologue_size;
    size_t size = bytes->size < room ? bytes->size : room;
    if (size > 0)
        memcpy(reader->prologue + reader->prologue_size, bytes->at, size);
    reader->prologue_size += size;
    *bytes = slice_after(*bytes, size);
    struct slice prologue = { reader->prologue, reader->prologue_size };
    bool whole = last || reader->prologue_size == PROLOGUE_SIZE_MAX ||
                 (prologue.size >= BEGINNING_SIZE && memchr(prologue.at, '>', prologue.size));
    if (!whole)
        return true;
    reader->prologue_seen = true;
    if (!check_encoding(reader, prologue))
        return false;
    return push(reader, prologue, last && bytes->size == 0);
}

bool xml_reader_feed(struct xml_reader *reader, struct slice bytes, bool last, struct error *error)
{
    if (reader->event_next == reader->event_count) {
        reader->event_count = reader->event_next = 0;
        arena_reset(&reader->arena);
    }
    if (bytes.at == NULL)
        bytes = SLICE("");
    bool fine = reader->error.kind == NULL && !reader->ended;
    bool fed_last = false;
    if (fine && !reader->prologue_seen) {
        fine = feed_prologue(reader, &bytes, last);
        fed_last = last && bytes.size == 0;
    }
    if (fine && reader->prologue_seen && !fed_last)
        fine = push_all(reader, bytes, last);
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
