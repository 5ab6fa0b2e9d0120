/* Tables of keys: parser, defaults, bounds and the reference page come from
   them.  Each *_keys.def is one table, each line one key:

       KEY("heartbeat-max", SECONDS, heartbeat_max_s, "60s", 1, HOURS(1), LIVE, "...")

   name, kind, field, what stands for it when it is absent (REQUIRED: nothing
   does, OPTIONAL: it stays absent), least, most (characters of a text, else in
   the unit of the field; 0, 0: no bounds), when a change of it takes effect,
   what it is. */
#ifndef PENSTOCK_CONFIG_KEYS_H
#define PENSTOCK_CONFIG_KEYS_H

#include "config/yaml.h"

/* KIND(identifier, C type of the field, how it is written) */
#define KEY_KINDS(KIND)                                                                            \
    KIND(TEXT, struct slice, "text")                                                               \
    KIND(NAME, struct slice, "name: letters, digits, `-`, `_`")                                    \
    KIND(BIC, struct slice, "BIC of 8 or 11 characters")                                           \
    KIND(REASON, struct slice, "ISO 20022 status reason code")                                     \
    KIND(FLOW, struct slice, "`withdrawal` or `deposit`")                                          \
    KIND(PATH, struct slice, "path, relative to this file")                                        \
    KIND(SECRET, struct key_secret, "`env:NAME`, a variable, or `file:path`, a file of one line")  \
    KIND(ADDRESS, struct key_address, "`host:port` or `[::1]:port`")                               \
    KIND(SECONDS, unsigned, "duration: `30s`, `5m`, `2h`, `1d`")                                   \
    KIND(MILLISECONDS, unsigned, "duration: `250ms`, `2s`")                                        \
    KIND(TIME, unsigned, "time of day: `08:00`, `17:30:15`")                                       \
    KIND(COUNT, size_t, "number")                                                                  \
    KIND(SIZE, size_t, "size: `4096`, `64KiB`, `16MiB`")                                           \
    KIND(OFFSET, int, "offset from UTC: `+08:00`, `-05:00`, `Z`")                                  \
    KIND(BOOLEAN, bool, "`true` or `false`")                                                       \
    KIND(PRECISION, enum moment_precision,                                                         \
         "`seconds`, `milliseconds`, `microseconds` or `nanoseconds`")                             \
    KIND(CHARSET, enum charset, "`UTF-8` or `GB18030`")                                            \
    KIND(ENVELOPE, enum iso_envelope_kind,                                                         \
         "`none`, `request-payload`, `business-message`, "                                         \
         "`nvlp`, `swift`, `data-pdu`, `soap-1.1`, `soap-1.2`, `fednow-incoming`, "                \
         "`fednow-outgoing`, `fedwire-outgoing` or `fps`")                                         \
    KIND(ENVELOPE_TEXT, struct slice, "XML with `{header}` and `{document}`")                      \
    KIND(USE, enum map_use, "use of a map, see below")                                             \
    KIND(CONDITION, const struct yaml_value *, "expression")                                       \
    KIND(MAPPING, const struct yaml_value *, "mapping")                                            \
    KIND(LIST, const struct yaml_value *, "list")                                                  \
    KIND(VALUE, const struct yaml_value *, "see below")

enum key_kind {
#define KIND(identifier, type, form) KEY_##identifier,
    KEY_KINDS(KIND)
#undef KIND
        KEY_KIND_COUNT
};

enum key_reload {
    KEY_LIVE,    /* at the next reload */
    KEY_RESTART, /* at the next start */
};

struct key {
    const char *name;
    const char *if_absent; /* NULL: required; "": stays as it is */
    size_t offset, size;   /* of the field */
    int64_t least, most;
    enum key_kind kind;
    enum key_reload reload;
    const char *what;
};

struct key_table {
    const char *name; /* of what it describes: "session" */
    const char *what;
    const struct key *keys;
    size_t count;
};

struct key_address {
    struct slice host; /* without brackets */
    unsigned port;
};

/* Where a secret is, which does not stand in the configuration itself. */
struct key_secret {
    struct slice name; /* absent: there is none */
    bool in_file;      /* name is its path; else a variable of the environment */
};

/* Where values are read. */
struct key_scope {
    struct arena *arena;
    struct slice folder; /* of the file: paths are relative to it; absent: none */
    struct error_list *errors;
};

/* Fills in the fields of values, which the caller has set to zero.  false: the
   errors say why, all of them. */
bool keys_read(const struct key_table *table, const struct yaml_value *mapping,
               const struct key_scope *scope, void *values);

/* One value of that kind; key gives kind and bounds. */
bool key_parse(const struct key *key, const struct yaml_value *value, const struct key_scope *scope,
               void *field);
/* A bound as it would be written in a file. */
void key_write_bound(const struct key *key, int64_t bound, struct writer *writer);
const char *key_kind_form(enum key_kind kind);
size_t key_kind_size(enum key_kind kind);

/* path as seen from the folder; absent or absolute: as it is. */
struct slice key_path(const struct key_scope *scope, struct slice path);

#endif
