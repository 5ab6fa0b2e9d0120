/* Loaded before the C library (LD_PRELOAD): notes what is written, synced and
   renamed, and when FIX messages leave, in the order in which it happens, a
   line each in the file that DISK_LOG names:

       write PATH        sync PATH        rename FROM TO        send MSGTYPE

   A kill cannot show a missing fsync, for the system keeps what was written;
   the order of these lines can. */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

static void note(const char *what, const char *one, const char *other)
{
    const char *path = getenv("DISK_LOG");
    char line[3 * PATH_MAX];
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

static void path_of(int file, char path[PATH_MAX])
{
    char link[64];

    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, PATH_MAX - 1);
    path[size < 0 ? 0 : size] = '\0';
}

static void note_file(const char *what, int file)
{
    char path[PATH_MAX];

    path_of(file, path);
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
    char one[PATH_MAX * 2], other[PATH_MAX * 2], folder[PATH_MAX];

    path_of(from_folder, folder);
    snprintf(one, sizeof one, "%s/%s", folder, from);
    path_of(to_folder, folder);
    snprintf(other, sizeof other, "%s/%s", folder, to);
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
