/* Folders that are still there after a power cut. */
#ifndef PENSTOCK_GATEWAY_OPS_FOLDER_H
#define PENSTOCK_GATEWAY_OPS_FOLDER_H

#include <sys/types.h>

#include "codecs/base/error.h"

extern const struct error_kind folder_fault;

/* Makes the folder if it is missing.  When this returns true its name is durable:
   the folder that it stands in was synced. */
bool folder_make(const char *path, mode_t mode, struct error *error);

/* The same with all that the path goes through. */
bool folder_make_all(const char *path, mode_t mode, struct error *error);

/* All that the path of a file goes through. */
bool folder_make_of(const char *file, mode_t mode, struct error *error);

#endif
