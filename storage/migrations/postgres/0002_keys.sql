-- Keys that were rotated, what a key has minted, and how much each key is used.

-- The key that takes this one's place once the overlap has ended.
ALTER TABLE api_keys ADD COLUMN replaced_by TEXT COLLATE "C" REFERENCES api_keys (id);

-- What is to be cancelled together with a key that leaked: only what can still be cancelled, so that the index stays
-- small and a completed interview leaves it.
CREATE INDEX invites_open_by_api_key ON invites (api_key_id) WHERE status IN ('pending', 'started');

-- Requests by key and hour; `hour` is when it began. Hours without a request have no row.
CREATE TABLE api_key_usage (
    api_key_id TEXT COLLATE "C" NOT NULL REFERENCES api_keys (id),
    hour BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL CHECK (errors <= requests),
    PRIMARY KEY (api_key_id, hour)
);
