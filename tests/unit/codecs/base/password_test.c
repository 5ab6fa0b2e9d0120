/* Salted hashes of passwords. */
#include "codecs/base/password.h"
#include "kit/kit.h"

static const unsigned char salt[PASSWORD_SALT_SIZE] = "sixteen bytes ok";

static const char *text_of(const struct password_hash *hash)
{
    static struct writer writer;

    writer_reset(&writer);
    password_hash_write(hash, &writer);
    writer_char(&writer, '\0');
    return writer_slice(&writer).at;
}

static void the_right_password_fits_and_no_other(void **state)
{
    struct password_hash hash = password_hash_of(SLICE("open sesame"), salt);
    (void)state;
    assert_true(password_hash_fits(&hash, SLICE("open sesame")));
    assert_false(password_hash_fits(&hash, SLICE("open sesamE")));
    assert_false(password_hash_fits(&hash, SLICE("open sesam")));
    assert_false(password_hash_fits(&hash, SLICE("open sesame ")));
    assert_false(password_hash_fits(&hash, SLICE("")));
    assert_false(password_hash_fits(&hash, SLICE_NONE));
}

static void another_salt_gives_another_hash(void **state)
{
    static const unsigned char other[PASSWORD_SALT_SIZE] = "sixteen bytes o!";
    struct password_hash one = password_hash_of(SLICE("open sesame"), salt);
    struct password_hash two = password_hash_of(SLICE("open sesame"), other);
    (void)state;
    assert_memory_not_equal(one.key, two.key, PASSWORD_KEY_SIZE);
}

/* Made with Python's
   hashlib.scrypt(b"open sesame", salt=b"sixteen bytes ok", n=8192, r=8, p=1, dklen=32). */
static void the_key_is_that_of_scrypt(void **state)
{
    struct password_hash hash = password_hash_of(SLICE("open sesame"), salt);
    (void)state;
    assert_string_equal(text_of(&hash),
                        "scrypt:13:7369787465656e206279746573206f6b:"
                        "b7411a836b8b3332e65ba00e70d7fb522aeb80d81ab653d6eaea15856b8d880f");
}

static void what_is_written_is_read(void **state)
{
    struct password_hash hash = password_hash_of(SLICE("open sesame"), salt), read;
    (void)state;
    assert_true(password_hash_read(slice_of(text_of(&hash)), &read));
    assert_memory_equal(&read, &hash, sizeof hash);
}

static void every_prefix_is_no_hash(void **state)
{
    struct password_hash hash = password_hash_of(SLICE("open sesame"), salt), read;
    struct slice text = slice_of(text_of(&hash));
    (void)state;
    for (size_t size = 0; size < text.size; size++)
        assert_false(password_hash_read((struct slice){ text.at, size }, &read));
}

static void what_is_no_hash_is_refused(void **state)
{
#define SALT "7369787465656e206279746573206f6b"
#define KEY  SALT SALT
    static const char *const texts[] = {
        "open sesame",
        "scrypt:9:" SALT ":" KEY,
        "scrypt:14:" SALT ":" KEY,
        "scrypt::" SALT ":" KEY,
        "scrypt:-12:" SALT ":" KEY,
        "bcrypt:12:" SALT ":" KEY,
        "scrypt:12:" SALT ":" KEY "0",
        "scrypt:12:" SALT "00:" KEY,
        "scrypt:12:" SALT ":" SALT "7369787465656e206279746573206f6B",
        "scrypt:12:" SALT ":" SALT "7369787465656e206279746573206f6:",
    };
    struct password_hash hash;
    (void)state;
    assert_true(password_hash_read(SLICE("scrypt:10:" SALT ":" KEY), &hash));
    assert_true(password_hash_read(SLICE("scrypt:13:" SALT ":" KEY), &hash));
    assert_false(password_hash_read(SLICE_NONE, &hash));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(password_hash_read(slice_of(texts[i]), &hash));
}

static void the_highest_cost_can_be_paid(void **state)
{
    struct password_hash hash;
    (void)state;
    assert_true(password_hash_read(SLICE("scrypt:13:" SALT ":" KEY), &hash));
    assert_false(password_hash_fits(&hash, SLICE("open sesame")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_password_fits_and_no_other),
        cmocka_unit_test(another_salt_gives_another_hash),
        cmocka_unit_test(the_key_is_that_of_scrypt),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(every_prefix_is_no_hash),
        cmocka_unit_test(what_is_no_hash_is_refused),
        cmocka_unit_test(the_highest_cost_can_be_paid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
