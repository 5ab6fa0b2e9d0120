/* What makes the name of a file durable. */
#ifndef PENSTOCK_GATEWAY_STORE_STORE_FILE_H
#define PENSTOCK_GATEWAY_STORE_STORE_FILE_H

#include <stdbool.h>

/* Makes an empty file when there is none: clients' data are for the owner's eyes.
   When this fails, SQLite will say why. */
void store_file_make(const char *path);

/* Syncs the folder of the file; false: errno says why. */
bool store_file_sync_folder(const char *path);

#endif
