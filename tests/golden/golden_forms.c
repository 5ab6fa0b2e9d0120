#include "golden_forms.h"

#include "codecs/fix/compose.h"
#include "codecs/fix/message.h"
#include "codecs/iso20022/parse.h"
#include "kit/kit.h"

#include <libxml/xmlschemas.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    FIELD_COUNT_MAX = 200,
    MESSAGE_SIZE_MAX = 1 << 16,
};

/* The next line, taken off the front. */
static bool take_line(struct slice *text, struct slice *line)
{
    if (text->size == 0)
        return false;
    const char *end = memchr(text->at, '\n', text->size);
    *line = (struct slice){ text->at, end == NULL ? text->size : (size_t)(end - text->at) };
    *text = slice_after(*text, end == NULL ? line->size : line->size + 1);
    return true;
}

static void add_line(struct fix_compose *compose, struct slice line)
{
    const char *equals = memchr(line.at, '=', line.size);
    size_t size = equals == NULL ? 0 : (size_t)(equals - line.at);
    uint64_t tag;
    assert_true(slice_to_u64((struct slice){ line.at, size }, UINT32_MAX, &tag));
    fix_compose_text(compose, (uint32_t)tag, slice_after(line, size + 1));
}

/* "35=DY" first, then what is behind the header. */
static struct slice build_fix(struct slice msg_type, struct slice lines, struct writer *writer)
{
    struct fix_compose compose;
    struct slice line;
    fix_compose_begin(&compose, writer, SLICE("FIX.4.4"), msg_type);
    fix_compose_text(&compose, 49, SLICE("BRKALPHA"));
    fix_compose_text(&compose, 56, SLICE("PENSTOCK"));
    fix_compose_u64(&compose, 34, 7);
    fix_compose_text(&compose, 52, SLICE("20260302-09:30:00.000"));
    while (take_line(&lines, &line))
        add_line(&compose, line);
    return fix_compose_end(&compose);
}

static const struct fix_dictionary *dictionary_of(const struct config *config)
{
    return config->dictionaries[0];
}

/* Parses and validates; bytes and fields outlive the message. */
static struct fix_message parse_fix(const struct config *config, struct slice bytes,
                                    struct fix_field *fields)
{
    struct fix_message message = { .fields = fields, .room = FIELD_COUNT_MAX };
    const struct fix_dictionary *dictionary = dictionary_of(config);
    struct fix_finding finding = { .fault = NULL };
    const struct fix_fault *fault = NULL;
    struct fix_frame frame;
    assert_int_equal(fix_frame_find(bytes, MESSAGE_SIZE_MAX, &frame, &fault), FIX_FRAME_WHOLE);
    if (!fix_message_parse(&message, &frame, dictionary, &finding) ||
        !fix_message_validate(&message, dictionary, &finding))
        fail_msg("%s (tag %u)", finding.fault->text, finding.tag);
    return message;
}

struct records golden_read_fix(const struct config *config, struct slice text,
                               const struct map *map, struct arena *arena)
{
    struct fix_field *fields = arena_take_array(arena, FIELD_COUNT_MAX, sizeof *fields);
    struct record *record = arena_take(arena, sizeof *record);
    struct slice first;
    struct writer writer;
    assert_true(take_line(&text, &first) && slice_starts(first, SLICE("35=")));
    writer_init(&writer, 0);
    struct slice bytes = arena_copy(arena, build_fix(slice_after(first, 3), text, &writer));
    struct fix_message message = parse_fix(config, bytes, fields);
    *record = record_take(arena, map_slot_count(map));
    fix_message_fill(map_reader(map), &message, record, arena);
    writer_fini(&writer);
    return (struct records){ record, 1 };
}

void golden_check_fix(const struct config *config, const struct map *map, struct slice body)
{
    struct fix_field fields[FIELD_COUNT_MAX];
    struct fix_compose compose;
    struct writer writer;
    const struct fix_message_type *type =
        fix_dictionary_message_named(dictionary_of(config), slice_of(map_target(map)->name));
    writer_init(&writer, 0);
    fix_compose_begin(&compose, &writer, SLICE("FIX.4.4"), type->msg_type);
    fix_compose_text(&compose, 49, SLICE("PENSTOCK"));
    fix_compose_text(&compose, 56, SLICE("BRKALPHA"));
    fix_compose_u64(&compose, 34, 7);
    fix_compose_text(&compose, 52, SLICE("20260302-09:30:00.000"));
    fix_compose_fields(&compose, body);
    parse_fix(config, fix_compose_end(&compose), fields);
    writer_fini(&writer);
}

void golden_write_fix(struct slice body, struct writer *writer)
{
    for (size_t i = 0; i < body.size; i++)
        writer_char(writer, (char)(body.at[i] == '\001' ? '\n' : body.at[i]));
}

/* The record of values that outlive the parser. */
static struct record copy_record(const struct record *record, struct arena *arena)
{
    struct record copy = record_take(arena, record->count);
    for (size_t i = 0; i < record->count; i++) {
        const struct value *value = &record->values[i];
        for (; value != NULL && value->text.at != NULL; value = value->next)
            record_add(&copy, i, arena_copy(arena, value->text), arena);
    }
    return copy;
}

static struct records copy_records(const struct iso_part *part, struct arena *arena)
{
    struct record *at = arena_take_array(arena, part->record_count, sizeof *at);
    for (size_t i = 0; i < part->record_count; i++)
        at[i] = copy_record(&part->records[i], arena);
    return (struct records){ at, part->record_count };
}

struct records golden_read_xml(const struct config *config, struct slice text,
                               const struct map *map, struct arena *arena)
{
    const struct shape_reader *reader = map == NULL ? NULL : map_reader(map);
    struct iso_parse_options options = { .catalogue = config->catalogue,
                                         .profile = config->channels[0].profile,
                                         .error_count_max = 10,
                                         .readers = &reader,
                                         .reader_count = reader != NULL };
    struct iso_parser *parser = iso_parser_new(&options, "golden");
    struct writer faults;
    writer_init(&faults, 0);
    iso_parser_feed(parser, text);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    for (size_t i = 0; i < outcome->errors.count; i++)
        error_write(&outcome->errors.at[i], &faults);
    assert_slice_equal(writer_slice(&faults), "");
    const struct iso_part *part =
        outcome->document.schema != NULL ? &outcome->document : &outcome->header;
    struct records records = copy_records(part, arena);
    writer_fini(&faults);
    iso_parser_free(parser);
    return records;
}

static void check_by_libxml2(const char *id, struct slice document)
{
    char path[512];
    snprintf(path, sizeof path, "%s/iso20022/xsd/%s.xsd", PENSTOCK_SHARED_DIR, id);
    if (access(path, R_OK) != 0) {
        print_message("%s: not judged by libxml2, the reference data are not at hand\n", id);
        return;
    }
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    xmlSchemaValidCtxtPtr context = xmlSchemaNewValidCtxt(schema);
    xmlDocPtr parsed = xmlReadMemory(document.at, (int)document.size, id, NULL, XML_PARSE_NONET);
    assert_int_equal(xmlSchemaValidateDoc(context, parsed), 0);
    xmlFreeDoc(parsed);
    xmlSchemaFreeValidCtxt(context);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
}

void golden_check_xml(const struct config *config, const struct map *map, struct slice document)
{
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    golden_read_xml(config, document, NULL, &arena);
    check_by_libxml2(map_target(map)->name, document);
    arena_fini(&arena);
}

static void write_indent(struct writer *writer, unsigned depth)
{
    writer_char(writer, '\n');
    while (depth-- > 0)
        writer_text(writer, "  ");
}

/* A document as it is composed has no white space between elements. */
void golden_write_xml(struct slice document, struct writer *writer)
{
    unsigned depth = 0;
    for (size_t i = 0; i < document.size; i++) {
        bool tag = document.at[i] == '<', end = tag && document.at[i + 1] == '/';
        if (end)
            depth--;
        if (tag && i > 0 && document.at[i - 1] == '>')
            write_indent(writer, depth);
        if (tag && !end)
            depth++;
        writer_char(writer, document.at[i]);
    }
    writer_char(writer, '\n');
}

void golden_read_facts(struct slice text, struct facts *facts)
{
    struct slice line;
    while (take_line(&text, &line)) {
        const char *equals = memmem(line.at, line.size, " = ", 3);
        struct error error;
        enum fact fact;
        assert_non_null(equals);
        struct slice name = { line.at, (size_t)(equals - line.at) };
        if (!fact_find(name, PLACE_NONE, &fact, &error))
            fail_msg("%s", error.detail);
        facts->values[fact] = slice_after(line, name.size + 3);
    }
}

void golden_write_facts(const struct facts *facts, const char *group, struct writer *writer)
{
    for (enum fact fact = 0; fact < FACT_COUNT; fact++) {
        struct slice name = slice_of(fact_name(fact));
        if (facts->values[fact].at == NULL || !slice_starts(name, slice_of(group)) ||
            name.at[strlen(group)] != '.')
            continue;
        writer_format(writer, "%s = %.*s\n", name.at, SLICE_ARG(facts->values[fact]));
    }
}
