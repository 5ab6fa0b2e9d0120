/* Cuts text into FIX messages and checks each. */
#include "gateway/commands/fix_text.h"

#include <stdlib.h>

#define SOH '\001'

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
    text->parsed = fix_message_parse(message, frame, text->dictionary, &text->finding);
    if (!text->parsed)
        return;
    if (!slice_equal(message->begin_string, fix_dictionary_begin_string(text->dictionary)))
        text->finding.fault = &fix_fault_begin_string_wrong;
    else if (message->type == NULL)
        text->finding = (struct fix_finding){ &fix_fault_msg_type_invalid, 35 };
    else
        fix_message_validate(message, text->dictionary, &text->finding);
}

bool fix_text_next(struct fix_text *text)
{
    struct fix_frame frame;

    skip_line_ends(&text->rest);
    text->parsed = false;
    text->finding = (struct fix_finding){ NULL, 0 };
    if (text->rest.size == 0)
        return false;
    switch (fix_frame_find(text->rest, text->rest.size, &frame, &text->finding.fault)) {
    case FIX_FRAME_WHOLE:
        text->finding.fault = NULL;
        check_message(text, &frame);
        text->front = frame.bytes;
        break;
    case FIX_FRAME_GARBLED:
        text->front = frame.bytes;
        break;
    case FIX_FRAME_PARTIAL:
        text->finding.fault = &fix_fault_frame_length;
        text->front = text->rest;
        break;
    }
    text->rest = slice_after(text->rest, text->front.size);
    return true;
}
