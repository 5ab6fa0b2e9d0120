/* penstock translate: one message through one map, as its editor wants to see it. */
#include <stdio.h>

#include "codecs/iso20022/parse.h"
#include "config/config.h"
#include "gateway/commands/commands.h"
#include "gateway/commands/fix_text.h"
#include "gateway/commands/input.h"
#include "gateway/ops/clock.h"

#define ERRORS_MAX         100
#define MEMORY_MAX         (64u << 20)
#define MAPS_SUGGESTED_MAX 200
#define INPUT_NAME         "standard input"

static const struct error_kind translate_no_map = { "translate.no-map",
                                                    "there is no map of this name" };
static const struct error_kind translate_no_message = { "translate.no-message",
                                                        "the message cannot be used" };
static const struct error_kind translate_wrong_message = { "translate.wrong-message",
                                                           "the map reads another message" };
static const struct error_kind translate_condition = {
    "translate.condition", "the map's condition does not hold for this message"
};
static const struct error_kind translate_bad_fact = { "translate.bad-fact",
                                                      "a fact is given as NAME=VALUE" };

/* Facts that only a running gateway knows: what stands for them here. */
static const struct {
    enum fact fact;
    const char *value;
} samples[] = {
    { FACT_message_id, "SAMPLE-1-1" },
    { FACT_link_client_name, "SAMPLE CLIENT" },
    { FACT_link_legal_person, "false" },
    { FACT_link_bank, "SAMPXXX0" },
    { FACT_link_bank_account, "SAMPLE-ACCOUNT" },
    { FACT_instruction_id, "SAMPLE-1" },
    { FACT_instruction_uetr, "00000000-0000-4000-8000-000000000001" },
    { FACT_report_id, "SAMPLE-1-R1" },
    { FACT_report_trans_type, "2" },
    { FACT_report_payment_status, "2" },
};

struct translation {
    const struct config *config;
    const struct map *map;
    struct facts facts;
    struct arena arena;
    struct slice input;
    struct fix_text text; /* of a FIX source */
};

/* The input as one map reads it. */
struct source {
    struct iso_parser *parser; /* NULL: FIX, or nothing is read */
    const struct shape_reader *reader;
    struct iso_parse_options options;
    const struct record *records; /* NULL: the map has no source */
    size_t count;
};

/* ------------------------------------------------------------ facts */

static struct slice time_text(struct arena *arena, int64_t utc_ns)
{
    struct writer text;

    writer_init(&text, 0);
    iso_timestamp_write(utc_ns, &text);
    struct slice copy = arena_copy(arena, writer_slice(&text));
    writer_fini(&text);
    return copy;
}

/* The first session and the first channel stand for all. */
static void fill_facts(struct translation *translation)
{
    const struct config *config = translation->config;
    struct slice *values = translation->facts.values;
    struct slice now = time_text(&translation->arena, clock_now().utc_ns);

    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        values[samples[i].fact] = slice_of(samples[i].value);
    values[FACT_now] = values[FACT_report_time] = now;
    values[FACT_today] = (struct slice){ now.at, sizeof "YYYY-MM-DD" - 1 };
    if (config->session_count > 0) {
        values[FACT_session] = config->sessions[0].name;
        values[FACT_session_bic] = config->sessions[0].bic;
    }
    if (config->channel_count > 0) {
        values[FACT_bank_bic] = config->channels[0].bic;
        values[FACT_bank_header] = config->channels[0].header;
        values[FACT_bank_service] = config->channels[0].service;
    }
    if (!facts_is_shape(map_target(translation->map)))
        values[FACT_message_definition] = slice_of(map_target(translation->map)->name);
}

static bool take_given(struct facts *facts, const struct texts *given, struct error *error)
{
    for (size_t i = 0; i < given->count; i++) {
        const char *equals = strchr(given->at[i], '=');
        enum fact fact;

        if (equals == NULL)
            return error_at(error, &translate_bad_fact, PLACE_NONE, "%s", given->at[i]);
        struct slice name = { given->at[i], (size_t)(equals - given->at[i]) };
        if (!fact_find(name, PLACE_NONE, &fact, error))
            return false;
        facts->values[fact] = slice_of(equals + 1);
    }
    return true;
}

/* ------------------------------------------------------------ output */

static void print_facts(const struct facts *facts, const char *group)
{
    size_t size = strlen(group);

    for (enum fact fact = 0; fact < FACT_COUNT; fact++) {
        const char *name = fact_name(fact);

        if (strncmp(name, group, size) == 0 && name[size] == '.' && facts->values[fact].at != NULL)
            printf("%s = %.*s\n", name, SLICE_ARG(facts->values[fact]));
    }
}

static void print_message(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        putchar(text.at[i] == '\001' ? '|' : text.at[i]);
    putchar('\n');
}

static bool write_out(struct translation *translation, const struct surroundings *surroundings,
                      struct error *error)
{
    const struct shape *target = map_target(translation->map);
    struct facts read = { .values = { { NULL, 0 } } };
    struct writer text;
    bool written;

    if (facts_is_shape(target)) {
        written = map_read(translation->map, surroundings, &read, error);
        if (written)
            print_facts(&read, target->name);
        return written;
    }
    writer_init(&text, 0);
    written = map_write(translation->map, surroundings, &text, error);
    if (written)
        print_message(writer_slice(&text));
    writer_fini(&text);
    return written;
}

/* ------------------------------------------------------------ input */

/* Of the map, for the version of the message. */
static void choose_form(struct translation *translation)
{
    const struct fix_text *text = &translation->text;
    const struct shape *shape = fix_dictionary_shape(text->dictionary, text->message.type->name);
    const struct map *form = shape == NULL ? NULL
                                           : map_set_form(&translation->config->maps,
                                                          map_name(translation->map), shape, NULL);

    if (form != NULL)
        translation->map = form;
}

static bool read_message(struct translation *translation, struct error *error)
{
    struct fix_text *text = &translation->text;
    const struct fix_dictionary *dictionary =
        fix_text_choose(translation->config->dictionaries, translation->config->dictionary_count,
                        translation->input);

    if (dictionary == NULL)
        return error_at(error, &translate_no_message, PLACE_NONE,
                        "no dictionary of the configuration knows its version");
    fix_text_init(text, translation->input, dictionary);
    if (fix_text_next(text) && text->finding.fault == NULL) {
        choose_form(translation);
        return true;
    }
    if (text->finding.tag == 0)
        return error_at(error, &translate_no_message, PLACE_NONE, "%s", text->finding.fault->text);
    return error_at(error, &translate_no_message, PLACE_NONE, "%s (tag %u)",
                    text->finding.fault->text, (unsigned)text->finding.tag);
}

static bool open_message(struct translation *translation, const struct map *map,
                         struct source *source, struct error *error)
{
    const struct fix_text *text = &translation->text;
    struct slice name = text->message.type->name;

    if (fix_dictionary_shape(text->dictionary, name) != map_source(map))
        return error_at(error, &translate_wrong_message, PLACE_NONE, "%s, and this is a %.*s",
                        map_source(map)->name, SLICE_ARG(name));
    struct record *record = arena_take(&translation->arena, sizeof *record);
    *record = record_take(&translation->arena, map_slot_count(map));
    fix_message_fill(map_reader(map), &text->message, record, &translation->arena);
    source->records = record;
    return true;
}

static bool open_document(struct translation *translation, const struct map *map,
                          struct source *source, struct error *error)
{
    source->reader = map_reader(map);
    source->options = (struct iso_parse_options){
        .catalogue = translation->config->catalogue,
        .error_count_max = 1,
        .memory_max = MEMORY_MAX,
        .readers = &source->reader,
        .reader_count = 1,
    };
    source->parser = iso_parser_new(&source->options, INPUT_NAME);
    iso_parser_feed(source->parser, translation->input);
    const struct iso_outcome *outcome = iso_parser_end(source->parser);
    if (outcome->errors.count > 0) {
        *error = outcome->errors.at[0];
        error->place.source = INPUT_NAME; /* the name that the parser keeps goes with it */
        return false;
    }
    const struct iso_part *part =
        outcome->document.reader != NULL ? &outcome->document : &outcome->header;
    if (part->reader == NULL)
        return error_at(error, &translate_wrong_message, PLACE_NONE, "%s", map_source(map)->name);
    source->records = part->records;
    source->count = part->record_count;
    return true;
}

static bool source_open(struct translation *translation, const struct map *map,
                        struct source *source, struct error *error)
{
    *source = (struct source){ .count = 1 };
    if (map_source(map) == NULL)
        return true;
    if (translation->text.dictionary != NULL)
        return open_message(translation, map, source, error);
    return open_document(translation, map, source, error);
}

static const struct record *record_at(const struct source *source, size_t index)
{
    return source->records == NULL ? NULL : &source->records[index];
}

static struct surroundings around(struct translation *translation, const struct record *record)
{
    const struct config *config = translation->config;
    bool fix = translation->text.dictionary != NULL && config->session_count > 0;

    return (struct surroundings){
        .source = record,
        .facts = &translation->facts,
        .arena = &translation->arena,
        .charset = fix ? config->sessions[0].charset : CHARSET_UTF8,
        .id_salt = SLICE("translate"),
    };
}

/* A map that writes is used for an instruction: what the map of use request
   reads out of the same record stands for it. */
static bool read_instruction(struct translation *translation, size_t index, struct error *error)
{
    const struct map *map = map_set_next(&translation->config->maps, NULL, MAP_USE_REQUEST,
                                         map_source(translation->map), map_flow(translation->map));
    struct slice *values = translation->facts.values;
    struct source source;

    if (map == NULL || map_source(translation->map) == NULL ||
        facts_is_shape(map_target(translation->map)))
        return true;
    bool good = source_open(translation, map, &source, error);
    if (good && index < source.count) {
        struct surroundings surroundings = around(translation, record_at(&source, index));

        good = map_read(map, &surroundings, &translation->facts, error);
        values[FACT_instruction_total] = values[FACT_instruction_amount];
    }
    /* What was read lives in the parser. */
    for (enum fact fact = 0; fact < FACT_COUNT; fact++)
        values[fact] = arena_copy(&translation->arena, values[fact]);
    iso_parser_free(source.parser);
    return good;
}

static bool translate_record(struct translation *translation, const struct source *source,
                             size_t index, struct error *error)
{
    struct surroundings surroundings = around(translation, record_at(source, index));

    if (!map_applies(translation->map, &surroundings))
        return error_at(error, &translate_condition, PLACE_NONE, "%.*s",
                        SLICE_ARG(map_name(translation->map)));
    return read_instruction(translation, index, error) &&
           write_out(translation, &surroundings, error);
}

static bool translate(struct translation *translation, struct error *error)
{
    bool fix = translation->input.size > 2 && memcmp(translation->input.at, "8=", 2) == 0;
    struct source source = { .count = 0 };
    bool good = (!fix || read_message(translation, error)) &&
                source_open(translation, translation->map, &source, error);

    for (size_t i = 0; good && i < source.count; i++)
        good = translate_record(translation, &source, i, error);
    iso_parser_free(source.parser);
    return good;
}

static bool refuse_name(const struct map_set *maps, const char *name, struct error *error)
{
    const char *names[MAPS_SUGGESTED_MAX];
    size_t count = 0;

    while (count < maps->count && count < MAPS_SUGGESTED_MAX) {
        names[count] = map_name(maps->at[count]).at;
        count++;
    }
    return error_at(error, &translate_no_map, PLACE_NONE, "%s%s", name,
                    error_suggestion(slice_of(name), names, count));
}

static bool run(const struct config *config, const char *name, const struct texts *given,
                struct error *error)
{
    struct translation translation = { .config = config };
    struct writer input;

    translation.map = map_set_named(&config->maps, slice_of(name));
    if (translation.map == NULL)
        return refuse_name(&config->maps, name, error);
    arena_init(&translation.arena, ARENA_UNLIMITED);
    writer_init(&input, 0);
    fill_facts(&translation);
    bool good = take_given(&translation.facts, given, error) &&
                (map_source(translation.map) == NULL || input_read("-", &input, error));
    translation.input = writer_slice(&input);
    good = good && translate(&translation, error);
    fix_text_fini(&translation.text);
    writer_fini(&input);
    arena_fini(&translation.arena);
    return good;
}

int command_translate(int count, char **words)
{
    const char *path = CONFIG_DEFAULT, *map = NULL;
    struct texts facts = { .count = 0 };
    const struct syntax syntax = {
        .usage = "translate [-c FILE] --map NAME < MESSAGE",
        .about = "Reads a FIX message or an ISO 20022 document and prints what the map makes of\n"
                 "it: a document, a FIX body (with '|' for SOH), or facts.  Facts that only a\n"
                 "running gateway knows have sample values; --fact sets one.",
        .options = { OPTION_CONFIG(&path),
                     { "map", 'm', OPTION_TEXT, "NAME", "the map", &map },
                     { "fact", 0, OPTION_TEXTS, "NAME=VALUE", "as report.payment_status=3",
                       &facts } },
    };
    struct arguments arguments;
    struct error_list errors;
    struct error error;
    bool good = false;

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (map == NULL)
        return usage_error("translate", "--map is missing: the name of the map");
    error_list_init(&errors, ERRORS_MAX);
    struct config *config = config_load(path, &errors);
    if (config == NULL)
        input_complain_all(&errors);
    else if (!(good = run(config, map, &facts, &error)))
        input_complain(&error);
    config_free(config);
    error_list_fini(&errors);
    return good ? EXIT_FINE : EXIT_INPUT;
}
