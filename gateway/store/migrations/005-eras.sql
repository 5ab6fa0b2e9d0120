-- Whatever ids brokers and banks give, a new row's keys lie beside those of the
-- rows before it: indexes go by era first, 65536 numbers each.  So a commit is
-- as fast on an old store as on an empty one.  Within an era the index itself
-- refuses an id that comes twice; between eras the filters tell where to look,
-- and verify proves it.

-- The rule UNIQUE (request_id, asker) becomes an index as others, to be dropped.
PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = replace(sql, ',
    UNIQUE (request_id, asker)', '')
WHERE type = 'table' AND name = 'instruction';

UPDATE sqlite_schema SET name = 'instruction_by_request',
    sql = 'CREATE UNIQUE INDEX instruction_by_request ON instruction (request_id, asker)'
WHERE type = 'index' AND name = 'sqlite_autoindex_instruction_2';

PRAGMA writable_schema = RESET;

DROP INDEX instruction_by_request;
DROP INDEX instruction_by_payment;
DROP INDEX instruction_by_order;
DROP INDEX inbox_by_id;

CREATE UNIQUE INDEX instruction_by_request ON instruction (number >> 16, request_id, asker);
CREATE INDEX instruction_by_payment ON instruction (number >> 16, uetr, asker)
    WHERE flow = 'deposit' AND uetr IS NOT NULL;
CREATE INDEX instruction_by_order ON instruction (number >> 16, order_instruction, channel)
    WHERE order_instruction IS NOT NULL;
CREATE UNIQUE INDEX inbox_by_id ON inbox (number >> 16, id, channel);
