/* Dates, times, booleans, numbers and text from the form of one message to
   that of another, exactly or not at all (flows.md section 3). */
#include "routing/expression/convert.h"

#include "codecs/base/decimal.h"
#include "codecs/base/moment.h"

enum {
    KIND_COUNT = SHAPE_DATA + 1,
    TIME_SIZE_MAX = 32,
};

/* 1800-01-01 and 2200-01-01. */
#define TIME_FIRST SECONDS_NS(-5364662400)
#define TIME_LAST  SECONDS_NS(7258118400)

static const char *const kind_names[KIND_COUNT] = {
    [SHAPE_TEXT] = "a text",      [SHAPE_CODE] = "a code",       [SHAPE_INTEGER] = "an integer",
    [SHAPE_DECIMAL] = "a number", [SHAPE_BOOLEAN] = "a boolean", [SHAPE_DATE] = "a date",
    [SHAPE_TIMESTAMP] = "a time", [SHAPE_DATA] = "data",
};

#define BIT(kind) (1u << SHAPE_##kind)

/* What each kind may be written to.  Text may turn out not to be a number or a
   code: that is checked per message.  Data, which is bytes in one protocol and
   base64 in the other, goes nowhere. */
static const unsigned targets[KIND_COUNT] = {
    [SHAPE_TEXT] = BIT(TEXT) | BIT(CODE) | BIT(INTEGER) | BIT(DECIMAL),
    [SHAPE_CODE] = BIT(TEXT) | BIT(CODE) | BIT(INTEGER) | BIT(DECIMAL),
    [SHAPE_INTEGER] = BIT(TEXT) | BIT(CODE) | BIT(INTEGER) | BIT(DECIMAL),
    [SHAPE_DECIMAL] = BIT(TEXT) | BIT(DECIMAL),
    [SHAPE_BOOLEAN] = BIT(BOOLEAN),
    [SHAPE_DATE] = BIT(DATE),
    [SHAPE_TIMESTAMP] = BIT(TIMESTAMP),
};

const char *convert_kind_name(enum shape_kind kind)
{
    return kind_names[kind];
}

bool convert_possible(enum shape_kind from, enum shape_kind to)
{
    return (targets[from] & (1u << to)) != 0;
}

struct writer convert_writer(struct arena *arena, size_t size)
{
    /* One byte less than there is, for the NUL: so the writer never reallocates. */
    struct writer writer = { .at = arena_take(arena, size + 1), .room = size + 1, .limit = size };
    writer.overrun = writer.at == NULL;
    return writer;
}

/* What a conversion works on. */
struct conversion {
    const struct shape_field *field;
    struct slice text;
    const struct surroundings *surroundings;
};

static bool written(const struct writer *writer, struct slice *text)
{
    *text = writer_slice(writer);
    return writer_ok(writer);
}

static bool text_in(const struct conversion *of, struct slice *inside)
{
    return charset_to_utf8(of->surroundings->charset, of->text, of->surroundings->arena, inside);
}

static bool text_out(const struct conversion *of, struct slice *text)
{
    return charset_from_utf8(of->surroundings->target_charset, of->text, of->surroundings->arena,
                             text);
}

static bool as_it_is(const struct conversion *of, struct slice *text)
{
    *text = of->text;
    return true;
}

static bool boolean_in(const struct conversion *of, struct slice *inside)
{
    bool iso = of->field->iso_form;
    bool yes =
        iso ? slice_is(of->text, "true") || slice_is(of->text, "1") : slice_is(of->text, "Y");
    bool no =
        iso ? slice_is(of->text, "false") || slice_is(of->text, "0") : slice_is(of->text, "N");
    *inside = yes ? SLICE("true") : SLICE("false");
    return yes || no;
}

static bool boolean_out(const struct conversion *of, struct slice *text)
{
    bool yes = slice_is(of->text, "true");
    if (of->field->iso_form)
        *text = of->text;
    else
        *text = yes ? SLICE("Y") : SLICE("N");
    return yes || slice_is(of->text, "false");
}

static bool write_date(const struct conversion *of, struct date date, bool iso_form,
                       struct slice *text)
{
    struct writer writer = convert_writer(of->surroundings->arena, TIME_SIZE_MAX);
    if (iso_form)
        iso_date_write(date, &writer);
    else
        fix_date_write(date, &writer);
    return written(&writer, text);
}

static bool date_in(const struct conversion *of, struct slice *inside)
{
    struct date date;
    bool parsed =
        of->field->iso_form ? iso_date_parse(of->text, &date) : fix_date_parse(of->text, &date);
    return parsed && write_date(of, date, true, inside);
}

static bool date_out(const struct conversion *of, struct slice *text)
{
    struct date date;
    return iso_date_parse(of->text, &date) && write_date(of, date, of->field->iso_form, text);
}

static bool write_time(const struct conversion *of, int64_t utc_ns, bool iso_form,
                       struct slice *text)
{
    struct writer writer = convert_writer(of->surroundings->arena, TIME_SIZE_MAX);
    if (iso_form)
        iso_timestamp_write(utc_ns, &writer);
    else
        fix_timestamp_write(utc_ns, &writer);
    return written(&writer, text);
}

/* Times beyond what nanoseconds in 64 bits reach were moved to the end of it:
   they are refused, not changed. */
static bool reached(int64_t utc_ns)
{
    return utc_ns > TIME_FIRST && utc_ns < TIME_LAST;
}

/* A time without a zone is in that of the source. */
static bool parse_time(const struct conversion *of, bool iso_form, int64_t *utc_ns)
{
    bool has_zone = true;
    bool parsed = iso_form ? iso_timestamp_parse(of->text, utc_ns, &has_zone)
                           : fix_timestamp_parse(of->text, utc_ns);
    if (!parsed || !reached(*utc_ns))
        return false;
    if (!has_zone)
        *utc_ns -= SECONDS_NS(60) * of->surroundings->source_offset_minutes;
    return true;
}

static bool time_in(const struct conversion *of, struct slice *inside)
{
    int64_t utc_ns;
    return parse_time(of, of->field->iso_form, &utc_ns) && write_time(of, utc_ns, true, inside);
}

static bool time_out(const struct conversion *of, struct slice *text)
{
    int64_t utc_ns;
    return parse_time(of, true, &utc_ns) && write_time(of, utc_ns, of->field->iso_form, text);
}

/* A number as its sign and digits, without zeros in front. */
struct digits {
    bool negative;
    struct slice whole, fraction;
};

static bool split_digits(struct slice text, struct digits *digits)
{
    struct decimal decimal;
    enum decimal_verdict verdict = decimal_parse(text, DECIMAL_XML, &decimal);
    if (verdict == DECIMAL_MALFORMED)
        return false;
    digits->negative = verdict == DECIMAL_OK ? decimal.mantissa < 0 : text.at[0] == '-';
    if (text.at[0] == '-' || text.at[0] == '+')
        text = slice_after(text, 1);
    while (text.size > 0 && text.at[0] == '0')
        text = slice_after(text, 1);
    const char *point = memchr(text.at, '.', text.size);
    digits->whole =
        (struct slice){ text.at, point == NULL ? text.size : (size_t)(point - text.at) };
    digits->fraction = point == NULL ? SLICE("") : slice_after(text, (size_t)(point + 1 - text.at));
    return true;
}

/* Zeros at the end of the fraction give way when there is no room for them. */
static bool fit_digits(struct digits *digits, size_t digits_max, size_t fraction_max)
{
    size_t room = digits_max > digits->whole.size ? digits_max - digits->whole.size : 0;
    if (room > fraction_max)
        room = fraction_max;
    while (digits->fraction.size > room && digits->fraction.at[digits->fraction.size - 1] == '0')
        digits->fraction.size--;
    return digits->whole.size <= digits_max && digits->fraction.size <= room;
}

static bool write_digits(const struct conversion *of, const struct digits *digits,
                         struct slice *text)
{
    struct writer writer = convert_writer(of->surroundings->arena, of->text.size + 1);
    if (digits->negative)
        writer_char(&writer, '-');
    writer_bytes(&writer, digits->whole.size > 0 ? digits->whole : SLICE("0"));
    if (digits->fraction.size > 0) {
        writer_char(&writer, '.');
        writer_bytes(&writer, digits->fraction);
    }
    return written(&writer, text);
}

static bool number_out(const struct conversion *of, struct slice *text)
{
    const struct shape_field *field = of->field;
    struct digits digits;
    size_t digits_max = field->digits_max != 0 ? field->digits_max : SIZE_MAX;
    size_t fraction_max = field->digits_max != 0 ? field->fraction_max : SIZE_MAX;
    if (field->kind == SHAPE_INTEGER)
        fraction_max = 0;
    return split_digits(of->text, &digits) && fit_digits(&digits, digits_max, fraction_max) &&
           write_digits(of, &digits, text);
}

typedef bool convert(const struct conversion *of, struct slice *text);

static const struct {
    convert *in, *out;
} conversions[KIND_COUNT] = {
    [SHAPE_TEXT] = { text_in, text_out },          [SHAPE_CODE] = { text_in, text_out },
    [SHAPE_INTEGER] = { as_it_is, number_out },    [SHAPE_DECIMAL] = { as_it_is, number_out },
    [SHAPE_BOOLEAN] = { boolean_in, boolean_out }, [SHAPE_DATE] = { date_in, date_out },
    [SHAPE_TIMESTAMP] = { time_in, time_out },     [SHAPE_DATA] = { as_it_is, as_it_is },
};

bool convert_no_room(struct place place, struct error *error)
{
    return error_at(error, &expression_value, place, "the message needs more memory than it may");
}

static bool room_left(const struct conversion *of, struct place place, struct error *error)
{
    return arena_ok(of->surroundings->arena) || convert_no_room(place, error);
}

bool convert_in(const struct shape_field *field, struct slice text,
                const struct surroundings *surroundings, struct place place, struct slice *inside,
                struct error *error)
{
    const struct conversion of = { field, text, surroundings };
    if (conversions[field->kind].in(&of, inside))
        return room_left(&of, place, error);
    if (!room_left(&of, place, error))
        return false;
    if (conversions[field->kind].in == text_in)
        return error_at(error, &expression_value, place,
                        "bytes that mean nothing in the sender's charset");
    return error_at(error, &expression_value, place, "\"%.*s\" is not %s", SLICE_ARG(text),
                    convert_kind_name(field->kind));
}

static bool refuse_out(const struct conversion *of, struct place place, struct error *error)
{
    const struct shape_field *field = of->field;
    if (conversions[field->kind].out == text_out)
        return error_at(error, &expression_value, place,
                        "the receiver's charset can't represent \"%.*s\"", SLICE_ARG(of->text));
    if (field->kind == SHAPE_DECIMAL && field->digits_max != 0)
        return error_at(error, &expression_value, place,
                        "\"%.*s\" is not a number of at most %u digits, %u of them decimals",
                        SLICE_ARG(of->text), field->digits_max, field->fraction_max);
    return error_at(error, &expression_value, place, "\"%.*s\" is not %s", SLICE_ARG(of->text),
                    convert_kind_name(field->kind));
}

bool convert_out(const struct shape_field *field, struct slice inside,
                 const struct surroundings *surroundings, struct place place, struct slice *text,
                 struct error *error)
{
    const struct conversion of = { field, inside, surroundings };
    if (conversions[field->kind].out(&of, text))
        return room_left(&of, place, error);
    return room_left(&of, place, error) && refuse_out(&of, place, error);
}
