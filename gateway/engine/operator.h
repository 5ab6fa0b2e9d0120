/* Operators' commands: the insides that operator.c, operator_resolve.c and
   operator_show.c share. */
#ifndef PENSTOCK_GATEWAY_ENGINE_OPERATOR_H
#define PENSTOCK_GATEWAY_ENGINE_OPERATOR_H

#include "gateway/engine/listing.h"
#include "gateway/engine/machine.h"

enum operator_option {
    OPTION_EVIDENCE,
    OPTION_AS,
    OPTION_STATE,
    OPTION_BEFORE,
    OPTION_TO,
    OPTION_COUNT
};

struct operator_kind;

struct operator_command {
    struct operator_command *next;
    command_id id;
    const struct operator_kind *kind;
    struct arena arena; /* owns the texts */
    struct slice who;
    struct slice argument;
    struct slice options[OPTION_COUNT];
    bool json;
    struct broker_session *session; /* it waits for the end of its connection; NULL: for none */
    struct waiter waiter;
    struct writer answer;
    struct listing listing;
    uint64_t number; /* the instruction that is shown */
    size_t part;     /* which question about it is next */
};

struct operator_kind {
    const char *first, *second; /* second NULL: one word */
    const char *argument;       /* what it is; NULL: none */
    bool changes;               /* not while the store is down */
    bool evidence;              /* must be given */
    unsigned options;           /* those that it knows, a bit each */
    /* Ends with operator_finish(), now or when the store has answered.  Work that
       waits with the waiter is run again. */
    void (*run)(struct engine *engine, struct operator_command *command);
};

/* Exit codes of the command line. */
enum {
    OPERATOR_DONE = 0,
    OPERATOR_FAULT = 1,
    OPERATOR_USAGE = 2,
    OPERATOR_SYSTEM = 3,
};

/* Answers with what stands in command->answer, and ends it. */
void operator_finish(struct engine *engine, struct operator_command *command, int status);
/* The answer is this line. */
void operator_say(struct engine *engine, struct operator_command *command, int status,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

void operator_approve(struct engine *engine, struct operator_command *command);
void operator_refuse(struct engine *engine, struct operator_command *command);
void operator_resolve(struct engine *engine, struct operator_command *command);
void operator_archive(struct engine *engine, struct operator_command *command);
void operator_sessions(struct engine *engine, struct operator_command *command);
/* "logged on", "not logged on", "closed" by its schedule, "disabled" */
struct slice operator_session_state(const struct engine *engine,
                                    const struct broker_session *session);
void operator_session_show(struct engine *engine, struct operator_command *command);
void operator_session_logout(struct engine *engine, struct operator_command *command);
void operator_session_reset(struct engine *engine, struct operator_command *command);
void operator_session_disable(struct engine *engine, struct operator_command *command);
void operator_session_enable(struct engine *engine, struct operator_command *command);
void operator_instructions(struct engine *engine, struct operator_command *command);
void operator_show(struct engine *engine, struct operator_command *command);

#endif
