/* The same rows as text and as JSON. */
#include "kit/kit.h"

#include "gateway/engine/listing.h"

static void write_all(struct writer *writer, bool json)
{
    struct listing listing;

    listing_init(&listing, writer, json);
    listing_section(&listing, "things", LISTING_TABLE);
    for (unsigned i = 0; i < 2; i++) {
        listing_row(&listing);
        listing_text(&listing, "name", i == 0 ? SLICE("a\001\"b\"\tc") : SLICE_NONE);
        listing_number(&listing, "count", i);
        listing_row_end(&listing);
    }
    listing_section_end(&listing);
    listing_section(&listing, "card", LISTING_CARD);
    listing_row(&listing);
    listing_text(&listing, "present", SLICE("yes"));
    listing_text(&listing, "absent", SLICE_NONE);
    listing_row_end(&listing);
    listing_section_end(&listing);
    listing_section(&listing, "nothing", LISTING_TABLE);
    listing_section_end(&listing);
    listing_fini(&listing);
}

static void text_is_for_people(void **state)
{
    (void)state;
    struct writer writer;

    writer_init(&writer, 0);
    write_all(&writer, false);
    assert_slice_equal(writer_slice(&writer), "name\tcount\na|\"b\" c\t0\n-\t1\n"
                                              "\ncard\npresent: yes\n\nnothing\n");
    writer_fini(&writer);
}

static void json_is_for_programs(void **state)
{
    (void)state;
    struct writer writer;

    writer_init(&writer, 0);
    write_all(&writer, true);
    assert_slice_equal(writer_slice(&writer),
                       "{\"things\":[{\"name\":\"a\\u0001\\\"b\\\"\\u0009c\",\"count\":0},"
                       "{\"count\":1}],\"card\":[{\"present\":\"yes\"}],\"nothing\":[]}\n");
    writer_fini(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_for_people),
        cmocka_unit_test(json_is_for_programs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
