/* The official schemas and the sample documents beside the repository. */
#ifndef PENSTOCK_TESTS_ISO20022_REFERENCE_H
#define PENSTOCK_TESTS_ISO20022_REFERENCE_H

#include "kit/kit.h"

#include "codecs/iso20022/parse.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { REFERENCE_PATH_MAX = 1024 };

/* All names in a folder that end in suffix, sorted. */
struct reference_names {
    char (*at)[256];
    size_t count, room;
};

static inline int reference_compare_names(const void *one, const void *other)
{
    return strcmp(one, other);
}

static inline struct reference_names reference_list(const char *folder, const char *suffix)
{
    struct reference_names names = { NULL, 0, 0 };
    DIR *open = opendir(folder);
    const struct dirent *entry;
    assert_non_null(open);
    while ((entry = readdir(open)) != NULL) {
        size_t size = strlen(entry->d_name), end = strlen(suffix);
        if (size <= end || strcmp(entry->d_name + size - end, suffix) != 0)
            continue;
        names.at = memory_room(names.at, names.count, &names.room, sizeof *names.at);
        snprintf(names.at[names.count++], sizeof *names.at, "%s", entry->d_name);
    }
    closedir(open);
    qsort(names.at, names.count, sizeof *names.at, reference_compare_names);
    return names;
}

#define REFERENCE_SCHEMAS PENSTOCK_SOURCE_DIR "/schemas/iso20022"

/* A catalogue of the schemas that come with penstock; schema_test.c proves that they
   are the official ones. */
static inline struct iso_catalogue *reference_catalogue(void)
{
    char path[REFERENCE_PATH_MAX + 300];
    struct iso_catalogue *catalogue = iso_catalogue_new();
    struct error_list errors;
    error_list_init(&errors, 0);
    struct reference_names names = reference_list(REFERENCE_SCHEMAS, ".xsd");
    for (size_t i = 0; i < names.count; i++) {
        snprintf(path, sizeof path, "%s/%s", REFERENCE_SCHEMAS, names.at[i]);
        struct slice xsd = kit_read_file(path);
        if (!iso_catalogue_add(catalogue, xsd, "xsd", &errors))
            fail_msg("%s: %s", names.at[i], errors.at[0].detail);
        kit_free_file(xsd);
    }
    free(names.at);
    return catalogue;
}

/* All findings, one a line; "" when there is none.  profile: NULL for the schema
   alone. */
static inline void reference_findings(const struct iso_catalogue *catalogue,
                                      const struct iso_profile *profile, struct slice xml,
                                      struct writer *writer)
{
    struct iso_parse_options options = { .catalogue = catalogue,
                                         .profile = profile,
                                         .error_count_max = 50 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, xml);
    struct error_list errors = iso_parser_end(parser)->errors;
    writer_reset(writer);
    error_list_write(&errors, writer);
    iso_parser_free(parser);
}

/* The fields of a line of a .tsv file; *text moves behind the line.  false: there
   is none left.  The line is cut up in place. */
static inline bool reference_line(char **text, char **fields, size_t count)
{
    char *end = strchr(*text, '\n');
    if (end == NULL)
        return false;
    *end = '\0';
    for (size_t i = 0; i < count; i++) {
        fields[i] = *text == NULL ? (char *)"" : strsep(text, "\t");
    }
    *text = end + 1;
    return true;
}

#endif
