/* Runs the maps of the demo over the cases in tests/golden/MAP:

       NAME.fix or NAME.xml    what the map reads, when it reads a message
       NAME.given              facts, over those in tests/golden/facts.given
       NAME.xml or NAME.fix    the message that it writes (NAME.sent.fix for a
                               map from FIX to FIX)
       NAME.facts              the facts that it reads, a block for each record
       NAME.error              why it refuses, instead

   PENSTOCK_BLESS=1 writes what comes out instead of comparing it. */
#include "golden_forms.h"

#include "kit/kit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char folder[] = PENSTOCK_SOURCE_DIR "/tests/golden";

struct run {
    const struct config *config;
    const struct map *map;
    char stem[400]; /* of the case: folder, map and name */
    struct arena arena;
    struct facts facts;
};

static struct config *load_demo(void)
{
    struct error_list errors;
    struct writer said;
    error_list_init(&errors, 0);
    writer_init(&said, 0);
    struct config *config = config_load(PENSTOCK_SOURCE_DIR "/config/examples/demo.yaml", &errors);
    error_list_write(&errors, &said);
    assert_slice_equal(writer_slice(&said), "");
    writer_fini(&said);
    error_list_fini(&errors);
    return config;
}

static bool is_fix(const struct shape *shape)
{
    return strchr(shape->name, '.') == NULL;
}

/* What the files of a side end with. */
static const char *ending_of(const struct shape *shape)
{
    if (shape == NULL)
        return ".given";
    if (facts_is_shape(shape))
        return ".facts";
    return is_fix(shape) ? ".fix" : ".xml";
}

static const char *path_of(const struct run *run, const char *ending)
{
    static char path[512];
    snprintf(path, sizeof path, "%s%s", run->stem, ending);
    return path;
}

static struct slice read_part(struct run *run, const char *path)
{
    struct slice file = kit_read_file(path);
    struct slice text = arena_copy(&run->arena, file);
    kit_free_file(file);
    return text;
}

static void write_file(const char *path, struct slice bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

static void compare(struct run *run, const char *ending, struct slice out)
{
    const char *path = path_of(run, ending);
    if (getenv("PENSTOCK_BLESS") != NULL) {
        write_file(path, out);
        return;
    }
    struct slice expected = read_part(run, path);
    if (slice_equal(out, expected))
        return;
    print_error("%s: expected\n%.*s\nis\n%.*s\n", path, SLICE_ARG(expected), SLICE_ARG(out));
    fail();
}

static const char *output_ending(const struct run *run)
{
    const struct shape *source = map_source(run->map), *target = map_target(run->map);
    bool same = source != NULL && strcmp(ending_of(source), ending_of(target)) == 0;
    return !same ? ending_of(target) : is_fix(target) ? ".sent.fix" : ".sent.xml";
}

/* The body or document that the map writes. */
static bool write_message(const struct run *run, const struct surroundings *surroundings,
                          struct writer *out, struct error *error)
{
    struct writer message;
    writer_init(&message, 0);
    bool good = map_write(run->map, surroundings, &message, error);
    if (good && is_fix(map_target(run->map))) {
        golden_check_fix(run->config, run->map, writer_slice(&message));
        golden_write_fix(writer_slice(&message), out);
    } else if (good) {
        golden_check_xml(run->config, run->map, writer_slice(&message));
        golden_write_xml(writer_slice(&message), out);
    }
    writer_fini(&message);
    return good;
}

static bool read_message(const struct run *run, const struct surroundings *surroundings,
                         struct writer *out, struct error *error)
{
    struct facts facts = run->facts;
    if (!map_read(run->map, surroundings, &facts, error))
        return false;
    golden_write_facts(&facts, map_target(run->map)->name, out);
    return true;
}

/* One record; what comes out of several stands in one file, one behind the other. */
static bool translate(struct run *run, const struct record *record, struct writer *out,
                      struct error *error)
{
    struct surroundings surroundings = { .source = record,
                                         .facts = &run->facts,
                                         .arena = &run->arena,
                                         .source_offset_minutes = 480,
                                         .id_salt = SLICE("BRKALPHA PENSTOCK 20260302") };
    if (!map_applies(run->map, &surroundings)) {
        writer_text(out, "(not for this map)\n");
        return true;
    }
    return facts_is_shape(map_target(run->map)) ? read_message(run, &surroundings, out, error)
                                                : write_message(run, &surroundings, out, error);
}

static struct records read_source(struct run *run)
{
    const struct shape *source = map_source(run->map);
    struct slice text = read_part(run, path_of(run, ending_of(source)));
    if (source == NULL)
        return (struct records){ NULL, 1 };
    return is_fix(source) ? golden_read_fix(run->config, text, run->map, &run->arena)
                          : golden_read_xml(run->config, text, run->map, &run->arena);
}

static void run_records(struct run *run)
{
    struct records records = read_source(run);
    struct writer out;
    struct error error;
    bool good = true;
    writer_init(&out, 0);
    for (size_t i = 0; good && i < records.count; i++) {
        if (i > 0)
            writer_char(&out, '\n');
        good = translate(run, records.at == NULL ? NULL : &records.at[i], &out, &error);
    }
    if (!good) {
        writer_reset(&out);
        writer_format(&out, "%s: %s\n", error.kind->text, error.detail);
    }
    compare(run, good ? output_ending(run) : ".error", writer_slice(&out));
    writer_fini(&out);
}

static void run_case(const struct config *config, const struct map *map, struct slice name)
{
    struct run run = { .config = config, .map = map };
    print_message("%.*s: %.*s\n", SLICE_ARG(map_name(map)), SLICE_ARG(name));
    snprintf(run.stem, sizeof run.stem, "%s/%.*s/%.*s", folder, SLICE_ARG(map_name(map)),
             SLICE_ARG(name));
    arena_init(&run.arena, ARENA_UNLIMITED);
    golden_read_facts(read_part(&run, PENSTOCK_SOURCE_DIR "/tests/golden/facts.given"), &run.facts);
    if (access(path_of(&run, ".given"), R_OK) == 0)
        golden_read_facts(read_part(&run, path_of(&run, ".given")), &run.facts);
    run_records(&run);
    arena_fini(&run.arena);
}

/* The name before the ending; absent: the file is no input. */
static struct slice case_name(const char *file, const char *ending)
{
    struct slice name = slice_of(file);
    const char *point = strchr(file, '.');
    if (point == NULL || point == file || strcmp(point, ending) != 0)
        return SLICE_NONE;
    return (struct slice){ name.at, (size_t)(point - file) };
}

/* How many cases the map has; runs them when run is set. */
static unsigned each_case(const struct config *config, const struct map *map, bool run)
{
    char path[512];
    unsigned count = 0;
    snprintf(path, sizeof path, "%s/%.*s", folder, SLICE_ARG(map_name(map)));
    DIR *files = opendir(path);
    if (files == NULL)
        return 0;
    for (struct dirent *file = readdir(files); file != NULL; file = readdir(files)) {
        struct slice name = case_name(file->d_name, ending_of(map_source(map)));
        if (name.at == NULL)
            continue;
        if (run)
            run_case(config, map, name);
        count++;
    }
    closedir(files);
    return count;
}

static const char *wanted; /* the map on the command line */

static void all_cases_come_out_as_written(void **state)
{
    struct config *config = load_demo();
    (void)state;
    const struct map *map = map_set_named(&config->maps, slice_of(wanted));
    assert_non_null(map);
    assert_true(each_case(config, map, true) > 0);
    config_free(config);
}

static void every_map_has_a_case(void **state)
{
    struct config *config = load_demo();
    (void)state;
    for (size_t i = 0; i < config->maps.count; i++) {
        if (each_case(config, config->maps.at[i], false) == 0)
            fail_msg("tests/golden/%.*s has no case", SLICE_ARG(map_name(config->maps.at[i])));
    }
    config_free(config);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest one[] = { cmocka_unit_test(all_cases_come_out_as_written) };
    const struct CMUnitTest all[] = { cmocka_unit_test(every_map_has_a_case) };
    wanted = count > 1 ? arguments[1] : NULL;
    return wanted != NULL ? cmocka_run_group_tests(one, NULL, NULL)
                          : cmocka_run_group_tests(all, NULL, NULL);
}
