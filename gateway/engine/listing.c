/* Rows as tables and cards of text, or as JSON. */
#include "gateway/engine/listing.h"

void listing_init(struct listing *listing, struct writer *writer, bool json)
{
    *listing = (struct listing){ .writer = writer, .json = json };
    writer_init(&listing->names, 0);
    writer_init(&listing->values, 0);
    if (json)
        writer_char(writer, '{');
}

void listing_fini(struct listing *listing)
{
    if (listing->json)
        writer_text(listing->writer, "}\n");
    writer_fini(&listing->names);
    writer_fini(&listing->values);
}

void listing_section(struct listing *listing, const char *name, enum listing_style style)
{
    listing->style = style;
    listing->rows = 0;
    if (listing->json)
        writer_format(listing->writer, "%s\"%s\":[", listing->sections == 0 ? "" : ",", name);
    else if (listing->sections != 0)
        writer_format(listing->writer, "\n%s\n", name);
    listing->sections++;
}

void listing_section_end(struct listing *listing)
{
    if (listing->json)
        writer_char(listing->writer, ']');
}

void listing_row(struct listing *listing)
{
    listing->fields = 0;
    writer_reset(&listing->names);
    writer_reset(&listing->values);
    if (listing->json)
        writer_text(listing->writer, listing->rows == 0 ? "{" : ",{");
    listing->rows++;
}

void listing_row_end(struct listing *listing)
{
    if (listing->json) {
        writer_char(listing->writer, '}');
        return;
    }
    if (listing->style == LISTING_CARD)
        return;
    if (listing->rows == 1) {
        writer_bytes(listing->writer, writer_slice(&listing->names));
        writer_char(listing->writer, '\n');
    }
    writer_bytes(listing->writer, writer_slice(&listing->values));
    writer_char(listing->writer, '\n');
}

/* Delimiters of FIX fields become bars, other control characters blanks. */
static void write_plain(struct writer *writer, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.at[i];

        if (byte == '\001')
            byte = '|';
        else if ((unsigned char)byte < ' ' || byte == 127)
            byte = ' ';
        writer_char(writer, byte);
    }
}

static void write_json_name(struct listing *listing, const char *name)
{
    writer_format(listing->writer, "%s\"%s\":", listing->fields++ == 0 ? "" : ",", name);
}

static void write_field(struct listing *listing, const char *name, struct slice text)
{
    if (listing->style == LISTING_CARD) {
        if (text.at == NULL)
            return;
        writer_format(listing->writer, "%s: ", name);
        write_plain(listing->writer, text);
        writer_char(listing->writer, '\n');
        return;
    }
    const char *gap = listing->fields++ == 0 ? "" : "\t";
    writer_format(&listing->names, "%s%s", gap, name);
    writer_text(&listing->values, gap);
    write_plain(&listing->values, text.size == 0 ? SLICE("-") : text);
}

void listing_text(struct listing *listing, const char *name, struct slice text)
{
    if (!listing->json) {
        write_field(listing, name, text);
    } else if (text.at != NULL) {
        write_json_name(listing, name);
        writer_json(listing->writer, text);
    }
}

void listing_number(struct listing *listing, const char *name, uint64_t number)
{
    char digits[24];
    struct writer writer;

    if (listing->json) {
        write_json_name(listing, name);
        writer_u64(listing->writer, number);
        return;
    }
    writer_init(&writer, sizeof digits);
    writer_u64(&writer, number);
    write_field(listing, name, writer_slice(&writer));
    writer_fini(&writer);
}
