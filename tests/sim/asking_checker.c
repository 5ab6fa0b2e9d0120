/* What brokers say, message by message: the same asked for is the same request,
   something else under its id is refused as AM05, each time; and the first of
   their answers to a deposit counts. */
#include "world.h"

#include "codecs/base/arena.h"

static struct slice field(struct slice message, const char *tag)
{
    const char *found =
        message.at == NULL ? NULL : memmem(message.at, message.size, tag, strlen(tag));

    if (found == NULL)
        return SLICE_NONE;
    struct slice rest = slice_after(message, (size_t)(found - message.at) + strlen(tag));
    const char *end = memchr(rest.at, '\001', rest.size);
    return (struct slice){ rest.at, end == NULL ? 0 : (size_t)(end - rest.at) };
}

/* What a new instruction was asked for stands in its row. */
static void see_new(struct world *world, const struct instruction *row)
{
    struct witness_instruction *instruction = witness_find(&world->witness, row->number);
    struct slice request = instruction_get(row, INSTRUCTION_TEXT_request);

    if (instruction->came == world->witness.now)
        instruction->asked = arena_copy(&world->witness.arena, field(request, "\0012817="));
}

/* In the batch in which a second instruction begins, the first one may have been
   known still. */
static void see_request(struct world *world, const struct message_row *row)
{
    struct witness_instruction *newest =
        witness_named(&world->witness, row->session, field(row->bytes, "\0012812="));

    if (newest == NULL || slice_equal(field(row->bytes, "\0012817="), newest->asked))
        return;
    if (newest->earlier != NULL && newest->came == world->witness.now)
        newest->clashes_unclear = true;
    else
        newest->clashes_asked++;
}

static void see_answer(struct world *world, const struct message_row *row)
{
    uint64_t number = witness_number(field(row->bytes, "\0012799="));
    struct witness_instruction *instruction = witness_find(&world->witness, number);
    struct slice said = field(row->bytes, "\0012806=");
    bool yes = slice_is(said, "1"), no = slice_is(said, "2");

    if (instruction == NULL || instruction->left != 0 ||
        !slice_equal(instruction->session, row->session))
        return;
    struct witness_answers *answers = &instruction->answers;
    if (answers->first == '\0' && (yes || no))
        answers->first = yes ? '1' : '2';
    answers->yes = answers->yes || yes;
    answers->no = answers->no || no;
}

static void see_message(struct world *world, const struct message_row *row)
{
    struct slice type = field(row->bytes, "\00135=");

    if (slice_is(type, "DY"))
        see_request(world, row);
    else if (slice_is(type, "EB"))
        see_answer(world, row);
}

static void see_event(struct world *world, const struct event_row *event)
{
    struct witness_instruction *instruction = witness_find(&world->witness, event->instruction);

    if (slice_starts(event->text, SLICE("AM05")) && slice_equal(event->who, instruction->session))
        instruction->clashes_told++;
}

void see_asking(struct world *world, const struct batch *batch)
{
    for (size_t i = 0; i < batch_count(batch); i++)
        if (batch_at(batch, i)->kind == ROW_INSTRUCTION)
            see_new(world, batch_at(batch, i)->instruction);
    for (size_t i = 0; i < batch_count(batch); i++) {
        const struct row *row = batch_at(batch, i);
        if (row->kind == ROW_MESSAGE_IN)
            see_message(world, &row->message);
        else if (row->kind == ROW_EVENT)
            see_event(world, &row->event);
    }
}

static void check_request(struct world *world, const struct broker *broker,
                          const struct request *request)
{
    const struct witness_instruction *at =
        witness_named(&world->witness, slice_of(broker->name), slice_of(request->id));

    for (; at != NULL; at = at->earlier)
        if (!at->clashes_unclear && at->clashes_asked != at->clashes_told)
            world_fail(world,
                       "%s: %s was asked %u times for something else, and refused as AM05 %u times",
                       broker->name, request->id, at->clashes_asked, at->clashes_told);
}

void check_asking(struct world *world)
{
    for (unsigned i = 0; i < BROKERS; i++)
        for (size_t j = 0; j < world->brokers[i].request_count; j++)
            check_request(world, &world->brokers[i], &world->brokers[i].requests[j]);
}
