/* Bytes that are no UTF-8, wherever they stand in a document and however it is cut. */
#include "codecs/base/writer.h"
#include "codecs/base/xml.h"
#include "kit/kit.h"

/* @: where they stand. */
static const char *const places[] = {
    "<a>x@y</a>",   "<a>x@</a>",         "<a><![CDATA[x@y]]></a>", "<a><![CDATA[@]]></a>",
    "<a b='x@y'/>", "<a><!-- @ --></a>", "<a><?p x@y?></a>",       "<a@/>",
};

static bool is_taken(struct slice document, size_t chunk_size)
{
    struct xml_reader *reader = xml_reader_new("test.xml", &xml_limits_default);
    struct xml_event event;
    struct error error;
    bool fine = true;
    for (size_t at = 0; fine && at < document.size; at += chunk_size) {
        size_t size = document.size - at < chunk_size ? document.size - at : chunk_size;
        fine = xml_reader_feed(reader, (struct slice){ document.at + at, size },
                               at + size == document.size, &error);
        while (xml_reader_next(reader, &event)) {
        }
    }
    xml_reader_free(reader);
    return fine;
}

static void assert_everywhere(struct slice bytes, bool taken)
{
    for (size_t place = 0; place < sizeof places / sizeof *places; place++) {
        struct writer document;
        writer_init(&document, 0);
        size_t before = strcspn(places[place], "@");
        writer_bytes(&document, (struct slice){ places[place], before });
        writer_bytes(&document, bytes);
        writer_text(&document, places[place] + before + 1);
        for (size_t chunk_size = 1; chunk_size <= document.used; chunk_size++)
            if (is_taken(writer_slice(&document), chunk_size) != taken)
                fail_msg("%s, %zu bytes at a time: %s", writer_slice(&document).at, chunk_size,
                         taken ? "refused" : "taken");
        writer_fini(&document);
    }
}

static void characters_are_taken_everywhere(void **state)
{
    (void)state;
    assert_everywhere(SLICE("\xc3\xa9"), true);         /* U+00E9 */
    assert_everywhere(SLICE("\xe4\xb8\xad"), true);     /* U+4E2D */
    assert_everywhere(SLICE("\xf0\xa0\xae\xb7"), true); /* U+20BB7 */
}

static void what_is_no_utf8_is_refused_everywhere(void **state)
{
    (void)state;
    assert_everywhere(SLICE("\xc1\xa2"), false);         /* overlong b */
    assert_everywhere(SLICE("\xc0\xaf"), false);         /* overlong / */
    assert_everywhere(SLICE("\xe0\x81\xa2"), false);     /* overlong b */
    assert_everywhere(SLICE("\xe0\x9f\xbf"), false);     /* overlong U+07FF */
    assert_everywhere(SLICE("\xf0\x80\x81\xa2"), false); /* overlong b */
    assert_everywhere(SLICE("\xf0\x8e\x80\x80"), false); /* overlong U+E000 */
    assert_everywhere(SLICE("\xed\xa0\x80"), false);     /* a surrogate */
    assert_everywhere(SLICE("\xf4\x90\x80\x80"), false); /* above U+10FFFF */
    assert_everywhere(SLICE("\xf8\x88\x80\x80\x80"), false);
    assert_everywhere(SLICE("\x80"), false);
    assert_everywhere(SLICE("\xc3"), false);
    assert_everywhere(SLICE("\xff"), false);
}

/* Longer than the pieces in which libxml2 tells of them. */
static void a_long_section_is_cut_between_characters(void **state)
{
    struct writer document;
    (void)state;
    writer_init(&document, 0);
    writer_text(&document, "<a><![CDATA[");
    for (unsigned i = 0; i < 300; i++)
        writer_text(&document, i % 3 == 0 ? "x\xe4\xb8\xad" : "\xf0\xa0\xae\xb7");
    writer_text(&document, "]]></a>");
    for (size_t chunk_size = 1; chunk_size <= document.used; chunk_size++)
        assert_true(is_taken(writer_slice(&document), chunk_size));
    writer_fini(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_taken_everywhere),
        cmocka_unit_test(what_is_no_utf8_is_refused_everywhere),
        cmocka_unit_test(a_long_section_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
