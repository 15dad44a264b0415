-- Each index is one more tree that every invite is sorted into and whose pages every commit writes.

-- A table that is its own index, and an index of the customers' ids that only those who have one are in.
CREATE TABLE participants_new (
    id TEXT NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL CHECK (environment IN ('live', 'test')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT,
    -- The address in lower case of all scripts, which the database's own functions do not know.
    email_key TEXT,
    name TEXT,
    external_id TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO participants_new (id, environment, organization_id, email, email_key, name, external_id, created_at)
SELECT id, environment, organization_id, email, email_key, name, external_id, created_at FROM participants ORDER BY id;

DROP TABLE participants;
ALTER TABLE participants_new RENAME TO participants;

CREATE UNIQUE INDEX participants_by_external_id ON participants (environment, organization_id, external_id)
WHERE external_id IS NOT NULL;

-- In the order in which those who share an address are chosen.
CREATE INDEX participants_by_email ON participants (environment, organization_id, email_key, external_id IS NOT NULL, created_at)
WHERE email_key IS NOT NULL;

-- A list of all statuses is merged from the lists of each.
DROP INDEX invites_newest;
DROP INDEX invites_by_campaign;
