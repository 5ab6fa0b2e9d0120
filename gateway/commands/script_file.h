/* A script of a simulated party, out of a file. */
#ifndef PENSTOCK_GATEWAY_COMMANDS_SCRIPT_FILE_H
#define PENSTOCK_GATEWAY_COMMANDS_SCRIPT_FILE_H

#include "gateway/parties/script.h"

/* "-" is standard input.  false: errors say why. */
bool script_file_load(const char *path, const struct script_verb *verbs, struct script *script,
                      struct error_list *errors);

#endif
