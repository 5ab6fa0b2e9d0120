/* Links and opening balances out of a table: all rows or none. */
#include "codecs/base/charset.h"
#include "codecs/base/currency.h"
#include "codecs/base/decimal.h"
#include "gateway/engine/csv.h"
#include "gateway/engine/machine.h"

#include <stdlib.h>

#define IMPORT_ERRORS_MAX   50
#define PAYEE_ACCOUNT_MAX   34
#define CLIENT_NAME_MAX     140
#define CLIENT_MAX          64
#define CUSTODY_ACCOUNT_MAX 34

const struct error_kind import_fault = { "import.value", "not a value that is wanted here" };

static struct slice balance_id(struct engine *engine, struct balance_key key)
{
    return SCRATCH(engine, "%zu:%.*s%.*s", key.client.size, SLICE_ARG(key.client),
                   SLICE_ARG(key.currency));
}

static bool balance_is_known(struct engine *engine, struct balance_key key)
{
    return index_has(&engine->balances, INDEX_BALANCE, key.account, balance_id(engine, key));
}

void balance_known(struct engine *engine, struct balance_key key)
{
    if (!balance_is_known(engine, key))
        index_add(&engine->balances, INDEX_BALANCE, key.account, balance_id(engine, key), 0);
}

/* What one import has read so far. */
struct import {
    struct engine *engine;
    struct slice who;
    struct arena *arena;
    struct error_list *errors;
    struct csv_row row; /* that is read */
    struct index keys;  /* of this file's rows */
    struct link *links;
    struct opening {
        struct balance_key key;
        int64_t amount_minor;
        unsigned line;
    } * openings;
    size_t count, room;
};

static bool wrong(struct import *import, size_t column, const char *what)
{
    struct slice value = import->row.values[column];

    return error_list_at(import->errors, &import_fault, import->row.places[column], "%.*s: %s",
                         SLICE_ARG(value), what);
}

static struct slice account_of(struct import *import, struct slice text)
{
    char iban[35];

    return arena_copy(import->arena, iban_electronic(text, iban));
}

/* The same key twice in one file: nobody can say which row is meant. */
static bool is_first(struct import *import, enum index_kind kind, struct slice account,
                     struct slice rest)
{
    if (index_has(&import->keys, kind, account, rest))
        return wrong(import, 0, "this row's key stands in an earlier row too");
    index_add(&import->keys, kind, account, rest, 0);
    return true;
}

/* --- links --- */

enum {
    LINK_CLIENT,
    LINK_ACCOUNT,
    LINK_SESSION,
    LINK_BANK,
    LINK_PAYEE_BANK,
    LINK_PAYEE_ACCOUNT,
    LINK_CLIENT_NAME,
    LINK_CURRENCY,
    LINK_LEGAL_PERSON,
    LINK_COLUMNS
};

static const char *const link_columns[LINK_COLUMNS] = {
    "client",        "account",     "session",  "bank",         "payee_bank",
    "payee_account", "client_name", "currency", "legal_person",
};

static bool check_link(struct import *import)
{
    const struct slice *values = import->row.values;
    bool good = true;

    if (values[LINK_CLIENT].size > CLIENT_MAX)
        good = wrong(import, LINK_CLIENT, "longer than 64 bytes");
    if (account_of(import, values[LINK_ACCOUNT]).size > CUSTODY_ACCOUNT_MAX)
        good = wrong(import, LINK_ACCOUNT, "longer than 34 characters");
    if (configuration_session(import->engine->configuration, values[LINK_SESSION]) == NULL)
        good = wrong(import, LINK_SESSION, "no session has this name");
    if (!bic_valid(values[LINK_BANK]))
        good = wrong(import, LINK_BANK, "not a BIC");
    if (!bic_valid(values[LINK_PAYEE_BANK]))
        good = wrong(import, LINK_PAYEE_BANK, "not a BIC");
    if (account_of(import, values[LINK_PAYEE_ACCOUNT]).size > PAYEE_ACCOUNT_MAX)
        good = wrong(import, LINK_PAYEE_ACCOUNT, "longer than 34 characters");
    if (utf8_length(values[LINK_CLIENT_NAME]) > CLIENT_NAME_MAX)
        good = wrong(import, LINK_CLIENT_NAME, "longer than 140 characters");
    if (currency_find(values[LINK_CURRENCY]) == NULL)
        good = wrong(import, LINK_CURRENCY, "no such currency");
    if (!slice_is(values[LINK_LEGAL_PERSON], "true") &&
        !slice_is(values[LINK_LEGAL_PERSON], "false"))
        good = wrong(import, LINK_LEGAL_PERSON, "neither true nor false");
    return good;
}

static struct link *add_link(struct import *import)
{
    import->links = memory_room(import->links, import->count, &import->room, sizeof *import->links);
    return &import->links[import->count++];
}

static void read_link(struct import *import)
{
    const struct slice *values = import->row.values;
    struct slice account = account_of(import, values[LINK_ACCOUNT]);

    if (!check_link(import) || !is_first(import, INDEX_REQUEST, account, values[LINK_CLIENT]))
        return;
    *add_link(import) = (struct link){
        .client = arena_copy(import->arena, values[LINK_CLIENT]),
        .account = account,
        .session = arena_copy(import->arena, values[LINK_SESSION]),
        .bank = arena_copy(import->arena, values[LINK_BANK]),
        .payee_bank = arena_copy(import->arena, values[LINK_PAYEE_BANK]),
        .payee_account = account_of(import, values[LINK_PAYEE_ACCOUNT]),
        .client_name = arena_copy(import->arena, values[LINK_CLIENT_NAME]),
        .currency = arena_copy(import->arena, values[LINK_CURRENCY]),
        .legal_person = slice_is(values[LINK_LEGAL_PERSON], "true"),
    };
}

static void apply_links(struct import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        struct row row = { .kind = ROW_LINK, .link = import->links[i] };

        book_put_link(import->engine->book, &import->links[i]);
        engine_record(import->engine, &row);
    }
}

/* --- opening balances --- */

enum { BALANCE_CLIENT, BALANCE_ACCOUNT, BALANCE_CURRENCY, BALANCE_AMOUNT, BALANCE_COLUMNS };

static const char *const balance_columns[BALANCE_COLUMNS] = { "client", "account", "currency",
                                                              "amount" };

static bool read_amount(struct import *import, struct slice currency_code, int64_t *amount_minor)
{
    const struct currency *currency = currency_find(currency_code);
    struct decimal amount;

    if (currency == NULL)
        return wrong(import, BALANCE_CURRENCY, "no such currency");
    if (decimal_parse(import->row.values[BALANCE_AMOUNT], DECIMAL_FIX, &amount) != DECIMAL_OK)
        return wrong(import, BALANCE_AMOUNT, "not a plain decimal number of at most 18 digits");
    if (amount.mantissa < 0)
        return wrong(import, BALANCE_AMOUNT, "negative");
    if (!decimal_to_minor(amount, currency->minor_units, amount_minor))
        return wrong(import, BALANCE_AMOUNT, "too large, or more decimals than the currency has");
    return true;
}

static bool check_opening(struct import *import, struct balance_key key)
{
    const struct link *link = book_find_link(import->engine->book, key.client, key.account);

    if (link == NULL)
        return wrong(import, BALANCE_CLIENT, "has no link to this account: import links first");
    if (!slice_equal(link->currency, key.currency))
        return wrong(import, BALANCE_CURRENCY, "the account is kept in another currency");
    if (balance_is_known(import->engine, key))
        return wrong(import, BALANCE_CLIENT,
                     "this balance is open already: only ledger entries change it now");
    return true;
}

static void read_opening(struct import *import)
{
    const struct slice *values = import->row.values;
    struct balance_key key = {
        .account = account_of(import, values[BALANCE_ACCOUNT]),
        .client = arena_copy(import->arena, values[BALANCE_CLIENT]),
        .currency = arena_copy(import->arena, values[BALANCE_CURRENCY]),
    };
    int64_t amount_minor;

    if (!read_amount(import, key.currency, &amount_minor) || !check_opening(import, key) ||
        !is_first(import, INDEX_BALANCE, key.account, balance_id(import->engine, key)))
        return;
    import->openings =
        memory_room(import->openings, import->count, &import->room, sizeof *import->openings);
    import->openings[import->count++] =
        (struct opening){ key, amount_minor, import->row.places[0].line };
}

static void apply_openings(struct import *import)
{
    struct engine *engine = import->engine;

    for (size_t i = 0; i < import->count; i++) {
        const struct opening *opening = &import->openings[i];
        struct movement movement;
        struct error error;

        if (opening->amount_minor == 0) {
            struct row row = { .kind = ROW_BALANCE,
                               .balance = *book_balance(engine->book, opening->key) };
            engine_record(engine, &row);
            balance_known(engine, opening->key);
        } else if (book_move(engine->book, opening->key, LEDGER_OPENING, LEDGER_FREE,
                             opening->amount_minor, &movement, &error)) {
            movement_record(engine, &movement, 0, opening->line, import->who);
        }
    }
}

/* --- both --- */

static const struct import_kind {
    const char *source;
    const char *const *columns;
    size_t column_count;
    void (*read)(struct import *import);
    void (*apply)(struct import *import);
} kinds[] = {
    [IMPORT_LINKS] = { "links", link_columns, LINK_COLUMNS, read_link, apply_links },
    [IMPORT_BALANCES] = { "balances", balance_columns, BALANCE_COLUMNS, read_opening,
                          apply_openings },
};

static void read_rows(struct import *import, const struct import_kind *kind, struct slice text)
{
    struct csv csv;
    struct error error;

    if (!csv_begin(&csv, kind->source, text, kind->columns, kind->column_count, &error)) {
        error_list_add(import->errors, &error);
        return;
    }
    for (;;) {
        enum csv_verdict verdict = csv_next(&csv, &import->row, import->arena, &error);

        if (verdict == CSV_FAULT)
            error_list_add(import->errors, &error);
        if (verdict != CSV_ROW)
            return;
        kind->read(import);
    }
}

bool import_take(struct engine *engine, enum import_what what, struct slice text, struct slice who,
                 struct error_list *errors, size_t *count)
{
    struct arena arena;
    struct import import = { .engine = engine, .who = who, .arena = &arena, .errors = errors };

    arena_init(&arena, ARENA_UNLIMITED);
    read_rows(&import, &kinds[what], text);
    if (errors->count == 0)
        kinds[what].apply(&import);
    *count = import.count;
    index_fini(&import.keys);
    free(import.links);
    free(import.openings);
    arena_fini(&arena);
    return errors->count == 0;
}
