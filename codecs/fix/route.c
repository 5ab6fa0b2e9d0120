/* Routing tags: those of a session, and those of third parties. */
#include "codecs/fix/route.h"

#include "codecs/fix/value.h"

#include <assert.h>

/* An id, where it is in struct fix_sides and which tag says it; and the same as the
   other side sees it. */
#define SIDE(tag, field, other_tag, other_field)                                                   \
    {                                                                                              \
        tag, other_tag, offsetof(struct fix_sides, field), offsetof(struct fix_sides, other_field) \
    }
static const struct side {
    uint32_t tag, other_tag;
    size_t at, other_at;
} ids[] = {
    SIDE(56, target_comp_id, 49, sender_comp_id),
    SIDE(49, sender_comp_id, 56, target_comp_id),
    SIDE(57, target.sub_id, 50, sender.sub_id),
    SIDE(50, sender.sub_id, 57, target.sub_id),
    SIDE(143, target.location_id, 142, sender.location_id),
    SIDE(142, sender.location_id, 143, target.location_id),
};

static_assert(sizeof ids / sizeof *ids == FIX_SIDES_ID_COUNT, "each id once");

static struct slice id_at(const struct fix_sides *sides, size_t at)
{
    return *(const struct slice *)((const char *)sides + at);
}

static void compose_desk(struct fix_compose *compose, const struct fix_desk *desk, uint32_t sub_id,
                         uint32_t location_id)
{
    if (desk->sub_id.at != NULL)
        fix_compose_text(compose, sub_id, desk->sub_id);
    if (desk->location_id.at != NULL)
        fix_compose_text(compose, location_id, desk->location_id);
}

void fix_sides_compose(const struct fix_sides *sides, struct fix_compose *compose)
{
    fix_compose_text(compose, 49, sides->sender_comp_id);
    fix_compose_text(compose, 56, sides->target_comp_id);
    compose_desk(compose, &sides->sender, 50, 142);
    compose_desk(compose, &sides->target, 57, 143);
}

uint32_t fix_sides_differ(const struct fix_sides *sides, const struct fix_message *message)
{
    for (size_t i = 0; i < FIX_SIDES_ID_COUNT; i++) {
        struct slice id = id_at(sides, ids[i].at);
        if (id.at != NULL && !slice_equal(fix_message_get(message, ids[i].other_tag), id))
            return ids[i].other_tag;
    }
    return 0;
}

unsigned fix_sides_agree(const struct fix_sides *ours, const struct fix_sides *theirs)
{
    unsigned count = 0;
    for (size_t i = 0; i < FIX_SIDES_ID_COUNT; i++) {
        struct slice id = id_at(ours, ids[i].at);
        if (id.at == NULL)
            continue;
        if (!slice_equal(id_at(theirs, ids[i].other_at), id))
            return 0;
        count++;
    }
    return count;
}

bool fix_sides_clash(const struct fix_sides *one, const struct fix_sides *other)
{
    size_t count = 0, other_count = 0;
    for (size_t i = 0; i < FIX_SIDES_ID_COUNT; i++) {
        struct slice id = id_at(one, ids[i].at), other_id = id_at(other, ids[i].at);
        count += id.at != NULL;
        other_count += other_id.at != NULL;
        if (id.at != NULL && other_id.at != NULL && !slice_equal(id, other_id))
            return false;
    }
    return count == other_count;
}

enum { ROUTE_COUNT = 6 };

/* OnBehalfOf: 115, 116, 144; DeliverTo: 128, 129, 145. */
static const struct {
    uint32_t from, to;
} routes[ROUTE_COUNT] = {
    { 128, 115 }, { 129, 116 }, { 145, 144 }, { 115, 128 }, { 116, 129 }, { 144, 145 },
};

/* The value of each tag that an answer is made of. */
static void find_routes(const struct fix_message *message, struct slice values[ROUTE_COUNT])
{
    for (size_t i = 0; i < message->count; i++)
        for (size_t j = 0; j < ROUTE_COUNT; j++)
            if (message->fields[i].tag == routes[j].from && values[j].at == NULL)
                values[j] = message->fields[i].value;
}

void fix_route_reverse(const struct fix_message *message, struct writer *writer)
{
    struct slice values[ROUTE_COUNT] = { { NULL, 0 } };
    struct fix_pen pen;
    find_routes(message, values);
    fix_pen_open(&pen, writer);
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (values[i].size == 0)
            continue;
        const struct fix_member *member =
            fix_members_find(fix_dictionary_header(message->dictionary), routes[i].to);
        if (member != NULL && fix_value_fits(member->field, values[i]))
            fix_pen_field(&pen, &member->field->tag_text, values[i]);
    }
    fix_pen_close(&pen);
}
