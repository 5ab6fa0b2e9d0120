/* People at the gateway: they import links, decide what is held, and end what is
   in doubt once they have asked the bank. */
#include "world.h"

#include <stdio.h>

#define LINK_COLUMNS                                                                               \
    "client,account,session,bank,payee_bank,payee_account,client_name,currency,legal_person\n"
#define LINK_1          "C-1,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX,DE73993040500071230455,Ann,EUR,false\n"
#define LINK_2(account) "C-2,ACC-7001,alpha,NRTXDEFFXXX,PAYXDEFFXXX," account ",Two,EUR,true\n"
#define LINK_3          "C-3,ACC-9001,beta,STHXFRPPXXX,PAYXDEFFXXX,883300471,Cid,EUR,false\n"

/* As they were, and with other accounts of one client. */
static const char *const link_tables[] = {
    LINK_COLUMNS LINK_1 LINK_2("DE51993040500071230463") LINK_3,
    LINK_COLUMNS LINK_2("DE29993040500071230471"),
    LINK_COLUMNS LINK_2("DE77993040500071230480"),
};

#define BALANCES                                                                                   \
    "client,account,currency,amount\nC-1,ACC-7001,EUR,5000.00\n"                                   \
    "C-2,ACC-7001,EUR,900000.00\nC-3,ACC-9001,EUR,5000.00\n"

/* A line of a table begins with its client. */
bool is_own_account(struct slice client, struct slice account)
{
    char text[64];
    int size = snprintf(text, sizeof text, ",%.*s,", SLICE_ARG(account));

    for (size_t i = 0; i < sizeof link_tables / sizeof *link_tables; i++)
        for (const char *line = link_tables[i]; *line != '\0'; line += strcspn(line, "\n") + 1)
            if (slice_starts(slice_of(line), client) &&
                memmem(line, strcspn(line, "\n"), text, (size_t)size) != NULL)
                return true;
    return false;
}

static void import(struct world *world, const char *what, const char *table)
{
    const struct slice words[] = { slice_of(what), SLICE("import"), slice_of(table) };

    world_command(world, words, 3);
}

static void import_at_once(struct world *world, const char *what, const char *table)
{
    import(world, what, table);
    while (world->status < 0 && world->batch != NULL)
        process_commit(world);
    if (world->status != 0)
        world_fail(world, "import of %s: %s", what, world->reply);
}

void operators_open(struct world *world)
{
    import_at_once(world, "links", link_tables[0]);
    import_at_once(world, "balances", BALANCES);
}

void import_links(struct world *world)
{
    if (fault_strikes(world, FAULT_LINKS_IMPORTED))
        import(world, "links",
               link_tables[fault_random(world, FAULT_LINKS_IMPORTED,
                                        sizeof link_tables / sizeof *link_tables)]);
}

void reset_session(struct world *world)
{
    if (!fault_strikes(world, FAULT_OPERATOR_RESET))
        return;
    const struct broker *broker =
        &world->brokers[fault_random(world, FAULT_OPERATOR_RESET, BROKERS)];
    const struct slice words[] = { SLICE("session"), SLICE("reset"), slice_of(broker->name) };
    world_command(world, words, 3);
}

static void id_of(const struct instruction *instruction, char id[64])
{
    snprintf(id, 64, "%.*s", SLICE_ARG(instruction_get(instruction, INSTRUCTION_TEXT_id)));
}

void decide_held(struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        if (instruction->state != INSTRUCTION_HELD || world_chance(world, 50))
            continue;
        char id[64];
        id_of(instruction, id);
        const struct slice words[] = { world_chance(world, 70) ? SLICE("approve") : SLICE("refuse"),
                                       slice_of(id), SLICE("--evidence"), SLICE("seen") };
        world_command(world, words, 4);
        return;
    }
}

/* --- doubts --- */

static struct order *order_of(struct world *world, const struct instruction *instruction)
{
    return bank_find_order(
        world_bank(world, instruction_get(instruction, INSTRUCTION_TEXT_channel)),
        instruction_get(instruction, INSTRUCTION_TEXT_order_id));
}

/* As far as an operator can see: an order that the bank has not seen, and that
   does not lie there for it, is not paid. */
static enum truth truth_at_bank(struct world *world, const struct instruction *instruction)
{
    struct slice channel = instruction_get(instruction, INSTRUCTION_TEXT_channel);
    struct slice id = instruction_get(instruction, INSTRUCTION_TEXT_order_id);
    const struct order *order = order_of(world, instruction);

    if (order != NULL)
        return order->truth;
    return disk_shows(world_disk(world, channel), id) ? TRUTH_OPEN : TRUTH_REFUSED;
}

static const char *end_of(struct world *world, const struct instruction *instruction)
{
    if (instruction->flow == FLOW_DEPOSIT)
        return world_chance(world, 50) ? "settled" : "refused";
    if (truth_at_bank(world, instruction) != TRUTH_PAID)
        return "refused";
    if (!fault_strikes(world, FAULT_ORDER_REVERSED))
        return "settled";
    order_of(world, instruction)->reversed = true;
    return "reversed";
}

void resolve(struct world *world, const struct instruction *instruction)
{
    char id[64];

    id_of(instruction, id);
    const struct slice words[] = { SLICE("resolve"),    slice_of(id),
                                   SLICE("--as"),       slice_of(end_of(world, instruction)),
                                   SLICE("--evidence"), SLICE("the bank's statement") };
    world_command(world, words, 6);
}

void look_into_doubt(struct world *world)
{
    for (size_t i = 0; i < store_memory_count(world->store, ROW_INSTRUCTION); i++) {
        const struct instruction *instruction =
            store_memory_at(world->store, ROW_INSTRUCTION, i)->instruction;
        bool deposit = instruction->flow == FLOW_DEPOSIT;

        if (instruction->state != INSTRUCTION_IN_DOUBT || world_chance(world, deposit ? 90 : 50) ||
            (!deposit && truth_at_bank(world, instruction) == TRUTH_OPEN))
            continue;
        resolve(world, instruction);
        return;
    }
}
