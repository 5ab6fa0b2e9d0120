-- The store as it was first released.
--
-- What a table can promise it promises here, so that no fault in the program
-- above can break it: balances are not below zero, a key of history is never
-- used twice, and no row speaks of something that is not there.
--
-- Times are nanoseconds since 1970 in UTC.  Amounts are whole minor units of
-- their currency.  A text that is absent is NULL; an empty one is ''.

-- Who we are, and who writes: one row.
CREATE TABLE store (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    identity    TEXT NOT NULL CHECK (length(identity) = 6), -- in every id of ours, for ever
    epoch       INTEGER NOT NULL, -- one more with each owner; an older one can commit no more
    last_batch  INTEGER NOT NULL, -- answers "is it in?" when only the answer was lost
    last_number INTEGER NOT NULL  -- the highest ever given to an instruction or an inbox row
) STRICT;

-- A FIX session.  Below next_in all is done with; below next_out a number may
-- have been used (they are reserved ahead).  A reset begins a generation.
CREATE TABLE session (
    name       TEXT PRIMARY KEY,
    generation INTEGER NOT NULL CHECK (generation >= 0),
    next_in    INTEGER NOT NULL CHECK (next_in > 0),
    next_out   INTEGER NOT NULL CHECK (next_out > 0)
) STRICT, WITHOUT ROWID;

-- Application messages that we sent, for resends.
CREATE TABLE message_out (
    session    TEXT NOT NULL REFERENCES session (name),
    generation INTEGER NOT NULL CHECK (generation >= 0),
    number     INTEGER NOT NULL CHECK (number > 0),
    utc_ns     INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (session, generation, number)
) STRICT, WITHOUT ROWID;

-- Application messages as they came.
CREATE TABLE message_in (
    session    TEXT NOT NULL REFERENCES session (name),
    generation INTEGER NOT NULL CHECK (generation >= 0),
    number     INTEGER NOT NULL CHECK (number > 0),
    utc_ns     INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (session, generation, number)
) STRICT, WITHOUT ROWID;

-- What somebody asked for, in its last state.
CREATE TABLE instruction (
    number              INTEGER PRIMARY KEY CHECK (number > 0),
    flow                TEXT NOT NULL CHECK (flow IN ('withdrawal', 'deposit')),
    state               TEXT NOT NULL CHECK (state IN
                            ('none', 'held', 'accepted', 'sent', 'pending', 'in_doubt', 'settled',
                             'refused', 'cancelled', 'reversed', 'returned')),
    amount_minor        INTEGER NOT NULL CHECK (amount_minor >= 0),
    content             BLOB NOT NULL CHECK (length(content) = 32), -- digest of what was asked
    configuration       BLOB NOT NULL CHECK (length(configuration) = 32), -- decided under it
    created_utc_ns      INTEGER NOT NULL,
    changed_utc_ns      INTEGER NOT NULL,
    deadline_utc_ns     INTEGER NOT NULL, -- no answer by then: in doubt
    event_count         INTEGER NOT NULL,
    document_count      INTEGER NOT NULL,
    report_count        INTEGER NOT NULL,
    report_rank         INTEGER NOT NULL, -- reports never go back
    reported            INTEGER NOT NULL CHECK (reported IN (0, 1)),
    contradicted        INTEGER NOT NULL CHECK (contradicted IN (0, 1)), -- a late answer says else
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
    request             BLOB, -- the message that asked, as it came
    report              BLOB, -- the last report, to be told again
    UNIQUE (request_id, asker)
) STRICT;

CREATE INDEX instruction_by_state ON instruction (state);
CREATE INDEX instruction_by_payment ON instruction (asker, uetr, flow)
    WHERE flow = 'deposit' AND uetr IS NOT NULL;
CREATE INDEX instruction_by_order ON instruction (channel, order_instruction)
    WHERE order_instruction IS NOT NULL;

-- How an instruction came to its state: transitions, and notes that change none.
CREATE TABLE event (
    instruction INTEGER NOT NULL REFERENCES instruction (number),
    sequence    INTEGER NOT NULL CHECK (sequence > 0), -- 1, 2, 3 ... within the instruction
    utc_ns      INTEGER NOT NULL,
    state_from  TEXT NOT NULL CHECK (state_from IN
                    ('none', 'held', 'accepted', 'sent', 'pending', 'in_doubt', 'settled',
                     'refused', 'cancelled', 'reversed', 'returned')),
    state_to    TEXT NOT NULL CHECK (state_to IN
                    ('none', 'held', 'accepted', 'sent', 'pending', 'in_doubt', 'settled',
                     'refused', 'cancelled', 'reversed', 'returned')),
    cause       TEXT,
    who         TEXT,
    rule        TEXT,
    map         TEXT,
    text        TEXT,
    PRIMARY KEY (instruction, sequence)
) STRICT, WITHOUT ROWID;

-- Whose money lies where.  Only a line of the ledger in the same transaction
-- changes it.
CREATE TABLE balance (
    account        TEXT NOT NULL,
    client         TEXT NOT NULL,
    currency       TEXT NOT NULL,
    free_minor     INTEGER NOT NULL CHECK (free_minor >= 0),
    reserved_minor INTEGER NOT NULL CHECK (reserved_minor >= 0),
    PRIMARY KEY (account, client, currency)
) STRICT, WITHOUT ROWID;

-- Each movement of money takes from one side and gives to another.
CREATE TABLE ledger (
    instruction  INTEGER REFERENCES instruction (number), -- NULL: an import
    sequence     INTEGER NOT NULL, -- of the event that it belongs to; of the line, in an import
    utc_ns       INTEGER NOT NULL,
    account      TEXT NOT NULL,
    client       TEXT NOT NULL,
    currency     TEXT NOT NULL,
    debit        TEXT NOT NULL CHECK (debit IN ('free', 'reserved', 'outside', 'opening')),
    credit       TEXT NOT NULL CHECK (credit IN ('free', 'reserved', 'outside', 'opening')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    who          TEXT,
    UNIQUE (instruction, sequence),
    FOREIGN KEY (account, client, currency) REFERENCES balance (account, client, currency),
    CHECK (debit <> credit)
) STRICT;

-- Which account at which bank a client's money may go to.
CREATE TABLE link (
    client        TEXT NOT NULL,
    account       TEXT NOT NULL,
    session       TEXT NOT NULL,
    bank          TEXT,
    payee_bank    TEXT,
    payee_account TEXT,
    client_name   TEXT,
    currency      TEXT,
    legal_person  INTEGER NOT NULL CHECK (legal_person IN (0, 1)),
    PRIMARY KEY (client, account)
) STRICT, WITHOUT ROWID;

-- The outbox: documents for a bank, waiting until its channel has them durably.
-- Not WITHOUT ROWID: documents are large, and their ids in no useful order.
CREATE TABLE document (
    id          TEXT NOT NULL UNIQUE,
    channel     TEXT NOT NULL,
    definition  TEXT,
    instruction INTEGER REFERENCES instruction (number), -- NULL: an admi.002
    utc_ns      INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'taken')),
    bytes       BLOB NOT NULL
) STRICT;

CREATE INDEX document_by_instruction ON document (instruction);
CREATE INDEX document_waiting ON document (state) WHERE state = 'waiting';

-- The inbox: documents of a bank, so that none is acted upon twice.
CREATE TABLE inbox (
    channel    TEXT NOT NULL,
    id         TEXT NOT NULL,
    content    BLOB NOT NULL CHECK (length(content) = 32),
    number     INTEGER NOT NULL, -- from the counter of instructions
    utc_ns     INTEGER NOT NULL,
    definition TEXT,
    verdict    TEXT, -- 'taken', or why it was refused
    answer     TEXT, -- the id of the document that answers it
    PRIMARY KEY (channel, id)
) STRICT, WITHOUT ROWID;

-- Every configuration that was ever active, by its hash.
CREATE TABLE configuration (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    utc_ns INTEGER NOT NULL,
    text   BLOB NOT NULL
) STRICT;
