/* Holds the beginning of a document back until its encoding is known, and hands
   on only what is within the limits. */
#include "codecs/base/xml_guard.h"

#include "codecs/base/xml_encoding.h"

const struct error_kind xml_doctype = { "xml.doctype", "a DOCTYPE has no place in a message" };
const struct error_kind xml_encoding = { "xml.encoding", "only UTF-8 is taken" };

void xml_guard_init(struct xml_guard *guard, const struct xml_limits *limits)
{
    *guard = (struct xml_guard){ .limits = *limits };
    xml_scan_init(&guard->scan, &guard->limits);
}

/* US-ASCII is UTF-8 as well. */
static bool check_encoding(struct slice beginning, struct error *error)
{
    enum { NAME_SIZE_MAX = 40 };
    struct slice name = xml_encoding_of(beginning);
    if (name.at == NULL || xml_encoding_is(name, "UTF-8") || xml_encoding_is(name, "UTF8") ||
        xml_encoding_is(name, "US-ASCII"))
        return true;
    if (name.size > NAME_SIZE_MAX)
        name.size = NAME_SIZE_MAX;
    return error_at(error, &xml_encoding, PLACE_NONE, "this is %.*s", SLICE_ARG(name));
}

/* Neither an encoding that comes later than we look for one. */
static bool check_beginning(struct slice beginning, struct error *error)
{
    bool is_cut = beginning.size == XML_GUARD_BEGINNING_SIZE_MAX &&
                  memchr(beginning.at, '>', beginning.size) == NULL;
    if (is_cut && memmem(beginning.at, 8, "<?xml", 5) != NULL)
        return error_at(error, &xml_limit, PLACE_NONE, "an XML declaration has at most %d bytes",
                        XML_GUARD_BEGINNING_SIZE_MAX);
    return check_encoding(beginning, error);
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
    if (!check_beginning(beginning, error))
        return false;
    *fit = beginning;
    return true;
}

static void take_chunk(struct slice *bytes, struct slice *fit)
{
    size_t size = bytes->size < XML_GUARD_CHUNK_SIZE_MAX ? bytes->size : XML_GUARD_CHUNK_SIZE_MAX;
    *fit = (struct slice){ bytes->at, size };
    *bytes = slice_after(*bytes, size);
}

/* libxml2 takes a NUL for the end. */
static size_t count_without_nul(struct slice bytes)
{
    const char *nul = bytes.size == 0 ? NULL : memchr(bytes.at, '\0', bytes.size);
    return nul == NULL ? bytes.size : (size_t)(nul - bytes.at);
}

/* Cuts fit down to what is within the limits; false: that is not all. */
static bool check(struct xml_guard *guard, struct slice *fit, struct error *error)
{
    const size_t size = fit->size, room = guard->limits.total_size_max - guard->total_size;
    size_t within = size < room ? size : room;
    struct slice whole = { fit->at, count_without_nul((struct slice){ fit->at, within }) };
    fit->size = xml_scan_take(&guard->scan, whole);
    guard->total_size += fit->size;
    if (guard->scan.doctype)
        return error_at(error, &xml_doctype, PLACE_NONE, "leave it out");
    if (guard->scan.over != XML_LIMIT_NONE)
        return xml_limit_refuse(&guard->limits, guard->scan.over, error);
    if (fit->size < within)
        return error_at(error, &xml_malformed, PLACE_NONE, "there is no NUL character in XML");
    return within == size || xml_limit_refuse(&guard->limits, XML_LIMIT_total_size_max, error);
}

bool xml_guard_take(struct xml_guard *guard, struct slice *bytes, bool last, struct slice *fit,
                    struct error *error)
{
    *fit = SLICE("");
    if (guard->begun)
        take_chunk(bytes, fit);
    else if (!take_beginning(guard, bytes, last, fit, error))
        return false;
    return check(guard, fit, error);
}

bool xml_guard_names(const struct xml_guard *guard, size_t count, struct error *error)
{
    return count <= guard->limits.name_count_max ||
           xml_limit_refuse(&guard->limits, XML_LIMIT_name_count_max, error);
}
