/* Alerts that must not be lost: each is a row of the batch with what it is about, until
   the log has it. */
#include "gateway/engine/machine.h"

static const struct log_event_kind *kind_named(struct slice name)
{
    return slice_is(name, log_status_refused.name) ? &log_status_refused : &log_contradiction;
}

/* Once the batch is durable its effects are carried out before anything later is. */
void alert_raise(struct engine *engine, const struct alert *alert)
{
    struct row row = { .kind = ROW_ALERT,
                       .alert = { .number = ++engine->last_number,
                                  .utc_ns = engine->now.utc_ns,
                                  .event = slice_of(alert->kind->name),
                                  .id = alert->id,
                                  .who = alert->who,
                                  .why = alert->why } };
    const struct log_pair pairs[] = { { "id", alert->id },       { "state", alert->state },
                                      { "cause", alert->cause }, { "who", alert->who },
                                      { "code", alert->code },   { "file", alert->file },
                                      { "why", alert->why } };

    engine_record(engine, &row);
    engine_say(engine, alert->kind, true, pairs, sizeof pairs / sizeof pairs[0]);
    engine_after(engine, (struct task){ .kind = TASK_TOLD, .number = row.alert.number });
}

void alert_told(struct engine *engine, uint64_t number)
{
    struct row row = { .kind = ROW_TOLD, .told = { number } };

    engine_record(engine, &row);
}

/* It may have been lost, or only the note that the log has it. */
void alert_load(struct engine *engine, const struct alert_row *row)
{
    const struct log_pair pairs[] = {
        { "id", row->id }, { "who", row->who }, { "why", row->why }, { "again", SLICE("yes") }
    };

    engine_say(engine, kind_named(row->event), false, pairs, sizeof pairs / sizeof pairs[0]);
    alert_told(engine, row->number);
}
