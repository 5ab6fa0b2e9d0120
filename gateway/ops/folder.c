/* Makes folders and syncs the ones that they stand in. */
#include "gateway/ops/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct error_kind folder_fault = { "folder.fault", "a folder cannot be made" };

static bool fault(struct error *error, const char *what, const char *path)
{
    return error_at(error, &folder_fault, PLACE_NONE, "%s %s: %s", what, path, strerror(errno));
}

/* What stands before the last slash. */
static void parent_of(const char *path, char parent[PATH_MAX])
{
    snprintf(parent, PATH_MAX, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash == NULL)
        snprintf(parent, PATH_MAX, ".");
    else
        slash[slash == parent ? 1 : 0] = '\0';
}

static bool sync_parent(const char *path, struct error *error)
{
    char parent[PATH_MAX];

    parent_of(path, parent);
    int folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return fault(error, "open", parent);
    bool synced = fsync(folder) == 0 || fault(error, "fsync", parent);
    close(folder);
    return synced;
}

/* One that was there may have been made by a process that was killed before it
   synced; one that was always there may stand where we may not look. */
bool folder_make(const char *path, mode_t mode, struct error *error)
{
    bool made = mkdir(path, mode) == 0;

    if (!made && errno != EEXIST)
        return fault(error, "mkdir", path);
    return sync_parent(path, error) || !made;
}

/* Is what follows this slash there?  Then what stands before it was durable before
   that was made. */
static bool holds_next(const char *path, const char *slash)
{
    char next[PATH_MAX];
    const char *end = strchr(slash + 1, '/');
    size_t size = end == NULL ? strlen(path) : (size_t)(end - path);

    snprintf(next, sizeof next, "%.*s", (int)size, path);
    return access(next, F_OK) == 0;
}

static bool is_too_long(const char *path)
{
    errno = ENAMETOOLONG;
    return strlen(path) >= PATH_MAX;
}

bool folder_make_all(const char *path, mode_t mode, struct error *error)
{
    char part[PATH_MAX];

    if (is_too_long(path))
        return fault(error, "mkdir", path);
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        if (!holds_next(path, slash) && !folder_make(part, mode, error))
            return false;
    }
    return folder_make(path, mode, error);
}

bool folder_make_of(const char *file, mode_t mode, struct error *error)
{
    char parent[PATH_MAX];

    if (is_too_long(file))
        return fault(error, "mkdir", file);
    parent_of(file, parent);
    return folder_make_all(parent, mode, error);
}
