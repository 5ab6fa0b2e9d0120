/* Documents from seeds, judged by penstock and by libxml2.

       penstock-differential [--seed N] [--count N] [--print] [--xmllint N] [FOLDER...]

   Each seed is one document of one schema of the folders (else of those that come with
   penstock and of this folder): valid, or with changes.  Verdicts must be the same, but
   for the differences that differences.def lists.  --print writes the document, too;
   --xmllint has the program of that name judge the first N documents as well.
   Ends with 1 when something was found that is not listed. */
#include "differential/mutate.h"
#include "differential/oracle.h"
#include "unit/codecs/iso20022/reference.h"

#include "codecs/iso20022/schema.h"

#include <getopt.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHANGES_MAX = 3, SHOWN_MAX = 10, PATH_SIZE_MAX = 2048 };

struct options {
    uint64_t seed, count, xmllint_count;
    bool print;
};

/* Elements of schemas, some of them more than once. */
struct elements {
    const struct iso_element **at;
    size_t count, room;
};

struct subject {
    const struct iso_schema *schema;
    struct oracle *oracle;
    char *path;
};

struct tally {
    uint64_t documents, valid, explained, found, linted;
    uint64_t *differences, *applied;      /* by row */
    uint64_t placed, at_place, elsewhere; /* findings of documents with one change */
    uint64_t *elsewhere_of;               /* by mutation */
};

struct run {
    struct options options;
    struct iso_catalogue *catalogue;
    struct iso_learned *learned; /* of all documents so far */
    struct subject *subjects;
    size_t subject_count, subject_room;
    struct tally tally;
    struct elements known, made;
};

/* One document on its way. */
struct trial {
    struct run *run;
    const struct subject *subject;
    struct document document;
    struct writer xml, place; /* place: path of what was changed; empty: not known */
    size_t changes[CHANGES_MAX], change_count;
    struct oracle_verdict theirs;
    bool ours;
};

static void add_element(struct elements *elements, const struct iso_element *element)
{
    elements->at = memory_room(elements->at, elements->count, &elements->room,
                               sizeof(const struct iso_element *));
    elements->at[elements->count++] = element;
}

static void add_elements_of(struct elements *elements, const struct iso_schema *schema)
{
    for (size_t i = 0; i < schema->type_count; i++) {
        for (size_t row = 0; row < schema->types[i]->element_count; row++)
            add_element(elements, &schema->types[i]->elements[row]);
    }
}

static int compare_elements(const void *one, const void *other)
{
    uintptr_t first = (uintptr_t) * (const struct iso_element *const *)one;
    uintptr_t second = (uintptr_t) * (const struct iso_element *const *)other;
    return first < second ? -1 : first > second;
}

static size_t count_different(struct elements *elements)
{
    size_t count = 0;
    qsort(elements->at, elements->count, sizeof(const struct iso_element *), compare_elements);
    for (size_t i = 0; i < elements->count; i++)
        count += i == 0 || elements->at[i] != elements->at[i - 1];
    return count;
}

static void load_folder(struct run *run, const char *folder)
{
    char path[PATH_SIZE_MAX];
    struct error_list errors;
    struct reference_names names = reference_list(folder, ".xsd");
    error_list_init(&errors, 0);
    for (size_t i = 0; i < names.count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names.at[i]);
        struct slice xsd = kit_read_file(path);
        run->subjects = memory_room(run->subjects, run->subject_count, &run->subject_room,
                                    sizeof *run->subjects);
        struct subject *subject = &run->subjects[run->subject_count];
        if (!iso_catalogue_add(run->catalogue, xsd, path, &errors)) {
            fprintf(stderr, "%s: %s: %s\n", path, errors.at[0].kind->text, errors.at[0].detail);
            exit(2);
        }
        *subject = (struct subject){ iso_catalogue_at(run->catalogue, run->subject_count),
                                     oracle_new(xsd), strdup(path) };
        assert_non_null(subject->oracle);
        add_elements_of(&run->known, subject->schema);
        run->subject_count++;
        kit_free_file(xsd);
    }
    free(names.at);
    error_list_fini(&errors);
}

static void change(struct trial *trial, size_t row)
{
    const struct mutation *mutation = &mutations[row];
    const struct node *place = NULL;
    if (mutation->change_tree != NULL)
        place = mutation->change_tree(&trial->document);
    if (mutation->change_tree != NULL && place == NULL)
        return;
    trial->changes[trial->change_count++] = row;
    writer_reset(&trial->place);
    if (place != NULL && trial->change_count == 1)
        node_write_path(place, &trial->place);
}

/* Half of all documents are valid; most others have one change. */
static void make(struct trial *trial)
{
    struct document *document = &trial->document;
    document_make(document);
    for (const struct node *node = node_after(document->root); node != NULL;
         node = node_after(node)) {
        if (node->element != NULL && node->element != &document->schema->root)
            add_element(&trial->run->made, node->element);
    }
    size_t wanted = document_chance(document, 40)   ? 0
                    : document_chance(document, 80) ? 1
                                                    : 2 + document_below(document, CHANGES_MAX - 1);
    for (unsigned i = 0; i < 20 && trial->change_count < wanted; i++)
        change(trial, document_below(document, mutation_count));
    document_write(document, &trial->xml);
    for (size_t i = 0; i < trial->change_count; i++) {
        const struct mutation *mutation = &mutations[trial->changes[i]];
        if (mutation->change_bytes != NULL && trial->xml.used > 0)
            mutation->change_bytes(document, &trial->xml);
    }
}

static void tell(const struct trial *trial, const struct error_list *errors)
{
    printf("seed %llu, %.*s:", (unsigned long long)trial->run->options.seed,
           SLICE_ARG(trial->subject->schema->id));
    for (size_t i = 0; i < trial->change_count; i++)
        printf(" %s", mutations[trial->changes[i]].name);
    printf("%s%.*s\n", trial->place.used > 0 ? " at " : "", SLICE_ARG(writer_slice(&trial->place)));
    printf("  libxml2:  %s\n", trial->theirs.valid ? "valid" : trial->theirs.fault);
    printf("  penstock: %s%s%s\n", errors->count == 0 ? "valid" : errors->at[0].kind->text,
           errors->count == 0 ? "" : ": ", errors->count == 0 ? "" : errors->at[0].detail);
}

/* Where the first finding is: the path at the beginning of its detail. */
static struct slice path_of(const struct error *error)
{
    struct slice path = slice_of(error->detail);
    const char *end = strstr(path.at, ": ");
    if (end != NULL)
        path.size = (size_t)(end - path.at);
    return path;
}

/* Is inner the path, or that of something just below it? */
static bool is_at(struct slice path, struct slice inner)
{
    if (!slice_starts(inner, path))
        return false;
    struct slice rest = slice_after(inner, path.size);
    return rest.size == 0 || (rest.at[0] == '/' && memchr(rest.at + 1, '/', rest.size - 1) == NULL);
}

static struct slice parent_of(struct slice path)
{
    const char *slash = memrchr(path.at, '/', path.size);
    return slash == NULL ? path : (struct slice){ path.at, (size_t)(slash - path.at) };
}

/* At what was changed, at its parent, or at something that the parent has. */
static void compare_places(struct trial *trial, const struct error_list *errors)
{
    struct tally *tally = &trial->run->tally;
    struct slice place = writer_slice(&trial->place);
    if (trial->change_count != 1 || place.size == 0 || errors->count == 0 ||
        errors->at[0].detail[0] != '/')
        return;
    struct slice found = path_of(&errors->at[0]);
    tally->placed++;
    if (is_at(place, found) || is_at(parent_of(place), found)) {
        tally->at_place++;
        return;
    }
    tally->elsewhere++;
    tally->elsewhere_of[trial->changes[0]]++;
    if (tally->elsewhere <= SHOWN_MAX)
        printf("seed %llu, %s at %.*s, told at %.*s\n",
               (unsigned long long)trial->run->options.seed, mutations[trial->changes[0]].name,
               SLICE_ARG(place), SLICE_ARG(found));
}

/* What is beyond the schema is not for libxml2 to say. */
static void drop_rules(struct error_list *errors)
{
    size_t count = 0;
    for (size_t i = 0; i < errors->count; i++) {
        if (errors->at[i].kind != &iso_rule)
            errors->at[count++] = errors->at[i];
    }
    errors->count = count;
}

static void compare(struct trial *trial, const struct error_list *errors)
{
    struct run *run = trial->run;
    struct tally *tally = &run->tally;
    tally->valid += trial->ours;
    compare_places(trial, errors);
    if (trial->ours == trial->theirs.valid)
        return;
    uint64_t rows = oracle_explain(trial->subject->oracle, writer_slice(&trial->xml), errors);
    for (size_t row = 0; row < difference_count; row++)
        tally->differences[row] += rows >> row & 1;
    tally->explained += rows != 0;
    if (rows == 0 && ++tally->found <= SHOWN_MAX)
        tell(trial, errors);
}

/* What the program says is what the library said. */
static void ask_xmllint(struct trial *trial)
{
    char name[] = "/tmp/penstock-differential-XXXXXX", command[2 * PATH_SIZE_MAX];
    int file = mkstemp(name);
    struct slice xml = writer_slice(&trial->xml);
    assert_true(file >= 0 && write(file, xml.at, xml.size) == (ssize_t)xml.size);
    close(file);
    snprintf(command, sizeof command, "xmllint --noout --nonet --schema '%s' %s >/dev/null 2>&1",
             trial->subject->path, name);
    int status = system(command);
    unlink(name);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return;
    trial->run->tally.linted++;
    if ((status == 0) != trial->theirs.valid) {
        printf("seed %llu: xmllint says otherwise than the library\n",
               (unsigned long long)trial->run->options.seed);
        trial->run->tally.found++;
    }
}

/* What was learned of other documents must not change what is found. */
static void compare_learned(struct trial *trial, struct error_list *alone)
{
    struct iso_parse_options options = { .catalogue = trial->run->catalogue,
                                         .error_count_max = 100,
                                         .learned = trial->run->learned };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    struct writer one, other;
    writer_init(&one, 0);
    writer_init(&other, 0);
    iso_parser_feed(parser, writer_slice(&trial->xml));
    struct error_list errors = iso_parser_end(parser)->errors;
    error_list_write(alone, &one);
    error_list_write(&errors, &other);
    if (!slice_equal(writer_slice(&one), writer_slice(&other))) {
        printf("seed %llu: found behind others:\n%s\nand alone:\n%s\n",
               (unsigned long long)trial->run->options.seed, writer_slice(&other).at,
               writer_slice(&one).at);
        trial->run->tally.found++;
    }
    writer_fini(&one);
    writer_fini(&other);
    iso_parser_free(parser);
}

static void judge(struct trial *trial)
{
    struct run *run = trial->run;
    struct slice xml = writer_slice(&trial->xml);
    struct iso_parse_options options = { .catalogue = run->catalogue, .error_count_max = 100 };
    struct iso_parser *parser = iso_parser_new(&options, NULL);
    iso_parser_feed(parser, xml);
    struct error_list errors = iso_parser_end(parser)->errors;
    compare_learned(trial, &errors);
    drop_rules(&errors);
    trial->ours = errors.count == 0;
    trial->theirs = oracle_judge(trial->subject->oracle, xml);
    if (run->options.print) {
        fwrite(xml.at, 1, xml.size, stdout);
        printf("\n\n");
        tell(trial, &errors);
    }
    compare(trial, &errors);
    bool is_ours =
        memmem(xml.at, xml.size, "<!DOCTYPE", 9) == NULL; /* the program opens what one names */
    if (run->tally.linted < run->options.xmllint_count && is_ours)
        ask_xmllint(trial);
    iso_parser_free(parser);
}

static void play(struct run *run)
{
    struct trial trial = { .run = run,
                           .subject = &run->subjects[run->options.seed % run->subject_count] };
    document_init(&trial.document, trial.subject->schema, run->options.seed);
    writer_init(&trial.xml, 0);
    writer_init(&trial.place, 0);
    make(&trial);
    run->tally.documents++;
    for (size_t i = 0; i < trial.change_count; i++)
        run->tally.applied[trial.changes[i]]++;
    judge(&trial);
    writer_fini(&trial.xml);
    writer_fini(&trial.place);
    document_fini(&trial.document);
}

static void report(struct run *run)
{
    const struct tally *tally = &run->tally;
    printf("documents %llu, valid %llu, differences %llu, not listed %llu, also judged by xmllint "
           "%llu\n",
           (unsigned long long)tally->documents, (unsigned long long)tally->valid,
           (unsigned long long)tally->explained, (unsigned long long)tally->found,
           (unsigned long long)tally->linted);
    printf("elements and branches %zu, made %zu\n", count_different(&run->known),
           count_different(&run->made));
    for (size_t row = 0; row < difference_count; row++)
        printf("difference %-20s %7llu  %s\n", differences[row].name,
               (unsigned long long)tally->differences[row], differences[row].right);
    printf("told where it was changed: %llu of %llu\n", (unsigned long long)tally->at_place,
           (unsigned long long)tally->placed);
    for (size_t row = 0; row < mutation_count; row++)
        printf("change %-20s %7llu, told elsewhere %llu\n", mutations[row].name,
               (unsigned long long)tally->applied[row],
               (unsigned long long)tally->elsewhere_of[row]);
}

static void read_options(struct run *run, int argc, char **argv)
{
    static const struct option known[] = { { "seed", required_argument, NULL, 's' },
                                           { "count", required_argument, NULL, 'c' },
                                           { "xmllint", required_argument, NULL, 'x' },
                                           { "print", no_argument, NULL, 'p' },
                                           { NULL, 0, NULL, 0 } };
    run->options = (struct options){ .seed = 1, .count = 1 };
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 's')
            run->options.seed = strtoull(optarg, NULL, 10);
        else if (option == 'c')
            run->options.count = strtoull(optarg, NULL, 10);
        else if (option == 'x')
            run->options.xmllint_count = strtoull(optarg, NULL, 10);
        else if (option == 'p')
            run->options.print = true;
        else
            exit(2);
    }
}

int main(int argc, char **argv)
{
    struct run run = { .catalogue = iso_catalogue_new(), .learned = iso_learned_new() };
    run.tally.differences = calloc(difference_count, sizeof *run.tally.differences);
    run.tally.applied = calloc(mutation_count, sizeof *run.tally.applied);
    run.tally.elsewhere_of = calloc(mutation_count, sizeof *run.tally.elsewhere_of);
    read_options(&run, argc, argv);
    if (optind == argc) {
        load_folder(&run, REFERENCE_SCHEMAS);
        load_folder(&run, PENSTOCK_SOURCE_DIR "/tests/differential");
    }
    for (int i = optind; i < argc; i++)
        load_folder(&run, argv[i]);
    for (uint64_t i = 0; i < run.options.count; i++, run.options.seed++)
        play(&run);
    if (!run.options.print)
        report(&run);
    for (size_t i = 0; i < run.subject_count; i++) {
        oracle_free(run.subjects[i].oracle);
        free(run.subjects[i].path);
    }
    free(run.subjects);
    free(run.known.at);
    free(run.made.at);
    free(run.tally.differences);
    free(run.tally.applied);
    free(run.tally.elsewhere_of);
    iso_learned_free(run.learned);
    iso_catalogue_free(run.catalogue);
    return run.tally.found == 0 ? 0 : 1;
}
