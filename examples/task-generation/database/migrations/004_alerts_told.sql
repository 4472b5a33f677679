-- An alert is written down first and told of afterwards. What is untold when a process starts is told of then.
ALTER TABLE alerts ADD COLUMN raised_by TEXT;
-- The execution that it came up in, as JSON.
ALTER TABLE alerts ADD COLUMN facts TEXT;
ALTER TABLE alerts ADD COLUMN told_at BIGINT;
UPDATE alerts SET told_at = raised_at;
