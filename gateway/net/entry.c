/* One stage behind the other, each taking what the one before has left. */
#include "gateway/net/entry.h"

#include <stdlib.h>

#include "codecs/base/arena.h"

const struct error_kind entry_refused = { "net.entry-refused", "may not enter" };

struct entry {
    struct tls_stream *tls; /* NULL: plain */
    bool proxy;             /* its header is still to come */
    bool passed;
    struct writer header;  /* the part of it that came */
    struct writer waiting; /* what the owner said before it was passed */
    struct proxy_header from;
};

struct entry *entry_new(const struct entry_options *options)
{
    struct entry *entry = memory_take(sizeof *entry);

    *entry = (struct entry){ .proxy = options->proxy };
    if (options->tls != NULL)
        entry->tls = tls_stream_new(options->tls);
    writer_init(&entry->header, PROXY_SIZE_MAX);
    writer_init(&entry->waiting, 0);
    return entry;
}

void entry_free(struct entry *entry)
{
    if (entry == NULL)
        return;
    tls_stream_free(entry->tls);
    writer_fini(&entry->header);
    writer_fini(&entry->waiting);
    free(entry);
}

static void put(struct entry *entry, struct slice plain, struct writer *wire)
{
    if (entry->tls != NULL)
        tls_stream_put(entry->tls, plain, wire);
    else
        writer_bytes(wire, plain);
}

static void pass_if_due(struct entry *entry, struct writer *wire)
{
    if (entry->passed || entry->proxy || (entry->tls != NULL && !tls_stream_open(entry->tls)))
        return;
    entry->passed = true;
    put(entry, writer_slice(&entry->waiting), wire);
    writer_fini(&entry->waiting);
}

void entry_begin(struct entry *entry, struct writer *wire)
{
    if (entry->tls != NULL)
        tls_stream_begin(entry->tls, wire);
    pass_if_due(entry, wire);
}

static bool take_inner(struct entry *entry, struct slice bytes, struct writer *plain,
                       struct writer *wire, struct error *error)
{
    bool good = true;

    if (entry->tls != NULL)
        good = tls_stream_take(entry->tls, bytes, plain, wire, error);
    else
        writer_bytes(plain, bytes);
    if (good)
        pass_if_due(entry, wire);
    return good;
}

/* The header may come in pieces, and what is behind it with its last one. */
static bool take_header(struct entry *entry, struct slice *bytes, struct error *error)
{
    size_t before = entry->header.used, room = PROXY_SIZE_MAX - before;

    writer_bytes(&entry->header,
                 (struct slice){ bytes->at, bytes->size < room ? bytes->size : room });
    switch (proxy_header_take(writer_slice(&entry->header), &entry->from)) {
    case PROXY_PARTIAL:
        *bytes = slice_after(*bytes, bytes->size);
        return true;
    case PROXY_WHOLE:
        *bytes = slice_after(*bytes, entry->from.size - before);
        entry->proxy = false;
        return true;
    default:
        return error_at(error, &entry_refused, PLACE_NONE,
                        "no header of the PROXY protocol, version 2, comes first");
    }
}

bool entry_take(struct entry *entry, struct slice bytes, struct writer *plain, struct writer *wire,
                struct error *error)
{
    if (entry->proxy && !take_header(entry, &bytes, error))
        return false;
    return entry->proxy || take_inner(entry, bytes, plain, wire, error);
}

void entry_put(struct entry *entry, struct slice plain, struct writer *wire)
{
    if (entry->passed)
        put(entry, plain, wire);
    else
        writer_bytes(&entry->waiting, plain);
}

void entry_end(struct entry *entry, struct writer *wire)
{
    if (entry->tls != NULL)
        tls_stream_end(entry->tls, wire);
}

bool entry_passed(const struct entry *entry)
{
    return entry->passed;
}

bool entry_ended(const struct entry *entry)
{
    return entry->tls != NULL && tls_stream_ended(entry->tls);
}

const struct proxy_header *entry_proxy(const struct entry *entry)
{
    return &entry->from;
}

const struct tls_stream *entry_tls(const struct entry *entry)
{
    return entry->tls;
}
