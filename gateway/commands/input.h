/* Reading what a command is given: files, and what comes with penstock. */
#ifndef PENSTOCK_GATEWAY_COMMANDS_INPUT_H
#define PENSTOCK_GATEWAY_COMMANDS_INPUT_H

#include "codecs/base/error.h"

extern const struct error_kind input_unreadable;

/* The whole file; "-" is standard input. */
bool input_read(const char *path, struct writer *bytes, struct error *error);

/* Writes a line to standard error. */
void input_complain(const struct error *error);
void input_complain_all(struct error_list *errors);

#endif
