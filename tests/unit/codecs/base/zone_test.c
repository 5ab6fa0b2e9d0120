#include "codecs/base/zone.h"

#include "kit/kit.h"
#include "kit/zone_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char berlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";

static struct arena arena;
static struct writer bytes;
static struct error error;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    writer_init(&bytes, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_fini(&arena);
    writer_fini(&bytes);
    return 0;
}

static const struct zone *read_bytes(struct slice file)
{
    return zone_read(guarded(file), PLACE_NONE, &arena, &error);
}

static const struct zone *zone_of(const char *footer)
{
    writer_reset(&bytes);
    zone_bytes_write(3600, NULL, 0, footer, &bytes);
    const struct zone *zone = read_bytes(writer_slice(&bytes));
    assert_non_null(zone);
    return zone;
}

static int64_t seconds(const char *text)
{
    int64_t utc_ns;
    bool has_zone;
    assert_true(iso_timestamp_parse(slice_of(text), &utc_ns, &has_zone));
    return utc_ns / SECONDS_NS(1);
}

static void assert_wall(const struct zone *zone, const char *utc, const char *wall)
{
    assert_int_equal(zone_wall(zone, seconds(utc)), seconds(wall));
}

static void assert_utc(const struct zone *zone, const char *wall, const char *utc)
{
    assert_int_equal(zone_utc(zone, seconds(wall)), seconds(utc));
}

static void without_a_zone_the_wall_shows_utc(void **state)
{
    unsigned second;
    (void)state;
    assert_wall(NULL, "2026-07-01T12:00:00", "2026-07-01T12:00:00");
    assert_utc(NULL, "2026-07-01T12:00:00", "2026-07-01T12:00:00");
    struct date date = zone_date(NULL, -1, &second);
    assert_int_equal(date.year, 1969);
    assert_int_equal(second, 86399);
}

static void the_footer_holds_for_ever(void **state)
{
    const struct zone *zone = zone_of(berlin);
    (void)state;
    assert_wall(zone, "2026-03-29T00:59:59", "2026-03-29T01:59:59");
    assert_wall(zone, "2026-03-29T01:00:00", "2026-03-29T03:00:00");
    assert_wall(zone, "2026-10-25T00:59:59", "2026-10-25T02:59:59");
    assert_wall(zone, "2026-10-25T01:00:00", "2026-10-25T02:00:00");
    assert_wall(zone, "2200-07-01T12:00:00", "2200-07-01T14:00:00");
    assert_wall(zone, "2200-12-31T23:30:00", "2201-01-01T00:30:00");
}

static void a_time_that_is_left_out_is_the_moment_of_the_jump(void **state)
{
    const struct zone *zone = zone_of(berlin);
    (void)state;
    assert_utc(zone, "2026-03-29T01:59:59", "2026-03-29T00:59:59");
    assert_utc(zone, "2026-03-29T02:00:00", "2026-03-29T01:00:00");
    assert_utc(zone, "2026-03-29T02:30:00", "2026-03-29T01:00:00");
    assert_utc(zone, "2026-03-29T02:59:59", "2026-03-29T01:00:00");
    assert_utc(zone, "2026-03-29T03:00:00", "2026-03-29T01:00:00");
    assert_utc(zone, "2026-03-29T03:00:01", "2026-03-29T01:00:01");
}

static void of_a_time_that_comes_twice_the_first_is_meant(void **state)
{
    const struct zone *zone = zone_of(berlin);
    (void)state;
    assert_utc(zone, "2026-10-25T02:00:00", "2026-10-25T00:00:00");
    assert_utc(zone, "2026-10-25T02:59:59", "2026-10-25T00:59:59");
    assert_utc(zone, "2026-10-25T03:00:00", "2026-10-25T02:00:00");
}

static void a_later_time_is_never_an_earlier_moment(void **state)
{
    static const char *const rules[] = { "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0",
                                         "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0" };
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct zone *zone = zone_of(rules[i]);
        int64_t before = INT64_MIN;
        for (int64_t wall = seconds("2026-01-01T00:00:00"); wall < seconds("2027-01-01T00:00:00");
             wall += 900) {
            int64_t utc = zone_utc(zone, wall);
            assert_true(utc >= before);
            assert_true(zone_wall(zone, utc) >= wall);
            assert_true(zone_wall(zone, utc - 1) < wall);
            before = utc;
        }
    }
}

static void the_table_comes_before_the_footer(void **state)
{
    static const struct zone_bytes_change changes[] = { { 1000000, 7200 }, { 2000000, -3600 } };
    (void)state;
    writer_reset(&bytes);
    zone_bytes_write(600, changes, 2, "XXX1", &bytes);
    const struct zone *zone = read_bytes(writer_slice(&bytes));
    assert_non_null(zone);
    assert_int_equal(zone_wall(zone, 999999), 999999 + 600);
    assert_int_equal(zone_wall(zone, 1000000), 1000000 + 7200);
    assert_int_equal(zone_wall(zone, 1999999), 1999999 + 7200);
    assert_int_equal(zone_wall(zone, 2000000), 2000000 - 3600);
    assert_int_equal(zone_utc(zone, 1000000 + 3000), 1000000);
    writer_reset(&bytes);
    zone_bytes_write(600, changes, 2, "", &bytes);
    zone = read_bytes(writer_slice(&bytes));
    assert_int_equal(zone_wall(zone, INT64_C(4000000000)), INT64_C(4000000000) - 3600);
}

static void the_footer_goes_on_where_the_table_ends(void **state)
{
    static const struct zone_bytes_change wrong[] = { { 1000000, 7200 }, { 2000000, -1800 } };
    static const struct zone_bytes_change summer[] = { { 1790000000, 7200 } };
    (void)state;
    writer_reset(&bytes);
    zone_bytes_write(600, wrong, 2, "XXX1", &bytes);
    assert_null(read_bytes(writer_slice(&bytes)));
    assert_string_equal(error.detail, "its footer contradicts the end of its table");
    writer_reset(&bytes);
    zone_bytes_write(3600, summer, 1, berlin, &bytes); /* 2026-09-21 */
    assert_non_null(read_bytes(writer_slice(&bytes)));
    writer_reset(&bytes);
    zone_bytes_write(3600, summer, 1, "CET-1", &bytes);
    assert_null(read_bytes(writer_slice(&bytes)));
}

static void rules_of_every_form_are_read(void **state)
{
    (void)state;
    assert_wall(zone_of("UTC0"), "2026-07-01T00:00:00", "2026-07-01T00:00:00");
    assert_wall(zone_of("<-03>3"), "2026-07-01T00:00:00", "2026-06-30T21:00:00");
    assert_wall(zone_of("<+0545>-5:45"), "2026-07-01T00:00:00", "2026-07-01T05:45:00");
    /* The south has its summer over the turn of the year. */
    assert_wall(zone_of("AEST-10AEDT,M10.1.0,M4.1.0/3"), "2026-01-01T00:00:00",
                "2026-01-01T11:00:00");
    assert_wall(zone_of("AEST-10AEDT,M10.1.0,M4.1.0/3"), "2026-07-01T00:00:00",
                "2026-07-01T10:00:00");
    /* Behind and before the day itself, as for Gaza and Greenland. */
    assert_wall(zone_of("EET-2EEST,M3.4.4/50,M10.4.4/50"), "2026-03-28T00:00:00",
                "2026-03-28T03:00:00");
    assert_wall(zone_of("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), "2026-03-29T01:00:00",
                "2026-03-29T00:00:00");
    assert_wall(zone_of("XXX0YYY,J60,J300"), "2024-03-01T01:59:59", "2024-03-01T01:59:59");
    assert_wall(zone_of("XXX0YYY,J60,J300"), "2024-03-01T02:00:00", "2024-03-01T03:00:00");
    assert_wall(zone_of("XXX0YYY,59,300"), "2024-02-29T02:00:00", "2024-02-29T03:00:00");
    /* Summer all year. */
    const struct zone *always = zone_of("XXX3EDT4,0/0,J365/23");
    for (int month = 1; month <= 12; month++)
        assert_int_equal(
            zone_wall(always, date_to_days((struct date){ 2026, (unsigned)month, 1 }) * DAY_S),
            date_to_days((struct date){ 2026, (unsigned)month, 1 }) * DAY_S - 14400);
}

/* Each summer ends an hour after the next one has begun: nobody has such a rule, but no
   time on the wall may go wrong by it. */
static void summers_that_overlap_are_winter_but_for_an_hour(void **state)
{
    const struct zone *zone = zone_of("AAA1BBB2,0/1,J365/25");
    (void)state;
    assert_wall(zone, "2026-01-01T01:59:59", "2026-01-01T00:59:59");
    assert_wall(zone, "2026-01-01T02:00:00", "2026-01-01T00:00:00");
    assert_wall(zone, "2026-01-01T03:00:00", "2026-01-01T02:00:00");
    assert_utc(zone, "2026-01-01T00:37:51", "2026-01-01T01:37:51");
}

static void rules_that_cannot_be_read_are_refused(void **state)
{
    static const char *const wrong[] = {
        "CE-1",
        "CET",
        "CET-25",
        "CET-1CEST",
        "CET-1CEST,M3",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J1",
        "CET-1CEST,366,1",
        "CET-1CEST,1,2,3",
        "<+01-1",
        "CET-1:60",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        writer_reset(&bytes);
        zone_bytes_write(0, NULL, 0, wrong[i], &bytes);
        assert_null(read_bytes(writer_slice(&bytes)));
        assert_ptr_equal(error.kind, &zone_fault);
    }
}

static void every_prefix_is_refused(void **state)
{
    static const struct zone_bytes_change changes[] = { { 1000000, 7200 }, { 2000000, 3600 } };
    (void)state;
    zone_bytes_write(600, changes, 2, berlin, &bytes);
    assert_non_null(read_bytes(writer_slice(&bytes)));
    for (size_t size = 0; size < bytes.used; size++)
        assert_null(read_bytes((struct slice){ writer_slice(&bytes).at, size }));
}

static void every_flipped_bit_is_read_or_refused(void **state)
{
    static const struct zone_bytes_change changes[] = { { 1000000, 7200 }, { 2000000, 3600 } };
    (void)state;
    zone_bytes_write(600, changes, 2, berlin, &bytes);
    for (size_t bit = 0; bit < bytes.used * 8; bit++) {
        bytes.at[bit / 8] = (char)(bytes.at[bit / 8] ^ 1 << bit % 8);
        const struct zone *zone = read_bytes(writer_slice(&bytes));
        if (zone != NULL)
            assert_true(zone_utc(zone, 1500000) < 1500000 + 2 * DAY_S);
        bytes.at[bit / 8] = (char)(bytes.at[bit / 8] ^ 1 << bit % 8);
    }
}

static void files_that_are_no_zones_are_refused(void **state)
{
    static const struct zone_bytes_change back[] = { { 2, 0 }, { 1, 0 } }, far[] = { { 1, 93601 } };
    (void)state;
    zone_bytes_write(0, back, 2, "", &bytes);
    assert_null(read_bytes(writer_slice(&bytes)));
    writer_reset(&bytes);
    zone_bytes_write(0, far, 1, "", &bytes);
    assert_null(read_bytes(writer_slice(&bytes)));
    writer_reset(&bytes);
    zone_bytes_write(0, NULL, 0, berlin, &bytes);
    bytes.at[4] = 0; /* version 1 */
    assert_null(read_bytes(writer_slice(&bytes)));
    assert_non_null(strstr(error.detail, "version 1"));
}

static const struct zone *read_system(const char *name)
{
    static char content[ZONE_SIZE_MAX];
    char path[100];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    size_t size = fread(content, 1, sizeof content, file);
    fclose(file);
    const struct zone *zone = read_bytes((struct slice){ content, size });
    assert_non_null(zone);
    return zone;
}

/* Every 5 hours, from the first telegraphs to beyond all tables. */
static void the_systems_zones_show_what_libc_shows(void **state)
{
    static const char *const names[] = { "Europe/Berlin",    "America/New_York", "Asia/Shanghai",
                                         "Australia/Sydney", "Europe/Dublin",    "Asia/Kathmandu",
                                         "Africa/Casablanca" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct zone *zone = read_system(names[i]);
        if (zone == NULL) {
            print_message("skipped: the system has no zone %s\n", names[i]);
            continue;
        }
        assert_int_equal(setenv("TZ", names[i], 1), 0);
        tzset();
        for (int64_t utc = INT64_C(-3000000000); utc < INT64_C(6000000000); utc += 18000) {
            time_t time = (time_t)utc;
            struct tm tm;
            assert_non_null(localtime_r(&time, &tm));
            assert_int_equal(zone_wall(zone, utc) - utc, tm.tm_gmtoff);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_zone_the_wall_shows_utc, start, stop),
        cmocka_unit_test_setup_teardown(the_footer_holds_for_ever, start, stop),
        cmocka_unit_test_setup_teardown(a_time_that_is_left_out_is_the_moment_of_the_jump, start,
                                        stop),
        cmocka_unit_test_setup_teardown(of_a_time_that_comes_twice_the_first_is_meant, start, stop),
        cmocka_unit_test_setup_teardown(a_later_time_is_never_an_earlier_moment, start, stop),
        cmocka_unit_test_setup_teardown(the_table_comes_before_the_footer, start, stop),
        cmocka_unit_test_setup_teardown(the_footer_goes_on_where_the_table_ends, start, stop),
        cmocka_unit_test_setup_teardown(rules_of_every_form_are_read, start, stop),
        cmocka_unit_test_setup_teardown(summers_that_overlap_are_winter_but_for_an_hour, start,
                                        stop),
        cmocka_unit_test_setup_teardown(rules_that_cannot_be_read_are_refused, start, stop),
        cmocka_unit_test_setup_teardown(every_prefix_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(every_flipped_bit_is_read_or_refused, start, stop),
        cmocka_unit_test_setup_teardown(files_that_are_no_zones_are_refused, start, stop),
        cmocka_unit_test_setup_teardown(the_systems_zones_show_what_libc_shows, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
