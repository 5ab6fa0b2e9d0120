/* A lock file beside the store, with the owner's process number for people, and
   the name of the store. */
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
    int digits = 0;
    while (digits < size && owner[digits] >= '0' && owner[digits] <= '9')
        digits++;
    return error_at(error, &store_locked, (struct place){ .source = path }, "process %.*s",
                    digits > 0 ? digits : 1, digits > 0 ? owner : "?");
}

static bool refuse_system(const char *path, struct error *error)
{
    bool read_only = errno == EACCES || errno == EROFS || errno == EPERM;
    return error_at(error, read_only ? &store_read_only : &store_open_failed,
                    (struct place){ .source = path }, "%s.lock: %s", path, strerror(errno));
}

/* One write, so that a name is not lost between two. */
void store_lock_set_name(int lock, struct slice name)
{
    char text[32];
    int size = snprintf(text, sizeof text, "%-10ld %.*s\n", (long)getpid(), SLICE_ARG(name));
    if (pwrite(lock, text, (size_t)size, 0) != size || ftruncate(lock, size) != 0)
        return;
}

struct store_name store_lock_name(int lock)
{
    struct store_name name = { "" };
    char text[32] = "";
    if (pread(lock, text, sizeof text - 1, 0) <= 0 ||
        sscanf(text, "%*d %15[A-Z0-9]", name.text) != 1)
        name.text[0] = '\0';
    return name;
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
    struct store_name last = store_lock_name(file);
    store_lock_set_name(file, slice_of(last.text));
    *lock = file;
    return true;
}
