/* When sessions are open: calendars, time zones, and the mapping `schedule`. */
#include "config/loader.h"

#include <stdlib.h>

static bool refuse(struct loader *loader, const struct yaml_value *value, const char *why)
{
    return value->kind == YAML_FAULT ||
           error_list_at(loader->errors, &config_bad_value, value->place, "%s", why);
}

/* --- days --- */

static unsigned read_weekdays(struct loader *loader, const struct yaml_value *list,
                              unsigned if_absent)
{
    unsigned set = 0, weekday;

    if (list == NULL)
        return if_absent;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_value *item = list->items[i];
        if (item->kind == YAML_TEXT && weekday_named(item->text, &weekday))
            set |= 1u << weekday;
        else
            refuse(loader, item, "weekdays is a list of monday, tuesday and so on");
    }
    if (list->count == 0)
        refuse(loader, list, "weekdays is empty: on which day?");
    return set;
}

static int compare_days(const void *one, const void *other)
{
    int64_t first = *(const int64_t *)one, second = *(const int64_t *)other;

    return (first > second) - (first < second);
}

static size_t read_dates(struct loader *loader, const struct yaml_value *list, const int64_t **days)
{
    size_t count = 0, room = yaml_count(list);
    int64_t *at = arena_take_array(&loader->config->arena, room, sizeof *at);
    struct date date;

    for (size_t i = 0; i < room; i++) {
        const struct yaml_value *item = list->items[i];
        if (item->kind == YAML_TEXT && item->text.size == 10 && iso_date_parse(item->text, &date))
            at[count++] = date_to_days(date);
        else
            refuse(loader, item, "a date is written as 2026-10-01");
    }
    qsort(at, count, sizeof *at, compare_days);
    *days = at;
    return count;
}

/* A day that is both is neither meant so nor so. */
static void check_dates(struct loader *loader, const struct yaml_value *list,
                        const struct calendar *calendar)
{
    for (size_t i = 0; i < calendar->holiday_count; i++) {
        struct date date = date_from_days(calendar->holidays[i]);
        if (bsearch(&calendar->holidays[i], calendar->working_days, calendar->working_day_count,
                    sizeof(int64_t), compare_days) != NULL)
            error_list_at(loader->errors, &config_bad_value, list->place,
                          "%04d-%02u-%02u is a holiday and a working day", date.year, date.month,
                          date.day);
    }
}

void loader_days(struct loader *loader, const struct yaml_value *file, struct calendar *calendar)
{
    struct calendar_file_values values = { 0 };

    keys_read(&calendar_file_table, file, &loader->scope, &values);
    calendar->weekdays = read_weekdays(loader, values.weekdays, WEEKDAYS_WORKING);
    calendar->holiday_count = read_dates(loader, values.holidays, &calendar->holidays);
    calendar->working_day_count = read_dates(loader, values.working_days, &calendar->working_days);
    check_dates(loader, file, calendar);
}

static void read_calendar(struct loader *loader, const struct yaml_value *item,
                          struct config_calendar *calendar, struct taken *taken)
{
    struct calendar_values values = { 0 };
    struct slice folder = loader->scope.folder;
    struct place place = loader_place(item, "file");

    if (!keys_read(&calendar_table, item, &loader->scope, &values) ||
        !loader_take_name(loader, taken, values.name, loader_place(item, "name"), "calendar"))
        return;
    calendar->name = values.name;
    const struct yaml_value *file = loader_yaml(loader, values.file, values.name, place);
    if (file != NULL)
        loader_days(loader, file, &calendar->days);
    loader->scope.folder = folder;
}

void loader_calendars(struct loader *loader)
{
    struct config *config = loader->config;
    const struct yaml_value *list = loader->files.calendars;
    size_t count = yaml_count(list);
    struct taken taken;

    taken_init(&taken);
    config->calendars = arena_take_array(&config->arena, count, sizeof *config->calendars);
    for (; config->calendar_count < count; config->calendar_count++)
        read_calendar(loader, list->items[config->calendar_count],
                      &config->calendars[config->calendar_count], &taken);
    taken_fini(&taken);
}

static const struct calendar *find_calendar(const struct config *config, struct slice name)
{
    for (size_t i = 0; i < config->calendar_count; i++)
        if (slice_equal(config->calendars[i].name, name))
            return &config->calendars[i].days;
    return NULL;
}

/* --- zones --- */

/* A name leads to a file in the folder, and to no other. */
static bool is_zone_name(struct slice name)
{
    char before = '/';

    for (size_t i = 0; i < name.size; i++) {
        char byte = name.at[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                      (byte >= '0' && byte <= '9') || byte == '_' || byte == '+' || byte == '-';
        if (!letter && (byte != '/' || before == '/'))
            return false;
        before = byte;
    }
    return before != '/';
}

static const struct zone *read_zone(struct loader *loader, struct slice name, struct place place)
{
    struct arena *arena = &loader->config->arena;
    struct slice path =
        arena_format(arena, "%.*s/%.*s", SLICE_ARG(loader->files.zones), SLICE_ARG(name));
    struct source source;
    struct error error;

    if (!source_read(&loader->sources, path, name, place, &source))
        return NULL;
    const struct zone *zone =
        zone_read(source.bytes, (struct place){ .source = source.name }, arena, &error);
    if (zone == NULL)
        error_list_add(loader->errors, &error);
    source_free(&source);
    return zone;
}

/* Each is read once.  NULL: UTC, or the errors say why. */
static const struct zone *find_zone(struct loader *loader, struct slice name, struct place place)
{
    size_t index;

    if (name.at == NULL || slice_is(name, "UTC"))
        return NULL;
    if (!is_zone_name(name)) {
        error_list_at(loader->errors, &config_bad_value, place,
                      "time-zone: \"%.*s\" is no name of a time zone, as Europe/London",
                      SLICE_ARG(name));
        return NULL;
    }
    if (!names_add(&loader->zone_names, name, loader->zone_count)) {
        index = names_find(&loader->zone_names, name);
        return loader->zones[index];
    }
    loader->zones = memory_room(loader->zones, loader->zone_count, &loader->zone_room,
                                sizeof(const struct zone *));
    index = loader->zone_count++;
    loader->zones[index] = read_zone(loader, name, place);
    return loader->zones[index];
}

/* --- schedules --- */

static void read_day(struct loader *loader, const struct yaml_value *item, const char *key,
                     struct slice name, unsigned *day)
{
    if (name.at != NULL && !weekday_named(name, day))
        error_list_at(loader->errors, &config_bad_value, loader_place(item, key),
                      "%s: \"%.*s\" is none of monday, tuesday and so on", key, SLICE_ARG(name));
}

static void read_week(struct loader *loader, const struct yaml_value *item,
                      const struct schedule_values *values, struct schedule *schedule)
{
    schedule->weekly = true;
    if (values->start_day.at == NULL || values->end_day.at == NULL)
        error_list_at(loader->errors, &config_missing_key, item->place,
                      "start-day or end-day of schedule (they belong together)");
    if (values->weekdays != NULL || values->calendar.at != NULL)
        error_list_at(loader->errors, &config_bad_value, item->place,
                      "weekdays and calendar are for periods of a day, without start-day");
    read_day(loader, item, "start-day", values->start_day, &schedule->start_day);
    read_day(loader, item, "end-day", values->end_day, &schedule->end_day);
}

static void read_working_days(struct loader *loader, const struct yaml_value *item,
                              const struct schedule_values *values, struct schedule *schedule)
{
    unsigned weekdays = WEEKDAYS_ALL;

    if (values->calendar.at != NULL) {
        schedule->calendar = find_calendar(loader->config, values->calendar);
        if (schedule->calendar == NULL)
            error_list_at(loader->errors, &config_unknown_name, loader_place(item, "calendar"),
                          "no calendar is named %.*s", SLICE_ARG(values->calendar));
        else
            weekdays = schedule->calendar->weekdays;
    }
    schedule->weekdays = read_weekdays(loader, values->weekdays, weekdays);
}

void loader_schedule(struct loader *loader, struct config_session *session)
{
    struct schedule_values values = { 0 };
    const struct yaml_value *item = session->schedule_value;

    if (item == NULL)
        return;
    keys_read(&schedule_table, item, &loader->scope, &values);
    struct config_schedule *schedule = arena_take(&loader->config->arena, sizeof *schedule);
    *schedule = (struct config_schedule){ .resets = slice_is(values.reset, "period") };
    schedule->periods = (struct schedule){ .start_s = values.start_s, .end_s = values.end_s };
    schedule->periods.zone = find_zone(loader, values.zone, loader_place(item, "time-zone"));
    if (values.start_day.at != NULL || values.end_day.at != NULL)
        read_week(loader, item, &values, &schedule->periods);
    else
        read_working_days(loader, item, &values, &schedule->periods);
    if (values.reset.at != NULL && !schedule->resets && !slice_is(values.reset, "never"))
        error_list_at(loader->errors, &config_bad_value, loader_place(item, "reset"),
                      "reset: \"%.*s\" is neither period nor never", SLICE_ARG(values.reset));
    session->schedule = schedule;
}
