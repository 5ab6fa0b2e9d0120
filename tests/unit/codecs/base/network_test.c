#include "codecs/base/network.h"

#include "kit/kit.h"

static bool has(const char *network, const char *host)
{
    struct network parsed;
    if (!network_parse(slice_of(network), &parsed))
        fail_msg("%s", network);
    return network_has(&parsed, slice_of(host));
}

static void assert_bad(const char *text)
{
    struct network network;
    if (network_parse(slice_of(text), &network))
        fail_msg("%s", text);
}

static void a_network_has_what_begins_like_it(void **state)
{
    (void)state;
    assert_true(has("10.1.0.0/16", "10.1.255.7"));
    assert_false(has("10.1.0.0/16", "10.2.0.1"));
    assert_true(has("10.128.0.0/9", "10.255.0.1"));
    assert_false(has("10.128.0.0/9", "10.127.0.1"));
    assert_true(has("0.0.0.0/0", "203.0.113.9"));
    assert_true(has("2001:db8::/32", "2001:db8:ffff::1"));
    assert_false(has("2001:db8::/32", "2001:db9::1"));
    assert_true(has("::/0", "127.0.0.1"));
    assert_false(has("0.0.0.0/0", "2001:db8::1"));
}

static void a_single_address_is_a_network(void **state)
{
    (void)state;
    assert_true(has("127.0.0.1", "127.0.0.1"));
    assert_false(has("127.0.0.1", "127.0.0.2"));
    assert_true(has("::1", "0:0:0:0:0:0:0:1"));
    assert_true(has("192.0.2.1/32", "::ffff:192.0.2.1"));
}

static void what_is_no_address_is_in_no_network(void **state)
{
    (void)state;
    assert_false(has("::/0", ""));
    assert_false(has("::/0", "localhost"));
    assert_false(has("::/0", "1.2.3"));
}

static void what_is_no_network_is_refused(void **state)
{
    (void)state;
    assert_bad("");
    assert_bad("/8");
    assert_bad("10.0.0.0/");
    assert_bad("10.0.0.0/33");
    assert_bad("10.0.0.0/-1");
    assert_bad("10.0.0.0/08x");
    assert_bad("::/129");
    assert_bad("10.0.0.256/32");
    assert_bad("10.0.0.1/8");
    assert_bad("2001:db8::1/32");
    assert_bad("brokers.example/24");
    assert_bad("1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111/16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_has_what_begins_like_it),
        cmocka_unit_test(a_single_address_is_a_network),
        cmocka_unit_test(what_is_no_address_is_in_no_network),
        cmocka_unit_test(what_is_no_network_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
