/* The table of facts, and groups of them as the target of maps that read. */
#include "routing/facts.h"

#include "codecs/base/charset.h"
#include "codecs/base/decimal.h"
#include "codecs/base/moment.h"

#include <stdlib.h>

enum fact_presence {
    MAYBE,
    ALWAYS,
};

struct fact_row {
    const char *name;
    size_t length_max;
    enum shape_kind kind;
    enum fact_presence presence;
};

static const struct fact_row rows[FACT_COUNT] = {
#define FACT(identifier, name, kind, length_max, presence, what)                                   \
    [FACT_##identifier] = { name, length_max, SHAPE_##kind, presence },
#include "routing/facts.def"
#undef FACT
};

static const char *const names[FACT_COUNT] = {
#define FACT(identifier, name, kind, length_max, presence, what) [FACT_##identifier] = (name),
#include "routing/facts.def"
#undef FACT
};

const struct error_kind fact_unknown = { "fact.unknown", "no such fact" };

const char *fact_name(enum fact fact)
{
    return rows[fact].name;
}

struct shape_field fact_field(enum fact fact)
{
    const struct fact_row *row = &rows[fact];
    return (struct shape_field){ .kind = row->kind,
                                 .length_max = row->length_max,
                                 .required = row->presence == ALWAYS,
                                 .iso_form = true,
                                 .handle = row };
}

bool fact_find(struct slice name, struct place place, enum fact *fact, struct error *error)
{
    for (size_t i = 0; i < FACT_COUNT; i++) {
        if (slice_is(name, rows[i].name)) {
            *fact = (enum fact)i;
            return true;
        }
    }
    return error_at(error, &fact_unknown, place, "%.*s%s", SLICE_ARG(name),
                    error_suggestion(name, names, FACT_COUNT));
}

/* "request_id" for instruction.request_id in the group instruction; NULL: it is
   of another group. */
static const char *name_in(const struct shape *shape, enum fact fact)
{
    size_t size = strlen(shape->name);
    const char *name = rows[fact].name;
    return strncmp(name, shape->name, size) == 0 && name[size] == '.' ? name + size + 1 : NULL;
}

static bool find(const struct shape *shape, struct slice path, struct slice each,
                 struct place place, struct shape_field *field, struct error *error)
{
    const char *members[FACT_COUNT];
    size_t member_count = 0;
    (void)each;
    for (size_t i = 0; i < FACT_COUNT; i++) {
        const char *member = name_in(shape, (enum fact)i);
        if (member == NULL)
            continue;
        members[member_count++] = member;
        if (slice_is(path, member)) {
            *field = fact_field((enum fact)i);
            return true;
        }
    }
    return error_at(error, &fact_unknown, place, "%s.%.*s%s", shape->name, SLICE_ARG(path),
                    error_suggestion(path, members, member_count));
}

static bool takes_text(const struct shape_field *field, struct slice text)
{
    return field->length_max == 0 || utf8_length(text) <= field->length_max;
}

/* The only closed list among the facts is that of the flows. */
static bool takes_code(const struct shape_field *field, struct slice text)
{
    static const char *const flows[] = {
#define FLOW(name) name,
        FACT_FLOWS(FLOW)
#undef FLOW
    };
    (void)field;
    for (size_t i = 0; i < sizeof flows / sizeof flows[0]; i++) {
        if (slice_is(text, flows[i]))
            return true;
    }
    return false;
}

static bool takes_decimal(const struct shape_field *field, struct slice text)
{
    struct decimal decimal;
    (void)field;
    return decimal_parse(text, DECIMAL_FIX, &decimal) == DECIMAL_OK;
}

static bool takes_integer(const struct shape_field *field, struct slice text)
{
    return memchr(text.at, '.', text.size) == NULL && takes_decimal(field, text);
}

static bool takes_boolean(const struct shape_field *field, struct slice text)
{
    (void)field;
    return slice_is(text, "true") || slice_is(text, "false");
}

static bool takes_date(const struct shape_field *field, struct slice text)
{
    struct date date;
    (void)field;
    return iso_date_parse(text, &date);
}

static bool takes_timestamp(const struct shape_field *field, struct slice text)
{
    int64_t utc_ns;
    bool has_zone;
    (void)field;
    return iso_timestamp_parse(text, &utc_ns, &has_zone) && has_zone;
}

typedef bool takes(const struct shape_field *field, struct slice text);

static takes *const takers[] = {
    [SHAPE_TEXT] = takes_text,           [SHAPE_CODE] = takes_code,
    [SHAPE_INTEGER] = takes_integer,     [SHAPE_DECIMAL] = takes_decimal,
    [SHAPE_BOOLEAN] = takes_boolean,     [SHAPE_DATE] = takes_date,
    [SHAPE_TIMESTAMP] = takes_timestamp,
};

bool fact_accepts(enum fact fact, struct slice constant, struct place place, struct error *error)
{
    const struct shape_field field = fact_field(fact);
    if (constant.size > 0 && utf8_valid(constant) && takers[field.kind](&field, constant))
        return true;
    return error_at(error, &shape_bad_constant, place, "%s can't be \"%.*s\"", rows[fact].name,
                    SLICE_ARG(constant));
}

static enum fact fact_of(const struct shape_field *field)
{
    return (enum fact)((const struct fact_row *)field->handle - rows);
}

static bool accepts(const struct shape *shape, const struct shape_field *field,
                    struct slice constant, struct place place, struct error *error)
{
    (void)shape;
    return fact_accepts(fact_of(field), constant, place, error);
}

/* Which fact each slot of a map's record is. */
struct shape_composer {
    enum fact *facts;
    size_t count;
};

static struct shape_composer *composer(const struct shape *shape, const struct slice *paths,
                                       const struct place *places, const bool *optional,
                                       size_t count, struct place whole, struct error_list *errors)
{
    struct shape_composer *made = memory_take(sizeof *made);
    size_t errors_before = errors->count + errors->dropped;
    struct shape_field field;
    struct error error;
    (void)optional;
    (void)whole;
    *made = (struct shape_composer){ memory_take(count * sizeof *made->facts), count };
    for (size_t i = 0; i < count; i++) {
        if (find(shape, paths[i], SLICE_NONE, places[i], &field, &error))
            made->facts[i] = fact_of(&field);
        else
            error_list_add(errors, &error);
    }
    if (errors->count + errors->dropped == errors_before)
        return made;
    free(made->facts);
    free(made);
    return NULL;
}

static void composer_free(struct shape_composer *made)
{
    if (made == NULL)
        return;
    free(made->facts);
    free(made);
}

/* Facts are given to a map and taken from one: no reader, nothing composed. */
static const struct shape_operations operations = {
    .find = find,
    .accepts = accepts,
    .composer = composer,
    .composer_free = composer_free,
};

static const struct shape groups[] = {
    { &operations, "instruction", NULL },
    { &operations, "status", NULL },
    { &operations, "answer", NULL },
    { &operations, "header", NULL },
};

const struct shape *facts_shape(struct slice group)
{
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (slice_is(group, groups[i].name))
            return &groups[i];
    }
    return NULL;
}

bool facts_is_shape(const struct shape *shape)
{
    return shape->operations == &operations;
}

void facts_take(struct facts *facts, const struct shape_composer *composer,
                const struct record *record)
{
    for (size_t i = 0; i < composer->count; i++)
        facts->values[composer->facts[i]] = record_get(record, i);
}
