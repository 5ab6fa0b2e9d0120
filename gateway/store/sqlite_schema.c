/* The migrations, oldest first.  The tables hold what they can of our promises:
   balances not below zero, keys that are never used twice, rows that speak only
   of what is there. */
#include "gateway/store/sqlite_schema.h"

#include <assert.h>

#define STATES                                                                                     \
    "('none', 'held', 'accepted', 'sent', 'pending', 'in_doubt', 'settled', 'refused', "           \
    "'cancelled', 'reversed', 'returned')"
#define SIDES "('free', 'reserved', 'outside', 'opening')"

#define MESSAGE_COLUMNS                                                                            \
    " session TEXT NOT NULL REFERENCES session (name),"                                            \
    " generation INTEGER NOT NULL CHECK (generation >= 0),"                                        \
    " number INTEGER NOT NULL CHECK (number > 0),"                                                 \
    " utc_ns INTEGER NOT NULL,"                                                                    \
    " bytes BLOB NOT NULL,"                                                                        \
    " PRIMARY KEY (session, generation, number)"

static const char *const first[] = {
    "CREATE TABLE store ("
    " one INTEGER PRIMARY KEY CHECK (one = 1),"
    " identity TEXT NOT NULL CHECK (length(identity) = 6),"
    " epoch INTEGER NOT NULL,"
    " last_batch INTEGER NOT NULL,"
    " last_number INTEGER NOT NULL"
    ") STRICT",

    "CREATE TABLE session ("
    " name TEXT PRIMARY KEY,"
    " generation INTEGER NOT NULL CHECK (generation >= 0),"
    " next_in INTEGER NOT NULL CHECK (next_in > 0),"
    " next_out INTEGER NOT NULL CHECK (next_out > 0)"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE message_out (" MESSAGE_COLUMNS ") STRICT, WITHOUT ROWID",
    "CREATE TABLE message_in (" MESSAGE_COLUMNS ") STRICT, WITHOUT ROWID",

    "CREATE TABLE instruction ("
    " number INTEGER PRIMARY KEY CHECK (number > 0),"
    " flow TEXT NOT NULL CHECK (flow IN ('withdrawal', 'deposit')),"
    " state TEXT NOT NULL CHECK (state IN " STATES "),"
    " amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),"
    " content BLOB NOT NULL CHECK (length(content) = 32),"
    " configuration BLOB NOT NULL CHECK (length(configuration) = 32),"
    " created_utc_ns INTEGER NOT NULL,"
    " changed_utc_ns INTEGER NOT NULL,"
    " deadline_utc_ns INTEGER NOT NULL,"
    " event_count INTEGER NOT NULL,"
    " document_count INTEGER NOT NULL,"
    " report_count INTEGER NOT NULL,"
    " report_rank INTEGER NOT NULL,"
    " reported INTEGER NOT NULL CHECK (reported IN (0, 1)),"
    " contradicted INTEGER NOT NULL CHECK (contradicted IN (0, 1)),"
    " id TEXT NOT NULL UNIQUE,"
    " asker TEXT NOT NULL,"
    " request_id TEXT NOT NULL,"
    " payment_id TEXT,"
    " session TEXT,"
    " channel TEXT,"
    " client TEXT,"
    " account TEXT,"
    " bank TEXT,"
    " payee_bank TEXT,"
    " payee_account TEXT,"
    " amount_text TEXT,"
    " currency TEXT,"
    " value_date TEXT,"
    " uetr TEXT,"
    " order_id TEXT,"
    " order_instruction TEXT,"
    " report_id TEXT,"
    " bank_message_id TEXT,"
    " bank_instruction_id TEXT,"
    " bank_transaction_id TEXT,"
    " bank_reference TEXT,"
    " status_code TEXT,"
    " reason TEXT,"
    " rule TEXT,"
    " map TEXT,"
    " asker_note TEXT,"
    " request BLOB,"
    " report BLOB,"
    " UNIQUE (request_id, asker)"
    ") STRICT",
    "CREATE INDEX instruction_by_state ON instruction (state)",
    "CREATE INDEX instruction_by_payment ON instruction (asker, uetr, flow)"
    " WHERE flow = 'deposit' AND uetr IS NOT NULL",
    "CREATE INDEX instruction_by_order ON instruction (channel, order_instruction)"
    " WHERE order_instruction IS NOT NULL",

    "CREATE TABLE event ("
    " instruction INTEGER NOT NULL REFERENCES instruction (number),"
    " sequence INTEGER NOT NULL CHECK (sequence > 0),"
    " utc_ns INTEGER NOT NULL,"
    " state_from TEXT NOT NULL CHECK (state_from IN " STATES "),"
    " state_to TEXT NOT NULL CHECK (state_to IN " STATES "),"
    " cause TEXT,"
    " who TEXT,"
    " rule TEXT,"
    " map TEXT,"
    " text TEXT,"
    " PRIMARY KEY (instruction, sequence)"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE balance ("
    " account TEXT NOT NULL,"
    " client TEXT NOT NULL,"
    " currency TEXT NOT NULL,"
    " free_minor INTEGER NOT NULL CHECK (free_minor >= 0),"
    " reserved_minor INTEGER NOT NULL CHECK (reserved_minor >= 0),"
    " PRIMARY KEY (account, client, currency)"
    ") STRICT, WITHOUT ROWID",

    /* instruction is NULL for an import. */
    "CREATE TABLE ledger ("
    " instruction INTEGER REFERENCES instruction (number),"
    " sequence INTEGER NOT NULL,"
    " utc_ns INTEGER NOT NULL,"
    " account TEXT NOT NULL,"
    " client TEXT NOT NULL,"
    " currency TEXT NOT NULL,"
    " debit TEXT NOT NULL CHECK (debit IN " SIDES "),"
    " credit TEXT NOT NULL CHECK (credit IN " SIDES "),"
    " amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),"
    " who TEXT,"
    " UNIQUE (instruction, sequence),"
    " FOREIGN KEY (account, client, currency) REFERENCES balance (account, client, "
    "currency),"
    " CHECK (debit <> credit)"
    ") STRICT",

    "CREATE TABLE link ("
    " client TEXT NOT NULL,"
    " account TEXT NOT NULL,"
    " session TEXT NOT NULL,"
    " bank TEXT,"
    " payee_bank TEXT,"
    " payee_account TEXT,"
    " client_name TEXT,"
    " currency TEXT,"
    " legal_person INTEGER NOT NULL CHECK (legal_person IN (0, 1)),"
    " PRIMARY KEY (client, account)"
    ") STRICT, WITHOUT ROWID",

    /* Not WITHOUT ROWID: documents are large and their ids in no useful order. */
    "CREATE TABLE document ("
    " id TEXT NOT NULL UNIQUE,"
    " channel TEXT NOT NULL,"
    " definition TEXT,"
    " instruction INTEGER REFERENCES instruction (number),"
    " utc_ns INTEGER NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('waiting', 'taken')),"
    " bytes BLOB NOT NULL"
    ") STRICT",
    "CREATE INDEX document_by_instruction ON document (instruction)",
    "CREATE INDEX document_waiting ON document (state) WHERE state = 'waiting'",

    "CREATE TABLE inbox ("
    " channel TEXT NOT NULL,"
    " id TEXT NOT NULL,"
    " content BLOB NOT NULL CHECK (length(content) = 32),"
    " number INTEGER NOT NULL,"
    " utc_ns INTEGER NOT NULL,"
    " definition TEXT,"
    " verdict TEXT,"
    " answer TEXT,"
    " PRIMARY KEY (channel, id)"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE configuration ("
    " digest BLOB PRIMARY KEY CHECK (length(digest) = 32),"
    " utc_ns INTEGER NOT NULL,"
    " text BLOB NOT NULL"
    ") STRICT",

    NULL,
};

static const char *const *const migrations[] = { first };

size_t sqlite_schema_version(void)
{
    return sizeof migrations / sizeof *migrations;
}

const char *const *sqlite_schema_migration(size_t index)
{
    assert(index < sqlite_schema_version());
    return migrations[index];
}
