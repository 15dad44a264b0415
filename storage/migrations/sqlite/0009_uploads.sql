-- Files that were sent to GraphQL. The bytes lie in files named by these ids, in the folder `uploads` beside the database.
CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    -- Whom the file is about; it goes when they are erased.
    participant_id TEXT REFERENCES participants (id),
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX uploads_by_participant ON uploads (participant_id) WHERE participant_id IS NOT NULL;
