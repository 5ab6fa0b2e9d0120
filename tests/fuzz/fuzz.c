/* Reads what the targets need of the repository. */
#include "fuzz/fuzz.h"

#include "codecs/base/arena.h"
#include "codecs/fix/dictionary.h"

#include <sys/stat.h>

struct slice fuzz_read_file(const char *name)
{
    char path[512];
    struct stat facts;
    snprintf(path, sizeof path, PENSTOCK_SOURCE_DIR "/%s", name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL && fstat(fileno(file), &facts) == 0);
    size_t size = (size_t)facts.st_size;
    char *bytes = memory_take(size + 1);
    CHECK(fread(bytes, 1, size, file) == size);
    fclose(file);
    return (struct slice){ bytes, size };
}

void fuzz_free_file(struct slice bytes)
{
    free((char *)bytes.at);
}

bool fuzz_cut_counts(struct slice xml)
{
    return xml.size > 0 && (memmem(xml.at, xml.size, "<!-->", 5) != NULL ||
                            memmem(xml.at, xml.size, "<!--->", 6) != NULL);
}

/* extension NULL: none. */
static struct fix_dictionary *load(const char *base, const char *extension)
{
    size_t count = extension == NULL ? 1 : 2;
    struct fix_dictionary_file files[] = {
        { fuzz_read_file(base), base },
        { extension == NULL ? SLICE_NONE : fuzz_read_file(extension), extension },
    };
    struct error_list errors;
    error_list_init(&errors, 0);
    struct fix_dictionary *dictionary = fix_dictionary_new(files, count, &errors);
    CHECK(dictionary != NULL);
    error_list_fini(&errors);
    fuzz_free_file(files[0].xml);
    fuzz_free_file(files[1].xml);
    return dictionary;
}

const struct fix_dictionary *fuzz_fix44(void)
{
    static struct fix_dictionary *dictionary;
    if (dictionary == NULL)
        dictionary = load("schemas/fix/FIX44.xml", "schemas/fix/FIX44-cash.xml");
    return dictionary;
}

const struct fix_dictionary *fuzz_fix42(void)
{
    static struct fix_dictionary *dictionary;
    if (dictionary == NULL)
        dictionary = load("schemas/fix/FIX42.xml", "schemas/fix/FIX42-cash.xml");
    return dictionary;
}

const struct fix_dictionary *fuzz_fixt(void)
{
    static struct fix_dictionary *transport, *dictionary;
    if (dictionary != NULL)
        return dictionary;
    transport = load("schemas/fix/FIXT11.xml", NULL);
    dictionary = load("schemas/fix/FIX50SP2.xml", "schemas/fix/FIX50SP2-cash.xml");
    fix_dictionary_ride(dictionary, transport);
    return dictionary;
}
