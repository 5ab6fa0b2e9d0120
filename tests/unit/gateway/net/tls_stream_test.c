/* Two streams that talk through buffers: who is trusted, and what each side hears
   when the other is not. */
#include "tls_kit.h"

enum { SERVER, CLIENT };

struct talk {
    struct tls_stream *streams[2];
    struct writer wires[2]; /* what each has written */
    struct writer plain[2]; /* what each has read */
    struct error errors[2];
    bool failed[2];
};

static struct talk talk;

static struct tls_stream *stream_of(const struct tls_options *options)
{
    struct tls_context *context = tls_context_of(options);
    struct tls_stream *stream = tls_stream_new(context);
    tls_context_free(context);
    return stream;
}

static void meet(const struct tls_options *server, const struct tls_options *client)
{
    talk = (struct talk){ .streams = { stream_of(server), stream_of(client) } };
    for (int side = 0; side < 2; side++) {
        writer_init(&talk.wires[side], 0);
        writer_init(&talk.plain[side], 0);
    }
    tls_stream_begin(talk.streams[CLIENT], &talk.wires[CLIENT]);
}

static void part(void)
{
    for (int side = 0; side < 2; side++) {
        tls_stream_free(talk.streams[side]);
        writer_fini(&talk.wires[side]);
        writer_fini(&talk.plain[side]);
    }
}

/* What one has written reaches the other, so many bytes at a time. */
static bool carry(int from, size_t piece)
{
    int to = !from;
    struct writer wire = talk.wires[from];
    struct slice left = writer_slice(&wire);
    writer_init(&talk.wires[from], 0);
    bool moved = left.size > 0;
    while (left.size > 0) {
        size_t size = left.size < piece ? left.size : piece;
        if (!talk.failed[to])
            talk.failed[to] = !tls_stream_take(talk.streams[to], (struct slice){ left.at, size },
                                               &talk.plain[to], &talk.wires[to], &talk.errors[to]);
        left = slice_after(left, size);
    }
    writer_fini(&wire);
    return moved;
}

static void converse_by(size_t piece)
{
    while (carry(CLIENT, piece) || carry(SERVER, piece))
        ;
}

static void converse(void)
{
    converse_by(SIZE_MAX);
}

static void put(int side, const char *text)
{
    tls_stream_put(talk.streams[side], slice_of(text), &talk.wires[side]);
    converse();
}

static void assert_hears(int side, const char *text)
{
    if (!talk.failed[side])
        fail_msg("it did not fail");
    assert_ptr_equal(talk.errors[side].kind, &tls_failed);
    assert_string_equal(talk.errors[side].detail, text);
}

static void assert_open(void)
{
    for (int side = 0; side < 2; side++)
        if (talk.failed[side])
            fail_msg("%d: %s", side, talk.errors[side].detail);
    assert_true(tls_stream_open(talk.streams[SERVER]));
    assert_true(tls_stream_open(talk.streams[CLIENT]));
}

static struct tls_options asking_server(void)
{
    struct tls_options options = tls_server_options();
    options.trusted = tls_path("ca.pem");
    return options;
}

static struct tls_options known_broker(void)
{
    struct tls_options options = tls_client_options();
    options.certificate = tls_path("broker.pem");
    options.key = tls_path("broker.key");
    return options;
}

static void bytes_go_both_ways_however_they_are_cut(void **state)
{
    static const size_t pieces[] = { 1, 7, 1000, SIZE_MAX };
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        meet(&server, &client);
        converse_by(pieces[i]);
        assert_open();
        put(CLIENT, "8=FIX.4.4");
        put(SERVER, "hello");
        assert_slice_equal(writer_slice(&talk.plain[SERVER]), "8=FIX.4.4");
        assert_slice_equal(writer_slice(&talk.plain[CLIENT]), "hello");
        part();
    }
}

static void much_goes_through_in_one_piece(void **state)
{
    static char bytes[300000];
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    memset(bytes, 'x', sizeof bytes);
    meet(&server, &client);
    converse();
    tls_stream_put(talk.streams[SERVER], (struct slice){ bytes, sizeof bytes },
                   &talk.wires[SERVER]);
    converse();
    assert_int_equal(talk.plain[CLIENT].used, sizeof bytes);
    part();
}

static void a_client_may_be_asked_who_it_is(void **state)
{
    struct writer names;
    struct tls_options server = asking_server(), client = known_broker();
    (void)state;
    meet(&server, &client);
    converse();
    assert_open();
    writer_init(&names, 0);
    tls_stream_write_names(talk.streams[SERVER], &names);
    assert_non_null(strstr(writer_slice(&names).at,
                           "CN=Broker Alpha\nURI:fix:BRKALPHA\nemail:a@b.test\nSHA256:"));
    writer_reset(&names);
    tls_stream_write_end(talk.streams[SERVER], &names);
    assert_int_equal(writer_slice(&names).size, strlen("2026-11-22T13:00:00Z"));
    assert_true(slice_starts(writer_slice(&names), SLICE("20")));
    writer_fini(&names);
    part();
}

static void without_a_certificate_it_is_refused(void **state)
{
    struct tls_options server = asking_server(), client = tls_client_options();
    (void)state;
    meet(&server, &client);
    converse();
    assert_hears(SERVER, "peer did not return a certificate");
    assert_hears(CLIENT, "the peer refuses: certificate required");
    assert_false(tls_stream_open(talk.streams[SERVER]));
    part();
}

static void one_of_another_ca_is_refused(void **state)
{
    struct tls_options server = asking_server(), client = known_broker();
    struct owner stranger = certificate_make(
        &(struct certificate_wish){ .common_name = "Broker Alpha", .issuer = &tls_other_ca });
    (void)state;
    tls_write("stranger", &stranger);
    client.certificate = tls_path("stranger.pem");
    client.key = tls_path("stranger.key");
    meet(&server, &client);
    converse();
    assert_hears(SERVER, "the peer's certificate: unable to get local issuer certificate");
    assert_hears(CLIENT, "the peer refuses: unknown ca");
    certificate_free(&stranger);
    part();
}

static void check_broker(const struct certificate_wish *wish, const char *server_hears,
                         const char *client_hears)
{
    struct tls_options server = asking_server(), client = known_broker();
    struct owner owner = certificate_make(wish);
    tls_write("dated", &owner);
    client.certificate = tls_path("dated.pem");
    client.key = tls_path("dated.key");
    meet(&server, &client);
    converse();
    assert_hears(SERVER, server_hears);
    assert_hears(CLIENT, client_hears);
    certificate_free(&owner);
    part();
}

static void an_expired_one_is_refused(void **state)
{
    (void)state;
    check_broker(
        &(struct certificate_wish){
            .common_name = "Old", .issuer = &tls_ca, .begins_s = -7200, .ends_s = -3600 },
        "the peer's certificate: certificate has expired", "the peer refuses: certificate expired");
}

static void one_that_is_not_valid_yet_is_refused(void **state)
{
    (void)state;
    check_broker(
        &(struct certificate_wish){
            .common_name = "Young", .issuer = &tls_ca, .begins_s = 3600, .ends_s = 7200 },
        "the peer's certificate: certificate is not yet valid",
        "the peer refuses: bad certificate");
}

static void a_revoked_one_is_refused_and_another_is_not(void **state)
{
    struct tls_options server = asking_server(), client = known_broker();
    (void)state;
    server.revoked = tls_path("revoked.pem");
    certificate_write_revoked(server.revoked, &tls_ca, &tls_broker);
    meet(&server, &client);
    converse();
    assert_hears(SERVER, "the peer's certificate: certificate revoked");
    assert_hears(CLIENT, "the peer refuses: certificate revoked");
    part();
    certificate_write_revoked(server.revoked, &tls_ca, &tls_server);
    meet(&server, &client);
    converse();
    assert_open();
    part();
}

/* Its own list is missing: nobody knows whether the certificate is still good. */
static void without_a_list_of_its_ca_it_is_refused(void **state)
{
    struct tls_options server = asking_server(), client = known_broker();
    (void)state;
    server.revoked = tls_path("revoked.pem");
    certificate_write_revoked(server.revoked, &tls_other_ca, NULL);
    meet(&server, &client);
    converse();
    assert_hears(SERVER, "the peer's certificate: unable to get certificate CRL");
    part();
}

static void a_client_knows_whom_it_has_called(void **state)
{
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    client.host = "127.0.0.1";
    meet(&server, &client);
    converse();
    assert_open();
    part();
    client.host = "elsewhere.test";
    meet(&server, &client);
    converse();
    assert_hears(CLIENT, "the peer's certificate: hostname mismatch");
    part();
    client.host = "127.0.0.2";
    meet(&server, &client);
    converse();
    assert_hears(CLIENT, "the peer's certificate: IP address mismatch");
    part();
}

static void versions_that_differ_are_told(void **state)
{
    struct writer kind;
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    server.only_1_3 = true;
    meet(&server, &client);
    converse();
    assert_open();
    writer_init(&kind, 0);
    tls_stream_write_kind(talk.streams[SERVER], &kind);
    assert_true(slice_starts(writer_slice(&kind), SLICE("TLSv1.3 TLS_")));
    writer_fini(&kind);
    part();
}

static void a_peer_without_tls_is_told_apart(void **state)
{
    static const char *const words[] = { "8=FIX.4.4\0019=65\00135=A\00134=1\001",
                                         "GET / HTTP/1.1\r\nHost: x\r\n\r\n" };
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        meet(&server, &client);
        writer_reset(&talk.wires[CLIENT]);
        writer_text(&talk.wires[CLIENT], words[i]);
        carry(CLIENT, SIZE_MAX);
        assert_hears(SERVER, "the peer does not speak TLS");
        part();
    }
}

static void the_last_word_is_noticed(void **state)
{
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    meet(&server, &client);
    converse();
    put(CLIENT, "bye");
    tls_stream_end(talk.streams[CLIENT], &talk.wires[CLIENT]);
    converse();
    assert_slice_equal(writer_slice(&talk.plain[SERVER]), "bye");
    assert_true(tls_stream_ended(talk.streams[SERVER]));
    assert_false(talk.failed[SERVER]);
    part();
}

static void one_changed_bit_ends_it(void **state)
{
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    meet(&server, &client);
    converse();
    tls_stream_put(talk.streams[CLIENT], SLICE("pay 100"), &talk.wires[CLIENT]);
    ((char *)writer_slice(&talk.wires[CLIENT]).at)[8] ^= 1;
    converse();
    assert_hears(SERVER, "decryption failed or bad record mac");
    assert_int_equal(talk.plain[SERVER].used, 0);
    part();
}

/* Whatever comes first from somebody unknown is bounded and does no harm. */
static void noise_is_refused(void **state)
{
    struct tls_options server = tls_server_options(), client = tls_client_options();
    (void)state;
    for (unsigned seed = 1; seed < 300; seed++) {
        char noise[600];
        unsigned value = seed;
        meet(&server, &client);
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (char)((value = value * 1103515245 + 12345) >> 16);
        noise[0] = 22; /* a handshake record, to get further */
        noise[1] = 3;
        writer_reset(&talk.wires[CLIENT]);
        writer_bytes(&talk.wires[CLIENT], (struct slice){ noise, sizeof noise });
        carry(CLIENT, SIZE_MAX);
        assert_false(tls_stream_open(talk.streams[SERVER]));
        part();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_both_ways_however_they_are_cut),
        cmocka_unit_test(much_goes_through_in_one_piece),
        cmocka_unit_test(a_client_may_be_asked_who_it_is),
        cmocka_unit_test(without_a_certificate_it_is_refused),
        cmocka_unit_test(one_of_another_ca_is_refused),
        cmocka_unit_test(an_expired_one_is_refused),
        cmocka_unit_test(one_that_is_not_valid_yet_is_refused),
        cmocka_unit_test(a_revoked_one_is_refused_and_another_is_not),
        cmocka_unit_test(without_a_list_of_its_ca_it_is_refused),
        cmocka_unit_test(a_client_knows_whom_it_has_called),
        cmocka_unit_test(versions_that_differ_are_told),
        cmocka_unit_test(a_peer_without_tls_is_told_apart),
        cmocka_unit_test(the_last_word_is_noticed),
        cmocka_unit_test(one_changed_bit_ends_it),
        cmocka_unit_test(noise_is_refused),
    };
    return cmocka_run_group_tests(tests, tls_make_files, tls_remove_files);
}
