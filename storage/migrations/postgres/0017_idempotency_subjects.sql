-- Whom an answer tells of that is kept for a request: when they are erased, it is emptied.
CREATE TABLE idempotency_subjects (
    participant_id TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    organization_id TEXT COLLATE "C" NOT NULL,
    name BYTEA NOT NULL,
    PRIMARY KEY (environment, organization_id, name, participant_id),
    FOREIGN KEY (environment, organization_id, name)
        REFERENCES idempotency_records (environment, organization_id, name) ON DELETE CASCADE
);

CREATE INDEX idempotency_subjects_by_participant ON idempotency_subjects (participant_id);
