/* Loaded before the C library (LD_PRELOAD): a disk with a fault while the file
   named by FAULTY_DISK exists.  What that file says is the fault, and, behind a
   blank, a part of the names of the files that have it (without it all have):

       full            all that needs new room is refused
       half-full       the same, but half of it was written before
       read-only       every write is refused
       no-permission   no file is opened
       short           each write takes half of what is given
       write-error     every write fails
       sync-error      every sync fails
       sync-error-once the next sync fails
       read-error      every read fails
       slow-N          each sync takes N milliseconds more */
#include "layer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct fault {
    char word[64], names[200];
};

/* Those of the C library are the real ones here: what looks for the fault must
   not have it. */
static int fault_now(struct fault *fault)
{
    const char *path = getenv("FAULTY_DISK");
    char text[256] = "";
    int file = path == NULL ? -1 : REAL(open)(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return 0;
    ssize_t size = REAL(read)(file, text, sizeof text - 1);
    close(file);
    fault->names[0] = '\0';
    return size > 0 && sscanf(text, "%63s %199s", fault->word, fault->names) >= 1;
}

static int is(const struct fault *fault, const char *word)
{
    return strcmp(fault->word, word) == 0;
}

static int has_fault(int file, struct fault *fault)
{
    char path[LAYER_PATH_MAX];

    if (!layer_is_state(file) || !fault_now(fault))
        return 0;
    layer_path_of(file, path);
    return strstr(path, fault->names) != NULL;
}

static long fail(int error)
{
    errno = error;
    return -1;
}

/* How much of a write is done: size, less, or -1 with errno.  end: how far the
   file is written to then. */
static ssize_t allowed(int file, size_t size, off_t end)
{
    struct fault fault;
    struct stat found = { .st_size = 0 };

    if (!has_fault(file, &fault))
        return (ssize_t)size;
    fstat(file, &found);
    if (is(&fault, "write-error"))
        return fail(EIO);
    if (is(&fault, "read-only"))
        return fail(EROFS);
    if (is(&fault, "full") && end > found.st_size)
        return fail(ENOSPC);
    if (is(&fault, "half-full") && end > found.st_size)
        return size > 1 ? (ssize_t)size / 2 : fail(ENOSPC);
    if (is(&fault, "short") && size > 1)
        return (ssize_t)size / 2;
    return (ssize_t)size;
}

static int sync_fails(int file)
{
    struct fault fault;
    int once;

    if (!has_fault(file, &fault))
        return 0;
    if (strncmp(fault.word, "slow-", 5) == 0) {
        long milliseconds = atol(fault.word + 5);
        nanosleep(&(struct timespec){ milliseconds / 1000, milliseconds % 1000 * 1000000 }, NULL);
    }
    once = is(&fault, "sync-error-once");
    if (once)
        unlink(getenv("FAULTY_DISK"));
    if (once || is(&fault, "sync-error"))
        return (int)fail(EIO);
    return is(&fault, "read-only") ? (int)fail(EROFS) : 0;
}

static int open_fails(const char *path)
{
    struct fault fault;

    return fault_now(&fault) && is(&fault, "no-permission") && strstr(path, fault.names) != NULL &&
           fail(EACCES) != 0;
}

static int read_fails(int file)
{
    struct fault fault;

    return has_fault(file, &fault) && is(&fault, "read-error") && fail(EIO) != 0;
}

static mode_t mode_of(int flags, va_list arguments)
{
    return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the library's
   names are reserved ones. */
int open(const char *path, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_fails(path) ? -1 : REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_fails(path) ? -1 : REAL(open64)(path, flags, mode);
}

ssize_t write(int file, const void *bytes, size_t size)
{
    ssize_t most = allowed(file, size, lseek(file, 0, SEEK_CUR) + (off_t)size);

    return most < 0 ? -1 : REAL(write)(file, bytes, (size_t)most);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at)
{
    ssize_t most = allowed(file, size, at + (off_t)size);

    return most < 0 ? -1 : REAL(pwrite)(file, bytes, (size_t)most, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at)
{
    ssize_t most = allowed(file, size, at + (off_t)size);

    return most < 0 ? -1 : REAL(pwrite64)(file, bytes, (size_t)most, at);
}

ssize_t pread(int file, void *bytes, size_t size, off_t at)
{
    return read_fails(file) ? -1 : REAL(pread)(file, bytes, size, at);
}

ssize_t pread64(int file, void *bytes, size_t size, off64_t at)
{
    return read_fails(file) ? -1 : REAL(pread64)(file, bytes, size, at);
}

int ftruncate(int file, off_t size)
{
    return allowed(file, 0, size) < 0 ? -1 : REAL(ftruncate)(file, size);
}

int ftruncate64(int file, off64_t size)
{
    return allowed(file, 0, size) < 0 ? -1 : REAL(ftruncate64)(file, size);
}

int fsync(int file)
{
    return sync_fails(file) ? -1 : REAL(fsync)(file);
}

int fdatasync(int file)
{
    return sync_fails(file) ? -1 : REAL(fdatasync)(file);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
