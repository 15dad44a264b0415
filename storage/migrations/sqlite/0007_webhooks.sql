-- What has happened, for those who are told and for those who ask. Ids begin with the time, so each organization's events
-- lie in the order in which they happened, and news is added at the end.
CREATE TABLE events (
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (environment, organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook_endpoints (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    -- A list of types; empty for all but those that have to be named.
    events TEXT NOT NULL,
    -- Whoever signs needs it as it is.
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_secret_until INTEGER,
    status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled')),
    disabled_reason TEXT,
    failing_since INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_endpoints_newest ON webhook_endpoints (environment, organization_id, id);

-- An event on its way to an endpoint. Whoever sends it puts next_attempt_at off first, so that nobody else does, and so
-- that it comes up again when the sender has died.
CREATE TABLE webhook_deliveries (
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts INTEGER NOT NULL,
    -- Attempts since it was last queued: its place in the schedule.
    step INTEGER NOT NULL,
    next_attempt_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (endpoint_id, event_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE status = 'pending';

CREATE TABLE webhook_attempts (
    endpoint_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    response_excerpt TEXT,
    PRIMARY KEY (endpoint_id, event_id, number),
    FOREIGN KEY (endpoint_id, event_id) REFERENCES webhook_deliveries (endpoint_id, event_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Until when it was looked at which invites have expired and which interviews were abandoned, which only the time makes so.
CREATE TABLE told (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    until INTEGER NOT NULL
) STRICT;

CREATE INDEX invites_by_expiry ON invites (expires_at) WHERE status IN ('pending', 'started');
