/* Two passes over a file, and what happens when it is not the same file twice. */
#include "gateway/channel/document_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/kit.h"

#define ID        "many.001.001.01"
#define NAMESPACE ISO_NAMESPACE ID
#define HEAD      "<Document xmlns=\"" NAMESPACE "\"><Many><Id>A</Id>"
#define ROW       "<Row>%07zu</Row>"
#define TAIL      "</Many></Document>"

static const char xsd[] =
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='" NAMESPACE
    "' targetNamespace='" NAMESPACE "' elementFormDefault='qualified'>"
    "<xs:element name='Document' type='Document'/>"
    "<xs:complexType name='Document'><xs:sequence><xs:element name='Many' type='Many'/>"
    "</xs:sequence></xs:complexType>"
    "<xs:complexType name='Many'><xs:sequence><xs:element name='Id' type='Text'/>"
    "<xs:element name='Row' type='Text' maxOccurs='unbounded'/></xs:sequence></xs:complexType>"
    "<xs:simpleType name='Text'><xs:restriction base='xs:string'><xs:maxLength value='7'/>"
    "</xs:restriction></xs:simpleType></xs:schema>";

enum { BLOCK_SIZE = 1 << 20, ROW_SIZE = sizeof "<Row>0000000</Row>" - 1 };

static struct iso_catalogue *catalogue;
static struct shape_reader *reader;
static char folder[] = "/tmp/penstock-document-file-XXXXXX", path[64];

static int set_up(void **state)
{
    const struct slice paths[] = { SLICE("Id"), SLICE("Row") };
    struct error_list errors;

    (void)state;
    error_list_init(&errors, 0);
    catalogue = iso_catalogue_new();
    assert_true(iso_catalogue_add(catalogue, slice_of(xsd), "many.xsd", &errors));
    const struct shape *shape = iso_schema_shape(iso_catalogue_find(catalogue, SLICE(ID)));
    reader = shape->operations->reader(shape, paths, 2, SLICE("Row"), &errors);
    error_list_fini(&errors);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/many.xml", folder);
    return reader == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    iso_schema_shape(iso_catalogue_find(catalogue, SLICE(ID)))->operations->reader_free(reader);
    iso_catalogue_free(catalogue);
    unlink(path);
    return rmdir(folder);
}

static void write_text(const char *text, const char *mode)
{
    FILE *file = fopen(path, mode);

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void write_rows(size_t count, const char *tail)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    fputs(HEAD, file);
    for (size_t i = 1; i <= count; i++)
        fprintf(file, ROW, i);
    fputs(tail, file);
    assert_int_equal(fclose(file), 0);
}

static struct iso_parse_options parse_options(void)
{
    return (struct iso_parse_options){ .catalogue = catalogue, .error_count_max = 5 };
}

static void open_file(struct document_file *file)
{
    struct error error;

    assert_true(document_file_open(file, path, &error));
}

/* "" when it is valid; else the first finding. */
static const char *validate(struct document_file *file)
{
    static char detail[sizeof((struct error *)NULL)->detail + 64];
    const struct iso_parse_options options = parse_options();
    struct error_list errors;

    error_list_init(&errors, 0);
    bool valid = document_file_validate(file, &options, &errors);
    assert_int_equal(valid, errors.count == 0);
    detail[0] = '\0';
    if (!valid)
        snprintf(detail, sizeof detail, "%s: %s", errors.at[0].kind->text, errors.at[0].detail);
    error_list_fini(&errors);
    return detail;
}

static void begin(struct document_file *file, uint64_t first, size_t count_max)
{
    struct iso_batch_options options = { .parse = parse_options(),
                                         .first = first,
                                         .count_max = count_max };

    options.parse.readers = (const struct shape_reader *const *)&reader;
    options.parse.reader_count = 1;
    document_file_begin(file, &options);
}

static void check_batch(const struct iso_batch *batch)
{
    char row[16];

    for (size_t i = 0; i < batch->count; i++) {
        snprintf(row, sizeof row, "%07zu", (size_t)batch->first + i);
        assert_slice_equal(record_get(&batch->records[i], 0), "A");
        assert_slice_equal(record_get(&batch->records[i], 1), row);
    }
}

/* How many records there were; error says why there were no more. */
static size_t read_all(struct document_file *file, uint64_t first, struct error *error)
{
    struct iso_batch batch;
    size_t count = 0;

    begin(file, first, 1000);
    while (document_file_next(file, &batch, error)) {
        assert_true(batch.first == first + count);
        check_batch(&batch);
        count += batch.count;
    }
    return count;
}

static void a_document_of_many_blocks_is_read_twice(void **state)
{
    enum { COUNT = 3 * BLOCK_SIZE / ROW_SIZE };
    struct document_file file;
    struct error error;

    (void)state;
    write_rows(COUNT, TAIL);
    for (uint64_t first = 1; first <= COUNT; first += COUNT / 3) {
        open_file(&file);
        assert_string_equal(validate(&file), "");
        assert_int_equal(file.digest_count, 4);
        assert_int_equal(read_all(&file, first, &error), COUNT - first + 1);
        assert_null(error.kind);
        document_file_close(&file);
    }
}

/* The last block is as large as the others. */
static void a_document_may_end_with_a_block(void **state)
{
    enum { COUNT = (BLOCK_SIZE - 1000) / ROW_SIZE };
    char tail[2000];
    struct document_file file;
    struct error error;
    size_t space = BLOCK_SIZE - (sizeof HEAD - 1) - (size_t)COUNT * ROW_SIZE - (sizeof TAIL - 1);

    (void)state;
    snprintf(tail, sizeof tail, "%s%*s", TAIL, (int)space, "");
    write_rows(COUNT, tail);
    open_file(&file);
    assert_string_equal(validate(&file), "");
    assert_int_equal(file.digest_count, 1);
    assert_int_equal(read_all(&file, 1, &error), COUNT);
    assert_null(error.kind);
    document_file_close(&file);
}

static void what_is_wrong_at_the_end_is_told_before_anything_is_handed_out(void **state)
{
    static const struct {
        const char *tail, *finding;
    } cases[] = {
        { "<Row>too long</Row>" TAIL,
          "the value is not allowed: /Document/Many/Row[100001]: \"too long\", expected at most 7 "
          "characters" },
        { "", "not well-formed XML" },
        { TAIL "<more/>", "not well-formed XML" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document_file file;

        write_rows(100000, cases[i].tail);
        open_file(&file);
        if (strstr(validate(&file), cases[i].finding) == NULL)
            fail_msg("%s is expected", cases[i].finding);
        assert_null(file.schema);
        document_file_close(&file);
    }
}

static void an_empty_file_is_not_valid(void **state)
{
    struct document_file file;

    (void)state;
    write_text("", "wb");
    open_file(&file);
    assert_non_null(strstr(validate(&file), "not well-formed XML"));
    document_file_close(&file);
}

/* One byte of a block that is not read yet. */
static void change(off_t at, char byte)
{
    int file = open(path, O_WRONLY);

    assert_true(file >= 0);
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
    assert_int_equal(close(file), 0);
}

static void of_a_file_that_changes_nothing_more_is_handed_out(void **state)
{
    enum { COUNT = 2 * BLOCK_SIZE / ROW_SIZE };
    static const off_t places[] = { sizeof HEAD + 5, BLOCK_SIZE, BLOCK_SIZE + 100,
                                    (off_t)COUNT * ROW_SIZE };

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct document_file file;
        struct error error;

        write_rows(COUNT, TAIL);
        open_file(&file);
        assert_string_equal(validate(&file), "");
        change(places[i], '9');
        size_t count = read_all(&file, 1, &error);
        assert_ptr_equal(error.kind, &document_file_changed);
        assert_true(count <= (size_t)places[i] / BLOCK_SIZE * BLOCK_SIZE / ROW_SIZE);
        assert_int_equal(count > 0, places[i] >= BLOCK_SIZE);
        document_file_close(&file);
    }
}

static void a_file_that_grows_or_shrinks_has_changed(void **state)
{
    enum { COUNT = 2 * BLOCK_SIZE / ROW_SIZE };
    static const off_t sizes[] = { 0, 5, BLOCK_SIZE, (off_t)2 * BLOCK_SIZE, (off_t)4 * BLOCK_SIZE };

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct document_file file;
        struct error error;

        write_rows(COUNT, TAIL);
        open_file(&file);
        assert_string_equal(validate(&file), "");
        assert_int_equal(truncate(path, sizes[i]), 0);
        assert_true(read_all(&file, 1, &error) < COUNT);
        assert_ptr_equal(error.kind, &document_file_changed);
        document_file_close(&file);
    }
}

/* It is not read by its name again. */
static void a_file_that_is_replaced_is_still_the_one_that_was_validated(void **state)
{
    struct document_file file;
    struct error error;

    (void)state;
    write_rows(1000, TAIL);
    open_file(&file);
    assert_string_equal(validate(&file), "");
    assert_int_equal(unlink(path), 0);
    write_rows(3, TAIL);
    assert_int_equal(read_all(&file, 1, &error), 1000);
    assert_null(error.kind);
    document_file_close(&file);
}

static void only_a_regular_file_can_be_read_twice(void **state)
{
    static const char *const others[] = { "/dev/null", "/tmp", "/nowhere/file.xml" };
    char pipe[sizeof path + 8];

    (void)state;
    snprintf(pipe, sizeof pipe, "%s.pipe", path);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    for (size_t i = 0; i < 4; i++) {
        struct document_file file;
        struct error error;

        assert_false(document_file_open(&file, i < 3 ? others[i] : pipe, &error));
        assert_ptr_equal(error.kind, &document_file_fault);
        document_file_close(&file);
    }
    assert_int_equal(unlink(pipe), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_of_many_blocks_is_read_twice),
        cmocka_unit_test(a_document_may_end_with_a_block),
        cmocka_unit_test(what_is_wrong_at_the_end_is_told_before_anything_is_handed_out),
        cmocka_unit_test(an_empty_file_is_not_valid),
        cmocka_unit_test(of_a_file_that_changes_nothing_more_is_handed_out),
        cmocka_unit_test(a_file_that_grows_or_shrinks_has_changed),
        cmocka_unit_test(a_file_that_is_replaced_is_still_the_one_that_was_validated),
        cmocka_unit_test(only_a_regular_file_can_be_read_twice),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
