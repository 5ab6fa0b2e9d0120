/* From the command line to a command; nothing else. */
#include <signal.h>

#include "gateway/commands/commands.h"

int main(int count, char **words)
{
    /* A peer that has gone shows as an error of the write. */
    signal(SIGPIPE, SIG_IGN);
    return commands_run(count, words);
}
