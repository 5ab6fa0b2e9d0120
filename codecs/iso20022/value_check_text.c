/* What rules ask of texts: characters of a scheme, and slashes in references. */
#include "codecs/iso20022/parser.h"
#include "codecs/iso20022/pattern_step.h"

/* The characters that texts may have. */
struct alphabet {
    const char *others; /* beside digits and English letters, of ASCII */
    struct {
        uint32_t first, last;
    } ranges[8]; /* beyond ASCII; ended by one that is empty */
};

#define SWIFT_X "/-?:().,'+ "
/* All that can be printed. */
#define WIDE SWIFT_X "!#&%*=^_`{|}~\";@[\\]$><"

static const struct alphabet swift_x = { SWIFT_X, { { 0, 0 } } };
static const struct alphabet wide = { WIDE, { { 0, 0 } } };
/* Letters of Latin scripts, with their marks, and typographic punctuation. */
static const struct alphabet latin = {
    WIDE, { { 0x00a0, 0x024f }, { 0x1e00, 0x1eff }, { 0x2010, 0x2027 }, { 0x2032, 0x203a } }
};
/* Chinese characters, their punctuation, and full-width forms. */
static const struct alphabet chinese = { WIDE,
                                         { { 0x00b7, 0x00b7 },
                                           { 0x2010, 0x2027 },
                                           { 0x3000, 0x303f },
                                           { 0x3400, 0x4dbf },
                                           { 0x4e00, 0x9fff },
                                           { 0xf900, 0xfaff },
                                           { 0xff00, 0xffef } } };

static bool is_alphanumeric(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z');
}

static bool has_beyond_ascii(const struct alphabet *alphabet, uint32_t character)
{
    for (size_t i = 0; alphabet->ranges[i].last != 0; i++) {
        if (character >= alphabet->ranges[i].first && character <= alphabet->ranges[i].last)
            return true;
    }
    return false;
}

static bool has(const struct alphabet *alphabet, uint32_t character)
{
    if (character >= 0x80)
        return has_beyond_ascii(alphabet, character);
    return character != 0 &&
           (is_alphanumeric((char)character) || strchr(alphabet->others, (int)character) != NULL);
}

static void look_text(const struct iso_rule_sight *sight)
{
    const struct alphabet *alphabet = sight->rule->check->with;
    struct slice text = sight->value;
    for (size_t at = 0, before = 0; at < text.size; before = at) {
        uint32_t character;
        if (is_alphanumeric(text.at[at])) {
            at++;
            continue;
        }
        character = iso_pattern_character(text, &at);
        if (has(alphabet, character))
            continue;
        if (character < ' ' || character == 0x7f)
            iso_rule_broken(sight, "it has U+%04X", (unsigned)character);
        else
            iso_rule_broken(sight, "it has \"%.*s\"", (int)(at - before), text.at + before);
        return;
    }
}

static void look_slashes(const struct iso_rule_sight *sight)
{
    struct slice text = sight->value;
    bool outside = text.size > 0 && (text.at[0] == '/' || text.at[text.size - 1] == '/');
    if (outside || (text.size > 0 && memmem(text.at, text.size, "//", 2) != NULL))
        iso_rule_broken(sight, "\"%.*s\"", SLICE_ARG(iso_value_excerpt(text)));
}

const struct iso_rule_check iso_rule_text_swift_x = { .look = look_text, .with = &swift_x };
const struct iso_rule_check iso_rule_text_wide = { .look = look_text, .with = &wide };
const struct iso_rule_check iso_rule_text_latin = { .look = look_text, .with = &latin };
const struct iso_rule_check iso_rule_text_chinese = { .look = look_text, .with = &chinese };
const struct iso_rule_check iso_rule_slashes = { .look = look_slashes };
