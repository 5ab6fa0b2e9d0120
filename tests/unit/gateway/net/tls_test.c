/* What is wrong with the files is told before anybody connects. */
#include "tls_kit.h"

static void assert_unusable(const struct tls_options *options, const char *file, const char *why)
{
    struct error error = { .kind = NULL };
    assert_null(tls_context_new(options, &error));
    assert_ptr_equal(error.kind, &tls_unusable);
    if (file != NULL)
        assert_non_null(strstr(error.place.source, file));
    if (strstr(error.detail, why) == NULL)
        fail_msg("%s", error.detail);
}

static void whole_sets_of_files_are_taken(void **state)
{
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    tls_context_free(tls_context_of(&server));
    tls_context_free(tls_context_of(&client));
    certificate_write_revoked(tls_path("revoked.pem"), &tls_ca, NULL);
    server.trusted = tls_path("ca.pem");
    server.revoked = tls_path("revoked.pem");
    tls_context_free(tls_context_of(&server));
}

static void a_file_that_is_not_there_is_named(void **state)
{
    struct tls_options options = tls_server_options();
    (void)state;
    options.certificate = tls_path("nowhere.pem");
    assert_unusable(&options, "nowhere.pem", "no certificate in PEM form");
    options = tls_server_options();
    options.trusted = tls_path("nowhere.pem");
    assert_unusable(&options, "nowhere.pem", "no certificates in PEM form");
    options = tls_server_options();
    options.trusted = tls_path("ca.pem");
    options.revoked = tls_path("ca.pem");
    assert_unusable(&options, "ca.pem", "no revocation lists");
}

static void a_key_of_another_certificate_is_refused(void **state)
{
    struct tls_options options = tls_server_options();
    (void)state;
    options.key = tls_path("broker.key");
    assert_unusable(&options, "broker.key", "key values mismatch");
}

static void a_key_with_a_pass_phrase_is_refused_without_asking(void **state)
{
    struct tls_options options = tls_server_options();
    (void)state;
    certificate_write_key(tls_path("locked.key"), &tls_server, "secret");
    options.key = tls_path("locked.key");
    assert_unusable(&options, "locked.key", "without a pass phrase");
}

static void what_belongs_together_comes_together(void **state)
{
    struct tls_options options = { .side = TLS_SERVER };
    (void)state;
    assert_unusable(&options, NULL, "a server needs a certificate");
    options = tls_server_options();
    options.key = NULL;
    assert_unusable(&options, NULL, "belong together");
    options = tls_client_options();
    options.trusted = NULL;
    assert_unusable(&options, NULL, "whom to trust");
    options = tls_server_options();
    options.revoked = tls_path("ca.pem");
    assert_unusable(&options, NULL, "CAs that are trusted");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_sets_of_files_are_taken),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(a_key_of_another_certificate_is_refused),
        cmocka_unit_test(a_key_with_a_pass_phrase_is_refused_without_asking),
        cmocka_unit_test(what_belongs_together_comes_together),
    };
    return cmocka_run_group_tests(tests, tls_make_files, tls_remove_files);
}
