/* What the rules of rules.def check.  Each check says what it makes of the paths
   of a rule, in their order. */
#include "codecs/base/decimal.h"
#include "codecs/iso20022/parser.h"
#include "codecs/iso20022/text_set.h"

/* A value that is kept to be compared. */
struct kept {
    struct slice text; /* absent: there is none */
    char *bytes;
    size_t room;
};

/* Without memory for it nothing changes: the document ends. */
static void keep(struct kept *kept, const struct iso_rule_sight *sight)
{
    struct slice value = sight->value;
    if (value.size > kept->room || kept->bytes == NULL) {
        char *bytes = arena_take(&sight->parser->arena, value.size);
        if (bytes == NULL)
            return;
        kept->bytes = bytes;
        kept->room = value.size;
    }
    memcpy(kept->bytes, value.at, value.size);
    kept->text = (struct slice){ kept->bytes, value.size };
}

/* The last name of one of the rule's paths. */
static const char *path_end(const struct iso_rule *rule, size_t path)
{
    const char *point = strrchr(rule->paths[path], '.');
    return point == NULL ? rule->paths[path] : point + 1;
}

/* An element, and what may be in it: the second only behind the first. */
static void look_needs(const struct iso_rule_sight *sight)
{
    enum { ELEMENT, NEEDED, NEEDING };
    bool *there = sight->memory;
    if (sight->path == ELEMENT)
        *there = false;
    else if (sight->path == NEEDED)
        *there = true;
    else if (!*there)
        iso_rule_broken(sight, "there is no %s", path_end(sight->rule, NEEDED));
}

/* What is once in the message, and what may not be there behind it. */
static void look_excludes(const struct iso_rule_sight *sight)
{
    enum { FIRST, EXCLUDED };
    bool *there = sight->memory;
    if (sight->path == FIRST)
        *there = true;
    else if (*there)
        iso_rule_broken(sight, "%s is there as well", sight->rule->paths[FIRST]);
}

/* A value that is once in the message, and one that is the same behind it. */
static void look_same_value(const struct iso_rule_sight *sight)
{
    enum { FIRST, LATER };
    struct kept *first = sight->memory;
    if (sight->path == FIRST)
        keep(first, sight);
    else if (first->text.at != NULL && !slice_equal(first->text, sight->value))
        iso_rule_broken(sight, "\"%.*s\" is not \"%.*s\"",
                        SLICE_ARG(iso_value_excerpt(sight->value)),
                        SLICE_ARG(iso_value_excerpt(first->text)));
}

/* A value that does not come again. */
static void look_once(const struct iso_rule_sight *sight)
{
    struct iso_parser *parser = sight->parser;
    const struct iso_text_set_entry *before = iso_text_set_add(
        sight->memory, sight->value, iso_frame_top(parser)->place.line, &parser->arena);
    if (before != NULL)
        iso_rule_broken(sight, "\"%.*s\" as on line %u", SLICE_ARG(iso_value_excerpt(sight->value)),
                        before->line);
}

/* An element; in it the currency and amount that are settled and those that were
   instructed; and the rate between them.  The same amount twice in one currency
   leaves no doubt, whatever the rate says: messages that fill every field have it. */
enum rate_path {
    RATE_ELEMENT,
    RATE_SETTLED_CURRENCY,
    RATE_SETTLED,
    RATE_INSTRUCTED_CURRENCY,
    RATE_INSTRUCTED,
    RATE,
};

struct rate_amount {
    struct kept currency;
    struct decimal number;
    bool has_number;
};

struct rate_amounts {
    struct rate_amount settled, instructed;
};

static void forget(struct rate_amount *amount)
{
    amount->currency.text = SLICE_NONE;
    amount->has_number = false;
}

static void keep_number(struct rate_amount *amount, struct slice value)
{
    amount->has_number = decimal_parse(value, DECIMAL_XML, &amount->number) == DECIMAL_OK;
}

static bool contradict(const struct rate_amount *one, const struct rate_amount *other)
{
    return one->has_number && other->has_number && one->currency.text.at != NULL &&
           slice_equal(one->currency.text, other->currency.text) &&
           decimal_compare(one->number, other->number) != 0;
}

static void look_exchange_rate(const struct iso_rule_sight *sight)
{
    struct rate_amounts *amounts = sight->memory;
    switch ((enum rate_path)sight->path) {
    case RATE_ELEMENT:
        forget(&amounts->settled);
        forget(&amounts->instructed);
        break;
    case RATE_SETTLED_CURRENCY:
        keep(&amounts->settled.currency, sight);
        break;
    case RATE_SETTLED:
        keep_number(&amounts->settled, sight->value);
        break;
    case RATE_INSTRUCTED_CURRENCY:
        keep(&amounts->instructed.currency, sight);
        break;
    case RATE_INSTRUCTED:
        keep_number(&amounts->instructed, sight->value);
        break;
    case RATE:
        if (contradict(&amounts->settled, &amounts->instructed))
            iso_rule_broken(sight, "both are in %.*s",
                            SLICE_ARG(iso_value_excerpt(amounts->settled.currency.text)));
    }
}

/* ------------------------------------------------------------ ids of messages

   An id that is loaded is known.  Any other text with the form of one claims to
   be in the catalogue of ISO 20022, which grows: it is enough that it could be,
   in a business area that exists and a version that can have been reached.  A
   text of another form is a name that a market gave to a message of its own. */

enum {
    AREA_SIZE = 4,
    /* There is one a year at most, and the first was published in 2004. */
    VERSION_MAX = 40,
};

static const char areas[][AREA_SIZE + 1] = {
#define BUSINESS_AREA(code) #code,
#include "codecs/iso20022/business_areas.def"
#undef BUSINESS_AREA
};

/* As "pacs.008.001.08". */
static bool has_form(struct slice id)
{
    static const char form[] = "aaaa.000.000.00";
    if (id.size != sizeof form - 1)
        return false;
    for (size_t i = 0; i < id.size; i++) {
        char byte = id.at[i];
        bool fits = form[i] == 'a'   ? byte >= 'a' && byte <= 'z'
                    : form[i] == '0' ? byte >= '0' && byte <= '9'
                                     : byte == form[i];
        if (!fits)
            return false;
    }
    return true;
}

static bool has_area(struct slice id)
{
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        if (memcmp(areas[i], id.at, AREA_SIZE) == 0)
            return true;
    }
    return false;
}

static bool has_version(struct slice id)
{
    uint64_t version = 0;
    return slice_to_u64(slice_after(id, id.size - 2), VERSION_MAX, &version) && version > 0;
}

static void look_known_message(const struct iso_rule_sight *sight)
{
    struct slice id = sight->value;
    if (!has_form(id) || iso_catalogue_find(sight->parser->options->catalogue, id) != NULL)
        return;
    if (!has_area(id))
        iso_rule_broken(sight, "\"%.*s\" is of no business area", SLICE_ARG(id));
    else if (!has_version(id))
        iso_rule_broken(sight, "\"%.*s\" is a version that no message has", SLICE_ARG(id));
}

#define CHECK(check, memory)                                                                       \
    const struct iso_rule_check iso_rule_##check = { .look = look_##check, .memory_size = memory }
CHECK(needs, sizeof(bool));
CHECK(excludes, sizeof(bool));
CHECK(same_value, sizeof(struct kept));
CHECK(once, sizeof(struct iso_text_set));
CHECK(exchange_rate, sizeof(struct rate_amounts));
CHECK(known_message, 0);
