/* Plays files against a fuzz target, in builds that have no libFuzzer:

       replay [--changes COUNT | --change NUMBER] FILE-OR-FOLDER...

   So every seed is a test in them; and with --changes so are COUNT inputs more, each a
   seed with a few bytes changed by its number.  --change plays one of these alone and
   leaves it in the file "change". */
#include "fuzz/fuzz.h"

#include "codecs/base/arena.h"
#include "codecs/base/writer.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum { EDIT_COUNT_MAX = 4, RUN_SIZE_MAX = 24 };

struct seeds {
    struct slice *at;
    size_t count, room;
};

/* The bytes end where the memory does, so that a sanitizer sees who reads on. */
static void play(struct slice input)
{
    uint8_t *bytes = memory_take(input.size == 0 ? 1 : input.size);
    if (input.size > 0)
        memcpy(bytes, input.at, input.size);
    LLVMFuzzerTestOneInput(bytes, input.size);
    free(bytes);
}

static void add_file(struct seeds *seeds, const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = memory_take(size + 1);
    CHECK(file != NULL && fread(bytes, 1, size, file) == size);
    fclose(file);
    seeds->at = memory_room(seeds->at, seeds->count, &seeds->room, sizeof *seeds->at);
    seeds->at[seeds->count++] = (struct slice){ bytes, size };
    fprintf(stderr, "%s\n", path);
    play((struct slice){ bytes, size });
}

static void add_folder(struct seeds *seeds, const char *path);

static void add_path(struct seeds *seeds, const char *path)
{
    struct stat facts;
    CHECK(stat(path, &facts) == 0);
    if (S_ISDIR(facts.st_mode))
        add_folder(seeds, path);
    else
        add_file(seeds, path, (size_t)facts.st_size);
}

static void add_folder(struct seeds *seeds, const char *path)
{
    struct dirent **entries;
    int found = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        char inside[4096];
        snprintf(inside, sizeof inside, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            add_path(seeds, inside);
        free(entries[i]);
    }
    if (found >= 0)
        free(entries);
}

/* splitmix64: numbers that follow each other have nothing in common. */
static size_t any_below(uint64_t *state, size_t bound)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (size_t)((z ^ z >> 31) % bound);
}

static struct slice any_run(uint64_t *state, struct slice bytes)
{
    size_t at = any_below(state, bytes.size + 1);
    size_t size = any_below(state, RUN_SIZE_MAX + 1), most = bytes.size - at;
    return (struct slice){ bytes.at + at, size < most ? size : most };
}

/* Drops a run, puts in one of another seed, or changes a byte. */
static void edit(uint64_t *state, const struct seeds *seeds, struct writer *input)
{
    struct slice all = writer_slice(input), run = any_run(state, all);
    struct slice other = any_run(state, seeds->at[any_below(state, seeds->count)]);
    size_t start = (size_t)(run.at - all.at), way = any_below(state, 3);
    struct writer edited;
    writer_init(&edited, 0);
    writer_bytes(&edited, (struct slice){ all.at, start });
    if (way == 1)
        writer_bytes(&edited, other);
    if (way == 2 && run.size > 0)
        writer_char(&edited, (char)(run.at[0] ^ (1 << any_below(state, 8))));
    size_t dropped = way == 0 ? run.size : way == 2 && run.size > 0;
    writer_bytes(&edited, slice_after(all, start + dropped));
    writer_fini(input);
    *input = edited;
}

static void make_change(const struct seeds *seeds, uint64_t number, struct writer *input)
{
    uint64_t state = number;
    writer_init(input, 0);
    writer_bytes(input, seeds->at[any_below(&state, seeds->count)]);
    for (size_t count = 1 + any_below(&state, EDIT_COUNT_MAX); count > 0; count--)
        edit(&state, seeds, input);
}

static void play_change(const struct seeds *seeds, uint64_t number, const char *kept)
{
    struct writer input;
    fprintf(stderr, "change %llu\n", (unsigned long long)number);
    make_change(seeds, number, &input);
    FILE *file = kept == NULL ? NULL : fopen(kept, "wb");
    if (file != NULL) {
        fwrite(input.at, 1, input.used, file);
        fclose(file);
    }
    play(writer_slice(&input));
    writer_fini(&input);
}

int main(int argc, char **argv)
{
    struct seeds seeds = { NULL, 0, 0 };
    bool many = argc > 2 && strcmp(argv[1], "--changes") == 0;
    bool one = argc > 2 && strcmp(argv[1], "--change") == 0;
    uint64_t number = many || one ? strtoull(argv[2], NULL, 10) : 0;
    for (int i = many || one ? 3 : 1; i < argc; i++)
        add_path(&seeds, argv[i]);
    printf("%zu inputs\n", seeds.count);
    if (seeds.count == 0)
        return 1;
    for (uint64_t i = 0; many && i < number; i++)
        play_change(&seeds, i, NULL);
    if (one)
        play_change(&seeds, number, "change");
    for (size_t i = 0; i < seeds.count; i++)
        free((char *)seeds.at[i].at);
    free(seeds.at);
    return 0;
}
