#include "codecs/base/writer.h"

#include "kit/kit.h"

#include <stdlib.h>

static void what_is_written_reads_in_order(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    assert_slice_equal(writer_slice(&writer), "");
    writer_text(&writer, "a");
    writer_char(&writer, '=');
    writer_i64(&writer, INT64_MIN);
    writer_char(&writer, ' ');
    writer_u64(&writer, UINT64_MAX);
    writer_char(&writer, ' ');
    writer_digits(&writer, 7, 3);
    writer_format(&writer, " %s", "b");
    assert_slice_equal(writer_slice(&writer), "a=-9223372036854775808 18446744073709551615 007 b");
    writer_drop(&writer, 2);
    writer_drop(&writer, 1000);
    assert_slice_equal(writer_slice(&writer), "");
    writer_fini(&writer);
}

static void the_limit_is_exact_and_sticky(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 4);
    writer_text(&writer, "1234");
    assert_true(writer_ok(&writer));
    writer_char(&writer, '5');
    writer_drop(&writer, 4);
    writer_char(&writer, '6');
    assert_false(writer_ok(&writer));
    assert_slice_equal(writer_slice(&writer), "");
    writer_reset(&writer);
    writer_char(&writer, '7');
    assert_slice_equal(writer_slice(&writer), "7");
    writer_fini(&writer);
}

static void taken_bytes_belong_to_the_caller(void **state)
{
    struct writer writer;
    size_t size;
    (void)state;
    writer_init(&writer, 0);
    writer_text(&writer, "mine");
    char *bytes = writer_take(&writer, &size);
    assert_int_equal(size, 4);
    assert_string_equal(bytes, "mine");
    assert_slice_equal(writer_slice(&writer), "");
    free(bytes);
    free(writer_take(&writer, &size));
    assert_int_equal(size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_in_order),
        cmocka_unit_test(the_limit_is_exact_and_sticky),
        cmocka_unit_test(taken_bytes_belong_to_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
