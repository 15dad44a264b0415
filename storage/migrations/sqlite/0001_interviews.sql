-- Times are milliseconds since 1970, JSON is text. Ids are unique across environments, but for those of campaigns.
-- Every list has an index that gives its rows newest first, so that a page costs the same at any size.

CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL CHECK (plan IN ('free', 'pro', 'enterprise', 'self_hosted')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    lookup_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('standard', 'admin')),
    scopes TEXT NOT NULL,
    allowed_cidrs TEXT NOT NULL,
    last4 TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    UNIQUE (environment, lookup_id)
) STRICT;

CREATE INDEX api_keys_newest ON api_keys (environment, organization_id, id);

CREATE TABLE campaigns (
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    id TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'paused', 'completed', 'archived')),
    settings TEXT NOT NULL,
    metadata TEXT NOT NULL,
    -- How many are abandoned follows from the sessions and the time.
    invited INTEGER NOT NULL DEFAULT 0,
    started INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0,
    published_version INTEGER,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (environment, id)
) STRICT;

CREATE INDEX campaigns_newest ON campaigns (environment, organization_id, created_at, id);
CREATE INDEX campaigns_by_status ON campaigns (environment, organization_id, status, created_at, id);

CREATE TABLE guide_drafts (
    environment TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    json TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (environment, campaign_id),
    FOREIGN KEY (environment, campaign_id) REFERENCES campaigns (environment, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE guides (
    environment TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    json TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (environment, campaign_id, version),
    FOREIGN KEY (environment, campaign_id) REFERENCES campaigns (environment, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE participants (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT,
    -- The address in lower case of all scripts, which the database's own functions do not know.
    email_key TEXT,
    name TEXT,
    external_id TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (environment, organization_id, external_id)
) STRICT;

CREATE INDEX participants_by_email ON participants (environment, organization_id, email_key)
WHERE email_key IS NOT NULL;

CREATE TABLE invites (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    campaign_id TEXT NOT NULL,
    participant_id TEXT NOT NULL REFERENCES participants (id),
    api_key_id TEXT REFERENCES api_keys (id),
    -- That one has expired follows from the time.
    status TEXT NOT NULL CHECK (status IN ('pending', 'started', 'completed', 'cancelled')),
    status_changed_at INTEGER NOT NULL,
    variables TEXT NOT NULL,
    origin TEXT,
    locale TEXT,
    metadata TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    FOREIGN KEY (environment, campaign_id) REFERENCES campaigns (environment, id)
) STRICT;

-- With the expiry at hand, walking over a million invites of one status touches no row.
CREATE INDEX invites_newest ON invites (environment, organization_id, id);
CREATE INDEX invites_by_status ON invites (environment, organization_id, status, id, expires_at);
CREATE INDEX invites_by_campaign ON invites (environment, campaign_id, id);
CREATE INDEX invites_by_campaign_status ON invites (environment, campaign_id, status, id, expires_at);
CREATE INDEX invites_by_participant ON invites (participant_id, id);

CREATE TABLE sessions (
    -- The order in which they were added: a frozen or coarse clock must not make two of an invite change places.
    ordinal INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    environment TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    campaign_id TEXT NOT NULL,
    invite_id TEXT NOT NULL REFERENCES invites (id),
    participant_id TEXT NOT NULL REFERENCES participants (id),
    guide_version INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    locale TEXT NOT NULL,
    fallback_locale TEXT NOT NULL,
    -- That one was abandoned follows from the time.
    status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'completed', 'declined')),
    consent TEXT,
    resume_window_s INTEGER NOT NULL,
    progress REAL NOT NULL,
    answers INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    completed_at INTEGER,
    resumable_until INTEGER NOT NULL GENERATED ALWAYS AS (last_activity_at + resume_window_s * 1000) STORED,
    FOREIGN KEY (environment, campaign_id) REFERENCES campaigns (environment, id),
    FOREIGN KEY (environment, campaign_id, guide_version) REFERENCES guides (environment, campaign_id, version)
) STRICT;

CREATE INDEX sessions_newest ON sessions (environment, organization_id, id);
CREATE INDEX sessions_by_status ON sessions (environment, organization_id, status, id);
CREATE INDEX sessions_by_campaign ON sessions (environment, campaign_id, id);
CREATE INDEX sessions_by_campaign_status ON sessions (environment, campaign_id, status, id);
CREATE INDEX sessions_by_invite ON sessions (invite_id, ordinal);
CREATE INDEX sessions_open ON sessions (environment, campaign_id, resumable_until)
WHERE status IN ('active', 'paused');

CREATE TABLE answers (
    session_id TEXT NOT NULL REFERENCES sessions (id),
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    question_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    seq INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    elapsed_ms INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (session_id, position),
    UNIQUE (session_id, question_id),
    UNIQUE (session_id, client_id)
) STRICT;

CREATE TABLE drafts (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES sessions (id),
    question_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    value TEXT NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT;

CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    pkcs8 BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX signing_keys_newest ON signing_keys (environment, created_at, kid);
