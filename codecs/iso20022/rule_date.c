/* Rules about dates that come one behind the other. */
#include "codecs/base/moment.h"
#include "codecs/iso20022/rule.h"
#include "codecs/iso20022/value.h"

/* Only what is of one kind is compared. */
enum when_kind { UNKNOWN, DATE, LOCAL_TIME, UTC_TIME };

struct when {
    enum when_kind kind;
    int64_t at; /* days, or nanoseconds */
};

static struct when when_of(struct slice value)
{
    struct date date;
    int64_t utc_ns;
    bool has_zone;
    if (iso_date_parse(value, &date))
        return (struct when){ DATE, date_to_days(date) };
    if (iso_timestamp_parse(value, &utc_ns, &has_zone))
        return (struct when){ has_zone ? UTC_TIME : LOCAL_TIME, utc_ns };
    return (struct when){ UNKNOWN, 0 };
}

/* What was seen above the scope stays. */
static void begin_ordered(const struct iso_rule_sight *sight)
{
    struct when *dates = sight->memory;
    for (size_t i = 0; i < 2; i++) {
        if (sight->of->paths[i][0] != '/')
            dates[i].kind = UNKNOWN;
    }
}

/* Two dates, the second not before the first. */
static void look_ordered(const struct iso_rule_sight *sight)
{
    enum { EARLIER, LATER };
    struct when *dates = sight->memory;
    dates[sight->path] = when_of(sight->value);
    if (dates[LATER].kind == dates[EARLIER].kind && dates[LATER].at < dates[EARLIER].at)
        iso_rule_broken(sight, "\"%.*s\" is %s %.*s", SLICE_ARG(iso_value_excerpt(sight->value)),
                        sight->path == LATER ? "before" : "after",
                        SLICE_ARG(iso_rule_path_name(sight->of, 1 - sight->path)));
}

const struct iso_rule_check iso_rule_ordered = { .begin = begin_ordered,
                                                 .look = look_ordered,
                                                 .memory_size = 2 * sizeof(struct when) };
