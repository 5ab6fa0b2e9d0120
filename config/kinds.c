/* How each kind of value is written: texts to fields, and bounds to texts. */
#include "codecs/base/bic.h"
#include "codecs/base/charset.h"
#include "codecs/iso20022/envelope.h"
#include "config/config.h"
#include "config/keys.h"

#include <arpa/inet.h>

/* What a parser works on. */
struct parse {
    const struct key *key;
    const struct yaml_value *value;
    struct slice text;
    const struct key_scope *scope;
    void *field;
};

struct unit {
    const char *suffix;
    int64_t size;
};

/* Ascending. */
static const struct unit durations[] = {
    { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
};
static const struct unit sizes[] = {
    { "", 1 }, { "KiB", 1 << 10 }, { "MiB", 1 << 20 }, { "GiB", 1 << 30 }
};

/* ExternalStatusReason1Code. */
static const char status_reasons[][5] = {
#define STATUS_REASON(code) #code,
#include "config/status_reasons.def"
#undef STATUS_REASON
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static bool refuse(const struct parse *parse, const char *what)
{
    return error_list_at(parse->scope->errors, &config_bad_value, parse->value->place,
                         "%s: \"%.*s\" is %s", parse->key->name, SLICE_ARG(parse->text), what);
}

static bool check_bounds(const struct parse *parse, int64_t number)
{
    const struct key *key = parse->key;
    struct writer bound;
    if ((key->least == 0 && key->most == 0) || (number >= key->least && number <= key->most))
        return true;
    writer_init(&bound, 0);
    key_write_bound(key, number < key->least ? key->least : key->most, &bound);
    error_list_at(parse->scope->errors, &config_bad_value, parse->value->place,
                  "%s: \"%.*s\" is %s than %s", key->name, SLICE_ARG(parse->text),
                  number < key->least ? "less" : "more", writer_slice(&bound).at);
    writer_fini(&bound);
    return false;
}

static bool is_alphanumeric(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

static bool set_slice(const struct parse *parse, struct slice text)
{
    memcpy(parse->field, &text, sizeof text);
    return true;
}

static bool parse_text(const struct parse *parse)
{
    for (size_t i = 0; i < parse->text.size; i++) {
        unsigned char byte = (unsigned char)parse->text.at[i];
        if (byte < ' ' || byte == 0x7f)
            return refuse(parse, "a text with control characters");
    }
    return check_bounds(parse, (int64_t)utf8_length(parse->text)) && set_slice(parse, parse->text);
}

static bool parse_name(const struct parse *parse)
{
    for (size_t i = 0; i < parse->text.size; i++) {
        char byte = parse->text.at[i];
        if (!is_alphanumeric(byte) && (i == 0 || (byte != '-' && byte != '_')))
            return refuse(parse, "no name (letters, digits, - and _)");
    }
    return parse_text(parse);
}

static bool parse_bic(const struct parse *parse)
{
    return bic_valid(parse->text) ? set_slice(parse, parse->text)
                                  : refuse(parse, "no BIC of 8 or 11 characters");
}

static bool parse_reason(const struct parse *parse)
{
    const char *names[COUNT_OF(status_reasons)];
    for (size_t i = 0; i < COUNT_OF(status_reasons); i++) {
        names[i] = status_reasons[i];
        if (slice_is(parse->text, status_reasons[i]))
            return set_slice(parse, parse->text);
    }
    return error_list_at(parse->scope->errors, &config_bad_value, parse->value->place,
                         "%s: \"%.*s\" is no ISO 20022 status reason code%s", parse->key->name,
                         SLICE_ARG(parse->text),
                         error_suggestion(parse->text, names, COUNT_OF(names)));
}

static bool parse_flow(const struct parse *parse)
{
    if (slice_is(parse->text, "withdrawal") || slice_is(parse->text, "deposit"))
        return set_slice(parse, parse->text);
    return refuse(parse, "no flow: withdrawal or deposit");
}

struct slice key_path(const struct key_scope *scope, struct slice path)
{
    if (scope->folder.size == 0 || path.size == 0 || path.at[0] == '/')
        return path;
    return arena_format(scope->arena, "%.*s/%.*s", SLICE_ARG(scope->folder), SLICE_ARG(path));
}

static bool parse_path(const struct parse *parse)
{
    return parse->text.size == 0 ? refuse(parse, "no path")
                                 : set_slice(parse, key_path(parse->scope, parse->text));
}

/* The text may be the secret itself, and is not repeated. */
static bool parse_secret(const struct parse *parse)
{
    const struct slice file = SLICE("file:"), variable = SLICE("env:");
    bool in_file = slice_starts(parse->text, file);
    struct slice name = slice_after(parse->text, in_file ? file.size : variable.size);
    if ((!in_file && !slice_starts(parse->text, variable)) || name.size == 0)
        return error_list_at(parse->scope->errors, &config_bad_value, parse->value->place,
                             "%s: it is neither env:NAME nor file:path, and does not stand here",
                             parse->key->name);
    *(struct key_secret *)parse->field =
        (struct key_secret){ in_file ? key_path(parse->scope, name) : name, in_file };
    return true;
}

/* "[::1]" or a name or number without colons. */
static bool read_host(struct slice text, struct slice *host, struct arena *arena)
{
    unsigned char address[sizeof(struct in6_addr)];
    *host = text;
    if (text.size > 2 && text.at[0] == '[' && text.at[text.size - 1] == ']') {
        *host = arena_copy(arena, (struct slice){ text.at + 1, text.size - 2 });
        return inet_pton(AF_INET6, host->at, address) == 1;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (!is_alphanumeric(text.at[i]) && text.at[i] != '.' && text.at[i] != '-')
            return false;
    }
    *host = arena_copy(arena, text);
    return text.size > 0;
}

static bool parse_address(const struct parse *parse)
{
    struct key_address address;
    uint64_t port;
    const char *colon = memrchr(parse->text.at, ':', parse->text.size);
    size_t host_size = colon == NULL ? 0 : (size_t)(colon - parse->text.at);
    if (colon == NULL || !slice_to_u64(slice_after(parse->text, host_size + 1), 65535, &port) ||
        !read_host((struct slice){ parse->text.at, host_size }, &address.host, parse->scope->arena))
        return refuse(parse, "no address (host:port or [::1]:port)");
    address.port = (unsigned)port;
    memcpy(parse->field, &address, sizeof address);
    return true;
}

/* "30s" by its units; false: not one. */
static bool read_quantity(struct slice text, const struct unit *units, size_t count,
                          int64_t *quantity)
{
    size_t digits = 0;
    uint64_t number;
    while (digits < text.size && text.at[digits] >= '0' && text.at[digits] <= '9')
        digits++;
    if (!slice_to_u64((struct slice){ text.at, digits }, INT32_MAX, &number))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (slice_is(slice_after(text, digits), units[i].suffix)) {
            *quantity = (int64_t)number * units[i].size;
            return true;
        }
    }
    return false;
}

static bool set_unsigned(const struct parse *parse, int64_t number)
{
    unsigned value = (unsigned)number;
    if (!check_bounds(parse, number))
        return false;
    memcpy(parse->field, &value, sizeof value);
    return true;
}

static bool parse_seconds(const struct parse *parse)
{
    int64_t milliseconds;
    if (!read_quantity(parse->text, durations, COUNT_OF(durations), &milliseconds) ||
        milliseconds % 1000 != 0)
        return refuse(parse, "no duration in whole seconds (30s, 5m, 2h, 1d)");
    return set_unsigned(parse, milliseconds / 1000);
}

static bool parse_time(const struct parse *parse)
{
    struct slice text = parse->text;
    uint64_t parts[3] = { 0, 0, 0 };
    bool good = text.size == 5 || text.size == 8;

    for (size_t i = 0; good && i < (text.size + 1) / 3; i++)
        good = slice_to_u64((struct slice){ text.at + 3 * i, 2 }, i == 0 ? 23 : 59, &parts[i]) &&
               (i == 0 || text.at[3 * i - 1] == ':');
    return good ? set_unsigned(parse, (int64_t)(parts[0] * 3600 + parts[1] * 60 + parts[2]))
                : refuse(parse, "no time of day (08:00, 17:30:15)");
}

static bool parse_milliseconds(const struct parse *parse)
{
    int64_t milliseconds;
    if (!read_quantity(parse->text, durations, COUNT_OF(durations), &milliseconds))
        return refuse(parse, "no duration (250ms, 2s)");
    return set_unsigned(parse, milliseconds);
}

static bool set_size(const struct parse *parse, int64_t size)
{
    if (!check_bounds(parse, size))
        return false;
    memcpy(parse->field, &(size_t){ (size_t)size }, sizeof(size_t));
    return true;
}

static bool parse_count(const struct parse *parse)
{
    uint64_t count;
    if (!slice_to_u64(parse->text, INT64_MAX, &count))
        return refuse(parse, "no number");
    return set_size(parse, (int64_t)count);
}

static bool parse_size(const struct parse *parse)
{
    int64_t size;
    if (!read_quantity(parse->text, sizes, COUNT_OF(sizes), &size))
        return refuse(parse, "no size (4096, 64KiB, 16MiB)");
    return set_size(parse, size);
}

static bool parse_offset(const struct parse *parse)
{
    struct slice text = parse->text;
    uint64_t hours = 0, minutes = 0;
    bool good = slice_is(text, "Z") ||
                (text.size == 6 && (text.at[0] == '+' || text.at[0] == '-') && text.at[3] == ':' &&
                 slice_to_u64((struct slice){ text.at + 1, 2 }, 14, &hours) &&
                 slice_to_u64((struct slice){ text.at + 4, 2 }, 59, &minutes));
    int offset = (int)(hours * 60 + minutes);
    if (!good || offset > 14 * 60)
        return refuse(parse, "no offset from UTC (+08:00, -05:00, Z)");
    offset = text.at[0] == '-' ? -offset : offset;
    memcpy(parse->field, &offset, sizeof offset);
    return true;
}

static bool parse_boolean(const struct parse *parse)
{
    bool value = slice_is(parse->text, "true");
    if (!value && !slice_is(parse->text, "false"))
        return refuse(parse, "neither true nor false");
    memcpy(parse->field, &value, sizeof value);
    return true;
}

static bool parse_precision(const struct parse *parse)
{
    for (enum moment_precision precision = 0; precision < MOMENT_PRECISION_COUNT; precision++) {
        if (slice_is(parse->text, moment_precision_name(precision))) {
            memcpy(parse->field, &precision, sizeof precision);
            return true;
        }
    }
    return refuse(parse, "no precision: seconds, milliseconds, microseconds or nanoseconds");
}

static bool parse_charset(const struct parse *parse)
{
    enum charset charset;
    if (!charset_named(parse->text, &charset))
        return refuse(parse, "no charset: UTF-8 or GB18030");
    memcpy(parse->field, &charset, sizeof charset);
    return true;
}

static bool parse_envelope(const struct parse *parse)
{
    const char *names[ISO_ENVELOPE_OTHER];
    enum iso_envelope_kind kind;
    for (unsigned i = 0; i < ISO_ENVELOPE_OTHER; i++)
        names[i] = iso_envelope_name((enum iso_envelope_kind)i);
    if (!iso_envelope_named(parse->text, &kind))
        return error_list_at(parse->scope->errors, &config_bad_value, parse->value->place,
                             "%s: \"%.*s\" is no envelope%s", parse->key->name,
                             SLICE_ARG(parse->text),
                             error_suggestion(parse->text, names, COUNT_OF(names)));
    memcpy(parse->field, &kind, sizeof kind);
    return true;
}

static bool parse_envelope_text(const struct parse *parse)
{
    struct error error;
    if (!iso_envelope_text_check(parse->text, &error))
        return error_list_at(parse->scope->errors, &config_bad_value, parse->value->place, "%s: %s",
                             parse->key->name, error.detail);
    return parse_text(parse);
}

static bool parse_use(const struct parse *parse)
{
    static const char *const names[] = {
#define MAP_USE(identifier, name, what) name,
        MAP_USES(MAP_USE)
#undef MAP_USE
    };
    for (enum map_use use = 0; use < MAP_USE_COUNT; use++) {
        if (slice_is(parse->text, names[use])) {
            memcpy(parse->field, &use, sizeof use);
            return true;
        }
    }
    return error_list_at(parse->scope->errors, &config_bad_value, parse->value->place,
                         "%s: no map is for %.*s%s", parse->key->name, SLICE_ARG(parse->text),
                         error_suggestion(parse->text, names, MAP_USE_COUNT));
}

static bool set_value(const struct parse *parse)
{
    *(const struct yaml_value **)parse->field = parse->value;
    return true;
}

static bool (*const parsers[KEY_KIND_COUNT])(const struct parse *parse) = {
    [KEY_TEXT] = parse_text,
    [KEY_NAME] = parse_name,
    [KEY_BIC] = parse_bic,
    [KEY_REASON] = parse_reason,
    [KEY_FLOW] = parse_flow,
    [KEY_PATH] = parse_path,
    [KEY_SECRET] = parse_secret,
    [KEY_ADDRESS] = parse_address,
    [KEY_SECONDS] = parse_seconds,
    [KEY_TIME] = parse_time,
    [KEY_COUNT] = parse_count,
    [KEY_SIZE] = parse_size,
    [KEY_MILLISECONDS] = parse_milliseconds,
    [KEY_OFFSET] = parse_offset,
    [KEY_BOOLEAN] = parse_boolean,
    [KEY_PRECISION] = parse_precision,
    [KEY_CHARSET] = parse_charset,
    [KEY_ENVELOPE] = parse_envelope,
    [KEY_ENVELOPE_TEXT] = parse_envelope_text,
    [KEY_USE] = parse_use,
    [KEY_CONDITION] = set_value,
    [KEY_MAPPING] = set_value,
    [KEY_LIST] = set_value,
    [KEY_VALUE] = set_value,
};

static const struct {
    size_t size;
    const char *form;
} kinds[KEY_KIND_COUNT] = {
#define KIND(identifier, type, form) { sizeof(type), form },
    KEY_KINDS(KIND)
#undef KIND
};

const char *key_kind_form(enum key_kind kind)
{
    return kinds[kind].form;
}

size_t key_kind_size(enum key_kind kind)
{
    return kinds[kind].size;
}

static enum yaml_kind kind_takes(enum key_kind kind)
{
    if (kind == KEY_MAPPING)
        return YAML_MAPPING;
    return kind == KEY_LIST ? YAML_LIST : YAML_TEXT;
}

bool key_parse(const struct key *key, const struct yaml_value *value, const struct key_scope *scope,
               void *field)
{
    struct parse parse = { key, value, value->text, scope, field };
    if (key->kind != KEY_VALUE && value->kind != kind_takes(key->kind))
        return error_list_at(scope->errors, &config_bad_value, value->place, "%s is %s, not %s",
                             key->name, yaml_kind_name(kind_takes(key->kind)),
                             yaml_kind_name(value->kind));
    return parsers[key->kind](&parse);
}

/* With the largest unit that leaves no rest. */
static void write_quantity(int64_t quantity, const struct unit *units, size_t count,
                           struct writer *writer)
{
    size_t best = count - 1;
    while (best > 0 && quantity % units[best].size != 0)
        best--;
    writer_i64(writer, quantity / units[best].size);
    writer_text(writer, units[best].suffix);
}

void key_write_bound(const struct key *key, int64_t bound, struct writer *writer)
{
    if (key->kind == KEY_SECONDS)
        write_quantity(bound * 1000, durations, COUNT_OF(durations), writer);
    else if (key->kind == KEY_MILLISECONDS)
        write_quantity(bound, durations, COUNT_OF(durations), writer);
    else if (key->kind == KEY_SIZE)
        write_quantity(bound, sizes, COUNT_OF(sizes), writer);
    else if (key->kind == KEY_COUNT)
        writer_i64(writer, bound);
    else
        writer_format(writer, "%lld character%s", (long long)bound, bound == 1 ? "" : "s");
}
