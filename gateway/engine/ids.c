/* Our ids: "<gateway id>-<store identity>-<number>" names an instruction, a
   further "-<n>" one of its documents and "-R<n>" one of its reports. */
#include "gateway/engine/machine.h"

#include <inttypes.h>

struct slice instruction_id_make(struct engine *engine, uint64_t number)
{
    return SCRATCH(engine, "%.*s-%.*s-%" PRIu64,
                   SLICE_ARG(engine->configuration->config->gateway_id),
                   SLICE_ARG(engine->identity), number);
}

struct slice document_id_make(struct engine *engine, struct slice instruction_id, unsigned count)
{
    return SCRATCH(engine, "%.*s-%u", SLICE_ARG(instruction_id), count);
}

struct slice report_id_make(struct engine *engine, struct slice instruction_id, unsigned count)
{
    return SCRATCH(engine, "%.*s-R%u", SLICE_ARG(instruction_id), count);
}

void instruction_name(struct engine *engine, struct instruction *instruction)
{
    instruction->number = ++engine->last_number;
    instruction_set(instruction, INSTRUCTION_TEXT_id,
                    instruction_id_make(engine, instruction->number));
}

void instruction_name_after(struct instruction *instruction, const struct instruction *earlier)
{
    instruction->number = earlier->number;
    instruction->report_count = earlier->report_count;
    instruction->document_count = earlier->document_count;
    instruction_set(instruction, INSTRUCTION_TEXT_id,
                    instruction_get(earlier, INSTRUCTION_TEXT_id));
}

/* The place behind "-<identity>-"; the gateway's id in front may have changed
   since the id was made. */
static bool find_number(const struct engine *engine, struct slice id, struct slice *rest)
{
    size_t size = engine->identity.size;

    for (size_t at = 0; at + size + 2 < id.size; at++) {
        struct slice tail = slice_after(id, at);

        if (tail.at[0] == '-' && tail.at[size + 1] == '-' &&
            memcmp(tail.at + 1, engine->identity.at, size) == 0) {
            *rest = slice_after(tail, size + 2);
            return true;
        }
    }
    return false;
}

bool own_id_read(const struct engine *engine, struct slice id, uint64_t *number)
{
    struct slice rest;
    size_t digits = 0;

    if (!find_number(engine, id, &rest))
        return false;
    while (digits < rest.size && rest.at[digits] != '-')
        digits++;
    return slice_to_u64((struct slice){ rest.at, digits }, engine->last_number, number);
}
