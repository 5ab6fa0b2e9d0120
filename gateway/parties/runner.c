/* Goes through a script. */
#include "gateway/parties/runner.h"

void runner_go(struct runner *runner, uint64_t now_ms)
{
    while (!runner_done(runner)) {
        if (runner->since_ms == 0)
            runner->since_ms = now_ms;
        enum step step = runner->step(runner->owner, &runner->script->lines[runner->at],
                                      now_ms - runner->since_ms);
        if (step == STEP_WAIT)
            return;
        runner->failures += step == STEP_FAILED;
        runner->since_ms = 0;
        runner->at++;
    }
}

bool runner_done(const struct runner *runner)
{
    return runner->script == NULL || runner->at == runner->script->count;
}

enum step runner_wait(const struct script_line *line, uint64_t waited_ms)
{
    return waited_ms >= script_get_ms(line, "for", 0) ? STEP_DONE : STEP_WAIT;
}
