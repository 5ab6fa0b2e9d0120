/* A kept value lies in the arena of its document; a longer one takes another place. */
#include "codecs/iso20022/rule_kept.h"

#include "codecs/iso20022/parser.h"

void iso_kept_set(struct iso_kept *kept, const struct iso_rule_sight *sight)
{
    struct slice value = sight->value;
    if (value.size > kept->room || kept->bytes == NULL) {
        char *bytes = arena_take(&sight->parser->arena, value.size);
        if (bytes == NULL)
            return;
        kept->bytes = bytes;
        kept->room = value.size;
    }
    memcpy(kept->bytes, value.at, value.size);
    kept->text = (struct slice){ kept->bytes, value.size };
}

void iso_kept_clear(struct iso_kept *kept)
{
    kept->text = SLICE_NONE;
}

static bool both(const struct iso_kept *one, const struct iso_kept *other)
{
    return one->text.at != NULL && other->text.at != NULL;
}

bool iso_kept_equal(const struct iso_kept *one, const struct iso_kept *other)
{
    return both(one, other) && slice_equal(one->text, other->text);
}

bool iso_kept_differ(const struct iso_kept *one, const struct iso_kept *other)
{
    return both(one, other) && !slice_equal(one->text, other->text);
}
