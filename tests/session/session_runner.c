/* Plays scenarios against sessions of every version, and prints which hold:
   session_runner [-v VERSION]... SCHEMAS FILE.def...
   The language is described in README.md beside this file. */
#include "codecs/fix/session.h"
#include "session/scenario.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SOH = 1,
    SEEN_MAX = 64,
    KEPT_MAX = 256,
    VERSIONS_MAX = 16,
    NOT_FOR_VERSION = 77, /* exit code of a case */
};

struct kept {
    uint64_t number;
    struct slice bytes;
};

struct seen {
    enum fix_event_kind kind;
    bool keep_only;
    struct slice bytes;
    const struct fix_fault *fault;
};

struct player {
    struct scenario scenario;
    struct fix_dictionary *dictionary;
    struct fix_session_options options;
    struct fix_agreement agreement;
    struct fix_session *session;
    uint64_t next_in, next_out;
    struct writer waiting; /* what the session has not taken yet */
    struct kept kept[KEPT_MAX];
    size_t kept_count;
    struct seen seen[SEEN_MAX];
    size_t seen_first, seen_count;
};

/* What came of a call on the session. */

static void check_sent(struct player *player, struct slice bytes)
{
    struct fix_frame frame;
    const struct fix_fault *fault;
    struct fix_finding finding;
    struct fix_field fields[256];
    struct fix_message message = { .fields = fields, .room = sizeof fields / sizeof *fields };
    if (fix_frame_find(bytes, bytes.size, &frame, &fault) != FIX_FRAME_WHOLE ||
        frame.bytes.size != bytes.size)
        scenario_stop(&player->scenario, "what was sent is not one whole message", SLICE_NONE);
    if (!fix_message_parse(&message, &frame, player->dictionary, &finding) ||
        message.type == NULL || !fix_message_validate(&message, player->dictionary, &finding))
        scenario_stop(&player->scenario, "what was sent is not valid: ",
                      slice_of(finding.fault == NULL ? "MsgType" : finding.fault->name));
    scenario_compare(&player->scenario, bytes, SLICE("49=PENSTOCK|56=BRKALPHA|52=now"));
    scenario_compare(
        &player->scenario, bytes,
        arena_format(&player->scenario.arena, "8=%s", player->scenario.version->begin_string));
}

/* As the store answers a replay. */
static void replay(struct player *player, uint64_t first, uint64_t last)
{
    for (size_t i = 0; i < player->kept_count; i++)
        if (player->kept[i].number >= first && player->kept[i].number <= last)
            fix_session_replay(player->session, player->kept[i].number, player->kept[i].bytes,
                               player->scenario.now);
    fix_session_replay(player->session, last, SLICE_NONE, player->scenario.now);
}

static void keep(struct player *player, const struct seen *seen, uint64_t number)
{
    if (player->kept_count == KEPT_MAX)
        scenario_stop(&player->scenario, "more messages than a scenario should need", SLICE_NONE);
    player->kept[player->kept_count++] = (struct kept){ number, seen->bytes };
}

static void see(struct player *player, const struct fix_event *event)
{
    struct seen seen = { .kind = event->kind };
    if (event->kind == FIX_EVENT_SEND) {
        check_sent(player, event->send.bytes);
        seen.bytes = arena_copy(&player->scenario.arena, event->send.bytes);
        seen.keep_only = event->send.keep_only;
        if (event->send.application && !event->send.repeat)
            keep(player, &seen, event->send.number);
    }
    if (event->kind == FIX_EVENT_DELIVER)
        seen.bytes = arena_copy(&player->scenario.arena, event->deliver.message->bytes);
    if (event->kind == FIX_EVENT_FAULT)
        seen.fault = event->fault.fault;
    if (event->kind == FIX_EVENT_END)
        seen.fault = event->end.fault;
    if (event->kind == FIX_EVENT_RESET)
        player->kept_count = 0;
    if (player->seen_count == SEEN_MAX)
        scenario_stop(&player->scenario, "more events than one step should have", SLICE_NONE);
    player->seen[player->seen_count++] = seen;
}

static void drain(struct player *player)
{
    struct fix_event event;
    while (fix_session_next(player->session, &event)) {
        if (event.kind == FIX_EVENT_REPLAY)
            replay(player, event.replay.first, event.replay.last);
        else
            see(player, &event);
    }
    player->next_in = fix_session_next_in(player->session);
    player->next_out = fix_session_next_out(player->session);
}

/* Scenarios need not name every fault and logon, but all else. */
static bool must_be_named(const struct seen *seen)
{
    return seen->kind != FIX_EVENT_FAULT && seen->kind != FIX_EVENT_LOGON;
}

static const char *const kind_names[] = {
    [FIX_EVENT_SEND] = "out ",   [FIX_EVENT_DELIVER] = "deliver ", [FIX_EVENT_REPLAY] = "replay",
    [FIX_EVENT_RESET] = "reset", [FIX_EVENT_LOGON] = "logon",      [FIX_EVENT_FAULT] = "fault ",
    [FIX_EVENT_END] = "end ",
};

static void print_seen(const struct seen *seen)
{
    printf("    %s", seen->keep_only ? "keep " : kind_names[seen->kind]);
    scenario_print(seen->bytes);
    printf("%s\n", seen->fault == NULL ? "" : seen->fault->name);
}

static void quiet(struct player *player)
{
    while (player->seen_first < player->seen_count) {
        const struct seen *seen = &player->seen[player->seen_first++];
        if (must_be_named(seen)) {
            printf("%s:%u: something came that the scenario does not name:\n",
                   player->scenario.path, player->scenario.line);
            print_seen(seen);
            exit(1);
        }
    }
    player->seen_first = player->seen_count = 0;
}

/* The next event of this kind; those that need not be named are passed over. */
static const struct seen *next_seen(struct player *player, enum fix_event_kind kind)
{
    while (player->seen_first < player->seen_count) {
        const struct seen *seen = &player->seen[player->seen_first++];
        if (seen->kind == kind)
            return seen;
        if (must_be_named(seen)) {
            printf("%s:%u: expected %s but this came:\n", player->scenario.path,
                   player->scenario.line, kind_names[kind]);
            print_seen(seen);
            exit(1);
        }
    }
    scenario_stop(&player->scenario, "nothing came; expected ", slice_of(kind_names[kind]));
}

/* The steps. */

static void need_session(struct player *player)
{
    if (player->session == NULL)
        scenario_stop(&player->scenario, "there is no connection", SLICE_NONE);
}

static void do_connect(struct player *player, struct slice rest)
{
    (void)rest;
    fix_session_free(player->session);
    writer_reset(&player->waiting);
    player->options.dictionary = player->dictionary;
    player->session =
        fix_session_new(&player->options, player->next_in, player->next_out, player->scenario.now);
    drain(player);
}

static void feed(struct player *player, struct slice bytes)
{
    size_t size;
    need_session(player);
    writer_bytes(&player->waiting, bytes);
    while (player->waiting.used > 0 &&
           (size = fix_session_feed(player->session, writer_slice(&player->waiting),
                                    player->scenario.now)) > 0) {
        drain(player);
        while (fix_session_catch_up(player->session, player->scenario.now))
            drain(player);
        writer_drop(&player->waiting, size);
    }
}

static void do_peer(struct player *player, struct slice rest)
{
    feed(player, scenario_message(&player->scenario, rest));
}

/* A session that is logged on, and expects and sends these numbers next. */
static void do_session(struct player *player, struct slice rest)
{
    char *behind;
    player->next_in = strtoull(rest.at, &behind, 10) - 1;
    player->next_out = strtoull(behind, NULL, 10) - 1;
    struct slice logon = arena_format(&player->scenario.arena, "35=A|34=%llu|98=0|108=30",
                                      (unsigned long long)player->next_in);
    do_connect(player, SLICE_NONE);
    do_peer(player, logon);
    scenario_compare(&player->scenario, next_seen(player, FIX_EVENT_SEND)->bytes, SLICE("35=A"));
    next_seen(player, FIX_EVENT_LOGON);
}

static void do_drop(struct player *player, struct slice rest)
{
    (void)rest;
    fix_session_free(player->session);
    player->session = NULL;
}

static void do_bytes(struct player *player, struct slice rest)
{
    char *bytes = arena_take(&player->scenario.arena, rest.size + 1);
    for (size_t i = 0; i < rest.size; i++)
        bytes[i] = (char)(rest.at[i] == '|' ? SOH : rest.at[i]);
    feed(player, (struct slice){ bytes, rest.size });
}

static void do_send(struct player *player, struct slice rest)
{
    struct written written;
    struct writer header, body;
    need_session(player);
    scenario_fields(&player->scenario, rest, &written);
    writer_init(&header, 0);
    writer_init(&body, 0);
    for (size_t i = 1; i < written.count; i++) {
        if (scenario_lacks(&player->scenario, written.at[i].tag))
            continue;
        scenario_put(slice_is(written.at[i].tag, "97") ? &header : &body, written.at[i].tag,
                     written.at[i].value);
    }
    uint64_t number = fix_session_send(player->session, written.at[0].value, writer_slice(&header),
                                       writer_slice(&body), player->scenario.now);
    fix_session_prove(player->session, number);
    writer_fini(&header);
    writer_fini(&body);
    drain(player);
}

static void do_logout(struct player *player, struct slice rest)
{
    need_session(player);
    fix_session_logout(player->session, rest, player->scenario.now);
    drain(player);
}

/* Time goes from deadline to deadline, as a loop would let it. */
static void do_wait(struct player *player, struct slice rest)
{
    need_session(player);
    int64_t span = SECONDS_NS(strtol(rest.at, NULL, 10));
    int64_t end = player->scenario.now.steady_ns + span;
    for (;;) {
        int64_t due = fix_session_deadline_ns(player->session);
        int64_t next = due < end ? due : end;
        if (next > player->scenario.now.steady_ns) {
            player->scenario.now.utc_ns += next - player->scenario.now.steady_ns;
            player->scenario.now.steady_ns = next;
        }
        if (due > end)
            return;
        fix_session_tick(player->session, player->scenario.now);
        drain(player);
    }
}

static void do_out(struct player *player, struct slice rest)
{
    const struct seen *seen = next_seen(player, FIX_EVENT_SEND);
    if (seen->keep_only)
        scenario_stop(&player->scenario, "this was only kept: ", rest);
    scenario_compare(&player->scenario, seen->bytes, rest);
}

static void do_keep(struct player *player, struct slice rest)
{
    const struct seen *seen = next_seen(player, FIX_EVENT_SEND);
    if (!seen->keep_only)
        scenario_stop(&player->scenario, "this was sent: ", rest);
    scenario_compare(&player->scenario, seen->bytes, rest);
}

static void do_deliver(struct player *player, struct slice rest)
{
    scenario_compare(&player->scenario, next_seen(player, FIX_EVENT_DELIVER)->bytes, rest);
}

static void do_reset(struct player *player, struct slice rest)
{
    (void)rest;
    next_seen(player, FIX_EVENT_RESET);
}

static void do_logon(struct player *player, struct slice rest)
{
    (void)rest;
    next_seen(player, FIX_EVENT_LOGON);
}

static void do_fault(struct player *player, struct slice rest)
{
    if (!slice_is(rest, next_seen(player, FIX_EVENT_FAULT)->fault->name))
        scenario_stop(&player->scenario, "another fault than ", rest);
}

static void do_end(struct player *player, struct slice rest)
{
    const struct fix_fault *fault = next_seen(player, FIX_EVENT_END)->fault;
    if (!slice_is(rest, fault->name))
        scenario_stop(&player->scenario, "ended otherwise: ", slice_of(fault->name));
}

static void do_numbers(struct player *player, struct slice rest)
{
    char *behind;
    uint64_t in = strtoull(rest.at, &behind, 10), out = strtoull(behind, NULL, 10);
    if (in != player->next_in || out != player->next_out) {
        printf("%s:%u: the numbers are in %llu, out %llu\n", player->scenario.path,
               player->scenario.line, (unsigned long long)player->next_in,
               (unsigned long long)player->next_out);
        exit(1);
    }
}

static void set_precision(struct player *player, enum moment_precision precision)
{
    player->agreement.sending_time_precision = player->scenario.precision = precision;
}

static void do_set(struct player *player, struct slice rest)
{
    struct fix_session_options *options = &player->options;
    struct fix_agreement *agreement = &player->agreement;
    const char *space = memchr(rest.at, ' ', rest.size);
    if (space == NULL)
        scenario_stop(&player->scenario, "set needs a name and a value", SLICE_NONE);
    struct slice name = { rest.at, (size_t)(space - rest.at) };
    struct slice value = slice_after(rest, name.size + 1);
    unsigned number = (unsigned)strtoul(value.at, NULL, 10);
    if (slice_is(name, "role"))
        options->role = slice_is(value, "initiator") ? FIX_INITIATOR : FIX_ACCEPTOR;
    else if (slice_is(name, "in"))
        player->next_in = number;
    else if (slice_is(name, "out"))
        player->next_out = number;
    else if (slice_is(name, "latency"))
        options->latency_max_s = number;
    else if (slice_is(name, "size"))
        options->message_size_max = number;
    else if (slice_is(name, "reset"))
        options->reset_on_logon = number == 1;
    else if (slice_is(name, "proof"))
        options->wants_proof = number == 1;
    else if (slice_is(name, "username"))
        options->username = value;
    else if (slice_is(name, "password"))
        options->password = value;
    else if (slice_is(name, "test-req-id"))
        agreement->test_req_id = value;
    else if (slice_is(name, "last-processed"))
        agreement->last_processed = number == 1;
    else if (slice_is(name, "session-status"))
        agreement->session_status = number == 1;
    else if (slice_is(name, "next-expected"))
        agreement->next_expected = number == 1;
    else if (slice_is(name, "chunk"))
        agreement->resend_chunk = number;
    else if (slice_is(name, "gap-messages"))
        agreement->gap_messages_max = number;
    else if (slice_is(name, "gap-size"))
        agreement->gap_size_max = number;
    else if (slice_is(name, "precision"))
        set_precision(player, (enum moment_precision)number);
    else
        scenario_stop(&player->scenario, "there is nothing to set with this name: ", name);
}

/* What is not checked, as keys of the configuration between blanks. */
static void do_unchecked(struct player *player, struct slice rest)
{
    static const struct {
        const char *name;
        size_t offset;
    } checks[] = {
#define KEY(name, kind, field, ...) { name, offsetof(struct fix_validation, field) },
#include "config/validation_keys.def"
#undef KEY
    };
    char *validation = (char *)&player->agreement.validation;
    for (const char *name = rest.at; *name != '\0'; name += strspn(name, " ")) {
        struct slice key = { name, strcspn(name, " ") };
        size_t row = 0;
        while (row < sizeof checks / sizeof *checks && !slice_is(key, checks[row].name))
            row++;
        if (row == sizeof checks / sizeof *checks)
            scenario_stop(&player->scenario, "no such check: ", key);
        *(bool *)(validation + checks[row].offset) = false;
        name += key.size;
    }
}

/* A key of the session's configuration. */
static void do_key(struct player *player, struct slice rest)
{
    struct fix_sides *sides = &player->options.sides;
    const struct {
        const char *name;
        struct slice *value;
    } keys[] = {
        { "sender-sub-id", &sides->sender.sub_id },
        { "sender-location-id", &sides->sender.location_id },
        { "target-sub-id", &sides->target.sub_id },
        { "target-location-id", &sides->target.location_id },
    };
    struct slice name = { rest.at, strcspn(rest.at, " ") };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!slice_is(name, keys[i].name))
            continue;
        *keys[i].value = slice_after(rest, name.size + 1);
        return;
    }
    scenario_stop(&player->scenario, "no such key: ", name);
}

/* A field that the peer or the case needs. */
static void do_needs(struct player *player, struct slice rest)
{
    if (scenario_lacks(&player->scenario, rest))
        _exit(NOT_FOR_VERSION);
}

/* BeginStrings between blanks. */
static void do_only(struct player *player, struct slice rest)
{
    const char *begin_string = player->scenario.version->begin_string;
    if (memmem(rest.at, rest.size, begin_string, strlen(begin_string)) == NULL)
        _exit(NOT_FOR_VERSION);
}

static const struct step {
    const char *name;
    bool acts; /* what came before must have been named by now */
    void (*play)(struct player *player, struct slice rest);
} steps[] = {
    { "needs", true, do_needs },     { "only", true, do_only },
    { "set", true, do_set },         { "connect", true, do_connect },
    { "session", true, do_session }, { "drop", true, do_drop },
    { "peer", true, do_peer },       { "bytes", true, do_bytes },
    { "send", true, do_send },       { "logout", true, do_logout },
    { "wait", true, do_wait },       { "out", false, do_out },
    { "keep", false, do_keep },      { "deliver", false, do_deliver },
    { "reset", false, do_reset },    { "logon", false, do_logon },
    { "fault", false, do_fault },    { "end", false, do_end },
    { "numbers", true, do_numbers }, { "unchecked", true, do_unchecked },
    { "key", true, do_key },
};

static void play_line(struct player *player, struct slice line)
{
    while (line.size > 0 && isspace((unsigned char)line.at[line.size - 1]))
        line.size--;
    if (line.size == 0 || line.at[0] == '#')
        return;
    line = arena_copy(&player->scenario.arena, line);
    size_t size = strcspn(line.at, " ");
    struct slice verb = { line.at, size };
    struct slice rest = slice_after(line, size == line.size ? size : size + 1);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (!slice_is(verb, steps[i].name))
            continue;
        if (steps[i].acts)
            quiet(player);
        steps[i].play(player, rest);
        return;
    }
    scenario_stop(&player->scenario, "no such step: ", verb);
}

static void play(struct player *player)
{
    char line[1024];
    FILE *file = fopen(player->scenario.path, "r");
    if (file == NULL)
        scenario_stop(&player->scenario, "can't be read", SLICE_NONE);
    while (fgets(line, sizeof line, file) != NULL) {
        player->scenario.line++;
        play_line(player, slice_of(line));
    }
    quiet(player);
    fclose(file);
}

/* One case is a process of its own: what does not hold ends it. */

static struct fix_dictionary *read_dictionary(const char *folder, const char *name)
{
    struct arena arena;
    struct error_list errors;
    struct writer text;
    size_t size_max = 4 << 20;
    arena_init(&arena, ARENA_UNLIMITED);
    const char *path = arena_format(&arena, "%s/fix/%s.xml", folder, name).at;
    char *xml = arena_take(&arena, size_max);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        printf("%s can't be read\n", path);
        exit(1);
    }
    struct fix_dictionary_file source = { { xml, fread(xml, 1, size_max, file) }, name };
    fclose(file);
    error_list_init(&errors, 10);
    struct fix_dictionary *dictionary = fix_dictionary_new(&source, 1, &errors);
    writer_init(&text, 0);
    error_list_write(&errors, &text);
    printf("%.*s", SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
    error_list_fini(&errors);
    arena_fini(&arena);
    if (dictionary == NULL)
        exit(1);
    return dictionary;
}

static void play_case(const struct scenario_version *version, struct fix_dictionary *dictionary,
                      const char *path)
{
    static struct player player;
    struct fix_application application = { .dictionary = dictionary };
    arena_init(&player.scenario.arena, ARENA_UNLIMITED);
    player.scenario.version = version;
    player.scenario.path = path;
    player.dictionary = dictionary;
    player.agreement = fix_agreement_standard;
    player.scenario.precision = fix_agreement_standard.sending_time_precision;
    player.options = (struct fix_session_options){
        .agreement = &player.agreement,
        .role = FIX_ACCEPTOR,
        .sides.sender_comp_id = SCENARIO_GATEWAY,
        .sides.target_comp_id = SCENARIO_PEER,
        .heartbeat_s = 30,
        .heartbeat_max_s = 60,
        .logon_timeout_s = 10,
        .latency_max_s = 120,
        .message_size_max = 4096,
    };
    if (version->appl_ver_id != NULL) {
        application.appl_ver_id = slice_of(version->appl_ver_id);
        player.options.applications = &application;
        player.options.application_count = 1;
    }
    writer_init(&player.waiting, 0);
    player.next_in = player.next_out = 1;
    player.scenario.now.utc_ns = SECONDS_NS(1741944600); /* 2025-03-14 09:30:00 */
    play(&player);
    fix_session_free(player.session);
    writer_fini(&player.waiting);
    arena_fini(&player.scenario.arena);
}

enum outcome { OUTCOME_HOLDS, OUTCOME_FAILS, OUTCOME_NONE };

static enum outcome run_case(const struct scenario_version *version,
                             struct fix_dictionary *dictionary, const char *path)
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        play_case(version, dictionary, path);
        fix_dictionary_free(dictionary);
        exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return OUTCOME_FAILS;
    return WEXITSTATUS(status) == 0                 ? OUTCOME_HOLDS
           : WEXITSTATUS(status) == NOT_FOR_VERSION ? OUTCOME_NONE
                                                    : OUTCOME_FAILS;
}

struct suite {
    const char *folder;
    const struct scenario_version *versions[VERSIONS_MAX];
    size_t version_count;
    char **files;
    size_t file_count;
    enum outcome *outcomes; /* by version, by file */
    size_t counts[3];
};

static void run_version(struct suite *suite, size_t row)
{
    const struct scenario_version *version = suite->versions[row];
    struct fix_dictionary *transport = NULL;
    struct fix_dictionary *dictionary = read_dictionary(suite->folder, version->dictionary);
    if (version->transport != NULL) {
        transport = read_dictionary(suite->folder, version->transport);
        fix_dictionary_ride(dictionary, transport);
    }
    for (size_t i = 0; i < suite->file_count; i++) {
        enum outcome outcome = run_case(version, dictionary, suite->files[i]);
        if (outcome == OUTCOME_FAILS)
            printf("    %s\n", version->name);
        suite->outcomes[row * suite->file_count + i] = outcome;
        suite->counts[outcome]++;
    }
    fix_dictionary_free(dictionary);
    fix_dictionary_free(transport);
}

static struct slice case_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    return (struct slice){ name, strcspn(name, ".") };
}

static void print_table(const struct suite *suite)
{
    static const char *const words[] = { "ok", "FAILS", "-" };
    printf("\n%-34s", "case");
    for (size_t i = 0; i < suite->version_count; i++)
        printf(" %-10s", suite->versions[i]->name);
    putchar('\n');
    for (size_t i = 0; i < suite->file_count; i++) {
        printf("%-34.*s", SLICE_ARG(case_of(suite->files[i])));
        for (size_t j = 0; j < suite->version_count; j++)
            printf(" %-10s", words[suite->outcomes[j * suite->file_count + i]]);
        putchar('\n');
    }
    printf("%zu hold, %zu fail, %zu do not apply\n", suite->counts[OUTCOME_HOLDS],
           suite->counts[OUTCOME_FAILS], suite->counts[OUTCOME_NONE]);
}

static void take_version(struct suite *suite, const char *name)
{
    for (size_t i = 0; i < scenario_version_count; i++)
        if (name == NULL || strcmp(name, scenario_versions[i].name) == 0)
            suite->versions[suite->version_count++] = &scenario_versions[i];
}

int main(int argc, char **argv)
{
    struct suite suite = { .version_count = 0 };
    int option;
    while ((option = getopt(argc, argv, "v:")) == 'v')
        take_version(&suite, optarg);
    if (suite.version_count == 0)
        take_version(&suite, NULL);
    if (option != -1 || argc - optind < 2 || suite.version_count == 0) {
        printf("usage: session_runner [-v VERSION]... SCHEMAS SCENARIO...\n");
        return 2;
    }
    suite.folder = argv[optind];
    suite.files = argv + optind + 1;
    suite.file_count = (size_t)(argc - optind - 1);
    suite.outcomes = calloc(suite.version_count * suite.file_count, sizeof *suite.outcomes);
    for (size_t i = 0; i < suite.version_count; i++)
        run_version(&suite, i);
    print_table(&suite);
    free(suite.outcomes);
    return suite.counts[OUTCOME_FAILS] == 0 && suite.counts[OUTCOME_HOLDS] > 0 ? 0 : 1;
}
