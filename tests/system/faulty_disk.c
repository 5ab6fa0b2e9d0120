/* Loaded before the C library (LD_PRELOAD): a disk that refuses every write
   while the file named by FAULTY_DISK exists.  What the file says is the fault:
   "full" or "read-only". */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fault_now(void)
{
    const char *path = getenv("FAULTY_DISK");
    char word[16] = "";
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return 0;
    ssize_t size = read(file, word, sizeof word - 1);
    close(file);
    return size > 0 && word[0] == 'r' ? EROFS : ENOSPC;
}

/* Sockets, pipes and the log (opened for appending) are no disk. */
static int refuses(int file)
{
    struct stat found;
    int fault;

    if (fstat(file, &found) != 0 || !S_ISREG(found.st_mode) ||
        (fcntl(file, F_GETFL) & O_APPEND) != 0 || (fault = fault_now()) == 0)
        return 0;
    errno = fault;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t size)
{
    return refuses(file) ? -1 : REAL(write)(file, bytes, size);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at)
{
    return refuses(file) ? -1 : REAL(pwrite)(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at)
{
    return refuses(file) ? -1 : REAL(pwrite64)(file, bytes, size, at);
}

int fsync(int file)
{
    return refuses(file) ? -1 : REAL(fsync)(file);
}

int fdatasync(int file)
{
    return refuses(file) ? -1 : REAL(fdatasync)(file);
}
