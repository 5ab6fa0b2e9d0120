/* Cuts text into FIX messages and checks each. */
#include "gateway/commands/fix_text.h"

#include <stdio.h>
#include <stdlib.h>

#define SOH              '\001'
#define MESSAGE_SIZE_MAX (1u << 30)

enum {
    TAG_BEGIN_STRING = 8,
    TAG_BODY_LENGTH = 9,
    TAG_CHECKSUM = 10,
    TAG_MSG_TYPE = 35,
    MSG_TYPE_AT = 2,
};

/* What a session cannot meet: it would wait, and knows its version. */
static const struct fix_fault incomplete = {
    "incomplete", FIX_ANSWER_IGNORE, -1, -1, "the message ends before BodyLength and CheckSum say"
};
static const struct fix_fault version_unknown = {
    "version_unknown", FIX_ANSWER_IGNORE, -1, -1,
    "no dictionary of this version is loaded; name one with --dictionary"
};

/* bytes have this field, with a delimiter on either side. */
static bool has_field(struct slice bytes, const char *tag, struct slice value)
{
    char field[64];
    int size = snprintf(field, sizeof field, "%s=%.*s\001", tag, SLICE_ARG(value));

    return size < (int)sizeof field && memmem(bytes.at, bytes.size, field, (size_t)size) != NULL;
}

static bool is_transport(const struct fix_dictionary *dictionary)
{
    return slice_starts(fix_dictionary_version(dictionary), SLICE("FIXT."));
}

const struct fix_dictionary *fix_text_choose(struct fix_dictionary *const *dictionaries,
                                             size_t count, struct slice bytes)
{
    const char *end = bytes.size == 0 ? NULL : memmem(bytes.at, bytes.size, "\00110=", 4);
    struct slice first = { bytes.at, end == NULL ? bytes.size : (size_t)(end - bytes.at) };
    const struct fix_dictionary *found = NULL;

    for (size_t i = 0; i < count; i++) {
        const char *id = fix_dictionary_standard(dictionaries[i])->appl_ver_id;

        if (is_transport(dictionaries[i]) ||
            !has_field(first, "8", fix_dictionary_begin_string(dictionaries[i])))
            continue;
        if (id != NULL && has_field(first, "\0011128", slice_of(id)))
            return dictionaries[i];
        if (found == NULL)
            found = dictionaries[i];
    }
    return found;
}

void fix_text_init(struct fix_text *text, struct slice bytes,
                   const struct fix_dictionary *dictionary)
{
    *text = (struct fix_text){ .dictionary = dictionary, .rest = bytes };
}

void fix_text_fini(struct fix_text *text)
{
    free(text->fields);
}

static void skip_line_ends(struct slice *bytes)
{
    while (bytes->size > 0 && (bytes->at[0] == '\n' || bytes->at[0] == '\r'))
        *bytes = slice_after(*bytes, 1);
}

static size_t count_fields(struct slice bytes)
{
    size_t count = 0;

    for (size_t i = 0; i < bytes.size; i++)
        count += bytes.at[i] == SOH;
    return count;
}

static void check_message(struct fix_text *text, const struct fix_frame *frame)
{
    struct fix_message *message = &text->message;

    if (text->field_room < count_fields(frame->bytes)) {
        text->field_room = count_fields(frame->bytes);
        text->fields = memory_grow(text->fields, text->field_room * sizeof *text->fields);
    }
    *message = (struct fix_message){ .fields = text->fields, .room = text->field_room };
    bool sound = fix_message_parse(message, frame, text->dictionary, &text->finding);
    text->parsed = sound || text->finding.fault->answer != FIX_ANSWER_IGNORE;
    if (!slice_equal(frame->begin_string, fix_dictionary_begin_string(text->dictionary)))
        text->finding = (struct fix_finding){ .fault = &version_unknown, .tag = TAG_BEGIN_STRING };
    else if (sound && message->type == NULL)
        text->finding =
            (struct fix_finding){ &fix_fault_msg_type_invalid, TAG_MSG_TYPE, MSG_TYPE_AT };
    else if (sound)
        fix_message_validate(message, text->dictionary, &text->finding);
}

/* A message whose frame does not hold, as people paste them, still has fields
   to show: from "8=" to the end of the field that looks like a CheckSum. */
static bool find_loosely(struct slice bytes, struct fix_frame *frame)
{
    const char *body, *trailer, *end;

    if (!slice_starts(bytes, SLICE("8=")) ||
        (body = memmem(bytes.at, bytes.size, "\00135=", 4)) == NULL)
        return false;
    struct slice rest = slice_after(bytes, (size_t)(body - bytes.at));
    if ((trailer = memmem(rest.at, rest.size, "\00110=", 4)) == NULL)
        return false;
    rest = slice_after(bytes, (size_t)(trailer + 1 - bytes.at));
    if ((end = memchr(rest.at, SOH, rest.size)) == NULL)
        return false;
    const char *first = memchr(bytes.at, SOH, bytes.size);
    frame->bytes = (struct slice){ bytes.at, (size_t)(end + 1 - bytes.at) };
    frame->begin_string = (struct slice){ bytes.at + 2, (size_t)(first - bytes.at) - 2 };
    frame->body = (struct slice){ body + 1, (size_t)(trailer - body) };
    return true;
}

static uint32_t tag_of(const struct fix_fault *fault)
{
    return fault == &fix_fault_frame_length     ? TAG_BODY_LENGTH
           : fault == &fix_fault_frame_checksum ? TAG_CHECKSUM
                                                : 0;
}

static void take_garbled(struct fix_text *text, struct slice dropped)
{
    const struct fix_fault *fault = text->finding.fault;
    struct fix_frame frame;

    text->front = dropped;
    if (find_loosely(dropped, &frame)) {
        check_message(text, &frame);
        text->front = frame.bytes;
    }
    text->finding = (struct fix_finding){ .fault = fault, .tag = tag_of(fault) };
}

bool fix_text_names_tag(const struct fix_text *text)
{
    return text->finding.tag != 0 || text->finding.fault == &fix_fault_tag_invalid;
}

const char *fix_text_place(const struct fix_text *text)
{
    size_t at = text->finding.at;
    if (at == 0)
        return text->front.at;
    struct slice before = text->message.fields[at - 1].value;
    return before.at + before.size + 1;
}

bool fix_text_next(struct fix_text *text)
{
    struct fix_frame frame;

    skip_line_ends(&text->rest);
    text->parsed = text->framed = false;
    text->finding = (struct fix_finding){ .fault = NULL };
    if (text->rest.size == 0)
        return false;
    switch (fix_frame_find(text->rest, MESSAGE_SIZE_MAX, &frame, &text->finding.fault)) {
    case FIX_FRAME_WHOLE:
        text->framed = true;
        text->finding.fault = NULL;
        check_message(text, &frame);
        text->front = frame.bytes;
        break;
    case FIX_FRAME_GARBLED:
        take_garbled(text, frame.bytes);
        break;
    case FIX_FRAME_PARTIAL:
        text->finding.fault = &incomplete;
        take_garbled(text, text->rest);
        break;
    }
    text->rest = slice_after(text->rest, text->front.size);
    return true;
}
