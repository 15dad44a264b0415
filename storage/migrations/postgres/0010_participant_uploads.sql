-- Files and recordings of participants join those of customers. They come in parts, so a row is there before its digest.
ALTER TABLE uploads
    -- None as long as it is not complete.
    ALTER COLUMN sha256 DROP NOT NULL,
    -- What follows is there for those of participants only.
    ADD COLUMN session_id TEXT COLLATE "C" REFERENCES sessions (id),
    ADD COLUMN question_id TEXT COLLATE "C",
    ADD COLUMN client_id TEXT COLLATE "C",
    ADD COLUMN duration_ms BIGINT,
    ADD COLUMN part_size_bytes BIGINT,
    ADD COLUMN last_part_at BIGINT,
    -- The answer that holds it: from then on it stays.
    ADD COLUMN answer_id TEXT COLLATE "C",
    ADD CHECK (session_id IS NULL OR (question_id IS NOT NULL AND client_id IS NOT NULL AND part_size_bytes > 0
        AND last_part_at IS NOT NULL AND participant_id IS NOT NULL)),
    ADD CHECK (session_id IS NOT NULL OR sha256 IS NOT NULL),
    ADD UNIQUE (session_id, client_id);

DROP INDEX uploads_by_participant;
CREATE INDEX uploads_by_participant ON uploads (participant_id, id) WHERE participant_id IS NOT NULL;
CREATE INDEX uploads_by_session ON uploads (session_id, id) WHERE session_id IS NOT NULL;
CREATE INDEX uploads_unanswered ON uploads (last_part_at) WHERE session_id IS NOT NULL AND answer_id IS NULL;

CREATE TABLE upload_parts (
    upload_id TEXT COLLATE "C" NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (upload_id, number)
);
