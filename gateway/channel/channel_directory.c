/* The directory channel: its life, and documents on their way out.  What blocks
   is done in lanes on worker threads: one writes documents, one reads the bank's,
   one moves them when they are done with.  None of them waits for another. */
#include "gateway/channel/channel_directory_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "routing/custody/owned.h"

#define PUT_COUNT_MAX 64 /* documents whose folder is synced once */

void directory_tell_fault(struct directory *directory, const char *name, const struct error *error)
{
    directory->channel.events->fault(directory->channel.owner, directory->channel.name,
                                     slice_of(name), slice_of(error->detail));
}

void directory_tell_folders(struct directory *directory, struct lane *lane)
{
    const struct error *error = &lane->error;

    if (error->kind == NULL) {
        lane->last_fault[0] = '\0';
    } else if (strcmp(lane->last_fault, error->detail) != 0) {
        snprintf(lane->last_fault, sizeof lane->last_fault, "%s", error->detail);
        directory_tell_fault(directory, NULL, error);
    }
}

/* ------------------------------------------------------------ documents out */

/* The same document may have been offered again before it was taken. */
static const struct task *earlier_of(const struct lane *lane, const struct task *task)
{
    const struct task *at = lane->group.first;

    while (at != task && strcmp(at->name, task->name) != 0)
        at = at->next;
    return at == task ? NULL : at;
}

static void put_begin(struct lane *lane, struct task *task)
{
    task->done = earlier_of(lane, task) == NULL &&
                 spool_put_begin(&lane->spool, slice_of(task->name), writer_slice(&task->bytes),
                                 &task->file, &task->error);
}

static void put_end(struct lane *lane, struct task *task)
{
    const struct task *earlier = earlier_of(lane, task);

    if (earlier != NULL) {
        task->done = earlier->done;
        task->error = earlier->error;
    } else if (task->done) {
        task->done = spool_put_end(&lane->spool, slice_of(task->name), task->file, &task->error);
    }
}

/* They appear in their order, and none is taken before its folder is synced. */
static void put_group(struct lane *lane)
{
    struct error error;

    spool_refresh(&lane->spool, &lane->error);
    for (struct task *task = lane->group.first; task != NULL; task = task->next)
        put_begin(lane, task);
    for (struct task *task = lane->group.first; task != NULL; task = task->next)
        put_end(lane, task);
    if (spool_sync(lane->spool.out, "out/", &error))
        return;
    for (struct task *task = lane->group.first; task != NULL; task = task->next) {
        if (task->done)
            task->error = error;
        task->done = false;
    }
}

static void puts_finished(struct lane *lane)
{
    struct directory *directory = lane->owner;
    const struct channel *channel = &directory->channel;
    struct task *task = directory->closing ? NULL : lane->group.first;

    for (; task != NULL; task = task->next) {
        if (task->done)
            channel->events->took(channel->owner, channel->name, slice_of(task->name));
        else
            channel->events->not_took(channel->owner, channel->name, slice_of(task->name),
                                      slice_of(task->error.detail));
    }
    if (!directory->closing)
        directory_tell_folders(directory, lane);
}

static void directory_send(struct channel *channel, struct slice name, struct slice bytes)
{
    struct directory *directory = (struct directory *)channel;

    writer_bytes(&lane_add(&directory->puts, name)->bytes, bytes);
    lane_start(&directory->puts);
}

/* ------------------------------------------------------------ life */

static void free_directory(struct directory *directory)
{
    lane_close(&directory->puts);
    lane_close(&directory->reads);
    lane_close(&directory->filings);
    known_files_fini(&directory->files);
    owned_free(directory->channel.name);
    free(directory);
}

void directory_free_when_done(struct directory *directory)
{
    bool working =
        directory->puts.working || directory->reads.working || directory->filings.working;

    if (directory->closing && directory->open_handles == 0 && !working)
        free_directory(directory);
}

static void puts_next(struct lane *lane)
{
    lane_start(lane);
    directory_free_when_done(lane->owner);
}

static void handle_closed(uv_handle_t *handle)
{
    struct directory *directory = handle->data;

    directory->open_handles--;
    directory_free_when_done(directory);
}

/* Of the watch, which is the owner of its handle. */
static void watch_closed(uv_handle_t *handle)
{
    handle->data = ((struct folder_watch *)handle->data)->owner;
    handle_closed(handle);
}

/* What was asked for is still done: lanes go on until nothing waits. */
static void directory_close(struct channel *channel)
{
    struct directory *directory = (struct directory *)channel;

    directory->closing = true;
    lane_start(&directory->filings);
    uv_close((uv_handle_t *)&directory->timer, handle_closed);
    uv_close((uv_handle_t *)&directory->filing_timer, handle_closed);
    if (directory->watched)
        folder_watch_close(&directory->watch, watch_closed);
}

static void directory_configure(struct channel *channel, const struct config_channel *config)
{
    struct directory *directory = (struct directory *)channel;

    directory->settle_time_ms = config->settle_time_ms;
    directory->scan_interval_ms = config->scan_interval_ms;
    directory->document_size_max = config->limits.total_size_max;
}

static const struct channel_operations directory_operations = {
    .send = directory_send,
    .filed = directory_filed,
    .configure = directory_configure,
    .close = directory_close,
};

static bool open_puts(struct directory *directory, const char *path, struct error *error)
{
    directory->puts = (struct lane){ .group_max = PUT_COUNT_MAX,
                                     .work = put_group,
                                     .finished = puts_finished,
                                     .next = puts_next,
                                     .owner = directory };
    return lane_open(&directory->puts, directory->loop, path, SPOOL_OUT, error);
}

struct channel *channel_directory_open(uv_loop_t *loop, const struct config_channel *config,
                                       const struct channel_events *events, void *owner,
                                       struct error *error)
{
    struct directory *directory = memory_take(sizeof *directory);
    char *path = memory_take(config->directory.size + 1);

    memcpy(path, config->directory.at, config->directory.size);
    path[config->directory.size] = '\0';
    memset(directory, 0, sizeof *directory);
    directory->channel =
        (struct channel){ &directory_operations, events, owner, owned_copy(config->name) };
    directory_configure(&directory->channel, config);
    directory->loop = loop;
    bool opened = directory_open_in(directory, path, error) && open_puts(directory, path, error);
    free(path);
    if (opened) {
        directory_start_in(directory);
        return &directory->channel;
    }
    free_directory(directory);
    return NULL;
}
