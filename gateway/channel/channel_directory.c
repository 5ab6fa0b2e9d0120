/* The directory channel: what happens on the loop.  One job at a time runs on
   a worker thread: it writes what goes out, moves what is done with, reads
   what is ready and lists in/; the loop decides between two jobs what the next
   one does.  inotify only makes a scan come sooner; the scan alone would do. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "codecs/base/arena.h"
#include "gateway/channel/channel.h"
#include "gateway/channel/spool.h"

#define READ_COUNT_MAX    64 /* files read by one job */
#define READ_SIZE_MAX     (32u << 20)
#define FLIGHT_COUNT_MAX  256 /* files that the engine has and has not filed */
#define ARRIVAL_COUNT_MAX 10000
#define PATIENCE          20 /* settle times that a truncated document is waited for */
#define RETRY_MS_MIN      100

enum task_kind {
    TASK_PUT,
    TASK_FILE,
    TASK_READ,
};

struct task {
    enum task_kind kind;
    char *name;
    struct spool_stamp stamp;   /* FILE, READ */
    struct writer bytes;        /* PUT: the document; FILE: the refusal; READ: what was read */
    bool refused;               /* FILE */
    bool done;                  /* PUT, FILE */
    enum spool_verdict verdict; /* READ */
    struct error error;
};

struct tasks {
    struct task *at;
    size_t count, room;
};

struct names_list {
    char **at;
    size_t count, room;
};

enum file_state {
    FILE_WATCHED, /* not ready yet */
    FILE_ODD,     /* not a regular file: told once, never touched */
    FILE_READING,
    FILE_GIVEN,  /* the engine has it */
    FILE_FILING, /* done with, being moved */
    FILE_STUCK,  /* done with, but the move failed: tried again with each scan */
};

struct file {
    char *name;
    struct spool_stamp stamp;
    uint64_t still_since_ms;
    uint64_t ready_ms; /* when it may be read: at once when it was renamed in, else settled */
    enum file_state state;
    bool refused;
    struct slice refusal; /* owned; while FILING or STUCK */
};

struct directory {
    struct channel channel;
    const struct config_channel *config;
    uv_loop_t *loop;
    uv_timer_t timer;
    uv_poll_t poll;
    int inotify, watch; /* -1: there is none */
    uv_work_t request;
    struct spool spool;
    struct tasks pending; /* for the next job */
    struct names_list arrivals;
    struct file *files; /* ordered by name */
    size_t file_count;
    bool scan_wanted, closing;
    unsigned open_handles;
    char last_fault[240]; /* of the folders, so that one is told once */

    /* the job; while `working` it belongs to the worker */
    bool working, scan, scanned, refreshed;
    struct tasks tasks;
    struct names_list job_arrivals;
    struct spool_listing listing;
    struct error error;
};

/* ------------------------------------------------------------ lists */

static char *copy_text(struct slice text)
{
    char *copy = memory_take(text.size + 1);

    if (text.size > 0)
        memcpy(copy, text.at, text.size);
    copy[text.size] = '\0';
    return copy;
}

static struct task *add_task(struct tasks *tasks, enum task_kind kind, struct slice name)
{
    tasks->at = memory_room(tasks->at, tasks->count, &tasks->room, sizeof *tasks->at);
    struct task *task = &tasks->at[tasks->count++];
    memset(task, 0, sizeof *task);
    task->kind = kind;
    task->name = copy_text(name);
    writer_init(&task->bytes, 0);
    return task;
}

static void free_tasks(struct tasks *tasks)
{
    for (size_t i = 0; i < tasks->count; i++) {
        free(tasks->at[i].name);
        writer_fini(&tasks->at[i].bytes);
    }
    free(tasks->at);
    *tasks = (struct tasks){ NULL, 0, 0 };
}

static void free_names(struct names_list *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->at[i]);
    free(names->at);
    *names = (struct names_list){ NULL, 0, 0 };
}

static void free_file(struct file *file)
{
    free(file->name);
    free((char *)file->refusal.at);
}

static struct file *find_file(struct directory *directory, const char *name)
{
    size_t low = 0, high = directory->file_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, directory->files[middle].name);

        if (order == 0)
            return &directory->files[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static void remove_file(struct directory *directory, struct file *file)
{
    size_t index = (size_t)(file - directory->files);

    free_file(file);
    memmove(file, file + 1, (directory->file_count - index - 1) * sizeof *file);
    directory->file_count--;
}

static void tell_fault(struct directory *directory, const char *name, const struct error *error)
{
    directory->channel.events->fault(directory->channel.owner, directory->channel.name,
                                     slice_of(name), slice_of(error->detail));
}

/* ------------------------------------------------------------ the job, on a worker thread */

static void run_task(struct directory *directory, struct task *task)
{
    struct slice bytes = writer_slice(&task->bytes);

    switch (task->kind) {
    case TASK_PUT:
        task->done = spool_put(&directory->spool, slice_of(task->name), bytes, &task->error);
        break;
    case TASK_FILE:
        task->done = spool_file(&directory->spool, task->name, task->stamp,
                                task->refused ? bytes : SLICE_NONE, &task->error);
        break;
    case TASK_READ:
        task->verdict =
            spool_read(&directory->spool, task->name, task->stamp,
                       directory->config->document_size_max, &task->bytes, &task->error);
        break;
    }
}

static bool has_kind(const struct tasks *tasks, enum task_kind kind)
{
    for (size_t i = 0; i < tasks->count; i++)
        if (tasks->at[i].kind == kind)
            return true;
    return false;
}

/* One fsync of a folder for all that was done in it. */
static void sync_tasks(struct directory *directory)
{
    struct tasks *tasks = &directory->tasks;
    struct error error;

    if (has_kind(tasks, TASK_FILE))
        spool_sync_filed(&directory->spool, &directory->error);
    if (!has_kind(tasks, TASK_PUT) || spool_sync(directory->spool.out, "out/", &error))
        return;
    for (size_t i = 0; i < tasks->count; i++) {
        if (tasks->at[i].kind == TASK_PUT && tasks->at[i].done) {
            tasks->at[i].done = false;
            tasks->at[i].error = error;
        }
    }
}

static void work(uv_work_t *request)
{
    struct directory *directory = request->data;
    int in = directory->spool.in;

    directory->error.kind = NULL;
    spool_refresh(&directory->spool, &directory->error);
    directory->refreshed = directory->spool.in != in;
    for (size_t i = 0; i < directory->tasks.count; i++)
        run_task(directory, &directory->tasks.at[i]);
    sync_tasks(directory);
    if (directory->scan)
        directory->scanned = spool_list(&directory->spool, &directory->listing, &directory->error);
}

/* ------------------------------------------------------------ what came out of it */

static void finish_put(struct directory *directory, const struct task *task)
{
    const struct channel *channel = &directory->channel;

    if (task->done)
        channel->events->took(channel->owner, channel->name, slice_of(task->name));
    else
        channel->events->not_took(channel->owner, channel->name, slice_of(task->name),
                                  slice_of(task->error.detail));
}

static void finish_file(struct directory *directory, const struct task *task)
{
    struct file *file = find_file(directory, task->name);

    assert(file != NULL && file->state == FILE_FILING);
    if (task->done) {
        remove_file(directory, file);
        return;
    }
    file->state = FILE_STUCK;
    tell_fault(directory, task->name, &task->error);
}

static void start_filing(struct directory *directory, struct file *file)
{
    struct task *task = add_task(&directory->pending, TASK_FILE, slice_of(file->name));

    task->stamp = file->stamp;
    task->refused = file->refused;
    if (file->refused)
        writer_bytes(&task->bytes, file->refusal);
    file->state = FILE_FILING;
}

static void refuse_large(struct directory *directory, struct file *file)
{
    struct error error;

    error_at(&error, &spool_fault, PLACE_NONE, "refused: %lld bytes, and the limit is %zu",
             (long long)file->stamp.size, directory->config->document_size_max);
    tell_fault(directory, file->name, &error);
    file->refused = true;
    file->refusal = (struct slice){ copy_text(slice_of(error.detail)), strlen(error.detail) };
    start_filing(directory, file);
}

/* A document that is cut short may still be growing, however it got here. */
static bool may_still_grow(const struct directory *directory, const struct file *file,
                           struct slice bytes)
{
    uint64_t still_ms = uv_now(directory->loop) - file->still_since_ms;

    return !spool_looks_whole(bytes) &&
           still_ms < (uint64_t)PATIENCE * directory->config->settle_time_ms;
}

static void read_later(struct directory *directory, struct file *file)
{
    unsigned settle_ms = directory->config->settle_time_ms;

    file->ready_ms =
        uv_now(directory->loop) + (settle_ms < RETRY_MS_MIN ? RETRY_MS_MIN : settle_ms);
}

static void finish_read(struct directory *directory, const struct task *task)
{
    const struct channel *channel = &directory->channel;
    struct file *file = find_file(directory, task->name);
    struct slice bytes = writer_slice(&task->bytes);

    assert(file != NULL && file->state == FILE_READING);
    file->state = FILE_WATCHED;
    if (task->verdict == SPOOL_TOO_LARGE) {
        refuse_large(directory, file);
    } else if (task->verdict != SPOOL_WHOLE || may_still_grow(directory, file, bytes)) {
        read_later(directory, file);
        if (task->verdict == SPOOL_FAULT)
            tell_fault(directory, task->name, &task->error);
    } else {
        file->state = FILE_GIVEN;
        channel->events->document(channel->owner, channel->name, slice_of(task->name), bytes);
    }
}

static void finish_tasks(struct directory *directory)
{
    struct tasks tasks = directory->tasks;

    directory->tasks = (struct tasks){ NULL, 0, 0 };
    for (size_t i = 0; i < tasks.count && !directory->closing; i++) {
        const struct task *task = &tasks.at[i];

        if (task->kind == TASK_PUT)
            finish_put(directory, task);
        else if (task->kind == TASK_FILE)
            finish_file(directory, task);
        else
            finish_read(directory, task);
    }
    free_tasks(&tasks);
}

/* ------------------------------------------------------------ the scan */

static void start_settling(const struct directory *directory, struct file *file)
{
    file->still_since_ms = uv_now(directory->loop);
    file->ready_ms = file->still_since_ms + directory->config->settle_time_ms;
}

static struct file new_file(struct directory *directory, struct spool_entry *entry)
{
    struct file file = { .name = entry->name, .stamp = entry->stamp };
    struct error error;

    start_settling(directory, &file);
    entry->name = NULL; /* taken over */
    if (!entry->regular) {
        file.state = FILE_ODD;
        error_at(&error, &spool_fault, PLACE_NONE, "not a regular file: it is left alone");
        tell_fault(directory, file.name, &error);
    }
    return file;
}

static void see_again(const struct directory *directory, struct file *file,
                      const struct spool_entry *entry)
{
    if (file->state != FILE_WATCHED || spool_stamp_equal(file->stamp, entry->stamp))
        return;
    file->stamp = entry->stamp;
    start_settling(directory, file);
}

/* A file that is not there any more stays known while others have to do with it. */
static bool is_forgotten(const struct file *file)
{
    return file->state == FILE_WATCHED || file->state == FILE_ODD;
}

/* Both lists are ordered by name: one walk makes the new one. */
static void merge_listing(struct directory *directory)
{
    struct spool_listing *listing = &directory->listing;
    struct file *old = directory->files;
    size_t old_count = directory->file_count, i = 0, j = 0, count = 0;
    struct file *merged = memory_take((old_count + listing->count + 1) * sizeof *merged);

    while (i < old_count || j < listing->count) {
        int order = i == old_count        ? 1
                    : j == listing->count ? -1
                                          : strcmp(old[i].name, listing->at[j].name);

        if (order > 0) {
            merged[count++] = new_file(directory, &listing->at[j++]);
        } else if (order == 0) {
            see_again(directory, &old[i], &listing->at[j++]);
            merged[count++] = old[i++];
        } else if (is_forgotten(&old[i])) {
            free_file(&old[i++]);
        } else {
            merged[count++] = old[i++];
        }
    }
    free(old);
    directory->files = merged;
    directory->file_count = count;
}

static void mark_arrivals(struct directory *directory)
{
    for (size_t i = 0; i < directory->job_arrivals.count; i++) {
        struct file *file = find_file(directory, directory->job_arrivals.at[i]);

        if (file != NULL && file->state == FILE_WATCHED)
            file->ready_ms = 0;
    }
}

static size_t flight_count(const struct directory *directory)
{
    size_t count = 0;

    for (size_t i = 0; i < directory->file_count; i++)
        count +=
            directory->files[i].state == FILE_READING || directory->files[i].state == FILE_GIVEN;
    return count;
}

/* What the next job reads: bounded in number and, but for one file, in size. */
static void choose_reads(struct directory *directory)
{
    size_t room = FLIGHT_COUNT_MAX - flight_count(directory);
    size_t count = 0;
    uint64_t size = 0;

    for (size_t i = 0; i < directory->file_count && count < READ_COUNT_MAX && count < room; i++) {
        struct file *file = &directory->files[i];

        if (file->state != FILE_WATCHED || file->ready_ms > uv_now(directory->loop))
            continue;
        size += (uint64_t)file->stamp.size;
        if (count > 0 && size > READ_SIZE_MAX)
            break;
        add_task(&directory->pending, TASK_READ, slice_of(file->name))->stamp = file->stamp;
        file->state = FILE_READING;
        count++;
    }
}

static void retry_stuck(struct directory *directory)
{
    for (size_t i = 0; i < directory->file_count; i++)
        if (directory->files[i].state == FILE_STUCK)
            start_filing(directory, &directory->files[i]);
}

static void tell_folder_fault(struct directory *directory)
{
    const struct error *error = &directory->error;

    if (error->kind == NULL) {
        directory->last_fault[0] = '\0';
    } else if (strcmp(directory->last_fault, error->detail) != 0) {
        snprintf(directory->last_fault, sizeof directory->last_fault, "%s", error->detail);
        tell_fault(directory, NULL, error);
    }
}

/* ------------------------------------------------------------ one job after the other */

static void start_watch(struct directory *directory);
static void start_job(struct directory *directory);

/* The next time that something may be ready: when a file has settled, else a
   scan interval from now. */
static uint64_t next_scan_ms(const struct directory *directory)
{
    uint64_t now_ms = uv_now(directory->loop);
    uint64_t least = directory->config->scan_interval_ms;

    for (size_t i = 0; i < directory->file_count; i++) {
        const struct file *file = &directory->files[i];

        if (file->state == FILE_WATCHED && file->ready_ms > now_ms &&
            file->ready_ms - now_ms < least)
            least = file->ready_ms - now_ms;
    }
    return least;
}

static void scan_due(uv_timer_t *timer)
{
    struct directory *directory = timer->data;

    directory->scan_wanted = true;
    start_job(directory);
}

static void free_when_done(struct directory *directory)
{
    if (directory->open_handles > 0 || directory->working)
        return;
    spool_close(&directory->spool);
    free_tasks(&directory->pending);
    free_names(&directory->arrivals);
    for (size_t i = 0; i < directory->file_count; i++)
        free_file(&directory->files[i]);
    free(directory->files);
    if (directory->inotify >= 0)
        close(directory->inotify);
    free(directory);
}

static void plan_next(struct directory *directory)
{
    tell_folder_fault(directory);
    if (directory->scanned) {
        merge_listing(directory);
        mark_arrivals(directory);
        retry_stuck(directory);
    }
    choose_reads(directory);
    if (directory->refreshed)
        start_watch(directory);
    uv_timer_start(&directory->timer, scan_due, next_scan_ms(directory), 0);
}

static void job_done(uv_work_t *request, int status)
{
    struct directory *directory = request->data;

    (void)status;
    finish_tasks(directory);
    if (!directory->closing)
        plan_next(directory);
    spool_listing_fini(&directory->listing);
    free_names(&directory->job_arrivals);
    /* Only now: what is told to the owner above may bring new work at once. */
    directory->working = false;
    start_job(directory);
    free_when_done(directory);
}

static void start_job(struct directory *directory)
{
    if (directory->working || (directory->pending.count == 0 && !directory->scan_wanted))
        return;
    directory->tasks = directory->pending;
    directory->pending = (struct tasks){ NULL, 0, 0 };
    directory->scan = directory->scan_wanted;
    directory->scan_wanted = directory->scanned = false;
    if (directory->scan) {
        directory->job_arrivals = directory->arrivals;
        directory->arrivals = (struct names_list){ NULL, 0, 0 };
    }
    directory->working = true;
    directory->request.data = directory;
    uv_queue_work(directory->loop, &directory->request, work, job_done);
}

/* ------------------------------------------------------------ inotify */

static void note_arrival(struct directory *directory, const char *name)
{
    struct names_list *arrivals = &directory->arrivals;

    if (arrivals->count == ARRIVAL_COUNT_MAX)
        return;
    arrivals->at =
        memory_room(arrivals->at, arrivals->count, &arrivals->room, sizeof *arrivals->at);
    arrivals->at[arrivals->count++] = copy_text(slice_of(name));
}

static void something_happened(uv_poll_t *poll, int status, int events)
{
    struct directory *directory = poll->data;
    _Alignas(struct inotify_event) char block[8192];
    ssize_t size;

    (void)status;
    (void)events;
    while ((size = read(directory->inotify, block, sizeof block)) > 0) {
        const char *at = block;

        while (at < block + size) {
            const struct inotify_event *event = (const void *)at;

            if ((event->mask & IN_MOVED_TO) != 0 && event->len > 0)
                note_arrival(directory, event->name);
            at += sizeof *event + event->len;
        }
        directory->scan_wanted = true;
    }
    start_job(directory);
}

static void start_watch(struct directory *directory)
{
    char path[4200];

    if (directory->inotify < 0)
        return;
    if (directory->watch >= 0)
        inotify_rm_watch(directory->inotify, directory->watch);
    snprintf(path, sizeof path, "%s/in", directory->spool.path);
    directory->watch = inotify_add_watch(directory->inotify, path, IN_MOVED_TO | IN_CLOSE_WRITE);
}

/* ------------------------------------------------------------ the interface */

static void directory_send(struct channel *channel, struct slice name, struct slice bytes)
{
    struct directory *directory = (struct directory *)channel;

    writer_bytes(&add_task(&directory->pending, TASK_PUT, name)->bytes, bytes);
    start_job(directory);
}

static void directory_filed(struct channel *channel, struct slice name, struct slice refusal)
{
    struct directory *directory = (struct directory *)channel;
    char *key = copy_text(name);
    struct file *file = find_file(directory, key);

    free(key);
    if (file == NULL || file->state != FILE_GIVEN)
        return;
    file->refused = refusal.at != NULL;
    if (file->refused)
        file->refusal = (struct slice){ copy_text(refusal), refusal.size };
    start_filing(directory, file);
    start_job(directory);
}

static void handle_closed(uv_handle_t *handle)
{
    struct directory *directory = handle->data;

    directory->open_handles--;
    free_when_done(directory);
}

static void directory_close(struct channel *channel)
{
    struct directory *directory = (struct directory *)channel;

    directory->closing = true;
    directory->scan_wanted = false;
    start_job(directory);
    uv_close((uv_handle_t *)&directory->timer, handle_closed);
    if (directory->inotify >= 0)
        uv_close((uv_handle_t *)&directory->poll, handle_closed);
}

static const struct channel_operations directory_operations = {
    .send = directory_send,
    .filed = directory_filed,
    .close = directory_close,
};

/* Without inotify (its instances are limited per user) the scan does it alone. */
static void open_watch(struct directory *directory)
{
    directory->watch = -1;
    directory->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (directory->inotify < 0)
        return;
    uv_poll_init(directory->loop, &directory->poll, directory->inotify);
    directory->poll.data = directory;
    directory->open_handles++;
    uv_poll_start(&directory->poll, UV_READABLE, something_happened);
    start_watch(directory);
}

struct channel *channel_directory_open(uv_loop_t *loop, const struct config_channel *config,
                                       const struct channel_events *events, void *owner,
                                       struct error *error)
{
    struct directory *directory = memory_take(sizeof *directory);
    char *path = copy_text(config->directory);

    memset(directory, 0, sizeof *directory);
    directory->channel = (struct channel){ &directory_operations, events, owner, config->name };
    directory->config = config;
    directory->loop = loop;
    bool opened = spool_open(&directory->spool, path, error);
    free(path);
    if (!opened) {
        free(directory);
        return NULL;
    }
    uv_timer_init(loop, &directory->timer);
    directory->timer.data = directory;
    directory->open_handles = 1;
    open_watch(directory);
    directory->scan_wanted = true;
    start_job(directory);
    return &directory->channel;
}
