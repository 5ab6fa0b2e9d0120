/* Prints a message for people: names and meanings beside tags and values. */
#include "codecs/base/charset.h"
#include "codecs/fix/message.h"

enum {
    TAG_WIDTH = 6,
    NAME_WIDTH = 28,
    MSG_TYPE = 35,
};

struct printing {
    const struct fix_message *message;
    const struct fix_dictionary *dictionary;
    struct writer *writer;
};

/* Control characters, and all that is not ASCII in text that is not UTF-8, as \xNN. */
static void print_value(struct slice value, struct writer *writer)
{
    bool is_text = utf8_valid(value);
    for (size_t i = 0; i < value.size; i++) {
        unsigned char byte = (unsigned char)value.at[i];
        if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !is_text))
            writer_format(writer, "\\x%02X", byte);
        else
            writer_char(writer, (char)byte);
    }
}

static struct slice meaning_of(const struct printing *printing, const struct fix_field_type *type,
                               struct slice value)
{
    if (type->tag == MSG_TYPE && printing->message->type != NULL)
        return printing->message->type->name;
    return fix_field_type_describe(type, value);
}

static void print_field(const struct printing *printing, const struct fix_field *field,
                        unsigned level)
{
    const struct fix_field_type *type = fix_dictionary_field(printing->dictionary, field->tag);
    struct writer *writer = printing->writer;
    writer_format(writer, "%*u  %*s%-*s ", TAG_WIDTH, field->tag, 2 * (int)level, "", NAME_WIDTH,
                  type == NULL ? "?" : type->name.at);
    if (fix_tag_secret(field->tag))
        writer_text(writer, "****");
    else
        print_value(field->value, writer);
    struct slice meaning = type == NULL ? SLICE_NONE : meaning_of(printing, type, field->value);
    if (meaning.size > 0)
        writer_format(writer, " (%.*s)", SLICE_ARG(meaning));
    writer_char(writer, '\n');
}

/* members NULL: not known, no groups are seen. */
static void print_fields(const struct printing *printing, const struct fix_members *members,
                         size_t at, size_t end, unsigned level)
{
    const struct fix_message *message = printing->message;
    while (at < end) {
        const struct fix_field *field = &message->fields[at++];
        const struct fix_member *member =
            members == NULL ? NULL : fix_members_find(members, field->tag);
        print_field(printing, field, level);
        if (member == NULL || member->group == NULL)
            continue;
        size_t behind = fix_message_group_end(message, member->group, at, end);
        while (at < behind) {
            size_t next = fix_message_instance_end(message, member->group, at, behind);
            print_fields(printing, member->group, at, next, level + 1);
            at = next;
        }
    }
}

void fix_message_print(const struct fix_message *message, const struct fix_dictionary *dictionary,
                       struct writer *writer)
{
    struct printing printing = { message, dictionary, writer };
    const struct fix_members *body = message->type == NULL ? NULL : &message->type->body;
    print_fields(&printing, fix_dictionary_header(dictionary), 0, message->body_first, 0);
    print_fields(&printing, body, message->body_first, message->body_end, 0);
    print_fields(&printing, fix_dictionary_trailer(dictionary), message->body_end, message->count,
                 0);
}
