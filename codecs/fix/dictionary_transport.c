/* Puts an application version on a transport: header, trailer and session
   messages are the transport's from then on. */
#include "codecs/fix/dictionary_tables.h"

static bool is_around_bodies(const struct fix_field_type *field)
{
    return field->in_header || field->in_trailer;
}

/* The next row of the table by tag. */
static void add_row(struct fix_dictionary *application, struct fix_field_type *rows, size_t *count,
                    const struct fix_field_type *field)
{
    if (fix_tag_index_add(&application->fields_by_tag, field->tag, (uint32_t)*count))
        rows[(*count)++] = *field;
}

/* Where both know a tag, the transport counts around bodies, and else the
   application; but length and data may be a pair in a session message only. */
static void join_fields(struct fix_dictionary *application, const struct fix_dictionary *transport)
{
    size_t count = 0, most = application->field_count + transport->field_count;
    struct fix_field_type *rows = arena_take_array(&application->arena, most, sizeof *rows);
    fix_tag_index_init(&application->fields_by_tag, most, &application->arena);
    for (size_t i = 0; i < transport->field_count; i++)
        if (is_around_bodies(&transport->fields[i]))
            add_row(application, rows, &count, &transport->fields[i]);
    for (size_t i = 0; i < application->field_count; i++) {
        struct fix_field_type row = application->fields[i];
        const struct fix_field_type *other = fix_dictionary_field(transport, row.tag);
        row.in_header = row.in_trailer = false;
        if (row.length_tag == 0 && other != NULL)
            row.length_tag = other->length_tag;
        add_row(application, rows, &count, &row);
    }
    for (size_t i = 0; i < transport->field_count; i++)
        add_row(application, rows, &count, &transport->fields[i]);
    application->rows = rows;
}

void fix_dictionary_ride(struct fix_dictionary *application, const struct fix_dictionary *transport)
{
    join_fields(application, transport);
    fix_dictionary_note_marks(application);
    application->transport = transport;
    application->begin_string = transport->version;
    application->header = transport->header;
    application->trailer = transport->trailer;
}
