/* File operations of a directory channel.  The order of write, fsync, rename
   and fsync of the directory is what makes them durable. */
#include "gateway/channel/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codecs/base/arena.h"
#include "gateway/ops/clock.h"
#include "gateway/ops/folder.h"

#define CLASH_COUNT_MAX 1000
#define NAME_CUT        200
#define FOLDER_MODE     0770

const struct error_kind spool_fault = { "channel.file-fault", "a file operation failed" };

static bool fault(struct error *error, const char *what, const char *name)
{
    return error_at(error, &spool_fault, PLACE_NONE, "%s %s: %s", what, name, strerror(errno));
}

bool spool_sync(int folder, const char *what, struct error *error)
{
    return fsync(folder) == 0 || fault(error, "fsync", what);
}

/* ------------------------------------------------------------ folders */

/* What each folder is called, and where its descriptor is. */
static const struct {
    enum spool_folder folder;
    const char *name;
    size_t descriptor;
} folder_table[] = {
    { SPOOL_OUT, "out", offsetof(struct spool, out) },
    { SPOOL_IN, "in", offsetof(struct spool, in) },
    { SPOOL_DONE, "done", offsetof(struct spool, done) },
    { SPOOL_REFUSED, "refused", offsetof(struct spool, refused) },
};

enum { FOLDER_COUNT = sizeof folder_table / sizeof *folder_table };

static int *descriptor_of(struct spool *spool, size_t index)
{
    return (int *)((char *)spool + folder_table[index].descriptor);
}

static bool open_folder(const char *path, const char *name, int *folder, struct error *error)
{
    char full[PATH_MAX];

    snprintf(full, sizeof full, "%s/%s", path, name);
    if (!folder_make(full, FOLDER_MODE, error))
        return false;
    *folder = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *folder >= 0 || fault(error, "open", full);
}

static bool open_folders(struct spool *spool, struct error *error)
{
    spool->openings++;
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        if ((spool->folders & folder_table[i].folder) != 0 &&
            !open_folder(spool->path, folder_table[i].name, descriptor_of(spool, i), error))
            return false;
    return true;
}

static void close_folders(struct spool *spool)
{
    for (size_t i = 0; i < FOLDER_COUNT; i++) {
        int *folder = descriptor_of(spool, i);

        if (*folder >= 0)
            close(*folder);
        *folder = -1;
    }
}

bool spool_open(struct spool *spool, const char *path, unsigned folders, struct error *error)
{
    *spool = (struct spool){ .folders = folders, .out = -1, .in = -1, .done = -1, .refused = -1 };
    if (strlen(path) + sizeof "/refused/" + NAME_MAX >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return fault(error, "open", path);
    }
    spool->path = memory_take(strlen(path) + 1);
    memcpy(spool->path, path, strlen(path) + 1);
    if (folder_make_all(path, FOLDER_MODE, error) && open_folders(spool, error))
        return true;
    spool_close(spool);
    return false;
}

void spool_close(struct spool *spool)
{
    if (spool->path == NULL)
        return;
    close_folders(spool);
    free(spool->path);
    spool->path = NULL;
}

static bool is_at(int folder, const char *path, const char *name)
{
    char full[PATH_MAX];
    struct stat held, found;

    snprintf(full, sizeof full, "%s/%s", path, name);
    return folder >= 0 && fstat(folder, &held) == 0 && stat(full, &found) == 0 &&
           held.st_ino == found.st_ino && held.st_dev == found.st_dev;
}

static bool all_at(struct spool *spool)
{
    for (size_t i = 0; i < FOLDER_COUNT; i++)
        if ((spool->folders & folder_table[i].folder) != 0 &&
            !is_at(*descriptor_of(spool, i), spool->path, folder_table[i].name))
            return false;
    return true;
}

bool spool_refresh(struct spool *spool, struct error *error)
{
    if (all_at(spool))
        return true;
    close_folders(spool);
    return folder_make_all(spool->path, FOLDER_MODE, error) && open_folders(spool, error);
}

/* ------------------------------------------------------------ out */

static bool write_all(int file, struct slice bytes)
{
    while (bytes.size > 0) {
        ssize_t written = write(file, bytes.at, bytes.size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes = slice_after(bytes, (size_t)written);
    }
    return true;
}

/* A file under a dot name, which readers of the folder ignore, on its way to
   the disk. */
static bool begin_file(int folder, const char *name, struct slice bytes, int *file,
                       struct error *error)
{
    char hidden[NAME_MAX + 8];

    snprintf(hidden, sizeof hidden, ".%s.tmp", name);
    *file = openat(folder, hidden,
                   O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0660);
    if (*file < 0)
        return fault(error, "create", hidden);
    if (write_all(*file, bytes)) {
        /* A hint, so that the disk is at work when the sync comes. */
        sync_file_range(*file, 0, 0, SYNC_FILE_RANGE_WRITE);
        return true;
    }
    fault(error, "write", hidden);
    close(*file);
    unlinkat(folder, hidden, 0);
    return false;
}

/* Synced, and under its own name. */
static bool end_file(int folder, const char *name, int file, struct error *error)
{
    char hidden[NAME_MAX + 8];

    snprintf(hidden, sizeof hidden, ".%s.tmp", name);
    bool good = fsync(file) == 0 || fault(error, "write", hidden);
    if (close(file) != 0 && good)
        good = fault(error, "close", hidden);
    if (good && renameat(folder, hidden, folder, name) != 0)
        good = fault(error, "rename", name);
    if (!good)
        unlinkat(folder, hidden, 0);
    return good;
}

/* Our ids make file names as they are; this holds the door for all others. */
static bool is_file_name(struct slice name)
{
    return name.size > 0 && name.size <= NAME_MAX - sizeof ".xml.tmp" && name.at[0] != '.' &&
           memchr(name.at, '/', name.size) == NULL && memchr(name.at, '\0', name.size) == NULL;
}

bool spool_put_begin(const struct spool *spool, struct slice name, struct slice bytes, int *file,
                     struct error *error)
{
    char full[NAME_MAX + 1];

    if (!is_file_name(name))
        return error_at(error, &spool_fault, PLACE_NONE, "%.*s does not make a file name",
                        SLICE_ARG(name));
    snprintf(full, sizeof full, "%.*s.xml", SLICE_ARG(name));
    return begin_file(spool->out, full, bytes, file, error);
}

bool spool_put_end(const struct spool *spool, struct slice name, int file, struct error *error)
{
    char full[NAME_MAX + 1];

    snprintf(full, sizeof full, "%.*s.xml", SLICE_ARG(name));
    return end_file(spool->out, full, file, error);
}

/* ------------------------------------------------------------ in */

bool spool_stamp_equal(struct spool_stamp one, struct spool_stamp other)
{
    return one.inode == other.inode && one.size == other.size && one.changed_ns == other.changed_ns;
}

static struct spool_stamp stamp_of(const struct stat *found)
{
    return (struct spool_stamp){
        .inode = found->st_ino,
        .size = found->st_size,
        .changed_ns = (int64_t)found->st_mtim.tv_sec * 1000000000 + found->st_mtim.tv_nsec,
    };
}

bool spool_ignores(const char *name)
{
    size_t size = strlen(name);

    return name[0] == '.' || (size >= 4 && strcmp(name + size - 4, ".tmp") == 0);
}

static int by_name(const void *one, const void *other)
{
    return strcmp(((const struct spool_entry *)one)->name,
                  ((const struct spool_entry *)other)->name);
}

static int64_t untouched_ms(const struct stat *found)
{
    int64_t touched_ns = (int64_t)found->st_ctim.tv_sec * 1000000000 + found->st_ctim.tv_nsec;

    return (clock_now().utc_ns - touched_ns) / 1000000;
}

static void add_entry(struct spool_listing *listing, const char *name, const struct stat *found)
{
    size_t size = strlen(name) + 1;

    listing->at = memory_room(listing->at, listing->count, &listing->room, sizeof *listing->at);
    struct spool_entry *entry = &listing->at[listing->count++];
    entry->name = memory_take(size);
    memcpy(entry->name, name, size);
    entry->stamp = stamp_of(found);
    entry->untouched_ms = untouched_ms(found);
    entry->regular = S_ISREG(found->st_mode);
}

bool spool_list(const struct spool *spool, struct spool_listing *listing, struct error *error)
{
    struct dirent *entry;
    struct stat found;
    int folder = openat(spool->in, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = folder < 0 ? NULL : fdopendir(folder);

    *listing = (struct spool_listing){ NULL, 0, 0 };
    if (directory == NULL)
        return fault(error, "list", "in/");
    while ((entry = readdir(directory)) != NULL)
        if (!spool_ignores(entry->d_name) &&
            fstatat(spool->in, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) == 0)
            add_entry(listing, entry->d_name, &found);
    closedir(directory);
    if (listing->count > 0)
        qsort(listing->at, listing->count, sizeof *listing->at, by_name);
    return true;
}

void spool_listing_fini(struct spool_listing *listing)
{
    for (size_t i = 0; i < listing->count; i++)
        free(listing->at[i].name);
    free(listing->at);
    *listing = (struct spool_listing){ NULL, 0, 0 };
}

static bool read_all(int file, size_t size_max, struct writer *bytes)
{
    char block[65536];
    ssize_t size;

    while (bytes->used <= size_max) {
        size = read(file, block, sizeof block);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return size == 0;
        writer_bytes(bytes, (struct slice){ block, (size_t)size });
    }
    return true;
}

static enum spool_verdict read_file(int file, const char *name, struct spool_stamp *stamp,
                                    size_t size_max, struct writer *bytes, struct error *error)
{
    struct stat found;

    if (fstat(file, &found) != 0 || !S_ISREG(found.st_mode))
        return SPOOL_CHANGED;
    if (spool_stamp_equal(*stamp, SPOOL_ANY))
        *stamp = stamp_of(&found);
    if (!spool_stamp_equal(stamp_of(&found), *stamp))
        return SPOOL_CHANGED;
    if ((uint64_t)found.st_size > size_max)
        return SPOOL_TOO_LARGE;
    if (!read_all(file, size_max, bytes)) {
        fault(error, "read", name);
        return SPOOL_FAULT;
    }
    bool still = fstat(file, &found) == 0 && spool_stamp_equal(stamp_of(&found), *stamp) &&
                 bytes->used == (size_t)stamp->size;
    return still ? SPOOL_WHOLE : SPOOL_CHANGED;
}

enum spool_verdict spool_read(const struct spool *spool, const char *name,
                              struct spool_stamp *stamp, size_t size_max, struct writer *bytes,
                              struct error *error)
{
    int file = openat(spool->in, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (file < 0 && (errno == ENOENT || errno == ELOOP))
        return SPOOL_CHANGED;
    if (file < 0) {
        fault(error, "open", name);
        return SPOOL_FAULT;
    }
    enum spool_verdict verdict = read_file(file, name, stamp, size_max, bytes, error);
    close(file);
    return verdict;
}

static struct slice trimmed(struct slice text)
{
    while (text.size > 0 && strchr(" \t\r\n", text.at[text.size - 1]) != NULL)
        text.size--;
    return text;
}

/* The name of the root element: behind the first '<' that starts a name. */
static struct slice root_name(struct slice bytes)
{
    for (size_t i = 0; i + 1 < bytes.size; i++) {
        if (bytes.at[i] != '<' || bytes.at[i + 1] == '?' || bytes.at[i + 1] == '!')
            continue;
        struct slice name = { bytes.at + i + 1, 0 };
        while (i + 1 + name.size < bytes.size && strchr(" \t\r\n/>", name.at[name.size]) == NULL)
            name.size++;
        return name;
    }
    return SLICE_NONE;
}

bool spool_looks_whole(struct slice bytes)
{
    struct slice text = trimmed(bytes);
    struct slice name = root_name(text);

    if (name.size == 0 || text.size < name.size + 3 || text.at[text.size - 1] != '>')
        return false;
    struct slice end = trimmed((struct slice){ text.at, text.size - 1 });
    if (end.size < name.size + 2)
        return false;
    struct slice tail = slice_after(end, end.size - name.size - 2);
    return tail.at[0] == '<' && tail.at[1] == '/' && slice_equal(slice_after(tail, 2), name);
}

/* ------------------------------------------------------------ done and refused */

static bool is_reason(const char *name)
{
    size_t size = strlen(name), end = sizeof ".reason" - 1;

    return size >= end && strcmp(name + size - end, ".reason") == 0;
}

/* The first of NAME, NAME.1, NAME.2 ... that the folder does not have; a NAME
   that our reasons have is left to them.  Very long names are cut, so that what
   is added to them still fits. */
static bool free_name(int folder, const char *name, char free_one[NAME_MAX + 1])
{
    struct stat found;

    for (unsigned i = is_reason(name); i < CLASH_COUNT_MAX; i++) {
        snprintf(free_one, NAME_MAX + 1, "%.*s", NAME_CUT, name);
        if (i > 0)
            snprintf(free_one + strlen(free_one), 16, ".%u", i);
        if (fstatat(folder, free_one, &found, AT_SYMLINK_NOFOLLOW) != 0)
            return errno == ENOENT;
    }
    errno = EEXIST;
    return false;
}

/* Durable before the file itself moves, so that none ever lies in refused/
   without its reason. */
static bool write_reason(const struct spool *spool, const char *name, struct slice refusal,
                         struct error *error)
{
    char reason[NAME_MAX + 16];
    struct writer text;
    int file;

    snprintf(reason, sizeof reason, "%s.reason", name);
    writer_init(&text, 0);
    writer_bytes(&text, refusal);
    writer_char(&text, '\n');
    bool written = begin_file(spool->refused, reason, writer_slice(&text), &file, error) &&
                   end_file(spool->refused, reason, file, error) &&
                   spool_sync(spool->refused, "refused/", error);
    writer_fini(&text);
    return written;
}

/* Some file systems cannot rename without replacing; there the file has two
   names for a moment. */
static bool move(int from, const char *name, int to, const char *new_name)
{
    if (renameat2(from, name, to, new_name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    return linkat(from, name, to, new_name, 0) == 0 && unlinkat(from, name, 0) == 0;
}

static bool move_aside(const struct spool *spool, const char *name, struct slice refusal,
                       struct error *error)
{
    int folder = refusal.at != NULL ? spool->refused : spool->done;
    char target[NAME_MAX + 1];

    for (;;) {
        if (!free_name(folder, name, target))
            return fault(error, "find a free name for", name);
        if (refusal.at != NULL && !write_reason(spool, target, refusal, error))
            return false;
        if (move(spool->in, name, folder, target))
            return true;
        if (errno != EEXIST)
            return fault(error, "move", name);
    }
}

bool spool_file(const struct spool *spool, const char *name, struct spool_stamp stamp,
                struct slice refusal, struct error *error)
{
    struct stat found;

    if (fstatat(spool->in, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT || fault(error, "look at", name);
    return !spool_stamp_equal(stamp_of(&found), stamp) || move_aside(spool, name, refusal, error);
}

/* in/ last: no file must be lost on its way. */
bool spool_sync_filed(const struct spool *spool, bool any_done, bool any_refused,
                      struct error *error)
{
    return (!any_done || spool_sync(spool->done, "done/", error)) &&
           (!any_refused || spool_sync(spool->refused, "refused/", error)) &&
           spool_sync(spool->in, "in/", error);
}
