-- A session knows which of its messages no connection has had yet, from
-- untold_first up to but not untold_next, so that they outlive a reset; until
-- when its schedule has been followed; and whether an operator has closed it.
ALTER TABLE session ADD COLUMN untold_first INTEGER NOT NULL DEFAULT 0 CHECK (untold_first >= 0);
ALTER TABLE session ADD COLUMN untold_next INTEGER NOT NULL DEFAULT 0
    CHECK (untold_next >= untold_first);
ALTER TABLE session ADD COLUMN followed_ns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1));
