/* SQLite's backup in one step, which reads one state; then what makes a file and
   its name durable. */
#include "gateway/store/store_backup.h"

#include "gateway/store/sqlite_connection.h"
#include "gateway/store/store.h"
#include "gateway/store/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool refuse(const char *to, const char *why, struct error *error)
{
    return error_at(error, &store_copy_failed, (struct place){ .source = to }, "%s", why);
}

static bool refuse_system(const char *to, struct error *error)
{
    if (errno == EEXIST)
        return error_at(error, &store_there, (struct place){ .source = to }, "nothing was done");
    return refuse(to, strerror(errno), error);
}

/* What went wrong with the copy, in words about its disk and not the store's. */
static bool refuse_copy(const struct sqlite_connection *copy, const char *to, struct error *error)
{
    int system_error = sqlite3_system_errno(copy->db);
    if (sqlite3_errcode(copy->db) == SQLITE_FULL)
        system_error = ENOSPC;
    return refuse(to, system_error != 0 ? strerror(system_error) : sqlite3_errmsg(copy->db), error);
}

/* Only the owner may read it; and it is not there yet. */
static bool make_file(const char *part, const char *to, struct error *error)
{
    if (access(to, F_OK) == 0)
        errno = EEXIST;
    else if (unlink(part) == 0 || errno == ENOENT) {
        int file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file >= 0)
            return close(file) == 0;
    }
    return refuse_system(to, error);
}

/* The copy is synced as a whole when it is there, not page by page; and it needs
   no log beside it. */
static bool copy_pages(struct sqlite_connection *from, struct sqlite_connection *copy,
                       const char *to, struct error *error)
{
    sqlite3_exec(copy->db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL, NULL, NULL);
    sqlite3_backup *backup = sqlite3_backup_init(copy->db, "main", from->db, "main");
    if (backup == NULL)
        return refuse_copy(copy, to, error);
    sqlite3_backup_step(backup, -1);
    int code = sqlite3_backup_finish(backup);
    if (code != SQLITE_OK && sqlite3_errcode(from->db) != SQLITE_OK)
        return sqlite_connection_fail(from, error);
    if (code == SQLITE_OK)
        code = sqlite3_exec(copy->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    return code == SQLITE_OK || refuse_copy(copy, to, error);
}

static bool write_part(const char *path, const char *part, const char *to, struct error *error)
{
    struct sqlite_connection from, copy;
    if (!sqlite_connection_open_to_read(&from, path, error))
        return false;
    bool good = sqlite_connection_open_to_read(&copy, part, error);
    if (good) {
        good = copy_pages(&from, &copy, to, error);
        sqlite_connection_close(&copy);
    }
    sqlite_connection_close(&from);
    return good;
}

static bool sync_file(const char *path, const char *to, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool good = file >= 0 && fsync(file) == 0;
    if (!good)
        refuse_system(to, error);
    if (file >= 0)
        close(file);
    return good;
}

static bool name_it(const char *part, const char *to, struct error *error)
{
    return renameat2(AT_FDCWD, part, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ||
           refuse_system(to, error);
}

/* SQLite may have left files of its own beside one that it could not finish. */
static void remove_part(const char *part)
{
    static const char *const tails[] = { "", "-journal", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char *name = sqlite3_mprintf("%s%s", part, tails[i]);
        if (name != NULL)
            unlink(name);
        sqlite3_free(name);
    }
}

bool store_backup(const char *path, const char *to, struct error *error)
{
    char *part = sqlite3_mprintf("%s.part", to);
    if (part == NULL || !make_file(part, to, error)) {
        sqlite3_free(part);
        return false;
    }
    bool good = write_part(path, part, to, error) && sync_file(part, to, error) &&
                name_it(part, to, error) &&
                (store_file_sync_folder(to) || refuse_system(to, error));
    if (!good)
        remove_part(part);
    sqlite3_free(part);
    return good;
}
