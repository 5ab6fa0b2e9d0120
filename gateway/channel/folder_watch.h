/* Tells at once what comes into a folder, where the system can.  It only makes
   a scan come sooner: not every file system tells, and no event is certain. */
#ifndef PENSTOCK_GATEWAY_CHANNEL_FOLDER_WATCH_H
#define PENSTOCK_GATEWAY_CHANNEL_FOLDER_WATCH_H

#include <uv.h>

#include "codecs/base/slice.h"

struct folder_watch_events {
    /* It was renamed in, so it is whole. */
    void (*renamed_in)(void *owner, struct slice name);
    /* Something was written, or too much has come to be told. */
    void (*changed)(void *owner);
    /* All that was to be told of this turn is told. */
    void (*told)(void *owner);
};

struct folder_watch {
    uv_poll_t poll;
    int inotify, watch; /* -1: there is none */
    const struct folder_watch_events *events;
    void *owner;
    uv_close_cb closed; /* of poll; its data is the watch */
};

/* Without inotify (its instances are limited per user) nothing is told.  false:
   so it is. */
bool folder_watch_open(struct folder_watch *watch, uv_loop_t *loop,
                       const struct folder_watch_events *events, void *owner);
/* From now on this folder, or what is there now under its name. */
void folder_watch_path(struct folder_watch *watch, const char *path);
/* Only after a folder_watch_open() that returned true. */
void folder_watch_close(struct folder_watch *watch, uv_close_cb closed);

#endif
