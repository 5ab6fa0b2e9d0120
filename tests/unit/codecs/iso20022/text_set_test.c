/* Texts that come again are found, whatever they are. */
#include "kit/kit.h"

#include "codecs/iso20022/text_set.h"

#include <stdio.h>

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_UNLIMITED);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

/* The line that a text was on before; 0: it is new. */
static unsigned add(struct iso_text_set *set, struct slice text, unsigned line)
{
    const struct iso_text_set_entry *before = iso_text_set_add(set, text, line, &arena);
    return before == NULL ? 0 : before->line;
}

static void a_text_that_comes_again_names_its_first_line(void **state)
{
    struct iso_text_set set = { NULL };
    (void)state;
    assert_int_equal(add(&set, SLICE("one"), 1), 0);
    assert_int_equal(add(&set, SLICE("two"), 2), 0);
    assert_int_equal(add(&set, SLICE("one"), 3), 1);
    assert_int_equal(add(&set, SLICE("one"), 4), 1);
    assert_int_equal(add(&set, SLICE("two"), 5), 2);
}

static void beginnings_of_a_text_are_other_texts(void **state)
{
    static const char whole[] = "8a562c67-ca16-48ba-b074-65581be6f001";
    struct iso_text_set set = { NULL };
    (void)state;
    for (unsigned size = 0; size < sizeof whole; size++)
        assert_int_equal(add(&set, guarded((struct slice){ whole, size }), size + 1), 0);
    for (unsigned size = 0; size < sizeof whole; size++)
        assert_int_equal(add(&set, guarded((struct slice){ whole, size }), 99), size + 1);
}

static void a_copy_is_kept(void **state)
{
    char text[] = "abc";
    struct iso_text_set set = { NULL };
    (void)state;
    add(&set, slice_of(text), 1);
    text[0] = 'x';
    assert_int_equal(add(&set, SLICE("xbc"), 2), 0);
    assert_int_equal(add(&set, SLICE("abc"), 3), 1);
}

static void many_texts_are_told_apart(void **state)
{
    enum { COUNT = 20000 };
    char text[24];
    struct iso_text_set set = { NULL };
    (void)state;
    for (unsigned i = 1; i <= COUNT; i++) {
        snprintf(text, sizeof text, "%08u-NOTPROVIDED", i);
        assert_int_equal(add(&set, slice_of(text), i), 0);
    }
    for (unsigned i = 1; i <= COUNT; i++) {
        snprintf(text, sizeof text, "%08u-NOTPROVIDED", i);
        assert_int_equal(add(&set, slice_of(text), COUNT + 1), i);
    }
}

static size_t depth_of(const struct iso_text_set_entry *entry)
{
    if (entry == NULL)
        return 0;
    size_t one = depth_of(entry->below[0]), other = depth_of(entry->below[1]);
    return 1 + (one > other ? one : other);
}

/* Each differs from the others as late as it can. */
static void no_choice_of_texts_makes_it_deep(void **state)
{
    enum { SIZE = 40 };
    struct iso_text_set set = { NULL };
    char text[SIZE];
    (void)state;
    memset(text, 'A', SIZE);
    for (unsigned i = 0; i < 1u << 14; i++) {
        text[SIZE - 2] = (char)(1 + i / 128);
        text[SIZE - 1] = (char)(i % 128);
        assert_int_equal(add(&set, (struct slice){ text, SIZE }, 1), 0);
    }
    assert_in_range(depth_of(set.top), 15, 40);
}

static void a_million_texts_take_32_megabytes(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct iso_text_set_entry), 32);
}

static void its_memory_is_that_of_the_arena(void **state)
{
    struct arena small;
    struct iso_text_set set = { NULL };
    (void)state;
    arena_init(&small, 100);
    assert_null(iso_text_set_add(&set, SLICE("one"), 1, &small));
    for (unsigned i = 0; i < 10; i++)
        iso_text_set_add(&set, (struct slice){ "0123456789" + i, 1 }, 1, &small);
    assert_false(arena_ok(&small));
    assert_int_equal(iso_text_set_add(&set, SLICE("one"), 2, &small)->line, 1);
    arena_fini(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_comes_again_names_its_first_line),
        cmocka_unit_test(beginnings_of_a_text_are_other_texts),
        cmocka_unit_test(a_copy_is_kept),
        cmocka_unit_test(many_texts_are_told_apart),
        cmocka_unit_test(no_choice_of_texts_makes_it_deep),
        cmocka_unit_test(a_million_texts_take_32_megabytes),
        cmocka_unit_test(its_memory_is_that_of_the_arena),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
