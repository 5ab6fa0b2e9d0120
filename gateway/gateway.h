/* The gateway: the process around the engine.  It owns loop, store, channels,
   listener and operators' socket, feeds the engine with what happens and
   carries out what it answers. */
#ifndef PENSTOCK_GATEWAY_GATEWAY_H
#define PENSTOCK_GATEWAY_GATEWAY_H

#include "config/config.h"

/* Runs until SIGTERM or SIGINT have drained it; a second one ends it at once.
   SIGHUP reads the file at path, that of the configuration, again.
   Prints a line on standard output when all is open:

       READY fix=127.0.0.1:9880 admin=/run/penstock.sock

   The log goes to standard error.  Owns the configuration from then on.
   false: it could not start, or had to end because only a person can mend its
   store; *why says so, a line without its end. */
bool gateway_run(struct config *configuration, const char *path, struct writer *why);

#endif
