/* libxml2 judges a tree; where it objects for a reason that is listed, the place is
   written in a form that it takes and the tree is judged again. */
#include "differential/oracle.h"

#include "codecs/base/arena.h"
#include "codecs/iso20022/lexical.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>

#define SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

enum { MEND_COUNT_MAX = 400 };

struct oracle {
    xmlSchemaPtr schema;
    xmlSchemaValidCtxtPtr validator;
    xmlNodePtr place; /* of the first objection; NULL: there is none, or it has no place */
    int code;
    bool is_of_attribute; /* of the place, not of its content */
    char fault[200];
};

static void be_silent(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

static void note_fault(void *context, xmlErrorPtr fault)
{
    struct oracle *oracle = context;
    if (fault->level < XML_ERR_ERROR || oracle->fault[0] != '\0')
        return;
    oracle->place = fault->node;
    oracle->code = fault->code;
    oracle->is_of_attribute =
        fault->message != NULL && strstr(fault->message, "', attribute '") != NULL;
    snprintf(oracle->fault, sizeof oracle->fault, "line %d: %s", fault->line,
             fault->message == NULL ? "?" : fault->message);
}

struct oracle *oracle_new(struct slice xsd)
{
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(xsd.at, (int)xsd.size);
    xmlSchemaSetParserErrors(parser, be_silent, be_silent, NULL);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (schema == NULL)
        return NULL;
    struct oracle *oracle = memory_take(sizeof *oracle);
    *oracle = (struct oracle){ .schema = schema, .validator = xmlSchemaNewValidCtxt(schema) };
    xmlSchemaSetValidStructuredErrors(oracle->validator, (xmlStructuredErrorFunc)note_fault,
                                      oracle);
    return oracle;
}

void oracle_free(struct oracle *oracle)
{
    if (oracle == NULL)
        return;
    xmlSchemaFreeValidCtxt(oracle->validator);
    xmlSchemaFree(oracle->schema);
    free(oracle);
}

static bool judge_tree(struct oracle *oracle, xmlDocPtr tree)
{
    oracle->place = NULL;
    oracle->code = 0;
    oracle->fault[0] = '\0';
    return xmlSchemaValidateDoc(oracle->validator, tree) == 0;
}

/* NULL: it is not well-formed. */
static xmlDocPtr read_tree(struct slice xml, struct oracle_verdict *verdict)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    xmlDocPtr tree = xmlCtxtReadMemory(parser, xml.at, (int)xml.size, "x", NULL,
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    verdict->well_formed = tree != NULL;
    verdict->namespace_well_formed = parser->nsWellFormed != 0;
    const xmlError *last = xmlCtxtGetLastError(parser);
    if (tree == NULL)
        snprintf(verdict->fault, sizeof verdict->fault, "not well-formed: %s",
                 last == NULL ? "" : last->message);
    xmlFreeParserCtxt(parser);
    return tree;
}

struct oracle_verdict oracle_judge(struct oracle *oracle, struct slice xml)
{
    struct oracle_verdict verdict = { .valid = false };
    xmlDocPtr tree = read_tree(xml, &verdict);
    if (tree == NULL)
        return verdict;
    verdict.valid = judge_tree(oracle, tree);
    if (!verdict.valid)
        snprintf(verdict.fault, sizeof verdict.fault, "%s", oracle->fault);
    xmlFreeDoc(tree);
    return verdict;
}

static struct slice trimmed(struct slice text)
{
    while (text.size > 0 && iso_lexical_space(text.at[0]))
        text = slice_after(text, 1);
    while (text.size > 0 && iso_lexical_space(text.at[text.size - 1]))
        text.size--;
    return text;
}

/* Does libxml2 say that the text is no value of its type? */
static bool is_about_value(const struct oracle *oracle)
{
    return !oracle->is_of_attribute && oracle->code >= XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1 &&
           oracle->code <= XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3;
}

static size_t digits_at(struct slice text, size_t at)
{
    size_t count = 0;
    while (at + count < text.size && text.at[at + count] >= '0' && text.at[at + count] <= '9')
        count++;
    return count;
}

/* Writes the text again without size bytes at `at`. */
static void cut(xmlNodePtr element, struct slice text, size_t at, size_t size)
{
    char *shorter = memory_take(text.size - size + 1);
    memcpy(shorter, text.at, at);
    memcpy(shorter + at, text.at + at + size, text.size - at - size);
    shorter[text.size - size] = '\0';
    xmlNodeSetContent(element, NULL);
    xmlNodeAddContent(element, (const xmlChar *)shorter);
    free(shorter);
}

static void set_text(xmlNodePtr element, struct slice text)
{
    cut(element, text, text.size, 0);
}

/* Is it a date or time, but for its length: digits, and nothing but - : . T Z +? */
static bool looks_like_moment(struct slice text)
{
    size_t marks = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (strchr("-:.TZ+", text.at[i]) != NULL)
            marks++;
        else if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    }
    return text.size > 0 && (marks > 0 || text.size == 4);
}

static bool mend_space(const struct oracle *oracle, struct slice text)
{
    struct slice value = trimmed(text);
    if (!is_about_value(oracle) || value.size == text.size || !looks_like_moment(value))
        return false;
    set_text(oracle->place, value);
    return true;
}

/* libxml2 keeps some 24 digits; 18 it has to. */
static bool mend_decimal(const struct oracle *oracle, struct slice text)
{
    enum { KEPT_MAX = 18 };
    struct slice value = trimmed(text);
    size_t sign = value.size > 0 && strchr("+-", value.at[0]) != NULL;
    size_t whole = digits_at(value, sign),
           point = sign + whole < value.size && value.at[sign + whole] == '.';
    size_t fraction = digits_at(value, sign + whole + point);
    if (!is_about_value(oracle) || sign + whole + point + fraction != value.size ||
        whole + fraction <= KEPT_MAX)
        return false;
    size_t surplus = whole + fraction - KEPT_MAX, zeros = 0;
    while (zeros < whole && value.at[sign + zeros] == '0')
        zeros++;
    if (zeros > 0)
        cut(oracle->place, value, sign, zeros);
    else if (fraction == 0)
        cut(oracle->place, value, sign, surplus);
    else if (surplus < fraction)
        cut(oracle->place, value, value.size - surplus, surplus);
    else
        cut(oracle->place, value, value.size - fraction, fraction);
    return true;
}

static bool mend_second(const struct oracle *oracle, struct slice text)
{
    enum { KEPT_MAX = 9 };
    struct slice value = trimmed(text);
    const char *point = memchr(value.at, '.', value.size);
    if (!is_about_value(oracle) || !looks_like_moment(value) || point == NULL ||
        memchr(value.at, ':', value.size) == NULL)
        return false;
    size_t at = (size_t)(point - value.at) + 1, size = digits_at(value, at);
    if (size <= KEPT_MAX)
        return false;
    cut(oracle->place, value, at + KEPT_MAX, size - KEPT_MAX);
    return true;
}

/* 400 years are a cycle, so that four hundred thousand are as good as any. */
static bool mend_year(const struct oracle *oracle, struct slice text)
{
    enum { KEPT_MAX = 4 };
    struct slice value = trimmed(text);
    size_t sign = value.size > 0 && value.at[0] == '-', size = digits_at(value, sign);
    if (!is_about_value(oracle) || !looks_like_moment(value) || size <= 9 || value.at[sign] == '0')
        return false;
    cut(oracle->place, value, sign + 1, size - KEPT_MAX - 1);
    return true;
}

/* The name that xsi:type says. */
static bool mend_type_name(const struct oracle *oracle, struct slice text)
{
    xmlAttrPtr named =
        xmlHasNsProp(oracle->place, (const xmlChar *)"type", (const xmlChar *)SCHEMA_INSTANCE);
    (void)text;
    if (named == NULL || !oracle->is_of_attribute)
        return false;
    xmlChar *name = xmlNodeGetContent((xmlNodePtr)named);
    struct slice whole = slice_of((const char *)name), kept = trimmed(whole);
    bool mended = kept.size < whole.size;
    name[kept.at + kept.size - whole.at] = '\0';
    if (mended)
        xmlSetNsProp(oracle->place, named->ns, named->name, (const xmlChar *)kept.at);
    xmlFree(name);
    return mended;
}

static bool mend_fixed(const struct oracle *oracle, struct slice text)
{
    struct slice value = trimmed(text);
    if (oracle->code != XML_SCHEMAV_CVC_ELT_5_2_2_2_2 || value.size == text.size)
        return false;
    set_text(oracle->place, value);
    return true;
}

static bool is_blank(const xmlNode *node)
{
    return node->content == NULL || iso_lexical_blank(slice_of((const char *)node->content));
}

static bool mend_blank_cdata(const struct oracle *oracle, struct slice text)
{
    bool mended = false;
    (void)text;
    for (xmlNodePtr child = oracle->place->children, next; child != NULL; child = next) {
        next = child->next;
        if (child->type != XML_CDATA_SECTION_NODE || !is_blank(child))
            continue;
        xmlUnlinkNode(child);
        xmlFreeNode(child);
        mended = true;
    }
    return mended;
}

struct explaining {
    struct slice xml;
    const struct error *error;
    struct oracle_verdict verdict;
};

static bool is_kind(const struct explaining *explaining, const char *name)
{
    return strcmp(explaining->error->kind->name, name) == 0;
}

static bool has(const struct explaining *explaining, struct slice text)
{
    return memmem(explaining->xml.at, explaining->xml.size, text.at, text.size) != NULL;
}

static bool is_doctype(const struct explaining *explaining)
{
    return is_kind(explaining, "xml.doctype") && has(explaining, SLICE("<!DOCTYPE"));
}

static bool is_encoding(const struct explaining *explaining)
{
    return is_kind(explaining, "xml.encoding") &&
           (has(explaining, SLICE("encoding")) || has(explaining, SLICE("\0")));
}

static bool is_nul(const struct explaining *explaining)
{
    return is_kind(explaining, "xml.malformed") && has(explaining, SLICE("\0"));
}

/* Are the types among those that builtin.h leaves out? */
static bool is_type_in_context(const struct explaining *explaining)
{
    static const char *const names[] = { "ID",       "IDREF", "IDREFS",   "ENTITY",
                                         "ENTITIES", "QName", "NOTATION", "anyURI" };
    static const char words[] = "/@type: there is no type ";
    const char *says = strstr(explaining->error->detail, words);
    for (size_t i = 0; says != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(says + strlen(words), names[i]) == 0)
            return is_kind(explaining, "iso.attribute-unexpected");
    }
    return false;
}

/* Does the finding begin with this value, of this form? */
static bool is_value_of_form(const struct explaining *explaining, struct slice value,
                             const char *form)
{
    const char *says = strstr(explaining->error->detail, ": \"");
    return says != NULL && slice_starts(slice_of(says + 3), value) && strstr(says, form) != NULL &&
           is_kind(explaining, "iso.value-facet");
}

static bool is_float(const struct explaining *explaining)
{
    return has(explaining, SLICE("type='xs:")) &&
           is_value_of_form(explaining, SLICE("1e\""), "|-?INF|NaN");
}

static bool is_empty_list(const struct explaining *explaining)
{
    return has(explaining, SLICE("type='xs:NMTOKENS'")) &&
           is_value_of_form(explaining, SLICE("\""), "\\c+(\\s+\\c+)*");
}

/* A value that would be base64 without what is of another alphabet. */
static bool is_base64(const struct explaining *explaining)
{
    const char *says = strstr(explaining->error->detail, ": \"");
    return says != NULL && strstr(says, "\", expected base64") != NULL &&
           is_kind(explaining, "iso.value-type") &&
           says[3 + strspn(says + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789+/= ")] != '"';
}

static bool is_limit(const struct explaining *explaining)
{
    return is_kind(explaining, "xml.limit");
}

static bool is_namespace(const struct explaining *explaining)
{
    return is_kind(explaining, "xml.malformed") && explaining->verdict.well_formed &&
           !explaining->verdict.namespace_well_formed;
}

#define MEND(name, function, right, clause)   { #name, clause, right },
#define REFUSE(name, function, right, clause) { #name, clause, right },
const struct difference differences[] = {
#include "differential/differences.def"
};
#undef MEND
#undef REFUSE

static bool (*const mends[])(const struct oracle *oracle, struct slice text) = {
#define MEND(name, function, right, clause)   function,
#define REFUSE(name, function, right, clause) NULL,
#include "differential/differences.def"
#undef MEND
#undef REFUSE
};

static bool (*const refusals[])(const struct explaining *explaining) = {
#define MEND(name, function, right, clause)   NULL,
#define REFUSE(name, function, right, clause) function,
#include "differential/differences.def"
#undef MEND
#undef REFUSE
};

const size_t difference_count = sizeof differences / sizeof *differences;

/* The row that is mended at the place of the objection; difference_count: none. */
static size_t mend_place(const struct oracle *oracle)
{
    size_t row = 0;
    if (oracle->place == NULL)
        return difference_count;
    xmlChar *content = xmlNodeGetContent(oracle->place);
    struct slice text = slice_of((const char *)content);
    while (row < difference_count && (mends[row] == NULL || !mends[row](oracle, text)))
        row++;
    xmlFree(content);
    return row;
}

static uint64_t explain_refusal_of_libxml2(struct oracle *oracle, xmlDocPtr tree)
{
    uint64_t rows = 0;
    for (unsigned i = 0; i < MEND_COUNT_MAX && !judge_tree(oracle, tree); i++) {
        size_t row = mend_place(oracle);
        if (row == difference_count)
            return 0;
        rows |= (uint64_t)1 << row;
    }
    return oracle->fault[0] == '\0' ? rows : 0;
}

/* Every finding has to be of a kind that is listed. */
static uint64_t explain_refusal_of_penstock(struct explaining *explaining,
                                            const struct error_list *errors)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < errors->count; i++) {
        size_t row = 0;
        explaining->error = &errors->at[i];
        while (row < difference_count && (refusals[row] == NULL || !refusals[row](explaining)))
            row++;
        if (row == difference_count)
            return 0;
        rows |= (uint64_t)1 << row;
    }
    return rows;
}

uint64_t oracle_explain(struct oracle *oracle, struct slice xml, const struct error_list *errors)
{
    struct explaining explaining = { .xml = xml };
    uint64_t rows = 0;
    xmlDocPtr tree = read_tree(xml, &explaining.verdict);
    if (errors->count > 0)
        rows = explain_refusal_of_penstock(&explaining, errors);
    else if (tree != NULL)
        rows = explain_refusal_of_libxml2(oracle, tree);
    xmlFreeDoc(tree);
    return rows;
}
