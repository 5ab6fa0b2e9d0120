/* Where in a start tag an attribute stands: libxml2 does not tell. */
#include "codecs/base/xml.h"

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static struct slice without(struct slice text, size_t size)
{
    return size < text.size ? slice_after(text, size) : (struct slice){ text.at + text.size, 0 };
}

/* The next name; *tag moves behind its value.  Empty: there is none left. */
static struct slice next_name(struct slice *tag)
{
    size_t size = 0;
    while (tag->size > 0 && is_space(tag->at[0]))
        *tag = without(*tag, 1);
    while (size < tag->size && tag->at[size] != '=' && !is_space(tag->at[size]))
        size++;
    struct slice name = { tag->at, size };
    while (size < tag->size && tag->at[size] != '"' && tag->at[size] != '\'')
        size++;
    *tag = without(*tag, size);
    const char *end = tag->size < 2 ? NULL : memchr(tag->at + 1, tag->at[0], tag->size - 1);
    *tag = without(*tag, end == NULL ? tag->size : (size_t)(end + 1 - tag->at));
    return name;
}

static bool is_declaration(struct slice name)
{
    return slice_is(name, "xmlns") || slice_starts(name, SLICE("xmlns:"));
}

/* What is between the beginning of the tag and a place in it. */
static struct place moved(struct place place, struct slice before)
{
    for (size_t i = 0; i < before.size; i++) {
        if (before.at[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if ((before.at[i] & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

struct place xml_attribute_place(const struct xml_event *event, size_t attribute)
{
    struct slice tag = event->tag, name;
    size_t size = 0;
    while (size < tag.size && !is_space(tag.at[size]))
        size++;
    tag = without(tag, size);
    do {
        name = next_name(&tag);
        if (name.size == 0)
            return event->place;
    } while (is_declaration(name) || attribute-- > 0);
    return moved(event->place, (struct slice){ event->tag.at, (size_t)(name.at - event->tag.at) });
}
