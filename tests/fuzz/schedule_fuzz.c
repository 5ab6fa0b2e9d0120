/* Any bytes as YAML with the file of a calendar (`days`) and the schedule of a session
   (`schedule`): what comes of them are periods in order, whatever the errors are. */
#include "config/loader.h"
#include "fuzz/fuzz.h"

enum { PERIODS = 40 };

/* The next period begins where this one ends, or later. */
static void check_periods(const struct schedule *schedule, int64_t utc_ns)
{
    struct period period, same;

    for (unsigned i = 0; i < PERIODS && schedule_period(schedule, utc_ns, &period); i++) {
        CHECK(period.start_ns < period.end_ns && period.end_ns > utc_ns);
        CHECK(i == 0 || period.start_ns >= utc_ns);
        CHECK(schedule_period(schedule, period.start_ns, &same));
        CHECK(same.start_ns == period.start_ns && same.end_ns == period.end_ns);
        CHECK(schedule_period(schedule, period.end_ns - 1, &same));
        CHECK(same.start_ns == period.start_ns && same.end_ns == period.end_ns);
        utc_ns = period.end_ns;
    }
}

static void check_calendar(const struct calendar *calendar)
{
    for (size_t i = 1; i < calendar->holiday_count; i++)
        CHECK(calendar->holidays[i - 1] <= calendar->holidays[i]);
    for (size_t i = 0; i < calendar->working_day_count; i++)
        CHECK(calendar_works(calendar, 0, calendar->working_days[i]));
}

static void check_schedule(struct schedule *schedule, const struct calendar *days)
{
    static const int64_t moments_s[] = { 0, 951782400, 1774746000, 1792890000, 4102444800 };

    for (size_t i = 0; i < sizeof moments_s / sizeof *moments_s; i++) {
        schedule->calendar = NULL;
        check_periods(schedule, SECONDS_NS(moments_s[i]));
        schedule->calendar = schedule->weekly ? NULL : days;
        check_periods(schedule, SECONDS_NS(moments_s[i]));
    }
}

static void read_all(struct loader *loader, const struct yaml_value *tree)
{
    const struct yaml_value *file = yaml_get(tree, "days");
    struct config_session session = { .schedule_value = yaml_get(tree, "schedule") };
    struct calendar days = { .weekdays = WEEKDAYS_WORKING };

    if (file != NULL)
        loader_days(loader, file, &days);
    if (loader->errors->count == 0)
        check_calendar(&days);
    loader_schedule(loader, &session);
    if (session.schedule != NULL)
        check_schedule(&session.schedule->periods, &days);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config config = { 0 };
    struct error_list errors;

    arena_init(&config.arena, ARENA_UNLIMITED);
    error_list_init(&errors, 0);
    struct loader loader = { .config = &config,
                             .errors = &errors,
                             .files.zones = SLICE(PENSTOCK_SOURCE_DIR "/tests/kit/zones"),
                             .scope = { &config.arena, SLICE("etc"), &errors } };
    struct yaml_reading reading = { "fuzz.yaml", &config.arena, &errors, NULL };
    sources_init(&loader.sources, &config.arena, &errors);
    names_init(&loader.zone_names);
    const struct yaml_value *tree = yaml_read((struct slice){ (const char *)data, size }, &reading);
    if (tree != NULL && tree->kind == YAML_MAPPING)
        read_all(&loader, tree);
    names_fini(&loader.zone_names);
    free(loader.zones);
    sources_fini(&loader.sources);
    error_list_fini(&errors);
    arena_fini(&config.arena);
    return 0;
}
