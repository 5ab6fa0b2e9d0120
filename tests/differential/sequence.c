/* Documents behind, between and beside others on one gateway: what a parser learned of them
   changes nothing.

       penstock-sequences [--seed N] [--count N]

   Each seed is one sequence: some documents of a few schemas, valid and changed, which come
   again and again on channels that differ in profile, readers and limits, in pieces that
   end anywhere, two at a time; some are given up.  Of each a parser that shares what was
   learned and one that shares nothing must tell the same.  Ends with 1 when they did not. */
#include "differential/mutate.h"
#include "unit/codecs/iso20022/reference.h"

#include "codecs/iso20022/schema.h"

#include <getopt.h>

enum {
    SCHEMA_COUNT_MAX = 3,
    DOCUMENT_COUNT_MAX = 8,
    JUDGED_MAX = 20,
    AT_ONCE_MAX = 2,
    PATH_COUNT_MAX = 3,
    PATH_DEPTH_MAX = 16,
    CHANGES_MAX = 3,
    CHANNEL_COUNT = 4,
};

/* Beside readers and profile. */
static const struct iso_parse_options channels[CHANNEL_COUNT] = {
    { .error_count_max = 100 },
    { .error_count_max = 3, .memory_max = 20000 },
    { .error_count_max = 20,
      .xml_limits = &(const struct xml_limits){ .depth_max = 9,
                                                .element_count_max = 60,
                                                .attribute_count_max = 4,
                                                .name_size_max = 20,
                                                .name_count_max = 40,
                                                .text_size_max = 60,
                                                .markup_size_max = 300,
                                                .total_size_max = 6000 } },
    { .error_count_max = 20,
      .xml_limits = &(const struct xml_limits){ .depth_max = 40,
                                                .element_count_max = 5000,
                                                .attribute_count_max = 40,
                                                .name_size_max = 200,
                                                .name_count_max = 100,
                                                .text_size_max = 5000,
                                                .markup_size_max = 3000,
                                                .total_size_max = 60000,
                                                .charset = CHARSET_GB18030 } },
};

static const size_t piece_sizes[] = { 1, 2, 20, 300, 1500, 5000, 100000 };

/* One document, judged twice. */
struct judged {
    struct iso_parse_options shared_options, alone_options;
    struct iso_parser *shared, *alone; /* NULL: nothing is judged */
    struct slice rest;
    size_t piece_max;
};

struct sequence {
    uint64_t seed;
    struct kit_random random;
    const struct iso_catalogue *catalogue;
    const struct iso_profile *profile;
    struct iso_learned *learned;
    const struct iso_schema *schemas[SCHEMA_COUNT_MAX];
    const struct shape_reader *readers[SCHEMA_COUNT_MAX];
    size_t schema_count, reader_count;
    struct writer documents[DOCUMENT_COUNT_MAX];
    size_t document_count;
    struct judged judged[AT_ONCE_MAX];
    size_t to_judge;
};

struct tally {
    uint64_t judged, valid, given_up, with_records, found;
};

static size_t below(struct sequence *sequence, size_t bound)
{
    return (size_t)kit_random_below(&sequence->random, bound);
}

/* --- what is read --- */

/* Down to a text or an amount, or to what else ends the way. */
static void write_path(struct sequence *sequence, const struct iso_type *type, struct writer *path)
{
    for (size_t i = 0; i < PATH_DEPTH_MAX && type->content == ISO_ELEMENTS; i++) {
        const struct iso_element *element = &type->elements[below(sequence, type->element_count)];
        writer_format(path, "%s%.*s", path->used == 0 ? "" : ".", SLICE_ARG(element->name));
        type = element->type;
    }
    if (type->content == ISO_AMOUNT)
        writer_text(path, below(sequence, 2) == 0 ? ".value" : ".Ccy");
}

/* The front of a path, of as many names; absent: of none. */
static struct slice front_of(struct slice path, size_t name_count)
{
    size_t size = 0;
    for (; size < path.size; size++) {
        if (path.at[size] == '.' && --name_count == 0)
            return (struct slice){ path.at, size };
    }
    return SLICE_NONE;
}

/* NULL: there is none for what chance has chosen. */
static const struct shape_reader *
make_reader(struct sequence *sequence, const struct iso_schema *schema, struct error_list *errors)
{
    const struct shape *shape = iso_schema_shape(schema);
    struct writer texts[PATH_COUNT_MAX];
    struct slice paths[PATH_COUNT_MAX] = { SLICE_NONE };
    size_t count = 1 + below(sequence, PATH_COUNT_MAX), names = below(sequence, 4);
    for (size_t i = 0; i < count; i++) {
        writer_init(&texts[i], 0);
        write_path(sequence, schema->message->type, &texts[i]);
        paths[i] = writer_slice(&texts[i]);
    }
    struct slice each = names == 0 ? SLICE_NONE : front_of(paths[0], names);
    const struct shape_reader *reader =
        shape->operations->reader(shape, paths, count, each, errors);
    for (size_t i = 0; i < count; i++)
        writer_fini(&texts[i]);
    return reader;
}

static void make_readers(struct sequence *sequence)
{
    struct error_list errors;
    error_list_init(&errors, 0);
    for (size_t i = 0; i < sequence->schema_count; i++) {
        const struct shape_reader *reader = NULL;
        for (unsigned tries = 0; tries < 10 && reader == NULL; tries++)
            reader = make_reader(sequence, sequence->schemas[i], &errors);
        if (reader != NULL)
            sequence->readers[sequence->reader_count++] = reader;
    }
    error_list_fini(&errors);
}

/* --- documents --- */

static void change(struct document *document, struct writer *xml)
{
    bool in_bytes = xml->used > 0;
    for (unsigned tries = 0; tries < 20; tries++) {
        const struct mutation *mutation = &mutations[document_below(document, mutation_count)];
        if (in_bytes && mutation->change_bytes != NULL) {
            mutation->change_bytes(document, xml);
            return;
        }
        if (!in_bytes && mutation->change_tree != NULL && mutation->change_tree(document) != NULL)
            return;
    }
}

/* Often one that was made before: written and changed in another way. */
static void make_document(struct sequence *sequence, struct writer *xml)
{
    struct document document;
    size_t schema = below(sequence, sequence->schema_count);
    size_t changes = below(sequence, 2) == 0 ? 0 : 1 + below(sequence, CHANGES_MAX);
    document_init(&document, sequence->schemas[schema],
                  sequence->seed + (below(sequence, 4) > 0 ? 0 : sequence->document_count));
    document_make(&document);
    document.random.state = kit_random_next(&sequence->random) | 1;
    for (size_t i = 0; i < changes; i++)
        change(&document, xml);
    document_write(&document, xml);
    if (below(sequence, 6) == 0)
        change(&document, xml);
    document_fini(&document);
}

static void write_without_declaration(struct slice xml, struct writer *writer)
{
    const char *end = slice_starts(xml, SLICE("<?xml")) ? memmem(xml.at, xml.size, "?>", 2) : NULL;
    writer_bytes(writer, end == NULL ? xml : slice_after(xml, (size_t)(end + 2 - xml.at)));
}

/* Two that were made before, in an envelope. */
static void wrap_documents(struct sequence *sequence, struct writer *xml)
{
    writer_text(xml, below(sequence, 2) == 0 ? "<m>" : "<m:m xmlns:m='urn:m' xmlns='urn:x'>");
    bool has_prefix = xml->used > 3;
    for (unsigned i = 0; i < 2; i++)
        write_without_declaration(
            writer_slice(&sequence->documents[below(sequence, sequence->document_count)]), xml);
    writer_text(xml, has_prefix ? "</m:m>" : "</m>");
}

static void make_documents(struct sequence *sequence)
{
    size_t count = 2 + below(sequence, DOCUMENT_COUNT_MAX - 1);
    while (sequence->document_count < count) {
        struct writer *xml = &sequence->documents[sequence->document_count];
        writer_init(xml, 0);
        if (sequence->document_count >= 2 && below(sequence, 4) == 0)
            wrap_documents(sequence, xml);
        else
            make_document(sequence, xml);
        sequence->document_count++;
    }
}

/* --- judging --- */

static void begin(struct sequence *sequence, struct judged *judged)
{
    size_t channel = below(sequence, 2) == 0 ? 0 : below(sequence, CHANNEL_COUNT);
    struct iso_parse_options options = channels[channel];
    struct slice xml =
        writer_slice(&sequence->documents[below(sequence, sequence->document_count)]);
    options.catalogue = sequence->catalogue;
    options.profile = below(sequence, 3) > 0 ? NULL : sequence->profile;
    options.readers = sequence->readers;
    options.reader_count = below(sequence, sequence->reader_count + 1);
    *judged = (struct judged){ .alone_options = options, .shared_options = options, .rest = xml };
    judged->shared_options.learned = sequence->learned;
    judged->shared = iso_parser_new(&judged->shared_options, "x");
    judged->alone = iso_parser_new(&judged->alone_options, "x");
    judged->piece_max = piece_sizes[below(sequence, sizeof piece_sizes / sizeof *piece_sizes)];
    if (below(sequence, 10) == 0)
        judged->rest.size = below(sequence, xml.size + 1); /* it ends early */
}

static void write_part(const struct iso_part *part, struct writer *writer)
{
    writer_format(writer, "%.*s, %zu records\n",
                  SLICE_ARG(part->schema == NULL ? SLICE_NONE : part->schema->id),
                  part->record_count);
    for (size_t i = 0; i < part->record_count; i++) {
        for (size_t slot = 0; slot < part->records[i].count; slot++) {
            const struct value *value = &part->records[i].values[slot];
            for (; value != NULL && value->text.at != NULL; value = value->next)
                writer_format(writer, "%zu.%zu: %.*s\n", i, slot, SLICE_ARG(value->text));
        }
    }
}

static void write_outcome(struct iso_parser *parser, struct writer *writer)
{
    const struct iso_outcome *outcome = iso_parser_end(parser);
    struct error_list errors = outcome->errors;
    writer_init(writer, 0);
    for (size_t i = 0; i < errors.count; i++)
        writer_format(writer, "%s at %zu: %.*s\n", errors.at[i].kind->name,
                      errors.at[i].place.offset, SLICE_ARG(iso_finding_path(&errors.at[i])));
    error_list_write(&errors, writer);
    writer_format(writer, "%zu more, %s\n", errors.dropped, iso_envelope_name(outcome->envelope));
    write_part(&outcome->header, writer);
    write_part(&outcome->document, writer);
}

static void leave(struct judged *judged)
{
    iso_parser_free(judged->shared);
    iso_parser_free(judged->alone);
    judged->shared = judged->alone = NULL;
}

static void compare(const struct sequence *sequence, struct judged *judged, struct tally *tally)
{
    struct writer shared, alone;
    write_outcome(judged->shared, &shared);
    write_outcome(judged->alone, &alone);
    const struct iso_outcome *outcome = iso_parser_end(judged->alone);
    tally->judged++;
    tally->valid += outcome->errors.count == 0;
    tally->with_records += outcome->header.record_count + outcome->document.record_count > 0;
    if (!slice_equal(writer_slice(&shared), writer_slice(&alone))) {
        tally->found++;
        printf("seed %llu: behind others:\n%s\nalone:\n%s\n", (unsigned long long)sequence->seed,
               shared.at, alone.at);
    }
    writer_fini(&shared);
    writer_fini(&alone);
}

/* The next piece, or what comes behind the last. */
static void go_on(struct sequence *sequence, struct judged *judged, struct tally *tally)
{
    size_t size = 1 + below(sequence, judged->piece_max);
    if (size > judged->rest.size)
        size = judged->rest.size;
    struct slice piece = { judged->rest.at, size };
    judged->rest = slice_after(judged->rest, size);
    bool more = iso_parser_feed(judged->alone, piece);
    if (iso_parser_feed(judged->shared, piece) != more) {
        tally->found++;
        printf("seed %llu: one of two has stopped\n", (unsigned long long)sequence->seed);
    }
    if (below(sequence, 4000) < size / 64 + 1 && below(sequence, 4) == 0) {
        tally->given_up++;
        leave(judged);
    } else if (!more || judged->rest.size == 0) {
        compare(sequence, judged, tally);
        leave(judged);
    }
}

static void play(struct sequence *sequence, struct tally *tally)
{
    size_t at_once = 1 + below(sequence, AT_ONCE_MAX), busy = 0;
    while (sequence->to_judge > 0 || busy > 0) {
        struct judged *judged = &sequence->judged[below(sequence, at_once)];
        if (judged->shared != NULL) {
            go_on(sequence, judged, tally);
            busy -= judged->shared == NULL;
        } else if (sequence->to_judge > 0) {
            begin(sequence, judged);
            sequence->to_judge--;
            busy++;
        }
    }
}

/* Often our own, which comes last and has every construct. */
static const struct iso_schema *any_schema(struct sequence *sequence)
{
    size_t count = iso_catalogue_count(sequence->catalogue);
    return iso_catalogue_at(sequence->catalogue,
                            below(sequence, 3) == 0 ? count - 1 : below(sequence, count));
}

static void run(struct sequence *sequence, struct tally *tally)
{
    sequence->random.state = sequence->seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    sequence->schema_count = 1 + below(sequence, SCHEMA_COUNT_MAX);
    for (size_t i = 0; i < sequence->schema_count; i++)
        sequence->schemas[i] = any_schema(sequence);
    sequence->to_judge = 2 + below(sequence, JUDGED_MAX - 1);
    sequence->learned = iso_learned_new();
    make_readers(sequence);
    make_documents(sequence);
    play(sequence, tally);
    iso_learned_free(sequence->learned);
    for (size_t i = 0; i < sequence->reader_count; i++)
        iso_shape_operations.reader_free((struct shape_reader *)sequence->readers[i]);
    for (size_t i = 0; i < sequence->document_count; i++)
        writer_fini(&sequence->documents[i]);
}

static struct iso_profile *every_rule(const struct iso_catalogue *catalogue)
{
    struct iso_profile *profile = iso_profile_new(catalogue);
    for (size_t i = 0; i < iso_profile_set_count; i++)
        iso_profile_switch(profile, slice_of(iso_profile_sets[i].name), true);
    iso_profile_bind(profile);
    return profile;
}

static void add_own_schema(struct iso_catalogue *catalogue)
{
    struct error_list errors;
    struct slice xsd = kit_read_file(PENSTOCK_SOURCE_DIR "/tests/differential/test.001.001.01.xsd");
    error_list_init(&errors, 0);
    assert_true(iso_catalogue_add(catalogue, xsd, "test.001.001.01.xsd", &errors));
    error_list_fini(&errors);
    kit_free_file(xsd);
}

int main(int argc, char **argv)
{
    static const struct option known[] = { { "seed", required_argument, NULL, 's' },
                                           { "count", required_argument, NULL, 'c' },
                                           { NULL, 0, NULL, 0 } };
    uint64_t seed = 1, count = 1;
    struct tally tally = { 0 };
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option != 's' && option != 'c')
            return 2;
        *(option == 's' ? &seed : &count) = strtoull(optarg, NULL, 10);
    }
    struct iso_catalogue *catalogue = reference_catalogue();
    add_own_schema(catalogue);
    struct iso_profile *profile = every_rule(catalogue);
    for (uint64_t i = 0; i < count; i++) {
        struct sequence sequence = { .seed = seed + i, .catalogue = catalogue, .profile = profile };
        run(&sequence, &tally);
    }
    printf("documents %llu, valid %llu, with records %llu, given up %llu, differences %llu\n",
           (unsigned long long)tally.judged, (unsigned long long)tally.valid,
           (unsigned long long)tally.with_records, (unsigned long long)tally.given_up,
           (unsigned long long)tally.found);
    iso_profile_free(profile);
    iso_catalogue_free(catalogue);
    return tally.found == 0 ? 0 : 1;
}
