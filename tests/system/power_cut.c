/* Loaded before the C library (LD_PRELOAD): keeps in a log what a power cut would
   undo.  SQLite's VFS and the channel make the same calls of the library, so
   that one layer stands below both.  power.py reads the log, which outlives a
   kill, and takes away what was not synced.

       POWER_CUT_ROOT=FOLDER   what lies in it counts
       POWER_CUT_LOG=PATH      the log; goes on where an earlier process ended
       POWER_CUT_ASIDE=FOLDER  where files stay whose last name was taken away
       POWER_CUT_AT=N          SIGKILL in place of the Nth call; 0: never
       POWER_CUT_READY=1       calls are counted from the moment when it listens
       POWER_CUT_SLOW=N        a sync takes up to N microseconds
       POWER_CUT_DEAF=TEXT     syncs of paths that end so do nothing and say they did:
                               for the test of the test

   An fsync makes a file's bytes and size durable, one of a folder the names in
   it; neither does the other's work.  No real sync is made: a killed process
   loses nothing of what the system has. */
#include "layer.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

enum record_kind {
    RECORD_WRITE = 1, /* from: where, other: size; bytes: what was there */
    RECORD_RESIZE,    /* from: the new size; bytes: what is cut off */
    RECORD_SYNC,      /* from: the end of the log when it began */
    RECORD_NAME,      /* inode: the folder's; from, other: what had the name, and has it now;
                         old_size: the same for all names that one call changes */
};

struct record {
    uint32_t kind, path_size, bytes_size, nothing;
    uint64_t inode, other;
    int64_t from, old_size;
};

static struct {
    pthread_mutex_t lock;
    int log;
    const char *root, *aside, *deaf;
    int64_t end; /* of the log */
    unsigned long calls_left, slow_us;
    int counting;
} layer = { .lock = PTHREAD_MUTEX_INITIALIZER, .log = -1 };

static unsigned long number_of(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? 0 : strtoul(text, NULL, 10);
}

__attribute__((constructor)) static void start(void)
{
    const char *log = getenv("POWER_CUT_LOG");

    layer.root = getenv("POWER_CUT_ROOT");
    layer.aside = getenv("POWER_CUT_ASIDE");
    layer.deaf = getenv("POWER_CUT_DEAF");
    layer.calls_left = number_of("POWER_CUT_AT");
    layer.slow_us = number_of("POWER_CUT_SLOW");
    layer.counting = number_of("POWER_CUT_READY") == 0;
    if (log == NULL || layer.root == NULL || layer.aside == NULL)
        return;
    layer.log = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    layer.end = lseek(layer.log, 0, SEEK_END);
}

static int ends_with(const char *path, const char *end)
{
    size_t size = strlen(path), end_size = strlen(end);

    return size >= end_size && strcmp(path + size - end_size, end) == 0;
}

/* The shared memory of the write-ahead log is made anew after a cut. */
static int counts(const char *path)
{
    return layer.log >= 0 && strncmp(path, layer.root, strlen(layer.root)) == 0 &&
           !ends_with(path, "-shm");
}

static int counts_file(int file, char path[LAYER_PATH_MAX])
{
    if (!layer_is_state(file))
        return 0;
    layer_path_of(file, path);
    return counts(path);
}

/* The power may go here. */
static void take_lock(void)
{
    pthread_mutex_lock(&layer.lock);
    if (layer.counting && layer.calls_left > 0 && --layer.calls_left == 0) {
        kill(getpid(), SIGKILL);
        pause();
    }
}

static void give_lock(int held)
{
    if (held)
        pthread_mutex_unlock(&layer.lock);
}

static void append(const void *bytes, size_t size)
{
    if (syscall(SYS_write, layer.log, bytes, size) != (long)size)
        abort();
    layer.end += (int64_t)size;
}

static void note(struct record record, const char *path, const char *bytes)
{
    record.path_size = (uint32_t)strlen(path);
    append(&record, sizeof record);
    append(path, record.path_size);
    if (record.bytes_size > 0)
        append(bytes, record.bytes_size);
}

/* What is overwritten or cut off: the file's bytes from .from on, at most size. */
static void note_bytes(struct record record, const char *path, size_t size)
{
    char *bytes = malloc(size + 1);
    int file = REAL(open)(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? 0 : pread(file, bytes, size, record.from);

    if (bytes == NULL || got < 0)
        abort();
    if (file >= 0)
        close(file);
    record.bytes_size = (uint32_t)got;
    note(record, path, bytes);
    free(bytes);
}

/* ------------------------------------------------------------ bytes and sizes */

static int begin_write(int file, off_t at, size_t size)
{
    char path[LAYER_PATH_MAX];
    struct stat found;

    if (!counts_file(file, path))
        return 0;
    take_lock();
    fstat(file, &found);
    note_bytes((struct record){ .kind = RECORD_WRITE,
                                .inode = found.st_ino,
                                .from = at,
                                .other = size,
                                .old_size = found.st_size },
               path, size);
    return 1;
}

static void note_resize(const struct stat *found, const char *path, off_t size)
{
    note_bytes((struct record){ .kind = RECORD_RESIZE,
                                .inode = found->st_ino,
                                .from = size,
                                .old_size = found->st_size },
               path, found->st_size > size ? (size_t)(found->st_size - size) : 0);
}

static int begin_resize(int file, off_t size)
{
    char path[LAYER_PATH_MAX];
    struct stat found;

    if (!counts_file(file, path))
        return 0;
    take_lock();
    fstat(file, &found);
    note_resize(&found, path, size);
    return 1;
}

static void wait_for_disk(int64_t begun)
{
    if (layer.slow_us > 0)
        usleep((useconds_t)((uint64_t)begun * 2654435761u % layer.slow_us));
}

/* What is written while it takes its time is not covered by it. */
static int sync_file(int file)
{
    char path[LAYER_PATH_MAX];
    struct stat found;

    layer_path_of(file, path);
    if (!counts(path) || fstat(file, &found) != 0)
        return 0;
    take_lock();
    int64_t begun = layer.end;
    give_lock(1);
    wait_for_disk(begun);
    take_lock();
    if (layer.deaf == NULL || !ends_with(path, layer.deaf))
        note((struct record){ .kind = RECORD_SYNC, .inode = found.st_ino, .from = begun }, path,
             "");
    give_lock(1);
    return 0;
}

/* ------------------------------------------------------------ names */

static uint64_t inode_of(const char *path)
{
    struct stat found;

    return lstat(path, &found) == 0 ? found.st_ino : 0;
}

static void note_name(const char *path, uint64_t before, uint64_t now, int64_t call)
{
    char folder[LAYER_PATH_MAX];
    const char *slash = strrchr(path, '/');

    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    note((struct record){ .kind = RECORD_NAME,
                          .inode = inode_of(folder),
                          .from = (int64_t)before,
                          .other = now,
                          .old_size = call },
         path, "");
}

/* What loses its name is kept, as nobody may use its inode for another. */
static void keep_aside(const char *path, uint64_t inode)
{
    char aside[LAYER_PATH_MAX];

    snprintf(aside, sizeof aside, "%s/%llu", layer.aside, (unsigned long long)inode);
    if (inode != 0)
        REAL(linkat)(AT_FDCWD, path, AT_FDCWD, aside, 0);
}

static int begin_name(const char *path, uint64_t *before)
{
    if (!counts(path))
        return 0;
    take_lock();
    *before = inode_of(path);
    return 1;
}

static void end_name(int held, int status, const char *path, uint64_t before)
{
    if (held && status >= 0 && before != inode_of(path))
        note_name(path, before, inode_of(path), layer.end);
    give_lock(held);
}

static int begin_removal(const char *path, uint64_t *before)
{
    struct stat found;

    if (lstat(path, &found) != 0 || !S_ISREG(found.st_mode) || !begin_name(path, before))
        return 0;
    keep_aside(path, *before);
    return 1;
}

struct renaming {
    char from[LAYER_PATH_MAX], to[LAYER_PATH_MAX];
    uint64_t from_before, to_before;
    int held;
};

static void begin_rename(struct renaming *renaming, int from_folder, const char *from,
                         int to_folder, const char *to)
{
    layer_path_at(from_folder, from, renaming->from);
    layer_path_at(to_folder, to, renaming->to);
    renaming->held = begin_name(renaming->from, &renaming->from_before);
    if (!renaming->held)
        return;
    renaming->to_before = inode_of(renaming->to);
    keep_aside(renaming->to, renaming->to_before);
}

static void end_rename(const struct renaming *renaming, int status)
{
    int64_t call = layer.end;

    if (renaming->held && status == 0) {
        note_name(renaming->from, renaming->from_before, 0, call);
        note_name(renaming->to, renaming->to_before, renaming->from_before, call);
    }
    give_lock(renaming->held);
}

/* A file that is opened may be made by that, or lose what it holds. */
static int begin_open(const char *path, int flags, uint64_t *before)
{
    struct stat found;

    if ((flags & (O_CREAT | O_TRUNC)) == 0 || !begin_name(path, before))
        return 0;
    if ((flags & O_TRUNC) != 0 && lstat(path, &found) == 0)
        note_resize(&found, path, 0);
    return 1;
}

static int open_really(int (*really)(const char *, int, ...), const char *path, int flags,
                       mode_t mode)
{
    uint64_t before = 0;
    int held = begin_open(path, flags, &before);
    int file = really(path, flags, mode);

    end_name(held, file, path, before);
    return file;
}

/* ------------------------------------------------------------ the library's calls */

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the library's
   names are reserved ones. */
ssize_t write(int file, const void *bytes, size_t size)
{
    int held = begin_write(file, lseek(file, 0, SEEK_CUR), size);
    ssize_t written = REAL(write)(file, bytes, size);

    give_lock(held);
    return written;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at)
{
    int held = begin_write(file, at, size);
    ssize_t written = REAL(pwrite)(file, bytes, size, at);

    give_lock(held);
    return written;
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at)
{
    int held = begin_write(file, at, size);
    ssize_t written = REAL(pwrite64)(file, bytes, size, at);

    give_lock(held);
    return written;
}

int ftruncate(int file, off_t size)
{
    int held = begin_resize(file, size);
    int status = REAL(ftruncate)(file, size);

    give_lock(held);
    return status;
}

int ftruncate64(int file, off64_t size)
{
    int held = begin_resize(file, size);
    int status = REAL(ftruncate64)(file, size);

    give_lock(held);
    return status;
}

int listen(int socket, int backlog)
{
    pthread_mutex_lock(&layer.lock);
    layer.counting = 1;
    pthread_mutex_unlock(&layer.lock);
    return REAL(listen)(socket, backlog);
}

int fsync(int file)
{
    return sync_file(file);
}

int fdatasync(int file)
{
    return sync_file(file);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    struct renaming renaming;

    begin_rename(&renaming, from_folder, from, to_folder, to);
    int status = REAL(renameat)(from_folder, from, to_folder, to);
    end_rename(&renaming, status);
    return status;
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    struct renaming renaming;

    begin_rename(&renaming, from_folder, from, to_folder, to);
    int status = REAL(renameat2)(from_folder, from, to_folder, to, flags);
    end_rename(&renaming, status);
    return status;
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    char path[LAYER_PATH_MAX];
    uint64_t before = 0;

    layer_path_at(to_folder, to, path);
    int held = begin_name(path, &before);
    int status = REAL(linkat)(from_folder, from, to_folder, to, flags);
    end_name(held, status, path, before);
    return status;
}

int unlink(const char *path)
{
    uint64_t before = 0;
    int held = begin_removal(path, &before);
    int status = REAL(unlink)(path);

    end_name(held, status, path, before);
    return status;
}

int unlinkat(int folder, const char *name, int flags)
{
    char path[LAYER_PATH_MAX];
    uint64_t before = 0;

    layer_path_at(folder, name, path);
    int held = begin_removal(path, &before);
    int status = REAL(unlinkat)(folder, name, flags);
    end_name(held, status, path, before);
    return status;
}

int mkdir(const char *path, mode_t mode)
{
    uint64_t before = 0;
    int held = begin_name(path, &before);
    int status = REAL(mkdir)(path, mode);

    end_name(held, status, path, before);
    return status;
}

int open(const char *path, int flags, ...)
{
    mode_t mode = LAYER_MODE(flags);

    return open_really(REAL(open), path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = LAYER_MODE(flags);

    return open_really(REAL(open64), path, flags, mode);
}

int openat(int folder, const char *name, int flags, ...)
{
    char path[LAYER_PATH_MAX];
    uint64_t before = 0;
    mode_t mode = LAYER_MODE(flags);
    layer_path_at(folder, name, path);
    int held = begin_open(path, flags, &before);
    int file = REAL(openat)(folder, name, flags, mode);
    end_name(held, file, path, before);
    return file;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
