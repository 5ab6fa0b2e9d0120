/* A map translates one message into another, or reads one into facts.

   It has the shape of its output: a tree of target fields, each with an
   expression over the source's fields and the facts.  When a map is loaded,
   what can be proved is: every path exists on both sides, every mandatory field
   is written, choices are exclusive, constants satisfy their types, texts
   cannot be longer than what they are written to (or a conversion is named). */
#ifndef PENSTOCK_ROUTING_MAP_H
#define PENSTOCK_ROUTING_MAP_H

#include "routing/expression/expression.h"

/* What the engine uses a map for; `use` in the map's file.
   MAP_USE(identifier, name, what) */
#define MAP_USES(MAP_USE)                                                                          \
    MAP_USE(REQUEST, "request", "reads what a broker or bank asks for into instruction")           \
    MAP_USE(STATUS, "status", "reads what a bank says of an instruction into status")              \
    MAP_USE(ANSWER, "answer", "reads a broker's answer to a report into answer")                   \
    MAP_USE(ORDER, "order", "writes the bank's message for a broker's request; named by a rule")   \
    MAP_USE(ACKNOWLEDGE, "acknowledge", "writes the receipt for a broker's request")               \
    MAP_USE(REPORT, "report", "writes what a broker is told of its request")                       \
    MAP_USE(ANNOUNCE, "announce", "writes what a broker is told of a bank's request")              \
    MAP_USE(REPLY, "reply", "writes what a bank is told of its request")                           \
    MAP_USE(REFUSE, "refuse", "writes the refusal of a bank's message as such")                    \
    MAP_USE(REJECT, "reject", "writes the rejection of a bank's request that is not valid")        \
    MAP_USE(HEADER, "header", "writes the business application header")                            \
    MAP_USE(READ_HEADER, "read-header", "reads a business application header into header")

enum map_use {
#define MAP_USE(identifier, name, what) MAP_USE_##identifier,
    MAP_USES(MAP_USE)
#undef MAP_USE
        MAP_USE_COUNT
};

/* A map as its editor wrote it; made by config, borrowed while map_new runs. */
struct map_field {
    struct slice path;  /* target path (codecs/shape.h) */
    struct slice text;  /* "=EXPRESSION", or a constant */
    struct place place; /* of the text */
    struct place path_place;
};

struct map_definition {
    struct slice name;
    struct place place;
    enum map_use use;
    struct slice flow;          /* absent: any */
    const struct shape *source; /* NULL: only facts are read */
    const struct shape *target;
    struct slice each; /* absent: none */
    struct slice when; /* absent: always */
    struct place when_place;
    const struct map_field *fields;
    size_t field_count;
    const struct lookup_table *tables;
    size_t table_count;
};

extern const struct error_kind map_too_long, map_kind_clash, map_duplicate, map_bad_source;

struct map;

/* NULL: errors say why, all of them.  The shapes and the names of files in
   places outlive the map. */
struct map *map_new(const struct map_definition *definition, struct error_list *errors);
void map_free(struct map *map);

struct slice map_name(const struct map *map);
enum map_use map_use(const struct map *map);
struct slice map_flow(const struct map *map);
const struct shape *map_source(const struct map *map);
const struct shape *map_target(const struct map *map);
/* Fills the source's slots; made by the source's shape.  NULL without a source. */
const struct shape_reader *map_reader(const struct map *map);
size_t map_slot_count(const struct map *map);

/* Does the map's `when` hold? */
bool map_applies(const struct map *map, const struct surroundings *surroundings);

/* Writes the target message into writer (a codec's target).  false: *error
   names the target path, the expression and what was refused. */
bool map_write(const struct map *map, const struct surroundings *surroundings,
               struct writer *writer, struct error *error);

/* What the map writes to its first field with this name ("InstrId"), wherever it is in the
   message; absent: nothing. */
struct slice map_value(const struct map *map, const struct surroundings *surroundings,
                       struct slice name);

/* Writes the target facts (a facts group as the target): those that the map
   names, to their value or to absent; others stay as they are. */
bool map_read(const struct map *map, const struct surroundings *surroundings, struct facts *facts,
              struct error *error);

/* All maps of one configuration, in the order of their files. */
struct map_set {
    struct map **at;
    size_t count, room;
};

void map_set_init(struct map_set *set);
void map_set_fini(struct map_set *set);
void map_set_add(struct map_set *set, struct map *map); /* owns it from then on */
const struct map *map_set_named(const struct map_set *set, struct slice name);
/* A map is there once for each version of FIX that has its messages: the one with this
   name that reads source and writes target.  NULL: any. */
const struct map *map_set_form(const struct map_set *set, struct slice name,
                               const struct shape *source, const struct shape *target);
/* The next map with this use, source and flow behind `after` (NULL: from the
   first).  source NULL or flow absent: any. */
const struct map *map_set_next(const struct map_set *set, const struct map *after, enum map_use use,
                               const struct shape *source, struct slice flow);

#endif
