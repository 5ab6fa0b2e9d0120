#include "codecs/base/digest.h"

#include "kit/kit.h"

static void sha256_is_the_published_one(void **state)
{
    struct digest digest = digest_of(SLICE("abc"));
    struct writer writer;
    (void)state;
    writer_init(&writer, 0);
    digest_write_hex(&digest, &writer);
    assert_slice_equal(writer_slice(&writer),
                       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(digest_u64(&digest), 0xba7816bf8f01cfea);
    writer_fini(&writer);
}

static void parts_never_run_together(void **state)
{
    const struct slice one[] = { SLICE("ab"), SLICE("c") }, other[] = { SLICE("a"), SLICE("bc") };
    struct digest first = digest_of_parts(one, 2), second = digest_of_parts(other, 2);
    (void)state;
    assert_false(digest_equal(&first, &second));
    second = digest_of_parts(one, 2);
    assert_true(digest_equal(&first, &second));
}

static void base32_is_that_of_rfc_4648(void **state)
{
    static const char *const pairs[][2] = {
        { "", "" },         { "f", "MY" },         { "fo", "MZXQ" },
        { "foo", "MZXW6" }, { "foob", "MZXW6YQ" }, { "foobar", "MZXW6YTBOI" }
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct writer writer;
        writer_init(&writer, 0);
        base32_write(slice_of(pairs[i][0]), &writer);
        assert_slice_equal(writer_slice(&writer), pairs[i][1]);
        writer_fini(&writer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_is_the_published_one),
        cmocka_unit_test(parts_never_run_together),
        cmocka_unit_test(base32_is_that_of_rfc_4648),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
