-- Which ids were used: in memory only for recent numbers, in filters for older
-- ones, so that a store of any age opens soon and is served from little memory.

-- Every key (request id, UETR of a deposit, InstrId of an order, id in the
-- inbox) of the numbers first..last is in bits.  A store without any makes them
-- at its next start.  A row may go when no instruction and no row of the inbox
-- with such a number is left.
CREATE TABLE filter (
    first INTEGER PRIMARY KEY CHECK (first > 0), -- behind the last of the one before
    last  INTEGER NOT NULL CHECK (last >= first),
    bits  BLOB NOT NULL CHECK (length(bits) > 0 AND length(bits) % 8 = 0)
) STRICT;

-- The inbox grows at its end, whatever ids the banks give, and tells the keys of
-- its newest numbers without reading the others.
CREATE TABLE new_inbox (
    number     INTEGER PRIMARY KEY CHECK (number > 0), -- from the counter of instructions
    channel    TEXT NOT NULL,
    id         TEXT NOT NULL,
    content    BLOB NOT NULL CHECK (length(content) = 32),
    utc_ns     INTEGER NOT NULL,
    definition TEXT,
    verdict    TEXT, -- 'taken', or why it was refused
    answer     TEXT  -- the id of the document that answers it
) STRICT;
INSERT INTO new_inbox (number, channel, id, content, utc_ns, definition, verdict, answer)
    SELECT number, channel, id, content, utc_ns, definition, verdict, answer
    FROM inbox ORDER BY number;
DROP TABLE inbox;
ALTER TABLE new_inbox RENAME TO inbox;
CREATE UNIQUE INDEX inbox_by_id ON inbox (channel, id);
