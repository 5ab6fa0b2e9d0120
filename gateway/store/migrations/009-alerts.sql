-- Alerts that the log may not have yet: what a crash must not lose.  A row goes
-- once its line is written.
CREATE TABLE alert (
    number INTEGER PRIMARY KEY CHECK (number > 0), -- from the counter of instructions
    utc_ns INTEGER NOT NULL,
    event  TEXT NOT NULL, -- the log's name of it
    id     TEXT,
    who    TEXT,
    why    TEXT
) STRICT;
