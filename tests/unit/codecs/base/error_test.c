#include "codecs/base/error.h"

#include "codecs/base/charset.h"
#include "kit/kit.h"

#include <stdlib.h>

static const struct error_kind unknown_key = { "test.unknown-key", "unknown key" };

static void an_error_prints_its_place_kind_and_detail(void **state)
{
    static const char *const names[] = { "heartbeat", "listen", "store" };
    struct error error;
    struct writer writer;
    struct place place = { "penstock.yaml", 14, 7, 0 };
    (void)state;
    writer_init(&writer, 0);
    assert_false(error_at(&error, &unknown_key, place, "hartbeat%s",
                          error_suggestion(SLICE("hartbeat"), names, 3)));
    error_write(&error, &writer);
    assert_slice_equal(writer_slice(&writer),
                       "penstock.yaml:14:7: unknown key: hartbeat (did you mean heartbeat?)");
    writer_fini(&writer);
}

static void nothing_close_is_suggested_for_nonsense(void **state)
{
    static const char *const names[] = { "heartbeat" };
    (void)state;
    assert_string_equal(error_suggestion(SLICE("xyzzy"), names, 1), "");
    assert_string_equal(error_suggestion(SLICE(""), names, 1), "");
}

static void a_long_detail_is_cut_between_characters(void **state)
{
    struct error error;
    char text[600];
    (void)state;
    for (unsigned shift = 0; shift < 3; shift++) {
        memset(text, 'a', shift);
        for (unsigned i = shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xe4\xb8\xad\0", 4);
        error_at(&error, &unknown_key, PLACE_NONE, "%s", text);
        assert_true(utf8_valid(slice_of(error.detail)));
        assert_string_equal(error.detail + strlen(error.detail) - 3, "...");
    }
}

static void a_detail_is_one_line(void **state)
{
    struct error error;
    (void)state;
    error_at(&error, &unknown_key, PLACE_NONE, "a\nb\rc\td\001e\x7f\xc3\xa4");
    assert_string_equal(error.detail, "a b c d e \xc3\xa4");
}

static void a_list_is_ordered_and_bounded(void **state)
{
    struct error_list list;
    struct writer writer;
    (void)state;
    error_list_init(&list, 2);
    writer_init(&writer, 0);
    error_list_at(&list, &unknown_key, (struct place){ "b.yaml", 2, 1, 0 }, "second");
    error_list_at(&list, &unknown_key, (struct place){ "a.yaml", 9, 1, 0 }, "first");
    error_list_at(&list, &unknown_key, (struct place){ "c.yaml", 1, 1, 0 }, "third");
    error_list_write(&list, &writer);
    assert_slice_equal(writer_slice(&writer), "a.yaml:9:1: unknown key: first\n"
                                              "b.yaml:2:1: unknown key: second\nand 1 more\n");
    writer_fini(&writer);
    error_list_fini(&list);
}

static void a_list_outlives_the_names_of_its_sources(void **state)
{
    struct error_list list;
    struct writer writer;
    char *name = memory_take(sizeof "gone.yaml");
    (void)state;
    memcpy(name, "gone.yaml", sizeof "gone.yaml");
    error_list_init(&list, 0);
    writer_init(&writer, 0);
    error_list_at(&list, &unknown_key, (struct place){ name, 1, 1, 0 }, "first");
    error_list_at(&list, &unknown_key, (struct place){ name, 2, 1, 0 }, "second");
    free(name);
    error_list_write(&list, &writer);
    assert_slice_equal(writer_slice(&writer), "gone.yaml:1:1: unknown key: first\n"
                                              "gone.yaml:2:1: unknown key: second\n");
    writer_fini(&writer);
    error_list_fini(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_prints_its_place_kind_and_detail),
        cmocka_unit_test(nothing_close_is_suggested_for_nonsense),
        cmocka_unit_test(a_long_detail_is_cut_between_characters),
        cmocka_unit_test(a_detail_is_one_line),
        cmocka_unit_test(a_list_is_ordered_and_bounded),
        cmocka_unit_test(a_list_outlives_the_names_of_its_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
