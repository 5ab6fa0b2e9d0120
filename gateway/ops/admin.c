/* Takes operators' commands from the local socket and carries the answers back. */
#include "gateway/ops/admin.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "codecs/base/arena.h"
#include "gateway/net/listener.h"
#include "gateway/ops/admin_frame.h"

#define ASKER_COUNT_MAX 32
#define NAME_SIZE       64

const struct error_kind admin_unreachable = {
    "admin.unreachable", "no gateway answers on the local socket (is it running?)"
};
const struct error_kind admin_cut_short = { "admin.cut-short",
                                            "the gateway ended before it had answered" };

/* One connection: what has come so far. */
struct asker {
    uint64_t id; /* 0: free */
    bool asked;
    struct writer bytes;
};

struct admin {
    struct listener *listener;
    const struct admin_events *events;
    void *owner;
    struct asker askers[ASKER_COUNT_MAX];
};

static struct asker *find_asker(struct admin *admin, uint64_t id)
{
    for (size_t i = 0; i < ASKER_COUNT_MAX; i++)
        if (admin->askers[i].id == id)
            return &admin->askers[i];
    return NULL;
}

/* The user name behind the connection, or its number when it has none. */
static void peer_name(const struct admin *admin, uint64_t id, char name[NAME_SIZE])
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    struct passwd entry, *found = NULL;
    char block[2048];

    snprintf(name, NAME_SIZE, "unknown");
    if (getsockopt(listener_descriptor(admin->listener, id), SOL_SOCKET, SO_PEERCRED, &peer,
                   &size) != 0)
        return;
    getpwuid_r(peer.uid, &entry, block, sizeof block, &found);
    if (found != NULL)
        snprintf(name, NAME_SIZE, "%s", found->pw_name);
    else
        snprintf(name, NAME_SIZE, "uid-%u", (unsigned)peer.uid);
}

static void asker_opened(void *owner, uint64_t id, const struct listener_peer *peer)
{
    struct admin *admin = owner;
    struct asker *asker = find_asker(admin, 0);

    (void)peer;
    asker->id = id;
    asker->asked = false;
    writer_init(&asker->bytes, 0);
}

static void asker_bytes(void *owner, uint64_t id, struct slice bytes)
{
    struct admin *admin = owner;
    struct asker *asker = find_asker(admin, id);
    struct slice words[ADMIN_WORD_COUNT_MAX];
    char name[NAME_SIZE];
    size_t count;

    if (asker->asked)
        return;
    writer_bytes(&asker->bytes, bytes);
    switch (admin_frame_find(writer_slice(&asker->bytes), words, &count)) {
    case ADMIN_PARTIAL:
        return;
    case ADMIN_BROKEN:
        asker->asked = true;
        admin_answer(admin, id, 2, SLICE("not a command of this version's command line\n"));
        return;
    case ADMIN_WHOLE:
        asker->asked = true;
        peer_name(admin, id, name);
        admin->events->command(admin->owner, id, words, count, slice_of(name));
        return;
    }
}

static void asker_closed(void *owner, uint64_t id, const char *why)
{
    struct asker *asker = find_asker(owner, id);

    (void)why;
    writer_fini(&asker->bytes);
    asker->id = 0;
}

static void asker_refused(void *owner, const char *why)
{
    (void)owner;
    (void)why;
}

void admin_answer(struct admin *admin, uint64_t id, int status, struct slice bytes)
{
    struct writer answer;

    writer_init(&answer, 0);
    admin_answer_write(status, bytes, &answer);
    listener_write(admin->listener, id, writer_slice(&answer));
    listener_hang_up(admin->listener, id);
    writer_fini(&answer);
}

struct admin *admin_open(uv_loop_t *loop, const char *path, const struct admin_events *events,
                         void *owner, struct error *error)
{
    static const struct listener_events listener_events = {
        .opened = asker_opened,
        .bytes = asker_bytes,
        .closed = asker_closed,
        .refused = asker_refused,
    };
    struct admin *admin = memory_take(sizeof *admin);
    const struct listener_options options = {
        .events = &listener_events,
        .owner = admin,
        .connection_count_max = ASKER_COUNT_MAX,
        .limits = { .queue_size_max = SIZE_MAX / 2 },
    };

    memset(admin, 0, sizeof *admin);
    admin->events = events;
    admin->owner = owner;
    admin->listener = listener_open_local(loop, path, &options, error);
    if (admin->listener == NULL) {
        free(admin);
        return NULL;
    }
    return admin;
}

void admin_close(struct admin *admin)
{
    unlink(listener_address(admin->listener));
    listener_close(admin->listener);
    for (size_t i = 0; i < ASKER_COUNT_MAX; i++)
        if (admin->askers[i].id != 0)
            writer_fini(&admin->askers[i].bytes);
    free(admin);
}

/* ------------------------------------------------------------ the other end */

/* A connected descriptor; -1: *error says why not. */
static int reach(const char *path, struct error *error)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (strlen(path) >= sizeof address.sun_path) {
        error_at(error, &admin_unreachable, PLACE_NONE, "%s: the path is too long", path);
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    error_at(error, &admin_unreachable, PLACE_NONE, "%s: %s", path, strerror(errno));
    close(descriptor);
    return -1;
}

static bool send_all(int descriptor, struct slice bytes)
{
    while (bytes.size > 0) {
        ssize_t sent = send(descriptor, bytes.at, bytes.size, MSG_NOSIGNAL);

        if (sent < 0)
            return false;
        bytes = slice_after(bytes, (size_t)sent);
    }
    return true;
}

static bool converse(int descriptor, struct slice command, struct writer *stream)
{
    char block[65536];
    ssize_t size;

    if (!send_all(descriptor, command))
        return false;
    while ((size = recv(descriptor, block, sizeof block, 0)) > 0)
        writer_bytes(stream, (struct slice){ block, (size_t)size });
    return size == 0;
}

bool admin_ask(const char *path, const struct slice *words, size_t count, int *status,
               struct writer *answer, struct error *error)
{
    struct writer command, stream;
    struct slice bytes;
    int descriptor = reach(path, error);

    if (descriptor < 0)
        return false;
    writer_init(&command, 0);
    writer_init(&stream, 0);
    admin_frame_write(words, count, &command);
    bool answered = converse(descriptor, writer_slice(&command), &stream) &&
                    admin_answer_read(writer_slice(&stream), status, &bytes);
    if (answered)
        writer_bytes(answer, bytes);
    else
        error_at(error, &admin_cut_short, PLACE_NONE, "%s", path);
    close(descriptor);
    writer_fini(&command);
    writer_fini(&stream);
    return answered;
}
