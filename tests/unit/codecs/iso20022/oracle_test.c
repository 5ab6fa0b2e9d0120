/* Documents with random changes get the verdict of libxml2's own XSD engine. */
#include "oracle.h"
#include "reference.h"

enum {
    SAMPLE_CHANGED_COUNT = 30,  /* of a usual document */
    COVERAGE_CHANGED_COUNT = 6, /* of each that shows rare elements */
    SPAN_COUNT_MAX = 4000,
};

/* An element in a document's text: from its '<' to behind its end tag. */
struct span {
    size_t start, inside, inside_end, end;
    bool leaf;
};

struct document {
    char *text;
    size_t size;
    struct span spans[SPAN_COUNT_MAX];
    size_t span_count;
};

static size_t tag_end(const struct document *document, size_t at)
{
    return (size_t)((char *)memchr(document->text + at, '>', document->size - at) -
                    document->text) +
           1;
}

/* Finds all elements of a document without comments and CDATA. */
static void find_spans(struct document *document)
{
    size_t open[64], depth = 0;
    document->span_count = 0;
    for (size_t at = 0; at < document->size; at++) {
        if (document->text[at] != '<' || document->text[at + 1] == '?')
            continue;
        size_t end = tag_end(document, at);
        if (document->text[at + 1] == '/') {
            struct span *span = &document->spans[open[--depth]];
            span->inside_end = at;
            span->end = end;
        } else if (document->span_count < SPAN_COUNT_MAX && depth < 64) {
            struct span *span = &document->spans[document->span_count];
            *span = (struct span){ at, end, end, end, true };
            if (depth > 0)
                document->spans[open[depth - 1]].leaf = false;
            if (document->text[end - 2] != '/')
                open[depth++] = document->span_count;
            document->span_count++;
        }
        at = end - 1;
    }
}

/* Replaces from..to by text. */
static void replace(struct document *document, size_t from, size_t to, struct slice text)
{
    size_t size = document->size - (to - from) + text.size;
    char *changed = memory_take(size + 1);
    memcpy(changed, document->text, from);
    memcpy(changed + from, text.at, text.size);
    memcpy(changed + from + text.size, document->text + to, document->size - to);
    changed[size] = '\0';
    free(document->text);
    document->text = changed;
    document->size = size;
    find_spans(document);
}

static const struct span *any_span(const struct document *document, struct kit_random *random)
{
    /* never the root */
    return &document->spans[1 + kit_random_below(random, document->span_count - 1)];
}

static struct slice any_value(struct kit_random *random)
{
    static const char *const values[] = {
        "",
        "A",
        "ABCD",
        "1",
        "0",
        "-1",
        "1.5",
        "1.123456",
        "12345678901234567890",
        "true",
        "no",
        "2024-02-29",
        "2023-02-29",
        "2024-02-29T13:05:00Z",
        "2024-02-29T13:05:00.123+08:00",
        "13:05:00",
        "2024",
        "2024-02",
        "EUR",
        "eur",
        "DE",
        "ICBKCNBJXXX",
        "ICBKCNBJ",
        "CRDT",
        "DBIT",
        "ACSC",
        "CLRG",
        "SE4550000000058398257466",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "QUJD",
        "QUJ",
        "+86-105550100",
        "01234567890123456789012345678901234",
        "012345678901234567890123456789012345",
        "\xe4\xb8\xad\xe6\x96\x87",
        "a b",
        "UNLIMITED",
        "DUM",
        "B07",
        "549300MLUDYVRQOOXS22",
        "pacs.008.001.08",
        "9999",
        "XX",
        "+1",
        ".5",
        "5.",
        "00001.10",
    };
    return slice_of(values[kit_random_below(random, sizeof values / sizeof *values)]);
}

/* The currency of an amount, when the element has one: another, or none. */
static void change_currency(struct document *document, const struct span *span,
                            struct kit_random *random)
{
    static const char *const attributes[] = { "",
                                              " Ccy=\"EUR\"",
                                              " Ccy=\"EURO\"",
                                              " Ccy=\"eur\"",
                                              " Ccy=\" EUR\"",
                                              " Ccy=\"\"",
                                              " Ccy=\"EUR\" ccy=\"EUR\"",
                                              " xml:lang=\"en\" Ccy=\"EUR\"" };
    const char *start = document->text + span->start;
    const char *found = memmem(start, span->inside - span->start, " Ccy=", 5);
    if (found == NULL)
        return;
    const char *end = strchr(found + 6, found[5]);
    size_t row = kit_random_below(random, sizeof attributes / sizeof *attributes);
    replace(document, (size_t)(found - document->text), (size_t)(end + 1 - document->text),
            slice_of(attributes[row]));
}

static void change(struct document *document, struct kit_random *random)
{
    struct span span = *any_span(document, random), other = *any_span(document, random);
    struct slice text = { document->text + span.start, span.end - span.start };
    char *copy = memory_take(text.size);
    memcpy(copy, text.at, text.size);
    text.at = copy;
    switch (kit_random_below(random, 6)) {
    case 0:
        replace(document, span.start, span.end, SLICE(""));
        break;
    case 1:
        replace(document, span.end, span.end, text);
        break;
    case 2:
        replace(document, other.start, other.start, text);
        break;
    case 3:
        replace(document, other.start, other.end, text);
        break;
    case 4:
        change_currency(document, &span, random);
        break;
    default:
        if (span.leaf)
            replace(document, span.inside, span.inside_end, any_value(random));
    }
    free(copy);
}

/* What all documents are judged with. */
struct judging {
    const struct iso_catalogue *catalogue;
    xmlSchemaPtr official;
    struct kit_random random;
    size_t count, valid;
};

static void judge(struct judging *judging, struct slice xml)
{
    struct writer findings;
    writer_init(&findings, 0);
    bool accepted = oracle_accepts(judging->official, xml);
    reference_findings(judging->catalogue, NULL, xml, &findings);
    if (accepted != (writer_slice(&findings).size == 0))
        fail_msg("libxml2 says %s, we say %s of\n%s", accepted ? "valid" : "invalid",
                 writer_slice(&findings).at, xml.at);
    writer_fini(&findings);
    judging->count++;
    judging->valid += accepted;
}

static void judge_changes(struct judging *judging, struct slice original, size_t count)
{
    struct kit_random *random = &judging->random;
    struct document *document = memory_take(sizeof *document);
    for (size_t i = 0; i < count; i++) {
        document->text = memory_take(original.size + 1);
        memcpy(document->text, original.at, original.size + 1);
        document->size = original.size;
        find_spans(document);
        for (size_t n = 1 + kit_random_below(random, 2); n > 0 && document->span_count > 1; n--)
            change(document, random);
        judge(judging, (struct slice){ document->text, document->size });
        free(document->text);
    }
    free(document);
}

static void judge_file(struct judging *judging, const char *path, size_t changed_count)
{
    struct slice original = kit_read_file(path);
    judge(judging, original);
    judge_changes(judging, original, changed_count);
    kit_free_file(original);
}

/* The documents of a message among all that show rare elements. */
static void judge_coverage(struct judging *judging, const char *shared, const char *id,
                           const struct reference_names *names)
{
    char path[REFERENCE_PATH_MAX];
    for (size_t i = 0; i < names->count; i++) {
        if (strncmp(names->at[i], id, strlen(id)) != 0)
            continue;
        snprintf(path, sizeof path, "%s/iso20022/samples/coverage/%s", shared, names->at[i]);
        judge_file(judging, path, COVERAGE_CHANGED_COUNT);
    }
}

/* Ours with our schemas, libxml2's with the official ones. */
static void changed_documents_get_the_verdict_of_libxml2(void **state)
{
    char path[REFERENCE_PATH_MAX];
    const char *shared = kit_shared(__func__);
    (void)state;
    if (shared == NULL)
        skip();
    struct iso_catalogue *catalogue = reference_catalogue();
    struct judging judging = { .catalogue = catalogue, .random = { 20022 } };
    snprintf(path, sizeof path, "%s/iso20022/samples/coverage", shared);
    struct reference_names coverage = reference_list(path, ".xml");
    for (size_t i = 0; i < iso_catalogue_count(catalogue); i++) {
        const char *id = iso_schema_id(iso_catalogue_at(catalogue, i)).at;
        judging.official = oracle_schema(shared, id);
        snprintf(path, sizeof path, "%s/iso20022/samples/valid/%s/own-00.xml", shared, id);
        judge_file(&judging, path, SAMPLE_CHANGED_COUNT);
        judge_coverage(&judging, shared, id, &coverage);
        xmlSchemaFree(judging.official);
    }
    xmlSchemaCleanupTypes();
    free(coverage.at);
    iso_catalogue_free(catalogue);
    print_message("%zu of %zu changed documents are valid\n", judging.valid, judging.count);
    assert_true(judging.count > 7000);
    assert_true(judging.valid > judging.count / 20 && judging.valid < judging.count / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_documents_get_the_verdict_of_libxml2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
