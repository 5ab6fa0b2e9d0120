/* Masks what is inside the braces of calls, and splits calls. */
#include "config/yaml_call.h"

#include "codecs/base/writer.h"

enum {
    CALL_SIZE_MAX = 4096, /* how far a closing brace is looked for */
    MASK_SIZE = 3,
};

/* The noncharacters U+FDD0 and U+FDD1. */
static const struct {
    char plain;
    char mask[MASK_SIZE + 1];
} masks[] = { { ':', "\xef\xb7\x90" }, { '#', "\xef\xb7\x91" } };

enum { MASK_COUNT = sizeof masks / sizeof masks[0] };

static bool is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_';
}

static size_t skip_blanks(struct slice text, size_t at)
{
    while (at < text.size && text.at[at] == ' ')
        at++;
    return at;
}

/* Behind the word and the blanks at the start of text is an opening brace:
   where; else 0. */
static size_t find_brace(struct slice text)
{
    size_t word = 0;
    while (word < text.size && is_word(text.at[word]))
        word++;
    size_t at = skip_blanks(text, word);
    return word > 0 && at < text.size && text.at[at] == '{' ? at : 0;
}

static size_t skip_quoted(struct slice text, size_t at)
{
    char quote = text.at[at++];
    while (at < text.size && text.at[at] != quote)
        at += text.at[at] == '\\' && quote == '"' ? 2 : 1;
    return at;
}

/* text starts with an opening brace: the size up to and with the one that
   closes it; 0: there is none. */
static size_t braces_size(struct slice text)
{
    unsigned depth = 0;
    if (text.size > CALL_SIZE_MAX)
        text.size = CALL_SIZE_MAX;
    for (size_t at = 0; at < text.size; at++) {
        if (text.at[at] == '"' || text.at[at] == '\'')
            at = skip_quoted(text, at);
        else if (text.at[at] == '{')
            depth++;
        else if (text.at[at] == '}' && --depth == 0)
            return at + 1;
    }
    return 0;
}

/* The arguments of the first call behind text's byte *at, in braces; absent:
   none.  A call is what follows the first ": " of a line. */
static struct slice next_arguments(struct slice text, size_t *at)
{
    while (*at < text.size) {
        const char *end = memchr(text.at + *at, '\n', text.size - *at);
        size_t line_end = end == NULL ? text.size : (size_t)(end - text.at);
        struct slice line = { text.at + *at, line_end - *at };
        const char *colon = memmem(line.at, line.size, ": ", 2);
        *at = line_end + 1;
        if (colon == NULL)
            continue;
        size_t value = skip_blanks(text, (size_t)(colon - text.at) + 1);
        size_t brace = find_brace((struct slice){ text.at + value, line_end - value });
        size_t size = brace == 0 ? 0 : braces_size(slice_after(text, value + brace));
        if (size == 0)
            continue;
        *at = value + brace + size;
        return (struct slice){ text.at + value + brace, size };
    }
    return SLICE_NONE;
}

static void write_masked(struct slice arguments, struct writer *writer)
{
    for (size_t i = 0; i < arguments.size; i++) {
        size_t mask = 0;
        while (mask < MASK_COUNT && masks[mask].plain != arguments.at[i])
            mask++;
        if (mask < MASK_COUNT)
            writer_text(writer, masks[mask].mask);
        else
            writer_char(writer, arguments.at[i]);
    }
}

struct slice yaml_call_mask(struct slice text, struct arena *arena)
{
    struct writer writer;
    size_t at = 0, written = 0;
    struct slice arguments = next_arguments(text, &at);
    if (arguments.at == NULL)
        return text;
    writer_init(&writer, 0);
    for (; arguments.at != NULL; arguments = next_arguments(text, &at)) {
        size_t start = (size_t)(arguments.at - text.at);
        writer_bytes(&writer, (struct slice){ text.at + written, start - written });
        write_masked(arguments, &writer);
        written = start + arguments.size;
    }
    writer_bytes(&writer, slice_after(text, written));
    struct slice masked = arena_copy(arena, writer_slice(&writer));
    writer_fini(&writer);
    return masked;
}

/* The mask that text starts with; MASK_COUNT: none. */
static size_t starting_mask(struct slice text)
{
    size_t mask = 0;
    while (mask < MASK_COUNT && !slice_starts(text, slice_of(masks[mask].mask)))
        mask++;
    return mask;
}

bool yaml_call_has_mask(struct slice text)
{
    for (size_t mask = 0; mask < MASK_COUNT; mask++) {
        if (memmem(text.at, text.size, masks[mask].mask, MASK_SIZE) != NULL)
            return true;
    }
    return false;
}

struct slice yaml_call_unmask(struct slice text, struct arena *arena)
{
    if (text.size == 0 || !yaml_call_has_mask(text))
        return text;
    char *plain = arena_take(arena, text.size + 1);
    size_t size = 0;
    while (text.size > 0) {
        size_t mask = starting_mask(text);
        const char *byte = mask < MASK_COUNT ? &masks[mask].plain : text.at;
        plain[size++] = *byte;
        text = slice_after(text, mask < MASK_COUNT ? MASK_SIZE : 1);
    }
    return (struct slice){ plain, size };
}

bool yaml_call_split(struct slice text, struct slice *word, struct slice *arguments)
{
    size_t brace = find_brace(text);
    if (brace == 0 || text.at[text.size - 1] != '}')
        return false;
    *arguments = slice_after(text, brace);
    *word = text;
    for (word->size = 0; is_word(text.at[word->size]);)
        word->size++;
    return true;
}
