/* The columns of each table, and the statements that follow from them. */
#include "gateway/store/sqlite_table.h"

#include "codecs/base/writer.h"

#include <assert.h>

/* clang-format off */
#define KEY(name, type, member)     { name, COLUMN_##type, COLUMN_KEY, offsetof(struct row, member) }
#define FIXED(name, type, member)   { name, COLUMN_##type, COLUMN_FIXED, offsetof(struct row, member) }
#define CHANGES(name, type, member) { name, COLUMN_##type, COLUMN_CHANGES, offsetof(struct row, member) }

static const struct column session_columns[] = {
    KEY("name",             TEXT, session.name),
    CHANGES("generation",   U64,  session.generation),
    CHANGES("next_in",      U64,  session.next_in),
    CHANGES("next_out",     U64,  session.next_out),
    CHANGES("untold_first", U64,  session.untold_first),
    CHANGES("untold_next",  U64,  session.untold_next),
    CHANGES("followed_ns",  I64,  session.followed_ns),
    CHANGES("disabled",     BOOL, session.disabled),
};

static const struct column message_columns[] = {
    KEY("session",    TEXT,  message.session),
    KEY("generation", U64,   message.generation),
    KEY("number",     U64,   message.number),
    FIXED("utc_ns",   I64,   message.utc_ns),
    FIXED("bytes",    BYTES, message.bytes),
};

static const struct column event_columns[] = {
    KEY("instruction",  U64,      event.instruction),
    KEY("sequence",     UNSIGNED, event.sequence),
    FIXED("utc_ns",     I64,      event.utc_ns),
    FIXED("state_from", STATE,    event.from),
    FIXED("state_to",   STATE,    event.to),
    FIXED("cause",      TEXT,     event.cause),
    FIXED("who",        TEXT,     event.who),
    FIXED("rule",       TEXT,     event.rule),
    FIXED("map",        TEXT,     event.map),
    FIXED("text",       TEXT,     event.text),
};

static const struct column ledger_columns[] = {
    KEY("instruction",    REFERENCE, ledger.instruction),
    KEY("sequence",       UNSIGNED,  ledger.sequence),
    FIXED("utc_ns",       I64,       ledger.utc_ns),
    FIXED("account",      TEXT,      ledger.movement.key.account),
    FIXED("client",       TEXT,      ledger.movement.key.client),
    FIXED("currency",     TEXT,      ledger.movement.key.currency),
    FIXED("debit",        SIDE,      ledger.movement.from),
    FIXED("credit",       SIDE,      ledger.movement.to),
    FIXED("amount_minor", I64,       ledger.movement.amount_minor),
    FIXED("who",          TEXT,      ledger.who),
};

static const struct column balance_columns[] = {
    KEY("account",            TEXT, balance.key.account),
    KEY("client",             TEXT, balance.key.client),
    KEY("currency",           TEXT, balance.key.currency),
    CHANGES("free_minor",     I64,  balance.free_minor),
    CHANGES("reserved_minor", I64,  balance.reserved_minor),
};

static const struct column link_columns[] = {
    KEY("client",            TEXT, link.client),
    KEY("account",           TEXT, link.account),
    CHANGES("session",       TEXT, link.session),
    CHANGES("bank",          TEXT, link.bank),
    CHANGES("payee_bank",    TEXT, link.payee_bank),
    CHANGES("payee_account", TEXT, link.payee_account),
    CHANGES("client_name",   TEXT, link.client_name),
    CHANGES("currency",      TEXT, link.currency),
    CHANGES("legal_person",  BOOL, link.legal_person),
};

static const struct column document_columns[] = {
    KEY("id",            TEXT,           document.id),
    FIXED("channel",     TEXT,           document.channel),
    FIXED("definition",  TEXT,           document.definition),
    FIXED("instruction", REFERENCE,      document.instruction),
    FIXED("utc_ns",      I64,            document.utc_ns),
    CHANGES("state",     DOCUMENT_STATE, document.state),
    FIXED("bytes",       BYTES,          document.bytes),
};

static const struct column inbox_columns[] = {
    KEY("channel",      TEXT,   inbox.channel),
    KEY("id",           TEXT,   inbox.id),
    FIXED("content",    DIGEST, inbox.content),
    FIXED("number",     U64,    inbox.number),
    FIXED("utc_ns",     I64,    inbox.utc_ns),
    FIXED("definition", TEXT,   inbox.definition),
    FIXED("verdict",    TEXT,   inbox.verdict),
    FIXED("answer",     TEXT,   inbox.answer),
};

static const struct column filter_columns[] = {
    KEY("first",    U64,   filter.first),
    CHANGES("last", U64,   filter.last),
    CHANGES("bits", BYTES, filter.bits),
};

static const struct column configuration_columns[] = {
    KEY("digest",   DIGEST, configuration.digest),
    FIXED("utc_ns", I64,    configuration.utc_ns),
    FIXED("text",   BYTES,  configuration.text),
};

/* Parameters of its statement, in this order. */
static const struct column carry_columns[] = {
    KEY("session",    TEXT, carry.session),
    KEY("generation", U64,  carry.generation),
    FIXED("first",    U64,  carry.first),
    FIXED("last",     U64,  carry.last),
    FIXED("number",   U64,  carry.number),
};

static const struct column alert_columns[] = {
    KEY("number",   U64,  alert.number),
    FIXED("utc_ns", I64,  alert.utc_ns),
    FIXED("event",  TEXT, alert.event),
    FIXED("id",     TEXT, alert.id),
    FIXED("who",    TEXT, alert.who),
    FIXED("why",    TEXT, alert.why),
};

static const struct column told_columns[] = {
    KEY("number", U64, told.number),
};

#undef KEY
#undef FIXED
#undef CHANGES
#define COLUMN(name, type, role, member) \
    { name, COLUMN_##type, COLUMN_##role, offsetof(struct instruction, member) }
#define TEXT(name, type, role) COLUMN(#name, type, role, texts[INSTRUCTION_TEXT_##name])

static const struct column instruction_columns[] = {
    COLUMN("number",          U64,      KEY,     number),
    COLUMN("flow",            FLOW,     FIXED,   flow),
    COLUMN("state",           STATE,    CHANGES, state),
    COLUMN("amount_minor",    I64,      CHANGES, amount_minor),
    COLUMN("content",         DIGEST,   FIXED,   content),
    COLUMN("configuration",   DIGEST,   CHANGES, configuration),
    COLUMN("created_utc_ns",  I64,      FIXED,   created_utc_ns),
    COLUMN("changed_utc_ns",  I64,      CHANGES, changed_utc_ns),
    COLUMN("deadline_utc_ns", I64,      CHANGES, deadline_utc_ns),
    COLUMN("event_count",     UNSIGNED, CHANGES, event_count),
    COLUMN("document_count",  UNSIGNED, CHANGES, document_count),
    COLUMN("report_count",    UNSIGNED, CHANGES, report_count),
    COLUMN("report_rank",     INT,      CHANGES, report_rank),
    COLUMN("reported",        BOOL,     CHANGES, reported),
    COLUMN("contradicted",    BOOL,     CHANGES, contradicted),
    TEXT(id,                  TEXT,  FIXED),
    TEXT(asker,               TEXT,  FIXED),
    TEXT(request_id,          TEXT,  FIXED),
    TEXT(payment_id,          TEXT,  CHANGES),
    TEXT(session,             TEXT,  CHANGES),
    TEXT(channel,             TEXT,  CHANGES),
    TEXT(client,              TEXT,  CHANGES),
    TEXT(account,             TEXT,  CHANGES),
    TEXT(bank,                TEXT,  CHANGES),
    TEXT(payee_bank,          TEXT,  CHANGES),
    TEXT(payee_account,       TEXT,  CHANGES),
    TEXT(amount_text,         TEXT,  CHANGES),
    TEXT(currency,            TEXT,  CHANGES),
    TEXT(value_date,          TEXT,  CHANGES),
    TEXT(uetr,                TEXT,  CHANGES),
    TEXT(order_id,            TEXT,  CHANGES),
    TEXT(order_instruction,   TEXT,  CHANGES),
    TEXT(order_payment,       TEXT,  CHANGES),
    TEXT(order_transaction,   TEXT,  CHANGES),
    TEXT(report_id,           TEXT,  CHANGES),
    TEXT(bank_message_id,     TEXT,  CHANGES),
    TEXT(bank_instruction_id, TEXT,  CHANGES),
    TEXT(bank_transaction_id, TEXT,  CHANGES),
    TEXT(bank_reference,      TEXT,  CHANGES),
    TEXT(status_code,         TEXT,  CHANGES),
    TEXT(reason,              TEXT,  CHANGES),
    TEXT(rule,                TEXT,  CHANGES),
    TEXT(map,                 TEXT,  CHANGES),
    TEXT(asker_note,          TEXT,  CHANGES),
    TEXT(request,             BYTES, FIXED),
    TEXT(report,              BYTES, CHANGES),
};

#undef COLUMN
#undef TEXT
#define TABLE(name, columns) { name, (columns), sizeof(columns) / sizeof *(columns) }

static const struct sqlite_table tables[ROW_KIND_COUNT] = {
    [ROW_SESSION]       = TABLE("session",       session_columns),
    [ROW_MESSAGE_OUT]   = TABLE("message_out",   message_columns),
    [ROW_MESSAGE_IN]    = TABLE("message_in",    message_columns),
    [ROW_INSTRUCTION]   = TABLE("instruction",   instruction_columns),
    [ROW_EVENT]         = TABLE("event",         event_columns),
    [ROW_LEDGER]        = TABLE("ledger",        ledger_columns),
    [ROW_BALANCE]       = TABLE("balance",       balance_columns),
    [ROW_LINK]          = TABLE("link",          link_columns),
    [ROW_DOCUMENT]      = TABLE("document",      document_columns),
    [ROW_INBOX]         = TABLE("inbox",         inbox_columns),
    [ROW_FILTER]        = TABLE("filter",        filter_columns),
    [ROW_CONFIGURATION] = TABLE("configuration", configuration_columns),
    [ROW_CARRY]         = TABLE("carry",         carry_columns), /* none such: an UPDATE */
    [ROW_ALERT]         = TABLE("alert",         alert_columns),
    [ROW_TOLD]          = TABLE("told",          told_columns), /* none such: a DELETE */
};

#undef TABLE
/* clang-format on */

const struct sqlite_table *sqlite_table_of(enum row_kind kind)
{
    assert(kind < ROW_KIND_COUNT);
    return &tables[kind];
}

/* What write makes of each column with a role from least to most, with commas. */
static void write_columns(const struct sqlite_table *table, enum column_role least,
                          enum column_role most, void (*write)(const char *, struct writer *),
                          struct writer *writer)
{
    const char *separator = "";
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        if (column->role < least || column->role > most)
            continue;
        writer_text(writer, separator);
        write(column->name, writer);
        separator = ", ";
    }
}

static void write_name(const char *name, struct writer *writer)
{
    writer_text(writer, name);
}

static void write_parameter(const char *name, struct writer *writer)
{
    (void)name;
    writer_char(writer, '?');
}

static void write_replacement(const char *name, struct writer *writer)
{
    writer_format(writer, "%s = excluded.%s", name, name);
}

void sqlite_write_columns(enum row_kind kind, struct writer *writer)
{
    write_columns(sqlite_table_of(kind), COLUMN_KEY, COLUMN_CHANGES, write_name, writer);
}

void sqlite_write_insert(enum row_kind kind, struct writer *writer)
{
    const struct sqlite_table *table = sqlite_table_of(kind);
    if (kind == ROW_CARRY) {
        writer_text(writer, "UPDATE message_out SET generation = ?2 + 1, number = number - ?3 + ?5"
                            " WHERE session = ?1 AND generation = ?2 AND number BETWEEN ?3 AND ?4");
        return;
    }
    if (kind == ROW_TOLD) {
        writer_text(writer, "DELETE FROM alert WHERE number = ?");
        return;
    }
    writer_format(writer, "INSERT INTO %s (", table->name);
    write_columns(table, COLUMN_KEY, COLUMN_CHANGES, write_name, writer);
    writer_text(writer, ") VALUES (");
    write_columns(table, COLUMN_KEY, COLUMN_CHANGES, write_parameter, writer);
    writer_text(writer, ")");
    if (kind == ROW_CONFIGURATION) {
        writer_text(writer, " ON CONFLICT DO NOTHING"); /* active again */
    } else if (row_is_state(kind)) {
        writer_text(writer, " ON CONFLICT (");
        write_columns(table, COLUMN_KEY, COLUMN_KEY, write_name, writer);
        writer_text(writer, ") DO UPDATE SET ");
        write_columns(table, COLUMN_CHANGES, COLUMN_CHANGES, write_replacement, writer);
    }
}

void sqlite_write_select(enum row_kind kind, const char *rest, struct writer *writer)
{
    const struct sqlite_table *table = sqlite_table_of(kind);
    writer_text(writer, "SELECT ");
    write_columns(table, COLUMN_KEY, COLUMN_CHANGES, write_name, writer);
    writer_format(writer, " FROM %s %s", table->name, rest);
}
