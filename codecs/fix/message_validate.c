/* A message against the dictionary, from the front to the back.

   What passes a part of the message returns the field behind it; NULL: something
   is wrong, and was found. */
#include "codecs/fix/message.h"
#include "codecs/fix/value.h"

#include <assert.h>

/* For the few lines that every field goes through. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

enum {
    MEMBER_COUNT_USUAL = 64,
};

/* The members of one message or group instance, and which of them were seen. */
struct scope {
    bool seen[FIX_MEMBER_COUNT_MAX]; /* by row */
    const struct fix_members *members;
    const struct scope *around; /* NULL: not in a group */
};

struct validation {
    const struct fix_message *message;
    const struct fix_dictionary *dictionary;
    struct fix_finding *finding;
    const struct fix_field *end; /* of header, body or trailer */
};

static const struct fix_field *found(const struct validation *validation,
                                     const struct fix_fault *fault, uint32_t tag,
                                     const struct fix_field *at)
{
    *validation->finding =
        (struct fix_finding){ fault, tag, (size_t)(at - validation->message->fields) };
    return NULL;
}

static void scope_init(struct scope *scope, const struct fix_members *members,
                       const struct scope *around)
{
    scope->members = members;
    scope->around = around;
    memset(scope->seen, 0, MEMBER_COUNT_USUAL);
    if (members->count > MEMBER_COUNT_USUAL)
        memset(scope->seen, 0, members->count);
}

/* The tag has its place in one of the scopes around, and has not been there yet. */
static bool wanted(const struct scope *scope, uint32_t tag)
{
    for (; scope != NULL; scope = scope->around) {
        uint32_t row = fix_tag_index_find(&scope->members->index, tag);
        if (row != FIX_TAG_NONE && !scope->seen[row])
            return true;
    }
    return false;
}

/* field against its type and its list: what is wrong is found here. */
static bool check_closely(const struct validation *validation, const struct fix_field_type *type,
                          const struct fix_field *field)
{
    const struct fix_fault *fault = NULL;
    uint32_t tag = field->tag;
    if (field->value.size == 0) {
        fault = &fix_fault_value_missing;
    } else if (type->length_tag != 0 &&
               (field == validation->message->fields || field[-1].tag != type->length_tag)) {
        fault = &fix_fault_required_missing;
        tag = type->length_tag;
    } else if (!fix_value_formed(type->type, field->value)) {
        fault = &fix_fault_value_format;
    } else if (type->value_count > 0 && !fix_value_listed(type, field->value)) {
        fault = &fix_fault_value_out_of_range;
    }
    return fault == NULL || found(validation, fault, tag, field) != NULL;
}

/* Most values are known to be right with a look or two. */
static ALWAYS_INLINE bool check_value(const struct validation *validation,
                                      const struct fix_field_type *type,
                                      const struct fix_field *field)
{
    bool right = field->value.size > 0;
    if (right && type->check == FIX_CHECK_FORM)
        right = fix_value_formed(type->type, field->value);
    else if (right && type->check == FIX_CHECK_LISTED)
        right = fix_value_listed_at_a_glance(type, field->value);
    else
        right = right && type->check == FIX_CHECK_NONE;
    return right || check_closely(validation, type, field);
}

/* A field of the header may be there, behind fields of the body. */
static const struct fix_field *missing(const struct validation *validation,
                                       const struct scope *scope, uint32_t tag,
                                       const struct fix_field *at)
{
    bool stands_later = scope->members == fix_dictionary_header(validation->dictionary) &&
                        fix_message_get(validation->message, tag).at != NULL;
    return found(validation,
                 stands_later ? &fix_fault_tag_out_of_order : &fix_fault_required_missing, tag,
                 scope->around == NULL ? validation->message->fields : at);
}

/* The first row that is required and was not seen; FIX_MEMBER_COUNT_MAX: there is none. */
static inline size_t first_absent(const struct scope *scope)
{
    const struct fix_members *members = scope->members;
    for (size_t i = 0; i < members->required_count; i++) {
        if (!scope->seen[members->required[i]])
            return members->required[i];
    }
    return FIX_MEMBER_COUNT_MAX;
}

/* at is behind the last field of scope. */
static inline const struct fix_field *check_required(const struct validation *validation,
                                                     const struct scope *scope,
                                                     const struct fix_field *at)
{
    size_t row = first_absent(scope);
    if (row == FIX_MEMBER_COUNT_MAX)
        return at;
    return missing(validation, scope, scope->members->at[row].field->tag, at);
}

/* A field that has no place where it stands. */
static const struct fix_field *stray(const struct validation *validation,
                                     const struct fix_field *field)
{
    const struct fix_field_type *type = fix_dictionary_field(validation->dictionary, field->tag);
    const struct fix_fault *fault = &fix_fault_tag_not_in_message;
    if (type == NULL)
        fault = &fix_fault_tag_unknown;
    else if (type->in_header || type->in_trailer)
        fault = &fix_fault_tag_out_of_order;
    return found(validation, fault, field->tag, field);
}

static const struct fix_field *pass_group(const struct validation *validation,
                                          const struct fix_members *group,
                                          const struct scope *around, const struct fix_field *first)
    __attribute__((noinline));

/* field, which is the member of scope in this row, and the group that it counts. */
static ALWAYS_INLINE const struct fix_field *pass_member(const struct validation *validation,
                                                         struct scope *scope, uint32_t row,
                                                         const struct fix_member *member,
                                                         const struct fix_field *field)
{
    scope->seen[row] = true;
    if (!check_value(validation, member->field, field))
        return NULL;
    return member->group == NULL ? field + 1
                                 : pass_group(validation, member->group, scope, field + 1);
}

/* One instance of a group, whose first field this is. */
static const struct fix_field *pass_instance(const struct validation *validation,
                                             const struct fix_members *group,
                                             const struct scope *around,
                                             const struct fix_field *field)
{
    struct scope scope;
    uint32_t last, row = 0;
    scope_init(&scope, group, around);
    do {
        field = pass_member(validation, &scope, row, &group->at[row], field);
        if (field == NULL)
            return NULL;
        last = row;
        row =
            field == validation->end ? FIX_TAG_NONE : fix_tag_index_find(&group->index, field->tag);
    } while (row != FIX_TAG_NONE && row > last);
    if (row != FIX_TAG_NONE && row != 0 && !wanted(around, field->tag))
        return found(validation,
                     scope.seen[row] ? &fix_fault_tag_repeated : &fix_fault_group_out_of_order,
                     field->tag, field);
    return check_required(validation, &scope, field);
}

static uint64_t count_instances(const struct fix_message *message, const struct fix_members *group,
                                size_t at, size_t end)
{
    uint64_t instances = 0;
    for (; at < end && message->fields[at].tag == group->at[0].field->tag; instances++)
        at = fix_message_instance_end(message, group, at, end);
    return instances;
}

/* The count stands in front of its group: a wrong one is found before a wrong value. */
static const struct fix_field *fault_of_group(const struct validation *validation,
                                              const struct fix_members *group,
                                              const struct fix_field *counted, uint64_t count)
{
    const struct fix_message *message = validation->message;
    const struct fix_fault *fault = validation->finding->fault;
    size_t at = (size_t)(counted - message->fields) + 1;
    size_t end = (size_t)(validation->end - message->fields);
    bool of_value = fault == &fix_fault_value_missing || fault == &fix_fault_value_format ||
                    fault == &fix_fault_value_out_of_range;
    if (of_value && count_instances(message, group, at, end) != count)
        found(validation, &fix_fault_group_count_wrong, counted->tag, counted);
    return NULL;
}

/* The instances of a group, whose count is the field before. */
static const struct fix_field *pass_group(const struct validation *validation,
                                          const struct fix_members *group,
                                          const struct scope *around, const struct fix_field *first)
{
    const struct fix_field *counted = first - 1, *field = first, *end = validation->end;
    uint32_t first_tag = group->at[0].field->tag;
    uint64_t count, instances = 0;
    if (!slice_to_u64(counted->value, UINT32_MAX, &count))
        return found(validation, &fix_fault_value_format, counted->tag, counted);
    while (field < end && field->tag == first_tag &&
           (instances < count || !wanted(around, first_tag))) {
        field = pass_instance(validation, group, around, field);
        if (field == NULL)
            return fault_of_group(validation, group, counted, count);
        instances++;
    }
    if (instances == 0 && count > 0 && field < end && fix_members_find(group, field->tag) != NULL &&
        !wanted(around, field->tag))
        return found(validation, &fix_fault_group_out_of_order, field->tag, field);
    if (instances != count)
        return found(validation, &fix_fault_group_count_wrong, counted->tag, counted);
    return field;
}

/* The fields [first, end) of the message, each of them once and in any order. */
static bool check_part(struct validation *validation, const struct fix_members *members,
                       size_t first, size_t end)
{
    struct scope scope;
    const struct fix_field *fields = validation->message->fields, *field = fields + first;
    scope_init(&scope, members, NULL);
    validation->end = fields + end;
    while (field < fields + end) {
        uint32_t row = fix_tag_index_find(&members->index, field->tag);
        if (row == FIX_TAG_NONE)
            field = stray(validation, field);
        else if (scope.seen[row])
            field = found(validation, &fix_fault_tag_repeated, field->tag, field);
        else
            field = pass_member(validation, &scope, row, &members->at[row], field);
        if (field == NULL)
            return false;
    }
    return check_required(validation, &scope, field) != NULL;
}

/* The usual trailer: the only field that it has to have, whose text may be any. */
static bool is_plain_trailer(const struct fix_message *message, const struct fix_members *trailer)
{
    const struct fix_field *field = &message->fields[message->body_end];
    if (message->count - message->body_end != 1 || trailer->required_count != 1)
        return false;
    const struct fix_field_type *type = trailer->at[trailer->required[0]].field;
    return field->tag == type->tag && field->value.size > 0 && type->check == FIX_CHECK_NONE;
}

bool fix_message_validate(const struct fix_message *message,
                          const struct fix_dictionary *dictionary, struct fix_finding *finding)
{
    struct validation validation = { message, dictionary, finding, NULL };
    const struct fix_members *trailer = fix_dictionary_trailer(dictionary);
    assert(message->type != NULL);
    *finding = (struct fix_finding){ .fault = NULL };
    return check_part(&validation, fix_dictionary_header(dictionary), 0, message->body_first) &&
           check_part(&validation, &message->type->body, message->body_first, message->body_end) &&
           (is_plain_trailer(message, trailer) ||
            check_part(&validation, trailer, message->body_end, message->count));
}
