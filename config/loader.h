/* What the parts of config_load() share while a configuration is read. */
#ifndef PENSTOCK_CONFIG_LOADER_H
#define PENSTOCK_CONFIG_LOADER_H

#include "codecs/base/names.h"
#include "config/source.h"
#include "config/tables.h"

struct loader {
    struct config *config;
    struct sources sources;
    struct key_scope scope; /* of the file that is being read */
    struct error_list *errors;
    struct file_values files;
    bool dictionaries_whole, schemas_whole; /* what is not there does not exist */
    bool maps_whole;
};

/* Reads a file of YAML and makes its folder the scope.  NULL: errors say why. */
const struct yaml_value *loader_yaml(struct loader *loader, struct slice path, struct slice label,
                                     struct place asked_at);

/* All maps in the folder (maps.c), the file of rules (rules.c), and that each
   that a rule needs is there. */
void loader_maps(struct loader *loader, struct place asked_at);
void loader_rules(struct loader *loader, const struct yaml_value *path);

/* Notes a name in the line of place; false: it was taken before, and the errors
   say so. */
bool loader_take_name(struct loader *loader, struct names *taken, struct slice name,
                      struct place place, const char *what);

#endif
