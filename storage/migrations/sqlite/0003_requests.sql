-- What is remembered of requests: the answers to those that may be sent again, and who changed what.

-- The answer is sealed with a key that only the caller can make again, and the caller's name for the request is kept
-- as a digest, so that nothing in here tells a token, an address or an API key.
CREATE TABLE idempotency_records (
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name BLOB NOT NULL,
    api_key_id TEXT NOT NULL REFERENCES api_keys (id),
    fingerprint BLOB NOT NULL,
    sealed BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (environment, organization_id, name)
) STRICT;

CREATE INDEX idempotency_records_expired ON idempotency_records (expires_at);

CREATE TABLE audit_events (
    -- The order in which they were added: several may happen within a millisecond.
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    at INTEGER NOT NULL,
    actor_type TEXT NOT NULL,
    actor_id TEXT,
    action TEXT NOT NULL,
    target_type TEXT NOT NULL,
    -- Not a reference: what was deleted stays in here.
    target_id TEXT NOT NULL,
    request_id TEXT,
    ip TEXT
) STRICT;

CREATE INDEX audit_events_newest ON audit_events (environment, organization_id, at, ordinal);
CREATE INDEX audit_events_by_actor ON audit_events (environment, organization_id, actor_id, at, ordinal);
CREATE INDEX audit_events_by_action ON audit_events (environment, organization_id, action, at, ordinal);
CREATE INDEX audit_events_by_target ON audit_events (environment, organization_id, target_id, at, ordinal);
