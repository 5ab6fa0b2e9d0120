/* One stream socket: a bounded queue to write from, and an orderly end. */
#include "gateway/net/connection.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "codecs/base/arena.h"
#include "codecs/base/writer.h"
#include "gateway/net/address.h"

#define READ_SIZE   16384
#define LINGER_MS   5000
#define KEEPALIVE_S 60

enum connection_state {
    CONNECTION_DIALLING,
    CONNECTION_OPEN,
    CONNECTION_CLOSING, /* nothing more is taken; what waits is still sent */
    CONNECTION_GONE,    /* the handles are being closed */
};

struct connection {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    uv_timer_t patience; /* with a peer that takes nothing, and at the end with any */
    uv_connect_t connect;
    uv_write_t write;
    uv_shutdown_t shutdown;
    const struct connection_events *events;
    void *owner;
    enum connection_state state;
    bool paused, shutting_down, full;
    unsigned open_handles;
    const char *why;
    struct entry *entry; /* NULL: none; bytes are the owner's as they come */
    unsigned entry_ms;
    struct writer plain;   /* what came through the entry */
    struct error refusal;  /* why it did not */
    struct writer waiting; /* to be written next */
    char *writing;         /* lent to uv_write; NULL: no write is under way */
    size_t writing_size;
    size_t untaken; /* of what is being written, when that was last looked at */
    struct connection_limits limits;
    char buffer[READ_SIZE];
};

static void handle_closed(uv_handle_t *handle)
{
    struct connection *connection = handle->data;

    if (--connection->open_handles > 0)
        return;
    connection->events->closed(connection->owner, connection->why);
    writer_fini(&connection->waiting);
    writer_fini(&connection->plain);
    entry_free(connection->entry);
    free(connection->writing);
    free(connection);
}

static void end(struct connection *connection, const char *why)
{
    if (connection->state == CONNECTION_GONE)
        return;
    connection->state = CONNECTION_GONE;
    if (connection->why == NULL)
        connection->why = why;
    uv_close((uv_handle_t *)&connection->patience, handle_closed);
    uv_close(&connection->socket.handle, handle_closed);
}

/* ------------------------------------------------------------ out */

static void start_write(struct connection *connection);

static void shut_down(uv_shutdown_t *request, int status)
{
    struct connection *connection = request->data;

    if (status < 0)
        end(connection, uv_strerror(status));
}

/* The peer's own end of file then ends the connection: closing before it has
   read everything could reset what is still on the way. */
static void start_shutdown(struct connection *connection)
{
    if (connection->shutting_down)
        return;
    connection->shutting_down = true;
    connection->shutdown.data = connection;
    connection_resume(connection);
    if (uv_shutdown(&connection->shutdown, &connection->socket.stream, shut_down) != 0)
        end(connection, "closed");
}

bool connection_full(const struct connection *connection)
{
    return connection->full;
}

static size_t queue_size(const struct connection *connection)
{
    return connection->waiting.used + connection->writing_size;
}

static void tell_drained(struct connection *connection)
{
    if (!connection->full || connection->state != CONNECTION_OPEN ||
        queue_size(connection) > CONNECTION_DRAINED_SIZE)
        return;
    connection->full = false;
    if (connection->events->drained != NULL)
        connection->events->drained(connection->owner);
}

static void written(uv_write_t *request, int status)
{
    struct connection *connection = request->data;

    free(connection->writing);
    connection->writing = NULL;
    connection->writing_size = 0;
    if (status < 0) {
        end(connection, uv_strerror(status));
        return;
    }
    start_write(connection);
    tell_drained(connection);
}

static bool is_outside(const struct connection *connection)
{
    return connection->entry != NULL && !entry_passed(connection->entry);
}

static void look_at_peer(uv_timer_t *timer)
{
    struct connection *connection = timer->data;
    size_t left = uv_stream_get_write_queue_size(&connection->socket.stream);

    if (connection->state == CONNECTION_OPEN && is_outside(connection)) {
        end(connection, "it did not enter in time");
        return;
    }
    if (connection->state == CONNECTION_CLOSING) {
        end(connection, "closed, but the peer did not take all that was sent");
        return;
    }
    if (connection->writing == NULL)
        return;
    if (left == connection->untaken) {
        end(connection, "the peer takes nothing of what is sent");
        return;
    }
    connection->untaken = left;
    uv_timer_start(timer, look_at_peer, connection->limits.stuck_ms, 0);
}

/* The time counts from when nothing could be given to the system any more. */
static void watch_peer(struct connection *connection)
{
    connection->untaken = uv_stream_get_write_queue_size(&connection->socket.stream);
    if (connection->limits.stuck_ms != 0 && connection->state == CONNECTION_OPEN &&
        connection->untaken != 0 && !is_outside(connection))
        uv_timer_start(&connection->patience, look_at_peer, connection->limits.stuck_ms, 0);
}

static void start_write(struct connection *connection)
{
    if (connection->writing != NULL || connection->state == CONNECTION_DIALLING ||
        connection->state == CONNECTION_GONE)
        return;
    if (connection->waiting.used == 0) {
        if (connection->state == CONNECTION_CLOSING)
            start_shutdown(connection);
        return;
    }
    connection->writing = writer_take(&connection->waiting, &connection->writing_size);
    uv_buf_t buffer = uv_buf_init(connection->writing, (unsigned)connection->writing_size);
    int status = uv_write(&connection->write, &connection->socket.stream, &buffer, 1, written);
    if (status != 0)
        end(connection, uv_strerror(status));
    else
        watch_peer(connection);
}

void connection_write(struct connection *connection, struct slice bytes)
{
    if (connection->state != CONNECTION_OPEN && connection->state != CONNECTION_DIALLING)
        return;
    if (queue_size(connection) + bytes.size > connection->limits.queue_size_max) {
        end(connection, "the peer does not read: too many bytes wait for it");
        return;
    }
    if (connection->entry != NULL)
        entry_put(connection->entry, bytes, &connection->waiting);
    else
        writer_bytes(&connection->waiting, bytes);
    connection->full = connection->full || queue_size(connection) > CONNECTION_FULL_SIZE;
    start_write(connection);
}

void connection_close(struct connection *connection)
{
    if (connection->state == CONNECTION_DIALLING)
        end(connection, "closed");
    if (connection->state != CONNECTION_OPEN)
        return;
    if (connection->entry != NULL)
        entry_end(connection->entry, &connection->waiting);
    connection->state = CONNECTION_CLOSING;
    uv_timer_start(&connection->patience, look_at_peer, LINGER_MS, 0);
    start_write(connection);
}

void connection_abort(struct connection *connection, const char *why)
{
    end(connection, why);
}

/* ------------------------------------------------------------ in */

static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct connection *connection = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(connection->buffer, sizeof connection->buffer);
}

static void tell_opened(struct connection *connection)
{
    if (connection->events->opened != NULL)
        connection->events->opened(connection->owner);
}

static void pass(struct connection *connection)
{
    uv_timer_stop(&connection->patience);
    tell_opened(connection);
}

/* The peer is to learn why, where it can. */
static void refuse(struct connection *connection)
{
    if (connection->why == NULL)
        connection->why = connection->refusal.detail;
    connection_close(connection);
}

static void take_through_entry(struct connection *connection, struct slice bytes)
{
    bool was_outside = is_outside(connection);

    writer_reset(&connection->plain);
    bool good = entry_take(connection->entry, bytes, &connection->plain, &connection->waiting,
                           &connection->refusal);
    start_write(connection);
    if (was_outside && !is_outside(connection))
        pass(connection);
    if (connection->state == CONNECTION_OPEN && connection->plain.used > 0)
        connection->events->bytes(connection->owner, writer_slice(&connection->plain));
    if (queue_size(connection) > connection->limits.queue_size_max)
        end(connection, "the peer does not read: too many bytes wait for it");
    if (!good)
        refuse(connection);
    else if (entry_ended(connection->entry))
        end(connection, "closed by the peer");
}

static void take_bytes(struct connection *connection, struct slice bytes)
{
    if (connection->entry != NULL)
        take_through_entry(connection, bytes);
    else
        connection->events->bytes(connection->owner, bytes);
}

static void read_some(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct connection *connection = stream->data;

    if (size < 0)
        end(connection, size == UV_EOF ? "closed by the peer" : uv_strerror((int)size));
    else if (size > 0 && connection->state == CONNECTION_OPEN)
        take_bytes(connection, (struct slice){ buffer->base, (size_t)size });
}

void connection_resume(struct connection *connection)
{
    connection->paused = false;
    if (connection->state == CONNECTION_OPEN || connection->state == CONNECTION_CLOSING)
        uv_read_start(&connection->socket.stream, lend_buffer, read_some);
}

void connection_pause(struct connection *connection)
{
    connection->paused = true;
    if (connection->state == CONNECTION_OPEN)
        uv_read_stop(&connection->socket.stream);
}

/* ------------------------------------------------------------ life */

static struct connection *connection_new(uv_loop_t *loop, const struct connection_limits *limits,
                                         const struct entry_options *entry,
                                         const struct connection_events *events, void *owner)
{
    struct connection *connection = memory_take(sizeof *connection);

    memset(connection, 0, offsetof(struct connection, buffer));
    connection->events = events;
    connection->owner = owner;
    connection->limits = *limits;
    connection->open_handles = 2;
    writer_init(&connection->waiting, 0);
    writer_init(&connection->plain, 0);
    if (entry != NULL) {
        connection->entry = entry_new(entry);
        connection->entry_ms = entry->entry_ms;
    }
    uv_timer_init(loop, &connection->patience);
    connection->patience.data = connection;
    connection->write.data = connection;
    return connection;
}

/* Small messages must not wait for each other's acknowledgement. */
static void open_stream(struct connection *connection)
{
    connection->state = CONNECTION_OPEN;
    if (connection->socket.handle.type == UV_TCP) {
        uv_tcp_nodelay(&connection->socket.tcp, 1);
        uv_tcp_keepalive(&connection->socket.tcp, 1, KEEPALIVE_S);
    }
    if (connection->entry_ms != 0)
        uv_timer_start(&connection->patience, look_at_peer, connection->entry_ms, 0);
    if (connection->entry != NULL)
        entry_begin(connection->entry, &connection->waiting);
    if (!connection->paused)
        connection_resume(connection);
}

struct connection *connection_accept(uv_stream_t *server, const struct connection_limits *limits,
                                     const struct entry_options *entry,
                                     const struct connection_events *events, void *owner)
{
    struct connection *connection = connection_new(server->loop, limits, entry, events, owner);

    if (server->type == UV_TCP)
        uv_tcp_init(server->loop, &connection->socket.tcp);
    else
        uv_pipe_init(server->loop, &connection->socket.pipe, 0);
    connection->socket.handle.data = connection;
    int status = uv_accept(server, &connection->socket.stream);
    if (status == 0)
        open_stream(connection);
    else
        end(connection, uv_strerror(status));
    return connection;
}

static void dialled(uv_connect_t *request, int status)
{
    struct connection *connection = request->data;

    if (connection->state != CONNECTION_DIALLING)
        return;
    if (status < 0) {
        end(connection, uv_strerror(status));
        return;
    }
    open_stream(connection);
    if (!is_outside(connection))
        tell_opened(connection);
    start_write(connection);
}

struct connection *connection_dial(uv_loop_t *loop, const struct sockaddr *address,
                                   const struct sockaddr *local,
                                   const struct connection_limits *limits,
                                   const struct entry_options *entry,
                                   const struct connection_events *events, void *owner)
{
    struct connection *connection = connection_new(loop, limits, entry, events, owner);

    connection->state = CONNECTION_DIALLING;
    uv_tcp_init(loop, &connection->socket.tcp);
    connection->socket.handle.data = connection;
    connection->connect.data = connection;
    int status = local == NULL ? 0 : uv_tcp_bind(&connection->socket.tcp, local, 0);
    if (status == 0)
        status = uv_tcp_connect(&connection->connect, &connection->socket.tcp, address, dialled);
    if (status != 0)
        end(connection, uv_strerror(status));
    return connection;
}

int connection_descriptor(const struct connection *connection)
{
    uv_os_fd_t descriptor;

    return uv_fileno(&connection->socket.handle, &descriptor) == 0 ? descriptor : -1;
}

void connection_peer(const struct connection *connection, char text[64], unsigned *port)
{
    struct sockaddr_storage address = { 0 };
    int size = sizeof address;

    assert(connection->socket.handle.type == UV_TCP);
    if (connection->entry != NULL && entry_proxy(connection->entry)->host[0] != '\0') {
        snprintf(text, 64, "%s", entry_proxy(connection->entry)->host);
        *port = entry_proxy(connection->entry)->port;
        return;
    }
    uv_tcp_getpeername(&connection->socket.tcp, (struct sockaddr *)&address, &size);
    address_print(&address, text, port);
}

const struct tls_stream *connection_tls(const struct connection *connection)
{
    return connection->entry == NULL ? NULL : entry_tls(connection->entry);
}
