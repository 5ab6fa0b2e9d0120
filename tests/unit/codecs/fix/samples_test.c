/* The sample messages of the reference folder: valid ones are taken, faulty
   ones are refused as their index says. */
#include "shipped.h"

#include "kit/fix_samples.h"

#include <stdio.h>

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

/* "373/371" of the reply "35=3|...|371=2812|372=DY|373=1". */
static const char *named_by(struct slice reply)
{
    static char named[64];
    struct slice reason = fix_sample_field(reply, 373), tag = fix_sample_field(reply, 371);
    snprintf(named, sizeof named, "%.*s/%.*s", SLICE_ARG(reason), SLICE_ARG(tag));
    return named;
}

/* What only a session can see is valid here. */
static bool is_the_sessions(struct slice file)
{
    static const char *const names[] = { "M35_possdup_no_orig.fix", "M37_reset_backwards.fix" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(file, names[i]))
            return true;
    return false;
}

static const char *expected_of(const struct fix_sample *sample)
{
    if (slice_is(sample->class, "GARBLED"))
        return "GARBLED";
    if (slice_is(sample->file, "M46_seq_missing.fix"))
        return "1/34";
    return slice_is(sample->class, "REJECT") && !is_the_sessions(sample->file)
               ? named_by(sample->reply)
               : "VALID";
}

static void faulty_samples_are_refused_as_their_index_says(void **state)
{
    struct fix_samples samples;
    struct fix_sample sample;
    fix_samples_open(&samples, "malformed", "FIX.4.4");
    while (fix_samples_next(&samples, &sample)) {
        const char *verdict = verdict_of(*state, sample.bytes);
        /* One that is cut off waits for what comes behind it, which then starts anew. */
        if (strcmp(verdict, "PARTIAL") == 0)
            verdict = "GARBLED";
        if (strcmp(verdict, expected_of(&sample)) != 0)
            fail_msg("%.*s: %s, not %s", SLICE_ARG(sample.file), verdict, expected_of(&sample));
    }
    assert_true(samples.count > 40);
    fix_samples_close(&samples);
}

static void valid_samples_of_our_messages_are_taken(void **state)
{
    struct shipped *shipped = *state;
    struct fix_samples samples;
    struct fix_sample sample;
    size_t taken = 0;
    fix_samples_open(&samples, "valid", "FIX.4.4");
    while (fix_samples_next(&samples, &sample)) {
        if (fix_dictionary_message(shipped->dictionary, sample.msg_type) == NULL)
            continue;
        if (strcmp(verdict_of(shipped, sample.bytes), "VALID") != 0)
            fail_msg("%.*s: not valid", SLICE_ARG(sample.file));
        taken++;
    }
    assert_true(taken > 40);
    fix_samples_close(&samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_samples_are_refused_as_their_index_says),
        cmocka_unit_test(valid_samples_of_our_messages_are_taken),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
