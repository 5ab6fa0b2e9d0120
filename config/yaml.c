/* libyaml's events as a tree of values; the one door to libyaml. */
#include "config/yaml.h"

#include "codecs/base/charset.h"
#include "codecs/base/names.h"
#include "config/config.h"
#include "config/variable.h"
#include "config/yaml_call.h"

#include <stdlib.h>
#include <yaml.h>

static const struct slice byte_order_mark = { "\xef\xbb\xbf", 3 };

/* One run of libyaml over a file, or over the arguments of a call in it. */
struct reader {
    const struct yaml_reading *reading;
    yaml_parser_t parser;
    yaml_event_t event;
    struct slice bytes; /* as in the file */
    struct place place; /* of bytes[at] */
    size_t at;          /* offset of the character that libyaml counts as... */
    size_t character;   /* ...this one */
    struct place start; /* of bytes[0] */
    unsigned depth;
    size_t *value_count; /* of the whole file */
    bool failed;         /* no sense in going on */
};

static const struct yaml_value fault = { .kind = YAML_FAULT };

static const struct yaml_value *read_document(struct slice bytes, struct place start,
                                              unsigned depth, size_t *value_count,
                                              const struct yaml_reading *reading);
static const struct yaml_value *read_value(struct reader *reader);

const char *yaml_kind_name(enum yaml_kind kind)
{
    static const char *const names[] = { [YAML_TEXT] = "a text",
                                         [YAML_LIST] = "a list",
                                         [YAML_MAPPING] = "a mapping",
                                         [YAML_FAULT] = "a faulty value" };
    return names[kind];
}

const struct yaml_value *yaml_get(const struct yaml_value *mapping, const char *key)
{
    for (size_t i = 0; mapping->kind == YAML_MAPPING && i < mapping->count; i++) {
        if (slice_is(mapping->entries[i].key, key))
            return mapping->entries[i].value;
    }
    return NULL;
}

static void restart(struct reader *reader)
{
    reader->place = reader->start;
    reader->at = reader->character = 0;
}

/* Moves the place over one character of the file. */
static void step(struct reader *reader)
{
    size_t size = utf8_character_size(slice_after(reader->bytes, reader->at));
    bool newline = reader->bytes.at[reader->at] == '\n';
    reader->at += size;
    reader->character++;
    reader->place.offset += size;
    reader->place.column = newline ? 1 : reader->place.column + (unsigned)size;
    reader->place.line += newline;
}

/* libyaml counts characters; places count bytes. */
static struct place place_of(struct reader *reader, size_t character)
{
    if (character < reader->character)
        restart(reader);
    while (reader->character < character && reader->at < reader->bytes.size)
        step(reader);
    return reader->place;
}

static struct place place_of_byte(struct reader *reader, size_t offset)
{
    restart(reader);
    while (reader->at < offset && reader->at < reader->bytes.size)
        step(reader);
    return reader->place;
}

static struct place event_place(struct reader *reader)
{
    return place_of(reader, reader->event.start_mark.index);
}

static void fail(struct reader *reader, struct place place, const char *what)
{
    error_list_at(reader->reading->errors, &config_yaml, place, "%s", what);
    reader->failed = true;
}

static bool next_event(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    if (yaml_parser_parse(&reader->parser, &reader->event))
        return true;
    memset(&reader->event, 0, sizeof reader->event);
    const yaml_parser_t *parser = &reader->parser;
    struct place place = parser->error == YAML_READER_ERROR
                             ? place_of_byte(reader, parser->problem_offset)
                             : place_of(reader, parser->problem_mark.index);
    fail(reader, place, parser->problem == NULL ? "no memory" : parser->problem);
    return false;
}

/* Takes part in the count of values; NULL: there are too many. */
static struct yaml_value *new_value(struct reader *reader, enum yaml_kind kind)
{
    struct place place = event_place(reader);
    if (++*reader->value_count > YAML_VALUE_COUNT_MAX) {
        fail(reader, place, "the file has too many values");
        return NULL;
    }
    struct yaml_value *value = arena_take(reader->reading->arena, sizeof *value);
    value->kind = kind;
    value->place = place;
    return value;
}

/* Refuses the parts of YAML that have no place in a configuration. */
static bool refuse_extras(struct reader *reader, const void *anchor, const void *tag)
{
    if (anchor == NULL && tag == NULL)
        return false;
    error_list_at(reader->reading->errors, &config_yaml, event_place(reader),
                  anchor != NULL ? "anchors and aliases are not supported: write the value twice"
                                 : "tags are not supported");
    return true;
}

/* "refuse {reason: TM01}" in place of {refuse: {reason: TM01}}; NULL: no call. */
static const struct yaml_value *read_call(struct reader *reader, struct place place)
{
    struct slice word, arguments, raw = slice_after(reader->bytes, reader->at);
    size_t first = reader->at;
    place_of(reader, reader->event.end_mark.index);
    raw.size = reader->at - first;
    if (!yaml_call_split(raw, &word, &arguments))
        return NULL;
    size_t skipped = (size_t)(arguments.at - raw.at);
    struct place start = { place.source, place.line, place.column + (unsigned)skipped,
                           place.offset + skipped };
    const struct yaml_value *inner =
        read_document(arguments, start, reader->depth + 1, reader->value_count, reader->reading);
    struct yaml_entry *entry = arena_take(reader->reading->arena, sizeof *entry);
    struct yaml_value *value = new_value(reader, YAML_MAPPING);
    if (inner == NULL || value == NULL)
        return &fault;
    *entry = (struct yaml_entry){ arena_copy(reader->reading->arena, word), place, inner };
    value->place = place;
    value->entries = entry;
    value->count = 1;
    return value;
}

static const struct yaml_value *read_text(struct reader *reader)
{
    const yaml_scalar_style_t style = reader->event.data.scalar.style;
    struct slice text = { (const char *)reader->event.data.scalar.value,
                          reader->event.data.scalar.length };
    bool refused =
        refuse_extras(reader, reader->event.data.scalar.anchor, reader->event.data.scalar.tag);
    struct yaml_value *value = new_value(reader, YAML_TEXT);
    if (value == NULL || refused)
        return &fault;
    if (style == YAML_PLAIN_SCALAR_STYLE) {
        const struct yaml_value *call = read_call(reader, value->place);
        if (call != NULL)
            return call;
    }
    if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) {
        value->place.column++;
        value->place.offset++;
    }
    value->text =
        yaml_call_unmask(arena_copy(reader->reading->arena, text), reader->reading->arena);
    if (style != YAML_SINGLE_QUOTED_SCALAR_STYLE &&
        !variable_expand(&value->text, value->place, reader->reading))
        value->kind = YAML_FAULT;
    return value;
}

static bool is_missing(const struct reader *reader)
{
    return reader->event.type == YAML_SCALAR_EVENT && reader->event.data.scalar.length == 0 &&
           reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           reader->event.data.scalar.anchor == NULL && reader->event.data.scalar.tag == NULL;
}

static const struct yaml_value *read_list(struct reader *reader)
{
    const struct yaml_value **items = NULL;
    size_t room = 0;
    bool refused = refuse_extras(reader, reader->event.data.sequence_start.anchor,
                                 reader->event.data.sequence_start.tag);
    struct yaml_value *list = new_value(reader, YAML_LIST);
    while (!reader->failed && next_event(reader) && reader->event.type != YAML_SEQUENCE_END_EVENT) {
        items = memory_room(items, list->count, &room, sizeof(const struct yaml_value *));
        items[list->count++] = read_value(reader);
    }
    if (list != NULL && items != NULL) {
        size_t size = list->count * sizeof(const struct yaml_value *);
        list->items = memcpy(arena_take(reader->reading->arena, size), items, size);
    }
    free(items);
    return list == NULL || refused ? &fault : list;
}

/* The key that the current event starts; false: it can't be one, and has been
   skipped. */
static bool read_key(struct reader *reader, struct yaml_entry *entry)
{
    entry->place = event_place(reader);
    if (reader->event.type == YAML_SCALAR_EVENT) {
        struct slice text = { (const char *)reader->event.data.scalar.value,
                              reader->event.data.scalar.length };
        entry->key =
            yaml_call_unmask(arena_copy(reader->reading->arena, text), reader->reading->arena);
        return !refuse_extras(reader, reader->event.data.scalar.anchor,
                              reader->event.data.scalar.tag);
    }
    read_value(reader);
    if (!reader->failed)
        error_list_at(reader->reading->errors, &config_yaml, entry->place, "a key must be a text");
    return false;
}

/* One key and its value; false: nothing came of it. */
static bool read_entry(struct reader *reader, struct yaml_entry *entry, struct names *keys)
{
    bool good = read_key(reader, entry);
    if (reader->failed || !next_event(reader))
        return false;
    entry->value = read_value(reader);
    if (good && !names_add(keys, entry->key, 0))
        return error_list_at(reader->reading->errors, &config_duplicate, entry->place, "key %.*s",
                             SLICE_ARG(entry->key));
    return good;
}

static const struct yaml_value *read_mapping(struct reader *reader)
{
    struct yaml_entry *entries = NULL;
    struct names keys;
    size_t room = 0;
    names_init(&keys);
    bool refused = refuse_extras(reader, reader->event.data.mapping_start.anchor,
                                 reader->event.data.mapping_start.tag);
    struct yaml_value *mapping = new_value(reader, YAML_MAPPING);
    while (!reader->failed && next_event(reader) && reader->event.type != YAML_MAPPING_END_EVENT) {
        struct yaml_entry entry = { .value = &fault };
        if (!read_entry(reader, &entry, &keys))
            continue;
        entries = memory_room(entries, mapping->count, &room, sizeof *entries);
        entries[mapping->count++] = entry;
    }
    if (mapping != NULL && entries != NULL) {
        size_t size = mapping->count * sizeof *entries;
        mapping->entries = memcpy(arena_take(reader->reading->arena, size), entries, size);
    }
    free(entries);
    names_fini(&keys);
    return mapping == NULL || refused ? &fault : mapping;
}

/* The value that the current event starts; its last event is the current one
   when this returns. */
static const struct yaml_value *read_value(struct reader *reader)
{
    const struct yaml_value *value = &fault;
    if (reader->depth >= YAML_DEPTH_MAX) {
        fail(reader, event_place(reader), "values are nested too deeply");
        return value;
    }
    reader->depth++;
    if (is_missing(reader))
        error_list_at(reader->reading->errors, &config_bad_value, event_place(reader),
                      "a value is missing (an empty text is \"\"; a text with a comma inside "
                      "braces needs quotes)");
    else if (reader->event.type == YAML_SCALAR_EVENT)
        value = read_text(reader);
    else if (reader->event.type == YAML_SEQUENCE_START_EVENT)
        value = read_list(reader);
    else if (reader->event.type == YAML_MAPPING_START_EVENT)
        value = read_mapping(reader);
    else if (reader->event.type == YAML_ALIAS_EVENT)
        refuse_extras(reader, reader->event.data.alias.anchor, NULL);
    reader->depth--;
    return reader->failed ? &fault : value;
}

/* The events around the one value of a stream. */
static const struct yaml_value *read_stream(struct reader *reader)
{
    const struct yaml_value *value = NULL;
    while (!reader->failed && next_event(reader) && reader->event.type != YAML_STREAM_END_EVENT) {
        if (reader->event.type != YAML_DOCUMENT_START_EVENT)
            continue;
        if (value != NULL)
            fail(reader, event_place(reader), "a file holds one document");
        else if (next_event(reader))
            value = read_value(reader);
    }
    if (value == NULL && !reader->failed)
        fail(reader, reader->start, "the file is empty");
    return reader->failed ? NULL : value;
}

static const struct yaml_value *read_document(struct slice bytes, struct place start,
                                              unsigned depth, size_t *value_count,
                                              const struct yaml_reading *reading)
{
    struct reader reader = { .reading = reading,
                             .bytes = bytes,
                             .start = start,
                             .depth = depth,
                             .value_count = value_count };
    struct slice masked = yaml_call_mask(bytes, reading->arena);
    restart(&reader);
    if (!yaml_parser_initialize(&reader.parser)) {
        fail(&reader, start, "no memory");
        return NULL;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)masked.at, masked.size);
    const struct yaml_value *value = read_stream(&reader);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    return value;
}

static bool is_control(char byte)
{
    return ((unsigned char)byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r') ||
           byte == 0x7f;
}

/* The whole file is text that we can give positions in. */
static bool check_bytes(struct slice bytes, struct place place, struct error_list *errors)
{
    while (bytes.size > 0) {
        size_t size = utf8_character_size(bytes);
        if (size == 0 || is_control(bytes.at[0]))
            return error_list_at(errors, &config_yaml, place, "byte 0x%02x is %s",
                                 (unsigned char)bytes.at[0],
                                 size == 0 ? "not UTF-8" : "a control character");
        place.column = bytes.at[0] == '\n' ? 1 : place.column + (unsigned)size;
        place.line += bytes.at[0] == '\n';
        place.offset += size;
        bytes = slice_after(bytes, size);
    }
    return true;
}

const struct yaml_value *yaml_read(struct slice bytes, const struct yaml_reading *reading)
{
    size_t value_count = 0;
    struct place start = { reading->source, 1, 1, 0 };
    if (slice_starts(bytes, byte_order_mark)) {
        bytes = slice_after(bytes, byte_order_mark.size);
        start.offset = byte_order_mark.size;
    }
    if (bytes.size > YAML_SIZE_MAX) {
        error_list_at(reading->errors, &config_yaml, start, "the file is larger than %d bytes",
                      YAML_SIZE_MAX);
        return NULL;
    }
    if (!check_bytes(bytes, start, reading->errors))
        return NULL;
    if (yaml_call_has_mask(bytes)) {
        error_list_at(reading->errors, &config_yaml, start,
                      "the file has the noncharacter U+FDD0 or U+FDD1");
        return NULL;
    }
    return read_document(bytes, start, 0, &value_count, reading);
}
