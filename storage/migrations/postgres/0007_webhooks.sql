-- What has happened, for those who are told and for those who ask. Ids begin with the time, so each organization's events
-- lie in the order in which they happened, and news is added at the end.
CREATE TABLE events (
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    id TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    data TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (environment, organization_id, id)
);

CREATE TABLE webhook_endpoints (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    url TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    -- A list of types; empty for all but those that have to be named.
    events TEXT COLLATE "C" NOT NULL,
    -- Whoever signs needs it as it is.
    secret TEXT COLLATE "C" NOT NULL,
    previous_secret TEXT COLLATE "C",
    previous_secret_until BIGINT,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('enabled', 'disabled')),
    disabled_reason TEXT COLLATE "C",
    failing_since BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX webhook_endpoints_newest ON webhook_endpoints (environment, organization_id, id);

-- An event on its way to an endpoint. Whoever sends it puts next_attempt_at off first, so that nobody else does, and so
-- that it comes up again when the sender has died.
CREATE TABLE webhook_deliveries (
    endpoint_id TEXT COLLATE "C" NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_id TEXT COLLATE "C" NOT NULL,
    event_type TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts BIGINT NOT NULL,
    -- Attempts since it was last queued: its place in the schedule.
    step BIGINT NOT NULL,
    next_attempt_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (endpoint_id, event_id)
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE status = 'pending';

CREATE TABLE webhook_attempts (
    endpoint_id TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    status BIGINT,
    error TEXT COLLATE "C",
    response_excerpt TEXT COLLATE "C",
    PRIMARY KEY (endpoint_id, event_id, number),
    FOREIGN KEY (endpoint_id, event_id) REFERENCES webhook_deliveries (endpoint_id, event_id) ON DELETE CASCADE
);

-- Until when it was looked at which invites have expired and which interviews were abandoned, which only the time makes so.
CREATE TABLE told (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    until BIGINT NOT NULL
);

CREATE INDEX invites_by_expiry ON invites (expires_at) WHERE status IN ('pending', 'started');
