#include "config/source.h"

#include "codecs/base/digest.h"
#include "config/config.h"
#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct fixture {
    struct arena arena;
    struct error_list errors;
    struct writer said;
    struct sources sources;
    char path[40];
};

static struct fixture fixture;

static int start(void **state)
{
    (void)state;
    arena_init(&fixture.arena, ARENA_UNLIMITED);
    error_list_init(&fixture.errors, 0);
    writer_init(&fixture.said, 0);
    sources_init(&fixture.sources, &fixture.arena, &fixture.errors);
    snprintf(fixture.path, sizeof fixture.path, "/tmp/penstock-source-XXXXXX");
    close(mkstemp(fixture.path));
    return 0;
}

static int stop(void **state)
{
    (void)state;
    unlink(fixture.path);
    sources_fini(&fixture.sources);
    writer_fini(&fixture.said);
    error_list_fini(&fixture.errors);
    arena_fini(&fixture.arena);
    return 0;
}

static struct slice in_a_file(struct slice text)
{
    FILE *file = fopen(fixture.path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.at, 1, text.size, file), text.size);
    fclose(file);
    return source_secret(&fixture.sources, slice_of(fixture.path), PLACE_NONE);
}

static struct slice in_a_variable(const char *text)
{
    setenv("PENSTOCK_SECRET", text, 1);
    return variable_secret(&fixture.sources, SLICE("PENSTOCK_SECRET"), PLACE_NONE);
}

static const char *complaint(void)
{
    writer_reset(&fixture.said);
    error_list_write(&fixture.errors, &fixture.said);
    writer_char(&fixture.said, '\0');
    return writer_slice(&fixture.said).at;
}

static void a_secret_is_the_one_line_of_its_file(void **state)
{
    (void)state;
    assert_slice_equal(in_a_file(SLICE("open sesame")), "open sesame");
    assert_slice_equal(in_a_file(SLICE("open sesame\n")), "open sesame");
    assert_slice_equal(in_a_file(SLICE("open sesame\r\n")), "open sesame");
    assert_slice_equal(in_a_file(SLICE(" open sesame ")), " open sesame ");
    assert_int_equal(fixture.errors.count, 0);
}

static void a_secret_is_the_value_of_a_variable(void **state)
{
    (void)state;
    assert_slice_equal(in_a_variable("open sesame"), "open sesame");
    unsetenv("PENSTOCK_SECRET");
    assert_null(variable_secret(&fixture.sources, SLICE("PENSTOCK_SECRET"), PLACE_NONE).at);
    assert_string_equal(complaint(),
                        "variable of the environment: PENSTOCK_SECRET: it is not set\n");
}

static void what_would_not_be_one_field_is_refused_and_not_repeated(void **state)
{
    char long_one[SECRET_SIZE_MAX + 1];
    const struct slice wrong[] = {
        SLICE(""),
        SLICE("\n"),
        SLICE("open\nsesame\n"),
        SLICE("open\001sesame"),
        SLICE("open\0sesame"),
        SLICE("open sesame\n\n"),
        { long_one, sizeof long_one },
    };
    (void)state;
    memset(long_one, 's', sizeof long_one);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(in_a_file(wrong[i]).at);
    assert_non_null(in_a_file((struct slice){ long_one, SECRET_SIZE_MAX }).at);
    assert_null(in_a_variable("").at);
    assert_null(in_a_variable("open\001sesame").at);
    assert_int_equal(fixture.errors.count, sizeof wrong / sizeof *wrong + 2);
    assert_null(strstr(complaint(), "sesame"));
    assert_null(strstr(complaint(), "sss"));
}

static void a_file_that_is_not_there_is_told(void **state)
{
    (void)state;
    assert_null(source_secret(&fixture.sources, SLICE("/never/written"), PLACE_NONE).at);
    assert_string_equal(complaint(), "/never/written: can't be read: No such file or directory\n");
}

static void the_record_has_nothing_of_a_secret(void **state)
{
    (void)state;
    struct digest before = digest_of(sources_record(&fixture.sources));
    writer_reset(&fixture.sources.text);
    in_a_file(SLICE("open sesame"));
    in_a_variable("open barley");
    struct digest after = digest_of(sources_record(&fixture.sources));
    assert_memory_equal(&before, &after, sizeof before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_secret_is_the_one_line_of_its_file),
        TEST(a_secret_is_the_value_of_a_variable),
        TEST(what_would_not_be_one_field_is_refused_and_not_repeated),
        TEST(a_file_that_is_not_there_is_told),
        TEST(the_record_has_nothing_of_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
