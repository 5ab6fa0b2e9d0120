/* A lock file beside the store, with the owner's process number for people. */
#include "gateway/store/store_lock.h"

#include "codecs/base/arena.h"
#include "gateway/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

static bool refuse_locked(int file, const char *path, struct error *error)
{
    char owner[32];
    ssize_t size = pread(file, owner, sizeof owner, 0);
    return error_at(error, &store_locked, (struct place){ .source = path }, "process %.*s",
                    size > 0 ? (int)size : 1, size > 0 ? owner : "?");
}

static bool refuse_system(const char *path, struct error *error)
{
    bool read_only = errno == EACCES || errno == EROFS || errno == EPERM;
    return error_at(error, read_only ? &store_read_only : &store_open_failed,
                    (struct place){ .source = path }, "%s.lock: %s", path, strerror(errno));
}

/* A lock without the number locks as well. */
static void write_owner(int file)
{
    char owner[32];
    int size = snprintf(owner, sizeof owner, "%ld", (long)getpid());
    if (ftruncate(file, 0) != 0 || pwrite(file, owner, (size_t)size, 0) != size)
        return;
}

bool store_lock_take(const char *path, int *lock, struct error *error)
{
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    struct slice name = arena_format(&arena, "%s.lock", path);
    int file = open(name.at, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    arena_fini(&arena);
    if (file < 0)
        return refuse_system(path, error);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            refuse_locked(file, path, error);
        else
            refuse_system(path, error);
        close(file);
        return false;
    }
    write_owner(file);
    *lock = file;
    return true;
}
