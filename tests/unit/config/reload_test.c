/* What may change while the gateway runs: judged by the tables, key by key. */
#include "config/config.h"
#include "kit/kit.h"

#include <stdio.h>

static struct config *now, *next;
static struct error_list errors;

static struct config *load(void)
{
    struct error_list said;

    error_list_init(&said, 1);
    struct config *config = config_load(PENSTOCK_SOURCE_DIR "/config/examples/full.yaml", &said);
    assert_non_null(config);
    error_list_fini(&said);
    return config;
}

static int open(void **state)
{
    (void)state;
    now = load();
    next = load();
    error_list_init(&errors, 20);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    config_free(now);
    config_free(next);
    error_list_fini(&errors);
    return 0;
}

static void assert_refused(const char *detail)
{
    assert_false(config_reloadable(now, next, &errors));
    assert_int_equal(errors.count, 1);
    assert_ptr_equal(errors.at[0].kind, &config_restart);
    assert_string_equal(errors.at[0].detail, detail);
    error_list_fini(&errors);
    error_list_init(&errors, 20);
}

static void the_same_again_may_be_taken(void **state)
{
    (void)state;
    assert_true(config_reloadable(now, next, &errors));
    assert_int_equal(errors.count, 0);
}

static void what_the_gateway_opened_stays(void **state)
{
    (void)state;
    next->gateway_id = SLICE("OTHER");
    assert_refused("gateway: id");
    next->gateway_id = now->gateway_id;
    next->store_path = SLICE("/other.db");
    assert_refused("gateway: store");
    next->store_path = now->store_path;
    next->store_window_s++;
    assert_refused("gateway: store-window");
    next->store_window_s--;
    next->admin_path = SLICE("/other.sock");
    assert_refused("gateway: admin-socket");
}

static void listeners_stay_and_their_doors_may_change(void **state)
{
    (void)state;
    next->listeners[0].port++;
    assert_refused("listener tls: address");
    next->listeners[0].port--;
    next->listeners[0].host = SLICE("127.0.0.9");
    assert_refused("listener tls: address");
    next->listeners[0].host = now->listeners[0].host;
    next->listeners[0].certificate = SLICE("other.pem");
    next->listeners[0].allowed_count = 0;
    next->listeners[0].entry_timeout_s++;
    assert_true(config_reloadable(now, next, &errors));
    next->listener_count = 0;
    assert_refused("listeners: tls is gone");
    next->listener_count = 1;
    now->listener_count = 0;
    assert_refused("listeners: tls is new");
    now->listener_count = 1;
}

static void who_a_session_is_stays_and_how_it_is_served_may_change(void **state)
{
    char expected[100];

    (void)state;
    next->sessions[0].heartbeat_max_s++;
    next->sessions[0].latency_max_s++;
    next->sessions[0].bic = SLICE("OTHRGB2LXXX");
    assert_true(config_reloadable(now, next, &errors));
    next->sessions[0].sides.target_comp_id = SLICE("OTHER");
    snprintf(expected, sizeof expected, "session %.*s: target-comp-id",
             SLICE_ARG(next->sessions[0].name));
    assert_refused(expected);
}

static void sessions_come_and_go(void **state)
{
    (void)state;
    next->sessions[0].name = SLICE("another");
    names_fini(&next->session_names);
    names_add(&next->session_names, next->sessions[0].name, 0);
    next->sessions[0].sides.target_comp_id = SLICE("OTHER");
    assert_true(config_reloadable(now, next, &errors));
}

static void where_a_channel_is_stays_and_its_terms_may_change(void **state)
{
    char expected[100];

    (void)state;
    next->channels[0].deadline_s++;
    next->channels[0].limits.total_size_max++;
    next->channels[0].profile_name = SLICE("strict");
    next->channels[0].books_on_accept = !next->channels[0].books_on_accept;
    assert_true(config_reloadable(now, next, &errors));
    next->channels[0].directory = SLICE("/other");
    snprintf(expected, sizeof expected, "channel %.*s: directory",
             SLICE_ARG(next->channels[0].name));
    assert_refused(expected);
}

static void channels_neither_come_nor_go(void **state)
{
    (void)state;
    next->channels[0].name = SLICE("another");
    assert_false(config_reloadable(now, next, &errors));
    assert_int_equal(errors.count, 2);
    assert_non_null(strstr(errors.at[0].detail, "is gone"));
    assert_string_equal(errors.at[1].detail, "channels: another is new");
}

static void all_that_hinders_is_told_at_once(void **state)
{
    (void)state;
    next->gateway_id = SLICE("OTHER");
    next->sessions[0].sides.sender_comp_id = SLICE("OTHER");
    next->channels[0].directory = SLICE("/other");
    assert_false(config_reloadable(now, next, &errors));
    assert_int_equal(errors.count, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_again_may_be_taken),
        TEST(what_the_gateway_opened_stays),
        TEST(listeners_stay_and_their_doors_may_change),
        TEST(who_a_session_is_stays_and_how_it_is_served_may_change),
        TEST(sessions_come_and_go),
        TEST(where_a_channel_is_stays_and_its_terms_may_change),
        TEST(channels_neither_come_nor_go),
        TEST(all_that_hinders_is_told_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
