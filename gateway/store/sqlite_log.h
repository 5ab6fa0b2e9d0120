/* The write-ahead log, looked at before SQLite does. */
#ifndef PENSTOCK_GATEWAY_STORE_SQLITE_LOG_H
#define PENSTOCK_GATEWAY_STORE_SQLITE_LOG_H

#include "codecs/base/error.h"

/* Makes durable what can be read in the log of this store, and cuts off what
   was never committed.  To be called while nobody of ours has the store open;
   no log is fine.  false: it could not, or the log is damaged where commits
   stand: *error. */
bool sqlite_log_settle(const char *path, struct error *error);

#endif
