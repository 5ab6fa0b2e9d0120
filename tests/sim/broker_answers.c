/* What a broker answers to the deposits that it is told of, and when. */
#include "world.h"

#include "codecs/base/arena.h"

#include <stdio.h>

/* --- what it is going to say --- */

static void add_word(struct announced *announced, char word)
{
    size_t size = strlen(announced->words);

    announced->words[size] = word;
    announced->words[size + 1] = '\0';
}

/* Received, disputed, and then yes or no, for some of them more than once. */
static void choose_words(struct world *world, struct announced *announced)
{
    char last = world_chance(world, 70) ? '1' : '2';

    if (fault_strikes(world, FAULT_ANSWER_NEVER))
        return;
    if (world_chance(world, 15))
        add_word(announced, '0');
    if (fault_strikes(world, FAULT_ANSWER_DISPUTED)) {
        add_word(announced, '3');
        if (fault_random(world, FAULT_ANSWER_DISPUTED, 3) == 0)
            return;
    }
    add_word(announced, last);
    if (fault_strikes(world, FAULT_ANSWER_TWICE))
        add_word(announced, last);
    if (fault_strikes(world, FAULT_ANSWER_CONTRADICTED))
        add_word(announced, last == '1' ? '2' : '1');
}

static struct announced *find(struct broker *broker, struct slice report_id)
{
    for (size_t i = 0; i < broker->announced_count; i++)
        if (slice_is(report_id, broker->announced[i].report_id))
            return &broker->announced[i];
    return NULL;
}

void broker_hear_announcement(struct broker *broker, const struct fix_message *message)
{
    struct world *world = broker->world;
    struct slice id = fix_message_get(message, 2799);

    if (find(broker, id) != NULL)
        return;
    broker->announced = memory_room(broker->announced, broker->announced_count,
                                    &broker->announced_room, sizeof *broker->announced);
    struct announced *announced = &broker->announced[broker->announced_count++];
    *announced = (struct announced){ .due_ns = world->now.steady_ns };
    snprintf(announced->report_id, sizeof announced->report_id, "%.*s", SLICE_ARG(id));
    choose_words(world, announced);
    if (fault_strikes(world, FAULT_ANSWER_LATE))
        announced->due_ns += SECONDS_NS(fault_random(world, FAULT_ANSWER_LATE, 60));
}

/* --- and says --- */

static void send(struct broker *broker, const char *report_id, char word)
{
    char body[120];
    const char *why = word == '2' || word == '3' ? "2800=199\0011328=not ours\001" : "";
    int size = snprintf(body, sizeof body, "2799=%s\0012806=%c\001%s", report_id, word, why);

    fix_session_send(broker->machine, SLICE("EB"), SLICE_NONE, (struct slice){ body, (size_t)size },
                     clock_of_peers(broker->world));
}

static void say_next(struct broker *broker, struct announced *announced)
{
    struct world *world = broker->world;

    send(broker, announced->report_id, announced->words[announced->said++]);
    announced->due_ns = world->now.steady_ns + SECONDS_NS(world_random(world, 20));
}

static bool has_more(const struct announced *announced)
{
    return announced->words[announced->said] != '\0';
}

void broker_answer(struct broker *broker)
{
    for (size_t i = 0; i < broker->announced_count; i++) {
        struct announced *announced = &broker->announced[i];
        if (has_more(announced) && announced->due_ns <= broker->world->now.steady_ns) {
            say_next(broker, announced);
            return;
        }
    }
}

/* All again, since some may be lost, in the same order. */
void broker_answer_open(struct broker *broker)
{
    for (size_t i = 0; i < broker->announced_count; i++) {
        struct announced *announced = &broker->announced[i];
        announced->said = 0;
        while (has_more(announced))
            say_next(broker, announced);
    }
}

/* --- to what it was never asked --- */

#define NOBODYS_REPORT "PSTK-SEEDED-999999-R1"

/* A report of the other broker, or one on a withdrawal, which decides nothing. */
static const char *wrong_report(struct broker *broker)
{
    struct world *world = broker->world;
    const struct broker *other = &world->brokers[broker == &world->brokers[0]];
    uint64_t which = fault_random(world, FAULT_ANSWER_TO_NOTHING, 1000);

    if (which % 3 == 0 && other->announced_count != 0)
        return other->announced[which % other->announced_count].report_id;
    if (which % 3 == 1 && broker->request_count != 0 &&
        broker->requests[which % broker->request_count].rank >= 0)
        return broker->requests[which % broker->request_count].report_id;
    return NOBODYS_REPORT;
}

void broker_answer_nothing(struct broker *broker)
{
    struct world *world = broker->world;

    if (!fault_strikes(world, FAULT_ANSWER_TO_NOTHING))
        return;
    char word = (char)('0' + fault_random(world, FAULT_ANSWER_TO_NOTHING, 4));
    send(broker, wrong_report(broker), word);
}

void broker_hear_refusal(struct broker *broker, const struct fix_message *message)
{
    struct slice id = fix_message_get(message, 379);

    const struct witness_instruction *seen =
        witness_find(&broker->world->witness, witness_number(id));

    if (slice_is(fix_message_get(message, 372), "C"))
        return; /* not every configuration sends it back */
    if (seen != NULL && seen->left != 0)
        return; /* it is not known any more */
    if (!slice_is(fix_message_get(message, 372), "EB") || find(broker, id) != NULL)
        world_fail(broker->world, "%s: %.*s is refused: %.*s", broker->name, SLICE_ARG(id),
                   SLICE_ARG(fix_message_get(message, 58)));
}
