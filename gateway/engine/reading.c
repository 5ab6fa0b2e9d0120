/* What stands in a document of a bank: parsed once for its first look, and again
   for each further map that reads it in its own way. */
#include "gateway/engine/filing.h"

#include <stdlib.h>

#define PARSE_MEMORY_MIN      1048576
#define PARSE_MEMORY_PER_BYTE 8

void parses_free(struct incoming *incoming)
{
    while (incoming->parses != NULL) {
        struct parse *parse = incoming->parses;
        incoming->parses = parse->next;
        iso_parser_free(parse->parser);
        free(parse->source);
        free(parse);
    }
}

/* own: the one reader of a further parse; NULL: all that the configuration
   has for a first look. */
static struct parse *parse_new(struct incoming *incoming, const struct shape_reader *own)
{
    const struct configuration *configuration = incoming->configuration;
    const struct config_channel *channel =
        config_channel_named(configuration->config, incoming->inbox->channel);
    struct parse *parse = memory_take(sizeof *parse);

    *parse = (struct parse){ .next = incoming->parses, .own = own };
    parse->options = (struct iso_parse_options){
        .catalogue = configuration->config->catalogue,
        .profile = channel->profile,
        .xml_limits = &channel->limits,
        .error_count_max = channel->finding_count_max,
        .memory_max = PARSE_MEMORY_MIN + PARSE_MEMORY_PER_BYTE * incoming->bytes.size,
        .readers = own == NULL ? configuration->readers : &parse->own,
        .reader_count = own == NULL ? configuration->reader_count : 1,
        .learned = configuration->learned,
    };
    parse->source = memory_take(incoming->name.size + 1);
    memcpy(parse->source, incoming->name.at, incoming->name.size);
    parse->source[incoming->name.size] = '\0';
    parse->parser = iso_parser_new(&parse->options, parse->source);
    iso_parser_feed(parse->parser, incoming->bytes);
    parse->outcome = iso_parser_end(parse->parser);
    incoming->parses = parse;
    return parse;
}

const struct parse *parse_first(struct engine *engine, struct incoming *incoming)
{
    if (incoming->configuration != engine->configuration) {
        parses_free(incoming);
        configuration_drop(incoming->configuration);
        incoming->configuration = configuration_use(engine->configuration);
        parse_new(incoming, NULL);
    }
    const struct parse *parse = incoming->parses;
    while (parse->own != NULL)
        parse = parse->next;
    return parse;
}

static const struct iso_part *parse_for(struct engine *engine, struct incoming *incoming,
                                        const struct map *map)
{
    const struct shape_reader *reader = map_reader(map);
    const struct iso_part *first = &parse_first(engine, incoming)->outcome->document;

    if (first->reader == reader)
        return first;
    for (const struct parse *parse = incoming->parses; parse != NULL; parse = parse->next)
        if (parse->own == reader)
            return &parse->outcome->document;
    return &parse_new(incoming, reader)->outcome->document;
}

/* Times without a zone are in that of the bank. */
static struct surroundings surroundings(struct engine *engine, const struct filing *filing,
                                        const struct record *record, const struct facts *facts)
{
    return (struct surroundings){
        .source = record,
        .facts = facts,
        .arena = &engine->scratch,
        .charset = CHARSET_UTF8,
        .target_charset = CHARSET_UTF8,
        .source_offset_minutes = filing->channel->utc_offset_minutes,
    };
}

void filing_read_header(struct engine *engine, struct filing *filing, const struct parse *parse)
{
    const struct iso_part *header = &parse->outcome->header;
    const struct iso_part *document = &parse->outcome->document;
    const struct config *config = engine->configuration->config;
    struct facts *facts = &filing->facts;
    struct error error;

    facts_begin(engine, facts);
    facts_channel(facts, filing->channel);
    filing->definition = document->schema == NULL ? SLICE_NONE : iso_schema_id(document->schema);
    facts->values[FACT_message] = filing->definition;
    if (header->schema == NULL || header->record_count == 0)
        return;
    const struct map *map = map_set_next(&config->maps, NULL, MAP_USE_READ_HEADER,
                                         iso_schema_shape(header->schema), SLICE_NONE);
    struct surroundings around = surroundings(engine, filing, &header->records[0], facts);

    if (map != NULL && map_reader(map) == header->reader && map_read(map, &around, facts, &error)) {
        filing->id = facts->values[FACT_header_id];
        if (filing->definition.at == NULL)
            filing->definition = facts->values[FACT_header_definition];
    }
}

/* The map reads all of the document or nothing of it: whether it applies is
   asked of the first record. */
static bool applies(struct engine *engine, struct reading *reading, const struct map *map)
{
    reading->map = map;
    reading->part = parse_for(engine, reading->incoming, map);
    if (reading->part->record_count == 0)
        return false;
    struct surroundings around =
        surroundings(engine, reading->filing, &reading->part->records[0], &reading->filing->facts);
    return map_applies(map, &around);
}

bool reading_choose(struct engine *engine, struct reading *reading)
{
    static const enum map_use uses[] = { MAP_USE_STATUS, MAP_USE_REQUEST };
    const struct config *config = engine->configuration->config;
    const struct iso_schema *schema =
        parse_first(engine, reading->incoming)->outcome->document.schema;

    for (size_t i = 0; schema != NULL && i < sizeof uses / sizeof uses[0]; i++) {
        const struct map *map = NULL;
        while ((map = map_set_next(&config->maps, map, uses[i], iso_schema_shape(schema),
                                   SLICE_NONE)) != NULL)
            if (applies(engine, reading, map))
                return true;
    }
    return false;
}

bool reading_facts(struct engine *engine, const struct reading *reading, size_t record,
                   struct facts *facts, struct error *error)
{
    *facts = reading->filing->facts;
    struct surroundings around =
        surroundings(engine, reading->filing, &reading->part->records[record], facts);

    return map_read(reading->map, &around, facts, error);
}

bool reading_check(struct engine *engine, const struct reading *reading, struct error *error)
{
    struct facts facts;

    for (size_t i = 0; i < reading->part->record_count; i++)
        if (!reading_facts(engine, reading, i, &facts, error))
            return false;
    return true;
}

bool reading_write(struct engine *engine, const struct reading *reading, const struct map *map,
                   size_t record, const struct facts *facts, enum charset charset,
                   struct writer *writer, struct error *error)
{
    const struct iso_part *part = parse_for(engine, reading->incoming, map);

    if (record >= part->record_count)
        return error_at(error, &document_without_map, PLACE_NONE,
                        "map %.*s reads the document in other parts", SLICE_ARG(map_name(map)));
    struct surroundings around =
        surroundings(engine, reading->filing, &part->records[record], facts);
    around.target_charset = charset;
    return map_write(map, &around, writer, error);
}

bool reading_rejection(struct engine *engine, struct incoming *incoming,
                       const struct filing *filing, const struct facts *facts,
                       struct translation *translation)
{
    const struct config *config = engine->configuration->config;
    const struct iso_schema *schema = parse_first(engine, incoming)->outcome->document.schema;
    const struct map *map = NULL;

    while (schema != NULL && (map = map_set_next(&config->maps, map, MAP_USE_REJECT,
                                                 iso_schema_shape(schema), SLICE_NONE)) != NULL) {
        const struct iso_part *part = parse_for(engine, incoming, map);
        if (part->record_count == 0)
            continue;
        *translation = (struct translation){
            .map = map, .around = surroundings(engine, filing, &part->records[0], facts)
        };
        if (map_applies(map, &translation->around))
            return true;
    }
    return false;
}
