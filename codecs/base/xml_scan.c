/* A small lexer of markup: one function per state, each takes what belongs to
   its state from the front of the bytes. */
#include "codecs/base/xml_scan.h"

#include <limits.h>

enum { PLAIN_SIZE_MAX = 1024 };

const struct error_kind xml_limit = { "xml.limit", "over a limit" };

const struct xml_limits xml_limits_default = {
#define XML_LIMIT(field, key, if_absent, what, unit) .field = (if_absent),
#include "codecs/base/xml_limits.def"
#undef XML_LIMIT
};

static const struct {
    size_t offset; /* of its field */
    const char *key, *what, *unit;
} rows[] = {
#define XML_LIMIT(field, key, if_absent, what, unit)                                               \
    { offsetof(struct xml_limits, field), key, what, unit },
#include "codecs/base/xml_limits.def"
#undef XML_LIMIT
};

static size_t limit_of(const struct xml_limits *limits, enum xml_limit_name limit)
{
    size_t value;
    memcpy(&value, (const char *)limits + rows[limit].offset, sizeof value);
    return value;
}

size_t *xml_limit_find(struct xml_limits *limits, struct slice key)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (slice_is(key, rows[i].key))
            return (size_t *)(void *)((char *)limits + rows[i].offset);
    }
    return NULL;
}

bool xml_limit_refuse(const struct xml_limits *limits, enum xml_limit_name limit,
                      struct error *error)
{
    return error_at(error, &xml_limit, PLACE_NONE, "%s %zu%s; raise %s to take it",
                    rows[limit].what, limit_of(limits, limit), rows[limit].unit, rows[limit].key);
}

/* How many of size more are within the limit; fewer: it is passed. */
static size_t count(struct xml_scan *scan, size_t *counter, size_t size, enum xml_limit_name limit)
{
    size_t room = limit_of(scan->limits, limit) - *counter;
    if (size > room) {
        scan->over = limit;
        size = room;
    }
    *counter += size;
    return size;
}

/* Those from at to end, of a tag, comment or processing instruction. */
static const char *count_markup(struct xml_scan *scan, const char *at, const char *end)
{
    return at + count(scan, &scan->markup_size, (size_t)(end - at), XML_LIMIT_markup_size_max);
}

static const char *count_text(struct xml_scan *scan, const char *at, const char *end)
{
    return at + count(scan, &scan->text_size, (size_t)(end - at), XML_LIMIT_text_size_max);
}

static const char *open_reference(struct xml_scan *scan, const char *at, const char *reference)
{
    scan->state = XML_SCAN_REFERENCE;
    scan->name_size = 0;
    return count_text(scan, at, reference + 1);
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* The first '<' that second follows; end: there is none.  *at is a '<'. */
static const char *find_pair(const char *at, const char *end, char second)
{
    for (const char *found = at; (found = memchr(found, second, (size_t)(end - found))) != NULL;
         found++) {
        if (found[-1] == '<')
            return found - 1;
    }
    return end;
}

/* The first '<' that may be no tag's; end: there is none.  *at is a '<'. */
static const char *find_special(const char *at, const char *end)
{
    end = find_pair(at, end[-1] == '<' ? end - 1 : end, '!');
    return find_pair(at, end, '?');
}

/* From one '<' to another.  Nearly all of a document is tags and texts of a few
   bytes: where one '<' follows another so soon that a tag and its text between them are
   within every limit, they need no closer look. */
static const char *take_plain(struct xml_scan *scan, const char *at, const char *end)
{
    if (scan->special == NULL || scan->special < at)
        scan->special = find_special(at, end);
    for (const char *next = at; next != NULL && next < scan->special;) {
        at = next;
        next = memrchr(at + 1, '<', least((size_t)(scan->special - at) - 1, scan->plain_size_max));
    }
    return at;
}

static const char *take_text(struct xml_scan *scan, const char *at, const char *end)
{
    const char *tag = memchr(at, '<', (size_t)(end - at));
    size_t size = (size_t)((tag == NULL ? end : tag) - at);
    const char *reference = memchr(at, '&', size);
    if (reference != NULL)
        return open_reference(scan, at, reference);
    const char *next = count_text(scan, at, at + size);
    if (tag == NULL || next < tag)
        return next;
    scan->state = XML_SCAN_OPENED;
    scan->markup_size = 1;
    return take_plain(scan, tag, end) + 1;
}

/* What has no end soon is refused by the parser when it is whole, or here. */
static const char *take_reference(struct xml_scan *scan, const char *at, const char *end)
{
    const char *next = at;
    while (next < end && *next != ';' && *next != '<')
        next++;
    if (next < end)
        scan->state = XML_SCAN_TEXT;
    size_t fit = count(scan, &scan->name_size, (size_t)(next - at), XML_LIMIT_name_size_max);
    return count_text(scan, at, at + fit);
}

static const char *take_opened(struct xml_scan *scan, const char *at, const char *end)
{
    (void)end;
    switch (*at) {
    case '/':
        scan->state = XML_SCAN_END_TAG;
        return count_markup(scan, at, at + 1);
    case '!':
        scan->state = XML_SCAN_DECLARED;
        scan->declared = NULL;
        return count_markup(scan, at, at + 1);
    case '?':
        scan->state = XML_SCAN_TARGET;
        scan->name_size = 0;
        return count_markup(scan, at, at + 1);
    default:
        scan->state = XML_SCAN_TAG;
        scan->name_size = scan->attribute_count = 0;
        return at;
    }
}

/* What begins with "<!". */
static const struct xml_declared {
    const char *opening;
    const char *closing; /* NULL: it is not taken */
    enum xml_scan_state state;
} declared[] = {
    { "--", "-->", XML_SCAN_COMMENT },
    { "[CDATA[", "]]>", XML_SCAN_CDATA },
    { "DOCTYPE", NULL, XML_SCAN_TAG },
};

static void await(struct xml_scan *scan, const char *awaited)
{
    scan->awaited = awaited;
    scan->matched = 0;
}

static void open_declared(struct xml_scan *scan)
{
    scan->state = scan->declared->state;
    scan->doctype = scan->declared->closing == NULL;
    await(scan, scan->declared->closing);
}

static void choose_declared(struct xml_scan *scan, char first)
{
    for (size_t i = 0; i < sizeof declared / sizeof declared[0]; i++) {
        if (declared[i].opening[0] == first) {
            scan->declared = &declared[i];
            await(scan, declared[i].opening);
        }
    }
}

/* What is none of them is refused by the parser, wherever it ends. */
static const char *take_declared(struct xml_scan *scan, const char *at, const char *end)
{
    const char *next = at;
    if (scan->declared == NULL)
        choose_declared(scan, *at);
    while (scan->declared != NULL && next < end && *next == scan->awaited[scan->matched]) {
        next++;
        if (scan->awaited[++scan->matched] == '\0') {
            open_declared(scan);
            return count_markup(scan, at, next);
        }
    }
    if (next < end)
        scan->state = XML_SCAN_TAG;
    return count_markup(scan, at, next);
}

/* Behind what is awaited; end: it did not come. */
static const char *find_awaited(struct xml_scan *scan, const char *at, const char *end)
{
    const char *awaited = scan->awaited;
    while (at < end && awaited[scan->matched] != '\0') {
        if (scan->matched == 0 && (at = memchr(at, awaited[0], (size_t)(end - at))) == NULL)
            return end;
        /* "]]]>" ends as "]]>" does. */
        if (*at == awaited[scan->matched])
            scan->matched++;
        else if (*at != awaited[0])
            scan->matched = 0;
        at++;
    }
    if (awaited[scan->matched] == '\0')
        scan->state = XML_SCAN_TEXT;
    return at;
}

static const char *take_instruction_or_comment(struct xml_scan *scan, const char *at,
                                               const char *end)
{
    return count_markup(scan, at, find_awaited(scan, at, end));
}

static const char *take_cdata(struct xml_scan *scan, const char *at, const char *end)
{
    return count_text(scan, at, find_awaited(scan, at, end));
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static const char *take_target(struct xml_scan *scan, const char *at, const char *end)
{
    const char *next = at;
    while (next < end && !is_space(*next) && *next != '?')
        next++;
    if (next < end) {
        scan->state = XML_SCAN_INSTRUCTION;
        await(scan, "?>");
    }
    size_t fit = count(scan, &scan->name_size, (size_t)(next - at), XML_LIMIT_name_size_max);
    return count_markup(scan, at, at + fit);
}

/* In a tag, outside of values. */
static size_t name_run(const char *at, const char *end)
{
    static const bool ends_name[UCHAR_MAX + 1] = {
        [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true, ['='] = true,
        ['/'] = true, ['>'] = true,  ['"'] = true,  ['\''] = true,
    };
    const char *next = at;
    while (next < end && !ends_name[(unsigned char)*next])
        next++;
    return (size_t)(next - at);
}

/* What is no name. */
static void take_tag_byte(struct xml_scan *scan, char byte)
{
    scan->name_size = 0;
    if (byte == '>') {
        scan->state = XML_SCAN_TEXT;
        scan->text_size = 0;
    } else if (byte == '"' || byte == '\'') {
        scan->state = XML_SCAN_VALUE;
        scan->quote = byte;
        scan->text_size = 0;
        count(scan, &scan->attribute_count, 1, XML_LIMIT_attribute_count_max);
    }
}

static const char *take_tag(struct xml_scan *scan, const char *at, const char *end)
{
    const char *next = at;
    while (next < end && scan->state == XML_SCAN_TAG && scan->over == XML_LIMIT_NONE) {
        size_t run = name_run(next, end);
        if (run > 0) {
            next += count(scan, &scan->name_size, run, XML_LIMIT_name_size_max);
        } else {
            take_tag_byte(scan, *next);
            next += scan->over == XML_LIMIT_NONE;
        }
    }
    return count_markup(scan, at, next);
}

static const char *take_value(struct xml_scan *scan, const char *at, const char *end)
{
    const char *quote = memchr(at, scan->quote, (size_t)(end - at));
    const char *next = quote == NULL ? end : quote;
    size_t fit = count(scan, &scan->text_size, (size_t)(next - at), XML_LIMIT_text_size_max);
    if (quote != NULL && scan->over == XML_LIMIT_NONE) {
        scan->state = XML_SCAN_TAG;
        return count_markup(scan, at, quote + 1);
    }
    return count_markup(scan, at, at + fit);
}

static const char *take_end_tag(struct xml_scan *scan, const char *at, const char *end)
{
    const char *close = memchr(at, '>', (size_t)(end - at));
    if (close == NULL)
        return count_markup(scan, at, end);
    scan->text_size = 0;
    scan->state = XML_SCAN_TEXT;
    return count_markup(scan, at, close + 1);
}

static const char *(*const takers[XML_SCAN_STATE_COUNT])(struct xml_scan *scan, const char *at,
                                                         const char *end) = {
    [XML_SCAN_TEXT] = take_text,
    [XML_SCAN_REFERENCE] = take_reference,
    [XML_SCAN_OPENED] = take_opened,
    [XML_SCAN_DECLARED] = take_declared,
    [XML_SCAN_TAG] = take_tag,
    [XML_SCAN_VALUE] = take_value,
    [XML_SCAN_END_TAG] = take_end_tag,
    [XML_SCAN_TARGET] = take_target,
    [XML_SCAN_INSTRUCTION] = take_instruction_or_comment,
    [XML_SCAN_COMMENT] = take_instruction_or_comment,
    [XML_SCAN_CDATA] = take_cdata,
};

void xml_scan_init(struct xml_scan *scan, const struct xml_limits *limits)
{
    enum { ATTRIBUTE_SIZE_MIN = 5 }; /* " a=''" */
    size_t shortest = least(least(limits->name_size_max, limits->text_size_max),
                            least(limits->markup_size_max, PLAIN_SIZE_MAX));
    *scan = (struct xml_scan){ .limits = limits,
                               .plain_size_max = least(shortest / ATTRIBUTE_SIZE_MIN,
                                                       limits->attribute_count_max) *
                                                 ATTRIBUTE_SIZE_MIN,
                               .over = XML_LIMIT_NONE };
}

size_t xml_scan_take(struct xml_scan *scan, struct slice bytes)
{
    const char *at = bytes.at, *end = bytes.at + bytes.size;
    scan->special = NULL;
    while (at < end && scan->over == XML_LIMIT_NONE && !scan->doctype)
        at = takers[scan->state](scan, at, end);
    return (size_t)(at - bytes.at);
}
