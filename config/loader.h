/* What the parts of config_load() share while a configuration is read. */
#ifndef PENSTOCK_CONFIG_LOADER_H
#define PENSTOCK_CONFIG_LOADER_H

#include "codecs/base/names.h"
#include "config/source.h"
#include "config/tables.h"

/* A dictionary under its name in the configuration. */
struct named_dictionary {
    struct slice name, transport; /* absent: none */
    struct place place, transport_place;
    struct fix_dictionary *dictionary;
};

struct loader {
    struct config *config;
    struct sources sources;
    struct key_scope scope; /* of the file that is being read */
    struct error_list *errors;
    struct file_values files;
    struct named_dictionary *named;         /* as many as config has dictionaries */
    bool dictionaries_whole, schemas_whole; /* what is not there does not exist */
    bool maps_whole;
    struct names zone_names; /* zones by name, as they were read; NULL: it could not be */
    const struct zone **zones;
    size_t zone_count, zone_room;
};

/* Reads a file of YAML and makes its folder the scope.  NULL: errors say why. */
const struct yaml_value *loader_yaml(struct loader *loader, struct slice path, struct slice label,
                                     struct place asked_at);

/* Of a key's value; without one that of the mapping. */
struct place loader_place(const struct yaml_value *mapping, const char *key);

/* All dictionaries (dictionaries.c), and what a session that item describes
   speaks of them. */
void loader_dictionaries(struct loader *loader);
void loader_session_dictionary(struct loader *loader, struct config_session *session,
                               const struct yaml_value *item);

/* All maps in the folder (maps.c), the file of rules (rules.c), and that each
   that a rule needs is there. */
void loader_maps(struct loader *loader, struct place asked_at);
void loader_rules(struct loader *loader, const struct yaml_value *path);

/* The profiles of the file (profiles.c). */
void loader_profiles(struct loader *loader);
void profiles_fini(struct config *config);

/* A field that FIX before 4.3 has no place for, but an extension file may (config.c). */
enum { TAG_USERNAME = 553, TAG_PASSWORD = 554 };
void loader_check_logon(struct loader *loader, const struct config_session *session, uint32_t tag,
                        struct place place);

/* How a session connects to its broker, when it does (initiators.c). */
void loader_initiator(struct loader *loader, struct config_session *session);

/* When it is a template (templates.c). */
void loader_template(struct loader *loader, struct config_session *session,
                     const struct yaml_value *item);

/* All calendars, and when a session is open (schedules.c). */
void loader_calendars(struct loader *loader);
void loader_schedule(struct loader *loader, struct config_session *session);

/* Where brokers connect (listeners.c). */
void loader_listeners(struct loader *loader);

/* Names that may be given once, and where they were. */
struct taken {
    struct names names;
    struct place *places;
    size_t count, room;
};

void taken_init(struct taken *taken);
void taken_fini(struct taken *taken);

/* Notes a name; false: it was taken before, and the errors say so.  Absent: it
   was refused already. */
bool loader_take_name(struct loader *loader, struct taken *taken, struct slice name,
                      struct place place, const char *what);

/* The same for what has been read already: a file with a map (false: the errors
   say why), a list of rules, and a file with the days of a calendar. */
bool loader_map(struct loader *loader, const struct yaml_value *file, struct taken *taken);
void loader_rule_list(struct loader *loader, const struct yaml_value *list);
void loader_days(struct loader *loader, const struct yaml_value *file, struct calendar *calendar);

#endif
