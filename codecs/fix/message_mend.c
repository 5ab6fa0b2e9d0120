/* Leaves fields out and puts fields in their places, where a session does not
   check that they have a right to be there or are in them. */
#include "codecs/fix/message_mend.h"

#include <stdlib.h>

enum {
    USER_DEFINED_TAG_MIN = 5000,
    HEAD_FIELD_COUNT = 3, /* 8, 9 and 35 */
};

bool fix_validation_mends(const struct fix_validation *validation)
{
    return !validation->field_order || !validation->group_order || !validation->values_present ||
           !validation->user_defined_fields || !validation->unknown_fields;
}

/* --- fields that are left out --- */

/* It has its place among these, or in one of their groups. */
static bool has_place(const struct fix_members *members, uint32_t tag)
{
    if (fix_tag_index_find(&members->index, tag) != FIX_TAG_NONE)
        return true;
    for (size_t i = 0; i < members->count; i++)
        if (members->at[i].group != NULL && has_place(members->at[i].group, tag))
            return true;
    return false;
}

static bool is_foreign(const struct fix_message *message, uint32_t tag)
{
    const struct fix_field_type *type = fix_dictionary_field(message->dictionary, tag);
    return type == NULL ||
           (!type->in_header && !type->in_trailer && !has_place(&message->type->body, tag));
}

static bool is_left_out(const struct fix_message *message, const struct fix_field *field,
                        const struct fix_validation *validation)
{
    bool checked = field->tag < USER_DEFINED_TAG_MIN ? validation->unknown_fields
                                                     : validation->user_defined_fields;
    return (field->value.size == 0 && !validation->values_present) ||
           (!checked && is_foreign(message, field->tag));
}

static void leave_out(struct fix_message *message, const struct fix_validation *validation)
{
    size_t left = HEAD_FIELD_COUNT;
    for (size_t i = left; i < message->count; i++)
        if (!is_left_out(message, &message->fields[i], validation))
            message->fields[left++] = message->fields[i];
    message->count = left;
}

/* --- header, body, trailer --- */

enum part {
    PART_HEADER,
    PART_BODY,
    PART_TRAILER,
    PART_COUNT,
};

static enum part part_of(const struct fix_message *message, uint32_t tag)
{
    const struct fix_field_type *type = fix_dictionary_field(message->dictionary, tag);
    if (type == NULL || has_place(&message->type->body, tag))
        return PART_BODY;
    return type->in_header ? PART_HEADER : type->in_trailer ? PART_TRAILER : PART_BODY;
}

/* Those of a part keep their order: what tells a length stays before its data. */
static void sort_parts(struct fix_message *message)
{
    struct fix_field *sorted = memory_take(message->count * sizeof *sorted);
    size_t count = 0;
    for (enum part part = PART_HEADER; part < PART_COUNT; part++)
        for (size_t i = 0; i < message->count; i++)
            if (part_of(message, message->fields[i].tag) == part)
                sorted[count++] = message->fields[i];
    memcpy(message->fields, sorted, count * sizeof *sorted);
    free(sorted);
}

/* As when it was parsed. */
static void find_body(struct fix_message *message)
{
    const struct fix_field_type *type;
    size_t first = HEAD_FIELD_COUNT, end = message->count;
    while (first < message->count &&
           (type = fix_dictionary_field(message->dictionary, message->fields[first].tag)) != NULL &&
           type->in_header)
        first++;
    while (end > first &&
           (type = fix_dictionary_field(message->dictionary, message->fields[end - 1].tag)) !=
               NULL &&
           type->in_trailer)
        end--;
    message->body_first = first;
    message->body_end = end;
}

/* --- order in groups --- */

/* Groups around an instance, the message last. */
struct surrounding {
    const struct fix_members *members;
    const struct surrounding *around; /* NULL: there are no more */
};

static bool belongs_around(const struct surrounding *around, uint32_t tag)
{
    for (; around != NULL; around = around->around)
        if (fix_members_find(around->members, tag) != NULL)
            return true;
    return false;
}

static void reverse(struct fix_field *fields, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct fix_field field = fields[i];
        fields[i] = fields[count - 1 - i];
        fields[count - 1 - i] = field;
    }
}

/* Puts the last so many of the fields in front of the others. */
static void bring_forward(struct fix_field *fields, size_t count, size_t last)
{
    reverse(fields, count - last);
    reverse(fields + count - last, last);
    reverse(fields, count);
}

/* Where the row belongs in an instance whose fields [first, end) are in order; false:
   it is there already. */
static bool find_place(const struct fix_message *message, const struct fix_members *group,
                       uint32_t row, size_t first, size_t end, size_t *place)
{
    size_t at = first;
    while (at < end) {
        uint32_t other = fix_tag_index_find(&group->index, message->fields[at].tag);
        const struct fix_members *inner = group->at[other].group;
        if (other >= row) {
            *place = at;
            return other > row;
        }
        at++;
        if (inner != NULL)
            at = fix_message_group_end(message, inner, at, end);
    }
    *place = end;
    return true;
}

static size_t sort_group(struct fix_message *message, const struct fix_members *group,
                         const struct surrounding *around, size_t at, size_t end);

/* A member of the instance, and the group that it counts; returns the index behind it. */
static size_t sort_member(struct fix_message *message, const struct fix_member *member,
                          const struct surrounding *around, size_t at, size_t end)
{
    return member->group == NULL ? at + 1 : sort_group(message, member->group, around, at + 1, end);
}

/* A field that could as well belong to what is around the group is left where it
   is: there it ends the instance. */
static size_t sort_instance(struct fix_message *message, const struct fix_members *group,
                            const struct surrounding *around, size_t first, size_t end)
{
    const struct surrounding here = { group, around };
    size_t at = sort_member(message, &group->at[0], &here, first, end), place;
    while (at < end) {
        uint32_t tag = message->fields[at].tag;
        uint32_t row = fix_tag_index_find(&group->index, tag);
        if (row == FIX_TAG_NONE || row == 0 ||
            !find_place(message, group, row, first, at, &place) ||
            (place < at && belongs_around(around, tag)))
            break;
        size_t behind = sort_member(message, &group->at[row], &here, at, end);
        bring_forward(message->fields + place, behind - place, behind - at);
        at = behind;
    }
    return at;
}

/* The instances behind their count. */
static size_t sort_group(struct fix_message *message, const struct fix_members *group,
                         const struct surrounding *around, size_t at, size_t end)
{
    uint64_t count;
    if (!slice_to_u64(message->fields[at - 1].value, UINT32_MAX, &count))
        return at;
    for (; count > 0 && at < end && message->fields[at].tag == group->at[0].field->tag; count--)
        at = sort_instance(message, group, around, at, end);
    return at;
}

static void sort_groups(struct fix_message *message, const struct fix_members *members,
                        size_t first, size_t end)
{
    const struct surrounding around = { members, NULL };
    for (size_t at = first; at < end;) {
        const struct fix_member *member = fix_members_find(members, message->fields[at].tag);
        at = member == NULL ? at + 1 : sort_member(message, member, &around, at, end);
    }
}

void fix_message_mend(struct fix_message *message, const struct fix_validation *validation)
{
    leave_out(message, validation);
    if (!validation->field_order)
        sort_parts(message);
    find_body(message);
    if (validation->group_order)
        return;
    sort_groups(message, fix_dictionary_header(message->dictionary), 0, message->body_first);
    sort_groups(message, &message->type->body, message->body_first, message->body_end);
}
