/* Assertions on slices, guarded memory, files and repeatable randomness. */
#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void kit_assert_slice(struct slice actual, struct slice expected, const char *file, int line)
{
    if (slice_equal(actual, expected) && (actual.at == NULL) == (expected.at == NULL))
        return;
    print_error("is:       \"%.*s\"%s\nexpected: \"%.*s\"%s\n", SLICE_ARG(actual),
                actual.at == NULL ? " (absent)" : "", SLICE_ARG(expected),
                expected.at == NULL ? " (absent)" : "");
    _fail(file, line);
}

struct slice guarded(struct slice bytes)
{
    static char *area;
    static size_t area_size;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = (bytes.size + page - 1) / page;
    if (area != NULL)
        munmap(area, area_size);
    area_size = (pages + 1) * page;
    area = mmap(NULL, area_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(area != MAP_FAILED);
    char *end = area + pages * page;
    assert_int_equal(mprotect(end, page, PROT_NONE), 0);
    if (bytes.size > 0)
        memcpy(end - bytes.size, bytes.at, bytes.size);
    return (struct slice){ end - bytes.size, bytes.size };
}

struct slice kit_read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s can't be read", path);
    struct stat facts;
    assert_int_equal(fstat(fileno(file), &facts), 0);
    size_t size = (size_t)facts.st_size;
    char *bytes = memory_take(size + 1);
    assert_int_equal(fread(bytes, 1, size, file), size);
    bytes[size] = '\0';
    fclose(file);
    return (struct slice){ bytes, size };
}

void kit_free_file(struct slice bytes)
{
    free((char *)bytes.at);
}

const char *kit_shared(const char *test)
{
    static const char folder[] = PENSTOCK_SHARED_DIR;
    if (access(folder, R_OK) == 0)
        return folder;
    print_message("%s: skipped, the reference data are not at hand\n", test);
    return NULL;
}

uint64_t kit_random_next(struct kit_random *random)
{
    uint64_t x = random->state == 0 ? 88172645463325252u : random->state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    random->state = x;
    return x * 2685821657736338717u;
}

uint64_t kit_random_below(struct kit_random *random, uint64_t bound)
{
    return kit_random_next(random) % bound;
}
