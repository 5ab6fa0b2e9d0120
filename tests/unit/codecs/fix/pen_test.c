/* Fields of every width, into room of every size. */
#include "codecs/fix/pen.h"
#include "kit/fix_text.h"
#include "kit/kit.h"

#include <stdio.h>

enum { VALUE_SIZE_MAX = 300 };

static const uint32_t tags[] = { 1,    9,    10,   58,    99,      100,        355,
                                 1000, 1128, 9999, 10000, 2000000, 4294967295u };
static char value[VALUE_SIZE_MAX];

static int fill_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof value; i++)
        value[i] = (char)('!' + i % 90);
    return 0;
}

/* The same by the writer alone. */
static void write_plain(struct writer *writer, uint32_t tag, struct slice text)
{
    writer_format(writer, "%u=", tag);
    writer_bytes(writer, text);
    writer_char(writer, '\001');
}

static void assert_same(const struct writer *writer, const struct writer *expected)
{
    assert_true(writer_ok(writer));
    assert_true(slice_equal(writer_slice(writer), writer_slice(expected)));
    assert_int_equal(writer_slice(writer).at[writer->used], '\0');
}

/* A value ends where no byte behind it can be read. */
static void fields_of_every_size_are_written(void **state)
{
    struct writer plain, writer;
    struct fix_pen pen;
    (void)state;
    writer_init(&plain, 0);
    writer_init(&writer, 0);
    fix_pen_open(&pen, &writer);
    for (size_t size = 0; size <= VALUE_SIZE_MAX; size++) {
        struct slice text = guarded((struct slice){ value, size });
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
            struct fix_tag_text tag = fix_tag_text_of(tags[i]);
            fix_pen_text(&pen, tags[i], text);
            fix_pen_field(&pen, &tag, text);
            write_plain(&plain, tags[i], text);
            write_plain(&plain, tags[i], text);
        }
    }
    fix_pen_close(&pen);
    assert_same(&writer, &plain);
    writer_fini(&plain);
    writer_fini(&writer);
}

static void numbers_times_and_whole_fields_stand_between(void **state)
{
    struct writer writer;
    struct fix_pen pen;
    (void)state;
    writer_init(&writer, 0);
    writer_text(&writer, "1=before\001");
    fix_pen_open(&pen, &writer);
    fix_pen_u64(&pen, 34, 0);
    fix_pen_u64(&pen, 34, UINT64_MAX);
    fix_pen_time(&pen, 52, MILLIS_NS(1500), MOMENT_SECONDS);
    fix_pen_fields(&pen, SLICE("58=one\00158=two\001"));
    fix_pen_fields(&pen, SLICE_NONE);
    fix_pen_time(&pen, 122, 1500000001, MOMENT_NANOSECONDS);
    fix_pen_close(&pen);
    assert_slice_equal(fix_text_show(writer_slice(&writer)),
                       "1=before|34=0|34=18446744073709551615|52=19700101-00:00:01|58=one|58=two|"
                       "122=19700101-00:00:01.500000001|");
    writer_fini(&writer);
}

static void the_limit_of_the_writer_holds(void **state)
{
    struct slice text = { value, 20 };
    (void)state;
    for (size_t limit = 1; limit < 60; limit++) {
        struct fix_tag_text tag = fix_tag_text_of(355);
        struct writer writer;
        struct fix_pen pen;
        writer_init(&writer, limit);
        fix_pen_open(&pen, &writer);
        fix_pen_field(&pen, &tag, text);
        fix_pen_text(&pen, 58, text);
        fix_pen_text(&pen, 1, SLICE(""));
        fix_pen_close(&pen);
        assert_int_equal(writer_ok(&writer), limit >= sizeof "355=|58=|1=|" - 1 + 2 * text.size);
        assert_true(writer.used <= limit);
        writer_fini(&writer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_of_every_size_are_written),
        cmocka_unit_test(numbers_times_and_whole_fields_stand_between),
        cmocka_unit_test(the_limit_of_the_writer_holds),
    };
    return cmocka_run_group_tests(tests, fill_value, NULL);
}
