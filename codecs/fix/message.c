/* Finds fields of a parsed message: by tag outside groups, and where the
   instances of a group end. */
#include "codecs/fix/message.h"

size_t fix_message_instance_end(const struct fix_message *message, const struct fix_members *group,
                                size_t at, size_t end)
{
    const struct fix_member *last, *member = &group->at[0];
    do {
        last = member;
        at++;
        if (member->group != NULL)
            at = fix_message_group_end(message, member->group, at, end);
        if (at == end)
            break;
        member = fix_members_find(group, message->fields[at].tag);
    } while (member != NULL && member > last);
    return at;
}

size_t fix_message_group_end(const struct fix_message *message, const struct fix_members *group,
                             size_t at, size_t end)
{
    uint64_t count;
    if (!slice_to_u64(message->fields[at - 1].value, UINT32_MAX, &count))
        return at;
    for (; count > 0 && at < end && message->fields[at].tag == group->at[0].field->tag; count--)
        at = fix_message_instance_end(message, group, at, end);
    return at;
}

struct slice fix_message_get(const struct fix_message *message, uint32_t tag)
{
    for (size_t i = 0; i < message->body_first; i++) {
        if (message->fields[i].tag == tag)
            return message->fields[i].value;
    }
    for (size_t i = message->body_first; i < message->body_end;) {
        const struct fix_field *field = &message->fields[i++];
        if (field->tag == tag)
            return field->value;
        const struct fix_member *member =
            message->type == NULL ? NULL : fix_members_find(&message->type->body, field->tag);
        if (member != NULL && member->group != NULL)
            i = fix_message_group_end(message, member->group, i, message->body_end);
    }
    return SLICE_NONE;
}

bool fix_message_get_u64(const struct fix_message *message, uint32_t tag, uint64_t *number)
{
    struct slice value = fix_message_get(message, tag);
    return value.at != NULL && slice_to_u64(value, UINT64_MAX, number);
}

bool fix_tag_secret(uint32_t tag)
{
    static const uint32_t secret[] = { 96, 554, 925, 1402, 1404 };
    for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++) {
        if (secret[i] == tag)
            return true;
    }
    return false;
}
