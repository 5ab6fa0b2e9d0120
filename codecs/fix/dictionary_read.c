/* Reads the XML of a dictionary file into the tree of declarations. */
#include "codecs/fix/dictionary_source.h"

#include <assert.h>

enum {
    DEPTH_MAX = 64,
    CHUNK_SIZE = 16384,
};

struct reading {
    struct dictionary_source *source;
    struct error_list *errors;
    struct declaration *open[DEPTH_MAX]; /* the elements around the next event */
    size_t depth;
    size_t skipped; /* elements open below one that was refused */
};

static void start_element(struct reading *reading, const struct xml_event *event)
{
    struct declaration *parent = reading->depth == 0 ? NULL : reading->open[reading->depth - 1];
    struct declaration *declared = NULL;
    if (reading->skipped == 0)
        declared = dictionary_source_declare(reading->source, parent, event, reading->errors);
    if (declared == NULL)
        reading->skipped++;
    else
        reading->open[reading->depth++] = declared;
}

static void end_element(struct reading *reading)
{
    if (reading->skipped > 0)
        reading->skipped--;
    else
        reading->depth--;
}

static void drain(struct reading *reading, struct xml_reader *reader)
{
    struct xml_event event;
    while (xml_reader_next(reader, &event)) {
        if (event.kind == XML_EVENT_START)
            start_element(reading, &event);
        else if (event.kind == XML_EVENT_END)
            end_element(reading);
    }
}

bool dictionary_source_read(struct dictionary_source *source,
                            const struct fix_dictionary_file *file, struct error_list *errors)
{
    struct reading reading = { .source = source, .errors = errors };
    struct xml_limits limits = xml_limits_default;
    struct error error;
    struct slice rest = file->xml;
    size_t errors_before = errors->count + errors->dropped;
    bool well_formed = true;
    limits.depth_max = DEPTH_MAX;
    struct xml_reader *reader = xml_reader_new(file->source, &limits);
    do {
        size_t size = rest.size < CHUNK_SIZE ? rest.size : CHUNK_SIZE;
        well_formed =
            xml_reader_feed(reader, (struct slice){ rest.at, size }, size == rest.size, &error);
        drain(&reading, reader);
        rest = slice_after(rest, size);
    } while (well_formed && rest.size > 0);
    xml_reader_free(reader);
    if (!well_formed)
        error_list_add(errors, &error);
    return errors->count + errors->dropped == errors_before;
}
