#include "gateway/commands/arguments.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "kit/kit.h"

static bool flag;
static const char *text;
static struct texts texts;
static uint64_t number, duration_ms;
static struct arguments arguments;

static bool read_words(const char *line)
{
    static char copy[200];
    char *words[20];
    int count = 0;
    const struct syntax syntax = {
        .usage = "test",
        .about = "A test.",
        .options = { { "flag", 'f', OPTION_FLAG, NULL, "a flag", &flag },
                     { "text", 't', OPTION_TEXT, "TEXT", "a text", &text },
                     { "texts", 0, OPTION_TEXTS, "TEXT", "several", &texts },
                     { "number", 0, OPTION_NUMBER, "N", "a number", &number },
                     { "duration", 0, OPTION_DURATION, "TIME", "a time", &duration_ms } },
        .word_count_min = 1,
        .word_count_max = 2,
    };

    flag = false;
    text = NULL;
    texts.count = 0;
    number = duration_ms = 0;
    strcpy(copy, line);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
        words[count++] = word;
    return arguments_read(&arguments, &syntax, count, words);
}

static void options_may_stand_anywhere(void **state)
{
    (void)state;
    assert_true(
        read_words("test one -f --text=a=b two --texts x --texts y --number 7 --duration 2s"));
    assert_true(flag);
    assert_string_equal(text, "a=b");
    assert_int_equal(texts.count, 2);
    assert_string_equal(texts.at[1], "y");
    assert_int_equal(number, 7);
    assert_int_equal(duration_ms, 2000);
    assert_int_equal(arguments.word_count, 2);
    assert_string_equal(arguments.words[0], "one");
    assert_string_equal(arguments.words[1], "two");
}

static void a_lone_dash_is_a_word_and_two_end_the_options(void **state)
{
    (void)state;
    assert_true(read_words("test - -t x"));
    assert_string_equal(arguments.words[0], "-");
    assert_true(read_words("test -- --flag"));
    assert_string_equal(arguments.words[0], "--flag");
    assert_false(flag);
}

static void wrong_words_are_usage_errors(void **state)
{
    static const char *const wrong[] = {
        "test",
        "test a b c",
        "test a --flg",
        "test a -x",
        "test a --text",
        "test a --flag=yes",
        "test a --number -1",
        "test a --number x",
        "test a --number 99999999999999999999",
        "test a --duration 2h",
        "test a --duration s",
        "test a -tf",
    };
    int quiet = open("/dev/null", O_WRONLY), before = dup(STDERR_FILENO);

    (void)state;
    dup2(quiet, STDERR_FILENO);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bool read = read_words(wrong[i]);

        if (read || arguments.status != EXIT_USAGE)
            fail_msg("no usage error: %s", wrong[i]);
    }
    dup2(before, STDERR_FILENO);
    close(before);
    close(quiet);
}

static void durations_have_a_unit(void **state)
{
    uint64_t found_ms;

    (void)state;
    assert_true(duration_read("250ms", &found_ms));
    assert_int_equal(found_ms, 250);
    assert_true(duration_read("2m", &found_ms));
    assert_int_equal(found_ms, 120000);
    assert_false(duration_read("250", &found_ms));
    assert_false(duration_read("", &found_ms));
    assert_false(duration_read("-1s", &found_ms));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_may_stand_anywhere),
        cmocka_unit_test(a_lone_dash_is_a_word_and_two_end_the_options),
        cmocka_unit_test(wrong_words_are_usage_errors),
        cmocka_unit_test(durations_have_a_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
