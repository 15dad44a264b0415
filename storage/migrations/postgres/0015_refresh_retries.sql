-- For which token one was given, so that whoever did not get the answer can have another in place of one that nobody has
-- used. NULL for the first of a family, and for those given before this column was there.
ALTER TABLE refresh_tokens ADD COLUMN follows BYTEA;
