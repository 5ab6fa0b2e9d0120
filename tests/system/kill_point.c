/* Loaded before the C library (LD_PRELOAD): ends its own process with SIGKILL at
   a chosen one of the calls that change what others may find: writes to files
   and sockets, fsyncs, renames, new names, removed names, sizes.

       KILL_AT="12 before"   the 12th such call is not made any more
       KILL_AT="12 amid"     half of it is done if it writes, else all of it
       KILL_LOG=PATH         each call is noted there before it is made, a line each

   A sync is counted and not made: a killed process loses nothing of what the
   system has, and the disk is slow. */
#include "layer.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long count;

static void note(const char *what, const char *path)
{
    const char *log = getenv("KILL_LOG");
    char line[LAYER_PATH_MAX + 64];
    int size = snprintf(line, sizeof line, "%s %s\n", what, path);
    long file =
        log == NULL ? -1 : syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0600);

    if (file < 0)
        return;
    syscall(SYS_write, file, line, (size_t)size);
    syscall(SYS_close, file);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    pause();
}

/* Is this the call after a part of which the process is to end?  Before which
   it is to end, it does not return.  One call at a time comes here, and from
   the call that is the last none comes back. */
static int ends_amid(const char *what, const char *path)
{
    const char *at = getenv("KILL_AT");
    char *word = NULL;
    unsigned long last = at == NULL ? 0 : strtoul(at, &word, 10);

    pthread_mutex_lock(&lock);
    note(what, path);
    if (++count != last) {
        pthread_mutex_unlock(&lock);
        return 0;
    }
    if (strcmp(word, " before") == 0)
        die();
    return 1;
}

static int ends_amid_file(const char *what, int file)
{
    char path[LAYER_PATH_MAX];

    layer_path_of(file, path);
    return ends_amid(what, path);
}

static int ends_amid_name(const char *what, int folder, const char *name)
{
    char path[LAYER_PATH_MAX];

    layer_path_at(folder, name, path);
    return ends_amid(what, path);
}

/* Eventfds, pipes and the log are not seen by others. */
static int ends_amid_write(int file)
{
    if (layer_is_socket(file))
        return ends_amid("send", "socket");
    return layer_is_state(file) && ends_amid_file("write", file);
}

/* Behind the last call, whatever came of it. */
static void end_after(long result)
{
    (void)result;
    die();
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the library's
   names are reserved ones. */
ssize_t write(int file, const void *bytes, size_t size)
{
    if (ends_amid_write(file))
        end_after(REAL(write)(file, bytes, size / 2));
    return REAL(write)(file, bytes, size);
}

ssize_t writev(int file, const struct iovec *parts, int part_count)
{
    if (ends_amid_write(file))
        end_after(REAL(write)(file, parts[0].iov_base, parts[0].iov_len / 2));
    return REAL(writev)(file, parts, part_count);
}

ssize_t send(int file, const void *bytes, size_t size, int flags)
{
    if (ends_amid("send", "socket"))
        end_after(REAL(send)(file, bytes, size / 2, flags));
    return REAL(send)(file, bytes, size, flags);
}

ssize_t sendmsg(int file, const struct msghdr *message, int flags)
{
    if (ends_amid("send", "socket"))
        end_after(REAL(write)(file, message->msg_iov[0].iov_base, message->msg_iov[0].iov_len / 2));
    return REAL(sendmsg)(file, message, flags);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at)
{
    if (ends_amid_write(file))
        end_after(REAL(pwrite)(file, bytes, size / 2, at));
    return REAL(pwrite)(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at)
{
    if (ends_amid_write(file))
        end_after(REAL(pwrite64)(file, bytes, size / 2, at));
    return REAL(pwrite64)(file, bytes, size, at);
}

int ftruncate(int file, off_t size)
{
    if (ends_amid_file("resize", file))
        end_after(REAL(ftruncate)(file, size));
    return REAL(ftruncate)(file, size);
}

int ftruncate64(int file, off64_t size)
{
    if (ends_amid_file("resize", file))
        end_after(REAL(ftruncate64)(file, size));
    return REAL(ftruncate64)(file, size);
}

int fsync(int file)
{
    if (ends_amid_file("sync", file))
        die();
    return 0;
}

int fdatasync(int file)
{
    if (ends_amid_file("sync", file))
        die();
    return 0;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    if (ends_amid_name("rename", to_folder, to))
        end_after(REAL(renameat)(from_folder, from, to_folder, to));
    return REAL(renameat)(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    if (ends_amid_name("rename", to_folder, to))
        end_after(REAL(renameat2)(from_folder, from, to_folder, to, flags));
    return REAL(renameat2)(from_folder, from, to_folder, to, flags);
}

int unlink(const char *path)
{
    if (ends_amid_name("unlink", AT_FDCWD, path))
        end_after(REAL(unlink)(path));
    return REAL(unlink)(path);
}

int unlinkat(int folder, const char *name, int flags)
{
    if (ends_amid_name("unlink", folder, name))
        end_after(REAL(unlinkat)(folder, name, flags));
    return REAL(unlinkat)(folder, name, flags);
}

int mkdir(const char *path, mode_t mode)
{
    if (access(path, F_OK) != 0 && ends_amid_name("mkdir", AT_FDCWD, path))
        end_after(REAL(mkdir)(path, mode));
    return REAL(mkdir)(path, mode);
}

static int ends_amid_open(int folder, const char *name, int flags)
{
    return (flags & O_CREAT) != 0 && ends_amid_name("create", folder, name);
}

int open(const char *path, int flags, ...)
{
    mode_t mode = LAYER_MODE(flags);
    if (ends_amid_open(AT_FDCWD, path, flags))
        end_after(REAL(open)(path, flags, mode));
    return REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = LAYER_MODE(flags);
    if (ends_amid_open(AT_FDCWD, path, flags))
        end_after(REAL(open64)(path, flags, mode));
    return REAL(open64)(path, flags, mode);
}

int openat(int folder, const char *name, int flags, ...)
{
    mode_t mode = LAYER_MODE(flags);
    if (ends_amid_open(folder, name, flags))
        end_after(REAL(openat)(folder, name, flags, mode));
    return REAL(openat)(folder, name, flags, mode);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
