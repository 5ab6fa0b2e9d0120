/* What the layers that are loaded before the C library (LD_PRELOAD) share. */
#ifndef PENSTOCK_TESTS_SYSTEM_LAYER_H
#define PENSTOCK_TESTS_SYSTEM_LAYER_H

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The function as it is without the layer. */
#define REAL(name)     ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

#define LAYER_PATH_MAX (2 * PATH_MAX)

/* In a function with variable arguments behind its flags, as open has them. */
#define LAYER_MODE(flags)                                                                          \
    __extension__({                                                                                \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        mode_t given = ((flags)&O_CREAT) == 0 ? 0 : va_arg(arguments, mode_t);                     \
        va_end(arguments);                                                                         \
        given;                                                                                     \
    })

/* Of an open file; empty when it has none. */
static inline void layer_path_of(int file, char path[LAYER_PATH_MAX])
{
    char link[64];

    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, LAYER_PATH_MAX - 1);
    path[size < 0 ? 0 : size] = '\0';
}

/* Of a name beside an open folder. */
static inline void layer_path_at(int folder, const char *name, char path[LAYER_PATH_MAX])
{
    char front[LAYER_PATH_MAX] = "";

    if (name[0] != '/' && folder != AT_FDCWD)
        layer_path_of(folder, front);
    else if (name[0] != '/' && getcwd(front, sizeof front) == NULL)
        front[0] = '\0';
    snprintf(path, LAYER_PATH_MAX, "%.*s%s%s", PATH_MAX, front, name[0] == '/' ? "" : "/", name);
}

/* Sockets, pipes and what is opened for appending (the log) are nobody's state. */
static inline int layer_is_state(int file)
{
    struct stat found;

    return fstat(file, &found) == 0 && S_ISREG(found.st_mode) &&
           (fcntl(file, F_GETFL) & O_APPEND) == 0;
}

static inline int layer_is_socket(int file)
{
    struct stat found;

    return fstat(file, &found) == 0 && S_ISSOCK(found.st_mode);
}

#endif
