/* Texts that match a pattern: one branch of each alternative, a number of each
   atom that its quantifier allows, a character of each class. */
#include "differential/document.h"

#include "codecs/base/charset.h"
#include "codecs/iso20022/pattern.h"

#include <stdlib.h>

enum {
    MORE_COUNT_MAX = 4, /* of what has no limit, above its least number */
    TRY_COUNT_MAX = 60,
    BOUNDED_COUNT_MAX = 40,
    CHARACTER_MAX = 0x2ffff,
};

static size_t class_end(struct slice text, size_t at)
{
    for (at++; text.at[at] != ']'; at++) {
        if (text.at[at] == '\\')
            at++;
        else if (text.at[at] == '[')
            at = class_end(text, at) - 1;
    }
    return at + 1;
}

/* Behind the atom that begins here. */
static size_t atom_end(struct slice text, size_t at)
{
    unsigned char first = (unsigned char)text.at[at];
    if (first == '[')
        return class_end(text, at);
    if (first == '\\') {
        bool has_name = text.at[at + 1] == 'p' || text.at[at + 1] == 'P';
        while (has_name && text.at[at] != '}')
            at++;
        return has_name ? at + 1 : at + 2;
    }
    if (first == '(') {
        for (at++; text.at[at] != ')';)
            at = atom_end(text, at);
        return at + 1;
    }
    for (at++; at < text.size && ((unsigned char)text.at[at] & 0xc0) == 0x80;)
        at++;
    return at;
}

/* Pieces of text that can be a quantifier: how often at least and at most. */
static size_t read_quantifier(struct slice text, size_t at, size_t *least, size_t *most)
{
    char mark = '\0';
    if (at < text.size)
        mark = text.at[at];
    *least = mark == '?' || mark == '*' ? 0 : 1;
    *most = mark == '*' || mark == '+' ? *least + MORE_COUNT_MAX : 1;
    if (mark != '{')
        return at + (mark != '\0' && strchr("?*+", mark) != NULL);
    char *end;
    *least = *most = strtoul(text.at + at + 1, &end, 10);
    if (*end == ',')
        *most = end[1] == '}' ? *least + MORE_COUNT_MAX : strtoul(end + 1, &end, 10);
    if (*most > *least + BOUNDED_COUNT_MAX)
        *most = *least + BOUNDED_COUNT_MAX;
    return (size_t)((const char *)memchr(text.at + at, '}', text.size - at) - text.at) + 1;
}

static struct slice encode(uint32_t character, char *bytes)
{
    if (character < 0x80) {
        bytes[0] = (char)character;
        return (struct slice){ bytes, 1 };
    }
    size_t more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    for (size_t i = more; i > 0; i--, character >>= 6)
        bytes[i] = (char)(0x80 | (character & 0x3f));
    bytes[0] = (char)((0xff00 >> (more + 1) & 0xff) | character);
    return (struct slice){ bytes, more + 1 };
}

static bool is_xml_character(uint32_t character)
{
    return character == '\t' || character == '\n' || character == '\r' ||
           (character >= ' ' && (character < 0xd800 || character > 0xdfff) && character != 0xfffe &&
            character != 0xffff);
}

/* One that is written in the class, or next to one that is; or any of the older scripts:
   in which category a newer character is depends on the version of Unicode. */
static uint32_t likely_character(struct document *document, struct slice atom, unsigned attempt)
{
    if (attempt % 3 == 0)
        return (uint32_t)(' ' + document_below(document, 95));
    if (attempt % 3 == 1) {
        unsigned char byte = (unsigned char)atom.at[document_below(document, atom.size)];
        return byte < 0x80 ? byte + (uint32_t)document_below(document, 3) - 1 : 0x4e2d;
    }
    return (uint32_t)(document_chance(document, 50) ? 0xa0 + document_below(document, 0x180)
                                                    : 0x386 + document_below(document, 0x48));
}

static void write_of_class(struct document *document, struct slice atom, struct writer *writer)
{
    struct arena arena;
    const char *fault;
    char bytes[4];
    arena_init(&arena, ARENA_UNLIMITED);
    const struct iso_pattern *pattern = iso_pattern_compile(atom, &arena, &fault);
    uint32_t next = 0;
    for (unsigned attempt = 0; next <= CHARACTER_MAX; attempt++) {
        uint32_t character =
            attempt < TRY_COUNT_MAX ? likely_character(document, atom, attempt) : next++;
        struct slice text = encode(character, bytes);
        if (is_xml_character(character) && iso_pattern_matches(pattern, text)) {
            writer_bytes(writer, text);
            break;
        }
    }
    arena_fini(&arena);
}

static void write_alternatives(struct document *document, struct slice text, struct writer *writer);

static void write_atom(struct document *document, struct slice atom, struct writer *writer)
{
    if (atom.at[0] == '(')
        write_alternatives(document, (struct slice){ atom.at + 1, atom.size - 2 }, writer);
    else if (atom.at[0] == '[' || atom.at[0] == '\\' || atom.at[0] == '.')
        write_of_class(document, atom, writer);
    else
        writer_bytes(writer, atom);
}

static void write_branch(struct document *document, struct slice text, struct writer *writer)
{
    for (size_t at = 0; at < text.size;) {
        size_t least, most, end = atom_end(text, at);
        struct slice atom = { text.at + at, end - at };
        at = read_quantifier(text, end, &least, &most);
        size_t count = document_chance(document, 25) ? least
                       : document_chance(document, 30)
                           ? most
                           : least + document_below(document, most - least + 1);
        for (size_t i = 0; i < count; i++)
            write_atom(document, atom, writer);
    }
}

static void write_alternatives(struct document *document, struct slice text, struct writer *writer)
{
    size_t count = 1, start = 0, at = 0;
    for (; at < text.size; at = atom_end(text, at))
        count += text.at[at] == '|';
    size_t chosen = document_below(document, count);
    for (at = 0; at < text.size && (chosen > 0 || text.at[at] != '|');) {
        bool ends = text.at[at] == '|';
        at = atom_end(text, at);
        if (ends) {
            chosen--;
            start = at;
        }
    }
    write_branch(document, (struct slice){ text.at + start, at - start }, writer);
}

struct slice document_match(struct document *document, struct slice pattern)
{
    struct writer writer;
    writer_init(&writer, 0);
    write_alternatives(document, pattern, &writer);
    struct slice text = arena_copy(&document->arena, writer_slice(&writer));
    writer_fini(&writer);
    return text.at == NULL ? SLICE("") : text;
}
