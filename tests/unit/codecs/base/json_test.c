#include "codecs/base/writer.h"

#include "kit/kit.h"

static void json_escapes_what_it_must(void **state)
{
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    writer_json(&writer, SLICE("a\"\\\n\x01\x7f\xe4\xb8\xad\xff"));
    assert_slice_equal(writer_slice(&writer), "\"a\\\"\\\\\\n\\u0001\\u007f\xe4\xb8\xad\\ufffd\"");
    writer_fini(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_escapes_what_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
