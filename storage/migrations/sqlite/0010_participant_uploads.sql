-- Files and recordings of participants join those of customers. They come in parts, so a row is there before its digest.
CREATE TABLE new_uploads (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    -- Whom the file is about; it goes when they are erased.
    participant_id TEXT REFERENCES participants (id),
    filename TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    -- None as long as it is not complete.
    sha256 TEXT,
    created_at INTEGER NOT NULL,
    -- What follows is there for those of participants only.
    session_id TEXT REFERENCES sessions (id),
    question_id TEXT,
    client_id TEXT,
    duration_ms INTEGER,
    part_size_bytes INTEGER,
    last_part_at INTEGER,
    -- The answer that holds it: from then on it stays.
    answer_id TEXT,
    CHECK (session_id IS NULL OR (question_id IS NOT NULL AND client_id IS NOT NULL AND part_size_bytes > 0
        AND last_part_at IS NOT NULL AND participant_id IS NOT NULL)),
    CHECK (session_id IS NOT NULL OR sha256 IS NOT NULL),
    UNIQUE (session_id, client_id)
) STRICT;

INSERT INTO new_uploads (id, environment, organization_id, participant_id, filename, content_type, size_bytes, sha256, created_at)
SELECT id, environment, organization_id, participant_id, filename, content_type, size_bytes, sha256, created_at FROM uploads;

DROP TABLE uploads;
ALTER TABLE new_uploads RENAME TO uploads;

CREATE INDEX uploads_by_participant ON uploads (participant_id, id) WHERE participant_id IS NOT NULL;
CREATE INDEX uploads_by_session ON uploads (session_id, id) WHERE session_id IS NOT NULL;
CREATE INDEX uploads_unanswered ON uploads (last_part_at) WHERE session_id IS NOT NULL AND answer_id IS NULL;

CREATE TABLE upload_parts (
    upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
) STRICT, WITHOUT ROWID;
