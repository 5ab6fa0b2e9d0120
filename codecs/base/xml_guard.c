/* Holds the beginning of a document back until its encoding is known, and hands
   on only what is within the limits. */
#include "codecs/base/xml_guard.h"

#include "codecs/base/xml_encoding.h"

const struct error_kind xml_doctype = { "xml.doctype", "a DOCTYPE has no place in a message" };
const struct error_kind xml_encoding = { "xml.encoding", "an encoding that is not taken" };

void xml_guard_init(struct xml_guard *guard, const struct xml_limits *limits)
{
    *guard = (struct xml_guard){ .limits = *limits };
    xml_scan_init(&guard->scan, &guard->limits);
    writer_init(&guard->coded, 0);
    writer_init(&guard->text, 0);
}

void xml_guard_fini(struct xml_guard *guard)
{
    writer_fini(&guard->coded);
    writer_fini(&guard->text);
    gb18030_free(guard->codec);
}

/* US-ASCII is UTF-8 as well. */
static bool is_utf8(struct slice encoding)
{
    return xml_encoding_is(encoding, "UTF-8") || xml_encoding_is(encoding, "UTF8") ||
           xml_encoding_is(encoding, "US-ASCII");
}

static bool choose_encoding(struct xml_guard *guard, struct slice beginning, struct error *error)
{
    enum { NAME_SIZE_MAX = 40 };
    const char *own = charset_name(guard->limits.charset);
    struct slice name = xml_encoding_of(beginning);
    if (name.at == NULL)
        name = slice_of(own);
    if (is_utf8(name))
        return true;
    if (name.size > NAME_SIZE_MAX)
        name.size = NAME_SIZE_MAX;
    if (!xml_encoding_is(name, own))
        return error_at(error, &xml_encoding, PLACE_NONE, "%.*s; send UTF-8%s%s", SLICE_ARG(name),
                        guard->limits.charset == CHARSET_UTF8 ? "" : " or ",
                        guard->limits.charset == CHARSET_UTF8 ? "" : own);
    guard->codec = gb18030_new();
    return guard->codec != NULL ||
           error_at(error, &xml_encoding, PLACE_NONE, "%s, which this system lacks", own);
}

/* Neither an encoding that comes later than we look for one. */
static bool check_beginning(struct xml_guard *guard, struct slice beginning, struct error *error)
{
    bool is_cut = beginning.size == XML_GUARD_BEGINNING_SIZE_MAX &&
                  memchr(beginning.at, '>', beginning.size) == NULL;
    if (is_cut && memmem(beginning.at, 8, "<?xml", 5) != NULL)
        return error_at(error, &xml_limit, PLACE_NONE, "an XML declaration has at most %d bytes",
                        XML_GUARD_BEGINNING_SIZE_MAX);
    return choose_encoding(guard, beginning, error);
}

/* true and *fit empty: there is more to come. */
static bool take_beginning(struct xml_guard *guard, struct slice *bytes, bool last,
                           struct slice *fit, struct error *error)
{
    size_t room = XML_GUARD_BEGINNING_SIZE_MAX - guard->beginning_size;
    size_t size = bytes->size < room ? bytes->size : room;
    if (size > 0)
        memcpy(guard->beginning + guard->beginning_size, bytes->at, size);
    guard->beginning_size += size;
    *bytes = slice_after(*bytes, size);
    struct slice beginning = { guard->beginning, guard->beginning_size };
    guard->begun =
        last || beginning.size == XML_GUARD_BEGINNING_SIZE_MAX ||
        (beginning.size >= XML_SIGNATURE_SIZE && memchr(beginning.at, '>', beginning.size) != NULL);
    if (!guard->begun)
        return true;
    if (!check_beginning(guard, beginning, error))
        return false;
    *fit = beginning;
    return true;
}

static void take_chunk(struct slice *bytes, struct slice *chunk)
{
    size_t size = bytes->size < XML_GUARD_CHUNK_SIZE_MAX ? bytes->size : XML_GUARD_CHUNK_SIZE_MAX;
    *chunk = (struct slice){ bytes->at, size };
    *bytes = slice_after(*bytes, size);
}

/* Cuts chunk down to what the size of a document allows; false: that is not all. */
static bool check_total(struct xml_guard *guard, struct slice *chunk, struct error *error)
{
    size_t room = guard->limits.total_size_max - guard->total_size;
    bool fits = chunk->size <= room;
    if (!fits)
        chunk->size = room;
    guard->total_size += chunk->size;
    return fits || xml_limit_refuse(&guard->limits, XML_LIMIT_total_size_max, error);
}

/* The chunk in UTF-8, up to the last whole character; false: up to what is none. */
static bool convert(struct xml_guard *guard, struct slice *chunk, bool last, struct error *error)
{
    bool cut;
    writer_bytes(&guard->coded, *chunk);
    writer_reset(&guard->text);
    size_t taken = gb18030_decode(guard->codec, writer_slice(&guard->coded), &guard->text, &cut);
    writer_drop(&guard->coded, taken);
    *chunk = writer_slice(&guard->text);
    return guard->coded.used == 0 || (cut && !last) ||
           error_at(error, &xml_malformed, PLACE_NONE, "bytes that are no character of GB18030");
}

/* libxml2 takes a NUL for the end. */
static size_t size_without_nul(struct slice text)
{
    const char *nul = text.size == 0 ? NULL : memchr(text.at, '\0', text.size);
    return nul == NULL ? text.size : (size_t)(nul - text.at);
}

/* Cuts text down to what is fine; false: that is not all. */
static bool check_text(struct xml_guard *guard, struct slice *text, struct error *error)
{
    const struct slice whole = { text->at, size_without_nul(*text) };
    bool has_nul = whole.size < text->size;
    text->size = xml_scan_take(&guard->scan, whole);
    if (guard->scan.doctype)
        return error_at(error, &xml_doctype, PLACE_NONE, "leave it out");
    if (guard->scan.over != XML_LIMIT_NONE)
        return xml_limit_refuse(&guard->limits, guard->scan.over, error);
    return !has_nul ||
           error_at(error, &xml_malformed, PLACE_NONE, "there is no NUL character in XML");
}

/* What comes first in the document is told first. */
bool xml_guard_take(struct xml_guard *guard, struct slice *bytes, bool last, struct slice *fit,
                    struct error *error)
{
    struct error later;
    *fit = SLICE("");
    if (guard->begun)
        take_chunk(bytes, fit);
    else if (!take_beginning(guard, bytes, last, fit, error))
        return false;
    bool fine = check_total(guard, fit, &later);
    if (guard->codec != NULL)
        fine = convert(guard, fit, fine && last && bytes->size == 0, &later) && fine;
    if (!check_text(guard, fit, error))
        return false;
    if (!fine)
        *error = later;
    return fine;
}

/* What the parser waits with is markup that has no end yet.  The scan counts it as long
   as it is well formed; CDATA it counts as text. */
bool xml_guard_parsed(const struct xml_guard *guard, size_t name_count, size_t waiting_size,
                      struct error *error)
{
    const struct xml_limits *limits = &guard->limits;
    if (name_count > limits->name_count_max)
        return xml_limit_refuse(limits, XML_LIMIT_name_count_max, error);
    bool fits = guard->scan.state == XML_SCAN_CDATA || waiting_size < XML_GUARD_CHUNK_SIZE_MAX ||
                waiting_size - XML_GUARD_CHUNK_SIZE_MAX <= limits->markup_size_max;
    return fits || xml_limit_refuse(limits, XML_LIMIT_markup_size_max, error);
}
