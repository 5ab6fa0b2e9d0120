#include "net_kit.h"

static void bytes_go_both_ways(void **state)
{
    static struct connection *broker;

    (void)state;
    connection_write(dial(&broker), SLICE("hello"));
    run_until_told("opened 127.0.0.1 with a port\n");
    run_until_told("bytes hello\n");
    listener_write(listener, last_id, SLICE("good"));
    listener_write(listener, last_id, SLICE(" day"));
    run_until_told(" day");
    connection_close(broker);
    run_until_told("closed: closed by the peer\n");
    run_until_told("dialled connection ended\n");
}

static void all_that_was_written_arrives_before_a_hang_up(void **state)
{
    static struct connection *broker;
    char block[20000];

    (void)state;
    memset(block, 'x', sizeof block);
    dial(&broker);
    run_until_told("opened");
    listener_write(listener, last_id, (struct slice){ block, sizeof block });
    listener_write(listener, last_id, SLICE("the end"));
    listener_hang_up(listener, last_id);
    listener_write(listener, last_id, SLICE("too late"));
    run_until_told("dialled connection ended\n");
    assert_non_null(strstr(writer_slice(&story).at, "the end\n"));
    assert_null(strstr(writer_slice(&story).at, "too late"));
}

static void a_peer_that_does_not_read_is_cut_off(void **state)
{
    static struct connection *broker;
    char block[10000];

    (void)state;
    memset(block, 'x', sizeof block);
    connection_pause(dial(&broker));
    run_until_told("opened");
    for (int i = 0; i < 10000 && strstr(writer_slice(&story).at, "closed") == NULL; i++) {
        listener_write(listener, last_id, (struct slice){ block, sizeof block });
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    run_until_told("closed: the peer does not read");
    connection_abort(broker, "enough");
}

/* Writes until much waits in memory, behind what the system takes. */
static void fill(uint64_t id)
{
    char block[5000];

    memset(block, 'x', sizeof block);
    for (int i = 0;
         i < 10000 && !listener_write(listener, id, (struct slice){ block, sizeof block }); i++)
        uv_run(&loop, UV_RUN_NOWAIT);
    assert_null(strstr(writer_slice(&story).at, "closed"));
}

static void a_peer_that_reads_late_is_waited_for_and_its_giver_told(void **state)
{
    static struct connection *broker;

    (void)state;
    connection_pause(dial(&broker));
    run_until_told("opened");
    fill(last_id);
    assert_false(listener_write(listener, last_id, SLICE("said once")));
    assert_null(strstr(writer_slice(&story).at, "drained"));
    connection_resume(broker);
    run_until_told("drained\n");
    listener_write(listener, last_id, SLICE("the end"));
    run_until_told("the end");
    connection_abort(broker, "enough");
}

static void a_peer_that_takes_nothing_for_a_while_is_cut_off(void **state)
{
    static struct connection *broker;

    (void)state;
    connection_pause(dial(&broker));
    run_until_told("opened");
    fill(last_id);
    run_until_told("closed: the peer takes nothing of what is sent\n");
    connection_abort(broker, "enough");
}

static void nothing_is_read_while_paused(void **state)
{
    static struct connection *broker;

    (void)state;
    dial(&broker);
    run_until_told("opened");
    listener_pause(listener, last_id);
    connection_write(broker, SLICE("hello"));
    for (int i = 0; i < 50; i++) {
        uv_run(&loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    assert_null(strstr(writer_slice(&story).at, "bytes"));
    listener_resume(listener, last_id);
    run_until_told("bytes hello\n");
    connection_abort(broker, "enough");
}

static void a_number_that_has_gone_is_spoken_to_without_effect(void **state)
{
    static struct connection *broker, *other;

    (void)state;
    dial(&broker);
    run_until_told("opened");
    uint64_t gone = last_id;
    connection_abort(broker, "enough");
    run_until_told("closed: closed by the peer\n");
    dial(&other);
    writer_reset(&story);
    writer_text(&story, "");
    run_until_told("opened");
    assert_int_not_equal(last_id, gone);
    listener_write(listener, gone, SLICE("for nobody"));
    listener_hang_up(listener, gone);
    listener_write(listener, last_id, SLICE("for you"));
    run_until_told("answer for you\n");
    assert_int_equal(listener_descriptor(listener, gone), -1);
    connection_abort(other, "enough");
}

static void over_the_limit_connections_are_refused(void **state)
{
    static struct connection *brokers[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        dial(&brokers[i]);
    run_until_told("refused: too many connections\n");
    run_until_told("dialled connection ended\n");
    for (int i = 0; i < 3; i++)
        if (brokers[i] != NULL)
            connection_abort(brokers[i], "enough");
}

static void an_address_in_use_is_an_error(void **state)
{
    struct slice host;
    struct error error;
    unsigned port;

    (void)state;
    assert_true(address_split(slice_of(listener_address(listener)), &host, &port, &error));
    assert_null(listener_open(&loop, host, port, &options, &error));
    assert_ptr_equal(error.kind, &listener_failed);
}

static void nobody_listens_is_told_to_who_dials(void **state)
{
    static struct connection *broker;

    (void)state;
    listener_stop(listener);
    uv_run(&loop, UV_RUN_NOWAIT);
    dial(&broker);
    run_until_told("dialled connection ended\n");
    assert_null(strstr(writer_slice(&story).at, "dialled\n"));
}

/* ------------------------------------------------------------ local sockets */

static void a_local_socket_is_for_its_owner_alone(void **state)
{
    char path[] = "/tmp/penstock-local-XXXXXX";
    struct stat found;
    struct error error;

    (void)state;
    assert_non_null(mkdtemp(path));
    char name[64];
    snprintf(name, sizeof name, "%s/admin", path);
    struct listener *local = listener_open_local(&loop, name, &options, &error);
    assert_non_null(local);
    assert_int_equal(stat(name, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_null(listener_open_local(&loop, name, &options, &error));
    assert_ptr_equal(error.kind, &listener_busy);
    listener_close(local);
    uv_run(&loop, UV_RUN_NOWAIT);
    rmdir(path);
}

static void a_left_over_socket_is_replaced_but_never_a_file(void **state)
{
    char path[] = "/tmp/penstock-local-XXXXXX";
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct error error;

    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/admin", path);
    int dead = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(dead, (struct sockaddr *)&address, sizeof address), 0);
    close(dead);
    struct listener *local = listener_open_local(&loop, address.sun_path, &options, &error);
    assert_non_null(local);
    listener_close(local);
    uv_run(&loop, UV_RUN_NOWAIT);
    unlink(address.sun_path);
    fclose(fopen(address.sun_path, "w"));
    assert_null(listener_open_local(&loop, address.sun_path, &options, &error));
    assert_ptr_equal(error.kind, &listener_failed);
    unlink(address.sun_path);
    rmdir(path);
}

static void a_path_that_is_too_long_is_an_error(void **state)
{
    char path[200];
    struct error error;

    (void)state;
    memset(path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_null(listener_open_local(&loop, path, &options, &error));
    assert_non_null(strstr(error.detail, "at most"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_listener, close_listener)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_go_both_ways),
        TEST(all_that_was_written_arrives_before_a_hang_up),
        TEST(a_peer_that_does_not_read_is_cut_off),
        TEST(a_peer_that_reads_late_is_waited_for_and_its_giver_told),
        TEST(a_peer_that_takes_nothing_for_a_while_is_cut_off),
        TEST(nothing_is_read_while_paused),
        TEST(a_number_that_has_gone_is_spoken_to_without_effect),
        TEST(over_the_limit_connections_are_refused),
        TEST(an_address_in_use_is_an_error),
        TEST(nobody_listens_is_told_to_who_dials),
        TEST(a_local_socket_is_for_its_owner_alone),
        TEST(a_left_over_socket_is_replaced_but_never_a_file),
        TEST(a_path_that_is_too_long_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
