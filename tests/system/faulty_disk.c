/* Loaded before the C library (LD_PRELOAD): a disk that is full or read-only
   while the file named by FAULTY_DISK exists.  What that file says is the
   fault: "full" refuses all that needs new room, "read-only" every write. */
#include "layer.h"

#include <errno.h>
#include <stdlib.h>

enum fault {
    WELL,
    FULL,
    READ_ONLY,
};

static enum fault fault_now(void)
{
    const char *path = getenv("FAULTY_DISK");
    char word = 'f';
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return WELL;
    ssize_t size = read(file, &word, 1);
    close(file);
    return size == 1 && word == 'r' ? READ_ONLY : FULL;
}

/* end: how far the file is written to. */
static int refuses(int file, off_t end)
{
    struct stat found;
    enum fault fault;

    if (!layer_is_state(file))
        return 0;
    fault = fault_now();
    if (fault == WELL || (fault == FULL && fstat(file, &found) == 0 && end <= found.st_size))
        return 0;
    errno = fault == FULL ? ENOSPC : EROFS;
    return 1;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the library's
   names are reserved ones. */
ssize_t write(int file, const void *bytes, size_t size)
{
    off_t at = lseek(file, 0, SEEK_CUR);

    return refuses(file, at + (off_t)size) ? -1 : REAL(write)(file, bytes, size);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at)
{
    return refuses(file, at + (off_t)size) ? -1 : REAL(pwrite)(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at)
{
    return refuses(file, at + (off_t)size) ? -1 : REAL(pwrite64)(file, bytes, size, at);
}

int ftruncate(int file, off_t size)
{
    return refuses(file, size) ? -1 : REAL(ftruncate)(file, size);
}

int ftruncate64(int file, off64_t size)
{
    return refuses(file, size) ? -1 : REAL(ftruncate64)(file, size);
}

int fsync(int file)
{
    return refuses(file, 0) ? -1 : REAL(fsync)(file);
}

int fdatasync(int file)
{
    return refuses(file, 0) ? -1 : REAL(fdatasync)(file);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
