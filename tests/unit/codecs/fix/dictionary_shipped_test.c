/* The versions that penstock ships: whole, and as the reference has them. */
#include "shipped.h"

#include <stdio.h>

static const struct shipped_version {
    const char *file, *version, *appl_ver_id;
    unsigned messages, fields;
} versions[] = {
    { "FIX40", "FIX.4.0", "2", 27, 138 },         { "FIX41", "FIX.4.1", "3", 28, 206 },
    { "FIX42", "FIX.4.2", "4", 46, 405 },         { "FIX43", "FIX.4.3", "5", 68, 635 },
    { "FIX44", "FIX.4.4", "6", 93, 912 },         { "FIX50", "FIX.5.0", "7", 93, 1090 },
    { "FIX50SP1", "FIX.5.0SP1", "8", 105, 1373 }, { "FIX50SP2", "FIX.5.0SP2", "9", 156, 6028 },
    { "FIXT11", "FIXT.1.1", NULL, 8, 74 },
};

enum {
    VERSION_COUNT = sizeof versions / sizeof versions[0],
    TAG_END = 60000,
    TYPE_SIZE = 2,
};

/* Calls each with every MsgType that there can be. */
static bool next_type(char *type)
{
    if (type[1] == '\0')
        return type[0] < 'z' ? (type[0]++, true) : (type[0] = '0', type[1] = '0', true);
    if (type[1] < 'z')
        return type[1]++, true;
    type[1] = '0';
    return type[0]++ < 'z';
}

static struct fix_dictionary *load_paths(const char *const *paths, size_t count)
{
    struct fix_dictionary_file files[2];
    struct writer text;
    for (size_t i = 0; i < count; i++)
        files[i] = (struct fix_dictionary_file){ kit_read_file(paths[i]), paths[i] };
    writer_init(&text, 0);
    struct fix_dictionary *dictionary = load(files, count, &text);
    assert_slice_equal(writer_slice(&text), "");
    for (size_t i = 0; i < count; i++)
        kit_free_file(files[i].xml);
    writer_fini(&text);
    return dictionary;
}

static struct fix_dictionary *load_folder(const char *folder, const char *name)
{
    char path[600];
    const char *paths[] = { path };
    snprintf(path, sizeof path, "%s/%s.xml", folder, name);
    return load_paths(paths, 1);
}

static struct fix_dictionary *load_ours(const char *name)
{
    return load_folder(PENSTOCK_SOURCE_DIR "/schemas/fix", name);
}

static unsigned count_messages(const struct fix_dictionary *dictionary)
{
    char type[TYPE_SIZE + 1] = "0";
    unsigned count = 0;
    do
        count += fix_dictionary_message(dictionary, slice_of(type)) != NULL;
    while (next_type(type));
    return count;
}

static void every_version_is_shipped_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        struct fix_dictionary *dictionary = load_ours(versions[i].file);
        const char *appl_ver_id = fix_dictionary_standard(dictionary)->appl_ver_id;
        unsigned fields = 0;
        assert_slice_equal(fix_dictionary_version(dictionary), versions[i].version);
        assert_int_equal(appl_ver_id == NULL, versions[i].appl_ver_id == NULL);
        if (appl_ver_id != NULL)
            assert_string_equal(appl_ver_id, versions[i].appl_ver_id);
        for (uint32_t tag = 1; tag < TAG_END; tag++)
            fields += fix_dictionary_field(dictionary, tag) != NULL;
        assert_int_equal(count_messages(dictionary), versions[i].messages);
        assert_int_equal(fields, versions[i].fields);
        fix_dictionary_free(dictionary);
    }
}

static void compare_members(const struct fix_members *ours, const struct fix_members *theirs)
{
    assert_int_equal(ours->count, theirs->count);
    for (size_t i = 0; i < ours->count; i++) {
        assert_int_equal(ours->at[i].field->tag, theirs->at[i].field->tag);
        assert_int_equal(ours->at[i].required, theirs->at[i].required);
        assert_int_equal(ours->at[i].group == NULL, theirs->at[i].group == NULL);
        if (ours->at[i].group != NULL)
            compare_members(ours->at[i].group, theirs->at[i].group);
    }
}

static void compare_fields(const struct fix_dictionary *ours, const struct fix_dictionary *theirs)
{
    for (uint32_t tag = 1; tag < TAG_END; tag++) {
        const struct fix_field_type *our = fix_dictionary_field(ours, tag);
        const struct fix_field_type *their = fix_dictionary_field(theirs, tag);
        assert_int_equal(our == NULL, their == NULL);
        if (our == NULL)
            continue;
        bool shares = our->value_count > 0 && their->value_count == 0;
        if (!shares) /* a CHAR that shares longer values is a STRING */
            assert_int_equal(our->type, their->type);
        assert_int_equal(our->length_tag, their->length_tag);
        assert_int_equal(our->in_header, their->in_header);
        for (size_t i = 0; i < their->value_count; i++)
            assert_non_null(fix_field_type_value(our, their->values[i].value));
        if (their->value_count > 0)
            assert_int_equal(our->value_count, their->value_count);
    }
}

static void compare_messages(const struct fix_dictionary *ours, const struct fix_dictionary *theirs)
{
    char type[TYPE_SIZE + 1] = "0";
    do {
        const struct fix_message_type *our = fix_dictionary_message(ours, slice_of(type));
        const struct fix_message_type *their = fix_dictionary_message(theirs, slice_of(type));
        assert_int_equal(our == NULL, their == NULL);
        if (our == NULL)
            continue;
        assert_true(slice_equal(our->name, their->name));
        compare_members(&our->body, &their->body);
    } while (next_type(type));
    compare_members(fix_dictionary_header(ours), fix_dictionary_header(theirs));
    compare_members(fix_dictionary_trailer(ours), fix_dictionary_trailer(theirs));
}

/* FIX.4.4 and FIXT.1.1 follow the specification where that file does not. */
static void the_others_agree_with_the_reference(void **state)
{
    const char *shared = kit_shared(__func__);
    char folder[512];
    (void)state;
    if (shared == NULL)
        skip();
    snprintf(folder, sizeof folder, "%s/fix/dictionaries", shared);
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        if (strcmp(versions[i].file, "FIX44") == 0 || strcmp(versions[i].file, "FIXT11") == 0)
            continue;
        struct fix_dictionary *ours = load_ours(versions[i].file);
        struct fix_dictionary *theirs = load_folder(folder, versions[i].file);
        compare_fields(ours, theirs);
        compare_messages(ours, theirs);
        fix_dictionary_free(ours);
        fix_dictionary_free(theirs);
    }
}

static void client_money_extends_the_versions_that_need_it(void **state)
{
    static const struct {
        const char *base, *types[16];
    } cash[] = {
        { "FIX42", { "DY", "DZ", "EA", "EB", "U1", "o", "p", "BB", "BG", "BA" } },
        { "FIX44",
          { "DY", "DZ", "EA", "EB", "EC", "ED", "EE", "EF", "BQ", "CQ", "U1", "o", "p", "BB", "BG",
            "BA" } },
        { "FIX50SP2",
          { "DY", "DZ", "EA", "EB", "EC", "ED", "EE", "EF", "BQ", "CQ", "U1", "o", "p", "BB", "BG",
            "BA" } },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cash / sizeof cash[0]; i++) {
        char base[512], extension[512];
        const char *paths[] = { base, extension };
        snprintf(base, sizeof base, PENSTOCK_SOURCE_DIR "/schemas/fix/%s.xml", cash[i].base);
        snprintf(extension, sizeof extension, PENSTOCK_SOURCE_DIR "/schemas/fix/%s-cash.xml",
                 cash[i].base);
        struct fix_dictionary *dictionary = load_paths(paths, 2);
        for (size_t j = 0; j < 16 && cash[i].types[j] != NULL; j++)
            assert_non_null(fix_dictionary_message(dictionary, slice_of(cash[i].types[j])));
        assert_non_null(fix_field_type_value(fix_dictionary_field(dictionary, 784), SLICE("109")));
        fix_dictionary_free(dictionary);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_is_shipped_whole),
        cmocka_unit_test(the_others_agree_with_the_reference),
        cmocka_unit_test(client_money_extends_the_versions_that_need_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
