/* Functions that cut, split and join texts (flows.md section 3: text). */
#include "codecs/base/charset.h"
#include "routing/expression/convert.h"
#include "routing/expression/function.h"

static bool control(char byte)
{
    return (unsigned char)byte < 0x20 || byte == 0x7f;
}

/* text itself when there is nothing to replace. */
static struct slice without_controls(struct slice text, struct arena *arena)
{
    size_t i = 0;
    while (i < text.size && !control(text.at[i]))
        i++;
    char *copy = i < text.size ? arena_take(arena, text.size) : NULL;
    if (copy == NULL)
        return text;
    for (i = 0; i < text.size; i++)
        copy[i] = (char)(control(text.at[i]) ? ' ' : text.at[i]);
    return (struct slice){ copy, text.size };
}

/* Its first count characters. */
static struct slice front(struct slice text, size_t count)
{
    size_t size = 0;
    while (size < text.size && count-- > 0)
        size += utf8_character_size(slice_after(text, size));
    return (struct slice){ text.at, size };
}

/* How many characters a text or a part of one may have: the last argument. */
static size_t length_max(const struct call *call)
{
    return (size_t)call->node->parts->next->number.mantissa;
}

bool function_fit(const struct call *call, struct value *result)
{
    struct slice text = call->arguments[0].text;
    if (front(text, length_max(call)).size < text.size)
        return error_at(call->error, &expression_value, call->node->place,
                        "\"%.*s\" has more than %zu characters", SLICE_ARG(text), length_max(call));
    result->text = text;
    return true;
}

bool function_text(const struct call *call, struct value *result)
{
    struct slice text = without_controls(call->arguments[0].text, call->surroundings->arena);
    result->text = front(text, length_max(call));
    return true;
}

static struct slice without_blanks_in_front(struct slice text)
{
    while (text.size > 0 && text.at[0] == ' ')
        text = slice_after(text, 1);
    return text;
}

/* The next part: up to the last blank that fits, or cut inside a word that is
   longer than a part. */
static struct slice next_part(struct slice text, size_t count)
{
    struct slice part = front(text, count);
    if (part.size == text.size || text.at[part.size] == ' ')
        return part;
    size_t end = part.size;
    while (end > 0 && part.at[end - 1] != ' ')
        end--;
    if (end > 0)
        part.size = end;
    return part;
}

static struct slice without_blanks_behind(struct slice text)
{
    while (text.size > 0 && text.at[text.size - 1] == ' ')
        text.size--;
    return text;
}

bool function_split(const struct call *call, struct value *result)
{
    struct arena *arena = call->surroundings->arena;
    struct slice rest = without_controls(call->arguments[0].text, arena);
    struct value *last = NULL;
    for (rest = without_blanks_in_front(rest); rest.size > 0;
         rest = without_blanks_in_front(rest)) {
        struct slice part = next_part(rest, length_max(call));
        struct value *value = last == NULL ? result : arena_take(arena, sizeof *value);
        if (value == NULL)
            return true; /* the caller tells that the arena ran over */
        value->text = without_blanks_behind(part);
        if (last != NULL)
            last->next = value;
        last = value;
        rest = slice_after(rest, part.size);
    }
    return true;
}

/* All the texts with so many bytes between them. */
static struct slice joined(const struct value *first, struct slice between, struct arena *arena)
{
    size_t size = 0;
    for (const struct value *value = first; value != NULL; value = value->next)
        size += value->text.size + (value->next != NULL ? between.size : 0);
    struct writer writer = convert_writer(arena, size);
    for (const struct value *value = first; value != NULL; value = value->next) {
        writer_bytes(&writer, value->text);
        if (value->next != NULL)
            writer_bytes(&writer, between);
    }
    return writer_slice(&writer);
}

bool function_join(const struct call *call, struct value *result)
{
    struct arena *arena = call->surroundings->arena;
    result->text = without_controls(joined(&call->arguments[0], SLICE(" "), arena), arena);
    return true;
}

bool function_concat(const struct call *call, struct value *result)
{
    const struct value second = { call->arguments[1].text, NULL };
    const struct value first = { call->arguments[0].text, &second };
    result->text = joined(&first, SLICE(""), call->surroundings->arena);
    return true;
}
