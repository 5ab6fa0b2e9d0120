/* The sample messages of the reference folder: valid ones are taken, faulty
   ones are refused as their index says. */
#include "shipped.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ROOM = 512,
    COLUMN_COUNT = 10,
};

/* The columns of one line of an index; good while the text is. */
static size_t split(char *line, char **columns, size_t most)
{
    size_t count = 0;
    while (count < most && line != NULL) {
        columns[count++] = line;
        line = strchr(line, '\t');
        if (line != NULL)
            *line++ = '\0';
    }
    return count;
}

/* What the codec says of a file: "VALID", "GARBLED", "PARTIAL" or "373/371". */
static const char *verdict_of(struct shipped *shipped, struct slice bytes)
{
    static char verdict[64];
    const struct fix_fault *fault;
    struct fix_frame frame;
    bool noise = false;
    while (fix_frame_find(bytes, 65536, &frame, &fault) == FIX_FRAME_GARBLED) {
        bytes = slice_after(bytes, frame.bytes.size);
        noise = true;
    }
    if (fix_frame_find(bytes, 65536, &frame, &fault) == FIX_FRAME_PARTIAL)
        return noise ? "GARBLED" : "PARTIAL";
    shipped->message =
        (struct fix_message){ .fields = shipped->fields, .room = SHIPPED_FIELD_COUNT_MAX };
    bool valid =
        fix_message_parse(&shipped->message, &frame, shipped->dictionary, &shipped->finding);
    if (valid && shipped->message.type == NULL)
        return "11/35";
    valid =
        valid && fix_message_validate(&shipped->message, shipped->dictionary, &shipped->finding);
    if (valid)
        return "VALID";
    if (shipped->finding.fault->answer == FIX_ANSWER_IGNORE)
        return "GARBLED";
    snprintf(verdict, sizeof verdict, "%d/%u", shipped->finding.fault->reason,
             shipped->finding.tag);
    return verdict;
}

/* The number behind "key=" in a reply, -1: none. */
static int number_in(const char *reply, const char *key)
{
    const char *found = strstr(reply, key);
    return found == NULL ? -1 : (int)strtol(found + strlen(key), NULL, 10);
}

/* What the index allows for faults that a codec without a session can see. */
static void check_malformed(struct shipped *shipped, const char *folder, char **columns)
{
    char path[ROOM], expected[64];
    snprintf(path, sizeof path, "%s/%s", folder, columns[0]);
    struct slice bytes = kit_read_file(path);
    const char *verdict = verdict_of(shipped, bytes);
    const char *class = columns[5];
    if (strcmp(class, "GARBLED") == 0) {
        /* One that is cut off waits for what comes behind it, which then starts anew. */
        if (strcmp(verdict, "PARTIAL") != 0)
            assert_string_equal(verdict, "GARBLED");
    } else if (strcmp(class, "REJECT") == 0 && strcmp(verdict, "VALID") != 0) {
        snprintf(expected, sizeof expected, "%d/%d", number_in(columns[6], "373="),
                 number_in(columns[6], "371="));
        assert_string_equal(verdict, expected);
    } else if (strcmp(columns[0], "M46_seq_missing.fix") == 0) {
        assert_string_equal(verdict, "1/34");
    } else {
        assert_string_equal(verdict, "VALID");
    }
    kit_free_file(bytes);
}

static void faulty_samples_are_refused_as_their_index_says(void **state)
{
    const char *shared = kit_shared(__func__);
    char folder[ROOM - 64], path[ROOM], *columns[COLUMN_COUNT], *rest = NULL;
    size_t seen = 0;
    if (shared == NULL)
        skip();
    snprintf(folder, sizeof folder, "%s/fix/samples/malformed", shared);
    snprintf(path, sizeof path, "%s/index.tsv", folder);
    struct slice index = kit_read_file(path);
    for (char *line = strtok_r((char *)index.at, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (split(line, columns, COLUMN_COUNT) < 7 || strcmp(columns[1], "FIX.4.4") != 0)
            continue;
        check_malformed(*state, folder, columns);
        seen++;
    }
    assert_true(seen > 40);
    kit_free_file(index);
}

/* Faults that only a session can see: PossDup without OrigSendingTime, a gap
   fill backwards.  All other rejects are seen here. */
static void only_the_sessions_own_rejects_are_left_to_it(void **state)
{
    static const char *const rejected_here[] = { "M13", "M15", "M16", "M17", "M18", "M19", "M20",
                                                 "M21", "M23", "M24", "M25", "M26", "M27", "M29",
                                                 "M30", "M31", "M32", "M33", "M34" };
    const char *shared = kit_shared(__func__);
    char folder[ROOM - 64];
    size_t seen = 0;
    if (shared == NULL)
        skip();
    snprintf(folder, sizeof folder, "%s/fix/samples/malformed", shared);
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        for (size_t i = 0; i < sizeof rejected_here / sizeof rejected_here[0]; i++) {
            char path[ROOM + 256];
            if (strncmp(entry->d_name, rejected_here[i], 3) != 0)
                continue;
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            struct slice bytes = kit_read_file(path);
            assert_non_null(strchr(verdict_of(*state, bytes), '/'));
            kit_free_file(bytes);
            seen++;
        }
    }
    assert_int_equal(seen, sizeof rejected_here / sizeof rejected_here[0]);
    closedir(directory);
}

static void valid_samples_of_our_messages_are_taken(void **state)
{
    const char *shared = kit_shared(__func__);
    struct shipped *shipped = *state;
    char path[ROOM], *columns[COLUMN_COUNT], *rest = NULL;
    size_t taken = 0;
    if (shared == NULL)
        skip();
    snprintf(path, sizeof path, "%s/fix/samples/valid/index.tsv", shared);
    struct slice index = kit_read_file(path);
    for (char *line = strtok_r((char *)index.at, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (split(line, columns, COLUMN_COUNT) < 3 || strcmp(columns[1], "FIX.4.4") != 0 ||
            fix_dictionary_message(shipped->dictionary, slice_of(columns[2])) == NULL)
            continue;
        snprintf(path, sizeof path, "%s/fix/samples/valid/%s", shared, columns[0]);
        struct slice bytes = kit_read_file(path);
        assert_string_equal(verdict_of(shipped, bytes), "VALID");
        kit_free_file(bytes);
        taken++;
    }
    assert_true(taken > 40);
    kit_free_file(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_samples_are_refused_as_their_index_says),
        cmocka_unit_test(only_the_sessions_own_rejects_are_left_to_it),
        cmocka_unit_test(valid_samples_of_our_messages_are_taken),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
