-- Users, how their sign-ins go on, and who was signed in when something was done.

-- A user belongs to an organization and so to both its environments; what they sign in to is one of them.
CREATE TABLE users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    email TEXT COLLATE "C" NOT NULL,
    -- The address in lower case of all scripts, which the database's own functions do not know.
    email_key TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'editor', 'admin', 'owner')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'disabled')),
    created_at BIGINT NOT NULL,
    last_signed_in_at BIGINT,
    UNIQUE (organization_id, email_key)
);

CREATE INDEX users_newest ON users (organization_id, id);

-- A token that was used stays until its time has passed, so that another use of it is noticed.
CREATE TABLE refresh_tokens (
    hash BYTEA NOT NULL PRIMARY KEY,
    family_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);

-- At most one token of a family can be used. A family without one has ended.
CREATE UNIQUE INDEX refresh_tokens_open ON refresh_tokens (family_id) WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX refresh_tokens_open_by_user ON refresh_tokens (user_id) WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX refresh_tokens_expired ON refresh_tokens (expires_at);

ALTER TABLE audit_events ADD COLUMN user_id TEXT COLLATE "C";
