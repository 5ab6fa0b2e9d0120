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
    arena_init(&builtins->arena, ARENA_UNLIMITED);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct iso_type *type = &builtins->types[i];
        const char *fault;
        *type = (struct iso_type){ .name = slice_of(rows[i].name),
                                   .content = ISO_TEXT,
                                   .facets = iso_no_facets };
        type->facets.base = rows[i].base;
        type->facets.minimum = slice_of(rows[i].least);
        type->facets.maximum = slice_of(rows[i].most);
        type->facets.pattern_text = slice_of(rows[i].pattern);
        if (rows[i].pattern == NULL)
            continue;
        type->facets.pattern =
            iso_pattern_compile(type->facets.pattern_text, &builtins->arena, &fault);
        assert(type->facets.pattern != NULL);
    }
    return builtins;
}

void iso_builtins_free(struct iso_builtins *builtins)
{
    if (builtins == NULL)
        return;
    arena_fini(&builtins->arena);
    free(builtins);
}

const struct iso_type *iso_builtins_find(const struct iso_builtins *builtins, struct slice name)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (slice_equal(builtins->types[i].name, name))
            return &builtins->types[i];
    }
    return NULL;
}
