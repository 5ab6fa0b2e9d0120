-- More of what an order carries: a status that names another one is not about it.
ALTER TABLE instruction ADD COLUMN order_payment TEXT;
ALTER TABLE instruction ADD COLUMN order_transaction TEXT;
