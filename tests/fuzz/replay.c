/* Plays files against a fuzz target, in builds that have no libFuzzer: replay
   FILE-OR-FOLDER...  So every seed is a test in them. */
#include "fuzz/fuzz.h"

#include "codecs/base/arena.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

/* The bytes end where the memory does, so that a sanitizer sees who reads on. */
static void play(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = memory_take(size == 0 ? 1 : size);
    CHECK(file != NULL && fread(bytes, 1, size, file) == size);
    fclose(file);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
}

static unsigned play_folder(const char *path);

/* How many inputs there were. */
static unsigned play_path(const char *path)
{
    struct stat facts;
    CHECK(stat(path, &facts) == 0);
    if (S_ISDIR(facts.st_mode))
        return play_folder(path);
    play(path, (size_t)facts.st_size);
    return 1;
}

static unsigned play_folder(const char *path)
{
    unsigned count = 0;
    struct dirent **entries;
    int found = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        char inside[4096];
        snprintf(inside, sizeof inside, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            count += play_path(inside);
        free(entries[i]);
    }
    if (found >= 0)
        free(entries);
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    for (int i = 1; i < argc; i++)
        count += play_path(argv[i]);
    printf("%u inputs\n", count);
    return count > 0 ? 0 : 1;
}
