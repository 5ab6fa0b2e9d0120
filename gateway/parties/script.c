/* Reads scripts of the simulated parties. */
#include "gateway/parties/script.h"

#include <stdlib.h>

const struct error_kind script_syntax = { "script.syntax", "this line cannot be read" };
const struct error_kind script_unknown_verb = { "script.unknown-verb", "unknown verb" };
const struct error_kind script_unknown_key = { "script.unknown-key", "unknown key" };
const struct error_kind script_bad_value = { "script.bad-value", "not a value of this key" };

#define VERBS_MAX 32
#define KEYS_MAX  24

struct reading {
    struct script *script;
    struct slice rest; /* of the line */
    const char *line_start;
    struct place place; /* of the line */
    struct error_list *errors;
};

static struct place place_at(const struct reading *reading, const char *at)
{
    struct place place = reading->place;

    place.column = (unsigned)(at - reading->line_start) + 1;
    return place;
}

/* ------------------------------------------------------------ words */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static void skip_blanks(struct slice *rest)
{
    while (rest->size > 0 && is_blank(rest->at[0]))
        *rest = slice_after(*rest, 1);
}

/* The part of a word up to a blank, or to '=' when it is a key. */
static struct slice take_bare(struct slice *rest)
{
    struct slice word = { rest->at, 0 };

    while (word.size < rest->size && !is_blank(word.at[word.size]) && word.at[word.size] != '=')
        word.size++;
    *rest = slice_after(*rest, word.size);
    return word;
}

static bool take_quoted(struct reading *reading, struct slice *value)
{
    struct slice *rest = &reading->rest;
    const char *start = rest->at;
    char *text = arena_take(&reading->script->arena, rest->size);
    size_t size = 0;

    *rest = slice_after(*rest, 1);
    while (rest->size > 0 && rest->at[0] != '"') {
        if (rest->at[0] == '\\' && rest->size > 1)
            *rest = slice_after(*rest, 1);
        text[size++] = rest->at[0];
        *rest = slice_after(*rest, 1);
    }
    if (rest->size == 0)
        return error_list_at(reading->errors, &script_syntax, place_at(reading, start),
                             "the quote has no end");
    *rest = slice_after(*rest, 1);
    *value = (struct slice){ text, size };
    return true;
}

static bool take_value(struct reading *reading, struct slice *value)
{
    struct slice *rest = &reading->rest;

    if (rest->size > 0 && rest->at[0] == '"')
        return take_quoted(reading, value);
    *value = (struct slice){ rest->at, 0 };
    while (value->size < rest->size && !is_blank(value->at[value->size]))
        value->size++;
    *rest = slice_after(*rest, value->size);
    return true;
}

/* ------------------------------------------------------------ what a verb takes */

static const struct script_verb *find_verb(const struct script_verb *verbs, struct slice name)
{
    while (verbs->verb != NULL && !slice_is(name, verbs->verb))
        verbs++;
    return verbs->verb == NULL ? NULL : verbs;
}

static bool refuse_verb(struct reading *reading, const struct script_verb *verbs, struct slice name)
{
    const char *names[VERBS_MAX];
    size_t count = 0;

    for (; verbs->verb != NULL && count < VERBS_MAX; verbs++)
        names[count++] = verbs->verb;
    return error_list_at(reading->errors, &script_unknown_verb, reading->place, "%.*s%s",
                         SLICE_ARG(name), error_suggestion(name, names, count));
}

/* The next word of a list of keys; *must when it is marked. */
static struct slice next_key(const char **keys, bool *must)
{
    *keys += strspn(*keys, " ");
    *must = **keys == '!';
    *keys += *must;
    struct slice key = { *keys, strcspn(*keys, " ") };
    *keys += key.size;
    return key;
}

static bool knows_key(const struct script_verb *verb, struct slice name)
{
    const char *keys = verb->keys;
    bool must;

    for (struct slice key = next_key(&keys, &must); key.size > 0; key = next_key(&keys, &must))
        if (slice_equal(key, name))
            return true;
    return false;
}

static bool check_keys(struct reading *reading, const struct script_verb *verb,
                       const struct script_line *line)
{
    const char *keys = verb->keys;
    bool must;

    for (size_t i = 0; i < line->pair_count; i++)
        if (!knows_key(verb, line->pairs[i].key))
            return error_list_at(reading->errors, &script_unknown_key,
                                 place_at(reading, line->pairs[i].key.at), "%.*s (%s knows: %s)",
                                 SLICE_ARG(line->pairs[i].key), verb->verb, verb->keys);
    for (struct slice key = next_key(&keys, &must); key.size > 0; key = next_key(&keys, &must)) {
        char name[64] = "";

        memcpy(name, key.at, key.size < sizeof name ? key.size : sizeof name - 1);
        if (must && script_get(line, name).at == NULL)
            return error_list_at(reading->errors, &script_syntax, reading->place,
                                 "%s needs %s=", verb->verb, name);
    }
    return true;
}

static bool read_duration(struct slice text, uint64_t *duration_ms)
{
    static const struct {
        const char *unit;
        uint64_t factor_ms;
    } units[] = { { "ms", 1 }, { "s", 1000 } };
    size_t digits = 0;
    uint64_t number;

    while (digits < text.size && text.at[digits] >= '0' && text.at[digits] <= '9')
        digits++;
    if (!slice_to_u64((struct slice){ text.at, digits }, UINT32_MAX, &number))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        *duration_ms = number * units[i].factor_ms;
        if (slice_is(slice_after(text, digits), units[i].unit))
            return true;
    }
    return false;
}

static bool check_durations(struct reading *reading, const struct script_line *line)
{
    static const char *const keys[] = { "within", "for", "delay" };
    uint64_t duration_ms;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct slice value = script_get(line, keys[i]);

        if (value.at != NULL && !read_duration(value, &duration_ms))
            return error_list_at(reading->errors, &script_bad_value, place_at(reading, value.at),
                                 "%s=%.*s (a time such as 250ms or 5s)", keys[i], SLICE_ARG(value));
    }
    return true;
}

/* ------------------------------------------------------------ lines */

static bool take_pair(struct reading *reading, struct script_line *line, struct slice key)
{
    if (line->pair_count == SCRIPT_PAIRS_MAX)
        return error_list_at(reading->errors, &script_syntax, place_at(reading, key.at),
                             "more than %d pairs", SCRIPT_PAIRS_MAX);
    reading->rest = slice_after(reading->rest, 1);
    struct script_pair *pair = &line->pairs[line->pair_count++];
    pair->key = key;
    return take_value(reading, &pair->value);
}

static bool take_words(struct reading *reading, struct script_line *line)
{
    unsigned name_count = 0;

    line->verb = take_bare(&reading->rest);
    for (skip_blanks(&reading->rest); reading->rest.size > 0; skip_blanks(&reading->rest)) {
        struct slice word = take_bare(&reading->rest);

        if (reading->rest.size > 0 && reading->rest.at[0] == '=') {
            if (!take_pair(reading, line, word))
                return false;
        } else if (name_count == SCRIPT_NAMES_MAX) {
            return error_list_at(reading->errors, &script_syntax, place_at(reading, word.at),
                                 "one word too many: %.*s", SLICE_ARG(word));
        } else {
            line->names[name_count++] = word;
        }
    }
    return true;
}

static void read_line(struct reading *reading, const struct script_verb *verbs)
{
    struct script *script = reading->script;
    struct script_line line = { .place = reading->place };

    skip_blanks(&reading->rest);
    if (reading->rest.size == 0 || reading->rest.at[0] == '#' || !take_words(reading, &line))
        return;
    const struct script_verb *verb = find_verb(verbs, line.verb);
    if (verb == NULL) {
        refuse_verb(reading, verbs, line.verb);
        return;
    }
    unsigned name_count = (line.names[0].at != NULL) + (line.names[1].at != NULL);
    if (name_count != verb->name_count) {
        error_list_at(reading->errors, &script_syntax, reading->place,
                      "%s takes %u words before its pairs", verb->verb, verb->name_count);
        return;
    }
    if (!check_keys(reading, verb, &line) || !check_durations(reading, &line))
        return;
    script->lines = memory_room(script->lines, script->count, &script->room, sizeof *script->lines);
    script->lines[script->count++] = line;
}

bool script_init(struct script *script, struct slice text, const char *source,
                 const struct script_verb *verbs, struct error_list *errors)
{
    size_t errors_before = errors->count;
    unsigned number = 0;

    *script = (struct script){ .count = 0 };
    arena_init(&script->arena, ARENA_UNLIMITED);
    struct slice rest = arena_copy(&script->arena, text);
    while (rest.size > 0) {
        const char *end = memchr(rest.at, '\n', rest.size);
        size_t size = end == NULL ? rest.size : (size_t)(end - rest.at);
        struct reading reading = { script,
                                   { rest.at, size },
                                   rest.at,
                                   { .source = source, .line = ++number, .column = 1 },
                                   errors };

        read_line(&reading, verbs);
        rest = slice_after(rest, end == NULL ? size : size + 1);
    }
    return errors->count == errors_before;
}

void script_fini(struct script *script)
{
    free(script->lines);
    arena_fini(&script->arena);
}

struct slice script_get(const struct script_line *line, const char *key)
{
    for (size_t i = 0; i < line->pair_count; i++)
        if (slice_is(line->pairs[i].key, key))
            return line->pairs[i].value;
    return SLICE_NONE;
}

struct slice script_get_or(const struct script_line *line, const char *key, const char *absent)
{
    struct slice value = script_get(line, key);

    return value.at != NULL ? value : slice_of(absent);
}

uint64_t script_get_ms(const struct script_line *line, const char *key, uint64_t absent_ms)
{
    struct slice value = script_get(line, key);
    uint64_t duration_ms;

    return value.at != NULL && read_duration(value, &duration_ms) ? duration_ms : absent_ms;
}
