/* Finds and loads the schemas that come with penstock. */
#include "gateway/commands/schemas.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/commands/input.h"

#define DICTIONARY_FILES_MAX TEXTS_MAX

const struct error_kind schemas_missing = { "schemas.missing", "there are no schemas" };

/* In the repository schemas/ stands above the build folder, installed it is
   share/penstock/schemas beside bin/. */
static const char *below(struct slice folder, struct arena *arena)
{
    static const char *const tails[] = { "schemas", "share/penstock/schemas" };

    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        const char *path = arena_format(arena, "%.*s/%s", SLICE_ARG(folder), tails[i]).at;
        const char *probe = arena_format(arena, "%s/iso20022", path).at;
        struct stat found;

        if (stat(probe, &found) == 0 && S_ISDIR(found.st_mode))
            return path;
    }
    return NULL;
}

static const char *near_executable(struct arena *arena)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path);
    struct slice folder = { path, size < 0 ? 0 : (size_t)size };

    while (folder.size > 0) {
        const char *found;

        while (folder.size > 0 && folder.at[folder.size - 1] != '/')
            folder.size--;
        if (folder.size > 0)
            folder.size--;
        if ((found = below(folder, arena)) != NULL)
            return found;
    }
    return NULL;
}

const char *schemas_folder(const char *given, struct arena *arena)
{
    const char *environment = getenv("PENSTOCK_SCHEMAS");

    if (given != NULL)
        return given;
    return environment != NULL ? environment : near_executable(arena);
}

static bool check_folder(const char *folder, struct error_list *errors)
{
    return folder != NULL ||
           error_list_at(errors, &schemas_missing, PLACE_NONE,
                         "name their folder with --schemas DIR or PENSTOCK_SCHEMAS");
}

static bool read_into(const char *path, struct arena *arena, struct slice *text,
                      struct error_list *errors)
{
    struct writer bytes;
    struct error error;

    writer_init(&bytes, 0);
    bool read = input_read(path, &bytes, &error);
    if (read)
        *text = arena_copy(arena, writer_slice(&bytes));
    else
        error_list_add(errors, &error);
    writer_fini(&bytes);
    return read;
}

static struct fix_dictionary *load_dictionary(const struct texts *files, struct arena *arena,
                                              struct error_list *errors)
{
    struct fix_dictionary_file read[DICTIONARY_FILES_MAX];
    bool good = true;

    for (size_t i = 0; i < files->count; i++) {
        read[i].source = files->at[i];
        good = read_into(files->at[i], arena, &read[i].xml, errors) && good;
    }
    return good ? fix_dictionary_new(read, files->count, errors) : NULL;
}

struct fix_dictionary *schemas_dictionary(const char *folder, const struct texts *files,
                                          struct arena *arena, struct error_list *errors)
{
    struct texts ours = { .count = 2 };

    if (files != NULL && files->count > 0)
        return load_dictionary(files, arena, errors);
    if (!check_folder(folder, errors))
        return NULL;
    ours.at[0] = arena_format(arena, "%s/fix/FIX44.xml", folder).at;
    ours.at[1] = arena_format(arena, "%s/fix/FIX44-cash.xml", folder).at;
    return load_dictionary(&ours, arena, errors);
}

static bool is_schema(const char *name)
{
    size_t size = strlen(name);

    return name[0] != '.' && size > 4 && strcmp(name + size - 4, ".xsd") == 0;
}

static int compare_paths(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

void schema_paths_init(struct schema_paths *paths)
{
    *paths = (struct schema_paths){ .count = 0 };
}

void schema_paths_fini(struct schema_paths *paths)
{
    free(paths->at);
}

void schema_paths_add(struct schema_paths *paths, const char *path)
{
    paths->at = memory_room(paths->at, paths->count, &paths->room, sizeof(const char *));
    paths->at[paths->count++] = path;
}

bool schema_paths_find(struct schema_paths *paths, const char *folder, struct arena *arena,
                       struct error_list *errors)
{
    if (!check_folder(folder, errors))
        return false;
    const char *path = arena_format(arena, "%s/iso20022", folder).at;
    DIR *directory = opendir(path);
    if (directory == NULL)
        return error_list_at(errors, &schemas_missing, PLACE_NONE, "%s cannot be read", path);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (is_schema(entry->d_name))
            schema_paths_add(paths, arena_format(arena, "%s/%s", path, entry->d_name).at);
    closedir(directory);
    if (paths->count > 0)
        qsort(paths->at, paths->count, sizeof(const char *), compare_paths);
    return true;
}

static void add_schema(struct iso_catalogue *catalogue, const char *path, struct error_list *errors)
{
    struct writer text;
    struct error error;

    writer_init(&text, 0);
    if (input_read(path, &text, &error))
        iso_catalogue_add(catalogue, writer_slice(&text), path, errors);
    else
        error_list_add(errors, &error);
    writer_fini(&text);
}

struct iso_catalogue *schemas_catalogue(const char *folder, struct arena *arena,
                                        struct error_list *errors)
{
    size_t errors_before = errors->count;
    struct iso_catalogue *catalogue = iso_catalogue_new();
    struct schema_paths paths;

    schema_paths_init(&paths);
    schema_paths_find(&paths, folder, arena, errors);
    for (size_t i = 0; i < paths.count; i++)
        add_schema(catalogue, paths.at[i], errors);
    schema_paths_fini(&paths);
    if (errors->count == errors_before)
        return catalogue;
    iso_catalogue_free(catalogue);
    return NULL;
}
