/* The standard versions. */
#include "codecs/fix/version.h"

#include "kit/kit.h"

static void a_version_has_a_number_for_appl_ver_id(void **state)
{
    (void)state;
    assert_string_equal(fix_version_named(SLICE("FIX.4.0"))->appl_ver_id, "2");
    assert_string_equal(fix_version_named(SLICE("FIX.5.0SP2"))->appl_ver_id, "9");
    assert_string_equal(fix_version_named(SLICE("FIX.Latest"))->appl_ver_id, "10");
    assert_null(fix_version_named(SLICE("FIXT.1.1"))->appl_ver_id);
}

static void times_are_plain_before_fix42(void **state)
{
    (void)state;
    assert_true(fix_version_named(SLICE("FIX.4.1"))->plain);
    assert_false(fix_version_named(SLICE("FIX.4.2"))->plain);
}

static void an_unknown_version_is_like_the_latest(void **state)
{
    (void)state;
    assert_null(fix_version_named(SLICE("FIX.9.9"))->name);
    assert_null(fix_version_named(SLICE("FIX.9.9"))->appl_ver_id);
    assert_false(fix_version_named(SLICE("FIX.9.9"))->plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_has_a_number_for_appl_ver_id),
        cmocka_unit_test(times_are_plain_before_fix42),
        cmocka_unit_test(an_unknown_version_is_like_the_latest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
