#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/channel/channel.h"
#include "kit/kit.h"

#define SETTLE_MS 150

static char root[64];
static uv_loop_t loop;
static struct channel *channel;
static struct config_channel config;
static struct writer story; /* what the channel told, a line each */

static void tell(const char *what, struct slice name, struct slice more)
{
    writer_format(&story, "%s %.*s %.*s\n", what, SLICE_ARG(name), SLICE_ARG(more));
}

static void tell_document(void *owner, struct slice from, struct slice name, struct slice bytes)
{
    (void)owner;
    assert_slice_equal(from, "bank");
    tell("document", name, bytes);
}

static void tell_took(void *owner, struct slice from, struct slice name)
{
    (void)owner;
    (void)from;
    tell("took", name, SLICE(""));
}

static void tell_not_took(void *owner, struct slice from, struct slice name, struct slice why)
{
    (void)owner;
    (void)from;
    (void)why;
    tell("not-took", name, SLICE(""));
}

static void tell_fault(void *owner, struct slice from, struct slice name, struct slice what)
{
    (void)owner;
    (void)from;
    tell("fault", name, what);
}

static const struct channel_events events = { tell_document, tell_took, tell_not_took, tell_fault };

static const char *at(const char *name)
{
    static char paths[4][300];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, 300, "%s/%s", root, name);
    return path;
}

static bool exists(const char *name)
{
    struct stat found;

    return lstat(at(name), &found) == 0;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(at(name), "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void rename_file(const char *from, const char *to)
{
    char target[300];

    snprintf(target, sizeof target, "%s", at(to));
    assert_int_equal(rename(at(from), target), 0);
}

static void rename_in(const char *name, const char *text)
{
    write_file("outside", text);
    rename_file("outside", name);
}

static void stop_waiting(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

static void run_for(unsigned time_ms)
{
    bool over = false;
    uv_timer_t timer;

    uv_timer_init(&loop, &timer);
    timer.data = &over;
    uv_timer_start(&timer, stop_waiting, time_ms, 0);
    while (!over)
        uv_run(&loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&loop, UV_RUN_NOWAIT);
}

static bool told(const char *text)
{
    return strstr(writer_slice(&story).at, text) != NULL;
}

static size_t count_told(const char *text)
{
    size_t count = 0;

    for (const char *found = writer_slice(&story).at; (found = strstr(found, text)) != NULL;
         found++)
        count++;
    return count;
}

static void wait_until_told(const char *text)
{
    for (int i = 0; i < 300 && !told(text); i++)
        run_for(10);
    if (!told(text))
        fail_msg("never told: %s; but:\n%s", text, writer_slice(&story).at);
}

static void wait_until_there(const char *name)
{
    for (int i = 0; i < 300 && !exists(name); i++)
        run_for(10);
    if (!exists(name))
        fail_msg("never there: %s", name);
}

static int open_channel(void **state)
{
    struct error error;

    (void)state;
    strcpy(root, "/tmp/penstock-channel-XXXXXX");
    if (mkdtemp(root) == NULL)
        return -1;
    config = (struct config_channel){
        .name = SLICE("bank"),
        .directory = slice_of(root),
        .settle_time_ms = SETTLE_MS,
        .scan_interval_ms = 300,
        .limits.total_size_max = 1000,
    };
    writer_init(&story, 0);
    writer_text(&story, "");
    uv_loop_init(&loop);
    channel = channel_directory_open(&loop, &config, &events, NULL, &error);
    return channel == NULL ? -1 : 0;
}

static int close_channel(void **state)
{
    char command[128];

    (void)state;
    channel->operations->close(channel);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    writer_fini(&story);
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

static void what_is_sent_is_told_to_be_taken_once_it_is_there(void **state)
{
    (void)state;
    channel->operations->send(channel, SLICE("PSTK-1"), SLICE("<a></a>"));
    channel->operations->send(channel, SLICE("PSTK-2"), SLICE("<b></b>"));
    wait_until_told("took PSTK-1");
    wait_until_told("took PSTK-2");
    struct slice bytes = kit_read_file(at("out/PSTK-2.xml"));
    assert_slice_equal(bytes, "<b></b>");
    kit_free_file(bytes);
}

static void what_cannot_be_sent_is_told(void **state)
{
    (void)state;
    channel->operations->send(channel, SLICE("../PSTK-1"), SLICE("<a></a>"));
    wait_until_told("not-took ../PSTK-1");
}

static void a_document_that_is_offered_again_at_once_is_there_whole(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        channel->operations->send(channel, SLICE("PSTK-1"), SLICE("<a></a>"));
    for (int i = 0; i < 300 && count_told("took PSTK-1") < 3; i++)
        run_for(10);
    assert_int_equal(count_told("took PSTK-1"), 3);
    struct slice bytes = kit_read_file(at("out/PSTK-1.xml"));
    assert_slice_equal(bytes, "<a></a>");
    kit_free_file(bytes);
    assert_false(exists("out/.PSTK-1.xml.tmp"));
}

/* The last word about something must be the last that the bank sees. */
static void documents_appear_and_are_taken_in_their_order(void **state)
{
    char name[32], line[64];
    struct timespec last = { 0, 0 };
    struct stat found;

    (void)state;
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "PSTK-%03d", i);
        channel->operations->send(channel, slice_of(name), SLICE("<a></a>"));
    }
    wait_until_told("took PSTK-299");
    const char *told_at = writer_slice(&story).at;
    for (int i = 0; i < 300; i++) {
        snprintf(line, sizeof line, "took PSTK-%03d", i);
        told_at = strstr(told_at, line);
        assert_non_null(told_at);
        snprintf(name, sizeof name, "out/PSTK-%03d.xml", i);
        assert_int_equal(stat(at(name), &found), 0); /* its change: the rename */
        assert_true(found.st_ctim.tv_sec > last.tv_sec ||
                    (found.st_ctim.tv_sec == last.tv_sec && found.st_ctim.tv_nsec >= last.tv_nsec));
        last = found.st_ctim;
    }
}

static void what_cannot_be_written_does_not_hold_up_the_others(void **state)
{
    (void)state;
    run_for(50);
    assert_int_equal(mkdir(at("out/PSTK-2.xml"), 0770), 0);
    channel->operations->send(channel, SLICE("PSTK-1"), SLICE("<a></a>"));
    channel->operations->send(channel, SLICE("PSTK-2"), SLICE("<b></b>"));
    channel->operations->send(channel, SLICE("PSTK-3"), SLICE("<c></c>"));
    wait_until_told("took PSTK-1");
    wait_until_told("not-took PSTK-2");
    wait_until_told("took PSTK-3");
    assert_false(exists("out/.PSTK-2.xml.tmp"));
}

static void a_file_that_is_renamed_in_is_taken_at_once(void **state)
{
    (void)state;
    run_for(50);
    rename_in("in/a.xml", "<a></a>");
    run_for(SETTLE_MS - 50);
    assert_true(told("document a.xml <a></a>\n"));
}

static void a_file_that_is_written_in_place_is_taken_when_it_has_settled(void **state)
{
    (void)state;
    write_file("in/a.xml", "<a></a>");
    run_for(SETTLE_MS / 2);
    assert_false(told("document"));
    write_file("in/a.xml", "<a>more</a>");
    run_for(SETTLE_MS / 2);
    assert_false(told("document"));
    wait_until_told("document a.xml <a>more</a>\n");
    assert_int_equal(count_told("document"), 1);
}

static void a_file_that_settled_while_nobody_looked_is_taken_at_once(void **state)
{
    struct error error;

    (void)state;
    channel->operations->close(channel);
    uv_run(&loop, UV_RUN_DEFAULT);
    rename_in("in/a.xml", "<a></a>");
    config.settle_time_ms = 1000; /* opening takes its time on a busy disk */
    usleep(config.settle_time_ms * 1000 + 20000);
    uv_update_time(&loop); /* it has not turned meanwhile */
    channel = channel_directory_open(&loop, &config, &events, NULL, &error);
    assert_non_null(channel);
    run_for(config.settle_time_ms / 2);
    assert_true(told("document a.xml <a></a>\n"));
}

static void a_truncated_document_is_waited_for_longer(void **state)
{
    (void)state;
    write_file("in/a.xml", "<a>half");
    run_for(SETTLE_MS * 4);
    assert_false(told("document"));
    write_file("in/a.xml", "<a>half and half</a>");
    wait_until_told("document a.xml <a>half and half</a>\n");
}

static void a_document_that_stays_truncated_is_given_in_the_end(void **state)
{
    (void)state;
    config.settle_time_ms = 20;
    write_file("in/a.xml", "<a>half");
    wait_until_told("document a.xml <a>half\n");
}

static void a_file_in_flight_is_not_given_twice(void **state)
{
    (void)state;
    rename_in("in/a.xml", "<a></a>");
    wait_until_told("document a.xml");
    run_for(800);
    assert_int_equal(count_told("document"), 1);
}

static void no_more_is_read_while_too_much_is_in_flight(void **state)
{
    char text[901], name[32];

    (void)state;
    snprintf(text, sizeof text, "<a>%0*d</a>", 893, 1);
    for (unsigned i = 0; i < 80; i++) {
        snprintf(name, sizeof name, "in/%u.xml", i);
        rename_in(name, text);
    }
    run_for(300);
    size_t given = count_told("document");
    assert_in_range(given, 1, 79);
    for (unsigned i = 0; i < 80; i++) {
        snprintf(name, sizeof name, "%u.xml", i);
        channel->operations->filed(channel, slice_of(name), SLICE_NONE);
    }
    run_for(300);
    assert_int_equal(count_told("document"), 80);
}

static void a_file_that_is_filed_moves_away_and_its_name_is_free_again(void **state)
{
    (void)state;
    rename_in("in/a.xml", "<a></a>");
    wait_until_told("document a.xml <a></a>");
    channel->operations->filed(channel, SLICE("a.xml"), SLICE_NONE);
    wait_until_there("done/a.xml");
    rename_in("in/a.xml", "<b></b>");
    wait_until_told("document a.xml <b></b>");
    channel->operations->filed(channel, SLICE("a.xml"), SLICE("unknown instruction"));
    wait_until_there("refused/a.xml");
    assert_true(exists("refused/a.xml.reason"));
}

static void filing_what_was_never_given_does_nothing(void **state)
{
    (void)state;
    write_file("in/a.xml", "<a></a>");
    channel->operations->filed(channel, SLICE("a.xml"), SLICE_NONE);
    channel->operations->filed(channel, SLICE("b.xml"), SLICE_NONE);
    run_for(50);
    assert_true(exists("in/a.xml"));
}

static void a_file_over_the_size_limit_is_refused_without_being_given(void **state)
{
    char text[1200];

    (void)state;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    rename_in("in/large.xml", text);
    wait_until_there("refused/large.xml.reason");
    assert_false(told("document large.xml"));
    assert_true(told("fault large.xml"));
}

/* A tebibyte with nothing in it: reading any of it would show. */
static void a_file_of_any_size_is_refused_unread(void **state)
{
    (void)state;
    write_file("outside", "<a>");
    assert_int_equal(truncate(at("outside"), (off_t)1 << 40), 0);
    rename_file("outside", "in/huge.xml");
    wait_until_there("refused/huge.xml.reason");
    assert_true(told("fault huge.xml"));
    struct slice reason = kit_read_file(at("refused/huge.xml.reason"));
    assert_non_null(memmem(reason.at, reason.size, "document-size-max is 1000", 25));
    kit_free_file(reason);
}

static void what_is_no_regular_file_is_told_once_and_left_alone(void **state)
{
    (void)state;
    write_file("secret", "<a></a>");
    assert_int_equal(symlink(at("secret"), at("in/link.xml")), 0);
    assert_int_equal(mkfifo(at("in/pipe.xml"), 0600), 0);
    run_for(800);
    assert_false(told("document"));
    assert_int_equal(count_told("fault link.xml"), 1);
    assert_int_equal(count_told("fault pipe.xml"), 1);
    assert_true(exists("in/link.xml"));
}

static void what_is_no_regular_file_may_be_renamed_in_too(void **state)
{
    char target[300];

    (void)state;
    run_for(50);
    assert_int_equal(mkfifo(at("pipe"), 0600), 0);
    snprintf(target, sizeof target, "%s", at("in/pipe.xml"));
    assert_int_equal(rename(at("pipe"), target), 0);
    run_for(800);
    assert_false(told("document"));
    assert_int_equal(count_told("fault pipe.xml"), 1);
}

static void files_that_are_renamed_in_come_in_the_order_of_the_renames(void **state)
{
    (void)state;
    run_for(50);
    rename_in("in/b.xml", "<b></b>");
    rename_in("in/c.xml", "<c></c>");
    rename_in("in/a.xml", "<a></a>");
    wait_until_told("document b.xml <b></b>\ndocument c.xml <c></c>\ndocument a.xml <a></a>\n");
}

static void a_removed_folder_does_not_stop_the_channel(void **state)
{
    (void)state;
    run_for(50);
    assert_int_equal(rmdir(at("in")), 0);
    wait_until_there("in");
    rename_in("in/a.xml", "<a></a>");
    wait_until_told("document a.xml");
}

static void many_files_all_come_once(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        char name[32];

        snprintf(name, sizeof name, "in/%03d.xml", i);
        rename_in(name, "<a></a>");
    }
    for (int i = 0; i < 300; i++) {
        char name[32], line[64];

        snprintf(name, sizeof name, "%03d.xml", i);
        snprintf(line, sizeof line, "document %s", name);
        wait_until_told(line);
        assert_int_equal(count_told(line), 1);
        channel->operations->filed(channel, slice_of(name), SLICE_NONE);
    }
}

/* A process that lives shortly with much to send must get on. */
static void what_is_done_of_much_is_told_before_the_rest_is_done(void **state)
{
    (void)state;
    char name[32];

    for (int i = 0; i < 140; i++) {
        snprintf(name, sizeof name, "PSTK-%d", i);
        channel->operations->send(channel, slice_of(name), SLICE("<a></a>"));
    }
    while (!told("took PSTK-0 "))
        uv_run(&loop, UV_RUN_ONCE);
    assert_false(exists("out/PSTK-139.xml"));
    wait_until_told("took PSTK-139");
    assert_int_equal(count_told("took"), 140);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_channel, close_channel)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_sent_is_told_to_be_taken_once_it_is_there),
        TEST(what_cannot_be_sent_is_told),
        TEST(a_document_that_is_offered_again_at_once_is_there_whole),
        TEST(documents_appear_and_are_taken_in_their_order),
        TEST(what_cannot_be_written_does_not_hold_up_the_others),
        TEST(a_file_that_is_renamed_in_is_taken_at_once),
        TEST(a_file_that_is_written_in_place_is_taken_when_it_has_settled),
        TEST(a_file_that_settled_while_nobody_looked_is_taken_at_once),
        TEST(a_truncated_document_is_waited_for_longer),
        TEST(a_document_that_stays_truncated_is_given_in_the_end),
        TEST(a_file_in_flight_is_not_given_twice),
        TEST(no_more_is_read_while_too_much_is_in_flight),
        TEST(a_file_that_is_filed_moves_away_and_its_name_is_free_again),
        TEST(filing_what_was_never_given_does_nothing),
        TEST(a_file_over_the_size_limit_is_refused_without_being_given),
        TEST(a_file_of_any_size_is_refused_unread),
        TEST(what_is_no_regular_file_is_told_once_and_left_alone),
        TEST(what_is_no_regular_file_may_be_renamed_in_too),
        TEST(files_that_are_renamed_in_come_in_the_order_of_the_renames),
        TEST(a_removed_folder_does_not_stop_the_channel),
        TEST(many_files_all_come_once),
        TEST(what_is_done_of_much_is_told_before_the_rest_is_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
