/* Stages one behind the other, however the bytes are cut. */
#include "gateway/net/entry.h"

#include "tls_kit.h"

#define PROXIED                                                                                    \
    "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"                                                           \
    "\xc0\x00\x02\x07\x0a\x00\x00\x01\xc3\x50\x26\x98"
#define BYTES(text) ((struct slice){ (text), sizeof(text) - 1 })

static struct writer plain, wire;

static int start(void **state)
{
    (void)state;
    writer_init(&plain, 0);
    writer_init(&wire, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    writer_fini(&plain);
    writer_fini(&wire);
    return 0;
}

static bool take(struct entry *entry, struct slice bytes, size_t piece)
{
    struct error error;
    while (bytes.size > 0) {
        size_t size = bytes.size < piece ? bytes.size : piece;
        if (!entry_take(entry, (struct slice){ bytes.at, size }, &plain, &wire, &error))
            return false;
        bytes = slice_after(bytes, size);
    }
    return true;
}

static void a_header_comes_off_wherever_it_is_cut(void **state)
{
    struct slice bytes = BYTES(PROXIED "hello");
    (void)state;
    for (size_t piece = 1; piece <= bytes.size; piece++) {
        struct entry *entry = entry_new(&(struct entry_options){ .proxy = true });
        writer_reset(&plain);
        assert_true(take(entry, bytes, piece));
        assert_true(entry_passed(entry));
        assert_slice_equal(writer_slice(&plain), "hello");
        assert_string_equal(entry_proxy(entry)->host, "192.0.2.7");
        entry_free(entry);
    }
}

static void what_is_said_early_waits_for_the_entry(void **state)
{
    struct entry *entry = entry_new(&(struct entry_options){ .proxy = true });
    (void)state;
    entry_begin(entry, &wire);
    entry_put(entry, SLICE("early "), &wire);
    assert_int_equal(wire.used, 0);
    assert_true(take(entry, BYTES(PROXIED), SIZE_MAX));
    entry_put(entry, SLICE("late"), &wire);
    assert_slice_equal(writer_slice(&wire), "early late");
    entry_free(entry);
}

static void a_wrong_header_is_refused(void **state)
{
    struct entry *entry = entry_new(&(struct entry_options){ .proxy = true });
    (void)state;
    assert_false(take(entry, SLICE("8=FIX.4.4"), SIZE_MAX));
    assert_false(entry_passed(entry));
    assert_int_equal(plain.used, 0);
    entry_free(entry);
}

static void tls_comes_behind_the_header(void **state)
{
    struct tls_options server = tls_server_options(), client = tls_client_options();
    struct tls_context *ours = tls_context_of(&server), *theirs = tls_context_of(&client);
    struct entry *entry = entry_new(&(struct entry_options){ .tls = ours, .proxy = true });
    struct tls_stream *peer = tls_stream_new(theirs);
    struct writer words, answer;
    struct error error;
    (void)state;
    writer_init(&words, 0);
    writer_init(&answer, 0);
    writer_bytes(&words, BYTES(PROXIED));
    tls_stream_begin(peer, &words);
    while (words.used > 0 || wire.used > 0) {
        assert_true(take(entry, writer_slice(&words), 3));
        writer_reset(&words);
        assert_true(tls_stream_take(peer, writer_slice(&wire), &answer, &words, &error));
        writer_reset(&wire);
    }
    assert_true(entry_passed(entry));
    assert_ptr_not_equal(entry_tls(entry), NULL);
    tls_stream_put(peer, SLICE("hello"), &words);
    tls_stream_end(peer, &words);
    assert_true(take(entry, writer_slice(&words), 3));
    assert_slice_equal(writer_slice(&plain), "hello");
    assert_true(entry_ended(entry));
    entry_free(entry);
    tls_stream_free(peer);
    tls_context_free(ours);
    tls_context_free(theirs);
    writer_fini(&words);
    writer_fini(&answer);
}

#define entry_test(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        entry_test(a_header_comes_off_wherever_it_is_cut),
        entry_test(what_is_said_early_waits_for_the_entry),
        entry_test(a_wrong_header_is_refused),
        entry_test(tls_comes_behind_the_header),
    };
    return cmocka_run_group_tests(tests, tls_make_files, tls_remove_files);
}
