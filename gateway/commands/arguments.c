/* Reads arguments by a command's table, and writes its help from the same. */
#include "gateway/commands/arguments.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "codecs/base/error.h"

/* ------------------------------------------------------------ help */

static int print_flags(const struct option *option)
{
    int width = option->letter != 0 ? printf("  -%c, ", option->letter) : printf("      ");

    width += printf("--%s", option->name);
    if (option->argument != NULL)
        width += printf(" %s", option->argument);
    return width;
}

static void print_option(const struct option *option)
{
    int width = print_flags(option);

    printf("%*s%s\n", width < 28 ? 28 - width : 2, "", option->what);
}

static void print_help(const struct syntax *syntax)
{
    printf("usage: penstock %s\n\n%s\n\n", syntax->usage, syntax->about);
    if (syntax->notes != NULL)
        printf("%s\n", syntax->notes);
    puts("options:");
    for (const struct option *option = syntax->options; option->name != NULL; option++)
        print_option(option);
    printf("  -h, --help%*sthis text\n", 16, "");
}

enum exit_status usage_error(const char *command, const char *format, ...)
{
    char text[500];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    fprintf(stderr, "penstock %s: %s (see `penstock %s --help`)\n", command, text, command);
    return EXIT_USAGE;
}

/* ------------------------------------------------------------ values */

bool duration_read(const char *text, uint64_t *duration_ms)
{
    static const struct {
        const char *unit;
        uint64_t factor_ms;
    } units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 } };
    size_t digits = strspn(text, "0123456789");
    uint64_t number;

    if (!slice_to_u64((struct slice){ text, digits }, UINT32_MAX, &number))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(text + digits, units[i].unit) == 0) {
            *duration_ms = number * units[i].factor_ms;
            return true;
        }
    }
    return false;
}

static bool take_value(const struct option *option, const char *value, const char **fault)
{
    struct texts *texts = option->target;

    switch (option->kind) {
    case OPTION_FLAG:
        break;
    case OPTION_TEXT:
        *(const char **)option->target = value;
        break;
    case OPTION_TEXTS:
        *fault = "is given too often";
        if (texts->count == TEXTS_MAX)
            return false;
        texts->at[texts->count++] = value;
        break;
    case OPTION_NUMBER:
        *fault = "wants a whole number";
        return slice_to_u64(slice_of(value), UINT32_MAX, option->target);
    case OPTION_DURATION:
        *fault = "wants a time such as 250ms, 5s or 2m";
        return duration_read(value, option->target);
    }
    return true;
}

/* ------------------------------------------------------------ reading */

struct reading {
    const struct syntax *syntax;
    struct arguments *arguments;
    const char *command;
    char **words;
    size_t at, count;
};

static const struct option *find_option(const struct syntax *syntax, struct slice name)
{
    const struct option *option = syntax->options;

    while (option->name != NULL && !slice_is(name, option->name))
        option++;
    return option->name == NULL ? NULL : option;
}

static const struct option *find_letter(const struct syntax *syntax, char letter)
{
    const struct option *option = syntax->options;

    while (option->name != NULL && option->letter != letter)
        option++;
    return option->name == NULL || letter == '\0' ? NULL : option;
}

static bool refuse_unknown(struct reading *reading, const char *word)
{
    const char *names[OPTIONS_MAX];
    size_t count = 0;

    for (const struct option *option = reading->syntax->options; option->name != NULL; option++)
        names[count++] = option->name;
    reading->arguments->status =
        usage_error(reading->command, "there is no option %s%s", word,
                    error_suggestion(slice_of(word + strspn(word, "-")), names, count));
    return false;
}

/* The value behind "=", or the next word. */
static bool take_option(struct reading *reading, const struct option *option, const char *behind)
{
    const char *fault = "takes no value";
    enum exit_status *status = &reading->arguments->status;

    if (option->kind == OPTION_FLAG) {
        *(bool *)option->target = true;
        if (behind != NULL)
            *status = usage_error(reading->command, "--%s %s", option->name, fault);
        return behind == NULL;
    }
    if (behind == NULL && reading->at == reading->count) {
        *status = usage_error(reading->command, "--%s wants %s", option->name, option->argument);
        return false;
    }
    const char *value = behind != NULL ? behind : reading->words[reading->at++];
    if (take_value(option, value, &fault))
        return true;
    *status = usage_error(reading->command, "--%s %s, not \"%s\"", option->name, fault, value);
    return false;
}

static bool read_word(struct reading *reading, char *word)
{
    const struct option *option;
    const char *equals = strchr(word, '=');

    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
        print_help(reading->syntax);
        reading->arguments->status = EXIT_FINE;
        return false;
    }
    if (strncmp(word, "--", 2) == 0) {
        size_t size = equals == NULL ? strlen(word + 2) : (size_t)(equals - word - 2);
        option = find_option(reading->syntax, (struct slice){ word + 2, size });
        equals = equals == NULL ? NULL : equals + 1;
    } else {
        option = word[2] == '\0' ? find_letter(reading->syntax, word[1]) : NULL;
        equals = NULL;
    }
    return option == NULL ? refuse_unknown(reading, word) : take_option(reading, option, equals);
}

static bool check_count(struct reading *reading)
{
    const struct syntax *syntax = reading->syntax;
    size_t count = reading->arguments->word_count;

    if (count >= syntax->word_count_min && count <= syntax->word_count_max)
        return true;
    reading->arguments->status = usage_error(
        reading->command, "%s; usage: penstock %s",
        count < syntax->word_count_min ? "something is missing" : "too many words", syntax->usage);
    return false;
}

bool arguments_read(struct arguments *arguments, const struct syntax *syntax, int count,
                    char **words)
{
    bool only_words = false;

    assert(syntax->options[OPTIONS_MAX - 1].name == NULL);
    *arguments = (struct arguments){ words + 1, 0, EXIT_FINE };
    struct reading reading = { syntax, arguments, words[0], words, 1, (size_t)count };
    while (reading.at < reading.count) {
        char *word = words[reading.at++];

        if (!only_words && strcmp(word, "--") == 0)
            only_words = true;
        else if (only_words || word[0] != '-' || word[1] == '\0')
            arguments->words[arguments->word_count++] = word;
        else if (!read_word(&reading, word))
            return false;
    }
    return check_count(&reading);
}
