-- Each index is one more tree that every invite is sorted into and whose pages every commit writes.

-- An index of the customers' ids that only those who have one are in.
ALTER TABLE participants DROP CONSTRAINT participants_environment_organization_id_external_id_key;
CREATE UNIQUE INDEX participants_by_external_id ON participants (environment, organization_id, external_id)
WHERE external_id IS NOT NULL;

-- In the order in which those who share an address are chosen.
DROP INDEX participants_by_email;
CREATE INDEX participants_by_email ON participants
    (environment, organization_id, email_key, (external_id IS NOT NULL), created_at)
WHERE email_key IS NOT NULL;

-- A list of all statuses is merged from the lists of each.
DROP INDEX invites_newest;
DROP INDEX invites_by_campaign;
