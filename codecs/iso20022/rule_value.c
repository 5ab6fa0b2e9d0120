/* Rules about values: the same, not the same, not again, known.  Each check says
   what it makes of the paths of a case, in their order. */
#include "codecs/iso20022/parser.h"
#include "codecs/iso20022/rule_kept.h"
#include "codecs/iso20022/text_set.h"

/* A value that is once in the scope, and ones that are the same behind it. */
static void look_same_value(const struct iso_rule_sight *sight)
{
    enum { FIRST };
    struct iso_kept *first = sight->memory;
    if (sight->path == FIRST)
        iso_kept_set(first, sight);
    else if (first->text.at != NULL && !slice_equal(first->text, sight->value))
        iso_rule_broken(sight, "\"%.*s\" is not \"%.*s\"",
                        SLICE_ARG(iso_value_excerpt(sight->value)),
                        SLICE_ARG(iso_value_excerpt(first->text)));
}

/* Values that do not come again in the scope. */
static void look_once(const struct iso_rule_sight *sight)
{
    struct iso_parser *parser = sight->parser;
    const struct iso_text_set_entry *before =
        iso_text_set_add(sight->memory, sight->value,
                         iso_finding_place(parser, sight->attribute).line, &parser->arena);
    if (before != NULL)
        iso_rule_broken(sight, "\"%.*s\" as on line %u", SLICE_ARG(iso_value_excerpt(sight->value)),
                        before->line);
}

/* Pairs of paths that identify two parties: they are one when something that
   identifies both is the same, and nothing differs. */
struct parties {
    struct iso_kept values[ISO_RULE_PATH_COUNT_MAX];
    struct iso_rule_mark mark; /* of the second party */
};

static void look_other_party(const struct iso_rule_sight *sight)
{
    struct parties *parties = sight->memory;
    iso_kept_set(&parties->values[sight->path], sight);
    if (sight->path % 2 == 1 && parties->mark.route == NULL)
        iso_rule_mark(sight, &parties->mark);
}

static void end_other_party(const struct iso_rule_sight *sight)
{
    const struct parties *parties = sight->memory;
    const struct iso_kept *values = parties->values;
    bool same = false, differ = false;
    for (size_t i = 0; i < ISO_RULE_PATH_COUNT_MAX; i += 2) {
        same = same || iso_kept_equal(&values[i], &values[i + 1]);
        differ = differ || iso_kept_differ(&values[i], &values[i + 1]);
    }
    if (same && !differ)
        iso_rule_broken_at(sight, &parties->mark, "%s", "");
}

/* The id of a message whose header came before it. */
static void look_business_id(const struct iso_rule_sight *sight)
{
    const struct iso_parser *parser = sight->parser;
    struct slice says = { parser->header_id.text, parser->header_id.size };
    if (says.size > 0 && says.size < HEADER_VALUE_SIZE_MAX && !slice_equal(says, sight->value))
        iso_rule_broken(sight, "\"%.*s\" is not \"%.*s\"",
                        SLICE_ARG(iso_value_excerpt(sight->value)),
                        SLICE_ARG(iso_value_excerpt(says)));
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

const struct iso_rule_check iso_rule_same_value = { .look = look_same_value,
                                                    .memory_size = sizeof(struct iso_kept) };
const struct iso_rule_check iso_rule_once = { .look = look_once,
                                              .memory_size = sizeof(struct iso_text_set) };
const struct iso_rule_check iso_rule_other_party = { .look = look_other_party,
                                                     .end = end_other_party,
                                                     .memory_size = sizeof(struct parties) };
const struct iso_rule_check iso_rule_known_message = { .look = look_known_message };
const struct iso_rule_check iso_rule_business_id = { .look = look_business_id };
