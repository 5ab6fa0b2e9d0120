/* What a scenario says: where in its file, when, and its messages.

   A scenario writes messages as fields between |: "35=A|34=1|-43|122=*|52=now".
   A field that the version lacks (versions.def) is left out of what the scenario
   sends, and expected to be absent.
   What does not hold ends the program with the line that says so. */
#ifndef PENSTOCK_TESTS_SESSION_SCENARIO_H
#define PENSTOCK_TESTS_SESSION_SCENARIO_H

#include "codecs/base/arena.h"
#include "codecs/base/moment.h"
#include "codecs/base/writer.h"

enum {
    SCENARIO_FIELDS_MAX = 64,
};

#define SCENARIO_GATEWAY SLICE("PENSTOCK")
#define SCENARIO_PEER    SLICE("BRKALPHA")

struct scenario_version {
    const char *name, *begin_string;
    const char *dictionary, *transport; /* files of schemas/fix; NULL: none */
    const char *appl_ver_id;            /* NULL: not on FIXT */
    const char *other;                  /* BeginString of another version */
    bool plain;                         /* times to the second */
    unsigned reason_max;                /* SessionRejectReason (373) */
    const char *lacks;                  /* tags between blanks */
};

extern const struct scenario_version scenario_versions[];
extern const size_t scenario_version_count;

struct scenario {
    const struct scenario_version *version;
    const char *path;
    unsigned line;
    struct moment now;
    enum moment_precision precision; /* of times, from FIX.4.2 on */
    struct arena arena;
};

/* "35=A", "-43" (absent), "122=*" (any value). */
struct written_field {
    struct slice tag, value;
    bool absent;
};

struct written {
    struct written_field at[SCENARIO_FIELDS_MAX];
    size_t count;
};

_Noreturn void scenario_stop(const struct scenario *scenario, const char *what,
                             struct slice detail);

/* Bytes with | for SOH, on standard output. */
void scenario_print(struct slice bytes);

void scenario_fields(struct scenario *scenario, struct slice text, struct written *written);

/* A message of the peer: what is not written stands in its header all the same,
   with BodyLength and CheckSum.  Good as long as the scenario's arena. */
struct slice scenario_message(struct scenario *scenario, struct slice text);

/* The version lacks the field with this tag. */
bool scenario_lacks(const struct scenario *scenario, struct slice tag);

/* Every field that is written is in bytes as it is written. */
void scenario_compare(struct scenario *scenario, struct slice bytes, struct slice text);

/* One field with its SOH. */
void scenario_put(struct writer *writer, struct slice tag, struct slice value);

#endif
