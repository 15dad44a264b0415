-- The same as for SQLite, number by number. Times are milliseconds since 1970, JSON is text. Ids are unique across environments,
-- but for those of campaigns. Every list has an index that gives its rows newest first, so that a page costs the same at any
-- size. Text sorts by its bytes, whatever the language of the server is: pages of a list go by the order of ids.

-- What statements of both databases use and PostgreSQL does not have by itself.
CREATE FUNCTION json_each(texts TEXT) RETURNS TABLE (value TEXT) LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT jsonb_array_elements_text(texts::JSONB) $$;

CREATE FUNCTION json_extract(json TEXT, path TEXT) RETURNS TEXT LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT json::JSONB #>> string_to_array(substr(path, 3), '.') $$;

CREATE FUNCTION max(one BIGINT, other BIGINT) RETURNS BIGINT LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT greatest(one, other) $$;

CREATE FUNCTION min(one BIGINT, other BIGINT) RETURNS BIGINT LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT least(one, other) $$;

CREATE TABLE organizations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    plan TEXT COLLATE "C" NOT NULL CHECK (plan IN ('free', 'pro', 'enterprise', 'self_hosted')),
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    lookup_id TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('standard', 'admin')),
    scopes TEXT COLLATE "C" NOT NULL,
    allowed_cidrs TEXT COLLATE "C" NOT NULL,
    last4 TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    UNIQUE (environment, lookup_id)
);

CREATE INDEX api_keys_newest ON api_keys (environment, organization_id, id);

CREATE TABLE campaigns (
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    id TEXT COLLATE "C" NOT NULL,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'active', 'paused', 'completed', 'archived')),
    settings TEXT COLLATE "C" NOT NULL,
    metadata TEXT COLLATE "C" NOT NULL,
    -- How many are abandoned follows from the sessions and the time.
    invited BIGINT NOT NULL DEFAULT 0,
    started BIGINT NOT NULL DEFAULT 0,
    completed BIGINT NOT NULL DEFAULT 0,
    published_version BIGINT,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, id)
);

CREATE INDEX campaigns_newest ON campaigns (environment, organization_id, created_at, id);
CREATE INDEX campaigns_by_status ON campaigns (environment, organization_id, status, created_at, id);

CREATE TABLE guide_drafts (
    environment TEXT COLLATE "C" NOT NULL,
    campaign_id TEXT COLLATE "C" NOT NULL,
    json TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (environment, campaign_id),
    FOREIGN KEY (environment, campaign_id) REFERENCES campaigns (environment, id) ON DELETE CASCADE
);

CREATE TABLE guides (
    environment TEXT COLLATE "C" NOT NULL,
    campaign_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    json TEXT COLLATE "C" NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (environment, campaign_id, version),
    FOREIGN KEY (environment, campaign_id) REFERENCES campaigns (environment, id) ON DELETE CASCADE
);

CREATE TABLE participants (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    email TEXT COLLATE "C",
    -- The address in lower case of all scripts, which the database's own functions do not know.
    email_key TEXT COLLATE "C",
    name TEXT COLLATE "C",
    external_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    UNIQUE (environment, organization_id, external_id)
);

CREATE INDEX participants_by_email ON participants (environment, organization_id, email_key)
WHERE email_key IS NOT NULL;

CREATE TABLE invites (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    environment TEXT COLLATE "C" NOT NULL,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    campaign_id TEXT COLLATE "C" NOT NULL,
    participant_id TEXT COLLATE "C" NOT NULL REFERENCES participants (id),
    api_key_id TEXT COLLATE "C" REFERENCES api_keys (id),
    -- That one has expired follows from the time.
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('pending', 'started', 'completed', 'cancelled')),
    status_changed_at BIGINT NOT NULL,
    variables TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C",
    locale TEXT COLLATE "C",
    metadata TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (environment, campaign_id) REFERENCES campaigns (environment, id)
);

-- With the expiry at hand, walking over a million invites of one status touches no row.
CREATE INDEX invites_newest ON invites (environment, organization_id, id);
CREATE INDEX invites_by_status ON invites (environment, organization_id, status, id, expires_at);
CREATE INDEX invites_by_campaign ON invites (environment, campaign_id, id);
CREATE INDEX invites_by_campaign_status ON invites (environment, campaign_id, status, id, expires_at);
CREATE INDEX invites_by_participant ON invites (participant_id, id);

CREATE TABLE sessions (
    -- The order in which they were added: a frozen or coarse clock must not make two of an invite change places.
    ordinal BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    environment TEXT COLLATE "C" NOT NULL,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    campaign_id TEXT COLLATE "C" NOT NULL,
    invite_id TEXT COLLATE "C" NOT NULL REFERENCES invites (id),
    participant_id TEXT COLLATE "C" NOT NULL REFERENCES participants (id),
    guide_version BIGINT NOT NULL,
    seed BIGINT NOT NULL,
    locale TEXT COLLATE "C" NOT NULL,
    fallback_locale TEXT COLLATE "C" NOT NULL,
    -- That one was abandoned follows from the time.
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'paused', 'completed', 'declined')),
    consent TEXT COLLATE "C",
    resume_window_s BIGINT NOT NULL,
    progress DOUBLE PRECISION NOT NULL,
    answers BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    last_activity_at BIGINT NOT NULL,
    completed_at BIGINT,
    resumable_until BIGINT NOT NULL GENERATED ALWAYS AS (last_activity_at + resume_window_s * 1000) STORED,
    FOREIGN KEY (environment, campaign_id) REFERENCES campaigns (environment, id),
    FOREIGN KEY (environment, campaign_id, guide_version) REFERENCES guides (environment, campaign_id, version)
);

CREATE INDEX sessions_newest ON sessions (environment, organization_id, id);
CREATE INDEX sessions_by_status ON sessions (environment, organization_id, status, id);
CREATE INDEX sessions_by_campaign ON sessions (environment, campaign_id, id);
CREATE INDEX sessions_by_campaign_status ON sessions (environment, campaign_id, status, id);
CREATE INDEX sessions_by_invite ON sessions (invite_id, ordinal);
CREATE INDEX sessions_open ON sessions (environment, campaign_id, resumable_until)
WHERE status IN ('active', 'paused');

CREATE TABLE answers (
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id),
    position BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    question_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    elapsed_ms BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    reply TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (session_id, position),
    UNIQUE (session_id, question_id),
    UNIQUE (session_id, client_id)
);

CREATE TABLE drafts (
    session_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES sessions (id),
    question_id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    saved_at BIGINT NOT NULL
);

CREATE TABLE signing_keys (
    kid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    pkcs8 BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX signing_keys_newest ON signing_keys (environment, created_at, kid);
