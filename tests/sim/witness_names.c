/* What the witness knows instructions by: who asked for them under which id, and
   our number. */
#include "world.h"

#include "codecs/base/arena.h"

struct name {
    struct table_entry by_name;
    struct slice parts[2]; /* asker and id */
    struct witness_instruction *newest;
};

struct slice witness_transfer(struct slice id)
{
    unsigned dashes = 0;
    size_t size = 0;

    while (size < id.size && (id.at[size] != '-' || ++dashes < 3))
        size++;
    return (struct slice){ id.at, slice_starts(id, SLICE("T-")) ? size : id.size };
}

uint64_t witness_number(struct slice id)
{
    uint64_t number = 0;

    for (unsigned dashes = 0; dashes < 2 && id.size != 0; id = slice_after(id, 1))
        dashes += id.at[0] == '-';
    const char *end = id.size == 0 ? NULL : memchr(id.at, '-', id.size);
    if (end != NULL)
        id.size = (size_t)(end - id.at);
    return slice_to_u64(id, UINT64_MAX, &number) ? number : 0;
}

static struct name *find_name(const struct witness *witness, const struct slice parts[2])
{
    struct table_entry *at = table_first(&witness->names, table_hash(parts, 2));

    for (; at != NULL; at = table_next(at)) {
        struct name *name = at->owner;
        if (slice_equal(name->parts[0], parts[0]) && slice_equal(name->parts[1], parts[1]))
            return name;
    }
    return NULL;
}

struct witness_instruction *witness_named(const struct witness *witness, struct slice asker,
                                          struct slice id)
{
    const struct name *name =
        find_name(witness, (const struct slice[]){ asker, witness_transfer(id) });

    return name == NULL ? NULL : name->newest;
}

/* Only what is not known any more may be asked for as something new. */
void witness_name(struct world *world, const struct instruction *row,
                  struct witness_instruction *instruction)
{
    struct witness *witness = &world->witness;
    const struct slice parts[2] = {
        instruction_get(row, INSTRUCTION_TEXT_asker),
        witness_transfer(instruction_get(row, INSTRUCTION_TEXT_request_id)),
    };
    struct name *name = find_name(witness, parts);

    if (name == NULL) {
        name = arena_take(&witness->arena, sizeof *name);
        name->parts[0] = arena_copy(&witness->arena, parts[0]);
        name->parts[1] = arena_copy(&witness->arena, parts[1]);
        table_add(&witness->names, &name->by_name, table_hash(name->parts, 2), name);
    } else if (name->newest->left == 0) {
        world_fail(world, "%.*s: %.*s became two instructions", SLICE_ARG(parts[0]),
                   SLICE_ARG(parts[1]));
    }
    instruction->earlier = name->newest;
    instruction->came = witness->now;
    name->newest = instruction;
}
