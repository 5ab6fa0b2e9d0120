/* Any two files as a dictionary and its extension, which a NUL divides: what is
   taken can be printed, and what is printed is taken and prints the same. */
#include "codecs/fix/dictionary.h"
#include "fuzz/fuzz.h"

static struct fix_dictionary *load(const struct fix_dictionary_file *files, size_t count)
{
    struct error_list errors;
    error_list_init(&errors, 10);
    struct fix_dictionary *dictionary = fix_dictionary_new(files, count, &errors);
    CHECK((dictionary == NULL) == (errors.count > 0));
    error_list_fini(&errors);
    return dictionary;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice all = { (const char *)data, size };
    const char *nul = size == 0 ? NULL : memchr(all.at, '\0', size);
    size_t first_size = nul == NULL ? size : (size_t)(nul - all.at);
    struct fix_dictionary_file files[] = {
        { { all.at, first_size }, "base.xml" },
        { nul == NULL ? SLICE("") : slice_after(all, first_size + 1), "extension.xml" },
    };
    struct fix_dictionary *dictionary = load(files, nul == NULL ? 1 : 2);
    if (dictionary == NULL)
        return 0;
    struct writer once, twice;
    writer_init(&once, 0);
    writer_init(&twice, 0);
    fix_dictionary_write(dictionary, &once);
    struct fix_dictionary_file printed = { writer_slice(&once), "printed.xml" };
    struct fix_dictionary *again = load(&printed, 1);
    CHECK(again != NULL);
    fix_dictionary_write(again, &twice);
    CHECK(slice_equal(writer_slice(&once), writer_slice(&twice)));
    fix_dictionary_free(again);
    fix_dictionary_free(dictionary);
    writer_fini(&once);
    writer_fini(&twice);
    return 0;
}
