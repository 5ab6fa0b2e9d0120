/* Files and their folders, as far as SQLite leaves them to us. */
#include "gateway/store/store_file.h"

#include "routing/custody/owned.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <unistd.h>

/* One that is there is not touched: to close it would give up every lock that the
   process has on it. */
void store_file_make(const char *path)
{
    if (access(path, F_OK) == 0)
        return;
    int file = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0)
        close(file);
}

bool store_file_sync_folder(const char *path)
{
    char *copy = (char *)owned_copy(slice_of(path)).at;
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && fsync(folder) == 0;
    if (folder >= 0)
        close(folder);
    free(copy);
    return good;
}
