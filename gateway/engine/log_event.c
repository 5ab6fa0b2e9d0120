/* The kinds of log events as records; the table is log_events.def. */
#include "gateway/engine/log_event.h"

#define LOG_EVENT(identifier, name, level, text)                                                   \
    const struct log_event_kind log_##identifier = { name, LOG_LEVEL_##level, text };
#include "gateway/engine/log_events.def"
#undef LOG_EVENT
