/* inotify on the loop. */
#include "gateway/channel/folder_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include "gateway/channel/spool.h"

static void take_event(struct folder_watch *watch, const struct inotify_event *event)
{
    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        watch->events->changed(watch->owner);
    } else if (event->len > 0 && !spool_ignores(event->name)) {
        if ((event->mask & IN_MOVED_TO) != 0)
            watch->events->renamed_in(watch->owner, slice_of(event->name));
        else
            watch->events->changed(watch->owner);
    }
}

static void something_happened(uv_poll_t *poll, int status, int events)
{
    struct folder_watch *watch = poll->data;
    _Alignas(struct inotify_event) char block[16384];
    ssize_t size;

    (void)status;
    (void)events;
    while ((size = read(watch->inotify, block, sizeof block)) > 0) {
        const struct inotify_event *event;

        for (const char *at = block; at < block + size; at += sizeof *event + event->len) {
            event = (const void *)at;
            take_event(watch, event);
        }
    }
    watch->events->told(watch->owner);
}

bool folder_watch_open(struct folder_watch *watch, uv_loop_t *loop,
                       const struct folder_watch_events *events, void *owner)
{
    *watch = (struct folder_watch){ .watch = -1, .events = events, .owner = owner };
    watch->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch->inotify < 0)
        return false;
    uv_poll_init(loop, &watch->poll, watch->inotify);
    watch->poll.data = watch;
    uv_poll_start(&watch->poll, UV_READABLE, something_happened);
    return true;
}

void folder_watch_path(struct folder_watch *watch, const char *path)
{
    if (watch->inotify < 0)
        return;
    if (watch->watch >= 0)
        inotify_rm_watch(watch->inotify, watch->watch);
    watch->watch = inotify_add_watch(watch->inotify, path, IN_MOVED_TO | IN_CLOSE_WRITE);
}

static void poll_closed(uv_handle_t *handle)
{
    struct folder_watch *watch = handle->data;

    close(watch->inotify);
    watch->closed(handle);
}

void folder_watch_close(struct folder_watch *watch, uv_close_cb closed)
{
    watch->closed = closed;
    uv_close((uv_handle_t *)&watch->poll, poll_closed);
}
