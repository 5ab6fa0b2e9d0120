/* A table by name, a list of all, and a queue of those that may be read. */
#include "gateway/channel/known_files.h"

#include <assert.h>
#include <stdlib.h>

#include "codecs/base/arena.h"

void known_files_init(struct known_files *files)
{
    *files = (struct known_files){ .ready_end = &files->first_ready };
    table_init(&files->by_name);
}

void known_files_fini(struct known_files *files)
{
    while (files->first != NULL)
        known_files_remove(files, files->first);
    table_fini(&files->by_name);
}

struct file *known_files_find(const struct known_files *files, struct slice name)
{
    struct table_entry *entry = table_first(&files->by_name, table_hash(&name, 1));

    for (; entry != NULL; entry = table_next(entry))
        if (slice_is(name, ((struct file *)entry->owner)->name))
            return entry->owner;
    return NULL;
}

struct file *known_files_add(struct known_files *files, struct slice name, struct spool_stamp stamp)
{
    struct file *file = memory_take(sizeof *file);

    assert(known_files_find(files, name) == NULL);
    *file = (struct file){ .name = memory_take(name.size + 1),
                           .stamp = stamp,
                           .scan = files->scan,
                           .previous = files->last };
    memcpy(file->name, name.at, name.size);
    file->name[name.size] = '\0';
    table_add(&files->by_name, &file->by_name, table_hash(&name, 1), file);
    if (files->last == NULL)
        files->first = file;
    else
        files->last->next = file;
    files->last = file;
    return file;
}

/* ------------------------------------------------------------ those that are ready */

static void add_ready(struct known_files *files, struct file *file)
{
    file->next_ready = NULL;
    *files->ready_end = file;
    files->ready_end = &file->next_ready;
}

static void drop_ready(struct known_files *files, const struct file *file)
{
    struct file **at = &files->first_ready;

    while (*at != file)
        at = &(*at)->next_ready;
    *at = file->next_ready;
    if (*at == NULL)
        files->ready_end = at;
}

struct file *known_files_next_ready(const struct known_files *files)
{
    return files->first_ready;
}

static bool is_in_flight(enum file_state state)
{
    return state == FILE_READING || state == FILE_GIVEN;
}

void known_files_set(struct known_files *files, struct file *file, enum file_state state)
{
    files->in_flight -= is_in_flight(file->state);
    files->in_flight += is_in_flight(state);
    if (file->state == FILE_GIVEN)
        files->size_given -= (size_t)file->stamp.size;
    if (state == FILE_GIVEN)
        files->size_given += (size_t)file->stamp.size;
    if (file->state == FILE_READY)
        drop_ready(files, file);
    if (state == FILE_READY)
        add_ready(files, file);
    file->state = state;
}

void known_files_remove(struct known_files *files, struct file *file)
{
    known_files_set(files, file, FILE_WATCHED);
    table_remove(&files->by_name, &file->by_name);
    *(file->previous == NULL ? &files->first : &file->previous->next) = file->next;
    *(file->next == NULL ? &files->last : &file->next->previous) = file->previous;
    free(file->name);
    free((char *)file->refusal.at);
    free(file);
}

/* ------------------------------------------------------------ scans */

void known_files_begin_scan(struct known_files *files)
{
    files->scan++;
}

/* A file that is not there any more stays known while others have to do with it. */
static bool is_forgotten(const struct known_files *files, const struct file *file)
{
    bool idle = file->state == FILE_WATCHED || file->state == FILE_ODD || file->state == FILE_READY;

    return idle && file->scan != files->scan;
}

void known_files_forget(struct known_files *files)
{
    struct file *next;

    for (struct file *file = files->first; file != NULL; file = next) {
        next = file->next;
        if (is_forgotten(files, file))
            known_files_remove(files, file);
    }
}

void known_files_settle(struct known_files *files, uint64_t now_ms, uint64_t *next_ms)
{
    for (struct file *file = files->first; file != NULL; file = file->next) {
        if (file->state != FILE_WATCHED)
            continue;
        if (file->ready_ms <= now_ms)
            known_files_set(files, file, FILE_READY);
        else if (file->ready_ms < *next_ms)
            *next_ms = file->ready_ms;
    }
}
