/* Looks at the bytes of a document before the parser does, and counts what it
   tells of. */
#include "codecs/base/xml_guard.h"

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

enum { BEGINNING_SIZE = 4 }; /* tells UTF-8 from UTF-16 and UTF-32, for us and for libxml2 */

void xml_guard_init(struct xml_guard *guard, const struct xml_limits *limits)
{
    *guard = (struct xml_guard){ .limits = *limits };
}

static bool refuse(struct error *error, const struct error_kind *kind, const char *detail)
{
    return error_at(error, kind, PLACE_NONE, "%s", detail);
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
static bool check_encoding(struct slice prologue, struct error *error)
{
    const unsigned char *at = (const unsigned char *)prologue.at;
    if (prologue.size >= 2 && ((at[0] == 0xfe && at[1] == 0xff) ||
                               (at[0] == 0xff && at[1] == 0xfe) || at[0] == 0 || at[1] == 0))
        return refuse(error, &xml_encoding, "this looks like UTF-16 or UTF-32");
    if (slice_starts(prologue, SLICE("\xef\xbb\xbf")))
        prologue = slice_after(prologue, 3);
    struct slice name = declared_encoding(prologue);
    if (name.at == NULL || ascii_word(name, "UTF-8") || ascii_word(name, "UTF8") ||
        ascii_word(name, "US-ASCII"))
        return true;
    return error_at(error, &xml_encoding, PLACE_NONE, "the document declares %.*s",
                    (int)(name.size > 40 ? 40 : name.size), name.at);
}

/* The first bytes are held back until the XML declaration is whole. */
static bool take_prologue(struct xml_guard *guard, struct slice *bytes, bool last,
                          struct slice *fit, struct error *error)
{
    size_t room = XML_GUARD_PROLOGUE_SIZE_MAX - guard->prologue_size;
    size_t size = bytes->size < room ? bytes->size : room;
    if (size > 0)
        memcpy(guard->prologue + guard->prologue_size, bytes->at, size);
    guard->prologue_size += size;
    *bytes = slice_after(*bytes, size);
    struct slice prologue = { guard->prologue, guard->prologue_size };
    guard->prologue_seen =
        last || prologue.size == XML_GUARD_PROLOGUE_SIZE_MAX ||
        (prologue.size >= BEGINNING_SIZE && memchr(prologue.at, '>', prologue.size) != NULL);
    if (!guard->prologue_seen)
        return true;
    if (!check_encoding(prologue, error))
        return false;
    *fit = prologue;
    return true;
}

static void take_chunk(struct slice *bytes, struct slice *fit)
{
    size_t size = bytes->size < XML_GUARD_CHUNK_SIZE_MAX ? bytes->size : XML_GUARD_CHUNK_SIZE_MAX;
    *fit = (struct slice){ bytes->at, size };
    *bytes = slice_after(*bytes, size);
}

static bool count(struct xml_guard *guard, size_t size, struct error *error)
{
    guard->total_size += size;
    guard->quiet_size += size;
    if (guard->total_size > guard->limits.total_size_max)
        return refuse(error, &xml_limit, "the document is too long");
    return guard->quiet_size <= guard->limits.markup_size_max + XML_GUARD_CHUNK_SIZE_MAX ||
           refuse(error, &xml_limit, "a tag or comment is too long");
}

bool xml_guard_take(struct xml_guard *guard, struct slice *bytes, bool last, struct slice *fit,
                    struct error *error)
{
    *fit = SLICE("");
    if (guard->prologue_seen)
        take_chunk(bytes, fit);
    else if (!take_prologue(guard, bytes, last, fit, error))
        return false;
    if (count(guard, fit->size, error))
        return true;
    *fit = SLICE("");
    return false;
}

void xml_guard_event(struct xml_guard *guard)
{
    guard->quiet_size = 0;
}

bool xml_guard_start(struct xml_guard *guard, size_t name_size, size_t attribute_count,
                     struct error *error)
{
    if (++guard->depth > guard->limits.depth_max)
        return refuse(error, &xml_limit, "elements are nested too deeply");
    if (attribute_count > guard->limits.attribute_count_max)
        return refuse(error, &xml_limit, "a tag has too many attributes");
    return name_size <= guard->limits.name_size_max ||
           refuse(error, &xml_limit, "a name is too long");
}

bool xml_guard_value(const struct xml_guard *guard, size_t size, struct error *error)
{
    return size <= guard->limits.text_size_max ||
           refuse(error, &xml_limit, "an attribute's value is too long");
}

void xml_guard_end(struct xml_guard *guard)
{
    guard->depth--;
}
