/* Any bytes as a file that an operator imports: what is read of it, written with
   quotes and read again, is the same; what is refused has its place in the file. */
#include "gateway/engine/csv.h"

#include "codecs/base/charset.h"
#include "fuzz/fuzz.h"

#define COLUMNS 3

static const char *const columns[COLUMNS] = { "client", "account", "amount" };

static void write_value(struct slice value, char behind, struct writer *writer)
{
    writer_char(writer, '"');
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] == '"')
            writer_char(writer, '"');
        writer_char(writer, value.at[i]);
    }
    writer_char(writer, '"');
    writer_char(writer, behind);
}

static void write_row(const struct csv_row *row, size_t size, struct writer *writer)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        CHECK(row->values[i].size > 0 && utf8_valid(row->values[i]));
        CHECK(row->places[i].offset < size && row->places[i].line >= 2);
        write_value(row->values[i], i + 1 < COLUMNS ? ',' : '\n', writer);
    }
}

/* What it has, in one form; false: it is refused. */
static bool read_all(struct slice text, struct writer *writer)
{
    struct error error = { .kind = NULL };
    enum csv_verdict verdict = CSV_FAULT;
    struct arena arena;
    struct csv_row row;
    struct csv csv;

    arena_init(&arena, ARENA_UNLIMITED);
    writer_text(writer, "client,account,amount\n");
    if (csv_begin(&csv, "fuzz.csv", text, columns, COLUMNS, &error))
        while ((verdict = csv_next(&csv, &row, &arena, &error)) == CSV_ROW)
            write_row(&row, text.size, writer);
    if (verdict == CSV_FAULT)
        CHECK(error.kind != NULL && error.place.offset <= text.size && error.place.line >= 1);
    arena_fini(&arena);
    return verdict == CSV_END;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct writer first, second;

    writer_init(&first, 0);
    writer_init(&second, 0);
    if (read_all((struct slice){ (const char *)data, size }, &first)) {
        CHECK(read_all(writer_slice(&first), &second));
        CHECK(slice_equal(writer_slice(&first), writer_slice(&second)));
    }
    writer_fini(&first);
    writer_fini(&second);
    return 0;
}
