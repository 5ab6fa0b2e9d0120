/* Puts variables of the environment into values. */
#include "config/variable.h"

#include "codecs/base/charset.h"
#include "config/config.h"

#include <stdlib.h>

static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        char byte = name.at[i];
        bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_';
        if (!letter && (i == 0 || byte < '0' || byte > '9'))
            return false;
    }
    return name.size > 0;
}

/* "NAME" or "NAME:-default": what stands for it; absent: nothing, and the
   errors say why. */
static struct slice look_up(struct slice inside, struct place place,
                            const struct yaml_reading *reading)
{
    const char *mark = memmem(inside.at, inside.size, ":-", 2);
    struct slice name = inside;
    if (mark != NULL)
        name.size = (size_t)(mark - inside.at);
    struct slice value = SLICE_NONE;
    if (!is_name(name)) {
        error_list_at(reading->errors, &config_variable, place,
                      "\"%.*s\" is no name: ${NAME} or ${NAME:-default}", SLICE_ARG(inside));
        return value;
    }
    value = slice_of(getenv(arena_copy(reading->arena, name).at));
    if (value.size == 0 && mark != NULL)
        value = slice_after(inside, name.size + 2);
    if (value.at == NULL)
        error_list_at(reading->errors, &config_variable, place,
                      "%.*s is not set, and no default is given", SLICE_ARG(name));
    else if (!utf8_valid(value)) {
        error_list_at(reading->errors, &config_variable, place, "%.*s is not UTF-8",
                      SLICE_ARG(name));
        value = SLICE_NONE;
    }
    if (value.at != NULL && reading->variables != NULL)
        writer_format(reading->variables, "%.*s=%.*s\n", SLICE_ARG(name), SLICE_ARG(value));
    return value;
}

/* The offset of the next "${" in text; its size: none. */
static size_t find_opening(struct slice text)
{
    const char *opening = memmem(text.at, text.size, "${", 2);
    return opening == NULL ? text.size : (size_t)(opening - text.at);
}

static bool expand_into(struct writer *writer, struct slice text, struct place place,
                        const struct yaml_reading *reading)
{
    bool good = true;
    while (text.size > 0) {
        size_t plain = find_opening(text);
        writer_bytes(writer, (struct slice){ text.at, plain });
        text = slice_after(text, plain);
        place.column += (unsigned)plain;
        place.offset += plain;
        if (text.size == 0)
            break;
        const char *closing = memchr(text.at, '}', text.size);
        if (closing == NULL)
            return error_list_at(reading->errors, &config_variable, place, "${ without a }");
        struct slice inside = { text.at + 2, (size_t)(closing - text.at) - 2 };
        struct slice value = look_up(inside, place, reading);
        if (value.at == NULL)
            good = false;
        else
            writer_bytes(writer, value);
        text = slice_after(text, inside.size + 3);
        place.column += (unsigned)inside.size + 3;
        place.offset += inside.size + 3;
    }
    return good;
}

bool variable_expand(struct slice *text, struct place place, const struct yaml_reading *reading)
{
    struct writer writer;
    if (find_opening(*text) == text->size)
        return true;
    writer_init(&writer, 0);
    bool good = expand_into(&writer, *text, place, reading);
    *text = arena_copy(reading->arena, writer_slice(&writer));
    writer_fini(&writer);
    return good;
}
