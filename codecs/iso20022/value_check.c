/* What the rules of value_rules.def check of identifiers, codes and amounts.  Those
   that have more than one place say what they make of them, in their order. */
#include "codecs/base/bic.h"
#include "codecs/base/check_digits.h"
#include "codecs/base/currency.h"
#include "codecs/base/decimal.h"
#include "codecs/base/iban.h"
#include "codecs/iso20022/code_table.h"
#include "codecs/iso20022/parser.h"

static void broken_by(const struct iso_rule_sight *sight)
{
    iso_rule_broken(sight, "\"%.*s\"", SLICE_ARG(iso_value_excerpt(sight->value)));
}

/* ------------------------------------------------------------ one value by itself */

static bool iban_length_fits(struct slice iban)
{
    size_t size = iban_country_size(iban);
    return size == 0 || size == iban.size;
}

static bool has_no_small_letter(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] >= 'a' && text.at[i] <= 'z')
            return false;
    }
    return true;
}

static bool iban_country_fits(struct slice iban)
{
    return iban.size > 2 && code_table_country((struct slice){ iban.at, 2 });
}

static bool bic_country_fits(struct slice bic)
{
    return bic.size < 6 || code_table_country((struct slice){ bic.at + 4, 2 });
}

static bool lei_fits(struct slice lei)
{
    return check_digits_97(lei, 0);
}

/* As "7a562c67-ca16-48ba-b074-65581be6f001". */
static bool is_uuid_4(struct slice text)
{
    static const char form[] = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";
    bool fits = text.size == sizeof form - 1;
    for (size_t i = 0; fits && i < text.size; i++) {
        char byte = text.at[i];
        if (form[i] == 'x')
            fits = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
        else
            fits = form[i] == 'v' ? byte == '8' || byte == '9' || byte == 'a' || byte == 'b'
                                  : byte == form[i];
    }
    return fits;
}

static bool is_currency(struct slice code)
{
    return code_table_currency(code) || code_table_currency_historic(code);
}

static bool is_money(struct slice code)
{
    return !code_table_currency_special(code);
}

static void look_value(const struct iso_rule_sight *sight)
{
    if (!sight->rule->check->fits(sight->value))
        broken_by(sight);
}

#define VALUE_CHECK(name, predicate)                                                               \
    const struct iso_rule_check iso_rule_##name = { .look = look_value, .fits = (predicate) }
VALUE_CHECK(iban_length, iban_length_fits);
VALUE_CHECK(iban_check_digits, iban_check_digits_fit);
VALUE_CHECK(iban_country, iban_country_fits);
VALUE_CHECK(capitals, has_no_small_letter);
VALUE_CHECK(bic_form, bic_valid);
VALUE_CHECK(bic_country, bic_country_fits);
VALUE_CHECK(lei, lei_fits);
VALUE_CHECK(isin, check_digits_isin);
VALUE_CHECK(uuid_4, is_uuid_4);
VALUE_CHECK(country, code_table_country);
VALUE_CHECK(currency_active, code_table_currency);
VALUE_CHECK(currency, is_currency);
VALUE_CHECK(money, is_money);

/* The only value that there may be. */
static void look_only(const struct iso_rule_sight *sight)
{
    if (!slice_is(sight->value, sight->rule->check->with))
        broken_by(sight);
}

const struct iso_rule_check iso_rule_only_eur = { .look = look_only, .with = "EUR" };
const struct iso_rule_check iso_rule_only_cny = { .look = look_only, .with = "CNY" };

/* ------------------------------------------------------------ external code sets */

static const void *bind_codes(const struct iso_profile *profile, const struct iso_type *type)
{
    return iso_profile_codes(profile, iso_type_plain_name(type));
}

static void look_codes(const struct iso_rule_sight *sight)
{
    const struct iso_code_list *list = sight->data;
    if (!iso_code_list_has(list, sight->value))
        iso_rule_broken(sight, "\"%.*s\" is not in %.*s",
                        SLICE_ARG(iso_value_excerpt(sight->value)), SLICE_ARG(list->name));
}

const struct iso_rule_check iso_rule_external_codes = { .look = look_codes, .bind = bind_codes };

/* ------------------------------------------------------------ amounts */

/* The currency, and the amount beside it. */
static void look_minor_units(const struct iso_rule_sight *sight)
{
    enum { CURRENCY };
    const struct currency **currency = sight->memory;
    struct decimal number;
    if (sight->path == CURRENCY) {
        *currency = currency_find(sight->value);
        return;
    }
    if (*currency != NULL && decimal_parse(sight->value, DECIMAL_XML, &number) == DECIMAL_OK &&
        number.exponent < -(int)(*currency)->minor_units)
        iso_rule_broken(sight, "%.*s is %s with more than %u decimals",
                        SLICE_ARG(iso_value_excerpt(sight->value)), (*currency)->code,
                        (*currency)->minor_units);
    *currency = NULL;
}

const struct iso_rule_check iso_rule_minor_units = { .look = look_minor_units,
                                                     .memory_size =
                                                         sizeof(const struct currency *) };

/* ------------------------------------------------------------ creditor references */

/* The reference with what it is; its code; its issuer; the text itself.  One of
   another kind, or of another issuer than ISO, may look like one of ISO 11649. */
static void look_creditor_reference(const struct iso_rule_sight *sight)
{
    enum { REFERENCE, CODE, ISSUER, TEXT };
    bool *is_other = sight->memory;
    struct slice text = sight->value;
    if (sight->path == REFERENCE)
        *is_other = false;
    else if (sight->path == CODE)
        *is_other = *is_other || !slice_is(text, "SCOR");
    else if (sight->path == ISSUER)
        *is_other = *is_other || !slice_is(text, "ISO");
    else if (!*is_other && text.size > 4 && slice_starts(text, SLICE("RF")) && text.at[2] >= '0' &&
             text.at[2] <= '9' && text.at[3] >= '0' && text.at[3] <= '9' &&
             !check_digits_97(text, 4))
        broken_by(sight);
}

const struct iso_rule_check iso_rule_creditor_reference = { .look = look_creditor_reference,
                                                            .memory_size = sizeof(bool) };

/* ------------------------------------------------------------ members of clearing systems */

/* How their identifications are built. */
struct clearing {
    const char *system;
    size_t size_min, size_max; /* digits */
};

static const struct clearing clearings[] = {
#define CLEARING(system, size_min, size_max) { #system, size_min, size_max },
#include "codecs/iso20022/clearings.def"
#undef CLEARING
};

static const struct clearing *clearing_named(struct slice system)
{
    for (size_t i = 0; i < sizeof clearings / sizeof *clearings; i++) {
        if (slice_is(system, clearings[i].system))
            return &clearings[i];
    }
    return NULL;
}

static bool is_digits(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    }
    return true;
}

/* A member; the code of the clearing system; what it calls the member.  Here is
   the system of what is seen; NULL: it is not known, or this is no member's name. */
static const struct clearing *clearing_of(const struct iso_rule_sight *sight)
{
    enum { MEMBER, SYSTEM, NAME };
    const struct clearing **clearing = sight->memory;
    if (sight->path == MEMBER)
        *clearing = NULL;
    else if (sight->path == SYSTEM)
        *clearing = clearing_named(sight->value);
    return sight->path == NAME ? *clearing : NULL;
}

static void look_member_form(const struct iso_rule_sight *sight)
{
    const struct clearing *clearing = clearing_of(sight);
    struct slice name = sight->value;
    if (clearing != NULL &&
        (name.size < clearing->size_min || name.size > clearing->size_max || !is_digits(name)))
        iso_rule_broken(sight, "\"%.*s\" in %s", SLICE_ARG(iso_value_excerpt(name)),
                        clearing->system);
}

static void look_member_aba(const struct iso_rule_sight *sight)
{
    const struct clearing *clearing = clearing_of(sight);
    if (clearing != NULL && strcmp(clearing->system, "USABA") == 0 &&
        !check_digits_aba(sight->value))
        broken_by(sight);
}

const struct iso_rule_check iso_rule_member_form = { .look = look_member_form,
                                                     .memory_size = sizeof(void *) };
const struct iso_rule_check iso_rule_member_aba = { .look = look_member_aba,
                                                    .memory_size = sizeof(void *) };
