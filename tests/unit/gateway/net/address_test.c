#include "gateway/net/address.h"

#include "kit/kit.h"

static void host_and_port_are_split_at_the_last_colon(void **state)
{
    struct slice host;
    unsigned port;
    struct error error;

    (void)state;
    assert_true(address_split(SLICE("127.0.0.1:9880"), &host, &port, &error));
    assert_slice_equal(host, "127.0.0.1");
    assert_int_equal(port, 9880);
    assert_true(address_split(SLICE("[::1]:0"), &host, &port, &error));
    assert_slice_equal(host, "::1");
    assert_int_equal(port, 0);
}

static void anything_else_is_an_error(void **state)
{
    static const char *const bad[] = { "",   ":",          "host",    "host:",
                                       ":1", "host:65536", "host:-1", "host:x" };
    struct slice host;
    unsigned port;
    struct error error;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(address_split(guarded(slice_of(bad[i])), &host, &port, &error));
        assert_ptr_equal(error.kind, &address_bad);
    }
}

static void an_address_comes_back_as_text(void **state)
{
    static const char *const hosts[] = { "127.0.0.1", "::1" };
    struct sockaddr_storage address;
    struct error error;
    char text[64];
    unsigned port;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_true(address_resolve(slice_of(hosts[i]), 9880, &address, &error));
        address_print(&address, text, &port);
        assert_string_equal(text, hosts[i]);
        assert_int_equal(port, 9880);
    }
}

static void a_host_that_is_none_is_named(void **state)
{
    struct sockaddr_storage address;
    struct error error;

    (void)state;
    assert_false(address_resolve(SLICE("no such host"), 1, &address, &error));
    assert_ptr_equal(error.kind, &address_unknown);
    assert_non_null(strstr(error.detail, "no such host"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_and_port_are_split_at_the_last_colon),
        cmocka_unit_test(anything_else_is_an_error),
        cmocka_unit_test(an_address_comes_back_as_text),
        cmocka_unit_test(a_host_that_is_none_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
