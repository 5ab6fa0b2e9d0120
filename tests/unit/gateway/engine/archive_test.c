#include "kit/kit.h"

#include "codecs/base/moment.h"
#include "gateway/engine/archive.h"

#define DAY_NS SECONDS_NS(86400)

static const int64_t now_utc_ns = 20000 * DAY_NS + 17; /* 2024-10-04 */

static const char *before(const char *date, int64_t *before_utc_ns)
{
    return archive_before(date == NULL ? SLICE_NONE : slice_of(date), now_utc_ns, 30 * 86400,
                          before_utc_ns);
}

static void without_a_date_it_is_the_window(void **state)
{
    int64_t utc_ns;
    (void)state;
    assert_null(before(NULL, &utc_ns));
    assert_int_equal(utc_ns, now_utc_ns - 30 * DAY_NS);
}

static void a_date_is_its_first_moment_in_utc(void **state)
{
    int64_t utc_ns;
    (void)state;
    assert_null(before("2024-09-04", &utc_ns));
    assert_int_equal(utc_ns, 19970 * DAY_NS);
    assert_null(before("1970-01-01", &utc_ns));
    assert_int_equal(utc_ns, 0);
}

static void the_window_is_never_cut_into(void **state)
{
    int64_t utc_ns;
    (void)state;
    assert_non_null(before("2024-09-05", &utc_ns));
    assert_non_null(before("9999-12-31", &utc_ns));
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const wrong[] = { "",           "yesterday",   "2024-02-30",
                                         "2024-9-4",   "2024-09-04Z", "1969-12-31",
                                         "0001-01-01", "20240904" };
    int64_t utc_ns;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_string_equal(before(wrong[i], &utc_ns), "--before wants a date, as 2026-11-21");
}

static void sums_are_told_in_words(void **state)
{
    struct archive_progress sum = { 1, 2, 3, true };
    struct writer text;
    (void)state;
    archive_add(&sum, &(struct archive_progress){ 10, 20, 30, false });
    writer_init(&text, 0);
    archive_write(&sum, SLICE("old.db"), &text);
    assert_slice_equal(writer_slice(&text),
                       "11 instructions, 22 messages and 33 documents of banks moved to old.db");
    writer_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_date_it_is_the_window),
        cmocka_unit_test(a_date_is_its_first_moment_in_utc),
        cmocka_unit_test(the_window_is_never_cut_into),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(sums_are_told_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
