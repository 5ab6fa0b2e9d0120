#include "gateway/gateway.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/net/address.h"
#include "gateway/ops/admin.h"
#include "kit/kit.h"

/* Each gateway is a process of its own: it takes signals and owns a loop. */

static char folder[64];
static pid_t gateway;
static FILE *said; /* what it prints */
static char address[128];

static const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void set_places(void)
{
    setenv("PENSTOCK_LISTEN", "127.0.0.1:0", 1);
    setenv("PENSTOCK_STORE", path_of("store.db"), 1);
    setenv("PENSTOCK_ADMIN", path_of("admin.sock"), 1);
    setenv("PENSTOCK_BANK", path_of("bank"), 1);
}

/* In the child: 0, or 3 with the reason on its output. */
static void run_gateway(void)
{
    struct error_list errors;
    struct writer why;

    error_list_init(&errors, 10);
    const char *path = PENSTOCK_SOURCE_DIR "/config/examples/demo.yaml";
    struct config *config = config_load(path, &errors);
    error_list_fini(&errors);
    writer_init(&why, 0);
    bool ran = gateway_run(config, path, &why);
    if (!ran)
        printf("FAILED %.*s\n", SLICE_ARG(writer_slice(&why)));
    fflush(stdout);
    writer_fini(&why);
    fclose(stdout);
    exit(ran ? 0 : 3);
}

static void start_gateway(void)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    gateway = fork();
    if (gateway == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        run_gateway();
    }
    close(ends[1]);
    said = fdopen(ends[0], "r");
}

static void wait_ready(void)
{
    char line[256] = "";

    assert_non_null(fgets(line, sizeof line, said));
    if (sscanf(line, "READY fix=%127s", address) != 1)
        fail_msg("not ready: %s", line);
}

static int wait_end(void)
{
    int status;

    assert_int_equal(waitpid(gateway, &status, 0), gateway);
    fclose(said);
    gateway = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/penstock-gateway-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    set_places();
    return 0;
}

static int remove_folder(void **state)
{
    char command[128];

    (void)state;
    if (gateway > 0) {
        kill(gateway, SIGKILL);
        wait_end();
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static int dial(void)
{
    struct sockaddr_storage where;
    struct slice host;
    struct error error;
    unsigned port;

    assert_true(address_split(slice_of(address), &host, &port, &error));
    assert_true(address_resolve(host, port, &where, &error));
    int broker = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(broker, (struct sockaddr *)&where, sizeof(struct sockaddr_in)), 0);
    return broker;
}

static void all_is_open_when_it_says_so(void **state)
{
    (void)state;
    start_gateway();
    wait_ready();
    close(dial());
    struct stat found;
    assert_int_equal(stat(path_of("admin.sock"), &found), 0);
    assert_int_equal(stat(path_of("store.db"), &found), 0);
    assert_int_equal(stat(path_of("bank/in"), &found), 0);
}

static void a_signal_ends_it_well_and_the_socket_is_gone(void **state)
{
    static const int signals[] = { SIGTERM, SIGINT };
    struct stat found;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        start_gateway();
        wait_ready();
        kill(gateway, signals[i]);
        assert_int_equal(wait_end(), 0);
        assert_int_not_equal(stat(path_of("admin.sock"), &found), 0);
    }
}

static void a_hang_up_does_not_end_it(void **state)
{
    (void)state;
    start_gateway();
    wait_ready();
    kill(gateway, SIGHUP);
    usleep(100000);
    close(dial());
    kill(gateway, SIGTERM);
    assert_int_equal(wait_end(), 0);
}

static void a_killed_one_starts_again_on_what_it_left(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        start_gateway();
        wait_ready();
        kill(gateway, SIGKILL);
        wait_end();
    }
}

static void an_operator_is_answered(void **state)
{
    const struct slice words[] = { SLICE("sessions") };
    struct writer answer;
    struct error error;
    int status;

    (void)state;
    start_gateway();
    wait_ready();
    writer_init(&answer, 0);
    assert_true(admin_ask(path_of("admin.sock"), words, 1, &status, &answer, &error));
    assert_int_equal(status, 0);
    assert_non_null(strstr(writer_slice(&answer).at, "alpha"));
    writer_fini(&answer);
}

static void expect_failure_that_names(const char *what)
{
    char line[512] = "";

    start_gateway();
    assert_non_null(fgets(line, sizeof line, said));
    if (strncmp(line, "FAILED", 6) != 0 || strstr(line, what) == NULL)
        fail_msg("expected a failure that names %s: %s", what, line);
    assert_int_equal(wait_end(), 3);
}

static void a_store_that_is_a_folder_is_told(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path_of("store.db"), 0700), 0);
    expect_failure_that_names("store.db");
}

static void a_socket_that_is_a_folder_is_told(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path_of("admin.sock"), 0700), 0);
    expect_failure_that_names("admin.sock");
}

static void a_channel_that_is_a_file_is_told(void **state)
{
    (void)state;
    fclose(fopen(path_of("bank"), "w"));
    expect_failure_that_names("bank");
}

static void an_address_that_is_none_is_told(void **state)
{
    (void)state;
    setenv("PENSTOCK_LISTEN", "203.0.113.1:9880", 1);
    expect_failure_that_names("203.0.113.1:9880");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_is_open_when_it_says_so),       TEST(a_signal_ends_it_well_and_the_socket_is_gone),
        TEST(a_hang_up_does_not_end_it),         TEST(a_killed_one_starts_again_on_what_it_left),
        TEST(an_operator_is_answered),           TEST(a_store_that_is_a_folder_is_told),
        TEST(a_socket_that_is_a_folder_is_told), TEST(a_channel_that_is_a_file_is_told),
        TEST(an_address_that_is_none_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
