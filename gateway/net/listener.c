/* Accepts connections and finds them by number. */
#include "gateway/net/listener.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "codecs/base/arena.h"
#include "gateway/net/address.h"
#include "gateway/net/connection.h"

#define BACKLOG     128
#define OUTSIDE_MAX 256 /* handshakes at once: what nobody knows yet may not take all seats */

const struct error_kind listener_failed = { "net.listen-failed", "cannot listen" };
const struct error_kind listener_busy = { "net.socket-in-use",
                                          "another gateway answers on this socket" };

/* One accepted connection.  Its id is serial * slots + slot. */
struct seat {
    struct listener *listener;
    struct connection *connection; /* NULL: the seat is free */
    uint64_t id;
    bool inside;   /* the owner knows it */
    bool dialled;  /* so it did from the start */
    char host[64]; /* of the peer, as far as it is known */
    unsigned port;
};

struct listener {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    struct listener_options options;
    struct seat *seats;
    size_t seat_count, taken_count, outside_count;
    uint64_t serial;
    uv_loop_t *loop;
    bool is_tcp;
    bool stopped, closed, socket_closed;
    char address[128];
};

/* ------------------------------------------------------------ connections */

static void free_when_done(struct listener *listener)
{
    if (!listener->closed || !listener->socket_closed || listener->taken_count > 0)
        return;
    free(listener->seats);
    free(listener);
}

static void seat_bytes(void *owner, struct slice bytes)
{
    struct seat *seat = owner;
    struct listener *listener = seat->listener;

    if (!listener->closed)
        listener->options.events->bytes(listener->options.owner, seat->id, bytes);
}

static void note_peer(struct seat *seat)
{
    seat->host[0] = '\0';
    seat->port = 0;
    if (seat->listener->is_tcp)
        connection_peer(seat->connection, seat->host, &seat->port);
}

static void seat_opened(void *owner)
{
    struct seat *seat = owner;
    struct listener *listener = seat->listener;
    const struct tls_stream *tls = connection_tls(seat->connection);
    struct writer names;

    writer_init(&names, 0);
    if (tls != NULL)
        tls_stream_write_names(tls, &names);
    note_peer(seat);
    seat->inside = true;
    listener->outside_count--;
    const struct listener_peer peer = { .host = slice_of(seat->host),
                                        .port = seat->port,
                                        .secure = tls != NULL,
                                        .names = writer_slice(&names) };
    if (!listener->closed)
        listener->options.events->opened(listener->options.owner, seat->id, &peer);
    writer_fini(&names);
}

/* It never was inside. */
static void refuse(const struct seat *seat, const char *why)
{
    const struct listener_options *options = &seat->listener->options;
    char text[300];

    snprintf(text, sizeof text, "%s: %s", seat->host, why);
    options->events->refused(options->owner, text);
}

static void seat_closed(void *owner, const char *why)
{
    struct seat *seat = owner;
    struct listener *listener = seat->listener;

    if (!listener->closed && (seat->inside || seat->dialled))
        listener->options.events->closed(listener->options.owner, seat->id, why);
    else if (!listener->closed)
        refuse(seat, why);
    seat->connection = NULL;
    listener->taken_count--;
    listener->outside_count -= !seat->inside;
    free_when_done(listener);
}

static void seat_drained(void *owner)
{
    struct seat *seat = owner;
    const struct listener *listener = seat->listener;

    if (!listener->closed && listener->options.events->drained != NULL)
        listener->options.events->drained(listener->options.owner, seat->id);
}

static const struct connection_events seat_events = { seat_opened, seat_bytes, seat_closed,
                                                      seat_drained };

static struct seat *free_seat(struct listener *listener)
{
    for (size_t i = 0; i < listener->seat_count; i++)
        if (listener->seats[i].connection == NULL)
            return &listener->seats[i];
    return NULL;
}

static struct connection *find(const struct listener *listener, uint64_t id)
{
    const struct seat *seat = &listener->seats[id % listener->seat_count];

    return seat->id == id ? seat->connection : NULL;
}

/* Over the limit a connection is taken and closed, else it would wait in the
   backlog without an answer. */
static void turn_away(uv_stream_t *server)
{
    struct listener *listener = server->data;
    uv_tcp_t *socket = memory_take(sizeof *socket);

    if (server->type == UV_TCP)
        uv_tcp_init(server->loop, socket);
    else
        uv_pipe_init(server->loop, (uv_pipe_t *)socket, 0);
    uv_accept(server, (uv_stream_t *)socket);
    uv_close((uv_handle_t *)socket, (uv_close_cb)free);
    listener->options.events->refused(listener->options.owner, "too many connections");
}

/* NULL: the door stands open. */
static const struct entry_options *entry_of(const struct listener *listener)
{
    const struct listener_door *door = listener->options.door;

    return door == NULL || (door->entry.tls == NULL && !door->entry.proxy) ? NULL : &door->entry;
}

static bool is_allowed(const struct seat *seat)
{
    const struct listener_door *door = seat->listener->options.door;
    bool allowed = door == NULL || door->allowed_count == 0;

    for (size_t i = 0; !allowed && i < door->allowed_count; i++)
        allowed = network_has(&door->allowed[i], slice_of(seat->host));
    return allowed;
}

static void take_seat(struct seat *seat, struct listener *listener, bool dialled)
{
    seat->listener = listener;
    seat->id = ++listener->serial * listener->seat_count + (uint64_t)(seat - listener->seats);
    seat->inside = false;
    seat->dialled = dialled;
    seat->host[0] = '\0';
    listener->taken_count++;
    listener->outside_count++;
}

uint64_t listener_dial(struct listener *listener, const struct listener_target *target)
{
    struct seat *seat = free_seat(listener);
    const struct entry_options *entry = target->entry.tls == NULL ? NULL : &target->entry;

    if (seat == NULL)
        return 0;
    take_seat(seat, listener, true);
    seat->connection = connection_dial(listener->loop, target->address, target->local,
                                       &listener->options.limits, entry, &seat_events, seat);
    return seat->id;
}

static void take_connection(uv_stream_t *server, int status)
{
    struct listener *listener = server->data;

    if (status < 0) {
        listener->options.events->refused(listener->options.owner, uv_strerror(status));
        return;
    }
    struct seat *seat = free_seat(listener);
    if (seat == NULL || listener->outside_count == OUTSIDE_MAX) {
        turn_away(server);
        return;
    }
    take_seat(seat, listener, false);
    seat->connection = connection_accept(server, &listener->options.limits, entry_of(listener),
                                         &seat_events, seat);
    note_peer(seat);
    if (!is_allowed(seat))
        connection_abort(seat->connection, "its address is not one that may connect");
    else if (entry_of(listener) == NULL)
        seat_opened(seat);
}

void listener_change_door(struct listener *listener, const struct listener_door *door)
{
    listener->options.door = door;
}

bool listener_write(struct listener *listener, uint64_t id, struct slice bytes)
{
    struct connection *connection = find(listener, id);

    if (connection == NULL)
        return false;
    bool was_full = connection_full(connection);
    connection_write(connection, bytes);
    return connection_full(connection) && !was_full;
}

void listener_hang_up(struct listener *listener, uint64_t id)
{
    struct connection *connection = find(listener, id);

    if (connection != NULL)
        connection_close(connection);
}

void listener_pause(struct listener *listener, uint64_t id)
{
    struct connection *connection = find(listener, id);

    if (connection != NULL)
        connection_pause(connection);
}

void listener_resume(struct listener *listener, uint64_t id)
{
    struct connection *connection = find(listener, id);

    if (connection != NULL)
        connection_resume(connection);
}

int listener_descriptor(const struct listener *listener, uint64_t id)
{
    const struct connection *connection = find(listener, id);

    return connection == NULL ? -1 : connection_descriptor(connection);
}

/* ------------------------------------------------------------ the socket itself */

static struct listener *listener_new(uv_loop_t *loop, const struct listener_options *options,
                                     bool is_tcp)
{
    struct listener *listener = memory_take(sizeof *listener);

    memset(listener, 0, sizeof *listener);
    listener->loop = loop;
    listener->is_tcp = is_tcp;
    listener->options = *options;
    listener->seat_count = options->connection_count_max;
    listener->seats = memory_take(listener->seat_count * sizeof *listener->seats);
    memset(listener->seats, 0, listener->seat_count * sizeof *listener->seats);
    return listener;
}

static void socket_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;

    listener->socket_closed = true;
    free_when_done(listener);
}

void listener_stop(struct listener *listener)
{
    if (listener->stopped)
        return;
    listener->stopped = true;
    uv_close(&listener->socket.handle, socket_closed);
}

void listener_close(struct listener *listener)
{
    listener->closed = true;
    for (size_t i = 0; i < listener->seat_count; i++)
        if (listener->seats[i].connection != NULL)
            connection_close(listener->seats[i].connection);
    listener_stop(listener);
    free_when_done(listener);
}

const char *listener_address(const struct listener *listener)
{
    return listener->address;
}

static struct listener *fail(struct listener *listener, const char *where, int status,
                             struct error *error)
{
    error_at(error, &listener_failed, PLACE_NONE, "%s: %s", where, uv_strerror(status));
    listener_close(listener);
    return NULL;
}

static void read_address(struct listener *listener)
{
    struct sockaddr_storage address = { 0 };
    int size = sizeof address;
    char host[64];
    unsigned port;

    uv_tcp_getsockname(&listener->socket.tcp, (struct sockaddr *)&address, &size);
    address_print(&address, host, &port);
    snprintf(listener->address, sizeof listener->address,
             address.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host, port);
}

struct listener *listener_open(uv_loop_t *loop, struct slice host, unsigned port,
                               const struct listener_options *options, struct error *error)
{
    struct sockaddr_storage address;
    char where[300];

    if (!address_resolve(host, port, &address, error))
        return NULL;
    snprintf(where, sizeof where, "%.*s:%u", SLICE_ARG(host), port);
    struct listener *listener = listener_new(loop, options, true);
    uv_tcp_init(loop, &listener->socket.tcp);
    listener->socket.handle.data = listener;
    int status = uv_tcp_bind(&listener->socket.tcp, (const struct sockaddr *)&address, 0);
    if (status == 0)
        status = uv_listen(&listener->socket.stream, BACKLOG, take_connection);
    if (status != 0)
        return fail(listener, where, status, error);
    read_address(listener);
    return listener;
}

/* Does somebody answer on the socket?  If nobody does the file is a left-over. */
static bool somebody_answers(const struct sockaddr_un *address)
{
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answers = connect(descriptor, (const struct sockaddr *)address, sizeof *address) == 0;

    close(descriptor);
    return answers;
}

static bool clear_path(const char *path, struct error *error)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct stat found;

    if (strlen(path) >= sizeof address.sun_path)
        return error_at(error, &listener_failed, PLACE_NONE,
                        "the path of a local socket has at most %zu characters: %s",
                        sizeof address.sun_path - 1, path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (lstat(path, &found) != 0)
        return true;
    if (!S_ISSOCK(found.st_mode))
        return error_at(error, &listener_failed, PLACE_NONE,
                        "%s: there is a file of this name that is not a socket", path);
    if (somebody_answers(&address))
        return error_at(error, &listener_busy, PLACE_NONE, "%s", path);
    unlink(path);
    return true;
}

struct listener *listener_open_outward(uv_loop_t *loop, const struct listener_options *options)
{
    struct listener *listener = listener_new(loop, options, true);

    listener->stopped = listener->socket_closed = true;
    return listener;
}

struct listener *listener_open_local(uv_loop_t *loop, const char *path,
                                     const struct listener_options *options, struct error *error)
{
    if (!clear_path(path, error))
        return NULL;
    struct listener *listener = listener_new(loop, options, false);
    uv_pipe_init(loop, &listener->socket.pipe, 0);
    listener->socket.handle.data = listener;
    /* The mask, not a chmod behind it: there must be no moment when others may connect. */
    mode_t mask = umask(0177);
    int status = uv_pipe_bind(&listener->socket.pipe, path);
    umask(mask);
    if (status == 0)
        status = uv_listen(&listener->socket.stream, BACKLOG, take_connection);
    if (status != 0)
        return fail(listener, path, status, error);
    snprintf(listener->address, sizeof listener->address, "%s", path);
    return listener;
}
