/* Makes the built-in types of builtins.def. */
#include "codecs/iso20022/builtin.h"

#include <assert.h>
#include <stdlib.h>

static const struct {
    const char *name;
    enum iso_base base;
    const char *pattern, *least, *most;
} rows[] = {
#define BUILTIN(name, base, pattern, least, most) { #name, base, pattern, least, most },
#include "codecs/iso20022/builtins.def"
#undef BUILTIN
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

struct iso_builtins {
    struct iso_type types[ROW_COUNT];
    struct arena arena; /* of patterns */
};

struct iso_builtins *iso_builtins_new(void)
{
    struct iso_builtins *builtins = memory_take(sizeof *builtins);
    memset(builtins->types, 0, sizeof builtins->types);
    arena_init(&builtins->arena, ARENA_UNLIMITED);
    return builtins;
}

void iso_builtins_free(struct iso_builtins *builtins)
{
    if (builtins == NULL)
        return;
    arena_fini(&builtins->arena);
    free(builtins);
}

static void make(struct iso_builtins *builtins, size_t row)
{
    struct iso_type *type = &builtins->types[row];
    const char *fault;
    *type = (struct iso_type){ .name = slice_of(rows[row].name),
                               .content = ISO_TEXT,
                               .facets = iso_no_facets };
    type->facets.base = rows[row].base;
    type->facets.minimum = slice_of(rows[row].least);
    type->facets.maximum = slice_of(rows[row].most);
    type->facets.pattern_text = slice_of(rows[row].pattern);
    if (rows[row].pattern == NULL)
        return;
    type->facets.pattern = iso_pattern_compile(type->facets.pattern_text, &builtins->arena, &fault);
    assert(type->facets.pattern != NULL);
}

const struct iso_type *iso_builtins_find(struct iso_builtins *builtins, struct slice name)
{
    for (size_t row = 0; row < ROW_COUNT; row++) {
        if (!slice_is(name, rows[row].name))
            continue;
        if (builtins->types[row].name.at == NULL)
            make(builtins, row);
        return &builtins->types[row];
    }
    return NULL;
}
