#include "gateway/net/proxy.h"

#include "kit/kit.h"

#include <stdlib.h>

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define TCP4                                                                                       \
    SIGNATURE "\x21\x11\0\x0c"                                                                     \
              "\xc0\x00\x02\x07\x0a\x00\x00\x01\xc3\x50\x26\x98"
#define BYTES(text) ((struct slice){ (text), sizeof(text) - 1 })

static void the_client_is_told(void **state)
{
    struct proxy_header header;
    (void)state;
    assert_int_equal(proxy_header_take(BYTES(TCP4 "8=FIX"), &header), PROXY_WHOLE);
    assert_int_equal(header.size, 28);
    assert_string_equal(header.host, "192.0.2.7");
    assert_int_equal(header.port, 50000);
}

static void an_ipv6_client_too(void **state)
{
    static const char bytes[] = SIGNATURE "\x21\x21\0\x24"
                                          "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
                                          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x00\x50\x26\x98";
    struct proxy_header header;
    (void)state;
    assert_int_equal(proxy_header_take(BYTES(bytes), &header), PROXY_WHOLE);
    assert_string_equal(header.host, "2001:db8::1");
    assert_int_equal(header.port, 80);
}

static void each_beginning_wants_more(void **state)
{
    struct slice whole = BYTES(TCP4);
    struct proxy_header header;
    (void)state;
    for (size_t size = 1; size < whole.size; size++) {
        char *exact = malloc(size);
        memcpy(exact, whole.at, size);
        assert_int_equal(proxy_header_take((struct slice){ exact, size }, &header), PROXY_PARTIAL);
        free(exact);
    }
}

static void a_balancer_may_speak_for_itself(void **state)
{
    struct proxy_header header;
    (void)state;
    assert_int_equal(proxy_header_take(BYTES(SIGNATURE "\x20\x00\0\0"), &header), PROXY_WHOLE);
    assert_string_equal(header.host, "");
    assert_int_equal(proxy_header_take(BYTES(SIGNATURE "\x21\x00\0\0"), &header), PROXY_WHOLE);
    assert_string_equal(header.host, "");
}

static void what_stands_behind_the_addresses_is_passed_over(void **state)
{
    struct proxy_header header;
    (void)state;
    assert_int_equal(proxy_header_take(BYTES(SIGNATURE "\x21\x11\0\x10"
                                                       "\xc0\x00\x02\x07\x0a\x00\x00\x01"
                                                       "\xc3\x50\x26\x98\x04\x00\x01\x00"),
                                       &header),
                     PROXY_WHOLE);
    assert_int_equal(header.size, 32);
}

static void all_else_is_refused_at_once(void **state)
{
    static const struct slice bad[] = {
        { "8=FIX.4.4", 9 },
        { "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n", 32 },
        { SIGNATURE "\x11\x11\0\x0c", 16 },
        { SIGNATURE "\x22\x11\0\x0c", 16 },
        { SIGNATURE "\x21\x11\xff\xff", 16 },
        { SIGNATURE "\x21\x11\0\x04\1\2\3\4", 20 },
    };
    struct proxy_header header;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(proxy_header_take(bad[i], &header), PROXY_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_client_is_told),
        cmocka_unit_test(an_ipv6_client_too),
        cmocka_unit_test(each_beginning_wants_more),
        cmocka_unit_test(a_balancer_may_speak_for_itself),
        cmocka_unit_test(what_stands_behind_the_addresses_is_passed_over),
        cmocka_unit_test(all_else_is_refused_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
