/* One event of the log: what happened, to whom.  The table is log_events.def;
   gateway/ops/log writes events as lines of key=value.  Values are ids, names
   and reasons, never amounts of a named person, account numbers in full,
   passwords or message bodies. */
#ifndef PENSTOCK_GATEWAY_ENGINE_LOG_EVENT_H
#define PENSTOCK_GATEWAY_ENGINE_LOG_EVENT_H

#include "codecs/base/slice.h"

enum log_level {
    LOG_LEVEL_DEBUG,
    LOG_LEVEL_INFO,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_ALERT, /* somebody must look */
};

struct log_event_kind {
    const char *name; /* "session-logon" */
    enum log_level level;
    const char *text; /* what it means, and for an alert what to do */
};

#define LOG_EVENT(identifier, name, level, text)                                                   \
    extern const struct log_event_kind log_##identifier;
#include "gateway/engine/log_events.def"
#undef LOG_EVENT

#define LOG_PAIRS_MAX 8

struct log_pair {
    const char *key;
    struct slice value;
};

struct log_event {
    const struct log_event_kind *kind;
    struct log_pair pairs[LOG_PAIRS_MAX];
    unsigned count;
};

#endif
