/* The door of a listener: who may connect, and what each has to pass first. */
#include "net_kit.h"
#include "tls_kit.h"

#define PROXIED                                                                                    \
    "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"                                                           \
    "\xc0\x00\x02\x07\x0a\x00\x00\x01\xc3\x50\x26\x98"

static struct tls_context *server, *client;
static struct listener_door door;

static int open_door(void **state)
{
    struct tls_options asks = tls_server_options(), shows = tls_client_options();
    if (open_listener(state) != 0)
        return -1;
    asks.trusted = tls_path("ca.pem");
    shows.certificate = tls_path("broker.pem");
    shows.key = tls_path("broker.key");
    server = tls_context_of(&asks);
    client = tls_context_of(&shows);
    door = (struct listener_door){ .entry = { .entry_ms = 5000 } };
    listener_change_door(listener, &door);
    return 0;
}

static int close_door(void **state)
{
    tls_context_free(server);
    tls_context_free(client);
    return close_listener(state);
}

static void behind_tls_both_sides_know_each_other(void **state)
{
    static struct connection *broker;
    (void)state;
    door.entry.tls = server;
    connection_write(dial_through(&broker, &(struct entry_options){ .tls = client }),
                     SLICE("hello"));
    run_until_told("opened 127.0.0.1 with a port\nsecure\nCN=Broker Alpha\n");
    run_until_told("dialled\n");
    run_until_told("bytes hello\n");
    listener_write(listener, last_id, SLICE("good day"));
    run_until_told("answer good day\n");
    listener_hang_up(listener, last_id);
    run_until_told("closed: closed by the peer\n");
    run_until_told("dialled connection ended\n");
}

static void much_goes_both_ways_behind_tls(void **state)
{
    static struct connection *broker;
    static char block[100000];
    (void)state;
    memset(block, 'x', sizeof block);
    door.entry.tls = server;
    dial_through(&broker, &(struct entry_options){ .tls = client });
    run_until_told("opened");
    for (int i = 0; i < 8; i++)
        listener_write(listener, last_id, (struct slice){ block, sizeof block });
    listener_write(listener, last_id, SLICE("the end"));
    run_until_told("the end\n");
    connection_abort(broker, "enough");
}

static void who_does_not_speak_tls_never_gets_in(void **state)
{
    static struct connection *broker;
    (void)state;
    door.entry.tls = server;
    connection_write(dial(&broker), SLICE("8=FIX.4.4\0019=65\00135=A\00134=1\001"));
    run_until_told("refused: 127.0.0.1: the peer does not speak TLS\n");
    run_until_told("dialled connection ended\n");
    assert_null(strstr(writer_slice(&story).at, "opened"));
    assert_null(strstr(writer_slice(&story).at, "closed"));
}

static void who_is_not_trusted_never_gets_in(void **state)
{
    static struct connection *broker;
    struct tls_options shows = tls_client_options();
    struct tls_context *nobody = tls_context_of(&shows);
    (void)state;
    door.entry.tls = server;
    dial_through(&broker, &(struct entry_options){ .tls = nobody });
    run_until_told("refused: 127.0.0.1: peer did not return a certificate\n");
    run_until_told("dialled connection ended\n");
    assert_null(strstr(writer_slice(&story).at, "opened"));
    tls_context_free(nobody);
}

static void who_says_nothing_is_turned_away_in_time(void **state)
{
    static struct connection *broker;
    (void)state;
    door.entry.tls = server;
    door.entry.entry_ms = 50;
    dial(&broker);
    run_until_told("refused: 127.0.0.1: it did not enter in time\n");
    run_until_told("dialled connection ended\n");
}

static void the_time_to_enter_ends_with_the_entry(void **state)
{
    static struct connection *broker;
    (void)state;
    door.entry.tls = server;
    door.entry.entry_ms = 1000;
    dial_through(&broker, &(struct entry_options){ .tls = client });
    run_until_told("opened");
    for (int i = 0; i < 300; i++) {
        uv_run(&loop, UV_RUN_NOWAIT);
        usleep(5000);
    }
    assert_null(strstr(writer_slice(&story).at, "closed"));
    connection_abort(broker, "enough");
}

/* Who is inside stays. */
static void a_door_that_changes_holds_for_the_next(void **state)
{
    static struct connection *first, *second;
    struct tls_options strict = tls_server_options();
    (void)state;
    door.entry.tls = server;
    dial_through(&first, &(struct entry_options){ .tls = client });
    run_until_told("opened");
    strict.trusted = tls_path("other.pem");
    struct tls_context *stricter = tls_context_of(&strict);
    door.entry.tls = stricter;
    tls_context_free(server);
    server = NULL;
    dial_through(&second, &(struct entry_options){ .tls = client });
    run_until_told("refused: 127.0.0.1: the peer's certificate: ");
    connection_write(first, SLICE("still here"));
    run_until_told("bytes still here\n");
    connection_abort(first, "enough");
    run_until_told("closed: ");
    tls_context_free(stricter);
}

static void only_addresses_of_the_list_may_connect(void **state)
{
    static struct connection *broker;
    struct network networks[2];
    (void)state;
    assert_true(network_parse(SLICE("10.0.0.0/8"), &networks[0]));
    assert_true(network_parse(SLICE("127.0.0.0/8"), &networks[1]));
    door.allowed = networks;
    door.allowed_count = 1;
    dial(&broker);
    run_until_told("refused: 127.0.0.1: its address is not one that may connect\n");
    run_until_told("dialled connection ended\n");
    door.allowed_count = 2;
    dial(&broker);
    run_until_told("opened 127.0.0.1");
    connection_abort(broker, "enough");
}

static void a_load_balancer_tells_who_is_behind_it(void **state)
{
    static struct connection *broker;
    (void)state;
    door.entry.proxy = true;
    dial(&broker);
    connection_write(broker, (struct slice){ PROXIED "hello", sizeof PROXIED + 4 });
    run_until_told("opened 192.0.2.7 with a port\n");
    run_until_told("bytes hello\n");
    connection_abort(broker, "enough");
}

static void without_its_header_nobody_gets_in(void **state)
{
    static struct connection *broker;
    (void)state;
    door.entry.proxy = true;
    connection_write(dial(&broker), SLICE("8=FIX.4.4"));
    run_until_told("refused: 127.0.0.1: no header of the PROXY protocol");
    run_until_told("dialled connection ended\n");
}

#define door_test(test) cmocka_unit_test_setup_teardown(test, open_door, close_door)

int main(void)
{
    const struct CMUnitTest tests[] = {
        door_test(behind_tls_both_sides_know_each_other),
        door_test(much_goes_both_ways_behind_tls),
        door_test(who_does_not_speak_tls_never_gets_in),
        door_test(who_is_not_trusted_never_gets_in),
        door_test(who_says_nothing_is_turned_away_in_time),
        door_test(the_time_to_enter_ends_with_the_entry),
        door_test(a_door_that_changes_holds_for_the_next),
        door_test(only_addresses_of_the_list_may_connect),
        door_test(a_load_balancer_tells_who_is_behind_it),
        door_test(without_its_header_nobody_gets_in),
    };
    return cmocka_run_group_tests(tests, tls_make_files, tls_remove_files);
}
