#include "codecs/fix/tag_text.h"
#include "kit/kit.h"

static void a_tag_of_any_width_has_a_text(void **state)
{
    static const struct {
        uint32_t tag;
        const char *text;
    } rows[] = { { 1, "1=" },       { 35, "35=" },       { 999, "999=" },
                 { 1128, "1128=" }, { 20001, "20001=" }, { 4294967295u, "4294967295=" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fix_tag_text text = fix_tag_text_of(rows[i].tag);
        assert_slice_equal(((struct slice){ text.text, text.size }), rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_of_any_width_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
