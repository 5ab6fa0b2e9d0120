/* Documents of the bank in a directory channel: seen, read when they are whole,
   and moved away when they are done with.  The loop knows the files and decides;
   listing, reading and moving are groups of the lanes. */
#include "gateway/channel/channel_directory_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "codecs/base/arena.h"

#define READ_COUNT_MAX   64          /* files read by one group */
#define READ_SIZE_MAX    (32u << 20) /* then the rest of them waits */
#define FLIGHT_COUNT_MAX 256         /* files that the engine has and has not filed */
#define FLIGHT_SIZE_MAX  4           /* the same in bytes, times document-size-max */
#define FILING_COUNT_MAX 256
#define FILING_MS        20 /* nobody waits for a move, so that many share their syncs */
#define PATIENCE         20 /* settle times that a truncated document is waited for */
#define RETRY_MS_MIN     100

/* ------------------------------------------------------------ filing */

static void file_group(struct lane *lane)
{
    bool any_done = false, any_refused = false;

    spool_refresh(&lane->spool, &lane->error);
    for (struct task *task = lane->group.first; task != NULL; task = task->next) {
        task->done =
            spool_file(&lane->spool, task->name, task->stamp,
                       task->refused ? writer_slice(&task->bytes) : SLICE_NONE, &task->error);
        any_done = any_done || !task->refused;
        any_refused = any_refused || task->refused;
    }
    spool_sync_filed(&lane->spool, any_done, any_refused, &lane->error);
}

static void read_more(struct directory *directory);

static void finish_filing(struct directory *directory, const struct task *task)
{
    struct file *file = known_files_find(&directory->files, slice_of(task->name));

    assert(file != NULL && file->state == FILE_FILING);
    if (task->done) {
        known_files_remove(&directory->files, file);
        return;
    }
    known_files_set(&directory->files, file, FILE_STUCK);
    directory_tell_fault(directory, task->name, &task->error);
}

static void filing_due(uv_timer_t *timer)
{
    struct directory *directory = timer->data;

    lane_start(&directory->filings);
}

static void file_soon(struct directory *directory)
{
    if (directory->closing)
        lane_start(&directory->filings);
    else if (!uv_is_active((const uv_handle_t *)&directory->filing_timer))
        uv_timer_start(&directory->filing_timer, filing_due, FILING_MS, 0);
}

static void filings_next(struct lane *lane)
{
    struct directory *directory = lane->owner;

    if (lane->waiting.count > 0)
        file_soon(directory);
    directory_free_when_done(directory);
}

static void filings_finished(struct lane *lane)
{
    struct directory *directory = lane->owner;

    if (directory->closing)
        return;
    for (const struct task *task = lane->group.first; task != NULL; task = task->next)
        finish_filing(directory, task);
    directory_tell_folders(directory, lane);
}

static void start_filing(struct directory *directory, struct file *file)
{
    struct task *task = lane_add(&directory->filings, slice_of(file->name));

    task->stamp = file->stamp;
    task->refused = file->refused;
    if (file->refused)
        writer_bytes(&task->bytes, file->refusal);
    known_files_set(&directory->files, file, FILE_FILING);
    file_soon(directory);
}

static void refuse(struct directory *directory, struct file *file, struct slice why)
{
    char *copy = memory_take(why.size + 1);

    memcpy(copy, why.at, why.size);
    copy[why.size] = '\0';
    file->refused = true;
    file->refusal = (struct slice){ copy, why.size };
    start_filing(directory, file);
}

void directory_filed(struct channel *channel, struct slice name, struct slice refusal)
{
    struct directory *directory = (struct directory *)channel;
    struct file *file = known_files_find(&directory->files, name);

    if (file == NULL || file->state != FILE_GIVEN)
        return;
    if (refusal.at != NULL)
        refuse(directory, file, refusal);
    else
        start_filing(directory, file);
    read_more(directory); /* there is room in flight */
}

/* ------------------------------------------------------------ reading */

static void read_group(struct lane *lane)
{
    struct directory *directory = lane->owner;

    size_t size = 0;

    spool_refresh(&lane->spool, &lane->error);
    for (struct task *task = lane->group.first; task != NULL && size < READ_SIZE_MAX;
         task = task->next) {
        task->verdict = spool_read(&lane->spool, task->name, &task->stamp, directory->size_max,
                                   &task->bytes, &task->error);
        task->done = true;
        size += task->bytes.used;
    }
    if (directory->scan)
        directory->listed = spool_list(&lane->spool, &directory->listing, &lane->error);
}

static void scan_at(struct directory *directory, uint64_t time_ms);

/* A document that is cut short may still be growing, however it got here. */
static bool may_still_grow(const struct directory *directory, const struct file *file,
                           struct slice bytes)
{
    uint64_t still_ms = uv_now(directory->loop) - file->still_since_ms;

    return !spool_looks_whole(bytes) && still_ms < (uint64_t)PATIENCE * directory->settle_time_ms;
}

static void read_later(struct directory *directory, struct file *file)
{
    unsigned settle_ms = directory->settle_time_ms;

    file->ready_ms =
        uv_now(directory->loop) + (settle_ms < RETRY_MS_MIN ? RETRY_MS_MIN : settle_ms);
    known_files_set(&directory->files, file, FILE_WATCHED);
    scan_at(directory, file->ready_ms);
}

static void refuse_large(struct directory *directory, struct file *file)
{
    struct error error;

    error_at(&error, &spool_fault, PLACE_NONE, "refused: %lld bytes, and document-size-max is %zu",
             (long long)file->stamp.size, directory->document_size_max);
    directory_tell_fault(directory, file->name, &error);
    refuse(directory, file, slice_of(error.detail));
}

/* What was renamed in and is no file that can be read: a scan tells what it is. */
static void look_again(struct directory *directory, struct file *file)
{
    known_files_remove(&directory->files, file);
    directory->scan_wanted = true;
}

static void finish_read(struct directory *directory, const struct task *task)
{
    const struct channel *channel = &directory->channel;
    struct file *file = known_files_find(&directory->files, slice_of(task->name));
    struct slice bytes = writer_slice(&task->bytes);

    assert(file != NULL && file->state == FILE_READING);
    if (!task->done) {
        known_files_set(&directory->files, file, FILE_READY);
        return;
    }
    if (task->verdict == SPOOL_CHANGED && spool_stamp_equal(file->stamp, SPOOL_ANY)) {
        look_again(directory, file);
        return;
    }
    file->stamp = task->stamp;
    if (task->verdict == SPOOL_TOO_LARGE) {
        refuse_large(directory, file);
    } else if (task->verdict != SPOOL_WHOLE || may_still_grow(directory, file, bytes)) {
        read_later(directory, file);
        if (task->verdict == SPOOL_FAULT)
            directory_tell_fault(directory, task->name, &task->error);
    } else {
        known_files_set(&directory->files, file, FILE_GIVEN);
        channel->events->document(channel->owner, channel->name, slice_of(task->name), bytes);
    }
}

/* What a group reads comes on top, which is bounded too. */
static bool is_room_in_flight(const struct directory *directory)
{
    return directory->files.in_flight < FLIGHT_COUNT_MAX &&
           directory->files.size_given / FLIGHT_SIZE_MAX < directory->document_size_max;
}

static void choose_reads(struct directory *directory)
{
    struct file *file;

    while ((file = known_files_next_ready(&directory->files)) != NULL &&
           is_room_in_flight(directory) &&
           directory->reads.waiting.count < READ_COUNT_MAX) {
        lane_add(&directory->reads, slice_of(file->name))->stamp = file->stamp;
        known_files_set(&directory->files, file, FILE_READING);
    }
}

/* The next group, with a scan when one is wanted. */
static void read_more(struct directory *directory)
{
    if (directory->reads.working || directory->closing)
        return;
    choose_reads(directory);
    if (directory->reads.waiting.count == 0 && !directory->scan_wanted)
        return;
    directory->scan = directory->scan_wanted;
    directory->size_max = directory->document_size_max;
    directory->scan_wanted = directory->listed = false;
    if (directory->scan)
        known_files_begin_scan(&directory->files);
    lane_run(&directory->reads);
}

/* ------------------------------------------------------------ the scan */

static void scan_due(uv_timer_t *timer)
{
    struct directory *directory = timer->data;

    directory->scan_wanted = true;
    read_more(directory);
}

/* At this time, or earlier if one is due earlier. */
static void scan_at(struct directory *directory, uint64_t time_ms)
{
    uint64_t now_ms = uv_now(directory->loop);
    uint64_t wait_ms = time_ms > now_ms ? time_ms - now_ms : 0;

    if (!uv_is_active((const uv_handle_t *)&directory->timer) ||
        uv_timer_get_due_in(&directory->timer) > wait_ms)
        uv_timer_start(&directory->timer, scan_due, wait_ms, 0);
}

/* What has stood still before we looked, as all that came while the gateway was
   down, need not be watched. */
static void start_settling(const struct directory *directory, struct file *file,
                           int64_t untouched_ms)
{
    uint64_t settle_ms = directory->settle_time_ms;

    file->still_since_ms = uv_now(directory->loop);
    file->ready_ms = file->still_since_ms + (untouched_ms < (int64_t)settle_ms ? settle_ms : 0);
}

static struct file *see_first(struct directory *directory, const struct spool_entry *entry)
{
    struct file *file = known_files_add(&directory->files, slice_of(entry->name), entry->stamp);
    struct error error;

    start_settling(directory, file, entry->untouched_ms);
    if (entry->regular)
        return file;
    known_files_set(&directory->files, file, FILE_ODD);
    error_at(&error, &spool_fault, PLACE_NONE, "not a regular file: it is left alone");
    directory_tell_fault(directory, entry->name, &error);
    return file;
}

static void see(struct directory *directory, const struct spool_entry *entry)
{
    struct file *file = known_files_find(&directory->files, slice_of(entry->name));

    if (file == NULL) {
        file = see_first(directory, entry);
    } else if (file->state == FILE_WATCHED && !spool_stamp_equal(file->stamp, entry->stamp)) {
        file->stamp = entry->stamp;
        start_settling(directory, file, entry->untouched_ms);
    }
    file->scan = directory->files.scan;
}

static void retry_stuck(struct directory *directory)
{
    for (struct file *file = directory->files.first; file != NULL; file = file->next)
        if (file->state == FILE_STUCK)
            start_filing(directory, file);
}

static void finish_scan(struct directory *directory)
{
    uint64_t now_ms = uv_now(directory->loop);
    uint64_t next_ms = now_ms + directory->scan_interval_ms;

    for (size_t i = 0; directory->listed && i < directory->listing.count; i++)
        see(directory, &directory->listing.at[i]);
    if (directory->listed) {
        known_files_forget(&directory->files);
        retry_stuck(directory);
    }
    known_files_settle(&directory->files, now_ms, &next_ms);
    spool_listing_fini(&directory->listing);
    scan_at(directory, next_ms);
}

static void watch_again(struct directory *directory)
{
    char path[4200];

    if (directory->openings == directory->reads.spool.openings)
        return;
    directory->openings = directory->reads.spool.openings;
    snprintf(path, sizeof path, "%s/in", directory->reads.spool.path);
    folder_watch_path(&directory->watch, path);
}

static void reads_finished(struct lane *lane)
{
    struct directory *directory = lane->owner;

    for (const struct task *task = lane->group.first; task != NULL && !directory->closing;
         task = task->next)
        finish_read(directory, task);
    if (directory->closing) {
        spool_listing_fini(&directory->listing);
        return;
    }
    directory_tell_folders(directory, lane);
    if (directory->scan)
        finish_scan(directory);
    watch_again(directory);
}

/* ------------------------------------------------------------ what is told at once */

/* Whole, for it was renamed; what it looks like is seen when it is read. */
static void renamed_in(void *owner, struct slice name)
{
    struct directory *directory = owner;
    struct file *file = known_files_find(&directory->files, name);

    if (file != NULL && file->state != FILE_WATCHED)
        return;
    if (file == NULL)
        file = known_files_add(&directory->files, name, SPOOL_ANY);
    file->stamp = SPOOL_ANY;
    file->scan = directory->files.scan;
    file->still_since_ms = uv_now(directory->loop);
    known_files_set(&directory->files, file, FILE_READY);
}

static void changed(void *owner)
{
    ((struct directory *)owner)->scan_wanted = true;
}

static void told(void *owner)
{
    read_more(owner);
}

/* ------------------------------------------------------------ life */

static const struct folder_watch_events watch_events = { renamed_in, changed, told };

static void reads_next(struct lane *lane)
{
    struct directory *directory = lane->owner;

    read_more(directory);
    directory_free_when_done(directory);
}

bool directory_open_in(struct directory *directory, const char *path, struct error *error)
{
    directory->reads = (struct lane){ .group_max = READ_COUNT_MAX,
                                      .work = read_group,
                                      .finished = reads_finished,
                                      .next = reads_next,
                                      .owner = directory };
    directory->filings = (struct lane){ .group_max = FILING_COUNT_MAX,
                                        .work = file_group,
                                        .finished = filings_finished,
                                        .next = filings_next,
                                        .owner = directory };
    known_files_init(&directory->files);
    return lane_open(&directory->reads, directory->loop, path, SPOOL_IN, error) &&
           lane_open(&directory->filings, directory->loop, path,
                     SPOOL_IN | SPOOL_DONE | SPOOL_REFUSED, error);
}

static void start_timer(struct directory *directory, uv_timer_t *timer)
{
    uv_timer_init(directory->loop, timer);
    timer->data = directory;
    directory->open_handles++;
}

void directory_start_in(struct directory *directory)
{
    start_timer(directory, &directory->timer);
    start_timer(directory, &directory->filing_timer);
    directory->watched =
        folder_watch_open(&directory->watch, directory->loop, &watch_events, directory);
    directory->open_handles += directory->watched;
    watch_again(directory);
    directory->scan_wanted = true;
    read_more(directory);
}
