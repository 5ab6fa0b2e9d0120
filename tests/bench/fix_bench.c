/* What a FIX message costs to read and to write, beside libquickfix with the same
   dictionaries and beside the least that any reader does, to find every SOH and
   to sum the bytes.  Each figure is for one message, the mean of a set.

       penstock-bench-fix [MILLISECONDS [FOLDER]]

   A round takes so long; FOLDER has messages in files *.fix. */
#include "bench.h"
#include "quickfix_baseline.h"

#include "codecs/fix/compose.h"
#include "codecs/fix/message.h"
#include "kit/fix_messages.h"
#include "kit/fix_paths.h"
#include "kit/fix_text.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    ROUND_MS = 50,
    FIELDS_MAX = 512,
    HEAD_FIELD_COUNT = 3, /* 8, 9 and 35 */
    SOH = 1,
};

/* A message to be written. */
struct written {
    struct fix_message message;
    const struct fix_tag_text **tags; /* beside its fields, as the dictionary has them */
    const struct shape *shape;
    struct shape_composer *composer; /* writes its body from the record */
    struct record record;
};

/* The messages of a version, and what works on them. */
struct set {
    struct fix_text_version version;
    struct fix_messages messages;
    struct fix_field fields[FIELDS_MAX];
    struct written *written; /* beside messages */
    struct arena arena;
    struct writer writer;
    struct quickfix *quickfix; /* NULL: not there */
    struct quickfix_message **built;
};

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void find_and_sum(void *argument)
{
    struct set *set = argument;
    for (size_t i = 0; i < set->messages.count; i++) {
        struct slice bytes = set->messages.at[i];
        unsigned sum = 0;
        size_t ends[FIELDS_MAX], count = 0;
        for (size_t at = 0; at < bytes.size; at++) {
            sum += (unsigned char)bytes.at[at];
            if (bytes.at[at] == SOH)
                ends[count++] = at;
        }
        __asm__ volatile("" : : "r"(sum), "r"(ends), "r"(count) : "memory");
    }
}

/* Into message, whose fields have room for FIELDS_MAX. */
static void decode(const struct set *set, struct slice bytes, struct fix_message *message)
{
    struct fix_frame frame;
    struct fix_finding finding;
    const struct fix_fault *fault;
    if (fix_frame_find(bytes, bytes.size, &frame, &fault) != FIX_FRAME_WHOLE)
        stop("a message is not framed", fault->text);
    if (!fix_message_parse(message, &frame, set->version.dictionary, &finding))
        stop("a message can't be parsed", finding.fault->text);
}

static void decode_all(void *argument)
{
    struct set *set = argument;
    struct fix_message message = { .fields = set->fields, .room = FIELDS_MAX };
    for (size_t i = 0; i < set->messages.count; i++)
        decode(set, set->messages.at[i], &message);
}

static void validate_all(void *argument)
{
    struct set *set = argument;
    struct fix_message message = { .fields = set->fields, .room = FIELDS_MAX };
    struct fix_finding finding;
    for (size_t i = 0; i < set->messages.count; i++) {
        decode(set, set->messages.at[i], &message);
        if (!fix_message_validate(&message, set->version.dictionary, &finding))
            stop("a message is not valid", finding.fault->text);
    }
}

static void begin(struct set *set, const struct written *written, struct fix_compose *compose)
{
    writer_reset(&set->writer);
    fix_compose_begin(compose, &set->writer, written->message.begin_string,
                      written->message.msg_type);
}

/* Each field by its field of the dictionary. */
static struct slice encode(struct set *set, const struct written *written)
{
    const struct fix_tag_text *const *tags = written->tags;
    const struct fix_field *fields = written->message.fields;
    size_t last = written->message.count - 1;
    struct fix_compose compose;
    begin(set, written, &compose);
    for (size_t i = HEAD_FIELD_COUNT; i < last; i++)
        fix_compose_field(&compose, tags[i], fields[i].value);
    return fix_compose_end(&compose);
}

/* Each field by the number of its tag. */
static struct slice encode_by_number(struct set *set, const struct written *written)
{
    const struct fix_field *fields = written->message.fields;
    size_t last = written->message.count - 1;
    struct fix_compose compose;
    begin(set, written, &compose);
    for (size_t i = HEAD_FIELD_COUNT; i < last; i++)
        fix_compose_text(&compose, fields[i].tag, fields[i].value);
    return fix_compose_end(&compose);
}

static void encode_all(void *argument)
{
    struct set *set = argument;
    for (size_t i = 0; i < set->messages.count; i++)
        encode(set, &set->written[i]);
}

static void encode_all_by_number(void *argument)
{
    struct set *set = argument;
    for (size_t i = 0; i < set->messages.count; i++)
        encode_by_number(set, &set->written[i]);
}

/* As a map does: groups counted, each value checked. */
static void write_bodies(void *argument)
{
    struct set *set = argument;
    for (size_t i = 0; i < set->messages.count; i++) {
        const struct written *written = &set->written[i];
        struct error error;
        writer_reset(&set->writer);
        if (!written->shape->operations->compose(written->composer, &written->record, &set->writer,
                                                 &error))
            stop("a body can't be written", error.detail);
    }
}

static void quickfix_read_all(struct set *set, bool validated)
{
    for (size_t i = 0; i < set->messages.count; i++) {
        const char *why;
        if (!quickfix_decode(set->quickfix, set->messages.at[i].at, set->messages.at[i].size,
                             validated, &why))
            stop("libquickfix does not take a message", why);
    }
}

static void quickfix_decode_all(void *argument)
{
    quickfix_read_all(argument, false);
}

static void quickfix_validate_all(void *argument)
{
    quickfix_read_all(argument, true);
}

static void quickfix_encode_all(void *argument)
{
    struct set *set = argument;
    for (size_t i = 0; i < set->messages.count; i++)
        quickfix_encode(set->built[i]);
}

static struct bench_figure measure(void (*operation)(void *argument), struct set *set,
                                   unsigned round_ms)
{
    struct bench_figure figure = bench_measure(operation, set, round_ms);
    int64_t count = (int64_t)set->messages.count;
    return (struct bench_figure){ figure.ns_median / count, figure.ns_least / count,
                                  figure.ns_most / count, figure.instructions / count };
}

static void compare(struct set *set, unsigned round_ms)
{
    static const struct {
        const char *name;
        void (*ours)(void *argument);
        void (*quickfix)(void *argument); /* NULL: there is nothing like it */
    } rows[] = {
        { "decode, full validation", validate_all, quickfix_validate_all },
        { "decode", decode_all, quickfix_decode_all },
        { "encode", encode_all, quickfix_encode_all },
        { "encode, tags as numbers", encode_all_by_number, quickfix_encode_all },
        { "body from a record, checked", write_bodies, NULL },
    };
    struct bench_figure floor = measure(find_and_sum, set, round_ms);
    bench_print("find every SOH and sum", &floor, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench_figure figure = measure(rows[i].ours, set, round_ms);
        bench_print(rows[i].name, &figure, &floor);
        if (set->quickfix == NULL || rows[i].quickfix == NULL)
            continue;
        struct bench_figure other = measure(rows[i].quickfix, set, round_ms);
        bench_print("  libquickfix, beside ours", &other, &figure);
    }
}

/* What libquickfix reads is what we print of our dictionary. */
static struct quickfix *open_quickfix(const struct fix_text_version *version)
{
    struct writer text, transport;
    writer_init(&text, 0);
    writer_init(&transport, 0);
    fix_dictionary_write(version->dictionary, &text);
    if (version->transport != NULL)
        fix_dictionary_write(version->transport, &transport);
    struct quickfix *quickfix =
        quickfix_new(text.at, version->transport == NULL ? NULL : writer_slice(&transport).at);
    writer_fini(&transport);
    writer_fini(&text);
    return quickfix;
}

/* Header and body as they were, and as a map writes the body. */
static struct written written_open(struct set *set, struct slice bytes)
{
    struct fix_field *fields = arena_take_array(&set->arena, FIELDS_MAX, sizeof *fields);
    struct written written = { .message = { .fields = fields, .room = FIELDS_MAX } };
    decode(set, bytes, &written.message);
    written.tags = arena_take_array(&set->arena, written.message.count, sizeof *written.tags);
    for (size_t i = 0; i < written.message.count; i++)
        written.tags[i] = &fix_dictionary_field(set->version.dictionary, fields[i].tag)->tag_text;
    struct fix_paths paths = fix_paths_of(&written.message, &set->arena);
    written.shape = fix_dictionary_shape(set->version.dictionary, written.message.type->name);
    written.composer = fix_paths_composer(&paths, written.shape);
    written.record = paths.record;
    return written;
}

static void check_written(struct set *set, const struct written *written, struct slice bytes)
{
    if (!slice_equal(encode(set, written), bytes) ||
        !slice_equal(encode_by_number(set, written), bytes))
        stop("a message is not the same when it is written again", set->version.begin_string);
}

static void set_open(struct set *set, const char *version, const char *folder)
{
    *set = (struct set){ .version = fix_text_version(version) };
    arena_init(&set->arena, ARENA_UNLIMITED);
    writer_init(&set->writer, 0);
    fix_messages_open(&set->messages, version, folder);
    set->written = memory_take(set->messages.count * sizeof *set->written);
    set->built = memory_take(set->messages.count * sizeof(struct quickfix_message *));
    set->quickfix = open_quickfix(&set->version);
    for (size_t i = 0; i < set->messages.count; i++) {
        struct slice bytes = set->messages.at[i];
        set->written[i] = written_open(set, bytes);
        check_written(set, &set->written[i], bytes);
        set->built[i] = set->quickfix == NULL
                            ? NULL
                            : quickfix_message_new(set->quickfix, bytes.at, bytes.size);
        if (set->built[i] != NULL && quickfix_encode(set->built[i]) != bytes.size)
            stop("libquickfix writes a message of another size", version);
    }
}

static void set_close(struct set *set)
{
    for (size_t i = 0; i < set->messages.count; i++) {
        quickfix_message_free(set->built[i]);
        set->written[i].shape->operations->composer_free(set->written[i].composer);
    }
    free(set->written);
    free(set->built);
    quickfix_free(set->quickfix);
    fix_messages_close(&set->messages);
    writer_fini(&set->writer);
    arena_fini(&set->arena);
    fix_text_version_free(&set->version);
}

static void print_set(const struct set *set)
{
    size_t bytes = 0, fields = 0, count = set->messages.count;
    for (size_t i = 0; i < count; i++) {
        bytes += set->messages.at[i].size;
        fields += set->written[i].message.count;
    }
    printf("%s: %zu messages, on average %zu bytes and %zu fields%s\n", set->version.begin_string,
           count, bytes / count, fields / count,
           set->quickfix == NULL ? "; there is no libquickfix to compare with" : "");
}

int main(int count, char **words)
{
    static const char *const versions[] = { "FIX.4.2", "FIX.4.4", "FIXT.1.1" };
    unsigned round_ms = count > 1 ? (unsigned)atoi(words[1]) : ROUND_MS;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        static struct set set;
        set_open(&set, versions[i], count > 2 ? words[2] : NULL);
        print_set(&set);
        bench_print_head();
        compare(&set, round_ms);
        set_close(&set);
    }
    return 0;
}
