-- Files that were sent to GraphQL. The bytes lie in files named by these ids.
CREATE TABLE uploads (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    -- Whom the file is about; it goes when they are erased.
    participant_id TEXT COLLATE "C" REFERENCES participants (id),
    filename TEXT COLLATE "C" NOT NULL,
    content_type TEXT COLLATE "C" NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX uploads_by_participant ON uploads (participant_id) WHERE participant_id IS NOT NULL;
