/* The kinds of errors in a configuration. */
#include "config/config.h"

#define ERROR_KIND(identifier, name, text) const struct error_kind identifier = { name, text }

ERROR_KIND(config_unreadable, "config.unreadable", "can't be read");
ERROR_KIND(config_yaml, "config.yaml", "YAML");
ERROR_KIND(config_unknown_key, "config.unknown-key", "unknown key");
ERROR_KIND(config_missing_key, "config.missing-key", "missing key");
ERROR_KIND(config_bad_value, "config.bad-value", "bad value");
ERROR_KIND(config_duplicate, "config.duplicate", "given twice");
ERROR_KIND(config_unknown_name, "config.unknown-name", "unknown name");
ERROR_KIND(config_variable, "config.variable", "variable of the environment");
