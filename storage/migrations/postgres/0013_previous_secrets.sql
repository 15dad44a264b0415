-- A secret that is replaced goes on signing until its own end, also when its successor is replaced before that: a list, oldest
-- first, of each with its end. No database of this kind is older than this, so there are no secrets to take over.
ALTER TABLE webhook_endpoints
    ADD COLUMN previous_secrets TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    DROP COLUMN previous_secret,
    DROP COLUMN previous_secret_until;
