/* A copy of a store, made while its owner goes on writing. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_BACKUP_H
#define PENSTOCK_GATEWAY_STORE_STORE_BACKUP_H

#include "codecs/base/error.h"

/* Writes one state between two commits to a new file, durable when it returns
   true.  Until then it has the name TO.part.  false: *error says why, and
   neither file is there; one that was there before stays as it was
   (store_there). */
bool store_backup(const char *path, const char *to, struct error *error);

#endif
