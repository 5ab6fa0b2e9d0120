/* The key tables: what the .def files say, as data. */
#include "config/tables.h"

#define REQUIRED       NULL
#define OPTIONAL       ""
#define MINUTES(count) ((count)*60)
#define HOURS(count)   ((count)*3600)
#define KIB(count)     ((int64_t)(count) << 10)
#define MIB(count)     ((int64_t)(count) << 20)
#define GIB(count)     ((int64_t)(count) << 30)

#define KEY(name, kind, field, if_absent, least, most, reload, what)                               \
    { name,                                                                                        \
      if_absent,                                                                                   \
      offsetof(struct VALUES, field),                                                              \
      sizeof(((struct VALUES *)NULL)->field),                                                      \
      least,                                                                                       \
      most,                                                                                        \
      KEY_##kind,                                                                                  \
      KEY_##reload,                                                                                \
      what },

#define TABLE(identifier, name, what)                                                              \
    const struct key_table identifier##_table = {                                                  \
        name, what, identifier##_keys, sizeof identifier##_keys / sizeof identifier##_keys[0]      \
    };

#define VALUES file_values
static const struct key file_keys[] = {
#include "config/file_keys.def"
};
TABLE(file, "configuration",
      "The file that `penstock run -c FILE` is given. Relative paths in a file are relative to "
      "that file. `${NAME}` and `${NAME:-default}` in values come from the environment, but for "
      "values in single quotes.")
#undef VALUES

#define VALUES gateway_values
static const struct key gateway_keys[] = {
#include "config/gateway_keys.def"
};
TABLE(gateway, "gateway", "The mapping `gateway`.")
#undef VALUES

#define VALUES dictionary_values
static const struct key dictionary_keys[] = {
#include "config/dictionary_keys.def"
};
TABLE(dictionary, "dictionary", "One of the list `dictionaries`.")
#undef VALUES

#define VALUES profile_values
static const struct key profile_keys[] = {
#include "config/profile_keys.def"
};
TABLE(profile, "profile",
      "One of the list `profiles`: which rules beyond the schema hold. docs/profiles.md has the "
      "profiles, rules and sets of rules that come with penstock.")
#undef VALUES

#define VALUES listener_values
static const struct key listener_keys[] = {
#include "config/listener_keys.def"
};
TABLE(listener, "listener", "One of the list `listeners`: where brokers connect.")
#undef VALUES

#define VALUES config_session
static const struct key session_keys[] = {
#include "config/session_keys.def"
};
TABLE(session, "session", "One of the list `sessions`: a broker that connects to us, or to which we connect (`initiator`).")
#undef VALUES

#define VALUES initiator_values
static const struct key initiator_keys[] = {
#include "config/initiator_keys.def"
};
TABLE(initiator, "initiator", "The mapping `initiator` of a session.")
#undef VALUES

#define VALUES schedule_values
static const struct key schedule_keys[] = {
#include "config/schedule_keys.def"
};
TABLE(schedule, "schedule",
      "The mapping `schedule` of a session: periods in which it is open, each day or, with "
      "`start-day`, each week. A period of days belongs to the day on which it begins. A time that "
      "the change to summer leaves out is the moment of the change; of one that comes twice, the "
      "first is meant.")
#undef VALUES

#define VALUES fix_validation
static const struct key validation_keys[] = {
#include "config/validation_keys.def"
};
TABLE(validation, "validation",
      "The mapping `validation` of a session: `false` for what is not checked of the broker's "
      "messages. Mandatory fields, types and lists of values are always checked, and no field may "
      "come twice.")
#undef VALUES

#define VALUES calendar_values
static const struct key calendar_keys[] = {
#include "config/calendar_keys.def"
};
TABLE(calendar, "calendar", "One of the list `calendars`.")
#undef VALUES

#define VALUES calendar_file_values
static const struct key calendar_file_keys[] = {
#include "config/calendar_file_keys.def"
};
TABLE(calendar_file, "file of a calendar",
      "The file that `file` of a calendar names. What it does not name follows the day of the "
      "week.")
#undef VALUES

#define VALUES config_channel
static const struct key channel_keys[] = {
#include "config/channel_keys.def"
};
TABLE(channel, "channel", "One of the list `channels`: a bank, reached by files in a folder.")
#undef VALUES

#define VALUES rules_values
static const struct key rules_keys[] = {
#include "config/rules_keys.def"
};
TABLE(rules, "file of rules", "The file that `rules` names.")
#undef VALUES

#define VALUES rule_values
static const struct key rule_keys[] = {
#include "config/rule_keys.def"
};
TABLE(rule, "rule",
      "One of the list `rules` in the file of rules. The first whose condition holds decides.")
#undef VALUES

#define VALUES rule_definition
static const struct key route_keys[] = {
#include "config/route_keys.def"
};
TABLE(route, "route", "`then: route {to: NAME, map: NAME}`: the message goes on, translated.")

static const struct key refuse_keys[] = {
#include "config/refuse_keys.def"
};
TABLE(refuse, "refuse", "`then: refuse {reason: CODE, text: WORDS}`: the asker is told why not.")

static const struct key hold_keys[] = {
#include "config/hold_keys.def"
};
TABLE(hold, "hold",
      "`then: hold {for: approval}`: an operator decides; the rules behind this one follow then.")
#undef VALUES

#define VALUES map_values
static const struct key map_keys[] = {
#include "config/map_keys.def"
};
TABLE(
    map, "map",
    "A file in the folder `maps`. `from` and `to` are the name of a message or group of facts, or "
    "`{fix: NAME}`, `{iso20022: ID}`, `{facts: GROUP}`. `write` and `read` have the shape of what "
    "they fill: a constant or `=EXPRESSION` for each field, lists for groups and repeating "
    "elements. A text with a comma inside braces needs quotes.")
#undef VALUES
