/* The window, and the words for what has left. */
#include "gateway/engine/archive.h"

#include "codecs/base/moment.h"
#include "codecs/base/writer.h"

#include <inttypes.h>

#define DAY_S 86400

const char *archive_before(struct slice date, int64_t now_utc_ns, unsigned window_s,
                           int64_t *before_utc_ns)
{
    struct date day;

    *before_utc_ns = now_utc_ns - SECONDS_NS(window_s);
    if (date.at == NULL)
        return NULL;
    if (date.size != 10 || !iso_date_parse(date, &day) || date_to_days(day) < 0)
        return "--before wants a date, as 2026-11-21";
    int64_t wanted_s = date_to_days(day) * DAY_S;
    if (wanted_s > *before_utc_ns / SECONDS_NS(1))
        return "that is within store-window: resends and duplicates would not be known any more";
    *before_utc_ns = SECONDS_NS(wanted_s);
    return NULL;
}

void archive_add(struct archive_progress *sum, const struct archive_progress *progress)
{
    sum->instructions += progress->instructions;
    sum->messages += progress->messages;
    sum->documents += progress->documents;
}

void archive_write(const struct archive_progress *sum, struct slice file, struct writer *writer)
{
    writer_format(writer,
                  "%" PRIu64 " instructions, %" PRIu64 " messages and %" PRIu64
                  " documents of banks moved to %.*s",
                  sum->instructions, sum->messages, sum->documents, SLICE_ARG(file));
}
