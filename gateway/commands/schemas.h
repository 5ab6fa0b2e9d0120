/* The schemas and dictionaries that commands use without a configuration:
   those named on the command line, else those that come with penstock. */
#ifndef PENSTOCK_GATEWAY_COMMANDS_SCHEMAS_H
#define PENSTOCK_GATEWAY_COMMANDS_SCHEMAS_H

#include "codecs/fix/dictionary.h"
#include "codecs/iso20022/catalogue.h"
#include "gateway/commands/arguments.h"

extern const struct error_kind schemas_missing;

/* The folder that holds fix/, iso20022/ and maps/: as given, else what
   PENSTOCK_SCHEMAS says, else the one beside or above the executable.  NULL:
   there is none. */
const char *schemas_folder(const char *given, struct arena *arena);

/* files[0] is the base, the others extend it; none: the FIX.4.4 dictionaries of
   the folder.  All errors at once; NULL when there are some. */
struct fix_dictionary *schemas_dictionary(const char *folder, const struct texts *files,
                                          struct arena *arena, struct error_list *errors);

/* Paths of schemas, in order. */
struct schema_paths {
    const char **at;
    size_t count, room;
};

void schema_paths_init(struct schema_paths *paths);
void schema_paths_fini(struct schema_paths *paths);
/* path outlives paths. */
void schema_paths_add(struct schema_paths *paths, const char *path);
/* Adds all *.xsd of folder/iso20022; false: errors say why not. */
bool schema_paths_find(struct schema_paths *paths, const char *folder, struct arena *arena,
                       struct error_list *errors);

/* All of them compiled. */
struct iso_catalogue *schemas_catalogue(const char *folder, struct arena *arena,
                                        struct error_list *errors);

#define OPTION_SCHEMAS(target)                                                                     \
    {                                                                                              \
        "schemas", 0, OPTION_TEXT, "DIR", "folder with fix/ and iso20022/ (default: penstock's)",  \
            target                                                                                 \
    }
#define OPTION_DICTIONARY(target)                                                                  \
    {                                                                                              \
        "dictionary", 0, OPTION_TEXTS, "FILE", "FIX dictionary; again for each extension", target  \
    }

#endif
