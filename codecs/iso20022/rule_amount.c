/* Rules about amounts with their currencies.  Each check says what it makes of the
   paths of a case, in their order. */
#include "codecs/iso20022/rule_kept.h"
#include "codecs/iso20022/value.h"

struct amount {
    struct iso_kept currency;
    struct decimal number;
    bool has_number;
};

struct amounts {
    struct amount first, second;
    struct iso_rule_mark second_at;
    bool is_excused;
};

/* Paths that all checks of two amounts begin with. */
enum { FIRST_CURRENCY, FIRST, SECOND_CURRENCY, SECOND, EXCUSE };

static void begin_amounts(const struct iso_rule_sight *sight)
{
    struct amounts *amounts = sight->memory;
    iso_kept_clear(&amounts->first.currency);
    iso_kept_clear(&amounts->second.currency);
    amounts->first.has_number = amounts->second.has_number = amounts->is_excused = false;
}

static void keep_number(struct amount *amount, struct slice value)
{
    amount->has_number = decimal_parse(value, DECIMAL_XML, &amount->number) == DECIMAL_OK;
}

static void look_amounts(const struct iso_rule_sight *sight)
{
    struct amounts *amounts = sight->memory;
    if (sight->path == FIRST_CURRENCY) {
        iso_kept_set(&amounts->first.currency, sight);
    } else if (sight->path == FIRST) {
        keep_number(&amounts->first, sight->value);
    } else if (sight->path == SECOND_CURRENCY) {
        iso_kept_set(&amounts->second.currency, sight);
    } else if (sight->path == SECOND) {
        keep_number(&amounts->second, sight->value);
        iso_rule_mark(sight, &amounts->second_at);
    } else {
        amounts->is_excused = true;
    }
}

/* Both are known, and in one currency. */
static bool are_comparable(const struct amounts *amounts)
{
    return amounts->first.has_number && amounts->second.has_number &&
           iso_kept_equal(&amounts->first.currency, &amounts->second.currency);
}

static int compare(const struct amounts *amounts)
{
    return decimal_compare(amounts->second.number, amounts->first.number);
}

/* An amount, another that is not above it in the same currency, and what excuses
   that it is. */
static void end_not_above(const struct iso_rule_sight *sight)
{
    const struct amounts *amounts = sight->memory;
    struct writer limit;
    if (amounts->is_excused || !are_comparable(amounts) || compare(amounts) <= 0)
        return;
    writer_init(&limit, 0);
    decimal_write(amounts->first.number, 0, &limit);
    iso_rule_broken_at(sight, &amounts->second_at, "it is above %.*s",
                       SLICE_ARG(writer_slice(&limit)));
    writer_fini(&limit);
}

/* Two amounts, and the rate between them.  The same amount twice in one currency
   leaves no doubt, whatever the rate says: messages that fill every field have it. */
static void look_exchange_rate(const struct iso_rule_sight *sight)
{
    const struct amounts *amounts = sight->memory;
    look_amounts(sight);
    if (sight->path == EXCUSE && are_comparable(amounts) && compare(amounts) != 0)
        iso_rule_broken(sight, "both are in %.*s",
                        SLICE_ARG(iso_value_excerpt(amounts->first.currency.text)));
}

/* The same paths: two currencies need the rate. */
static void end_exchange_rate_missing(const struct iso_rule_sight *sight)
{
    const struct amounts *amounts = sight->memory;
    if (amounts->first.has_number && amounts->second.has_number && !amounts->is_excused &&
        iso_kept_differ(&amounts->first.currency, &amounts->second.currency))
        iso_rule_broken_at(sight, &amounts->second_at, "there is no %.*s",
                           SLICE_ARG(iso_rule_path_name(sight->of, EXCUSE)));
}

#define CHECK(check, looks, ends)                                                                  \
    const struct iso_rule_check iso_rule_##check = { .begin = begin_amounts,                       \
                                                     .look = (looks),                              \
                                                     .end = (ends),                                \
                                                     .memory_size = sizeof(struct amounts) }
CHECK(not_above, look_amounts, end_not_above);
CHECK(exchange_rate, look_exchange_rate, NULL);
CHECK(exchange_rate_missing, look_amounts, end_exchange_rate_missing);
