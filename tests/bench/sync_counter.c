/* Loaded before the C library (LD_PRELOAD): counts the process's syncs in the
   file that SYNC_COUNTER names, eight bytes in the machine's order. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

static _Atomic uint64_t *counter;

__attribute__((constructor)) static void open_counter(void)
{
    const char *path = getenv("SYNC_COUNTER");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (file < 0)
        return;
    if (ftruncate(file, sizeof *counter) == 0) {
        void *shared = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        counter = shared == MAP_FAILED ? NULL : shared;
    }
    close(file);
}

static void count_one(void)
{
    if (counter != NULL)
        atomic_fetch_add(counter, 1);
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the library's
   names are reserved ones. */
int fsync(int file)
{
    count_one();
    return REAL(fsync)(file);
}

int fdatasync(int file)
{
    count_one();
    return REAL(fdatasync)(file);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
