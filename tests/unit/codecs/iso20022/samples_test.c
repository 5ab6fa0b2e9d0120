/* The sample documents beside the repository get the verdicts that their index
   says.  Of those that only a rule beyond the schema forbids, the ones whose rule
   is not there yet are left out and counted. */
#include "reference.h"

static struct iso_catalogue *catalogue;
static struct iso_profile *strict;
static struct iso_learned *learned;
static const char *shared;

static int set_up(void **state)
{
    (void)state;
    shared = kit_shared("samples_test");
    if (shared == NULL)
        return 0;
    catalogue = reference_catalogue();
    strict = iso_profile_new(catalogue);
    assert_true(iso_profile_like(strict, SLICE("strict")));
    iso_profile_bind(strict);
    learned = iso_learned_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iso_learned_free(learned);
    iso_profile_free(strict);
    iso_catalogue_free(catalogue);
    return 0;
}

/* What was learned of the files before changes nothing. */
static void check_learned(const char *file, const struct iso_profile *profile, struct slice xml,
                          const struct writer *findings)
{
    struct iso_parse_options options = {
        .catalogue = catalogue, .profile = profile, .error_count_max = 50, .learned = learned
    };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    struct writer again;
    writer_init(&again, 0);
    iso_parser_feed(parser, xml);
    struct error_list errors = iso_parser_end(parser)->errors;
    error_list_write(&errors, &again);
    if (!slice_equal(writer_slice(&again), writer_slice(findings)))
        fail_msg("%s: %s\nand alone: %s", file, writer_slice(&again).at, writer_slice(findings).at);
    writer_fini(&again);
    iso_parser_free(parser);
}

static void check_file(const char *file, const struct iso_profile *profile, struct writer *findings)
{
    char path[REFERENCE_PATH_MAX];
    snprintf(path, sizeof path, "%s/iso20022/samples/%s", shared, file);
    struct slice xml = kit_read_file(path);
    reference_findings(catalogue, profile, xml, findings);
    check_learned(file, profile, xml, findings);
    kit_free_file(xml);
}

/* The index names elements without the number of their occurrence. */
static bool names_place(struct slice findings, const char *place)
{
    struct writer plain;
    bool inside = false;
    writer_init(&plain, 0);
    for (size_t i = 0; i < findings.size; i++) {
        inside = inside || findings.at[i] == '[';
        if (!inside)
            writer_char(&plain, findings.at[i]);
        inside = inside && findings.at[i] != ']';
    }
    struct slice text = writer_slice(&plain);
    bool found = memmem(text.at, text.size, place, strlen(place)) != NULL;
    writer_fini(&plain);
    return found;
}

/* The index names some rules without their last clause, and of documents that others
   made it has what libxml2 says.  One value of it breaks two rules. */
static bool names_rule(struct slice findings, const char *file, const char *rule)
{
    char text[64];
    bool breaks_two = strstr(file, "admi.004.001.01/number-leading-space-EvtCd") != NULL;
    snprintf(text, sizeof text, "(rule %s", breaks_two ? "cvc-maxLength-valid" : rule);
    return strncmp(rule, "cvc-", 4) != 0 ||
           memmem(findings.at, findings.size, text, strlen(text)) != NULL;
}

static void the_107_schemas_load(void **state)
{
    (void)state;
    if (shared == NULL)
        skip();
    assert_int_equal(iso_catalogue_count(catalogue), 107);
}

enum { FILE_NAME, MESSAGE, XSD, EXPECTED, LAYER, RULE, PLACE, FIELD_COUNT };

static struct slice read_index(void)
{
    char path[REFERENCE_PATH_MAX];
    snprintf(path, sizeof path, "%s/iso20022/samples/index.tsv", shared);
    return kit_read_file(path);
}

static void every_verdict_and_place_is_that_of_the_index(void **state)
{
    char *fields[FIELD_COUNT];
    struct writer findings;
    size_t count = 0, wrong = 0;
    (void)state;
    if (shared == NULL)
        skip();
    writer_init(&findings, 0);
    struct slice index = read_index();
    char *text = (char *)index.at;
    reference_line(&text, fields, FIELD_COUNT); /* the heading */
    while (reference_line(&text, fields, FIELD_COUNT)) {
        if (strcmp(fields[LAYER], "business") == 0)
            continue;
        check_file(fields[FILE_NAME], NULL, &findings);
        bool valid = writer_slice(&findings).size == 0;
        bool right = valid == (strcmp(fields[EXPECTED], "valid") == 0);
        if (right && strcmp(fields[LAYER], "schema") == 0 && fields[PLACE][0] == '/')
            right = names_place(writer_slice(&findings), fields[PLACE]) &&
                    names_rule(writer_slice(&findings), fields[FILE_NAME], fields[RULE]);
        if (!right)
            print_error("%s: expected %s %s, found %.*s\n", fields[FILE_NAME], fields[EXPECTED],
                        fields[PLACE], SLICE_ARG(writer_slice(&findings)));
        wrong += !right;
        count++;
    }
    kit_free_file(index);
    writer_fini(&findings);
    assert_int_equal(wrong, 0);
    assert_int_equal(count, 989);
}

/* Which rule the documents break that only a rule forbids, by their names. */
static const struct {
    const char *file, *rule;
} forbidden[] = {
    { "rule-agents-group-and-transaction", "agents-once" },
    { "rule-bah-from-equals-to", "header-parties" },
    { "rule-bah-message-id-unknown", "message-known" },
    { "rule-bic-country-not-iso", "bic-country" },
    { "rule-charset-cbpr", "names-latin" },
    { "rule-clearing-method-without-system", "clearing-system-given" },
    { "rule-closing-balance-wrong", "closing-balance" },
    { "rule-control-sum-mismatch", "control-sum" },
    { "rule-country-not-iso", "country-known" },
    { "rule-creditor-reference-check", "creditor-reference-check-digits" },
    { "rule-currency-historic", "currency-active" },
    { "camt.006.001.11/rule-currency-not-iso4217", "currency-active" },
    { "pacs.028.001.07/rule-currency-not-iso4217", "currency-known" },
    { "rule-decimals-", "amount-minor-units" },
    { "rule-exchange-rate-missing", "exchange-rate-given" },
    { "rule-exchange-rate-same-currency", "exchange-rate-currencies" },
    { "rule-iban-check-digits", "iban-check-digits" },
    { "rule-iban-wrong-length-for-country", "iban-length" },
    { "rule-intermediary-2-without-1", "intermediary-order" },
    { "rule-isin-check-digit", "isin-check-digit" },
    { "rule-lei-check-digits", "lei-check-digits" },
    { "rule-number-of-transactions-mismatch", "transaction-count" },
    { "rule-reason-code-unknown", "reason-code-known" },
    { "rule-reject-without-reason", "reject-reason" },
    { "rule-return-more-than-original", "returned-amount" },
    { "rule-settlement-account-with-clearing", "clearing-alone" },
    { "rule-settlement-date-group-and-transaction", "settlement-date-once" },
    { "rule-settlement-date-missing", "settlement-date-given" },
    { "rule-slash-rule-cbpr", "reference-slashes" },
    { "rule-status-code-unknown", "status-code-known" },
    { "rule-total-amount-currency-mismatch", "total-currency" },
    { "rule-total-amount-mismatch", "total-amount" },
    { "rule-uetr-duplicate", "uetr-once" },
    { "rule-value-date-impossible", "signed-before-collected" },
};

/* NULL: it is not there yet. */
static const char *rule_of(const char *file)
{
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        if (strstr(file, forbidden[i].file) != NULL)
            return forbidden[i].rule;
    }
    return NULL;
}

static void what_only_a_rule_forbids_breaks_that_rule(void **state)
{
    char expected[100], *fields[FIELD_COUNT];
    struct writer findings;
    size_t count = 0, skipped = 0;
    (void)state;
    if (shared == NULL)
        skip();
    writer_init(&findings, 0);
    struct slice index = read_index();
    char *text = (char *)index.at;
    reference_line(&text, fields, FIELD_COUNT); /* the heading */
    while (reference_line(&text, fields, FIELD_COUNT)) {
        const char *rule = rule_of(fields[FILE_NAME]);
        if (strcmp(fields[LAYER], "business") != 0)
            continue;
        count++;
        skipped += rule == NULL;
        if (rule == NULL)
            continue;
        check_file(fields[FILE_NAME], strict, &findings);
        snprintf(expected, sizeof expected, "(rule %s)\n", rule);
        if (!names_place(writer_slice(&findings), expected))
            fail_msg("%s: expected %s, found %s", fields[FILE_NAME], rule,
                     writer_slice(&findings).at);
    }
    kit_free_file(index);
    writer_fini(&findings);
    print_message("%zu of %zu documents that only a rule forbids are left out\n", skipped, count);
    assert_int_equal(count, 70);
    assert_int_equal(skipped, 0);
}

/* Those that were written for penstock make sense as well. */
static void what_makes_sense_keeps_the_strict_profile(void **state)
{
    char path[REFERENCE_PATH_MAX], *fields[FIELD_COUNT];
    struct writer findings;
    size_t count = 0;
    (void)state;
    if (shared == NULL)
        skip();
    writer_init(&findings, 0);
    snprintf(path, sizeof path, "%s/iso20022/samples/index.tsv", shared);
    struct slice index = kit_read_file(path);
    char *text = (char *)index.at;
    while (reference_line(&text, fields, FIELD_COUNT)) {
        if (strncmp(fields[FILE_NAME], "valid/", 6) != 0 ||
            strstr(fields[FILE_NAME], "/own-") == NULL)
            continue;
        check_file(fields[FILE_NAME], strict, &findings);
        if (writer_slice(&findings).size > 0)
            fail_msg("%s: %s", fields[FILE_NAME], writer_slice(&findings).at);
        count++;
    }
    kit_free_file(index);
    writer_fini(&findings);
    assert_int_equal(count, 440);
}

/* They are made to use every element, not to make sense. */
static void every_coverage_document_is_valid_for_its_schema(void **state)
{
    char folder[REFERENCE_PATH_MAX], file[512];
    struct writer findings;
    (void)state;
    if (shared == NULL)
        skip();
    writer_init(&findings, 0);
    snprintf(folder, sizeof folder, "%s/iso20022/samples/coverage", shared);
    struct reference_names names = reference_list(folder, ".xml");
    assert_int_equal(names.count, 541);
    for (size_t i = 0; i < names.count; i++) {
        snprintf(file, sizeof file, "coverage/%s", names.at[i]);
        check_file(file, NULL, &findings);
        if (writer_slice(&findings).size > 0)
            fail_msg("%s: %s", file, writer_slice(&findings).at);
    }
    free(names.at);
    writer_fini(&findings);
}

/* "head.001.001.02=valid;pacs.008.001.08=valid" is valid when both are and no
   schema is missing; but for two files whose header is of another message. */
static bool parts_are_valid(const char *file, const char *parts)
{
    static const char *const mismatches[] = { "msgdefidr-mismatch", "c.29.1.1-camt.029-BtoA" };
    for (size_t i = 0; i < sizeof mismatches / sizeof *mismatches; i++) {
        if (strstr(file, mismatches[i]) != NULL)
            return false;
    }
    return strchr(parts, ';') != NULL && strstr(parts, "=invalid") == NULL &&
           strstr(parts, "=noschema") == NULL;
}

static void every_enveloped_message_is_as_valid_as_its_parts(void **state)
{
    char path[REFERENCE_PATH_MAX], *fields[4];
    struct writer findings;
    size_t count = 0;
    (void)state;
    if (shared == NULL)
        skip();
    writer_init(&findings, 0);
    snprintf(path, sizeof path, "%s/iso20022/samples/enveloped.tsv", shared);
    struct slice index = kit_read_file(path);
    char *text = (char *)index.at;
    reference_line(&text, fields, 4);
    for (; reference_line(&text, fields, 4); count++) {
        check_file(fields[0], NULL, &findings);
        if ((writer_slice(&findings).size == 0) != parts_are_valid(fields[0], fields[3]))
            fail_msg("%s: %s: %s", fields[0], fields[3], writer_slice(&findings).at);
    }
    kit_free_file(index);
    writer_fini(&findings);
    assert_int_equal(count, 52);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_107_schemas_load),
        cmocka_unit_test(every_verdict_and_place_is_that_of_the_index),
        cmocka_unit_test(what_only_a_rule_forbids_breaks_that_rule),
        cmocka_unit_test(what_makes_sense_keeps_the_strict_profile),
        cmocka_unit_test(every_coverage_document_is_valid_for_its_schema),
        cmocka_unit_test(every_enveloped_message_is_as_valid_as_its_parts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
