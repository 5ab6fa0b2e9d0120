/* Schemas and profile of a configuration, or those that come with penstock. */
#include "gateway/commands/judge.h"

#include "gateway/commands/schemas.h"

static bool load(struct judge *judge, const char *config, const char *folder, struct arena *arena,
                 struct error_list *errors)
{
    if (config != NULL) {
        judge->config = config_load(config, errors);
        judge->catalogue = judge->config == NULL ? NULL : judge->config->catalogue;
    } else {
        judge->own_catalogue = schemas_catalogue(schemas_folder(folder, arena), arena, errors);
        judge->catalogue = judge->own_catalogue;
    }
    return judge->catalogue != NULL;
}

static bool choose_profile(struct judge *judge, struct slice name, struct error_list *errors)
{
    if (judge->config != NULL) {
        judge->profile = config_profile_named(judge->config, name);
    } else if (iso_profile_exists(name)) {
        judge->own_profile = iso_profile_new(judge->catalogue);
        iso_profile_like(judge->own_profile, name);
        iso_profile_bind(judge->own_profile);
        judge->profile = judge->own_profile;
    }
    return judge->profile != NULL ||
           error_list_at(errors, &config_unknown_name, PLACE_NONE, "no profile is named %.*s%s",
                         SLICE_ARG(name), iso_profile_suggestion(name));
}

bool judge_open(struct judge *judge, const char *config, const char *folder, const char *profile,
                struct arena *arena, struct error_list *errors)
{
    return load(judge, config, folder, arena, errors) &&
           choose_profile(judge, slice_of(profile), errors);
}

void judge_close(struct judge *judge)
{
    iso_profile_free(judge->own_profile);
    iso_catalogue_free(judge->own_catalogue);
    config_free(judge->config);
}

/* "depth-max=200" */
static bool set_limit(struct xml_limits *limits, const char *text)
{
    const char *equals = strchr(text, '=');
    uint64_t value;

    if (equals == NULL || !slice_to_u64(slice_of(equals + 1), SIZE_MAX, &value))
        return false;
    size_t *limit = xml_limit_find(limits, (struct slice){ text, (size_t)(equals - text) });
    if (limit != NULL)
        *limit = value;
    return limit != NULL;
}

bool judge_set_limits(struct judge *judge, const char *command, const struct texts *texts,
                      const char *encoding)
{
    judge->limits = xml_limits_default;
    if (encoding != NULL && !charset_named(slice_of(encoding), &judge->limits.charset)) {
        usage_error(command, "--encoding is UTF-8 or GB18030, not %s", encoding);
        return false;
    }
    for (size_t i = 0; i < texts->count; i++)
        if (!set_limit(&judge->limits, texts->at[i])) {
            usage_error(command, "--limit is KEY=NUMBER, with a key such as depth-max, not %s",
                        texts->at[i]);
            return false;
        }
    return true;
}
