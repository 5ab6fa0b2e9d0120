/* A message against the dictionary, from the front to the back. */
#include "codecs/fix/message.h"
#include "codecs/fix/value.h"

#include <assert.h>

enum {
    WORD_BITS = 64,
    SEEN_WORDS = FIX_MEMBER_COUNT_MAX / WORD_BITS,
};

/* The members of one message or group instance, and which of them were seen. */
struct scope {
    const struct fix_members *members;
    const struct scope *around; /* NULL: not in a group */
    uint64_t seen[SEEN_WORDS];
};

struct validation {
    const struct fix_message *message;
    const struct fix_dictionary *dictionary;
    struct fix_finding *finding;
    size_t at, end; /* the fields still to be seen */
};

/* At the next field, about this tag. */
static bool found(const struct validation *validation, const struct fix_fault *fault, uint32_t tag)
{
    *validation->finding = (struct fix_finding){ fault, tag, validation->at };
    return false;
}

/* About a field that was passed. */
static bool found_at(const struct validation *validation, const struct fix_fault *fault, size_t at)
{
    *validation->finding = (struct fix_finding){ fault, validation->message->fields[at].tag, at };
    return false;
}

static uint32_t next_tag(const struct validation *validation)
{
    return validation->message->fields[validation->at].tag;
}

static void scope_init(struct scope *scope, const struct fix_members *members,
                       const struct scope *around)
{
    scope->members = members;
    scope->around = around;
    memset(scope->seen, 0, (members->count + WORD_BITS - 1) / WORD_BITS * sizeof scope->seen[0]);
}

static bool was_seen(const struct scope *scope, size_t row)
{
    return (scope->seen[row / WORD_BITS] >> row % WORD_BITS & 1) != 0;
}

static void see(struct scope *scope, size_t row)
{
    scope->seen[row / WORD_BITS] |= UINT64_C(1) << row % WORD_BITS;
}

/* The tag has its place in one of the scopes around, and has not been there yet. */
static bool wanted(const struct scope *scope, uint32_t tag)
{
    for (; scope != NULL; scope = scope->around) {
        uint32_t row = fix_tag_index_find(&scope->members->index, tag);
        if (row != FIX_TAG_NONE && !was_seen(scope, row))
            return true;
    }
    return false;
}

/* The usual way to be listed. */
static inline bool one_letter_listed(const struct fix_field_type *type, struct slice value)
{
    unsigned letter = (unsigned char)value.at[0];
    return value.size == 1 && letter < 128 && (type->letters[letter / 64] >> letter % 64 & 1) != 0;
}

static inline bool check_value(const struct validation *validation,
                               const struct fix_field_type *type)
{
    const struct fix_field *field = &validation->message->fields[validation->at];
    if (field->value.size == 0)
        return found(validation, &fix_fault_value_missing, field->tag);
    if (type->length_tag != 0 && (validation->at == 0 || field[-1].tag != type->length_tag))
        return found(validation, &fix_fault_required_missing, type->length_tag);
    if (type->type != FIX_TYPE_STRING && !fix_value_formed(type->type, field->value))
        return found(validation, &fix_fault_value_format, field->tag);
    if (type->value_count > 0 && !one_letter_listed(type, field->value) &&
        !fix_value_listed(type, field->value))
        return found(validation, &fix_fault_value_out_of_range, field->tag);
    return true;
}

/* A field of the header may be there, behind fields of the body. */
static bool missing(const struct validation *validation, const struct scope *scope, uint32_t tag)
{
    bool stands_later = scope->members == fix_dictionary_header(validation->dictionary) &&
                        fix_message_get(validation->message, tag).at != NULL;
    found(validation, stands_later ? &fix_fault_tag_out_of_order : &fix_fault_required_missing,
          tag);
    if (scope->around == NULL)
        validation->finding->at = 0;
    return false;
}

static bool check_required(const struct validation *validation, const struct scope *scope)
{
    const struct fix_members *members = scope->members;
    for (size_t i = 0; i < members->required_count; i++) {
        size_t row = members->required[i];
        if (!was_seen(scope, row))
            return missing(validation, scope, members->at[row].field->tag);
    }
    return true;
}

/* A field that has no place where it stands. */
static bool stray(const struct validation *validation)
{
    uint32_t tag = next_tag(validation);
    const struct fix_field_type *type = fix_dictionary_field(validation->dictionary, tag);
    if (type == NULL)
        return found(validation, &fix_fault_tag_unknown, tag);
    if (type->in_header || type->in_trailer)
        return found(validation, &fix_fault_tag_out_of_order, tag);
    return found(validation, &fix_fault_tag_not_in_message, tag);
}

static bool check_group(struct validation *validation, const struct fix_members *group,
                        const struct scope *around);

/* The next field, which is the member of scope in this row, and the group that it counts. */
static inline bool check_member(struct validation *validation, struct scope *scope, uint32_t row)
{
    const struct fix_member *member = &scope->members->at[row];
    see(scope, row);
    if (!check_value(validation, member->field))
        return false;
    validation->at++;
    return member->group == NULL || check_group(validation, member->group, scope);
}

/* One instance of a group, whose first field is next. */
static bool check_instance(struct validation *validation, const struct fix_members *group,
                           const struct scope *around)
{
    struct scope scope;
    uint32_t last, row = 0;
    scope_init(&scope, group, around);
    do {
        if (!check_member(validation, &scope, row))
            return false;
        last = row;
        if (validation->at == validation->end)
            return check_required(validation, &scope);
        row = fix_tag_index_find(&group->index, next_tag(validation));
    } while (row != FIX_TAG_NONE && row > last);
    if (row != FIX_TAG_NONE && row != 0 && !wanted(around, next_tag(validation)))
        return found(validation,
                     was_seen(&scope, row) ? &fix_fault_tag_repeated
                                           : &fix_fault_group_out_of_order,
                     next_tag(validation));
    return check_required(validation, &scope);
}

/* The instances of a group, whose count was the last field. */
static bool check_group(struct validation *validation, const struct fix_members *group,
                        const struct scope *around)
{
    size_t counted = validation->at - 1;
    uint32_t first_tag = group->at[0].field->tag;
    uint64_t count, instances = 0;
    if (!slice_to_u64(validation->message->fields[counted].value, UINT32_MAX, &count))
        return found_at(validation, &fix_fault_value_format, counted);
    while (validation->at < validation->end && next_tag(validation) == first_tag &&
           (instances < count || !wanted(around, first_tag))) {
        if (!check_instance(validation, group, around))
            return false;
        instances++;
    }
    if (instances == 0 && count > 0 && validation->at < validation->end &&
        fix_members_find(group, next_tag(validation)) != NULL &&
        !wanted(around, next_tag(validation)))
        return found(validation, &fix_fault_group_out_of_order, next_tag(validation));
    return instances == count || found_at(validation, &fix_fault_group_count_wrong, counted);
}

/* The fields [first, end), each of them once and in any order. */
static bool check_part(struct validation *validation, const struct fix_members *members,
                       size_t first, size_t end)
{
    struct scope scope;
    scope_init(&scope, members, NULL);
    validation->at = first;
    validation->end = end;
    while (validation->at < validation->end) {
        uint32_t tag = next_tag(validation);
        uint32_t row = fix_tag_index_find(&members->index, tag);
        if (row == FIX_TAG_NONE)
            return stray(validation);
        if (was_seen(&scope, row))
            return found(validation, &fix_fault_tag_repeated, tag);
        if (!check_member(validation, &scope, row))
            return false;
    }
    return check_required(validation, &scope);
}

bool fix_message_validate(const struct fix_message *message,
                          const struct fix_dictionary *dictionary, struct fix_finding *finding)
{
    struct validation validation = { message, dictionary, finding, 0, 0 };
    assert(message->type != NULL);
    *finding = (struct fix_finding){ .fault = NULL };
    return check_part(&validation, fix_dictionary_header(dictionary), 0, message->body_first) &&
           check_part(&validation, &message->type->body, message->body_first, message->body_end) &&
           check_part(&validation, fix_dictionary_trailer(dictionary), message->body_end,
                      message->count);
}
