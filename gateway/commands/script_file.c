/* Reads a script out of a file. */
#include "gateway/commands/script_file.h"

#include "gateway/commands/input.h"

bool script_file_load(const char *path, const struct script_verb *verbs, struct script *script,
                      struct error_list *errors)
{
    struct writer text;
    struct error error;
    bool loaded = false;

    writer_init(&text, 0);
    if (input_read(path, &text, &error))
        loaded = script_init(script, writer_slice(&text), path, verbs, errors);
    else
        error_list_add(errors, &error);
    writer_fini(&text);
    return loaded;
}
