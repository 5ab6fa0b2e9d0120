/* However a document is cut into chunks, it has the same verdict, findings and slots
   as in one piece; and cut short it is never accepted.

   Without an argument the points to cut at are chosen: all of them in the documents of
   this repository, in the samples beside it a few per document, of those at markup and
   in between in turn, so that all documents together have every kind.  With `every` they
   are all points of all documents up to 8 KiB; above, those at markup and each 97th:

       build/release/bin/unit-codecs-iso20022-split_test every */
#include "reference.h"

#include <glob.h>

enum {
    SIZE_OF_EVERY_MAX = 8 << 10,
    STRIDE = 97,
    POINT_COUNT = 12, /* of a sample, when they are chosen */
    PATH_COUNT_MAX = 4000,
};

static struct iso_catalogue *catalogue;
static bool every;

static int set_up(void **state)
{
    (void)state;
    catalogue = reference_catalogue();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_catalogue_free(catalogue);
    return 0;
}

/* ------------------------------------------------------------ what is read of a document */

/* All that one part of it says. */
struct part_paths {
    const struct shape *shape;
    struct slice paths[PATH_COUNT_MAX];
    size_t count;
};

struct document {
    const char *name;
    struct slice xml;
    struct arena arena;
    struct part_paths parts[2];
    size_t part_count;
    const struct shape_reader *readers[2];
    bool valid;
    struct writer whole; /* what is told of it in one piece */
};

struct element {
    struct slice path; /* from the part's root on; absent: outside */
    bool has_child;
};

static const struct shape *shape_of(struct slice namespace)
{
    const struct slice prefix = SLICE(ISO_NAMESPACE);
    if (namespace.at == NULL || !slice_starts(namespace, prefix))
        return NULL;
    const struct iso_schema *schema =
        iso_catalogue_find(catalogue, slice_after(namespace, prefix.size));
    return schema == NULL ? NULL : iso_schema_shape(schema);
}

static void want(struct document *document, struct slice path)
{
    struct part_paths *part = &document->parts[document->part_count - 1];
    struct shape_field field;
    struct error error;
    for (size_t i = 0; i < part->count; i++) {
        if (slice_equal(part->paths[i], path))
            return;
    }
    if (part->count < PATH_COUNT_MAX &&
        part->shape->operations->find(part->shape, path, SLICE_NONE, PLACE_NONE, &field, &error))
        part->paths[part->count++] = path;
}

static void want_all(struct document *document, const struct element *element,
                     const struct xml_event *event)
{
    struct arena *arena = &document->arena;
    for (size_t i = 0; i < event->attribute_count; i++)
        want(document, arena_format(arena, "%.*s.%.*s", SLICE_ARG(element->path),
                                    SLICE_ARG(event->attributes[i].name)));
    want(document, element->path);
    want(document, arena_format(arena, "%.*s.value", SLICE_ARG(element->path)));
}

/* A path is that below the message: Document and the message itself are no part of it. */
static struct element open_element(struct document *document, const struct element *above,
                                   const struct xml_event *event)
{
    const struct shape *shape = shape_of(event->namespace);
    bool is_header = slice_is(event->name, "AppHdr");
    if (above->path.at != NULL && above->path.size > 0)
        return (struct element){ .path =
                                     arena_format(&document->arena, "%.*s.%.*s",
                                                  SLICE_ARG(above->path), SLICE_ARG(event->name)) };
    if (above->path.at != NULL)
        return (struct element){ .path = arena_copy(&document->arena, event->name) };
    if (document->part_count < 2 && shape != NULL &&
        (is_header || !slice_is(event->name, "Document")))
        document->parts[document->part_count++].shape = shape;
    else
        return (struct element){ .path = SLICE_NONE };
    return (struct element){ .path = SLICE("") };
}

static void look_at(struct document *document)
{
    struct element elements[128] = { { .path = SLICE_NONE } };
    struct xml_reader *reader = xml_reader_new(document->name, &xml_limits_default);
    struct xml_event event;
    struct error error;
    size_t depth = 0;
    xml_reader_feed(reader, document->xml, true, &error);
    while (xml_reader_next(reader, &event)) {
        if (event.kind == XML_EVENT_START) {
            elements[depth + 1] = open_element(document, &elements[depth], &event);
            depth++;
            if (elements[depth].path.size > 0)
                want_all(document, &elements[depth], &event);
        } else if (event.kind == XML_EVENT_END) {
            depth--;
        }
    }
    xml_reader_free(reader);
}

static void make_readers(struct document *document)
{
    struct error_list errors;
    error_list_init(&errors, 0);
    for (size_t i = 0; i < document->part_count; i++) {
        const struct part_paths *part = &document->parts[i];
        document->readers[i] = part->shape->operations->reader(part->shape, part->paths,
                                                               part->count, SLICE_NONE, &errors);
    }
    error_list_fini(&errors);
}

/* ------------------------------------------------------------ what is told of it */

static void write_part(const struct iso_part *part, struct writer *writer)
{
    if (part->schema != NULL)
        writer_format(writer, "%.*s\n", SLICE_ARG(iso_schema_id(part->schema)));
    for (size_t i = 0; i < part->record_count; i++) {
        const struct record *record = &part->records[i];
        for (size_t slot = 0; slot < record->count; slot++) {
            const struct value *value = &record->values[slot];
            writer_format(writer, "%zu%s", slot, value->text.at == NULL ? "-" : "");
            for (; value != NULL; value = value->next)
                writer_format(writer, "=%.*s", SLICE_ARG(value->text));
            writer_char(writer, '\n');
        }
    }
}

static struct iso_parser *parser_of(const struct document *document,
                                    struct iso_parse_options *options)
{
    *options = (struct iso_parse_options){ .catalogue = catalogue,
                                           .error_count_max = 50,
                                           .readers = document->readers,
                                           .reader_count = document->part_count };
    return iso_parser_new(options, NULL);
}

/* Ends the document. */
static void write_outcome(struct iso_parser *parser, struct writer *writer)
{
    const struct iso_outcome *outcome = iso_parser_end(parser);
    struct error_list errors = outcome->errors;
    writer_reset(writer);
    writer_format(writer, "%d\n", (int)outcome->envelope);
    error_list_write(&errors, writer);
    write_part(&outcome->header, writer);
    write_part(&outcome->document, writer);
}

static void open_document(struct document *document, const char *name, struct slice xml)
{
    struct iso_parse_options options;
    *document = (struct document){ .name = name, .xml = xml };
    arena_init(&document->arena, ARENA_UNLIMITED);
    writer_init(&document->whole, 0);
    look_at(document);
    make_readers(document);
    struct iso_parser *parser = parser_of(document, &options);
    iso_parser_feed(parser, xml);
    write_outcome(parser, &document->whole);
    document->valid = iso_parser_end(parser)->errors.count == 0;
    iso_parser_free(parser);
}

static void close_document(struct document *document)
{
    for (size_t i = 0; i < document->part_count; i++)
        document->parts[i].shape->operations->reader_free(
            (struct shape_reader *)document->readers[i]);
    arena_fini(&document->arena);
    writer_fini(&document->whole);
}

/* ------------------------------------------------------------ the ways to cut it */

static void check_told(const struct document *document, const struct writer *told, const char *how,
                       size_t number)
{
    if (!slice_equal(writer_slice(told), writer_slice(&document->whole)))
        fail_msg("%s, %s %zu:\n%s\nand in one piece:\n%s", document->name, how, number,
                 writer_slice(told).at, writer_slice(&document->whole).at);
}

static void check_split(const struct document *document, size_t point, struct writer *told)
{
    struct iso_parse_options options;
    struct iso_parser *parser = parser_of(document, &options);
    iso_parser_feed(parser, (struct slice){ document->xml.at, point });
    iso_parser_feed(parser, slice_after(document->xml, point));
    write_outcome(parser, told);
    iso_parser_free(parser);
    check_told(document, told, "in two at", point);
}

/* Chunks of up to size_max bytes, of exactly one when that is one. */
static void check_chunks(const struct document *document, size_t size_max, uint64_t seed,
                         struct writer *told)
{
    struct kit_random random = { seed };
    struct iso_parse_options options;
    struct iso_parser *parser = parser_of(document, &options);
    struct slice rest = document->xml;
    while (rest.size > 0) {
        size_t size = 1 + kit_random_below(&random, size_max);
        size = size < rest.size ? size : rest.size;
        iso_parser_feed(parser, (struct slice){ rest.at, size });
        rest = slice_after(rest, size);
    }
    write_outcome(parser, told);
    iso_parser_free(parser);
    check_told(document, told, "in chunks of up to", size_max);
}

/* Behind the root there may be white space and comments, which can be missing. */
static size_t end_of_root(struct slice xml)
{
    size_t end = 0;
    for (size_t i = 0; i + 1 < xml.size; i++) {
        if (xml.at[i] == '<' && xml.at[i + 1] == '/')
            end = i;
    }
    const char *close = memchr(xml.at + end, '>', xml.size - end);
    return close == NULL ? xml.size : (size_t)(close - xml.at) + 1;
}

/* Incomplete, and nothing else is said of it. */
static void check_prefix(const struct document *document, size_t size)
{
    struct iso_parse_options options;
    struct iso_parser *parser = parser_of(document, &options);
    iso_parser_feed(parser, (struct slice){ document->xml.at, size });
    const struct error_list *errors = &iso_parser_end(parser)->errors;
    if (errors->count != 1 || errors->at[0].kind != &xml_malformed)
        fail_msg("%s: its first %zu bytes are not told to be incomplete, only", document->name,
                 size);
    iso_parser_free(parser);
}

static void check_point(const struct document *document, size_t point, struct writer *told)
{
    check_split(document, point, told);
    if (document->valid && point < end_of_root(document->xml))
        check_prefix(document, point);
}

/* ------------------------------------------------------------ the points */

static bool is_markup(char byte)
{
    return memchr("<>&;\"/=?!-[]", byte, 12) != NULL || (byte & 0x80) != 0;
}

static bool is_at_markup(struct slice xml, size_t point)
{
    return (point < xml.size && is_markup(xml.at[point])) ||
           (point > 0 && is_markup(xml.at[point - 1]));
}

/* Which points of the two kinds are cut at: each so-manyth, from another one on in each
   document. */
struct choice {
    size_t steps[2]; /* in between, at markup */
    size_t start;
};

static struct choice choice_of(struct slice xml, size_t row, bool all)
{
    size_t at_markup = 0;
    if (all)
        return (struct choice){ { xml.size > SIZE_OF_EVERY_MAX ? STRIDE : 1, 1 }, 0 };
    for (size_t i = 0; i <= xml.size; i++)
        at_markup += is_at_markup(xml, i);
    return (struct choice){
        { (xml.size - at_markup) / (POINT_COUNT / 2) + 1, at_markup / (POINT_COUNT / 2) + 1 }, row
    };
}

static size_t check_document(const struct document *document, size_t row, bool all)
{
    struct choice choice = choice_of(document->xml, row, all);
    size_t seen[] = { choice.start, choice.start }, count = 0;
    struct writer told;
    writer_init(&told, 0);
    for (size_t point = 0; point <= document->xml.size; point++) {
        bool kind = is_at_markup(document->xml, point);
        if (seen[kind]++ % choice.steps[kind] != 0)
            continue;
        check_point(document, point, &told);
        count++;
    }
    check_chunks(document, 1, 1, &told);
    check_chunks(document, 60, row + 1, &told);
    writer_fini(&told);
    return count;
}

/* How many points it was cut at. */
static size_t check_file(const char *path, size_t row, bool all)
{
    struct document *document = memory_take(sizeof *document);
    struct slice xml = kit_read_file(path);
    open_document(document, path, xml);
    size_t count = check_document(document, row, all);
    close_document(document);
    kit_free_file(xml);
    free(document);
    return count;
}

static size_t check_files(const char *pattern, bool all)
{
    glob_t found;
    size_t count = 0;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        count += check_file(found.gl_pathv[i], i, all);
    print_message("%zu documents, cut at %zu points\n", (size_t)found.gl_pathc, count);
    globfree(&found);
    return count;
}

static void documents_of_the_repository_may_be_cut_anywhere(void **state)
{
    (void)state;
    check_files(PENSTOCK_SOURCE_DIR "/tests/golden/*/*.xml", true);
    check_files(PENSTOCK_SOURCE_DIR "/tests/fuzz/corpus/iso_parse/*.xml", true);
}

static void samples_may_be_cut_anywhere(void **state)
{
    static const char *const patterns[] = { "valid/*/*.xml", "enveloped/*.xml", "invalid/*/*.xml" };
    const char *shared = kit_shared("split_test");
    (void)state;
    if (shared == NULL)
        skip();
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        char pattern[REFERENCE_PATH_MAX];
        snprintf(pattern, sizeof pattern, "%s/iso20022/samples/%s", shared, patterns[i]);
        check_files(pattern, every);
    }
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_of_the_repository_may_be_cut_anywhere),
        cmocka_unit_test(samples_may_be_cut_anywhere),
    };
    every = count > 1 && strcmp(words[1], "every") == 0;
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
