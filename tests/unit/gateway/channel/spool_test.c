#include "gateway/channel/spool.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/ops/folder.h"
#include "kit/kit.h"

#define ALL_FOLDERS (SPOOL_OUT | SPOOL_IN | SPOOL_DONE | SPOOL_REFUSED)

static char root[64];
static struct spool spool;
static struct error error;

static const char *at(const char *name)
{
    static char path[300];

    snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(at(name), "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void expect_file(const char *name, const char *text)
{
    struct slice bytes = kit_read_file(at(name));

    assert_slice_equal(bytes, text);
    kit_free_file(bytes);
}

static bool exists(const char *name)
{
    struct stat found;

    return lstat(at(name), &found) == 0;
}

static size_t count_files(const char *folder)
{
    DIR *directory = opendir(at(folder));
    size_t count = 0;

    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_type != DT_DIR;
    closedir(directory);
    return count;
}

/* The entry as a scan sees it. */
static struct spool_entry entry_of(const char *name)
{
    static struct spool_listing listing;

    spool_listing_fini(&listing);
    assert_true(spool_list(&spool, &listing, &error));
    for (size_t i = 0; i < listing.count; i++)
        if (strcmp(listing.at[i].name, name) == 0)
            return listing.at[i];
    return (struct spool_entry){ .name = NULL };
}

static int open_spool(void **state)
{
    (void)state;
    strcpy(root, "/tmp/penstock-spool-XXXXXX");
    return mkdtemp(root) != NULL && spool_open(&spool, root, ALL_FOLDERS, &error) ? 0 : -1;
}

static int remove_spool(void **state)
{
    char command[128];

    (void)state;
    entry_of("");
    spool_close(&spool);
    snprintf(command, sizeof command, "rm -r %s", root);
    return system(command);
}

static void missing_folders_are_made(void **state)
{
    struct spool deep;

    (void)state;
    assert_true(spool_open(&deep, at("one/two/three"), ALL_FOLDERS, &error));
    assert_true(exists("one/two/three/out") && exists("one/two/three/in") &&
                exists("one/two/three/done") && exists("one/two/three/refused"));
    spool_close(&deep);
}

static void a_folder_that_is_a_file_is_an_error(void **state)
{
    struct spool other;

    (void)state;
    write_file("file", "x");
    assert_false(spool_open(&other, at("file"), SPOOL_OUT, &error));
    assert_ptr_equal(error.kind, &folder_fault);
}

static void only_the_folders_that_are_used_are_opened(void **state)
{
    struct spool some;

    (void)state;
    assert_true(spool_open(&some, at("some"), SPOOL_DONE | SPOOL_IN, &error));
    assert_true(exists("some/in") && exists("some/done"));
    assert_false(exists("some/out") || exists("some/refused"));
    assert_true(some.in >= 0 && some.done >= 0);
    assert_true(some.out < 0 && some.refused < 0);
    assert_int_equal(some.openings, 1);
    assert_true(spool_refresh(&some, &error));
    assert_int_equal(some.openings, 1);
    spool_close(&some);
    spool_close(&(struct spool){ 0 });
}

static bool put(struct slice name, struct slice bytes)
{
    int file;

    return spool_put_begin(&spool, name, bytes, &file, &error) &&
           spool_put_end(&spool, name, file, &error);
}

static void what_is_begun_has_no_name_yet(void **state)
{
    int first, second;

    (void)state;
    assert_true(spool_put_begin(&spool, SLICE("PSTK-1"), SLICE("<a/>"), &first, &error));
    assert_true(spool_put_begin(&spool, SLICE("PSTK-2"), SLICE("<b/>"), &second, &error));
    assert_false(exists("out/PSTK-1.xml") || exists("out/PSTK-2.xml"));
    assert_true(spool_put_end(&spool, SLICE("PSTK-1"), first, &error));
    expect_file("out/PSTK-1.xml", "<a/>");
    assert_false(exists("out/PSTK-2.xml"));
    assert_true(spool_put_end(&spool, SLICE("PSTK-2"), second, &error));
    expect_file("out/PSTK-2.xml", "<b/>");
}

static void what_cannot_get_its_name_leaves_nothing(void **state)
{
    int file;

    (void)state;
    assert_int_equal(mkdir(at("out/PSTK-1.xml"), 0770), 0);
    assert_true(spool_put_begin(&spool, SLICE("PSTK-1"), SLICE("<a/>"), &file, &error));
    assert_false(spool_put_end(&spool, SLICE("PSTK-1"), file, &error));
    assert_ptr_equal(error.kind, &spool_fault);
    assert_int_equal(count_files("out"), 0);
}

static void what_goes_out_has_its_id_as_name_and_nothing_else_is_left(void **state)
{
    (void)state;
    assert_true(put(SLICE("PSTK-1"), SLICE("<a/>")));
    expect_file("out/PSTK-1.xml", "<a/>");
    assert_int_equal(count_files("out"), 1);
}

static void a_repeat_overwrites_itself(void **state)
{
    (void)state;
    assert_true(put(SLICE("PSTK-1"), SLICE("<a/>")));
    assert_true(put(SLICE("PSTK-1"), SLICE("<a/>")));
    expect_file("out/PSTK-1.xml", "<a/>");
    assert_int_equal(count_files("out"), 1);
}

static void a_name_that_leaves_the_folder_is_refused(void **state)
{
    static const struct slice names[] = {
        { "../x", 4 }, { "a/b", 3 }, { ".x", 2 }, { "", 0 }, { "a\0b", 3 }
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_false(put(names[i], SLICE("x")));
    assert_int_equal(count_files("out"), 0);
}

static void dot_files_and_tmp_files_are_not_seen(void **state)
{
    (void)state;
    write_file("in/.hidden.xml", "x");
    write_file("in/half.tmp", "x");
    write_file("in/b.xml", "x");
    write_file("in/a.xml", "x");
    struct spool_listing listing;
    assert_true(spool_list(&spool, &listing, &error));
    assert_int_equal(listing.count, 2);
    assert_string_equal(listing.at[0].name, "a.xml");
    assert_string_equal(listing.at[1].name, "b.xml");
    spool_listing_fini(&listing);
}

static void only_regular_files_count_as_such(void **state)
{
    (void)state;
    write_file("outside", "secret");
    char target[300];
    snprintf(target, sizeof target, "%s", at("outside"));
    assert_int_equal(symlink(target, at("in/link.xml")), 0);
    assert_int_equal(mkfifo(at("in/pipe.xml"), 0600), 0);
    assert_int_equal(mkdir(at("in/folder.xml"), 0700), 0);
    assert_false(entry_of("link.xml").regular);
    assert_false(entry_of("pipe.xml").regular);
    assert_false(entry_of("folder.xml").regular);
}

static enum spool_verdict read_it(const char *name, struct spool_stamp stamp, size_t size_max,
                                  const char *expected)
{
    struct writer bytes;

    writer_init(&bytes, 0);
    enum spool_verdict verdict = spool_read(&spool, name, &stamp, size_max, &bytes, &error);
    if (verdict == SPOOL_WHOLE)
        assert_slice_equal(writer_slice(&bytes), expected);
    writer_fini(&bytes);
    return verdict;
}

static void a_file_is_read_as_it_was_seen_or_not_at_all(void **state)
{
    (void)state;
    write_file("in/a.xml", "<a/>");
    struct spool_stamp stamp = entry_of("a.xml").stamp;
    assert_int_equal(read_it("a.xml", stamp, 100, "<a/>"), SPOOL_WHOLE);
    assert_int_equal(read_it("a.xml", stamp, 4, "<a/>"), SPOOL_WHOLE);
    assert_int_equal(read_it("a.xml", stamp, 3, ""), SPOOL_TOO_LARGE);
    write_file("in/a.xml", "<longer/>");
    assert_int_equal(read_it("a.xml", stamp, 100, ""), SPOOL_CHANGED);
    assert_int_equal(read_it("gone.xml", stamp, 100, ""), SPOOL_CHANGED);
}

static void a_file_of_any_look_is_read_and_its_look_is_told(void **state)
{
    struct writer bytes;
    struct spool_stamp stamp = SPOOL_ANY;

    (void)state;
    write_file("in/a.xml", "<a/>");
    writer_init(&bytes, 0);
    assert_int_equal(spool_read(&spool, "a.xml", &stamp, 100, &bytes, &error), SPOOL_WHOLE);
    assert_slice_equal(writer_slice(&bytes), "<a/>");
    assert_true(spool_stamp_equal(stamp, entry_of("a.xml").stamp));
    assert_int_equal(mkdir(at("in/folder.xml"), 0770), 0);
    assert_int_equal(read_it("folder.xml", SPOOL_ANY, 100, ""), SPOOL_CHANGED);
    writer_fini(&bytes);
}

static void a_link_that_took_the_place_of_a_file_is_not_followed(void **state)
{
    (void)state;
    write_file("in/a.xml", "<a/>");
    struct spool_stamp stamp = entry_of("a.xml").stamp;
    char target[300];
    snprintf(target, sizeof target, "%s", at("elsewhere"));
    assert_int_equal(rename(at("in/a.xml"), target), 0);
    assert_int_equal(symlink(target, at("in/a.xml")), 0);
    assert_int_equal(read_it("a.xml", stamp, 100, ""), SPOOL_CHANGED);
}

static void file_it(const char *name, const char *refusal)
{
    assert_true(spool_file(&spool, name, entry_of(name).stamp, slice_of(refusal), &error));
    assert_true(spool_sync_filed(&spool, true, true, &error));
}

static void a_file_that_was_taken_moves_to_done(void **state)
{
    (void)state;
    write_file("in/a.xml", "first");
    file_it("a.xml", NULL);
    expect_file("done/a.xml", "first");
    assert_false(exists("in/a.xml"));
}

static void a_file_that_was_refused_has_its_reason_beside_it(void **state)
{
    (void)state;
    write_file("in/a.xml", "bad");
    file_it("a.xml", "not XML");
    expect_file("refused/a.xml", "bad");
    expect_file("refused/a.xml.reason", "not XML\n");
    assert_false(exists("in/a.xml"));
    assert_int_equal(count_files("refused"), 2);
}

static void nothing_is_overwritten(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        char text[16];

        snprintf(text, sizeof text, "file %d", i);
        write_file("in/a.xml", text);
        file_it("a.xml", i == 1 ? NULL : "why");
    }
    expect_file("done/a.xml", "file 1");
    expect_file("refused/a.xml", "file 0");
    expect_file("refused/a.xml.1", "file 2");
    expect_file("refused/a.xml.1.reason", "why\n");
}

static void a_reason_is_written_over_no_document(void **state)
{
    (void)state;
    write_file("in/a.xml.reason", "a document");
    file_it("a.xml.reason", "not XML");
    write_file("in/a.xml", "bad");
    file_it("a.xml", "why");
    expect_file("refused/a.xml.reason.1", "a document");
    expect_file("refused/a.xml.reason.1.reason", "not XML\n");
    expect_file("refused/a.xml.reason", "why\n");
}

static void a_file_that_was_replaced_meanwhile_stays(void **state)
{
    (void)state;
    write_file("in/a.xml", "old");
    struct spool_stamp stamp = entry_of("a.xml").stamp;
    write_file("in/new", "newer");
    char from[300];
    snprintf(from, sizeof from, "%s", at("in/new"));
    assert_int_equal(rename(from, at("in/a.xml")), 0);
    assert_true(spool_file(&spool, "a.xml", stamp, SLICE_NONE, &error));
    expect_file("in/a.xml", "newer");
    assert_false(exists("done/a.xml"));
}

static void a_very_long_name_can_be_filed(void **state)
{
    char name[256], path[300];

    (void)state;
    memset(name, 'n', 255);
    name[255] = '\0';
    snprintf(path, sizeof path, "in/%s", name);
    for (int i = 0; i < 2; i++) {
        write_file(path, "x");
        file_it(name, "why");
    }
    assert_int_equal(count_files("refused"), 4);
}

static void a_folder_that_was_removed_is_made_again(void **state)
{
    (void)state;
    assert_int_equal(rmdir(at("in")), 0);
    assert_int_equal(spool.openings, 1);
    assert_true(spool_refresh(&spool, &error));
    assert_int_equal(spool.openings, 2);
    write_file("in/a.xml", "x");
    assert_non_null(entry_of("a.xml").name);
}

static void a_document_is_whole_when_its_root_element_ends(void **state)
{
    static const char *const whole[] = {
        "<a></a>", "<?xml version=\"1.0\"?>\n<!-- x --><a:b c=\"1\">x</a:b>\n", "<a></a  >\r\n"
    };
    static const char *const cut[] = { "",        " ",        "<",          "<a",       "<a>",
                                       "<a></a",  "<a></b>",  "<a><b></b>", "<ab></b>", "text",
                                       "<?xml?>", "<a></a>x", "<a></a><!--" };

    (void)state;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (!spool_looks_whole(guarded(slice_of(whole[i]))))
            fail_msg("whole: %s", whole[i]);
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++)
        if (spool_looks_whole(guarded(slice_of(cut[i]))))
            fail_msg("cut short: %s", cut[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_spool, remove_spool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(missing_folders_are_made),
        TEST(a_folder_that_is_a_file_is_an_error),
        TEST(only_the_folders_that_are_used_are_opened),
        TEST(what_is_begun_has_no_name_yet),
        TEST(what_cannot_get_its_name_leaves_nothing),
        TEST(what_goes_out_has_its_id_as_name_and_nothing_else_is_left),
        TEST(a_repeat_overwrites_itself),
        TEST(a_name_that_leaves_the_folder_is_refused),
        TEST(dot_files_and_tmp_files_are_not_seen),
        TEST(only_regular_files_count_as_such),
        TEST(a_file_is_read_as_it_was_seen_or_not_at_all),
        TEST(a_file_of_any_look_is_read_and_its_look_is_told),
        TEST(a_link_that_took_the_place_of_a_file_is_not_followed),
        TEST(a_file_that_was_taken_moves_to_done),
        TEST(a_file_that_was_refused_has_its_reason_beside_it),
        TEST(nothing_is_overwritten),
        TEST(a_reason_is_written_over_no_document),
        TEST(a_file_that_was_replaced_meanwhile_stays),
        TEST(a_very_long_name_can_be_filed),
        TEST(a_folder_that_was_removed_is_made_again),
        TEST(a_document_is_whole_when_its_root_element_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
