-- What was archived leaves its sums behind: for each balance and pair of sides
-- one line of the ledger without an instruction, number 0, which grows.  So the
-- lines that are left still add up to the balances.
CREATE UNIQUE INDEX ledger_carried ON ledger (account, client, currency, debit, credit)
    WHERE instruction IS NULL AND sequence = 0;
