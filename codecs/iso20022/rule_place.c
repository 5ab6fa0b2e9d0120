/* The words by which value rules name the places that they look at. */
#include "codecs/iso20022/rule.h"

static bool fits(struct slice text, struct slice form)
{
    while (form.size > 0 && form.at[0] != '*') {
        if (text.size == 0 || text.at[0] != form.at[0])
            return false;
        text = slice_after(text, 1);
        form = slice_after(form, 1);
    }
    if (form.size == 0)
        return text.size == 0;
    form = slice_after(form, 1);
    for (size_t i = 0; i <= text.size; i++) {
        if (fits(slice_after(text, i), form))
            return true;
    }
    return false;
}

struct slice iso_type_plain_name(const struct iso_type *type)
{
    const char *mark = memmem(type->name.at, type->name.size, "__", 2);
    return mark == NULL ? type->name
                        : (struct slice){ type->name.at, (size_t)(mark - type->name.at) };
}

static bool has_type(const struct iso_rule_place *place, struct slice form)
{
    if (place->attribute != NULL)
        return fits(iso_type_plain_name(place->attribute->type), form);
    const struct iso_type *type = place->element->type;
    return fits(iso_type_plain_name(type), form) ||
           (type->content == ISO_AMOUNT && fits(iso_type_plain_name(type->base), form));
}

static bool is_beside(const struct iso_rule_place *place, struct slice attribute)
{
    const struct iso_type *type = place->element->type;
    return place->attribute == NULL && type->content == ISO_AMOUNT &&
           slice_equal(type->attribute.name, attribute);
}

/* "Clearing*.MmbId" or ".MmbId" */
static bool has_element(const struct iso_rule_place *place, struct slice word, const char *point)
{
    struct slice parent = { word.at, (size_t)(point - word.at) };
    return fits(place->element->name, slice_after(word, parent.size + 1)) &&
           (parent.size == 0 || fits(iso_type_plain_name(place->parent), parent));
}

static bool is_named(const struct iso_rule_place *place, struct slice word)
{
    const char *at = memchr(word.at, '@', word.size);
    struct slice element = { word.at, at == NULL ? word.size : (size_t)(at - word.at) };
    const char *point = memchr(element.at, '.', element.size);
    if (at != NULL && slice_is(element, "beside"))
        return is_beside(place, slice_after(word, element.size + 1));
    if (at != NULL)
        return place->attribute != NULL &&
               slice_equal(place->attribute->name, slice_after(word, element.size + 1)) &&
               (point == NULL || has_element(place, element, point));
    if (point != NULL)
        return place->attribute == NULL && has_element(place, element, point);
    return has_type(place, word);
}

/* Most elements differ from a word in their first letter already. */
static bool may_be_named(const struct iso_rule_place *place, const char *word)
{
    return word[0] != '.' || word[1] == '*' || word[1] == place->element->name.at[0];
}

bool iso_rule_place_is(const struct iso_rule_place *place, const char *words)
{
    bool found = false, exception = false;
    while (*words != '\0') {
        const char *end = strchrnul(words, ' ');
        struct slice word = { words, (size_t)(end - words) };
        if (slice_equal(word, SLICE("but")))
            exception = true;
        else if (found == exception && may_be_named(place, words) && is_named(place, word))
            found = !exception;
        if (exception && !found)
            return false;
        words = *end == ' ' ? end + 1 : end;
    }
    return found;
}
