/* A tree as XML.  The same tree can be written in many ways: with a prefix, with
   comments, CDATA, character references, white space, other quotes. */
#include "differential/document.h"

#include "codecs/base/charset.h"
#include "codecs/base/xml.h"

struct style {
    const char *prefix; /* "" or "p:" */
    bool indented, empty_tags;
    unsigned comments, cdata, references; /* in percent */
};

struct writing {
    struct document *document;
    struct writer *writer;
    struct style style;
};

static struct style any_style(struct document *document)
{
    bool plain = document_chance(document, 30);
    return (struct style){
        .prefix = document_chance(document, 15) ? "p:" : "",
        .indented = document_chance(document, 50),
        .empty_tags = document_chance(document, 50),
        .comments = plain ? 0 : (unsigned)document_below(document, 12),
        .cdata = plain ? 0 : (unsigned)document_below(document, 20),
        .references = plain ? 0 : (unsigned)document_below(document, 20),
    };
}

/* Markup that says nothing. */
static void write_noise(struct writing *writing)
{
    static const char *const noise[] = { "<!-- a comment -->", "<!---->", "<?target data?>",
                                         "<!-- <Document> & -->", "<?p?>" };
    if (document_chance(writing->document, writing->style.comments))
        writer_text(writing->writer, DOCUMENT_ANY(writing->document, noise));
}

static void write_reference(struct writing *writing, struct slice character)
{
    uint32_t number = (unsigned char)character.at[0];
    if (character.size > 1)
        number &= 0x7fu >> character.size;
    for (size_t i = 1; i < character.size; i++)
        number = number << 6 | ((unsigned char)character.at[i] & 0x3f);
    writer_format(writing->writer, document_chance(writing->document, 50) ? "&#%u;" : "&#x%x;",
                  number);
}

/* Line ends and tabs of an attribute, and a CR anywhere, live only as references. */
static void write_escaped(struct writing *writing, struct slice text, bool attribute)
{
    for (size_t at = 0; at < text.size;) {
        size_t size = utf8_character_size(slice_after(text, at));
        struct slice character = { text.at + at, size };
        char byte = character.at[0];
        bool kept = byte == '\r' || (attribute && (byte == '\n' || byte == '\t'));
        if (kept || document_chance(writing->document, writing->style.references))
            write_reference(writing, character);
        else if (byte == '\n' || byte == '\t')
            writer_char(writing->writer, byte);
        else
            xml_escape(character, writing->writer);
        at += size;
    }
}

static void write_text(struct writing *writing, struct slice text)
{
    bool cdata = memchr(text.at, '\r', text.size) == NULL &&
                 memmem(text.at, text.size, "]]>", 3) == NULL &&
                 document_chance(writing->document, writing->style.cdata);
    write_noise(writing);
    if (cdata) {
        writer_format(writing->writer, "<![CDATA[%.*s]]>", SLICE_ARG(text));
        return;
    }
    size_t half = text.size / 2;
    while (half < text.size && (text.at[half] & 0xc0) == 0x80)
        half++;
    write_escaped(writing, (struct slice){ text.at, half }, false);
    write_noise(writing);
    write_escaped(writing, slice_after(text, half), false);
    write_noise(writing);
}

static void write_attribute(struct writing *writing, const struct node *node)
{
    bool single = document_chance(writing->document, 30);
    if (node->attribute.at == NULL)
        return;
    struct slice name = node->type != NULL && node->type->content == ISO_AMOUNT
                            ? node->type->attribute.name
                            : SLICE("Ccy");
    single = single && memchr(node->attribute.at, '\'', node->attribute.size) == NULL;
    const char *quote = single ? "'" : "\"";
    writer_format(writing->writer, " %.*s=%s", SLICE_ARG(name), quote);
    write_escaped(writing, node->attribute, true);
    writer_text(writing->writer, quote);
}

static void write_gap(struct writing *writing, unsigned depth)
{
    write_noise(writing);
    if (writing->style.indented)
        writer_format(writing->writer, "\n%*s", (int)depth, "");
    else if (document_chance(writing->document, writing->style.references))
        writer_text(writing->writer, document_chance(writing->document, 50) ? "&#32;" : "\r\n\t");
}

/* Has something around the node another default namespace? */
static bool is_inside_foreign(const struct node *node)
{
    for (; node != NULL; node = node->parent) {
        if (node->namespace.at != NULL)
            return true;
    }
    return false;
}

static void write_open(struct writing *writing, const struct node *node, const char *prefix)
{
    struct writer *writer = writing->writer;
    struct slice namespace = writing->document->schema->namespace;
    writer_format(writer, "<%s%.*s", prefix, SLICE_ARG(node->name));
    if (node->parent == NULL)
        writer_format(writer,
                      writing->style.prefix[0] == '\0' ? " xmlns='%.*s'" : " xmlns:p='%.*s'",
                      SLICE_ARG(namespace));
    else if (node->namespace.at != NULL)
        writer_format(writer, " xmlns='%.*s'", SLICE_ARG(node->namespace));
    else if (is_inside_foreign(node->parent) && prefix[0] == '\0')
        writer_format(writer, " xmlns='%.*s'", SLICE_ARG(namespace));
    if (document_chance(writing->document, 50)) {
        write_attribute(writing, node);
        writer_bytes(writer, node->attributes);
    } else {
        writer_bytes(writer, node->attributes);
        write_attribute(writing, node);
    }
}

static void write_node(struct writing *writing, const struct node *node, unsigned depth)
{
    struct writer *writer = writing->writer;
    const char *prefix = node->namespace.at == NULL ? writing->style.prefix : "";
    writer_bytes(writer, node->front);
    write_open(writing, node, prefix);
    if (node->children == NULL && node->text.size == 0 && node->inside.size == 0 &&
        writing->style.empty_tags) {
        writer_text(writer, " />");
        return;
    }
    writer_text(writer, document_chance(writing->document, 3) ? "\n>" : ">");
    writer_bytes(writer, node->inside);
    if (node->text.at != NULL)
        write_text(writing, node->text);
    for (const struct node *child = node->children; child != NULL; child = child->next) {
        write_gap(writing, depth + 1);
        write_node(writing, child, depth + 1);
    }
    if (node->children != NULL)
        write_gap(writing, depth);
    writer_format(writer, "</%s%.*s>", prefix, SLICE_ARG(node->name));
}

void document_write(struct document *document, struct writer *writer)
{
    static const char *const prologues[] = {
        "",
        "",
        "<?xml version='1.0'?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
        "\xef\xbb\xbf",
        "<?xml version='1.0' encoding='us-ascii'?>",
        "\n<!-- first -->\n"
    };
    struct writing writing = { document, writer, any_style(document) };
    const char *prologue = DOCUMENT_ANY(document, prologues);
    size_t start = writer->used;
    writer_text(writer, prologue);
    write_node(&writing, document->root, 0);
    bool ascii = true;
    for (size_t i = start; i < writer->used; i++)
        ascii = ascii && (unsigned char)writer->at[i] < 0x80;
    if (!ascii && strstr(prologue, "us-ascii") != NULL) {
        struct slice body = arena_copy(&document->arena,
                                       slice_after(writer_slice(writer), start + strlen(prologue)));
        writer->used = start;
        writer_bytes(writer, body);
    }
    writer_text(writer, document_chance(document, 30)   ? "\n"
                        : document_chance(document, 10) ? "<!-- last -->"
                                                        : "");
}
