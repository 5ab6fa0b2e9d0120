/* Any bytes as text in GB18030, and as UTF-8 that is to become such: carried without
   loss, or refused. */
#include "codecs/base/charset.h"

#include "codecs/base/gb18030.h"
#include "fuzz/fuzz.h"

static void check_gb18030(struct slice text, struct arena *arena)
{
    struct slice utf8, again;

    if (!charset_to_utf8(CHARSET_GB18030, text, arena, &utf8))
        return;
    CHECK(utf8_valid(utf8));
    CHECK(charset_from_utf8(CHARSET_GB18030, utf8, arena, &again));
    CHECK(slice_equal(again, text));
}

static void check_utf8(struct slice utf8, struct arena *arena)
{
    struct slice text, again;
    bool valid = utf8_valid(utf8);

    CHECK(charset_from_utf8(CHARSET_GB18030, utf8, arena, &text) == valid);
    if (!valid)
        return;
    CHECK(charset_to_utf8(CHARSET_GB18030, text, arena, &again));
    CHECK(slice_equal(again, utf8));
}

/* Where the text is cut does not matter: what a code lacks is waited for. */
static void check_cuts(struct slice text)
{
    struct gb18030 *codec = gb18030_new();
    struct writer whole, parts;
    bool cut;

    if (codec == NULL)
        return;
    writer_init(&whole, 0);
    size_t taken = gb18030_decode(codec, text, &whole, &cut);
    CHECK(taken <= text.size && (taken == text.size || !cut || text.size - taken < 4));
    for (size_t at = 0; at <= taken; at += text.size / 16 + 1) {
        writer_init(&parts, 0);
        size_t first = gb18030_decode(codec, (struct slice){ text.at, at }, &parts, &cut);
        CHECK(first <= at && (first == at || cut));
        size_t second = gb18030_decode(codec, slice_after(text, first), &parts, &cut);
        CHECK(first + second == taken);
        CHECK(slice_equal(writer_slice(&parts), writer_slice(&whole)));
        writer_fini(&parts);
    }
    writer_fini(&whole);
    gb18030_free(codec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = { (const char *)data, size };
    struct arena arena;

    arena_init(&arena, ARENA_UNLIMITED);
    check_gb18030(text, &arena);
    check_utf8(text, &arena);
    check_cuts(text);
    arena_fini(&arena);
    return 0;
}
