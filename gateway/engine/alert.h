/* What somebody has to look at: told once it is durable, and again after a start when the
   log may not have it. */
#ifndef PENSTOCK_GATEWAY_ENGINE_ALERT_H
#define PENSTOCK_GATEWAY_ENGINE_ALERT_H

#include "gateway/engine/log_event.h"
#include "gateway/engine/row.h"

struct engine;

struct alert {
    const struct log_event_kind *kind;
    struct slice id, state, cause, who, code, file, why; /* absent: left out */
};

void alert_raise(struct engine *engine, const struct alert *alert);
void alert_told(struct engine *engine, uint64_t number);
void alert_load(struct engine *engine, const struct alert_row *row);

#endif
