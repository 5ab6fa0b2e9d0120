/* The disk between the gateway and one bank. */
#include "world.h"

#include "codecs/base/arena.h"
#include "routing/custody/owned.h"

#include <stdlib.h>

void disk_init(struct disk *disk, struct world *world, unsigned index)
{
    *disk = (struct disk){ .world = world, .index = index };
}

static void free_task(struct disk_task *task)
{
    owned_free(task->name);
    owned_free(task->bytes);
}

static void forget_tasks(struct disk *disk)
{
    for (size_t i = 0; i < disk->task_count; i++)
        free_task(&disk->tasks[i]);
    disk->task_count = disk->job = 0;
    disk->phase = DISK_WORKS;
}

static void remove_document(struct disk *disk, size_t index)
{
    owned_free(disk->out[index].name);
    owned_free(disk->out[index].bytes);
    disk->out_count--;
    memmove(disk->out + index, disk->out + index + 1,
            (disk->out_count - index) * sizeof *disk->out);
}

void disk_fini(struct disk *disk)
{
    forget_tasks(disk);
    free(disk->tasks);
    while (disk->out_count != 0)
        remove_document(disk, disk->out_count - 1);
    free(disk->out);
}

/* --- what is to be done --- */

static void add_task(struct disk *disk, enum disk_task_kind kind, struct slice name,
                     struct slice bytes)
{
    disk->tasks = memory_room(disk->tasks, disk->task_count, &disk->task_room, sizeof *disk->tasks);
    disk->tasks[disk->task_count++] = (struct disk_task){
        .kind = kind,
        .name = owned_copy(name),
        .bytes = owned_copy(bytes),
    };
}

void disk_put(struct disk *disk, struct slice name, struct slice bytes)
{
    add_task(disk, DISK_PUT, name, bytes);
}

void disk_file(struct disk *disk, struct slice name)
{
    add_task(disk, DISK_FILE, name, SLICE_NONE);
}

static size_t find_document(const struct disk *disk, struct slice name)
{
    size_t index = 0;

    while (index < disk->out_count && !slice_equal(disk->out[index].name, name))
        index++;
    return index;
}

bool disk_shows(const struct disk *disk, struct slice name)
{
    return find_document(disk, name) < disk->out_count;
}

/* --- the job --- */

/* One that was there, and is replaced by itself, is as durable as before. */
static void rename_in(struct disk *disk, const struct disk_task *task)
{
    if (disk_shows(disk, task->name))
        return;
    disk->out = memory_room(disk->out, disk->out_count, &disk->out_room, sizeof *disk->out);
    disk->out[disk->out_count++] =
        (struct disk_document){ owned_copy(task->name), owned_copy(task->bytes), false };
}

static void put_step(struct disk *disk, struct disk_task *task)
{
    static const enum fault faults[] = {
        [DISK_WAITS] = FAULT_DISK_FULL,
        [DISK_WRITTEN] = FAULT_DISK_SYNC_FAILED,
        [DISK_SYNCED] = FAULT_DISK_RENAME_FAILED,
    };

    if (fault_strikes(disk->world, faults[task->state])) {
        task->state = DISK_FAILED;
        return;
    }
    if (task->state == DISK_SYNCED)
        rename_in(disk, task);
    task->state++;
}

static void file_step(struct disk *disk, struct disk_task *task)
{
    bool failed = fault_strikes(disk->world, FAULT_FILE_STUCK);

    task->state = failed ? DISK_FAILED : DISK_DONE;
    if (!failed)
        bank_file_moved(&disk->world->banks[disk->index], task->name);
}

static void work_step(struct disk *disk)
{
    for (size_t i = 0; i < disk->job; i++) {
        struct disk_task *task = &disk->tasks[i];

        if (task->state == DISK_DONE || task->state == DISK_FAILED)
            continue;
        if (task->kind == DISK_PUT)
            put_step(disk, task);
        else
            file_step(disk, task);
        return;
    }
    disk->phase = DISK_SYNCS;
}

/* When the sync fails nobody knows what is durable: all is to be put again,
   though the bank may see it already. */
static void sync_step(struct disk *disk)
{
    bool failed = fault_strikes(disk->world, FAULT_FOLDER_SYNC_FAILED);

    for (size_t i = 0; failed && i < disk->job; i++)
        if (disk->tasks[i].kind == DISK_PUT)
            disk->tasks[i].state = DISK_FAILED;
    for (size_t i = 0; !failed && i < disk->out_count; i++)
        disk->out[i].durable = true;
    if (!failed)
        bank_files_synced(&disk->world->banks[disk->index]);
    disk->phase = DISK_TELLS;
}

static struct disk_task take_first(struct disk *disk)
{
    struct disk_task task = disk->tasks[0];

    disk->task_count--;
    disk->job--;
    memmove(disk->tasks, disk->tasks + 1, disk->task_count * sizeof *disk->tasks);
    return task;
}

static void tell_step(struct disk *disk)
{
    struct world *world = disk->world;
    struct disk_task task = take_first(disk);
    bool failed = task.state == DISK_FAILED;

    if (task.kind == DISK_PUT)
        world_give(world, &(struct input){ .kind = failed ? INPUT_NOT_TOOK : INPUT_TOOK,
                                           .channel = slice_of(world->banks[disk->index].channel),
                                           .name = task.name,
                                           .text = SLICE("an operation failed") });
    else if (failed)
        disk_file(disk, task.name);
    free_task(&task);
}

/* Whoever calls it may find another engine behind it. */
void disk_step(struct disk *disk)
{
    struct world *world = disk->world;

    if (disk->task_count == 0 || (world->faults.on && world->step < disk->still_until))
        return;
    if (fault_strikes(world, FAULT_DISK_SLOW))
        disk->still_until = world->step + 1 + (unsigned)fault_random(world, FAULT_DISK_SLOW, 300);
    if (disk->job == 0) {
        disk->job = disk->task_count;
        disk->phase = DISK_WORKS;
    }
    if (disk->phase == DISK_WORKS)
        work_step(disk);
    else if (disk->phase == DISK_SYNCS)
        sync_step(disk);
    else
        tell_step(disk);
    if (fault_strikes(world, FAULT_DISK_CRASH))
        process_crash(world);
}

/* --- the bank's side --- */

/* A bank that reads it and leaves it there reads it again. */
void disk_collect(struct disk *disk)
{
    struct world *world = disk->world;

    if (disk->out_count == 0)
        return;
    size_t index = fault_strikes(world, FAULT_DOCUMENTS_OVERTAKE)
                       ? (size_t)fault_random(world, FAULT_DOCUMENTS_OVERTAKE, disk->out_count)
                       : 0;
    struct disk_document *document = &disk->out[index];

    bank_receive(&world->banks[disk->index], document->name, document->bytes);
    if (!fault_strikes(world, FAULT_DOCUMENT_READ_TWICE))
        remove_document(disk, index);
}

bool disk_is_quiet(const struct disk *disk)
{
    return disk->task_count == 0 && disk->out_count == 0;
}

void disk_crash(struct disk *disk, bool power_lost)
{
    forget_tasks(disk);
    disk->still_until = 0;
    for (size_t i = disk->out_count; power_lost && i-- != 0;)
        if (!disk->out[i].durable && fault_random(disk->world, FAULT_POWER_LOST, 2) == 0)
            remove_document(disk, i);
}
