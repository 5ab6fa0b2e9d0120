/* Where a start tag begins, and where in it an attribute stands: libxml2 does not tell. */
#include "codecs/base/xml_place.h"

#include "codecs/base/charset.h"

static unsigned count_lines(struct slice text)
{
    unsigned count = 0;
    const char *at = text.at, *end = text.at + text.size;
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        count++;
    }
    return count;
}

struct slice xml_place_of_tag(struct slice bytes, struct place *place)
{
    const char *start = memrchr(bytes.at, '<', bytes.size);
    if (start == NULL)
        return SLICE_NONE;
    struct slice tag = slice_after(bytes, (size_t)(start - bytes.at));
    unsigned lines = count_lines(tag), columns = (unsigned)utf8_length(tag);
    if (lines == 0 && columns < place->column) {
        place->column -= columns;
        return tag;
    }
    const char *feed = memrchr(bytes.at, '\n', (size_t)(start - bytes.at));
    const char *line = feed == NULL ? bytes.at : feed + 1;
    place->line -= lines < place->line ? lines : 0;
    place->column = 1 + (unsigned)utf8_length((struct slice){ line, (size_t)(start - line) });
    return tag;
}

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
