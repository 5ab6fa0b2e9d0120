/* Goes through a script, one line after the other, as the world allows. */
#ifndef PENSTOCK_GATEWAY_PARTIES_RUNNER_H
#define PENSTOCK_GATEWAY_PARTIES_RUNNER_H

#include "gateway/parties/script.h"

enum step {
    STEP_DONE,   /* go on with the next line */
    STEP_WAIT,   /* ask again when something has happened */
    STEP_FAILED, /* told by the line's function; go on all the same */
};

/* waited_ms: how long this line is waited for already. */
typedef enum step step_function(void *owner, const struct script_line *line, uint64_t waited_ms);

struct runner {
    const struct script *script; /* NULL: there is nothing to do */
    step_function *step;
    void *owner;
    size_t at;
    uint64_t since_ms; /* when the line was first tried; 0: not yet */
    unsigned failures;
};

/* Does what can be done now.  Not to be called from inside a step. */
void runner_go(struct runner *runner, uint64_t now_ms);
bool runner_done(const struct runner *runner);

/* "wait for=2s" */
enum step runner_wait(const struct script_line *line, uint64_t waited_ms);

#endif
