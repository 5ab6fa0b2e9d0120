/* penstock dictionary merge: a base and its extensions as one file, for programs
   that read one file per dictionary. */
#include <stdio.h>

#include "gateway/commands/commands.h"
#include "gateway/commands/input.h"
#include "gateway/commands/schemas.h"

#define ERRORS_MAX 100

static int merge(const struct texts *files, const char *folder)
{
    struct arena arena;
    struct error_list errors;
    struct writer merged;
    int status = EXIT_INPUT;

    arena_init(&arena, ARENA_UNLIMITED);
    error_list_init(&errors, ERRORS_MAX);
    struct fix_dictionary *dictionary =
        schemas_dictionary(schemas_folder(folder, &arena), files, &arena, &errors);
    if (dictionary != NULL) {
        writer_init(&merged, 0);
        fix_dictionary_write(dictionary, &merged);
        fwrite(writer_slice(&merged).at, 1, merged.used, stdout);
        status = fflush(stdout) == 0 ? EXIT_FINE : EXIT_SYSTEM;
        writer_fini(&merged);
        fix_dictionary_free(dictionary);
    } else {
        input_complain_all(&errors);
    }
    error_list_fini(&errors);
    arena_fini(&arena);
    return status;
}

int command_dictionary(int count, char **words)
{
    const char *folder = NULL;
    const struct syntax syntax = {
        .usage = "dictionary merge [BASE [EXTENSION...]] > FILE",
        .about = "Writes the FIX dictionary that BASE and the extensions make together, as one\n"
                 "file in the QuickFIX format.  Without files: penstock's own for FIX.4.4.",
        .options = { OPTION_SCHEMAS(&folder) },
        .word_count_min = 1,
        .word_count_max = TEXTS_MAX,
    };
    struct arguments arguments;
    struct texts files = { .count = 0 };

    if (!arguments_read(&arguments, &syntax, count, words))
        return arguments.status;
    if (strcmp(arguments.words[0], "merge") != 0)
        return usage_error("dictionary", "it can only merge, not \"%s\"", arguments.words[0]);
    for (size_t i = 1; i < arguments.word_count; i++)
        files.at[files.count++] = arguments.words[i];
    return merge(&files, folder);
}
