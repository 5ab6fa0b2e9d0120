-- The same promises, in words that cost less.  For each row that is written,
-- SQLite makes a table of its own out of a list of more than two texts; a chain
-- of comparisons is ten times cheaper.  Rows stay as they are, so the words are
-- replaced where SQLite keeps them.
PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = 'CREATE TABLE instruction (
    number              INTEGER PRIMARY KEY CHECK (number > 0),
    flow                TEXT NOT NULL CHECK (flow IN (''withdrawal'', ''deposit'')),
    state               TEXT NOT NULL CHECK (
        state = ''none'' OR state = ''held'' OR state = ''accepted'' OR state = ''sent''
        OR state = ''pending'' OR state = ''in_doubt'' OR state = ''settled'' OR state = ''refused''
        OR state = ''cancelled'' OR state = ''reversed'' OR state = ''returned''),
    amount_minor        INTEGER NOT NULL CHECK (amount_minor >= 0),
    content             BLOB NOT NULL CHECK (length(content) = 32),
    configuration       BLOB NOT NULL CHECK (length(configuration) = 32),
    created_utc_ns      INTEGER NOT NULL,
    changed_utc_ns      INTEGER NOT NULL,
    deadline_utc_ns     INTEGER NOT NULL,
    event_count         INTEGER NOT NULL,
    document_count      INTEGER NOT NULL,
    report_count        INTEGER NOT NULL,
    report_rank         INTEGER NOT NULL,
    reported            INTEGER NOT NULL CHECK (reported IN (0, 1)),
    contradicted        INTEGER NOT NULL CHECK (contradicted IN (0, 1)),
    id                  TEXT NOT NULL UNIQUE,
    asker               TEXT NOT NULL,
    request_id          TEXT NOT NULL,
    payment_id          TEXT,
    session             TEXT,
    channel             TEXT,
    client              TEXT,
    account             TEXT,
    bank                TEXT,
    payee_bank          TEXT,
    payee_account       TEXT,
    amount_text         TEXT,
    currency            TEXT,
    value_date          TEXT,
    uetr                TEXT,
    order_id            TEXT,
    order_instruction   TEXT,
    report_id           TEXT,
    bank_message_id     TEXT,
    bank_instruction_id TEXT,
    bank_transaction_id TEXT,
    bank_reference      TEXT,
    status_code         TEXT,
    reason              TEXT,
    rule                TEXT,
    map                 TEXT,
    asker_note          TEXT,
    request             BLOB,
    report              BLOB,
    UNIQUE (request_id, asker)
) STRICT'
WHERE type = 'table' AND name = 'instruction';

UPDATE sqlite_schema SET sql = 'CREATE TABLE event (
    instruction INTEGER NOT NULL REFERENCES instruction (number),
    sequence    INTEGER NOT NULL CHECK (sequence > 0),
    utc_ns      INTEGER NOT NULL,
    state_from  TEXT NOT NULL CHECK (
        state_from = ''none'' OR state_from = ''held'' OR state_from = ''accepted''
        OR state_from = ''sent'' OR state_from = ''pending'' OR state_from = ''in_doubt''
        OR state_from = ''settled'' OR state_from = ''refused'' OR state_from = ''cancelled''
        OR state_from = ''reversed'' OR state_from = ''returned''),
    state_to    TEXT NOT NULL CHECK (
        state_to = ''none'' OR state_to = ''held'' OR state_to = ''accepted'' OR state_to = ''sent''
        OR state_to = ''pending'' OR state_to = ''in_doubt'' OR state_to = ''settled''
        OR state_to = ''refused'' OR state_to = ''cancelled'' OR state_to = ''reversed''
        OR state_to = ''returned''),
    cause       TEXT,
    who         TEXT,
    rule        TEXT,
    map         TEXT,
    text        TEXT,
    PRIMARY KEY (instruction, sequence)
) STRICT, WITHOUT ROWID'
WHERE type = 'table' AND name = 'event';

UPDATE sqlite_schema SET sql = 'CREATE TABLE ledger (
    instruction  INTEGER REFERENCES instruction (number),
    sequence     INTEGER NOT NULL,
    utc_ns       INTEGER NOT NULL,
    account      TEXT NOT NULL,
    client       TEXT NOT NULL,
    currency     TEXT NOT NULL,
    debit        TEXT NOT NULL CHECK (
        debit = ''free'' OR debit = ''reserved'' OR debit = ''outside'' OR debit = ''opening''),
    credit       TEXT NOT NULL CHECK (
        credit = ''free'' OR credit = ''reserved'' OR credit = ''outside'' OR credit = ''opening''),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    who          TEXT,
    UNIQUE (instruction, sequence),
    FOREIGN KEY (account, client, currency) REFERENCES balance (account, client, currency),
    CHECK (debit <> credit)
) STRICT'
WHERE type = 'table' AND name = 'ledger';

PRAGMA writable_schema = RESET;
