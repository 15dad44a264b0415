-- What is remembered of requests: the answers to those that may be sent again, and who changed what.

-- The answer is sealed with a key that only the caller can make again, and the caller's name for the request is kept
-- as a digest, so that nothing in here tells a token, an address or an API key.
CREATE TABLE idempotency_records (
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    name BYTEA NOT NULL,
    api_key_id TEXT COLLATE "C" NOT NULL REFERENCES api_keys (id),
    fingerprint BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (environment, organization_id, name)
);

CREATE INDEX idempotency_records_expired ON idempotency_records (expires_at);

CREATE TABLE audit_events (
    -- The order in which they were added: several may happen within a millisecond.
    ordinal BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    at BIGINT NOT NULL,
    actor_type TEXT COLLATE "C" NOT NULL,
    actor_id TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    target_type TEXT COLLATE "C" NOT NULL,
    -- Not a reference: what was deleted stays in here.
    target_id TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C",
    ip TEXT COLLATE "C"
);

CREATE INDEX audit_events_newest ON audit_events (environment, organization_id, at, ordinal);
CREATE INDEX audit_events_by_actor ON audit_events (environment, organization_id, actor_id, at, ordinal);
CREATE INDEX audit_events_by_action ON audit_events (environment, organization_id, action, at, ordinal);
CREATE INDEX audit_events_by_target ON audit_events (environment, organization_id, target_id, at, ordinal);
