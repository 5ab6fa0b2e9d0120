#include "routing/map.h"

#include "kit/fake_shape.h"
#include "kit/kit.h"

static const struct fake_field fields[] = { { "Id", { .kind = SHAPE_TEXT }, NULL, false } };

struct fixture {
    struct fake_message *one, *other;
    struct map_set set;
};

static void add(struct fixture *fixture, const char *name, enum map_use use,
                const struct shape *source, const char *flow)
{
    const struct map_definition definition = { .name = slice_of(name),
                                               .use = use,
                                               .flow = slice_of(flow),
                                               .source = source,
                                               .target = &fixture->one->shape };
    struct error_list errors;
    error_list_init(&errors, 0);
    map_set_add(&fixture->set, map_new(&definition, &errors));
    assert_int_equal(errors.count, 0);
    error_list_fini(&errors);
}

static int setup(void **state)
{
    static struct fixture fixture;
    fixture.one = FAKE_MESSAGE("One", fields);
    fixture.other = FAKE_MESSAGE("Other", fields);
    map_set_init(&fixture.set);
    const struct shape *one = &fixture.one->shape, *other = &fixture.other->shape;
    add(&fixture, "a", MAP_USE_REQUEST, one, "withdrawal");
    add(&fixture, "b", MAP_USE_STATUS, one, NULL);
    add(&fixture, "c", MAP_USE_REQUEST, other, NULL);
    add(&fixture, "d", MAP_USE_REQUEST, one, "deposit");
    add(&fixture, "e", MAP_USE_REQUEST, NULL, NULL);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    map_set_fini(&fixture->set);
    fake_message_free(fixture->one);
    fake_message_free(fixture->other);
    return 0;
}

static void assert_found(const struct fixture *fixture, enum map_use use,
                         const struct shape *source, const char *flow, const char *expected)
{
    char found[16] = "";
    const struct map *map = NULL;
    while ((map = map_set_next(&fixture->set, map, use, source, slice_of(flow))) != NULL)
        strncat(found, map_name(map).at, map_name(map).size);
    assert_string_equal(found, expected);
}

static void maps_are_found_by_use_source_and_flow_in_order(void **state)
{
    const struct fixture *fixture = *state;
    const struct shape *one = &fixture->one->shape, *other = &fixture->other->shape;
    assert_found(fixture, MAP_USE_REQUEST, NULL, NULL, "acde");
    assert_found(fixture, MAP_USE_REQUEST, one, NULL, "ad");
    assert_found(fixture, MAP_USE_REQUEST, one, "deposit", "d");
    assert_found(fixture, MAP_USE_REQUEST, NULL, "deposit", "cde");
    assert_found(fixture, MAP_USE_REQUEST, other, "deposit", "c");
    assert_found(fixture, MAP_USE_STATUS, one, "withdrawal", "b");
    assert_found(fixture, MAP_USE_ANSWER, NULL, NULL, "");
}

static void a_map_is_found_by_name(void **state)
{
    const struct fixture *fixture = *state;
    assert_ptr_equal(map_set_named(&fixture->set, SLICE("c")), fixture->set.at[2]);
    assert_null(map_set_named(&fixture->set, SLICE("f")));
    assert_null(map_set_named(&fixture->set, SLICE("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(maps_are_found_by_use_source_and_flow_in_order, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_map_is_found_by_name, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
