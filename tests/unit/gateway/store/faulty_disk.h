/* A disk under SQLite that keeps only what was synced: a power cut drops the
   rest, and what a failed sync should have written is lost although it can
   still be read, as on Linux.  It becomes SQLite's default file system. */
#ifndef PENSTOCK_TESTS_STORE_FAULTY_DISK_H
#define PENSTOCK_TESTS_STORE_FAULTY_DISK_H

#include "kit/kit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { IMAGES_MAX = 8 };

/* What the disk itself has of one file, and which bytes only the system has. */
struct image {
    char path[128];
    char *disk, *dirty;
    size_t size, room, dirty_size;
    char *lost; /* bytes that a failed sync did not write, and that can still be read */
    size_t lost_size;
};

static struct {
    sqlite3_vfs *real;
    struct image images[IMAGES_MAX];
    size_t image_count;
    long operations_left; /* until the power goes; negative: it stays */
    bool dark;            /* the power has gone: nothing reaches the disk */
    long log_syncs_left;  /* until a sync of the log fails; negative: none */
    long file_syncs_left; /* the same of the main file */
    long log_reads_left;  /* until the system forgets what was lost; negative: never */
} disk;

struct faulty_file {
    sqlite3_file base;
    struct image *image; /* NULL: a temporary file */
    bool is_log;
    sqlite3_file *real;
};

static struct faulty_file *faulty(sqlite3_file *file)
{
    return (struct faulty_file *)file;
}

static void *grown(void *bytes, size_t old_size, size_t size)
{
    char *more = memory_grow(bytes, size);
    if (size > old_size)
        memset(more + old_size, 0, size - old_size);
    return more;
}

static void mark_dirty(struct image *image, size_t from, size_t size)
{
    if (from + size > image->dirty_size) {
        size_t room = 2 * (from + size);
        image->dirty = grown(image->dirty, image->dirty_size, room);
        image->dirty_size = room;
    }
    memset(image->dirty + from, 1, size);
}

/* The power goes with the last operation that was left. */
static bool power_is_on(void)
{
    if (disk.operations_left >= 0 && disk.operations_left-- == 0)
        disk.dark = true;
    return !disk.dark;
}

static int faulty_close(sqlite3_file *file)
{
    return faulty(file)->real->pMethods->xClose(faulty(file)->real);
}

/* What was lost is read from the disk from now on. */
static void forget_lost(struct faulty_file *file)
{
    struct image *image = file->image;
    for (size_t at = 0; at < image->lost_size; at++) {
        char byte = 0;
        if (at < image->size)
            byte = image->disk[at];
        if (image->lost[at] != 0)
            file->real->pMethods->xWrite(file->real, &byte, 1, (sqlite3_int64)at);
    }
    image->lost_size = 0;
}

static int faulty_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 from)
{
    struct faulty_file *mine = faulty(file);
    if (mine->image != NULL && mine->image->lost_size > 0 && disk.log_reads_left >= 0 &&
        disk.log_reads_left-- == 0)
        forget_lost(mine);
    return mine->real->pMethods->xRead(mine->real, bytes, size, from);
}

static int faulty_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 from)
{
    struct faulty_file *mine = faulty(file);
    int code = mine->real->pMethods->xWrite(mine->real, bytes, size, from);
    if (mine->image != NULL && power_is_on() && code == SQLITE_OK)
        mark_dirty(mine->image, (size_t)from, (size_t)size);
    for (size_t at = (size_t)from;
         mine->image != NULL && at < (size_t)(from + size) && at < mine->image->lost_size; at++)
        mine->image->lost[at] = 0;
    return code;
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    power_is_on();
    return faulty(file)->real->pMethods->xTruncate(faulty(file)->real, size);
}

/* Brings what is dirty to the disk. */
static void write_back(struct faulty_file *file)
{
    struct image *image = file->image;
    sqlite3_int64 size;
    file->real->pMethods->xFileSize(file->real, &size);
    if ((size_t)size > image->room) {
        image->disk = grown(image->disk, image->room, 2 * (size_t)size);
        image->room = 2 * (size_t)size;
    }
    image->size = (size_t)size;
    size_t end, all = image->dirty_size < image->size ? image->dirty_size : image->size;
    for (size_t from = 0; from < all; from = end) {
        const char *next = memchr(image->dirty + from, image->dirty[from] ? 0 : 1, all - from);
        end = next == NULL ? all : (size_t)(next - image->dirty);
        if (image->dirty[from])
            file->real->pMethods->xRead(file->real, image->disk + from, (int)(end - from),
                                        (sqlite3_int64)from);
    }
}

static void lose(struct image *image)
{
    image->lost = memory_grow(image->lost, image->dirty_size);
    image->lost_size = image->dirty_size;
    memcpy(image->lost, image->dirty, image->dirty_size);
}

static bool sync_fails(const struct faulty_file *file)
{
    long *left = file->is_log ? &disk.log_syncs_left : &disk.file_syncs_left;
    return *left >= 0 && (*left)-- == 0;
}

static int faulty_sync(sqlite3_file *file, int flags)
{
    struct faulty_file *mine = faulty(file);
    (void)flags; /* the real sync would only take time */
    if (mine->image == NULL || !power_is_on())
        return SQLITE_OK;
    bool fails = sync_fails(mine);
    if (!fails)
        write_back(mine);
    else if (mine->is_log)
        lose(mine->image);
    if (mine->image->dirty_size > 0)
        memset(mine->image->dirty, 0, mine->image->dirty_size);
    return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int faulty_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return faulty(file)->real->pMethods->xFileSize(faulty(file)->real, size);
}

static int faulty_lock(sqlite3_file *file, int level)
{
    return faulty(file)->real->pMethods->xLock(faulty(file)->real, level);
}

static int faulty_unlock(sqlite3_file *file, int level)
{
    return faulty(file)->real->pMethods->xUnlock(faulty(file)->real, level);
}

static int faulty_check_lock(sqlite3_file *file, int *locked)
{
    return faulty(file)->real->pMethods->xCheckReservedLock(faulty(file)->real, locked);
}

static int faulty_control(sqlite3_file *file, int operation, void *argument)
{
    return faulty(file)->real->pMethods->xFileControl(faulty(file)->real, operation, argument);
}

static int faulty_sector_size(sqlite3_file *file)
{
    return faulty(file)->real->pMethods->xSectorSize(faulty(file)->real);
}

static int faulty_characteristics(sqlite3_file *file)
{
    return faulty(file)->real->pMethods->xDeviceCharacteristics(faulty(file)->real);
}

static int faulty_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
    return faulty(file)->real->pMethods->xShmMap(faulty(file)->real, page, size, extend, at);
}

static int faulty_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return faulty(file)->real->pMethods->xShmLock(faulty(file)->real, offset, count, flags);
}

static void faulty_shm_barrier(sqlite3_file *file)
{
    faulty(file)->real->pMethods->xShmBarrier(faulty(file)->real);
}

static int faulty_shm_unmap(sqlite3_file *file, int remove)
{
    return faulty(file)->real->pMethods->xShmUnmap(faulty(file)->real, remove);
}

static const sqlite3_io_methods faulty_methods = {
    .iVersion = 2,
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_check_lock,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector_size,
    .xDeviceCharacteristics = faulty_characteristics,
    .xShmMap = faulty_shm_map,
    .xShmLock = faulty_shm_lock,
    .xShmBarrier = faulty_shm_barrier,
    .xShmUnmap = faulty_shm_unmap,
};

static struct image *image_of(const char *path)
{
    for (size_t i = 0; i < disk.image_count; i++)
        if (strcmp(disk.images[i].path, path) == 0)
            return &disk.images[i];
    assert_in_range(disk.image_count, 0, IMAGES_MAX - 1);
    struct image *image = &disk.images[disk.image_count++];
    *image = (struct image){ .disk = NULL };
    snprintf(image->path, sizeof image->path, "%s", path);
    return image;
}

static int faulty_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                       int *out_flags)
{
    (void)vfs;
    struct faulty_file *mine = faulty(file);
    mine->real = (sqlite3_file *)(mine + 1);
    bool kept = path != NULL && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
    mine->image = kept ? image_of(path) : NULL;
    mine->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    int code = disk.real->xOpen(disk.real, path, mine->real, flags, out_flags);
    mine->base.pMethods = mine->real->pMethods == NULL ? NULL : &faulty_methods;
    return code;
}

static void faulty_disk_begin(void)
{
    static sqlite3_vfs vfs;
    if (disk.real == NULL) {
        disk.real = sqlite3_vfs_find(NULL);
        vfs = *disk.real;
        vfs.szOsFile = (int)sizeof(struct faulty_file) + disk.real->szOsFile;
        vfs.zName = "faulty";
        vfs.xOpen = faulty_open;
        sqlite3_vfs_register(&vfs, 1);
    }
    disk.operations_left = disk.log_syncs_left = disk.file_syncs_left = disk.log_reads_left = -1;
    disk.dark = false;
}

/* After the power cut, and with all files closed: each file is what the disk has
   of it.  Then the power is back. */
static void faulty_disk_restart(void)
{
    for (size_t i = 0; i < disk.image_count; i++) {
        struct image *image = &disk.images[i];
        FILE *file = fopen(image->path, "w");
        assert_non_null(file);
        if (image->size > 0)
            assert_int_equal(fwrite(image->disk, 1, image->size, file), image->size);
        fclose(file);
        if (image->dirty_size > 0)
            memset(image->dirty, 0, image->dirty_size);
        image->lost_size = 0;
    }
    faulty_disk_begin();
}

static void faulty_disk_end(void)
{
    for (size_t i = 0; i < disk.image_count; i++) {
        free(disk.images[i].disk);
        free(disk.images[i].dirty);
        free(disk.images[i].lost);
    }
    disk.image_count = 0;
}

#endif
