/* Reads the indexes by the names of their columns, and their replies by the form
   "35=3|45=5 then 35=5 then disconnect". */
#include "kit/fix_samples.h"

#include "kit/fix_text.h"
#include "kit/kit.h"

#include <ctype.h>
#include <stdio.h>

static const struct {
    const char *name;
    size_t member;
} columns[] = {
    { "file", offsetof(struct fix_sample, file) },
    { "begin_string", offsetof(struct fix_sample, begin_string) },
    { "msg_type", offsetof(struct fix_sample, msg_type) },
    { "flow", offsetof(struct fix_sample, flow) },
    { "direction", offsetof(struct fix_sample, direction) },
    { "next_expected_in", offsetof(struct fix_sample, next_expected_in) },
    { "class", offsetof(struct fix_sample, class) },
    { "reply", offsetof(struct fix_sample, reply) },
    { "inbound_seq", offsetof(struct fix_sample, inbound_seq) },
};

/* Takes what is in front of the separator from *rest. */
static struct slice take(struct slice *rest, const char *separator)
{
    const char *found = memmem(rest->at, rest->size, separator, strlen(separator));
    struct slice taken = { rest->at, found == NULL ? rest->size : (size_t)(found - rest->at) };
    *rest = slice_after(*rest, found == NULL ? rest->size : taken.size + strlen(separator));
    return taken;
}

static const char *shared_samples(void)
{
    static char folder[400];
    const char *shared = kit_shared("sample messages");
    if (shared == NULL)
        skip();
    snprintf(folder, sizeof folder, "%s/fix/samples", shared);
    return folder;
}

void fix_samples_open(struct fix_samples *samples, const char *kind, const char *version)
{
    char path[600];
    *samples = (struct fix_samples){ .version = version };
    snprintf(samples->folder, sizeof samples->folder, "%s/%s", shared_samples(), kind);
    snprintf(path, sizeof path, "%s/index.tsv", samples->folder);
    samples->index = samples->rest = kit_read_file(path);
    samples->header = take(&samples->rest, "\n");
}

static void read_row(struct slice header, struct slice line, struct fix_sample *sample)
{
    *sample = (struct fix_sample){ .bytes = SLICE_NONE };
    while (header.size > 0) {
        struct slice name = take(&header, "\t"), value = take(&line, "\t");
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
            if (slice_is(name, columns[i].name))
                memcpy((char *)sample + columns[i].member, &value, sizeof value);
    }
}

static struct slice read_message(const struct fix_samples *samples, struct slice file)
{
    static struct slice message;
    char path[800];
    snprintf(path, sizeof path, "%s/%.*s", samples->folder, SLICE_ARG(file));
    kit_free_file(message);
    message = kit_read_file(path);
    return message;
}

bool fix_samples_next(struct fix_samples *samples, struct fix_sample *sample)
{
    while (samples->rest.size > 0) {
        read_row(samples->header, take(&samples->rest, "\n"), sample);
        if (slice_is(sample->begin_string, samples->version)) {
            sample->bytes = read_message(samples, sample->file);
            samples->count++;
            return true;
        }
        samples->others++;
    }
    return false;
}

void fix_samples_close(struct fix_samples *samples)
{
    print_message("%u samples of %s; %u of other versions left out\n", samples->count,
                  samples->version, samples->others);
    kit_free_file(samples->index);
}

struct slice fix_sample_read(const char *name)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", shared_samples(), name);
    return kit_read_file(path);
}

/* Each number of the words is somewhere in the text. */
static bool has_numbers(struct slice text, struct slice words)
{
    while (words.size > 0) {
        size_t size = 0;
        while (size < words.size && isdigit((unsigned char)words.at[size]))
            size++;
        if (size > 0 && memmem(text.at, text.size, words.at, size) == NULL)
            return false;
        words = slice_after(words, size == 0 ? 1 : size);
    }
    return true;
}

/* The number in front of the next field's value, which is taken from *fields, too. */
static uint32_t take_field(struct slice *fields, struct slice *value)
{
    uint64_t tag;
    *value = take(fields, "|");
    assert_true(slice_to_u64(take(value, "="), UINT32_MAX, &tag));
    return (uint32_t)tag;
}

struct slice fix_sample_field(struct slice fields, uint32_t tag)
{
    struct slice value;
    while (fields.size > 0)
        if (take_field(&fields, &value) == tag)
            return value;
    return SLICE_NONE;
}

bool fix_sample_has(struct slice message, struct slice fields)
{
    while (fields.size > 0) {
        struct slice value;
        uint32_t tag = take_field(&fields, &value);
        struct slice is = fix_text_get(message, tag);
        bool fits =
            slice_starts(value, SLICE("(")) ? has_numbers(is, value) : slice_equal(is, value);
        if (is.size == 0 || !fits)
            return false;
    }
    return true;
}

/* "DZ for ID" is short for its fields. */
static bool is_step(struct slice message, struct slice step)
{
    static const char receipt[] = "DZ for ";
    if (!slice_starts(step, SLICE(receipt)))
        return fix_sample_has(message, step);
    return fix_sample_has(message, SLICE("35=DZ")) &&
           slice_equal(fix_text_get(message, 2812), slice_after(step, sizeof receipt - 1));
}

bool fix_sample_allows(const struct fix_sample *sample, const struct fix_sample_answer *answer)
{
    struct slice reply = sample->reply;
    unsigned count = 0;
    bool ends = false;
    if (slice_starts(reply, SLICE("none")))
        return answer->count == 0 && answer->ended == slice_is(reply, "none, close the connection");
    while (reply.size > 0) {
        struct slice step = take(&reply, " then ");
        if (slice_is(step, "disconnect"))
            ends = true;
        else if (count == answer->count || !is_step(answer->sent[count++], step))
            return false;
    }
    return count == answer->count && ends == answer->ended;
}

uint64_t fix_sample_next_in(const struct fix_sample *sample)
{
    uint64_t number;
    assert_true(slice_to_u64(sample->next_expected_in, 1000, &number));
    return number + slice_is(sample->inbound_seq, "+1");
}
