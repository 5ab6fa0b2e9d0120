/* Rules about numbers and sums that a message declares of itself.  Each check says
   what it makes of the paths of a case, in their order.  No more is kept than the
   sum, however many there are. */
#include "codecs/iso20022/rule.h"

/* What is declared, and what there is. */
struct tally {
    struct iso_rule_mark declared_at;
    struct decimal_sum declared, found;
    struct decimal pending; /* an amount that waits for its mark */
    bool is_pending, has_direction;
    uint64_t items, amounts;
};

static bool number_of(const struct iso_rule_sight *sight, struct decimal *number)
{
    return decimal_parse(sight->value, DECIMAL_XML, number) == DECIMAL_OK;
}

static void declare(const struct iso_rule_sight *sight)
{
    struct tally *tally = sight->memory;
    struct decimal number;
    if (!number_of(sight, &number))
        return;
    tally->declared = (struct decimal_sum){ 0, 0, 0 };
    decimal_sum_add(&tally->declared, number);
    iso_rule_mark(sight, &tally->declared_at);
}

static void judge(const struct iso_rule_sight *sight)
{
    const struct tally *tally = sight->memory;
    struct writer declared, found;
    if (tally->declared_at.route == NULL ||
        decimal_sum_compare(&tally->declared, &tally->found) == 0)
        return;
    writer_init(&declared, 0);
    writer_init(&found, 0);
    decimal_sum_write(tally->declared, &declared);
    decimal_sum_write(tally->found, &found);
    iso_rule_broken_at(sight, &tally->declared_at, "%.*s is not %.*s",
                       SLICE_ARG(writer_slice(&declared)), SLICE_ARG(writer_slice(&found)));
    writer_fini(&declared);
    writer_fini(&found);
}

/* A number, and what it counts. */
static void look_count(const struct iso_rule_sight *sight)
{
    enum { DECLARED };
    struct tally *tally = sight->memory;
    if (sight->path == DECLARED) {
        declare(sight);
        return;
    }
    decimal_sum_add(&tally->found, (struct decimal){ 1, 0 });
    tally->items++;
}

/* Of a group that is meant as a whole there need not be any. */
static void end_count_some(const struct iso_rule_sight *sight)
{
    const struct tally *tally = sight->memory;
    if (tally->items > 0)
        judge(sight);
}

/* A sum; the items; and the amounts in them, of which each item has one, or else
   nothing is said. */
static void look_sum(const struct iso_rule_sight *sight)
{
    enum { DECLARED, ITEM };
    struct tally *tally = sight->memory;
    struct decimal number;
    if (sight->path == DECLARED) {
        declare(sight);
    } else if (sight->path == ITEM) {
        tally->items++;
    } else if (number_of(sight, &number)) {
        decimal_sum_add(&tally->found, number);
        tally->amounts++;
    }
}

static void end_sum(const struct iso_rule_sight *sight)
{
    const struct tally *tally = sight->memory;
    if (tally->items > 0 && tally->items == tally->amounts)
        judge(sight);
}

static void wait_for_mark(const struct iso_rule_sight *sight)
{
    struct tally *tally = sight->memory;
    tally->is_pending = number_of(sight, &tally->pending);
}

/* A sum; amounts; and what is behind each that counts. */
static void look_sum_marked(const struct iso_rule_sight *sight)
{
    enum { DECLARED, AMOUNT };
    struct tally *tally = sight->memory;
    if (sight->path == DECLARED) {
        declare(sight);
    } else if (sight->path == AMOUNT) {
        wait_for_mark(sight);
    } else if (tally->is_pending) {
        decimal_sum_add(&tally->found, tally->pending);
        tally->is_pending = false;
    }
}

/* What is left of credits without debits, its direction, amounts, and the direction
   of each. */
static void look_net(const struct iso_rule_sight *sight)
{
    enum { DECLARED, DECLARED_DIRECTION, AMOUNT };
    struct tally *tally = sight->memory;
    if (sight->path == DECLARED) {
        declare(sight);
    } else if (sight->path == DECLARED_DIRECTION) {
        if (slice_is(sight->value, "DBIT"))
            decimal_sum_negate(&tally->declared);
        tally->has_direction = true;
    } else if (sight->path == AMOUNT) {
        wait_for_mark(sight);
    } else if (tally->is_pending) {
        (slice_is(sight->value, "DBIT") ? decimal_sum_subtract : decimal_sum_add)(&tally->found,
                                                                                  tally->pending);
        tally->is_pending = false;
    }
}

/* Without a direction only its size is known. */
static void end_net(const struct iso_rule_sight *sight)
{
    struct tally *tally = sight->memory;
    if (!tally->has_direction && tally->found.high < 0)
        decimal_sum_negate(&tally->found);
    judge(sight);
}

#define CHECK(check, looks, ends)                                                                  \
    const struct iso_rule_check iso_rule_##check = { .look = (looks),                              \
                                                     .end = (ends),                                \
                                                     .memory_size = sizeof(struct tally) }
CHECK(count_all, look_count, judge);
CHECK(count_some, look_count, end_count_some);
CHECK(sum, look_sum, end_sum);
CHECK(sum_marked, look_sum_marked, judge);
CHECK(net, look_net, end_net);
