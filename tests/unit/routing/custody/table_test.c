#include "kit/kit.h"

#include "routing/custody/table.h"

#include <stdio.h>

struct thing {
    struct table_entry entry;
    char name[16];
};

static uint64_t hash_of(const char *name)
{
    struct slice slice = slice_of(name);
    return table_hash(&slice, 1);
}

static struct thing *find(const struct table *table, const char *name)
{
    struct table_entry *at = table_first(table, hash_of(name));
    for (; at != NULL; at = table_next(at)) {
        struct thing *thing = at->owner;
        if (strcmp(thing->name, name) == 0)
            return thing;
    }
    return NULL;
}

static void nothing_is_found_in_an_empty_table(void **state)
{
    (void)state;
    struct table table;
    table_init(&table);

    assert_null(table_first(&table, hash_of("anything")));
    table_fini(&table);
}

static void every_entry_is_found_until_it_is_removed(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static struct thing things[COUNT];
    struct table table;
    table_init(&table);
    for (int i = 0; i < COUNT; i++) {
        snprintf(things[i].name, sizeof things[i].name, "thing-%d", i);
        table_add(&table, &things[i].entry, hash_of(things[i].name), &things[i]);
    }
    for (int i = 0; i < COUNT; i += 2)
        table_remove(&table, &things[i].entry);

    assert_int_equal(table.count, COUNT / 2);
    for (int i = 0; i < COUNT; i++)
        assert_ptr_equal(find(&table, things[i].name), i % 2 == 0 ? NULL : &things[i]);
    table_fini(&table);
}

static void entries_with_one_hash_are_all_walked(void **state)
{
    (void)state;
    struct thing one = { .name = "one" }, other = { .name = "other" };
    struct table table;
    table_init(&table);
    table_add(&table, &one.entry, 7, &one);
    table_add(&table, &other.entry, 7, &other);

    struct table_entry *first = table_first(&table, 7);
    struct table_entry *second = table_next(first);
    assert_non_null(second);
    assert_ptr_not_equal(first->owner, second->owner);
    assert_null(table_next(second));
    table_fini(&table);
}

static void lists_of_parts_do_not_run_together(void **state)
{
    (void)state;
    struct slice one[] = { SLICE("ab"), SLICE("c") };
    struct slice other[] = { SLICE("a"), SLICE("bc") };

    assert_true(table_hash(one, 2) != table_hash(other, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_in_an_empty_table),
        cmocka_unit_test(every_entry_is_found_until_it_is_removed),
        cmocka_unit_test(entries_with_one_hash_are_all_walked),
        cmocka_unit_test(lists_of_parts_do_not_run_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
