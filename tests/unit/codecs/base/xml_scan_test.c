#include "codecs/base/xml_scan.h"

#include "kit/kit.h"

#include <stdio.h>

static const struct xml_limits small = {
    .attribute_count_max = 2,
    .name_size_max = 4,
    .name_count_max = 100,
    .text_size_max = 5,
    .markup_size_max = 20,
    .total_size_max = 1000,
};

/* Ten bytes from one tag to another are passed over. */
static const struct xml_limits roomy = {
    .attribute_count_max = 2,
    .name_size_max = 10,
    .name_count_max = 100,
    .text_size_max = 12,
    .markup_size_max = 20,
    .total_size_max = 1000,
};

/* Scans text in chunks; how many bytes were fine. */
static size_t scan_in(struct xml_scan *scan, const struct xml_limits *limits, struct slice text,
                      size_t chunk_size)
{
    size_t fine = 0;
    xml_scan_init(scan, limits);
    for (size_t at = 0; at < text.size; at += chunk_size) {
        size_t size = text.size - at < chunk_size ? text.size - at : chunk_size;
        size_t taken = xml_scan_take(scan, (struct slice){ text.at + at, size });
        fine += taken;
        if (taken < size || scan->doctype)
            break;
    }
    return fine;
}

static void assert_fine(const char *text)
{
    struct xml_scan scan;
    for (size_t chunk_size = 1; chunk_size <= strlen(text); chunk_size++) {
        assert_int_equal(scan_in(&scan, &small, slice_of(text), chunk_size), strlen(text));
        assert_int_equal(scan.over, XML_LIMIT_NONE);
        assert_false(scan.doctype);
        assert_int_equal(scan.state, XML_SCAN_TEXT);
    }
}

/* However it is cut, what is in front is fine, and no more. */
static void assert_over_of(const struct xml_limits *limits, const char *front, const char *rest,
                           enum xml_limit_name limit)
{
    char text[200];
    struct xml_scan scan;
    snprintf(text, sizeof text, "%s%s", front, rest);
    for (size_t chunk_size = 1; chunk_size <= strlen(text); chunk_size++) {
        assert_int_equal(scan_in(&scan, limits, slice_of(text), chunk_size), strlen(front));
        assert_int_equal(scan.over, limit);
    }
}

static void assert_over(const char *front, const char *rest, enum xml_limit_name limit)
{
    assert_over_of(&small, front, rest, limit);
}

static void what_is_at_its_limit_is_fine(void **state)
{
    (void)state;
    assert_fine("<a><b/></a>");
    assert_fine("<abcd></abcd>");
    assert_fine("<a b='' c=\"\"/>");
    assert_fine("<a>12345</a>");
    assert_fine("<a b='12345'/>");
    assert_fine("<a\n b = ''\t/>");
    assert_fine("<a><![CDATA[12]]></a>");
    assert_fine("<!-- 567890123456--><a/>");
    assert_fine("<?abcd 78901234567?><a/>");
}

static void what_is_over_a_limit_is_stopped_there(void **state)
{
    (void)state;
    assert_over("<a><abcd", "e></abcde></a>", XML_LIMIT_name_size_max);
    assert_over("<a><b>12345", "6</b></a>", XML_LIMIT_text_size_max);
    assert_over("<a b='' c='' d=", "''/>", XML_LIMIT_attribute_count_max);
    assert_over("<abcd", "e/>", XML_LIMIT_name_size_max);
    assert_over("<a bcde", "f=''/>", XML_LIMIT_name_size_max);
    assert_over("<?abcd", "e ?>", XML_LIMIT_name_size_max);
    assert_over("<a>12345", "6</a>", XML_LIMIT_text_size_max);
    assert_over("<a>1</a><b>12345", "6</b><c/>", XML_LIMIT_text_size_max);
    assert_over("<a/><b/>12<!-- -->345", "6<c/>", XML_LIMIT_text_size_max);
    assert_over("<a b='12345", "6'/>", XML_LIMIT_text_size_max);
    assert_over("<a>&#123", "45;</a>", XML_LIMIT_name_size_max);
    assert_over("<a>&lt;1", "2</a>", XML_LIMIT_text_size_max);
    assert_over("<a>123<![CDATA[45", "6]]></a>", XML_LIMIT_text_size_max);
    assert_over("<a>123<!-- -->45", "6</a>", XML_LIMIT_text_size_max);
    assert_over("<!-- 567890123456789", "0 -->", XML_LIMIT_markup_size_max);
    assert_over("<?ab 56789012345678?", ">", XML_LIMIT_markup_size_max);
    assert_over("<a                  ", "/>", XML_LIMIT_markup_size_max);
    assert_over("</a                 ", ">", XML_LIMIT_markup_size_max);
}

static void text_is_counted_between_tags(void **state)
{
    (void)state;
    assert_fine("<a>12345<b x='12345'>12345</b>12345</a>12345");
}

static void what_only_looks_like_markup_is_none(void **state)
{
    (void)state;
    assert_fine("<a b='>' c='<'><b/></a>");
    assert_fine("<a b='\"'></a>");
    assert_fine("<!-- <a><b><c> --><a/>");
    assert_fine("<!---> <a><b -->");
    assert_fine("<!--><a> -->");
    assert_fine("<?a <b><c><d>?>");
    assert_fine("<?a ?"
                "?>");
    assert_fine("<![CDATA[<]]]>");
    assert_fine("<!-- <!DOCTYPE -->");
    assert_fine("<a>&lt;</a>");
    assert_fine("<a>&<b/>;</a>");
}

static void a_doctype_is_seen_at_its_word(void **state)
{
    struct slice text = SLICE(" <!DOCTYPE a []><a/>");
    struct xml_scan scan;
    (void)state;
    for (size_t chunk_size = 1; chunk_size <= text.size; chunk_size++) {
        assert_int_equal(scan_in(&scan, &small, text, chunk_size), strlen(" <!DOCTYPE"));
        assert_true(scan.doctype);
    }
}

static void what_is_behind_short_tags_is_counted_as_well(void **state)
{
    (void)state;
    assert_over_of(&roomy, "<a><b>1</b><c/>2</a><d>123456789012", "3</d>", XML_LIMIT_text_size_max);
    assert_over_of(&roomy, "<a><b>1</b>12<!-- -->3456789012", "3<c/>", XML_LIMIT_text_size_max);
    assert_over_of(&roomy, "<a><b/>12<?p?>3456789012", "3<c/></a>", XML_LIMIT_text_size_max);
    assert_over_of(&roomy, "<a>1</a>2<b/><b234567890", "1/>", XML_LIMIT_name_size_max);
    assert_over_of(&roomy, "<a><b/>1<c/>2<d e='' f='' g=", "''/>", XML_LIMIT_attribute_count_max);
    assert_over_of(&roomy, "<a><b/>1<c/><!-- 567890123456789", "0 -->", XML_LIMIT_markup_size_max);
}

static void a_limit_is_named_with_its_value(void **state)
{
    struct error error;
    (void)state;
    assert_false(xml_limit_refuse(&small, XML_LIMIT_name_size_max, &error));
    assert_string_equal(
        error.detail, "a name or reference is longer than 4 bytes; raise name-size-max to take it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_at_its_limit_is_fine),
        cmocka_unit_test(what_is_over_a_limit_is_stopped_there),
        cmocka_unit_test(text_is_counted_between_tags),
        cmocka_unit_test(what_only_looks_like_markup_is_none),
        cmocka_unit_test(what_is_behind_short_tags_is_counted_as_well),
        cmocka_unit_test(a_doctype_is_seen_at_its_word),
        cmocka_unit_test(a_limit_is_named_with_its_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
