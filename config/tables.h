/* All key tables, and what their keys are read into. */
#ifndef PENSTOCK_CONFIG_TABLES_H
#define PENSTOCK_CONFIG_TABLES_H

#include "config/config.h"
#include "config/keys.h"

struct file_values {
    const struct yaml_value *gateway, *dictionaries, *profiles, *listeners, *sessions, *channels,
        *calendars;
    struct slice schemas, maps, rules, zones;
};

struct gateway_values {
    struct slice id;
    struct slice store, admin_socket;
    unsigned store_window_s;
    size_t logon_failures_max;
    unsigned logon_pause_s;
};

struct listener_values {
    struct slice name;
    struct key_address address;
    struct slice certificate, key, trusted, revoked;
    bool only_1_3, proxy;
    const struct yaml_value *allow;
    unsigned entry_timeout_s;
};

struct initiator_values {
    const struct yaml_value *connect;
    struct key_address local;
    unsigned heartbeat_s;
    unsigned pause_s, pause_max_s;
    struct slice username;
    struct key_secret password;
    bool password_without_tls;
    struct slice trusted, revoked, certificate, key, host;
};

struct schedule_values {
    unsigned start_s, end_s;
    struct slice start_day, end_day, zone, calendar, reset;
    const struct yaml_value *weekdays;
};

struct calendar_values {
    struct slice name, file;
};

struct calendar_file_values {
    const struct yaml_value *weekdays, *holidays, *working_days;
};

struct dictionary_values {
    struct slice name, transport;
    const struct yaml_value *files;
};

struct profile_values {
    struct slice name, like;
    const struct yaml_value *with, *without, *codes;
};

struct rules_values {
    const struct yaml_value *rules;
};

struct rule_values {
    struct slice name;
    const struct yaml_value *when, *then;
};

struct map_values {
    struct slice name;
    enum map_use use;
    struct slice flow, each;
    const struct yaml_value *from, *to, *when, *tables, *write, *read;
};

extern const struct key_table file_table, gateway_table, dictionary_table, profile_table,
    listener_table, session_table, initiator_table, schedule_table, validation_table, channel_table,
    calendar_table, calendar_file_table, rules_table, rule_table, route_table, refuse_table,
    hold_table, map_table;

#endif
