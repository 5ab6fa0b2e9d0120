#include "codecs/base/gb18030.h"

#include "codecs/base/charset.h"
#include "kit/kit.h"

static struct gb18030 *codec;
static struct writer utf8, text;

static int start(void **state)
{
    (void)state;
    writer_init(&utf8, 0);
    writer_init(&text, 0);
    codec = gb18030_new();
    return codec == NULL ? -1 : 0;
}

static int stop(void **state)
{
    (void)state;
    writer_fini(&utf8);
    writer_fini(&text);
    gb18030_free(codec);
    return 0;
}

/* The code of a character, as a number. */
static uint32_t code_of(uint32_t character)
{
    uint32_t code = 0;
    writer_reset(&utf8);
    writer_reset(&text);
    utf8_put(character, &utf8);
    gb18030_encode(codec, writer_slice(&utf8), &text);
    for (size_t i = 0; i < text.used; i++)
        code = code << 8 | (unsigned char)text.at[i];
    return code;
}

static void each_character_of_unicode_has_a_code_and_comes_back(void **state)
{
    bool cut;
    (void)state;
    for (uint32_t character = 0; character <= 0x10ffff; character++) {
        if (character >= 0xd800 && character <= 0xdfff)
            continue;
        uint32_t again = 0;
        code_of(character);
        struct slice code = writer_slice(&text);
        writer_reset(&utf8);
        if (gb18030_decode(codec, code, &utf8, &cut) != code.size ||
            utf8_take(writer_slice(&utf8), &again) != utf8.used || again != character)
            fail_msg("U+%04X comes back as U+%04X", (unsigned)character, (unsigned)again);
    }
}

static void each_code_of_two_bytes_is_that_of_its_character(void **state)
{
    bool cut;
    (void)state;
    for (unsigned lead = 0x81; lead <= 0xfe; lead++) {
        for (unsigned trail = 0x40; trail <= 0xfe; trail++) {
            char bytes[] = { (char)lead, (char)trail };
            struct slice code = { bytes, sizeof bytes };
            uint32_t character;
            if (trail == 0x7f)
                continue;
            writer_reset(&utf8);
            assert_int_equal(gb18030_decode(codec, code, &utf8, &cut), 2);
            assert_int_equal(utf8_take(writer_slice(&utf8), &character), utf8.used);
            assert_int_equal(code_of(character), lead << 8 | trail);
        }
    }
}

static void codes_are_those_of_the_standard(void **state)
{
    (void)state;
    assert_int_equal(code_of('A'), 'A');
    assert_int_equal(code_of(0x80), 0x81308130);
    assert_int_equal(code_of(0x20ac), 0xa2e3);
    assert_int_equal(code_of(0x4e2d), 0xd6d0);
    assert_int_equal(code_of(0xfeff), 0x84319533);
    assert_int_equal(code_of(0xffff), 0x8431a439);
    assert_int_equal(code_of(0x10000), 0x90308130);
    assert_int_equal(code_of(0x20bb7), 0x9534b235);
    assert_int_equal(code_of(0x10ffff), 0xe3329a35);
    assert_int_equal(code_of(0xfe10), 0xa6d9);
    assert_int_equal(code_of(0xe78d), 0x84318236);
    assert_int_equal(code_of(0xe816), 0xfe51);
    assert_int_equal(code_of(0x20087), 0x95329031);
}

static void assert_stops(struct slice bytes, size_t taken, bool is_cut)
{
    bool cut;
    writer_reset(&utf8);
    assert_int_equal(gb18030_decode(codec, guarded(bytes), &utf8, &cut), taken);
    assert_int_equal(cut, is_cut);
}

static void it_stops_at_what_is_no_code(void **state)
{
    (void)state;
    assert_stops(SLICE("a\x80z"), 1, false);
    assert_stops(SLICE("a\xff\xff"), 1, false);
    assert_stops(SLICE("\xd6\xd0\xd6\x20"), 2, false);
    assert_stops(SLICE("\xd6\x7f"), 0, false);
    assert_stops(SLICE("\x81\x30\x20"), 0, false);
    assert_stops(SLICE("\x81\x30\x81\x40"), 0, false);
    assert_stops(SLICE("\x84\x31\xa5\x30"), 0, false); /* behind U+FFFF */
    assert_stops(SLICE("\xe3\x32\x9a\x36"), 0, false); /* behind U+10FFFF */
    assert_stops(SLICE("\xfe\x39\xfe\x39"), 0, false);
}

static void it_says_when_a_code_is_cut(void **state)
{
    (void)state;
    assert_stops(SLICE(""), 0, false);
    assert_stops(SLICE("a\xd6"), 1, true);
    assert_stops(SLICE("\x95"), 0, true);
    assert_stops(SLICE("\x95\x34"), 0, true);
    assert_stops(SLICE("\x95\x34\xb2"), 0, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_character_of_unicode_has_a_code_and_comes_back),
        cmocka_unit_test(each_code_of_two_bytes_is_that_of_its_character),
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test(it_stops_at_what_is_no_code),
        cmocka_unit_test(it_says_when_a_code_is_cut),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
