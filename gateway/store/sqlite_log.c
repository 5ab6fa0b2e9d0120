/* After a failed sync the system may take pages of the log for written that are
   not, and may forget them at any time; SQLite, for its part, ends the log
   silently at the first frame that is not right.  So each frame is proved, and
   written over itself: what SQLite reads afterwards is what the disk has. */
#include "gateway/store/sqlite_log.h"

#include "codecs/base/arena.h"
#include "gateway/store/sqlite_connection.h"
#include "gateway/store/store.h"

#include <sqlite3.h>
#include <stdlib.h>

enum {
    HEADER_SIZE = 32,
    FRAME_HEADER_SIZE = 24,
    MAGIC = 0x377f0682, /* the lowest bit: words of the sums are big-endian */
    PAGE_SIZE_LEAST = 512,
    PAGE_SIZE_MOST = 65536,
    PAGE_SIZE_OURS = 4096,
    COMMITS_THAT_PROVE = 2,
};

struct sums {
    uint32_t one, two;
};

struct log {
    const char *path; /* of the store */
    sqlite3_file *file;
    unsigned char *frame;
    sqlite3_int64 size, committed; /* bytes; up to the last commit that is whole */
    uint32_t page_size;
    unsigned char salts[8];
    bool big_endian, broken; /* a frame was not right */
    struct sums sums;
    unsigned commits_behind; /* the frame that was not right, itself included */
};

static uint32_t word(const unsigned char *at, bool big_endian)
{
    return big_endian
               ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
               : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* As the format of SQLite's log has it. */
static struct sums add_up(struct sums sums, const unsigned char *at, size_t size, bool big_endian)
{
    for (size_t i = 0; i < size; i += 8) {
        sums.one += word(at + i, big_endian) + sums.two;
        sums.two += word(at + i + 4, big_endian) + sums.one;
    }
    return sums;
}

static bool sums_stand_at(struct sums sums, const unsigned char *at)
{
    return word(at, true) == sums.one && word(at + 4, true) == sums.two;
}

static bool fail(const struct log *log, int code, const char *what, struct error *error)
{
    int system_error = 0;
    if (log->file->pMethods != NULL)
        log->file->pMethods->xFileControl(log->file, SQLITE_FCNTL_LAST_ERRNO, &system_error);
    return error_at(error, sqlite_error_kind(code, system_error),
                    (struct place){ .source = log->path },
                    "the write-ahead log cannot be %s (SQLite %d)", what, code);
}

static bool read_at(const struct log *log, unsigned char *bytes, int size, sqlite3_int64 from,
                    struct error *error)
{
    int code = log->file->pMethods->xRead(log->file, bytes, size, from);
    return code == SQLITE_OK || fail(log, code, "read", error);
}

static bool write_at(const struct log *log, const unsigned char *bytes, int size,
                     sqlite3_int64 from, struct error *error)
{
    int code = log->file->pMethods->xWrite(log->file, bytes, size, from);
    return code == SQLITE_OK || fail(log, code, "written", error);
}

/* A header that is not right begins no log: then nothing in it was committed, or
   it is damaged, which the frames behind it tell. */
static void take_header(struct log *log, const unsigned char header[HEADER_SIZE])
{
    uint32_t page_size = word(header + 8, true);
    bool sized = page_size >= PAGE_SIZE_LEAST && page_size <= PAGE_SIZE_MOST &&
                 (page_size & (page_size - 1)) == 0;
    log->big_endian = (header[3] & 1) != 0;
    log->sums = add_up((struct sums){ 0, 0 }, header, 24, log->big_endian);
    log->broken = (word(header, true) & ~UINT32_C(1)) != MAGIC || !sized ||
                  !sums_stand_at(log->sums, header + 24);
    log->page_size = sized ? page_size : PAGE_SIZE_OURS;
    log->committed = log->broken ? 0 : HEADER_SIZE;
    memcpy(log->salts, header + 16, sizeof log->salts);
}

static bool frame_is_right(struct log *log)
{
    const unsigned char *frame = log->frame;
    struct sums sums = add_up(log->sums, frame, 8, log->big_endian);
    sums = add_up(sums, frame + FRAME_HEADER_SIZE, log->page_size, log->big_endian);
    bool right = memcmp(frame + 8, log->salts, sizeof log->salts) == 0 && word(frame, true) != 0 &&
                 sums_stand_at(sums, frame + 16);
    log->sums = sums;
    return right;
}

static void take_frame(struct log *log, sqlite3_int64 end)
{
    bool commits = word(log->frame + 4, true) != 0;
    bool first = end == HEADER_SIZE + FRAME_HEADER_SIZE + (sqlite3_int64)log->page_size;
    if (!log->broken && !frame_is_right(log))
        log->broken = true;
    if (log->broken && log->committed == 0 && first) /* the header's cannot be believed */
        memcpy(log->salts, log->frame + 8, sizeof log->salts);
    if (!commits)
        return;
    if (!log->broken)
        log->committed = end;
    else if (memcmp(log->frame + 8, log->salts, sizeof log->salts) == 0)
        log->commits_behind++;
}

static bool go_through_frames(struct log *log, struct error *error)
{
    int size = FRAME_HEADER_SIZE + (int)log->page_size;
    bool good = true;
    log->frame = memory_take((size_t)size);
    for (sqlite3_int64 from = HEADER_SIZE; from + size <= log->size && good; from += size) {
        good = read_at(log, log->frame, size, from, error) &&
               write_at(log, log->frame, size, from, error);
        if (good)
            take_frame(log, from + size);
    }
    free(log->frame);
    return good;
}

/* The commit that was under way when the power went may be there in parts.  The
   next one was begun only when that was durable: its frames behind a frame that
   is not right prove that the disk has lost what it had. */
static bool is_whole(const struct log *log, struct error *error)
{
    return log->commits_behind < COMMITS_THAT_PROVE ||
           error_at(error, &store_corrupt, (struct place){ .source = log->path },
                    "the write-ahead log is damaged behind byte %lld: %u commits are lost",
                    (long long)log->committed, log->commits_behind);
}

static bool finish(const struct log *log, struct error *error)
{
    const sqlite3_io_methods *methods = log->file->pMethods;
    int code =
        log->size > log->committed ? methods->xTruncate(log->file, log->committed) : SQLITE_OK;
    if (code != SQLITE_OK)
        return fail(log, code, "cut", error);
    code = methods->xSync(log->file, SQLITE_SYNC_FULL);
    return code == SQLITE_OK || fail(log, code, "synced", error);
}

static bool settle_file(struct log *log, struct error *error)
{
    unsigned char header[HEADER_SIZE];
    int code = log->file->pMethods->xFileSize(log->file, &log->size);
    if (code != SQLITE_OK)
        return fail(log, code, "read", error);
    if (log->size < HEADER_SIZE)
        return finish(log, error);
    if (!read_at(log, header, HEADER_SIZE, 0, error) ||
        !write_at(log, header, HEADER_SIZE, 0, error))
        return false;
    take_header(log, header);
    return go_through_frames(log, error) && is_whole(log, error) && finish(log, error);
}

static bool settle_at(struct log *log, sqlite3_vfs *vfs, const char *path, struct error *error)
{
    int flags = SQLITE_OPEN_WAL | SQLITE_OPEN_READWRITE, opened = 0;
    int code = vfs->xOpen(vfs, path, log->file, flags, &opened);
    if (code == SQLITE_OK && (opened & SQLITE_OPEN_READONLY) != 0)
        code = SQLITE_READONLY;
    bool good = code == SQLITE_OK ? settle_file(log, error) : fail(log, code, "opened", error);
    if (log->file->pMethods != NULL)
        log->file->pMethods->xClose(log->file);
    return good;
}

/* Through SQLite's own layer to the system, as all that the store writes. */
bool sqlite_log_settle(const char *path, struct error *error)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    struct log log = { .path = path };
    struct arena arena;
    int there = 0;
    arena_init(&arena, ARENA_UNLIMITED);
    const char *name = arena_format(&arena, "%s-wal", path).at;
    char *whole = arena_take(&arena, (size_t)vfs->mxPathname + 2);
    log.file = arena_take(&arena, (size_t)vfs->szOsFile);
    bool good = vfs->xFullPathname(vfs, name, vfs->mxPathname, whole) != SQLITE_OK ||
                vfs->xAccess(vfs, whole, SQLITE_ACCESS_EXISTS, &there) != SQLITE_OK || there == 0 ||
                settle_at(&log, vfs, whole, error);
    arena_fini(&arena);
    return good;
}
