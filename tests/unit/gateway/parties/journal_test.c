#include "gateway/parties/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kit/kit.h"

static char path[64];
static struct writer story;

static void tell(void *owner, struct slice word, struct slice rest)
{
    (void)owner;
    writer_format(&story, "[%.*s][%.*s]", SLICE_ARG(word), SLICE_ARG(rest));
}

static void open_journal(struct journal *journal)
{
    struct error error;

    writer_reset(&story);
    writer_text(&story, "");
    assert_true(journal_open(journal, path, tell, NULL, &error));
}

static int make_path(void **state)
{
    (void)state;
    strcpy(path, "/tmp/penstock-journal-XXXXXX");
    close(mkstemp(path));
    writer_init(&story, 0);
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    writer_fini(&story);
    return unlink(path);
}

static void lines_come_back_in_the_next_life(void **state)
{
    struct journal journal;

    (void)state;
    open_journal(&journal);
    assert_slice_equal(writer_slice(&story), "");
    journal_write(&journal, 0, "numbers", "%d %d", 5, 7);
    journal_write(&journal, 0, "reset", "-");
    journal_close(&journal);
    open_journal(&journal);
    assert_slice_equal(writer_slice(&story), "[numbers][5 7][reset][-]");
    journal_close(&journal);
}

static void a_line_that_was_cut_short_counts_for_nothing(void **state)
{
    struct journal journal;

    (void)state;
    open_journal(&journal);
    journal_write(&journal, 0, "whole", "1");
    journal_close(&journal);
    int file = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(file, "1970-01-01T00:00:00.000Z in 5 8=F", 33), 33);
    close(file);
    open_journal(&journal);
    journal_write(&journal, 0, "next", "2");
    journal_close(&journal);
    open_journal(&journal);
    assert_slice_equal(writer_slice(&story), "[whole][1][next][2]");
    journal_close(&journal);
}

static void without_a_path_nothing_is_kept(void **state)
{
    struct journal journal;
    struct error error;

    (void)state;
    assert_true(journal_open(&journal, NULL, tell, NULL, &error));
    journal_write(&journal, 0, "word", "rest");
    journal_close(&journal);
}

static void any_bytes_survive_escaping(void **state)
{
    const struct slice bytes = SLICE("8=FIX\00158=a|b\\c\nd\001\\p\\n\\\\");
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    struct slice text = journal_escape(bytes, &arena);
    assert_null(memchr(text.at, '\n', text.size));
    assert_true(slice_equal(journal_unescape(text, &arena), bytes));
    assert_true(slice_equal(journal_escape(SLICE("35=0\001"), &arena), SLICE("35=0|")));
    arena_fini(&arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_path, remove_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_come_back_in_the_next_life),
        TEST(a_line_that_was_cut_short_counts_for_nothing),
        TEST(without_a_path_nothing_is_kept),
        TEST(any_bytes_survive_escaping),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
