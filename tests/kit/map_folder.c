/* Links to all maps, and one file that is written. */
#include "kit/map_folder.h"

#include "kit/kit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAPS PENSTOCK_SOURCE_DIR "/schemas/maps"

static char folder[] = "/tmp/penstock-maps-XXXXXX";

static void for_each_map(void (*visit)(const char *name, const char *path))
{
    struct dirent *entry;
    char path[sizeof folder + sizeof entry->d_name + 1];
    DIR *maps = opendir(MAPS);

    assert_non_null(maps);
    while ((entry = readdir(maps)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        visit(entry->d_name, path);
    }
    closedir(maps);
}

static void link_map(const char *name, const char *path)
{
    char target[400];

    snprintf(target, sizeof target, MAPS "/%s", name);
    assert_int_equal(symlink(target, path), 0);
}

static void unlink_map(const char *name, const char *path)
{
    (void)name;
    unlink(path);
}

static void write_changed(const char *path, struct slice text, const char *from, const char *to)
{
    const char *at = memmem(text.at, text.size, from, strlen(from));

    assert_non_null(at);
    struct slice behind = slice_after(text, (size_t)(at - text.at) + strlen(from));
    unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%.*s%s%.*s", (int)(at - text.at), text.at, to, SLICE_ARG(behind));
    assert_int_equal(fclose(file), 0);
}

void map_folder_make(const char *file, const char *from, const char *to)
{
    char path[400], text[65536];

    strcpy(folder + sizeof folder - 7, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    for_each_map(link_map);
    snprintf(path, sizeof path, MAPS "/%s", file);
    FILE *map = fopen(path, "r");
    assert_non_null(map);
    size_t size = fread(text, 1, sizeof text, map);
    fclose(map);
    snprintf(path, sizeof path, "%s/%s", folder, file);
    write_changed(path, (struct slice){ text, size }, from, to);
    setenv("ENGINE_MAPS", folder, 1);
}

void map_folder_remove(void)
{
    for_each_map(unlink_map);
    rmdir(folder);
    unsetenv("ENGINE_MAPS");
}
