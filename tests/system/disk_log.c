/* Loaded before the C library (LD_PRELOAD): notes what is written, synced and
   renamed, and when FIX messages leave, in the order in which it happens, a
   line each in the file that DISK_LOG names:

       write PATH        sync PATH        rename FROM TO        send MSGTYPE

   A kill cannot show a missing fsync, for the system keeps what was written;
   the order of these lines can. */
#include "layer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

static void note(const char *what, const char *one, const char *other)
{
    const char *path = getenv("DISK_LOG");
    char line[2 * LAYER_PATH_MAX + 64];
    int size =
        snprintf(line, sizeof line, "%s %s%s%s\n", what, one, *other == '\0' ? "" : " ", other);
    long log = path == NULL
                   ? -1
                   : syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);

    if (log < 0)
        return;
    syscall(SYS_write, log, line, (size_t)size);
    syscall(SYS_close, log);
}

static void note_file(const char *what, int file)
{
    char path[LAYER_PATH_MAX];

    layer_path_of(file, path);
    note(what, path, "");
}

static void note_write(int file, const void *bytes, size_t size)
{
    struct stat found;

    if (fstat(file, &found) != 0)
        return;
    if (S_ISREG(found.st_mode))
        note_file("write", file);
    const char *type = S_ISSOCK(found.st_mode) ? memmem(bytes, size, "\00135=", 4) : NULL;
    if (type != NULL) {
        char name[3] = { type[4], (char)(type[5] == '\001' ? '\0' : type[5]), '\0' };
        note("send", name, "");
    }
}

static void note_rename(int from_folder, const char *from, int to_folder, const char *to)
{
    char one[LAYER_PATH_MAX], other[LAYER_PATH_MAX];

    layer_path_at(from_folder, from, one);
    layer_path_at(to_folder, to, other);
    note("rename", one, other);
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the library's
   names are reserved ones. */
ssize_t write(int file, const void *bytes, size_t size)
{
    note_write(file, bytes, size);
    return REAL(write)(file, bytes, size);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at)
{
    note_write(file, bytes, size);
    return REAL(pwrite)(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at)
{
    note_write(file, bytes, size);
    return REAL(pwrite64)(file, bytes, size, at);
}

int fsync(int file)
{
    int status = REAL(fsync)(file);

    note_file("sync", file);
    return status;
}

int fdatasync(int file)
{
    int status = REAL(fdatasync)(file);

    note_file("sync", file);
    return status;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    note_rename(from_folder, from, to_folder, to);
    return REAL(renameat)(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    note_rename(from_folder, from, to_folder, to);
    return REAL(renameat2)(from_folder, from, to_folder, to, flags);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
