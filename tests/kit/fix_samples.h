/* The sample FIX messages beside the repository, and what their indexes say of
   each: a valid one has a flow and a direction, a faulty one the answer that it
   must get. */
#ifndef PENSTOCK_TESTS_KIT_FIX_SAMPLES_H
#define PENSTOCK_TESTS_KIT_FIX_SAMPLES_H

#include "codecs/base/slice.h"

/* Named as the columns are; absent: the index has no such column. */
struct fix_sample {
    struct slice file, begin_string, msg_type;
    struct slice flow, direction;
    struct slice next_expected_in, class, reply, inbound_seq;
    struct slice bytes; /* the message itself */
};

struct fix_samples {
    char folder[512];
    const char *version;
    struct slice index, header, rest;
    unsigned count, others; /* seen so far: of the version, and of another */
};

enum { FIX_SAMPLE_ANSWERS_MAX = 8 };

/* What came back for one sample. */
struct fix_sample_answer {
    struct slice sent[FIX_SAMPLE_ANSWERS_MAX];
    unsigned count;
    bool ended; /* the connection was closed */
};

/* kind is "valid" or "malformed".  Only samples of this version are given out;
   skips the test, with a note, when they are not at hand. */
void fix_samples_open(struct fix_samples *samples, const char *kind, const char *version);
/* What *sample points to stays good until the next call. */
bool fix_samples_next(struct fix_samples *samples, struct fix_sample *sample);
/* Notes how many were left out. */
void fix_samples_close(struct fix_samples *samples);

/* One sample by name, as "valid/016_44_DY_withdrawal.fix".  Freed with kit_free_file(). */
struct slice fix_sample_read(const char *name);

/* The value of a tag in such a text; absent: none. */
struct slice fix_sample_field(struct slice fields, uint32_t tag);

/* Does a message have all of "35=3|45=5|58=(any)"?  Of a text in brackets its
   numbers must be there. */
bool fix_sample_has(struct slice message, struct slice fields);

/* Is it what the reply of a faulty sample asks for: these messages, no other, and
   an end where it names one? */
bool fix_sample_allows(const struct fix_sample *sample, const struct fix_sample_answer *answer);

/* The number that is expected behind a faulty sample. */
uint64_t fix_sample_next_in(const struct fix_sample *sample);

#endif
