/* Shows a document to people: a line per element, indented, with its value. */
#include "codecs/base/xml.h"
#include "gateway/parties/bank_parts.h"

static void write_indent(unsigned depth, struct writer *writer)
{
    for (unsigned i = 0; i < depth + 2; i++)
        writer_text(writer, "  ");
}

static bool is_blank(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (strchr(" \t\r\n", text.at[i]) == NULL)
            return false;
    return true;
}

static void write_start(const struct xml_event *event, unsigned depth, struct writer *writer)
{
    write_indent(depth, writer);
    writer_bytes(writer, event->name);
    for (size_t i = 0; i < event->attribute_count; i++) {
        writer_char(writer, ' ');
        writer_bytes(writer, event->attributes[i].value);
    }
}

static void write_event(const struct xml_event *event, unsigned *depth, bool *open,
                        struct writer *writer)
{
    switch (event->kind) {
    case XML_EVENT_START:
        if (*open)
            writer_char(writer, '\n');
        write_start(event, (*depth)++, writer);
        *open = true;
        break;
    case XML_EVENT_TEXT:
        if (is_blank(event->text))
            break;
        writer_text(writer, " ");
        writer_bytes(writer, event->text);
        break;
    case XML_EVENT_END:
        if (*open)
            writer_char(writer, '\n');
        *open = false;
        (*depth)--;
        break;
    }
}

void outline_write(struct slice document, struct writer *writer)
{
    struct xml_reader *reader = xml_reader_new("document", &xml_limits_default);
    struct xml_event event;
    struct error error;
    unsigned depth = 0;
    bool open = false;

    xml_reader_feed(reader, document, true, &error);
    while (xml_reader_next(reader, &event))
        write_event(&event, &depth, &open, writer);
    xml_reader_free(reader);
}
