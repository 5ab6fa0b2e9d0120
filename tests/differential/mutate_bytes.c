/* Changes of what is written, blind to what it says. */
#include "differential/mutate.h"

static void replace(struct document *document, struct writer *xml, size_t from, size_t to,
                    struct slice text)
{
    struct slice rest = arena_copy(&document->arena, slice_after(writer_slice(xml), to));
    xml->used = from;
    writer_bytes(xml, text);
    writer_bytes(xml, rest);
}

static size_t anywhere(struct document *document, const struct writer *xml)
{
    return document_below(document, xml->used);
}

static void insert(struct document *document, struct writer *xml, struct slice text)
{
    size_t at = anywhere(document, xml);
    replace(document, xml, at, at, text);
}

void truncate_bytes(struct document *document, struct writer *xml)
{
    xml->used = document_chance(document, 30) && xml->used > 3
                    ? xml->used - 1 - document_below(document, 3)
                    : anywhere(document, xml);
}

void flip_bit(struct document *document, struct writer *xml)
{
    size_t at = anywhere(document, xml);
    unsigned byte = (unsigned char)xml->at[at];
    xml->at[at] = (char)(byte ^ 1u << document_below(document, 8));
}

void break_encoding(struct document *document, struct writer *xml)
{
    static const char *const bytes[] = { "\x80",
                                         "\xc0\x80",
                                         "\xc3",
                                         "\xe4\xb8",
                                         "\xed\xa0\x80",
                                         "\xf4\x90\x80\x80",
                                         "\xf8\x88\x80\x80\x80",
                                         "\xff",
                                         "\xe0\x80\xaf",
                                         "\xfe\xff" };
    insert(document, xml, slice_of(DOCUMENT_ANY(document, bytes)));
}

void add_illegal(struct document *document, struct writer *xml)
{
    static const struct slice characters[] = { { "\0", 1 },           { "\x01", 1 },
                                               { "\x0b", 1 },         { "\x1f", 1 },
                                               { "\x7f", 1 },         { "\xef\xbf\xbe", 3 },
                                               { "\xef\xbf\xbf", 3 }, { "\xc2\x80", 2 } };
    insert(document, xml, DOCUMENT_ANY(document, characters));
}

void add_reference(struct document *document, struct writer *xml)
{
    static const char *const references[] = {
        "&nothing;", "&#0;", "&#x1f;", "&#xd800;", "&#xffff;", "&#x110000;", "&#99999999999;", "&",
        "&#;",       "&#x;", "&amp",   "&lt;",     "&#65;",    "&#x41;",     "&apos;"
    };
    insert(document, xml, slice_of(DOCUMENT_ANY(document, references)));
}

void add_markup(struct document *document, struct writer *xml)
{
    static const char *const markup[] = { "<",
                                          ">",
                                          "]]>",
                                          "<!-- -- -->",
                                          "<!--",
                                          "<![CDATA[x]]>",
                                          "<![CDATA[",
                                          "<a>",
                                          "</a>",
                                          "<a/>",
                                          "<?xml version='1.0'?>",
                                          "<?XML?>",
                                          "<?\?>",
                                          "<p:q/>",
                                          "<a b='1' b='2'/>",
                                          "<a b=1/>",
                                          "<a xmlns:p=''/>",
                                          "<a p:b='1'/>",
                                          "<:a/>",
                                          "<a:/>",
                                          "<a:b:c/>",
                                          "</>",
                                          "<1/>",
                                          "<!a>",
                                          "\"",
                                          "'",
                                          "=",
                                          "<a xmlns:p='urn:p' xmlns:q='urn:p' p:b='1' q:b='2'/>",
                                          "<x xmlns:xml='urn:x'/>",
                                          "<xmlns:x/>" };
    insert(document, xml, slice_of(DOCUMENT_ANY(document, markup)));
}

void drop_byte(struct document *document, struct writer *xml)
{
    size_t at = anywhere(document, xml);
    replace(document, xml, at, at + 1, SLICE(""));
}

void change_prologue(struct document *document, struct writer *xml)
{
    static const char *const prologues[] = {
        "<?xml version='1.0' encoding='ISO-8859-1'?>",
        "<?xml version='1.0' encoding='UTF-16'?>",
        "<?xml version='1.0' encoding='GB18030'?>",
        "<?xml version='1.0' encoding='none'?>",
        "<?xml version='1.1'?>",
        "<?xml version='2.0'?>",
        "<?xml encoding='UTF-8'?>",
        "<?xml version='1.0'>",
        "<?xml version='1.0' standalone='maybe'?>",
        "<!DOCTYPE Document>",
        "<!DOCTYPE Document [<!ENTITY e 'x'>]>",
        "<!DOCTYPE Document SYSTEM 'nowhere.dtd'>",
        "\xef\xbb\xbf\xef\xbb\xbf",
        "\xff\xfe",
        " <?xml version='1.0'?>",
        "text",
        "<!-- c --><?p?>\n",
    };
    const char *root = memmem(xml->at, xml->used, "<Document", 9);
    if (root == NULL)
        root = memmem(xml->at, xml->used, "<p:Document", 11);
    if (root != NULL)
        replace(document, xml, 0, (size_t)(root - xml->at),
                slice_of(DOCUMENT_ANY(document, prologues)));
}

void add_behind(struct document *document, struct writer *xml)
{
    static const struct slice texts[] = { { "x", 1 },
                                          { "<a/>", 4 },
                                          { "<!-- c -->", 10 },
                                          { "<?p?>", 5 },
                                          { "\0", 1 },
                                          { "&#32;", 5 },
                                          { "<![CDATA[]]>", 12 },
                                          { " \n\t", 3 },
                                          { "</Document>", 11 },
                                          { "\xef\xbb\xbf", 3 } };
    writer_bytes(xml, DOCUMENT_ANY(document, texts));
}
