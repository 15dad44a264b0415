-- Which probe each id of one was given to, as a JSON object: where answers may be changed, another probe can come in
-- the place of one that was shown, and must not be given its id.
ALTER TABLE sessions ADD COLUMN probes TEXT COLLATE "C";
