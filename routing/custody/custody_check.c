/* What may be accepted: one rule per thing that can be wrong with a request, in
   the order in which they are told. */
#include "codecs/base/bic.h"
#include "codecs/base/currency.h"
#include "codecs/base/decimal.h"
#include "codecs/base/iban.h"
#include "routing/custody/custody.h"
#include "routing/custody/custody_text.h"

enum {
    FRACTION_MAX = 5, /* ActiveCurrencyAndAmount */
    ECHO_SIZE_MAX = 80,
};

struct check {
    const struct facts *facts;
    const struct book *book;
    struct date today;
    enum flow flow;
    struct slice session; /* whose links count; absent: any */
    struct slice client, account;
    char account_iban[IBAN_SIZE_MAX + 1]; /* what account may point to */
    const struct link *link;
    struct decimal amount;
    const struct currency *currency;
    int64_t amount_minor;
    struct date value_date;
    struct refusal *refusal;
};

typedef bool check_rule(struct check *check);

static struct slice said(const struct check *check, enum fact fact)
{
    return check->facts->values[fact];
}

/* Returns false, so that refusing is one line.  The words are followed by what
   was written, when something was. */
static bool refuse(struct check *check, const char *code, const char *words, struct slice written)
{
    struct refusal *refusal = check->refusal;
    memcpy(refusal->code, code, sizeof refusal->code);
    if (written.at == NULL) {
        custody_text(refusal->text, sizeof refusal->text, "%s", words);
        return false;
    }
    char echo[ECHO_SIZE_MAX];
    custody_text(echo, sizeof echo, "%.*s", SLICE_ARG(written));
    custody_text(refusal->text, sizeof refusal->text, "%s: \"%s\"", words, echo);
    return false;
}

/* Decimals as written: zeros at the end count. */
static size_t fraction_size(struct slice amount)
{
    const char *point = memchr(amount.at, '.', amount.size);
    return point == NULL ? 0 : (size_t)(amount.at + amount.size - point) - 1;
}

static bool amount_is_a_number(struct check *check)
{
    struct slice text = said(check, FACT_instruction_amount);
    if (text.at == NULL)
        return refuse(check, "AM12", "amount is missing", SLICE_NONE);
    enum decimal_form form = check->flow == FLOW_DEPOSIT ? DECIMAL_XML : DECIMAL_FIX;
    switch (decimal_parse(text, form, &check->amount)) {
    case DECIMAL_OK:
        break;
    case DECIMAL_MALFORMED:
        return refuse(check, "AM12", "amount is not a plain decimal number", text);
    case DECIMAL_TOO_LONG:
        return refuse(check, "AM12", "amount has more than 18 digits", text);
    }
    if (check->amount.mantissa <= 0)
        return refuse(check, "AM12", "amount is not above zero", text);
    if (fraction_size(text) > FRACTION_MAX)
        return refuse(check, "AM12", "amount has more than 5 decimals", text);
    return true;
}

static bool currency_exists(struct check *check)
{
    struct slice code = said(check, FACT_instruction_currency);
    if (code.at == NULL && check->link != NULL)
        code = check->link->currency;
    if (code.at == NULL)
        return refuse(check, "AM03", "currency is missing", SLICE_NONE);
    check->currency = currency_find(code);
    return check->currency != NULL || refuse(check, "AM03", "no such currency", code);
}

static bool amount_suits_currency(struct check *check)
{
    struct slice text = said(check, FACT_instruction_amount);
    unsigned minor_units = check->currency->minor_units;
    if (fraction_size(text) > minor_units)
        return refuse(check, "AM12", "amount has more decimals than the currency", text);
    return decimal_to_minor(check->amount, minor_units, &check->amount_minor) ||
           refuse(check, "AM12", "amount is too large", text);
}

static bool value_date_is_good(struct check *check)
{
    struct slice text = said(check, FACT_instruction_value_date);
    if (text.at == NULL)
        return refuse(check, "DT01", "value date is missing", SLICE_NONE);
    if (!iso_date_parse(text, &check->value_date))
        return refuse(check, "DT01", "value date is not a date", text);
    /* What the bank began has moved already: its date may lie behind. */
    if (check->flow == FLOW_WITHDRAWAL &&
        date_to_days(check->value_date) < date_to_days(check->today))
        return refuse(check, "DT01", "value date is in the past", text);
    return true;
}

static bool client_is_known(struct check *check)
{
    if (check->client.at == NULL)
        return check->flow == FLOW_DEPOSIT || /* the payer's account tells whose money it is */
               refuse(check, "BE06", "client is missing", SLICE_NONE);
    return book_knows_client(check->book, check->client, check->session) ||
           refuse(check, "BE06", "client not known", check->client);
}

static bool account_is_known(struct check *check)
{
    if (check->account.at == NULL)
        return refuse(check, "AC03", "custody account is missing", SLICE_NONE);
    if (book_knows_account(check->book, check->account, check->session))
        return true;
    return refuse(check, "AC03", "custody account not known", check->account);
}

static bool account_is_linked(struct check *check)
{
    return check->link != NULL ||
           refuse(check, "MD01", "custody account is not linked to the client", SLICE_NONE);
}

static bool bank_keeps_account(struct check *check)
{
    struct slice bank = said(check, FACT_instruction_bank);
    return bank.at == NULL || bic_same(bank, check->link->bank) ||
           refuse(check, "AGNT", "bank does not keep the custody account", bank);
}

static bool currency_is_the_accounts(struct check *check)
{
    return check->link->currency.at == NULL ||
           slice_is(check->link->currency, check->currency->code) ||
           refuse(check, "AM03", "custody account is not kept in this currency",
                  slice_of(check->currency->code));
}

static bool same_account(struct slice one, struct slice other)
{
    char one_iban[IBAN_SIZE_MAX + 1], other_iban[IBAN_SIZE_MAX + 1];
    return slice_equal(iban_electronic(one, one_iban), iban_electronic(other, other_iban));
}

/* The closed loop: money moves between a client's custody account and the same
   client's own bank account only. */
static bool payee_is_the_clients_own(struct check *check)
{
    const struct link *link = check->link;
    struct slice account = said(check, FACT_instruction_payee_account);
    struct slice bank = said(check, FACT_instruction_payee_bank);
    if (link->payee_account.size == 0 || same_account(link->payee_account, link->account))
        return refuse(check, "MD01", "link names no bank account of the client", SLICE_NONE);
    if (account.at == NULL && check->flow == FLOW_DEPOSIT)
        return refuse(check, "MD01", "account of the payer is missing", SLICE_NONE);
    if (account.at != NULL && !same_account(account, link->payee_account))
        return refuse(check, "MD01", "bank account is not the one linked to the client",
                      SLICE_NONE);
    if (bank.at != NULL && !bic_same(bank, link->payee_bank))
        return refuse(check, "MD01", "bank is not that of the linked bank account", bank);
    return true;
}

static check_rule *const rules[] = {
    amount_is_a_number,       currency_exists,          amount_suits_currency, value_date_is_good,
    client_is_known,          account_is_known,         account_is_linked,     bank_keeps_account,
    currency_is_the_accounts, payee_is_the_clients_own,
};

/* Another broker's link is none. */
static const struct link *of_session(const struct link *link, struct slice session)
{
    bool wrong = link != NULL && session.at != NULL && !slice_equal(link->session, session);
    return wrong ? NULL : link;
}

static const struct link *find_link(const struct check *check)
{
    if (check->client.at != NULL || check->flow != FLOW_DEPOSIT)
        return of_session(book_find_link(check->book, check->client, check->account),
                          check->session);
    char iban[IBAN_SIZE_MAX + 1];
    struct slice payer = iban_electronic(said(check, FACT_instruction_payee_account), iban);
    return of_session(book_find_link_by_payee(check->book, check->account, payer), check->session);
}

/* A withdrawal that comes from no session has no link. */
static struct slice session_of(const struct instruction *instruction)
{
    struct slice session = instruction_get(instruction, INSTRUCTION_TEXT_session);
    bool nobodys = session.at == NULL && instruction->flow == FLOW_WITHDRAWAL;
    return nobodys ? SLICE("") : session;
}

static void take_over(struct instruction *instruction, const struct check *check)
{
    const struct link *link = check->link;
    const struct {
        enum instruction_text which;
        struct slice text;
    } texts[] = {
        { INSTRUCTION_TEXT_client, link->client },
        { INSTRUCTION_TEXT_account, link->account },
        { INSTRUCTION_TEXT_session, link->session },
        { INSTRUCTION_TEXT_bank, link->bank },
        { INSTRUCTION_TEXT_payee_bank, link->payee_bank },
        { INSTRUCTION_TEXT_payee_account, link->payee_account },
        { INSTRUCTION_TEXT_currency, slice_of(check->currency->code) },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        instruction_set(instruction, texts[i].which, texts[i].text);
    struct writer date;
    writer_init(&date, 0);
    iso_date_write(check->value_date, &date);
    instruction_set(instruction, INSTRUCTION_TEXT_value_date, writer_slice(&date));
    writer_fini(&date);
    instruction->amount_minor = check->amount_minor;
}

bool custody_check(struct instruction *instruction, const struct facts *facts,
                   const struct book *book, struct date today, const struct link **link,
                   struct refusal *refusal)
{
    struct check check = {
        .facts = facts,
        .book = book,
        .today = today,
        .flow = instruction->flow,
        .session = session_of(instruction),
        .client = facts->values[FACT_instruction_client],
        .refusal = refusal,
    };
    check.account = iban_electronic(facts->values[FACT_instruction_account], check.account_iban);
    check.link = *link = find_link(&check);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (!rules[i](&check))
            return false;
    take_over(instruction, &check);
    return true;
}
