/* Prints the declarations of all files as one file in normal form: sections in
   a fixed order, one element in a line, two blanks for each level. */
#include "codecs/fix/dictionary_tables.h"

static void write_indent(unsigned level, struct writer *writer)
{
    for (unsigned i = 0; i < level; i++)
        writer_text(writer, "  ");
}

/* Fields and values leave out what goes without saying. */
static void write_attributes(const struct declaration *declared, struct writer *writer)
{
    const struct attribute_rule *rules = declaration_rules[declared->kind].attributes;
    bool is_brief = declared->kind == DECLARED_FIELD || declared->kind == DECLARED_VALUE;
    for (size_t i = 0; i < ATTRIBUTE_COUNT_MAX && rules[i].name != NULL; i++) {
        struct slice value = declared->attributes[i];
        if (is_brief && rules[i].otherwise != NULL && slice_is(value, rules[i].otherwise))
            continue;
        writer_format(writer, " %s=\"", rules[i].name);
        xml_escape(value, writer);
        writer_char(writer, '"');
    }
}

static void write_declaration(const struct declaration *declared, unsigned level,
                              struct writer *writer)
{
    const char *tag = declaration_rules[declared->kind].tag;
    write_indent(level, writer);
    writer_format(writer, "<%s", tag);
    write_attributes(declared, writer);
    if (declared->first == NULL) {
        writer_text(writer, "/>\n");
        return;
    }
    writer_text(writer, ">\n");
    for (const struct declaration *child = declared->first; child != NULL; child = child->next)
        write_declaration(child, level + 1, writer);
    write_indent(level, writer);
    writer_format(writer, "</%s>\n", tag);
}

static void write_section(const struct declaration *root, enum declaration_kind kind,
                          struct writer *writer)
{
    for (const struct declaration *child = root->first; child != NULL; child = child->next) {
        if (child->kind == kind)
            write_declaration(child, 1, writer);
    }
}

void fix_dictionary_write(const struct fix_dictionary *dictionary, struct writer *writer)
{
    static const enum declaration_kind sections[] = { DECLARED_HEADER, DECLARED_TRAILER,
                                                      DECLARED_MESSAGES, DECLARED_COMPONENTS,
                                                      DECLARED_FIELDS };
    const struct declaration *root = dictionary->source.root;
    writer_text(writer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fix");
    write_attributes(root, writer);
    writer_text(writer, ">\n");
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        write_section(root, sections[i], writer);
    writer_text(writer, "</fix>\n");
}
