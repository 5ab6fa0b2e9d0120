-- A day of a small store of version 1, in good order: the first gateway to be
-- asked whether a migration keeps everything, and whether a check is just.
INSERT INTO store (one, identity, epoch, last_batch, last_number) VALUES (1, 'K7Q2MX', 3, 40, 9);
INSERT INTO session (name, generation, next_in, next_out) VALUES ('alpha', 3, 7, 64);
INSERT INTO message_in (session, generation, number, utc_ns, bytes) VALUES
    ('alpha', 3, 2, 1000, x'01'), ('alpha', 3, 4, 2000, x'02'), ('alpha', 3, 6, 3000, x'03');
INSERT INTO message_out (session, generation, number, utc_ns, bytes) VALUES
    ('alpha', 2, 90, 900, x'01'), ('alpha', 3, 2, 1000, x'02'), ('alpha', 3, 63, 3000, x'03');

-- 1 is settled, 2 waits in the outbox, 3 was refused at once, 4 is a deposit that
-- came in, 5 is in doubt, 6 is held.  7 to 9 were given to documents of the bank.
INSERT INTO instruction (number, flow, state, amount_minor, content, configuration, created_utc_ns,
                         changed_utc_ns, deadline_utc_ns, event_count, document_count,
                         report_count, report_rank, reported, contradicted, id, asker, request_id,
                         session, channel, client, account, currency, order_id, order_instruction)
VALUES
    (1, 'withdrawal', 'settled', 1000, zeroblob(32), zeroblob(32), 1000, 1400, 0, 4, 1, 2, 1, 1, 0,
     'PSTK-K7Q2MX-1', 'alpha', 'W-1', 'alpha', 'icbc', 'C-1', 'ACC-1', 'CNY', 'PSTK-K7Q2MX-1-1',
     'PSTK-K7Q2MX-1'),
    (2, 'withdrawal', 'accepted', 250, zeroblob(32), zeroblob(32), 2000, 2000, 9000, 1, 1, 1, 0, 1,
     0, 'PSTK-K7Q2MX-2', 'alpha', 'W-2', 'alpha', 'icbc', 'C-1', 'ACC-1', 'CNY', 'PSTK-K7Q2MX-2-1',
     'PSTK-K7Q2MX-2'),
    (3, 'withdrawal', 'refused', 0, zeroblob(32), zeroblob(32), 2100, 2100, 0, 1, 0, 1, 2, 1, 0,
     'PSTK-K7Q2MX-3', 'alpha', 'W-3', 'alpha', NULL, 'C-1', 'ACC-1', 'CNY', NULL, NULL),
    (4, 'deposit', 'settled', 500, zeroblob(32), zeroblob(32), 2200, 2600, 0, 4, 1, 1, 1, 1, 0,
     'PSTK-K7Q2MX-4', 'icbc', 'D-1', 'alpha', 'icbc', 'C-1', 'ACC-1', 'CNY', 'PSTK-K7Q2MX-4-1',
     NULL),
    (5, 'withdrawal', 'in_doubt', 300, zeroblob(32), zeroblob(32), 3000, 3300, 0, 4, 1, 1, 0, 1, 0,
     'PSTK-K7Q2MX-5', 'alpha', 'W-5', 'alpha', 'icbc', 'C-1', 'ACC-1', 'CNY', 'PSTK-K7Q2MX-5-1',
     'PSTK-K7Q2MX-5'),
    (6, 'withdrawal', 'held', 50, zeroblob(32), zeroblob(32), 3500, 3500, 0, 1, 0, 1, 0, 1, 0,
     'PSTK-K7Q2MX-6', 'alpha', 'W-6', 'alpha', NULL, 'C-1', 'ACC-1', 'CNY', NULL, NULL);

INSERT INTO event (instruction, sequence, utc_ns, state_from, state_to, cause) VALUES
    (1, 1, 1000, 'none', 'accepted', 'request'),
    (1, 2, 1100, 'accepted', 'sent', 'channel'),
    (1, 3, 1200, 'sent', 'pending', 'status'),
    (1, 4, 1400, 'pending', 'settled', 'status'),
    (2, 1, 2000, 'none', 'accepted', 'request'),
    (3, 1, 2100, 'none', 'refused', 'request'),
    (4, 1, 2200, 'none', 'accepted', 'request'),
    (4, 2, 2300, 'accepted', 'sent', 'session'),
    (4, 3, 2400, 'sent', 'pending', 'answer'),
    (4, 4, 2600, 'pending', 'settled', 'answer'),
    (5, 1, 3000, 'none', 'accepted', 'request'),
    (5, 2, 3100, 'accepted', 'sent', 'channel'),
    (5, 3, 3200, 'sent', 'in_doubt', 'deadline'),
    (5, 4, 3300, 'in_doubt', 'in_doubt', 'operator'),
    (6, 1, 3500, 'none', 'held', 'request');

INSERT INTO balance (account, client, currency, free_minor, reserved_minor) VALUES
    ('ACC-1', 'C-1', 'CNY', 3900, 600), ('ACC-2', 'C-2', 'CNY', 0, 0);
INSERT INTO ledger (instruction, sequence, utc_ns, account, client, currency, debit, credit,
                    amount_minor, who) VALUES
    (NULL, 2, 500, 'ACC-1', 'C-1', 'CNY', 'opening', 'free', 5000, 'operator'),
    (1, 1, 1000, 'ACC-1', 'C-1', 'CNY', 'free', 'reserved', 1000, 'alpha'),
    (1, 4, 1400, 'ACC-1', 'C-1', 'CNY', 'reserved', 'outside', 1000, 'icbc'),
    (2, 1, 2000, 'ACC-1', 'C-1', 'CNY', 'free', 'reserved', 250, 'alpha'),
    (4, 4, 2600, 'ACC-1', 'C-1', 'CNY', 'outside', 'free', 500, 'alpha'),
    (5, 1, 3000, 'ACC-1', 'C-1', 'CNY', 'free', 'reserved', 300, 'alpha'),
    (6, 1, 3500, 'ACC-1', 'C-1', 'CNY', 'free', 'reserved', 50, 'alpha');
INSERT INTO link (client, account, session, currency, legal_person) VALUES
    ('C-1', 'ACC-1', 'alpha', 'CNY', 0), ('C-2', 'ACC-2', 'alpha', 'CNY', 1);

INSERT INTO document (id, channel, definition, instruction, utc_ns, state, bytes) VALUES
    ('PSTK-K7Q2MX-1-1', 'icbc', 'pacs.008.001.08', 1, 1000, 'taken', x'3c613e'),
    ('PSTK-K7Q2MX-2-1', 'icbc', 'pacs.008.001.08', 2, 2000, 'waiting', x'3c613e'),
    ('PSTK-K7Q2MX-4-1', 'icbc', 'pacs.002.001.10', 4, 2600, 'taken', x'3c613e'),
    ('PSTK-K7Q2MX-5-1', 'icbc', 'pacs.008.001.08', 5, 3000, 'taken', x'3c613e'),
    ('PSTK-K7Q2MX-9-1', 'icbc', 'admi.002.001.01', NULL, 3600, 'taken', x'3c613e');
INSERT INTO inbox (channel, id, content, number, utc_ns, definition, verdict, answer) VALUES
    ('icbc', 'B-1', zeroblob(32), 7, 1200, 'pacs.002.001.10', 'taken', NULL),
    ('icbc', 'B-2', zeroblob(32), 8, 2200, 'pacs.008.001.08', 'taken', NULL),
    ('icbc', 'B-3', zeroblob(32), 9, 3600, 'pacs.002.001.10', 'not valid', 'PSTK-K7Q2MX-9-1');
INSERT INTO configuration (digest, utc_ns, text) VALUES (zeroblob(32), 400, x'00');
