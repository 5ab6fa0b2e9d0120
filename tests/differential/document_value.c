/* Values of simple types, at the edges of their facets more often than not; and
   texts that may miss one of them by a little. */
#include "differential/document.h"

#include "codecs/base/charset.h"

enum {
    TRY_COUNT_MAX = 200,
    LENGTH_MAX = 400,        /* of what may be longer, but for a few */
    LENGTH_RARE_MAX = 11000, /* of those */
};

static const char *const characters[] = {
    "a",
    "b",
    "Z",
    "0",
    "9",
    " ",
    "/",
    "-",
    "?",
    ":",
    "(",
    ")",
    ".",
    ",",
    "'",
    "+",
    "&",
    "<",
    ">",
    "\"",
    "]]>",
    "\t",
    "\n",
    "\r",
    "\xc3\xa9",
    "\xc2\xa0",
    "\xe4\xb8\xad",
    "\xf0\x9f\x98\x80",
    "e\xcc\x81",
    "\xef\xbf\xbd",
    "\xc2\x85",
    "\xe2\x80\xa8",
};

/* Each with another lexical form of its type. */
static const char *const zones[] = { "",       "",       "",       "Z",      "+00:00",
                                     "-00:00", "+08:00", "+14:00", "-14:00", "+05:45" };
static const char *const dates[] = { "2024-02-29",  "2024-01-31",  "2000-02-29",
                                     "1999-12-31",  "-0001-01-01", "-0004-02-28",
                                     "12024-01-01", "0001-01-01",  "9999-12-31" };
static const char *const times[] = { "00:00:00",   "24:00:00",    "24:00:00.000",
                                     "23:59:59",   "13:05:00.1",  "13:05:00.123456789012",
                                     "00:00:00.0", "09:30:59.999" };
static const char *const years[] = { "2024", "0001", "-0044", "9999", "12024" };
static const char *const year_months[] = { "2024-02", "0001-12", "-0044-03", "12024-01" };
static const char *const months[] = { "--01", "--12" };
static const char *const booleans[] = { "true", "false", "0", "1" };
static const char *const spaces[] = { " ", "\n", "\t", "  \n\t ", "\r" };

/* Forms that libxml2 does not take, or only a processor of any size. */
static const char *const rare_dates[] = { "12345678901234567890-01-01", "99999999999-12-31" };
static const char *const rare_times[] = { "23:59:59.99999999999999999999",
                                          "00:00:59.999999999999999999999999" };

#define TODAY "2024-01-01"

/* What is near to a value of each type, on either side of what it takes. */
static const char *const near_values[ISO_BASE_COUNT][40] = {
    [ISO_STRING] = { "", " ", "A", "ABCD", "eur", "EUR", "EURO", "\xc3\xa9", "UNLIMITED", "0", "01",
                     "\xef\xbc\x91\xef\xbc\x92", "\xd9\xa1", "true" },
    [ISO_DECIMAL] = { "",
                      "0",
                      "-0",
                      "+0",
                      "-1",
                      "1.5",
                      ".",
                      ".5",
                      "5.",
                      "+.5",
                      "-.0",
                      "1e3",
                      "1E0",
                      "INF",
                      "NaN",
                      "1,5",
                      "1 5",
                      "--1",
                      "+-1",
                      "-",
                      "00001.10",
                      "1.123456",
                      "12345678901234567890",
                      "0.00000000000000000001",
                      "\xd9\xa1",
                      "0x1",
                      "1.2.3" },
    [ISO_BOOLEAN] = { "", "True", "TRUE", "yes", "01", "00", "2", "-1", "1.0", "t", " true\t",
                      "falsch" },
    [ISO_DATE] = { "",
                   "2023-02-29",
                   "2100-02-29",
                   "2000-02-29",
                   "2024-02-30",
                   "2024-04-31",
                   "2024-13-01",
                   "2024-00-10",
                   "2024-01-00",
                   "2024-1-1",
                   "24-01-01",
                   "0000-01-01",
                   "-0000-01-01",
                   "02024-01-01",
                   "+" TODAY,
                   TODAY "z",
                   TODAY "+14:01",
                   TODAY "+15:00",
                   TODAY "-14:59",
                   TODAY "+1",
                   TODAY "+01",
                   TODAY "+0100",
                   TODAY " +01:00",
                   TODAY "Z ",
                   TODAY "ZZ",
                   TODAY "T00:00:00",
                   "2024/01/01",
                   "20240101",
                   TODAY "+13:60",
                   TODAY "-13:59" },
    [ISO_DATE_TIME] = { "",
                        TODAY,
                        TODAY "t00:00:00",
                        TODAY " 00:00:00",
                        TODAY "T24:00:01",
                        TODAY "T24:00:00.1",
                        TODAY "T24:01:00",
                        TODAY "T23:59:60",
                        TODAY "T25:00:00",
                        TODAY "T00:60:00",
                        TODAY "T00:00:00.",
                        TODAY "T00:00:00,5",
                        TODAY "T00:00",
                        TODAY "T",
                        TODAY "T00:00:00Z+01:00",
                        TODAY "T00:00:00+14:01",
                        TODAY "T1:00:00",
                        "2023-02-29T00:00:00",
                        TODAY "T00:00:00.0000Z",
                        TODAY "T24:00:00-14:00" },
    [ISO_TIME] = { "", "24:00:01", "24:00:00.1", "1:00:00", "13:05", "13:05:60", "13:60:00",
                   "25:00:00", "13:05:00.", "13:05:00+25:00", "T13:05:00", "13:05:00 Z",
                   "13:05:00z", "24:00:00Z", "-13:05:00" },
    [ISO_YEAR] = { "", "0000", "024", "20240", "02024", "+2024", "-0001", "2024z", "2024-02",
                   "2024+14:01" },
    [ISO_YEAR_MONTH] = { "", "2024-13", "2024-00", "2024-2", "0000-01", "2024", TODAY,
                         "2024-02+14:00" },
    [ISO_MONTH] = { "", "--13", "--00", "--2", "-02", "--02--", "--12Z", "--01-01" },
    [ISO_BASE64] = { "", "QUJ", "QR==", "QQ==", "QQ=", "QUI=", "QUJ=", "Q=Q=", "=QUJ",
                     "QUJD=", "Q UJ D", "QUJDRA= =", "QU-D", "QU_D", "====", "QUJDRA", "Q===" },
};

static const char *any_near_value(struct document *document, enum iso_base base)
{
    if (document_chance(document, 15))
        base = (enum iso_base)document_below(document, ISO_BASE_COUNT);
    size_t count = 0;
    while (near_values[base][count] != NULL)
        count++;
    return near_values[base][document_below(document, count)];
}

static void write_padding(struct document *document, struct writer *writer)
{
    if (document_chance(document, 8))
        writer_text(writer, DOCUMENT_ANY(document, spaces));
}

/* At least, at most, or between; what has no limit is short. */
static size_t any_length(struct document *document, const struct iso_facets *facets)
{
    size_t limit = document_chance(document, 1) ? LENGTH_RARE_MAX : LENGTH_MAX;
    size_t least = facets->length_min, most = facets->length_max;
    if (most > limit)
        most = least + (facets->length_max < LENGTH_RARE_MAX ? 60 : 12);
    if (document_chance(document, 12))
        return least;
    if (document_chance(document, 12))
        return most;
    size_t room = most - least < 20 ? most - least : 20;
    return least + document_below(document, room + 1);
}

static void write_string(struct document *document, size_t length, struct writer *writer)
{
    bool plain = document_chance(document, 60);
    while (length > 0) {
        const char *text =
            plain ? characters[document_below(document, 16)] : DOCUMENT_ANY(document, characters);
        size_t count = strcmp(text, "]]>") == 0 ? 3 : text[0] == 'e' ? 2 : 1;
        if (count > length)
            continue;
        writer_text(writer, text);
        length -= count;
    }
}

static void write_base64(struct document *document, size_t octets, struct writer *writer)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bool spaced = document_chance(document, 20);
    for (size_t left = octets; left > 0; left -= left < 3 ? left : 3) {
        size_t used = left < 3 ? left + 1 : 4;
        for (size_t i = 0; i < used; i++) {
            size_t digit = document_below(document, 64);
            if (i + 1 == used && used < 4)
                digit &= used == 2 ? 0x30 : 0x3c;
            writer_char(writer, digits[digit]);
            if (spaced && document_chance(document, 30))
                writer_text(writer, DOCUMENT_ANY(document, spaces));
        }
        writer_format(writer, "%.*s", (int)(4 - used), "==");
    }
}

static void write_digits(struct document *document, size_t count, struct writer *writer)
{
    for (size_t i = 0; i < count; i++)
        writer_char(writer, (char)('1' + document_below(document, 9)));
}

static size_t smaller(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* Digits before and behind the point, all that the facets take at times, and zeros
   that do not count. */
static void write_decimal(struct document *document, const struct iso_facets *facets,
                          struct writer *writer)
{
    size_t digits = smaller(facets->digits_max, 30),
           fraction = smaller(facets->fraction_max, digits);
    if (document_chance(document, 70)) {
        digits = smaller(digits, 1 + document_below(document, 9));
        fraction = smaller(fraction, digits);
    }
    fraction = document_chance(document, 20) ? fraction : document_below(document, fraction + 1);
    bool signless = facets->minimum.at != NULL || document_chance(document, 80);
    writer_text(writer, !signless ? "-" : document_chance(document, 8) ? "+" : "");
    writer_format(writer, "%.*s", document_chance(document, 5) ? 3 : 0, "000");
    write_digits(document, digits - fraction, writer);
    if (fraction == 0) {
        writer_text(writer, document_chance(document, 10)  ? ".000"
                            : document_chance(document, 5) ? "."
                                                           : "");
        return;
    }
    writer_char(writer, '.');
    write_digits(document, fraction, writer);
    writer_format(writer, "%.*s", document_chance(document, 10) ? 2 : 0, "00");
    if (document_chance(document, 1))
        writer_format(writer, "%030d", 0);
}

static void write_date(struct document *document, struct writer *writer)
{
    bool rare = document_chance(document, 1);
    writer_text(writer, rare ? DOCUMENT_ANY(document, rare_dates) : DOCUMENT_ANY(document, dates));
}

static void write_time(struct document *document, struct writer *writer)
{
    bool rare = document_chance(document, 1);
    writer_text(writer, rare ? DOCUMENT_ANY(document, rare_times) : DOCUMENT_ANY(document, times));
}

static void write_moment(struct document *document, enum iso_base base, struct writer *writer)
{
    if (base == ISO_DATE || base == ISO_DATE_TIME)
        write_date(document, writer);
    if (base == ISO_DATE_TIME)
        writer_char(writer, 'T');
    if (base == ISO_TIME || base == ISO_DATE_TIME)
        write_time(document, writer);
    if (base == ISO_YEAR)
        writer_text(writer, DOCUMENT_ANY(document, years));
    if (base == ISO_YEAR_MONTH)
        writer_text(writer, DOCUMENT_ANY(document, year_months));
    if (base == ISO_MONTH)
        writer_text(writer, DOCUMENT_ANY(document, months));
    writer_text(writer, DOCUMENT_ANY(document, zones));
}

static void write_of_base(struct document *document, const struct iso_facets *facets,
                          struct writer *writer)
{
    if (facets->base == ISO_STRING && facets->pattern != NULL)
        writer_bytes(writer, document_match(document, facets->pattern_text));
    else if (facets->base == ISO_STRING)
        write_string(document, any_length(document, facets), writer);
    else if (facets->base == ISO_DECIMAL)
        write_decimal(document, facets, writer);
    else if (facets->base == ISO_BOOLEAN)
        writer_text(writer, DOCUMENT_ANY(document, booleans));
    else if (facets->base == ISO_BASE64)
        write_base64(document, any_length(document, facets), writer);
    else
        write_moment(document, facets->base, writer);
}

static void write_value(struct document *document, const struct iso_facets *facets,
                        struct writer *writer)
{
    writer_reset(writer);
    if (facets->base != ISO_STRING)
        write_padding(document, writer);
    if (facets->fixed.at != NULL)
        writer_bytes(writer, facets->fixed);
    else if (facets->code_count > 0)
        writer_bytes(writer, facets->codes[document_below(document, facets->code_count)]);
    else
        write_of_base(document, facets, writer);
    if (facets->base != ISO_STRING)
        write_padding(document, writer);
}

/* Facets that nobody satisfied by design, as a pattern of a dateTime or the bounds
   of a decimal, are met by trying. */
struct slice document_value(struct document *document, const struct iso_facets *facets)
{
    struct writer writer;
    struct slice checked;
    unsigned attempt = 0;
    bool simple =
        facets->base != ISO_DECIMAL &&
        (facets->pattern == NULL || (facets->base == ISO_STRING && facets->length_min == 0)) &&
        (facets->pattern == NULL || facets->code_count == 0);
    writer_init(&writer, 0);
    do {
        write_value(document, facets, &writer);
        checked = writer_slice(&writer);
    } while (!simple && iso_value_check(facets, &checked) != ISO_VALUE_FINE &&
             ++attempt < TRY_COUNT_MAX);
    struct slice text = arena_copy(&document->arena, writer_slice(&writer));
    writer_fini(&writer);
    return text;
}

/* One character more or less than the facets take. */
static void write_wrong_length(struct document *document, const struct iso_facets *facets,
                               struct writer *writer)
{
    bool shorter = facets->length_min > 0 && document_chance(document, 40);
    size_t length =
        shorter ? facets->length_min - 1 : smaller(facets->length_max, LENGTH_RARE_MAX) + 1;
    if (facets->base == ISO_BASE64)
        write_base64(document, length, writer);
    else
        write_string(document, length, writer);
}

/* One digit too much, before the point or behind; or below the least number. */
static void write_wrong_decimal(struct document *document, const struct iso_facets *facets,
                                struct writer *writer)
{
    size_t digits = smaller(facets->digits_max, 40),
           fraction = smaller(facets->fraction_max, digits);
    switch (document_below(document, 3)) {
    case 0:
        write_digits(document, digits + 1 - fraction, writer);
        writer_text(writer, fraction > 0 ? "." : "");
        write_digits(document, fraction, writer);
        break;
    case 1:
        writer_text(writer, "0.");
        write_digits(document, fraction + 1, writer);
        break;
    default:
        writer_format(writer, "-0.%0*d", (int)smaller(fraction == 0 ? 1 : fraction, 9), 1);
    }
}

/* A value of the type with one character changed, dropped or added. */
static void write_altered(struct document *document, const struct iso_facets *facets,
                          struct writer *writer)
{
    struct slice value = document_value(document, facets);
    const char *other = DOCUMENT_ANY(document, characters);
    size_t at = document_below(document, value.size + 1),
           dropped = at < value.size ? document_below(document, 2) : 0;
    writer_format(writer, "%.*s%s%.*s", (int)at, value.at,
                  document_chance(document, 70) ? other : "", (int)(value.size - at - dropped),
                  value.at + at + dropped);
    if (!document_chance(document, 50))
        return;
    for (size_t i = 0; i < writer->used; i++) {
        if (writer->at[i] >= 'A' && writer->at[i] <= 'Z' && document_chance(document, 30))
            writer->at[i] = (char)(writer->at[i] - 'A' + 'a');
    }
}

struct slice document_near_value(struct document *document, const struct iso_facets *facets)
{
    struct writer writer;
    writer_init(&writer, 0);
    unsigned way = (unsigned)document_below(document, 4);
    bool has_length = facets->length_min > 0 || facets->length_max != ISO_NO_LIMIT;
    if (way == 0)
        writer_text(&writer, any_near_value(document, facets->base));
    else if (way == 1 && has_length)
        write_wrong_length(document, facets, &writer);
    else if (way == 1 && facets->base == ISO_DECIMAL)
        write_wrong_decimal(document, facets, &writer);
    else
        write_altered(document, facets, &writer);
    struct slice text = arena_copy(&document->arena, writer_slice(&writer));
    if (!utf8_valid(text))
        text = SLICE("x");
    writer_fini(&writer);
    return text;
}
