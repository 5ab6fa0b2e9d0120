#include "codecs/base/moment.h"

#include "kit/kit.h"

static void every_day_of_eight_centuries_goes_there_and_back(void **state)
{
    struct date before = { 1599, 12, 31 };
    (void)state;
    for (int64_t days = date_to_days((struct date){ 1600, 1, 1 });
         days <= date_to_days((struct date){ 2400, 12, 31 }); days++) {
        struct date date = date_from_days(days);
        assert_true(date_valid(date));
        assert_int_equal(date_to_days(date), days);
        assert_true(date.day == before.day + 1 || date.day == 1);
        before = date;
    }
    assert_int_equal(date_to_days((struct date){ 1970, 1, 1 }), 0);
    assert_int_equal(date_to_days((struct date){ 2000, 2, 29 }), 11016);
}

static void dates_that_do_not_exist_are_refused(void **state)
{
    static const char *const wrong[] = { "20250229",   "20250431", "20251301",
                                         "20250100",   "2025011",  "202501011",
                                         "2025-01-01", "",         "2025O101" };
    struct date date;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(fix_date_parse(guarded(slice_of(wrong[i])), &date));
    assert_true(fix_date_parse(SLICE("20240229"), &date));
    assert_true(iso_date_parse(SLICE("2024-02-29+08:00"), &date));
    assert_false(iso_date_parse(SLICE("2024-02-29+14:01"), &date));
    assert_false(iso_date_parse(SLICE("20240229"), &date));
}

static int64_t fix_time(const char *text)
{
    int64_t utc_ns = -1;
    assert_true(fix_timestamp_parse(guarded(slice_of(text)), &utc_ns));
    return utc_ns;
}

static int64_t iso_time(const char *text)
{
    int64_t utc_ns = -1;
    bool has_zone;
    assert_true(iso_timestamp_parse(guarded(slice_of(text)), &utc_ns, &has_zone));
    return utc_ns;
}

static void fix_and_iso_name_the_same_moment(void **state)
{
    (void)state;
    assert_int_equal(fix_time("20250314-09:30:00"), iso_time("2025-03-14T09:30:00Z"));
    assert_int_equal(fix_time("20250314-09:30:00.125"), iso_time("2025-03-14T17:30:00.125+08:00"));
    assert_int_equal(fix_time("20241231-23:59:60"), iso_time("2024-12-31T23:59:59.999999999Z"));
    assert_int_equal(iso_time("2024-12-31T24:00:00Z"), iso_time("2025-01-01T00:00:00Z"));
    assert_int_equal(iso_time("2025-01-01T00:00:00-05:30"), iso_time("2025-01-01T05:30:00Z"));
}

static void a_missing_zone_is_told(void **state)
{
    int64_t utc_ns;
    bool has_zone = true;
    (void)state;
    assert_true(iso_timestamp_parse(SLICE("2025-03-14T09:30:00"), &utc_ns, &has_zone));
    assert_false(has_zone);
}

static void times_that_do_not_exist_are_refused(void **state)
{
    static const char *const fix[] = { "20250314-24:00:00",  "20250314-09:60:00",
                                       "20250314-09:30:61",  "20250314-09:30",
                                       "20250314-09:30:00.", "20250314 09:30:00",
                                       "20250314-09:30:00Z" };
    static const char *const iso[] = { "2025-03-14T09:30:60Z", "2025-03-14T24:00:01Z",
                                       "2025-03-14T09:30Z",    "2025-03-14t09:30:00Z",
                                       "2025-03-14T09:30:00z", "2025-03-14T09:30:00+0800",
                                       "2025-03-14T09:30:00." };
    int64_t utc_ns;
    bool has_zone;
    (void)state;
    for (size_t i = 0; i < sizeof fix / sizeof *fix; i++)
        assert_false(fix_timestamp_parse(guarded(slice_of(fix[i])), &utc_ns));
    for (size_t i = 0; i < sizeof iso / sizeof *iso; i++)
        assert_false(iso_timestamp_parse(guarded(slice_of(iso[i])), &utc_ns, &has_zone));
}

static void times_are_written_to_the_millisecond(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    fix_timestamp_write(fix_time("20250314-09:30:00.125"), &writer);
    writer_char(&writer, ' ');
    iso_timestamp_write(fix_time("20250314-09:30:00.125999"), &writer);
    writer_char(&writer, ' ');
    iso_timestamp_write(-1, &writer);
    assert_slice_equal(writer_slice(&writer), "20250314-09:30:00.125 2025-03-14T09:30:00.125Z "
                                              "1969-12-31T23:59:59.999Z");
    writer_fini(&writer);
}

static void a_time_is_cut_to_the_precision_asked_for(void **state)
{
    static const char *const written[] = { "20250314-09:30:00", "20250314-09:30:00.000",
                                           "20250314-09:30:00.000999",
                                           "20250314-09:30:00.000999999" };
    (void)state;
    for (enum moment_precision i = 0; i < MOMENT_PRECISION_COUNT; i++) {
        char text[FIX_TIMESTAMP_SIZE_MAX];
        size_t size = fix_timestamp_put(text, fix_time("20250314-09:30:00.000999999"), i);
        assert_slice_equal(((struct slice){ text, size }), written[i]);
    }
}

static void far_years_stay_in_range(void **state)
{
    (void)state;
    assert_true(fix_time("99991231-23:59:59") == INT64_MAX);
    assert_true(fix_time("00010101-00:00:00") == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_eight_centuries_goes_there_and_back),
        cmocka_unit_test(dates_that_do_not_exist_are_refused),
        cmocka_unit_test(fix_and_iso_name_the_same_moment),
        cmocka_unit_test(a_missing_zone_is_told),
        cmocka_unit_test(times_that_do_not_exist_are_refused),
        cmocka_unit_test(times_are_written_to_the_millisecond),
        cmocka_unit_test(a_time_is_cut_to_the_precision_asked_for),
        cmocka_unit_test(far_years_stay_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
