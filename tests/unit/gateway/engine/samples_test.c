/* The malformed FIX.4.4 messages of the reference data against the whole engine:
   each gets the reply that its index asks for, and harms only itself. */
#include "kit/engine_harness.h"

#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS_MAX = 12 };

static const int64_t half_past_nine = SECONDS_NS(1741944600); /* 2025-03-14 */

struct sample {
    char text[600];
    const char
        *columns[COLUMNS_MAX]; /* file, version, type, expected, fault, class, reply, number */
};

static bool split(struct sample *sample, const char *line)
{
    size_t count = 0;
    char *at = sample->text;

    snprintf(sample->text, sizeof sample->text, "%.*s", (int)strcspn(line, "\n"), line);
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        sample->columns[i] = "";
    while (at != NULL && count < COLUMNS_MAX) {
        sample->columns[count++] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    return count > 7;
}

/* The parts of "35=3|45=5|58=(any) then 35=5 then disconnect". */
static void expect_reply(struct harness *harness, const char *reply)
{
    while (*reply != '\0' && strncmp(reply, "disconnect", 10) != 0) {
        const char *end = strstr(reply, " then ");
        size_t size = end == NULL ? strlen(reply) : (size_t)(end - reply);
        char fields[200] = "";
        size_t used = 0;

        for (const char *at = reply; at < reply + size;) {
            size_t field = strcspn(at, "|");
            if (field > (size_t)(reply + size - at))
                field = (size_t)(reply + size - at);
            if (memchr(at, '(', field) == NULL)
                used += (size_t)snprintf(fields + used, sizeof fields - used, "%s%.*s",
                                         used == 0 ? "" : "|", (int)field, at);
            at += field + 1;
        }
        harness_expect(harness, 1, fields);
        reply = end == NULL ? "" : end + 6;
    }
}

static void still_answers(struct harness *harness, uint64_t number)
{
    harness->links[1].next_out = number;
    writer_reset(&harness->links[1].heard);
    harness_say(harness, 1, "35=1|112=still-there|");
    struct slice heard = writer_slice(&harness->links[1].heard);
    if (heard.size == 0 || memmem(heard.at, heard.size, "112=still-there", 15) == NULL)
        fail_msg("nothing is answered any more");
}

static void log_on(struct harness *harness)
{
    harness_logon(harness, 1, "BRKALPHA", 1);
    harness_expect(harness, 1, "35=A");
    for (unsigned i = 0; i < 3; i++)
        harness_say(harness, 1, "35=0|");
}

static void check(const struct sample *sample, struct slice bytes)
{
    static struct harness harness;
    bool first = strcmp(sample->columns[3], "1") == 0;
    bool garbled = strcmp(sample->columns[5], "GARBLED") == 0;

    harness_open_with(&harness, "engine-stricter.yaml");
    harness.now.utc_ns = half_past_nine;
    if (first)
        harness_connect(&harness, 1);
    else
        log_on(&harness);
    harness_say_bytes(&harness, 1, bytes);
    if (strncmp(sample->columns[6], "none", 4) == 0)
        harness_expect_silence(&harness, 1);
    else if (strncmp(sample->columns[6], "DZ for ", 7) == 0)
        harness_expect(&harness, 1, "35=DZ");
    else
        expect_reply(&harness, sample->columns[6]);

    bool ends = strstr(sample->columns[6], "disconnect") != NULL ||
                strcmp(sample->columns[5], "DISCONNECT") == 0;
    if (ends) {
        harness_pass(&harness, 30);
        assert_false(harness.links[1].open);
    } else if (strcmp(sample->columns[5], "RESEND") != 0 &&
               !(garbled && sample->columns[8][0] != '\0')) {
        still_answers(&harness, sample->columns[7][0] == '+' ? 6 : 5);
    }
    harness_close(&harness);
}

static void malformed_ones_get_the_reply_that_their_index_asks_for(void **state)
{
    (void)state;
    const char *shared = kit_shared("samples_test");
    char path[400];
    unsigned checked = 0;
    struct sample sample;

    if (shared == NULL)
        skip();
    snprintf(path, sizeof path, "%s/fix/samples/malformed/index.tsv", shared);
    struct slice index = kit_read_file(path);
    for (const char *line = index.at; line != NULL && *line != '\0';) {
        bool whole = split(&sample, line);
        line = memchr(line, '\n', index.size - (size_t)(line - index.at));
        line = line == NULL ? NULL : line + 1;
        if (!whole || strcmp(sample.columns[1], "FIX.4.4") != 0)
            continue;
        snprintf(path, sizeof path, "%s/fix/samples/malformed/%s", shared, sample.columns[0]);
        print_message("%s\n", sample.columns[0]);
        struct slice bytes = kit_read_file(path);
        check(&sample, bytes);
        kit_free_file(bytes);
        checked++;
    }
    kit_free_file(index);
    assert_true(checked > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_ones_get_the_reply_that_their_index_asks_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
