/* After a failed commit the store may not even be readable for a while: the
   disk is gone, or what it says cannot be trusted yet.  Then there is no state
   to decide with, so nothing is decided: the engine turns brokers away, what
   cannot be asked for again is kept, and the store is tried again every second. */
#include <stdlib.h>

#include "gateway/gateway_parts.h"

#define RETRY_MS 1000

struct held_input {
    struct held_input *next;
    struct input input; /* its texts are behind it */
};

static struct slice append(char **at, struct slice text)
{
    struct slice copy = { *at, text.size };

    if (text.at == NULL)
        return SLICE_NONE;
    memcpy(*at, text.at, text.size);
    *at += text.size;
    return copy;
}

static void keep(struct gateway *gateway, const struct input *input)
{
    struct held_input *held = memory_take(sizeof *held + input->channel.size + input->name.size +
                                          input->bytes.size + input->text.size);
    char *at = (char *)(held + 1);

    held->next = NULL;
    held->input = *input;
    held->input.channel = append(&at, input->channel);
    held->input.name = append(&at, input->name);
    held->input.bytes = append(&at, input->bytes);
    held->input.text = append(&at, input->text);
    *gateway->held_end = held;
    gateway->held_end = &held->next;
}

void gateway_hold(struct gateway *gateway, const struct input *input)
{
    switch (input->kind) {
    case INPUT_LINK_OPENED:
    case INPUT_LINK_BYTES:
    case INPUT_LINK_CLOSED:
    case INPUT_NOT_DIALLED:
    case INPUT_LINK_FULL:
    case INPUT_LINK_DRAINED:
    case INPUT_TICK:
        engine_take(gateway->engine, input, gateway_now(gateway));
        gateway_perform(gateway);
        break;
    case INPUT_DOCUMENT: /* a channel gives few before they are filed */
        keep(gateway, input);
        break;
    case INPUT_COMMAND:
        admin_answer(gateway->admin, input->command, 3,
                     SLICE("the store cannot be read; ask again later\n"));
        break;
    case INPUT_DRAIN:
        gateway_close(gateway);
        break;
    default: /* comes again by itself, or is about what is forgotten */
        break;
    }
}

static void try_again(uv_timer_t *retry)
{
    gateway_load_again(retry->data);
}

void gateway_wait(struct gateway *gateway, struct slice why)
{
    if (!gateway->waiting) {
        gateway_log(gateway, &log_store_fault, (const struct log_pair[]){ { "why", why } }, 1);
        gateway->held_end = &gateway->held;
    }
    gateway->waiting = true;
    uv_timer_start(&gateway->retry, try_again, RETRY_MS, 0);
}

void gateway_resume(struct gateway *gateway)
{
    struct held_input *held = gateway->held;

    gateway->waiting = false;
    gateway->held = NULL;
    while (held != NULL) {
        struct held_input *next = held->next;

        gateway_take(gateway, &held->input);
        free(held);
        held = next;
    }
}

void gateway_forget_held(struct gateway *gateway)
{
    while (gateway->held != NULL) {
        struct held_input *next = gateway->held->next;

        free(gateway->held);
        gateway->held = next;
    }
}
