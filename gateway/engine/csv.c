/* Comma separated values, one row at a time, each value with its place. */
#include "gateway/engine/csv.h"

#include "codecs/base/charset.h"

const struct error_kind csv_fault = { "import.csv", "not a table as it is wanted" };

static struct place here(const struct csv *csv)
{
    return (struct place){ csv->source, csv->line, csv->column, csv->at };
}

static bool ended(const struct csv *csv)
{
    return csv->at == csv->text.size;
}

static char peek(const struct csv *csv)
{
    if (ended(csv))
        return '\0';
    return csv->text.at[csv->at];
}

static void step(struct csv *csv)
{
    if (csv->text.at[csv->at++] == '\n') {
        csv->line++;
        csv->column = 1;
    } else {
        csv->column++;
    }
}

static bool at_line_end(const struct csv *csv)
{
    struct slice rest = slice_after(csv->text, csv->at);

    return rest.size == 0 || rest.at[0] == '\n' || slice_starts(rest, SLICE("\r\n"));
}

/* The bytes up to the quote that closes, with those that stand twice. */
static size_t quoted_size(struct slice text)
{
    size_t size = 0;

    while (size < text.size &&
           (text.at[size] != '"' || (size + 1 < text.size && text.at[size + 1] == '"')))
        size += text.at[size] == '"' ? 2 : 1;
    return size;
}

static bool read_quoted(struct csv *csv, struct arena *arena, struct slice *value,
                        struct error *error)
{
    struct place place = here(csv);
    size_t size = 0;

    step(csv);
    char *bytes = arena_take(arena, quoted_size(slice_after(csv->text, csv->at)) + 1);
    for (;;) {
        if (ended(csv))
            return error_at(error, &csv_fault, place, "a quote is not closed");
        char byte = peek(csv);
        step(csv);
        if (byte == '"' && peek(csv) != '"')
            break;
        if (byte == '"')
            step(csv);
        if ((unsigned char)byte < ' ' && byte != '\r' && byte != '\n')
            return error_at(error, &csv_fault, place, "a control character");
        bytes[size++] = byte;
    }
    *value = (struct slice){ bytes, size };
    return true;
}

static bool read_plain(struct csv *csv, struct slice *value, struct error *error)
{
    const char *begin = csv->text.at + csv->at;

    while (peek(csv) != ',' && !at_line_end(csv)) {
        if (peek(csv) == '"')
            return error_at(error, &csv_fault, here(csv), "a quote inside a value without quotes");
        if ((unsigned char)peek(csv) < ' ')
            return error_at(error, &csv_fault, here(csv), "a control character");
        step(csv);
    }
    *value = (struct slice){ begin, (size_t)(csv->text.at + csv->at - begin) };
    return true;
}

static bool read_value(struct csv *csv, struct csv_row *row, size_t column, struct arena *arena,
                       struct error *error)
{
    struct slice *value = &row->values[column];

    row->places[column] = here(csv);
    if (!(peek(csv) == '"' ? read_quoted(csv, arena, value, error) : read_plain(csv, value, error)))
        return false;
    if (value->size == 0)
        return error_at(error, &csv_fault, row->places[column], "%s is empty",
                        csv->columns[column]);
    if (!utf8_valid(*value))
        return error_at(error, &csv_fault, row->places[column], "%s is not UTF-8 text",
                        csv->columns[column]);
    return true;
}

static bool read_line_end(struct csv *csv, struct error *error)
{
    if (!at_line_end(csv))
        return error_at(error, &csv_fault, here(csv),
                        "expected the end of the line: there are %zu columns", csv->column_count);
    if (peek(csv) == '\r')
        step(csv);
    if (!ended(csv))
        step(csv);
    return true;
}

enum csv_verdict csv_next(struct csv *csv, struct csv_row *row, struct arena *arena,
                          struct error *error)
{
    if (ended(csv))
        return CSV_END;
    if (at_line_end(csv)) {
        error_at(error, &csv_fault, here(csv), "empty line");
        return CSV_FAULT;
    }
    for (size_t i = 0; i < csv->column_count; i++) {
        if (i != 0 && peek(csv) != ',') {
            error_at(error, &csv_fault, here(csv), "expected a comma and %s", csv->columns[i]);
            return CSV_FAULT;
        }
        if (i != 0)
            step(csv);
        if (!read_value(csv, row, i, arena, error))
            return CSV_FAULT;
    }
    return read_line_end(csv, error) ? CSV_ROW : CSV_FAULT;
}

bool csv_begin(struct csv *csv, const char *source, struct slice text, const char *const *columns,
               size_t column_count, struct error *error)
{
    struct slice mark = SLICE("\xEF\xBB\xBF");

    *csv = (struct csv){ .source = source,
                         .text = slice_starts(text, mark) ? slice_after(text, mark.size) : text,
                         .line = 1,
                         .column = 1,
                         .columns = columns,
                         .column_count = column_count };
    for (size_t i = 0; i < column_count; i++) {
        struct place place = here(csv);
        struct slice name = SLICE_NONE;

        if (i != 0 && peek(csv) == ',')
            step(csv);
        if (!read_plain(csv, &name, error))
            return false;
        if (!slice_is(name, columns[i]))
            return error_at(error, &csv_fault, place, "expected the column %s", columns[i]);
    }
    return read_line_end(csv, error);
}
