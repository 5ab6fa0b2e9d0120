/* Maps: proved when they are loaded, carried out per message. */
#include "routing/map.h"

#include "routing/expression/convert.h"

#include <assert.h>
#include <stdlib.h>

const struct error_kind map_too_long = { "map.too-long", "the text may be too long" };
const struct error_kind map_kind_clash = { "map.kind-clash", "this can't be written there" };
const struct error_kind map_bad_source = { "map.bad-source", "no map can read from this" };
const struct error_kind map_duplicate = { "map.duplicate", "written twice" };

struct field {
    struct slice path, text;
    struct place place;
    const struct expression *expression;
    struct shape_field target;
};

struct map {
    struct arena arena;
    struct slice name, flow;
    struct place place;
    enum map_use use;
    const struct shape *source, *target;
    const struct expression *when; /* NULL: always */
    struct field *fields;
    size_t field_count;
    size_t slot_count;
    struct shape_reader *reader;
    struct shape_composer *composer;
};

/* A map while it is made. */
struct making {
    const struct map_definition *definition;
    struct map *map;
    struct scope scope;
    struct error_list *errors;
};

static struct lookup_table copy_table(const struct lookup_table *table, struct arena *arena)
{
    struct slice *keys = arena_take_array(arena, table->count, sizeof *keys);
    struct slice *values = arena_take_array(arena, table->count, sizeof *values);
    for (size_t i = 0; i < table->count; i++) {
        keys[i] = arena_copy(arena, table->keys[i]);
        values[i] = arena_copy(arena, table->values[i]);
    }
    return (struct lookup_table){ arena_copy(arena, table->name), keys, values, table->count };
}

static void open_scope(struct making *making)
{
    const struct map_definition *definition = making->definition;
    struct arena *arena = &making->map->arena;
    struct lookup_table *tables = arena_take_array(arena, definition->table_count, sizeof *tables);
    for (size_t i = 0; i < definition->table_count; i++)
        tables[i] = copy_table(&definition->tables[i], arena);
    scope_init(&making->scope, definition->source, arena);
    making->scope.each = arena_copy(arena, definition->each);
    making->scope.tables = tables;
    making->scope.table_count = definition->table_count;
}

static void compile_when(struct making *making)
{
    const struct map_definition *definition = making->definition;
    if (definition->when.at == NULL)
        return;
    making->map->when = expression_condition(definition->when, definition->when_place,
                                             &making->scope, making->errors);
}

/* "=EXPRESSION", or a constant. */
static const struct expression *compile_text(struct making *making, const struct field *field)
{
    struct place place = field->place;
    struct error error;
    if (field->text.size == 0 || field->text.at[0] != '=')
        return expression_constant(field->text, &making->scope);
    place.column++;
    place.offset++;
    const struct expression *expression =
        expression_new(slice_after(field->text, 1), place, &making->scope, &error);
    if (expression == NULL)
        error_list_add(making->errors, &error);
    return expression;
}

/* What a constant is checked against. */
struct target_check {
    const struct making *making;
    const struct field *field;
};

static void check_constant(void *context, struct slice constant, struct place place)
{
    const struct target_check *check = context;
    const struct shape *target = check->making->map->target;
    struct error error;
    if (place.source == NULL)
        place = check->field->place;
    if (!target->operations->accepts(target, &check->field->target, constant, place, &error))
        error_list_add(check->making->errors, &error);
}

static bool textual(enum shape_kind kind)
{
    return kind == SHAPE_TEXT || kind == SHAPE_CODE;
}

/* Dates, times and booleans in an expression have been checked there, and are
   in another form than the target's. */
static void check_constants(const struct making *making, const struct field *field)
{
    struct target_check check = { making, field };
    enum shape_kind kind = field->target.kind;
    if (expression_constant_text(field->expression) != NULL || textual(kind) ||
        kind == SHAPE_INTEGER || kind == SHAPE_DECIMAL)
        expression_outcomes(field->expression, check_constant, &check);
}

static void check_kind(const struct making *making, const struct field *field)
{
    struct expression_type type = expression_type(field->expression);
    if (!convert_possible(type.kind, field->target.kind))
        error_list_at(making->errors, &map_kind_clash, field->place, "%.*s is %s, %.*s is %s%s",
                      SLICE_ARG(field->path), convert_kind_name(field->target.kind),
                      SLICE_ARG(field->text), convert_kind_name(type.kind),
                      field->target.kind == SHAPE_DATE && type.kind == SHAPE_TIMESTAMP
                          ? " (date() takes the date of a time)"
                          : "");
    else if (type.repeats && !field->target.repeats)
        error_list_at(making->errors, &map_kind_clash, field->place,
                      "%.*s takes one value, %.*s may have more (first() takes one, join() all)",
                      SLICE_ARG(field->path), SLICE_ARG(field->text));
}

static void check_length(const struct making *making, const struct field *field)
{
    struct expression_type type = expression_type(field->expression);
    size_t most = field->target.length_max;
    if (!textual(type.kind) || field->target.kind != SHAPE_TEXT || most == 0 ||
        (type.length_max != 0 && type.length_max <= most))
        return;
    const char *id35 = most == 35 ? "id35(...) or " : "";
    const char *split = field->target.repeats ? "split" : "text";
    error_list_at(making->errors, &map_too_long, field->place,
                  "%.*s takes %zu characters, %.*s may have more (%s%s(..., %zu) make it fit)",
                  SLICE_ARG(field->path), most, SLICE_ARG(field->text), id35, split, most);
}

static bool check_duplicate(const struct making *making, const struct field *field,
                            struct place path_place)
{
    for (const struct field *other = making->map->fields; other < field; other++) {
        if (slice_equal(other->path, field->path))
            return error_list_at(making->errors, &map_duplicate, path_place, "%.*s",
                                 SLICE_ARG(field->path));
    }
    return true;
}

/* false: the target has no such field, or it is written already. */
static bool compile_field(struct making *making, const struct map_field *definition,
                          struct field *field)
{
    struct map *map = making->map;
    struct error error;
    *field = (struct field){ .path = arena_copy(&map->arena, definition->path),
                             .text = arena_copy(&map->arena, definition->text),
                             .place = definition->place };
    bool found = map->target->operations->find(map->target, field->path, SLICE_NONE,
                                               definition->path_place, &field->target, &error);
    if (!found)
        error_list_add(making->errors, &error);
    found = found && check_duplicate(making, field, definition->path_place);
    field->expression = compile_text(making, field);
    if (!found || field->expression == NULL)
        return found;
    check_constants(making, field);
    if (expression_constant_text(field->expression) == NULL) {
        check_kind(making, field);
        check_length(making, field);
    }
    return true;
}

/* Fields with a fault in them count as written, so that one mistake is told once. */
static void compile_fields(struct making *making)
{
    const struct map_definition *definition = making->definition;
    struct map *map = making->map;
    size_t count = definition->field_count;
    struct slice *paths = arena_take_array(&map->arena, count, sizeof *paths);
    struct place *places = arena_take_array(&map->arena, count, sizeof *places);
    bool *optional = arena_take_array(&map->arena, count, sizeof *optional);
    map->fields = arena_take_array(&map->arena, count, sizeof *map->fields);
    for (size_t i = 0; i < count; i++) {
        struct field *field = &map->fields[map->field_count];
        if (!compile_field(making, &definition->fields[i], field))
            continue;
        paths[map->field_count] = field->path;
        places[map->field_count] = definition->fields[i].path_place;
        optional[map->field_count] =
            field->expression != NULL && expression_type(field->expression).optional;
        map->field_count++;
    }
    map->composer = map->target->operations->composer(
        map->target, paths, places, optional, map->field_count, definition->place, making->errors);
}

static void make_reader(struct making *making)
{
    struct map *map = making->map;
    const struct scope *scope = &making->scope;
    map->slot_count = scope->path_count;
    if (map->source != NULL)
        map->reader = map->source->operations->reader(map->source, scope->paths, scope->path_count,
                                                      scope->each, making->errors);
}

static struct map *take_definition(const struct map_definition *definition)
{
    struct map *map = memory_take(sizeof *map);
    *map = (struct map){ .place = definition->place,
                         .use = definition->use,
                         .source = definition->source,
                         .target = definition->target };
    arena_init(&map->arena, ARENA_UNLIMITED);
    map->name = arena_copy(&map->arena, definition->name);
    map->flow = arena_copy(&map->arena, definition->flow);
    return map;
}

static size_t count_errors(const struct error_list *errors)
{
    return errors->count + errors->dropped;
}

struct map *map_new(const struct map_definition *definition, struct error_list *errors)
{
    struct making making = { .definition = definition, .errors = errors };
    size_t errors_before = count_errors(errors);
    if (definition->source != NULL && facts_is_shape(definition->source)) {
        error_list_at(errors, &map_bad_source, definition->place,
                      "facts are there for every map: from: facts");
        return NULL;
    }
    making.map = take_definition(definition);
    open_scope(&making);
    compile_when(&making);
    compile_fields(&making);
    make_reader(&making);
    scope_fini(&making.scope);
    if (count_errors(making.errors) == errors_before)
        return making.map;
    map_free(making.map);
    return NULL;
}

void map_free(struct map *map)
{
    if (map == NULL)
        return;
    if (map->reader != NULL)
        map->source->operations->reader_free(map->reader);
    if (map->composer != NULL)
        map->target->operations->composer_free(map->composer);
    arena_fini(&map->arena);
    free(map);
}

struct slice map_name(const struct map *map)
{
    return map->name;
}

enum map_use map_use(const struct map *map)
{
    return map->use;
}

struct slice map_flow(const struct map *map)
{
    return map->flow;
}

const struct shape *map_source(const struct map *map)
{
    return map->source;
}

const struct shape *map_target(const struct map *map)
{
    return map->target;
}

const struct shape_reader *map_reader(const struct map *map)
{
    return map->reader;
}

size_t map_slot_count(const struct map *map)
{
    return map->slot_count;
}

bool map_applies(const struct map *map, const struct surroundings *surroundings)
{
    return map->when == NULL || expression_holds(map->when, surroundings);
}

/* Constants are in the form of the target already, but for their charset. */
static bool to_target(const struct field *field, struct slice inside,
                      const struct surroundings *surroundings, struct slice *text,
                      struct error *error)
{
    *text = inside;
    if (expression_constant_text(field->expression) != NULL && !textual(field->target.kind))
        return true;
    return convert_out(&field->target, inside, surroundings, field->place, text, error);
}

static bool fill_slot(const struct field *field, const struct surroundings *surroundings,
                      struct value *slot, struct error *error)
{
    struct value value;
    if (!expression_evaluate(field->expression, surroundings, &value, error))
        return false;
    for (const struct value *from = &value; from != NULL && from->text.at != NULL;
         from = from->next) {
        if (slot->text.at != NULL) {
            struct value *next = arena_take(surroundings->arena, sizeof *next);
            if (next == NULL)
                return convert_no_room(field->place, error);
            slot->next = next;
            slot = next;
        }
        if (!to_target(field, from->text, surroundings, &slot->text, error))
            return false;
    }
    return true;
}

/* The error then names where it was to go, and what was to go there. */
static bool fill_record(const struct map *map, const struct surroundings *surroundings,
                        struct record *record, struct error *error)
{
    struct error inner;
    *record = record_take(surroundings->arena, map->field_count);
    for (size_t i = 0; i < record->count; i++) {
        const struct field *field = &map->fields[i];
        if (!fill_slot(field, surroundings, &record->values[i], &inner))
            return error_at(error, inner.kind, inner.place, "%.*s: %.*s: %s",
                            SLICE_ARG(field->path), SLICE_ARG(field->text), inner.detail);
    }
    return arena_ok(surroundings->arena) || convert_no_room(map->place, error);
}

bool map_write(const struct map *map, const struct surroundings *surroundings,
               struct writer *writer, struct error *error)
{
    struct record record;
    assert(!facts_is_shape(map->target));
    if (!fill_record(map, surroundings, &record, error))
        return false;
    if (map->target->operations->compose(map->composer, &record, writer, error))
        return true;
    if (error->place.source == NULL)
        error->place = map->place;
    return false;
}

static bool is_named(const struct field *field, struct slice name)
{
    struct slice path = field->path;
    return path.size >= name.size && slice_equal(slice_after(path, path.size - name.size), name) &&
           (path.size == name.size || path.at[path.size - name.size - 1] == '.');
}

struct slice map_value(const struct map *map, const struct surroundings *surroundings,
                       struct slice name)
{
    struct value value = { 0 };
    struct error error;
    for (size_t i = 0; i < map->field_count; i++)
        if (is_named(&map->fields[i], name))
            return fill_slot(&map->fields[i], surroundings, &value, &error) ? value.text
                                                                            : SLICE_NONE;
    return SLICE_NONE;
}

bool map_read(const struct map *map, const struct surroundings *surroundings, struct facts *facts,
              struct error *error)
{
    struct surroundings inside = *surroundings;
    struct record record;
    assert(facts_is_shape(map->target));
    inside.target_charset = CHARSET_UTF8;
    if (!fill_record(map, &inside, &record, error))
        return false;
    for (size_t i = 0; i < record.count; i++) {
        const struct field *field = &map->fields[i];
        if (record_get(&record, i).at != NULL &&
            !map->target->operations->accepts(map->target, &field->target, record_get(&record, i),
                                              field->place, error))
            return false;
    }
    facts_take(facts, map->composer, &record);
    return true;
}
