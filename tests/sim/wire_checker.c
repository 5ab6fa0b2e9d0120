/* What a broker sees on its wire, compared with what is durable: nothing leaves
   before its commit, and no number is used for two things. */
#include "world.h"

#include "codecs/fix/frame.h"

#include <stdlib.h>

void wire_log_init(struct wire_log *log)
{
    arena_init(&log->arena, ARENA_UNLIMITED);
    table_init(&log->numbers);
    table_init(&log->reports);
}

void wire_log_fini(struct wire_log *log)
{
    table_fini(&log->numbers);
    table_fini(&log->reports);
    arena_fini(&log->arena);
}

struct field {
    unsigned tag;
    struct slice value;
};

/* The next field of a frame; false: there is none. */
static bool next_field(struct slice *rest, struct field *field)
{
    const char *equals = rest->size == 0 ? NULL : memchr(rest->at, '=', rest->size);
    const char *end = rest->size == 0 ? NULL : memchr(rest->at, '\001', rest->size);

    if (equals == NULL || end == NULL || equals > end)
        return false;
    field->tag = (unsigned)strtoul(rest->at, NULL, 10);
    field->value = (struct slice){ equals + 1, (size_t)(end - equals) - 1 };
    *rest = slice_after(*rest, (size_t)(end - rest->at) + 1);
    return true;
}

struct heard {
    struct slice type, report;
    uint64_t number, new_number; /* the latter of a SequenceReset */
    bool repeat;
    struct writer content; /* MsgType and body */
};

/* Header fields that differ between a message and its repeat. */
static bool is_passing(unsigned tag)
{
    static const unsigned tags[] = { 8, 9, 10, 34, 43, 49, 52, 56, 97, 122 };

    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tag == tags[i])
            return true;
    return false;
}

static void read_frame(struct slice bytes, struct heard *heard)
{
    struct field field;

    *heard = (struct heard){ 0 };
    writer_init(&heard->content, 0);
    for (const char *begin = bytes.at; next_field(&bytes, &field); begin = bytes.at) {
        if (field.tag == 35)
            heard->type = field.value;
        else if (field.tag == 34)
            slice_to_u64(field.value, UINT64_MAX, &heard->number);
        else if (field.tag == 36)
            slice_to_u64(field.value, UINT64_MAX, &heard->new_number);
        else if (field.tag == 43)
            heard->repeat = slice_is(field.value, "Y");
        else if (field.tag == 2799)
            heard->report = field.value;
        if (!is_passing(field.tag))
            writer_bytes(&heard->content, (struct slice){ begin, (size_t)(bytes.at - begin) });
    }
}

static bool is_session(struct slice type)
{
    return type.size == 1 && strchr("0123 45A", type.at[0]) != NULL;
}

struct wire_entry {
    struct table_entry by_number;
    uint64_t generation, number;
    struct slice content; /* MsgType and body; "" for a session message */
};

static uint64_t hash_of(uint64_t generation, uint64_t number)
{
    return (generation << 32 ^ number) * UINT64_C(0x9E3779B97F4A7C15);
}

static struct wire_entry *find(const struct wire_log *log, uint64_t generation, uint64_t number)
{
    struct table_entry *at = table_first(&log->numbers, hash_of(generation, number));

    for (; at != NULL; at = table_next(at)) {
        struct wire_entry *entry = at->owner;
        if (entry->generation == generation && entry->number == number)
            return entry;
    }
    return NULL;
}

static void add(struct wire_log *log, uint64_t generation, uint64_t number, struct slice content)
{
    struct wire_entry *entry = arena_take(&log->arena, sizeof *entry);

    entry->generation = generation;
    entry->number = number;
    entry->content = arena_copy(&log->arena, content);
    table_add(&log->numbers, &entry->by_number, hash_of(generation, number), entry);
}

static bool is_kept(const struct world *world, const struct broker *broker, uint64_t generation,
                    uint64_t number, struct slice bytes)
{
    const struct row like = {
        .kind = ROW_MESSAGE_OUT,
        .message = { .session = slice_of(broker->name), .generation = generation, .number = number }
    };
    const struct row *row = store_memory_find(world->store, &like);

    return row != NULL && slice_equal(row->message.bytes, bytes);
}

/* --- reports --- */

struct report {
    struct table_entry by_id;
    struct slice id, content;
};

/* A PayReportID stands for one report, however often it is told. */
static void check_report(struct world *world, struct wire_log *log, const struct heard *heard)
{
    struct slice content = writer_slice(&heard->content);
    struct table_entry *at = table_first(&log->reports, table_hash(&heard->report, 1));

    for (; at != NULL; at = table_next(at)) {
        const struct report *report = at->owner;
        if (!slice_equal(report->id, heard->report))
            continue;
        if (!slice_equal(report->content, content))
            world_fail(world, "report %.*s was \"%.*s\" and is now \"%.*s\"", SLICE_ARG(report->id),
                       SLICE_ARG(report->content), SLICE_ARG(content));
        return;
    }
    struct report *report = arena_take(&log->arena, sizeof *report);
    report->id = arena_copy(&log->arena, heard->report);
    report->content = arena_copy(&log->arena, content);
    table_add(&log->reports, &report->by_id, table_hash(&report->id, 1), report);
}

/* --- numbers --- */

/* Who has no session is turned away under number 1, which is nobody's. */
static bool turns_away(const struct world *world, const struct broker *broker,
                       const struct heard *heard)
{
    return slice_is(heard->type, "5") && heard->number == 1 && broker->last_heard == 0 &&
           !is_configured(world, slice_of(broker->name));
}

/* Under whatever number: what no connection has had yet, and all behind it, is carried into
   a new generation. */
static bool is_kept_somewhere(const struct world *world, struct slice bytes)
{
    bool kept = false;

    for (size_t i = 0; !kept && i < store_memory_count(world->store, ROW_MESSAGE_OUT); i++)
        kept = slice_equal(store_memory_at(world->store, ROW_MESSAGE_OUT, i)->message.bytes, bytes);
    return kept;
}

/* A message may have waited for the very commit with which its session began again at 1:
   then it is of a generation before.  Of a session message nobody can tell. */
static bool is_of_before(const struct world *world, const struct broker *broker,
                         const struct session_row *session, const struct heard *heard,
                         struct slice bytes)
{
    return broker->wire_generation < session->generation &&
           (is_session(heard->type) ||
            (!is_kept(world, broker, session->generation, heard->number, bytes) &&
             is_kept_somewhere(world, bytes)));
}

static void check_new(struct world *world, struct broker *broker, struct wire_log *log,
                      const struct heard *heard, struct slice bytes)
{
    struct session_row session = world_session(world, broker->name);
    bool application = !is_session(heard->type);

    if (turns_away(world, broker, heard))
        return;
    if (heard->number <= broker->last_heard)
        world_fail(world, "%s: number %llu comes behind %llu", broker->name,
                   (unsigned long long)heard->number, (unsigned long long)broker->last_heard);
    broker->last_heard = heard->number;
    if (is_of_before(world, broker, &session, heard, bytes))
        return;
    if (application && !is_kept(world, broker, session.generation, heard->number, bytes))
        world_fail(world, "%s: message %llu left before it was kept", broker->name,
                   (unsigned long long)heard->number);
    if (heard->number >= session.next_out)
        world_fail(world, "%s: number %llu left before it was reserved", broker->name,
                   (unsigned long long)heard->number);
    if (find(log, session.generation, heard->number) != NULL)
        world_fail(world, "%s: number %llu was used before", broker->name,
                   (unsigned long long)heard->number);
    add(log, session.generation, heard->number,
        application ? writer_slice(&heard->content) : SLICE(""));
}

static bool has_left(const struct world *world, const struct broker *broker, uint64_t generation,
                     uint64_t number)
{
    const struct row like = {
        .kind = ROW_MESSAGE_OUT,
        .message = { .session = slice_of(broker->name), .generation = generation, .number = number }
    };

    return store_memory_find(world->store, &like) == NULL &&
           store_memory_archived_find(world->store, &like) != NULL;
}

/* A gap fill stands for session messages and for what was archived, never for
   what was once told and is known. */
static void check_fill(struct world *world, const struct broker *broker, struct wire_log *log,
                       uint64_t generation, const struct heard *heard)
{
    for (uint64_t number = heard->number; number < heard->new_number; number++) {
        const struct wire_entry *entry = find(log, generation, number);
        if (entry != NULL && entry->content.size != 0 &&
            !has_left(world, broker, generation, number))
            world_fail(world, "%s: message %llu was told, and is now filled over", broker->name,
                       (unsigned long long)number);
    }
}

static void check_repeat(struct world *world, const struct broker *broker, struct wire_log *log,
                         const struct heard *heard)
{
    uint64_t generation = world_session(world, broker->name).generation;

    if (broker->wire_generation < generation)
        return; /* it may be of the generation before */
    if (slice_is(heard->type, "4")) {
        check_fill(world, broker, log, generation, heard);
        return;
    }
    struct wire_entry *entry = find(log, generation, heard->number);
    if (entry == NULL)
        add(log, generation, heard->number, writer_slice(&heard->content));
    else if (!slice_equal(entry->content, writer_slice(&heard->content)))
        world_fail(world, "%s: message %llu was \"%.*s\" and is now \"%.*s\"", broker->name,
                   (unsigned long long)heard->number, SLICE_ARG(entry->content),
                   SLICE_ARG(writer_slice(&heard->content)));
}

void wire_check(struct world *world, unsigned index, struct slice bytes)
{
    struct broker *broker = &world->brokers[index];
    struct fix_frame frame;
    const struct fix_fault *fault;
    struct heard heard;

    if (fix_frame_find(bytes, bytes.size, &frame, &fault) != FIX_FRAME_WHOLE ||
        frame.bytes.size != bytes.size)
        world_fail(world, "%s: not one whole message", broker->name);
    read_frame(bytes, &heard);
    if (heard.report.at != NULL)
        check_report(world, &world->wire_logs[index], &heard);
    if (heard.repeat)
        check_repeat(world, broker, &world->wire_logs[index], &heard);
    else
        check_new(world, broker, &world->wire_logs[index], &heard, bytes);
    writer_fini(&heard.content);
}
