/* The FIX dictionaries of a configuration: read from their files, those of FIX.5.0
   and later put on their transport, and given to sessions. */
#include "config/loader.h"

/* Reads the files of one dictionary; their bytes are the caller's to free. */
static bool read_dictionary_files(struct loader *loader, const struct yaml_value *list,
                                  struct source *sources)
{
    bool good = true;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_value *item = list->items[i];
        if (item->kind != YAML_TEXT) {
            if (item->kind != YAML_FAULT)
                error_list_at(loader->errors, &config_bad_value, item->place,
                              "files is a list of paths");
            good = false;
        } else if (!source_read(&loader->sources, key_path(&loader->scope, item->text), item->text,
                                item->place, &sources[i]))
            good = false;
    }
    return good;
}

static struct fix_dictionary *make_dictionary(struct loader *loader, const struct yaml_value *list)
{
    struct arena *arena = &loader->config->arena;
    struct source *sources = arena_take_array(arena, list->count, sizeof *sources);
    struct fix_dictionary_file *files = arena_take_array(arena, list->count, sizeof *files);
    struct fix_dictionary *dictionary = NULL;
    if (read_dictionary_files(loader, list, sources)) {
        for (size_t i = 0; i < list->count; i++)
            files[i] = (struct fix_dictionary_file){ sources[i].bytes, sources[i].name };
        dictionary = fix_dictionary_new(files, list->count, loader->errors);
    }
    for (size_t i = 0; i < list->count; i++)
        source_free(&sources[i]);
    return dictionary;
}

/* A name that is a version is that of its files; files of FIX.5.0 need not tell
   their service pack, and those of FIX.Latest cannot. */
static bool check_name(struct loader *loader, struct slice name, struct slice version,
                       struct place place)
{
    bool is_version = fix_version_named(name)->name != NULL || slice_is(name, "FIXT.1.1");
    if (!is_version || slice_starts(name, version) || slice_is(name, "FIX.Latest"))
        return true;
    return error_list_at(loader->errors, &config_bad_value, place,
                         "the files of dictionary %.*s are for %.*s", SLICE_ARG(name),
                         SLICE_ARG(version));
}

static bool read_dictionary(struct loader *loader, const struct yaml_value *item,
                            struct taken *taken)
{
    struct dictionary_values values = { 0 };
    struct config *config = loader->config;
    struct place place = loader_place(item, "name");
    if (!keys_read(&dictionary_table, item, &loader->scope, &values) ||
        !loader_take_name(loader, taken, values.name, place, "dictionary"))
        return false;
    if (values.files->count == 0)
        return error_list_at(loader->errors, &config_bad_value, values.files->place,
                             "files names no file");
    struct fix_dictionary *dictionary = make_dictionary(loader, values.files);
    if (dictionary == NULL)
        return false;
    loader->named[config->dictionary_count] =
        (struct named_dictionary){ values.name, values.transport, place,
                                   loader_place(item, "transport"), dictionary };
    config->dictionaries[config->dictionary_count++] = dictionary;
    return check_name(loader, values.name, fix_dictionary_version(dictionary), place);
}

static const struct named_dictionary *find(const struct loader *loader, struct slice name)
{
    for (size_t i = 0; i < loader->config->dictionary_count; i++)
        if (slice_equal(loader->named[i].name, name))
            return &loader->named[i];
    return NULL;
}

static bool has_header(const struct fix_dictionary *dictionary)
{
    return fix_dictionary_header(dictionary)->count > 0;
}

static bool is_transport(const struct fix_dictionary *dictionary)
{
    return slice_starts(fix_dictionary_version(dictionary), SLICE("FIXT."));
}

static bool put_on_transport(struct loader *loader, const struct named_dictionary *named)
{
    const struct named_dictionary *transport = find(loader, named->transport);
    if (named->transport.at == NULL)
        return has_header(named->dictionary) ||
               error_list_at(loader->errors, &config_missing_key, named->place,
                             "transport: %.*s has no header of its own", SLICE_ARG(named->name));
    if (transport == NULL)
        return !loader->dictionaries_whole ||
               error_list_at(loader->errors, &config_unknown_name, named->transport_place,
                             "no dictionary is named %.*s", SLICE_ARG(named->transport));
    if (!is_transport(transport->dictionary) || is_transport(named->dictionary))
        return error_list_at(loader->errors, &config_bad_value, named->transport_place,
                             "an application version rides on a transport, as FIXT.1.1; %.*s is %s",
                             SLICE_ARG(transport->name),
                             is_transport(transport->dictionary) ? "one itself" : "none");
    fix_dictionary_ride(named->dictionary, transport->dictionary);
    return true;
}

void loader_dictionaries(struct loader *loader)
{
    const struct yaml_value *list = loader->files.dictionaries;
    struct config *config = loader->config;
    size_t count = yaml_count(list);
    struct taken taken;
    taken_init(&taken);
    config->dictionaries = arena_take_array(&config->arena, count, sizeof(struct fix_dictionary *));
    loader->named = arena_take_array(&config->arena, count, sizeof *loader->named);
    loader->dictionaries_whole = list != NULL;
    for (size_t i = 0; i < count; i++) {
        if (!read_dictionary(loader, list->items[i], &taken))
            loader->dictionaries_whole = false;
    }
    for (size_t i = 0; i < config->dictionary_count; i++) {
        if (!put_on_transport(loader, &loader->named[i]))
            loader->dictionaries_whole = false;
    }
    taken_fini(&taken);
}

/* Dictionaries of sessions. */

static const struct fix_dictionary *take(struct loader *loader, struct slice name,
                                         struct place place)
{
    const struct named_dictionary *named = find(loader, name);
    if (named == NULL && loader->dictionaries_whole)
        error_list_at(loader->errors, &config_unknown_name, place, "no dictionary is named %.*s",
                      SLICE_ARG(name));
    else if (named != NULL && is_transport(named->dictionary))
        error_list_at(loader->errors, &config_bad_value, place,
                      "%.*s is a transport: a session names an application version on it",
                      SLICE_ARG(name));
    return named == NULL ? NULL : named->dictionary;
}

static bool on_transport(const struct fix_dictionary *dictionary)
{
    return slice_starts(fix_dictionary_begin_string(dictionary), SLICE("FIXT."));
}

/* What stands for a dictionary in ApplVerID; absent: nothing does. */
static struct slice appl_ver_id_of(const struct loader *loader, struct slice name)
{
    const char *named = fix_version_named(name)->appl_ver_id;
    if (named == NULL)
        named = fix_dictionary_standard(find(loader, name)->dictionary)->appl_ver_id;
    return named == NULL ? SLICE_NONE : slice_of(named);
}

static void add_application(struct loader *loader, struct config_session *session,
                            struct fix_application application, struct slice name,
                            struct place place)
{
    struct fix_application *at = session->applications;
    if (application.appl_ver_id.at == NULL) {
        error_list_at(loader->errors, &config_missing_key, place,
                      "default-appl-ver-id: no ApplVerID stands for %.*s", SLICE_ARG(name));
        return;
    }
    for (size_t i = 0; i < session->application_count; i++)
        if (slice_equal(at[i].appl_ver_id, application.appl_ver_id))
            error_list_at(loader->errors, &config_duplicate, place,
                          "two dictionaries of session %.*s have ApplVerID %.*s",
                          SLICE_ARG(session->name), SLICE_ARG(application.appl_ver_id));
    at[session->application_count++] = application;
}

static void add_further(struct loader *loader, struct config_session *session,
                        const struct yaml_value *item)
{
    if (item->kind != YAML_TEXT) {
        if (item->kind != YAML_FAULT)
            error_list_at(loader->errors, &config_bad_value, item->place,
                          "further-dictionaries is a list of names");
        return;
    }
    const struct fix_dictionary *dictionary = take(loader, item->text, item->place);
    if (dictionary == NULL || is_transport(dictionary))
        return;
    if (!slice_equal(fix_dictionary_begin_string(dictionary),
                     fix_dictionary_begin_string(session->dictionary)))
        error_list_at(loader->errors, &config_bad_value, item->place,
                      "%.*s is not on the transport of %.*s", SLICE_ARG(item->text),
                      SLICE_ARG(session->dictionary_name));
    else
        add_application(loader, session,
                        (struct fix_application){ appl_ver_id_of(loader, item->text), dictionary },
                        item->text, item->place);
}

static bool refuse_fixt_key(struct loader *loader, const struct yaml_value *item, const char *key)
{
    return error_list_at(loader->errors, &config_bad_value, loader_place(item, key),
                         "%s is for sessions on FIXT.1.1", key);
}

static void add_applications(struct loader *loader, struct config_session *session,
                             const struct yaml_value *item)
{
    const struct yaml_value *further = session->further_dictionaries;
    size_t count = yaml_count(further);
    struct fix_application first = { session->default_appl_ver_id, session->dictionary };
    if (first.appl_ver_id.at == NULL)
        first.appl_ver_id = appl_ver_id_of(loader, session->dictionary_name);
    session->applications =
        arena_take_array(&loader->config->arena, count + 1, sizeof *session->applications);
    add_application(loader, session, first, session->dictionary_name,
                    loader_place(item, "dictionary"));
    for (size_t i = 0; i < count; i++)
        add_further(loader, session, further->items[i]);
}

void loader_session_dictionary(struct loader *loader, struct config_session *session,
                               const struct yaml_value *item)
{
    if (session->dictionary_name.at == NULL)
        return;
    session->dictionary = take(loader, session->dictionary_name, loader_place(item, "dictionary"));
    if (session->dictionary == NULL || is_transport(session->dictionary))
        return;
    if (on_transport(session->dictionary)) {
        add_applications(loader, session, item);
        return;
    }
    if (session->default_appl_ver_id.at != NULL)
        refuse_fixt_key(loader, item, "default-appl-ver-id");
    if (session->further_dictionaries != NULL)
        refuse_fixt_key(loader, item, "further-dictionaries");
}
