/* The configuration: YAML in, compiled and proved; all errors at once, nothing
   applied before all is good.

   config_load() reads the file that it is given and the files that this names:
   dictionaries, schemas, maps and rules.  ${NAME} and ${NAME:-default} in
   values come from the environment.  The keys are tables (*_keys.def).  A
   configuration owns all that it points to and does not change. */
#ifndef PENSTOCK_CONFIG_CONFIG_H
#define PENSTOCK_CONFIG_CONFIG_H

#include "codecs/base/charset.h"
#include "codecs/base/digest.h"
#include "codecs/base/names.h"
#include "codecs/base/network.h"
#include "codecs/base/password.h"
#include "codecs/base/schedule.h"
#include "codecs/base/xml.h"
#include "codecs/fix/session.h"
#include "codecs/iso20022/catalogue.h"
#include "codecs/iso20022/envelope.h"
#include "codecs/iso20022/profile.h"
#include "routing/map.h"
#include "routing/rule.h"

/* Where brokers connect. */
struct config_listener {
    struct slice name, host;
    unsigned port;                                   /* 0: the system chooses, READY tells */
    struct slice certificate, key, trusted, revoked; /* paths; certificate absent: no TLS */
    bool only_1_3;
    bool proxy;
    struct network *allowed; /* 0 of them: everybody */
    size_t allowed_count;
    unsigned entry_timeout_s;
};

struct config_address {
    struct slice host; /* absent: none */
    unsigned port;
};

/* How we connect to a broker. */
struct config_initiator {
    struct config_address *addresses; /* at least one */
    size_t address_count;
    struct config_address local;
    unsigned heartbeat_s;
    unsigned pause_s, pause_max_s;
    struct slice username, password;                       /* of our Logon; absent: it has none */
    struct slice trusted, revoked, certificate, key, host; /* trusted absent: no TLS */
};

/* When a session is open. */
struct config_schedule {
    struct schedule periods;
    bool resets; /* numbers begin at 1 in each period */
};

struct config_calendar {
    struct slice name;
    struct calendar days;
};

/* When both sides of a session begin at 1 again, beside its schedule. */
struct config_resets {
    bool on_logon, on_logout, on_disconnect;
};

struct config_session {
    struct slice name;          /* unique; in logs, rules and the store */
    struct fix_sides sides;     /* ours is the sender */
    bool is_template;           /* no session: others come to be by it */
    bool any_comp_id;           /* without proof */
    size_t sessions_max;        /* so many */
    struct slice template_name; /* of one that came to be so; absent: it stands in the file */
    const struct yaml_value *initiator_value;
    struct config_initiator *initiator; /* NULL: the broker connects to us */
    const struct yaml_value *schedule_value;
    struct config_schedule *schedule; /* NULL: always open */
    struct slice certificate; /* a name that the broker's has to have; absent: any, or none */
    struct slice username;    /* of the broker's Logon; absent: any, or none */
    struct slice password_text;
    const struct password_hash *password; /* the same; NULL: any, or none */
    bool password_without_tls;
    struct config_resets resets;
    struct slice bic; /* of the institution that this broker's orders go out as */
    struct slice dictionary_name;
    const struct fix_dictionary *dictionary;
    struct slice default_appl_ver_id; /* of dictionary, on FIXT; absent: its version's */
    const struct yaml_value *further_dictionaries; /* their names */
    struct fix_application *applications;          /* on FIXT: dictionary, and those; else none */
    size_t application_count;
    unsigned heartbeat_max_s, logon_timeout_s, latency_max_s;
    size_t message_size_max;
    size_t rate_max, rate_burst; /* application messages a second, and at once; 0: any, rate_max */
    const struct yaml_value *validation_value; /* of the agreement */
    struct fix_agreement agreement;
    enum charset charset;
};

struct config_channel {
    struct slice name; /* what rules route to */
    struct slice bic;  /* of the bank behind it */
    struct slice profile_name;
    const struct iso_profile *profile; /* what its documents have to keep */
    struct slice service;              /* BizSvc; absent: none */
    struct slice directory;            /* has out/, in/, done/, refused/ */
    enum iso_envelope_kind envelope;
    struct slice envelope_text; /* the channel's own instead; absent: none */
    struct slice header;        /* of its documents, as head.001.001.02 */
    struct slice session;       /* the FIX session that this bank's announcements go to */
    unsigned deadline_s;        /* no final answer after that: in doubt */
    unsigned
        answer_deadline_s; /* no answer of the broker after that: in doubt, and PDNG to the bank */
    bool books_on_accept;  /* EB 2806=1 is ACCC for this bank, else ACSP */
    unsigned settle_time_ms, scan_interval_ms;
    size_t finding_count_max; /* told of a document that is not valid */
    struct xml_limits limits; /* of its documents */
    int utc_offset_minutes;   /* of the bank's zone, for documents without one and for dates */
};

struct config_profile {
    struct slice name;
    struct iso_profile *profile;
};

struct config {
    struct arena arena;
    struct slice gateway_id; /* prefix of all our ids, 1 to 8 characters */
    struct config_listener *listeners;
    size_t listener_count;
    struct slice store_path;   /* SQLite file */
    unsigned store_window_s;   /* what is younger is never archived */
    size_t logon_failures_max; /* then there is a pause; 0: never */
    unsigned logon_pause_s;
    struct slice admin_path; /* local socket for operators */
    struct config_session *sessions;
    size_t session_count;
    struct names session_names; /* to their places in sessions */
    struct config_calendar *calendars;
    size_t calendar_count;
    struct config_channel *channels;
    size_t channel_count;
    struct fix_dictionary **dictionaries;
    size_t dictionary_count;
    struct iso_catalogue *catalogue;
    struct config_profile
        *profiles; /* those of the file, and those of penstock that were asked for */
    size_t profile_count, profile_room;
    struct map_set maps;
    struct rules rules;
    struct digest digest; /* of all files that were read */
    struct slice text;    /* them, as they were read: kept in the store by digest */
};

extern const struct error_kind config_unreadable, config_yaml, config_unknown_key,
    config_missing_key, config_bad_value, config_duplicate, config_unknown_name, config_variable,
    config_restart;

/* path as the user gave it; relative paths inside are relative to that file.
   NULL: errors say why. */
struct config *config_load(const char *path, struct error_list *errors);
/* The same of the mapping `gateway` alone, for commands that ask a gateway or open
   its store: whatever is wrong elsewhere does not stop an operator. */
struct config *config_load_gateway(const char *path, struct error_list *errors);
void config_free(struct config *config);

/* May next take the place of now while the gateway runs?  Not when a key has
   changed that takes effect at a start only, nor when a channel is new or gone:
   errors name each. */
bool config_reloadable(const struct config *now, const struct config *next,
                       struct error_list *errors);

const struct config_listener *config_listener_named(const struct config *config, struct slice name);
const struct config_session *config_session_named(const struct config *config, struct slice name);
/* The same, or the template by which a session of this name comes to be. */
const struct config_session *config_session_of(const struct config *config, struct slice name);
/* The name of a broker's session by a template; absent: the CompID has something else
   in it than letters, digits, "-", "_" and ".", or more than 64 of them. */
struct slice config_template_name(const struct config_session *template, struct slice comp_id,
                                  struct arena *arena);
/* The session of that name; it is good as long as template and arena are. */
const struct config_session *config_template_session(const struct config_session *template,
                                                     struct slice name, struct arena *arena);

const struct config_channel *config_channel_named(const struct config *config, struct slice name);

/* One of the file, or one that comes with penstock.  NULL: there is none. */
const struct iso_profile *config_profile_named(struct config *config, struct slice name);

/* Writes the reference page of all keys (docs/configuration.md) from the tables. */
void config_reference(struct writer *writer);

#endif
