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

/* A guideline that makes the type X tighter calls it X__1. */
static struct slice plain_name(const struct iso_type *type)
{
    const char *mark = memmem(type->name.at, type->name.size, "__", 2);
    return mark == NULL ? type->name
                        : (struct slice){ type->name.at, (size_t)(mark - type->name.at) };
}

static bool has_type(const struct iso_rule_place *place, struct slice form)
{
    if (place->attribute != NULL)
        return fits(plain_name(place->attribute->type), form);
    const struct iso_type *type = place->element->type;
    return fits(plain_name(type), form) ||
           (type->content == ISO_AMOUNT && fits(plain_name(type->base), form));
}

static bool is_beside(const struct iso_rule_place *place, struct slice attribute)
{
    const struct iso_type *type = place->element->type;
    return place->attribute == NULL && type->content == ISO_AMOUNT &&
           slice_equal(type->attribute.name, attribute);
}

static bool is_named(const struct iso_rule_place *place, struct slice word)
{
    const struct slice beside = SLICE("beside@");
    if (word.at[0] == '@')
        return place->attribute != NULL &&
               slice_equal(place->attribute->name, slice_after(word, 1));
    if (slice_starts(word, beside))
        return is_beside(place, slice_after(word, beside.size));
    const char *point = memchr(word.at, '.', word.size);
    if (point == NULL)
        return has_type(place, word);
    struct slice parent = { word.at, (size_t)(point - word.at) };
    return place->attribute == NULL &&
           slice_equal(place->element->name, slice_after(word, parent.size + 1)) &&
           (parent.size == 0 || fits(plain_name(place->parent), parent));
}

bool iso_rule_place_is(const struct iso_rule_place *place, const char *words)
{
    bool found = false;
    while (*words != '\0') {
        struct slice word = { words, strcspn(words, " ") };
        words += word.size + strspn(words + word.size, " ");
        if (word.at[0] != '-')
            found = found || is_named(place, word);
        else if (is_named(place, slice_after(word, 1)))
            return false;
    }
    return found;
}
