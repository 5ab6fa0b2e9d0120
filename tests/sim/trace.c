/* What goes into the engine and what comes out, a line each. */
#include "trace.h"

#include <stdio.h>

static const char *const input_names[] = {
    [INPUT_LINK_OPENED] = "opened",
    [INPUT_LINK_BYTES] = "bytes",
    [INPUT_LINK_CLOSED] = "closed",
    [INPUT_LINK_FULL] = "full",
    [INPUT_LINK_DRAINED] = "drained",
    [INPUT_DOCUMENT] = "document",
    [INPUT_TOOK] = "took",
    [INPUT_NOT_TOOK] = "not-took",
    [INPUT_TICK] = "tick",
    [INPUT_COMMITTED] = "committed",
    [INPUT_COMMIT_FAILED] = "failed",
    [INPUT_ANSWER] = "answer",
    [INPUT_ARCHIVED] = "archived",
    [INPUT_NOT_DIALLED] = "not-dialled",
    [INPUT_COMMAND] = "command",
    [INPUT_CONFIGURATION] = "configuration",
    [INPUT_DRAIN] = "drain",
};

static const char *const effect_names[] = {
    [EFFECT_WRITE] = "write",   [EFFECT_CLOSE] = "close",     [EFFECT_PAUSE] = "pause",
    [EFFECT_RESUME] = "resume", [EFFECT_COMMIT] = "commit",   [EFFECT_READ] = "read",
    [EFFECT_SEND] = "send",     [EFFECT_FILED] = "filed",     [EFFECT_LOG] = "log",
    [EFFECT_REPLY] = "reply",   [EFFECT_STOPPED] = "stopped", [EFFECT_ARCHIVE] = "archive",
    [EFFECT_DIAL] = "dial",
};

#define TEXT_SIZE 400

/* On one line: fields of a FIX message are parted by bars. */
static void add_text(char *text, struct slice bytes)
{
    size_t used = strlen(text);

    for (size_t i = 0; i < bytes.size && used + 1 < TEXT_SIZE; i++, used++) {
        text[used] = bytes.at[i];
        if (text[used] == '\001')
            text[used] = '|';
        else if (text[used] == '\n')
            text[used] = ' ';
    }
    text[used] = '\0';
}

static void add_pair(char *text, const char *key, struct slice value)
{
    if (value.at == NULL)
        return;
    add_text(text, SLICE(" "));
    add_text(text, slice_of(key));
    add_text(text, SLICE("="));
    add_text(text, value);
}

/* What tells one document from another. */
static void add_document(char *text, struct slice bytes)
{
    static const char *const elements[] = {
        "MsgDefIdr", "BizMsgIdr", "OrgnlMsgId",     "OrgnlInstrId", "OrgnlTxId",   "TxSts",
        "Cd",        "InstdAmt",  "IntrBkSttlmAmt", "TxId",         "RjctgPtyRsn",
    };

    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        add_pair(text, elements[i], bank_read(bytes, elements[i]));
}

static void add_log(char *text, const struct log_event *event)
{
    add_pair(text, "event", slice_of(event->kind->name));
    for (unsigned i = 0; i < event->count; i++)
        add_pair(text, event->pairs[i].key, event->pairs[i].value);
}

void trace_input(const struct world *world, const struct input *input)
{
    char text[TEXT_SIZE] = "";

    add_pair(text, "channel", input->channel);
    add_pair(text, "name", input->name);
    if (input->kind == INPUT_DOCUMENT)
        add_document(text, input->bytes);
    else if (input->kind == INPUT_LINK_BYTES)
        add_pair(text, "bytes", input->bytes);
    for (size_t i = 0; i < input->word_count; i++)
        add_pair(text, "word", input->words[i]);
    if (input->kind == INPUT_COMMIT_FAILED)
        add_pair(text, "why", input->text);
    world_trace(world, "> %s link %llu batch %llu ticket %llu%s", input_names[input->kind],
                (unsigned long long)input->link, (unsigned long long)input->batch,
                (unsigned long long)input->ticket, text);
}

void trace_effect(const struct world *world, const struct effect *effect)
{
    char text[TEXT_SIZE] = "";

    add_pair(text, "channel", effect->channel);
    add_pair(text, "name", effect->name);
    if (effect->kind == EFFECT_SEND)
        add_document(text, effect->bytes);
    else if (effect->kind == EFFECT_WRITE || effect->kind == EFFECT_REPLY)
        add_pair(text, "bytes", effect->bytes);
    else if (effect->kind == EFFECT_LOG)
        add_log(text, effect->log_event);
    add_pair(text, "text", effect->text);
    world_trace(world, "< %s link %llu batch %llu%s", effect_names[effect->kind],
                (unsigned long long)effect->link,
                effect->batch == NULL ? 0ULL : (unsigned long long)batch_number(effect->batch),
                text);
}
