-- What a mint is decided by: keys, plans and campaigns. Whoever keeps them in memory notes the generation that they
-- were read at, and the commit that acts on them compares it. Triggers count every change, by whatever program it was
-- made, and leave out what decides nothing: names, counters, when a key was last used.

CREATE TABLE authority (
    "only" BIGINT NOT NULL PRIMARY KEY CHECK ("only" = 1),
    generation BIGINT NOT NULL
);

INSERT INTO authority ("only", generation) VALUES (1, 1);

CREATE FUNCTION authority_changed() RETURNS TRIGGER LANGUAGE plpgsql
AS $$ BEGIN UPDATE authority SET generation = generation + 1; RETURN NULL; END $$;

CREATE TRIGGER authority_api_keys_updated
AFTER UPDATE OF environment, organization_id, lookup_id, hash, kind, scopes, allowed_cidrs, expires_at, revoked_at ON api_keys
FOR EACH ROW EXECUTE FUNCTION authority_changed();

CREATE TRIGGER authority_api_keys_deleted AFTER DELETE ON api_keys
FOR EACH ROW EXECUTE FUNCTION authority_changed();

CREATE TRIGGER authority_organizations_updated AFTER UPDATE ON organizations
FOR EACH ROW EXECUTE FUNCTION authority_changed();

CREATE TRIGGER authority_campaigns_updated
AFTER UPDATE OF environment, organization_id, status, settings, published_version ON campaigns
FOR EACH ROW EXECUTE FUNCTION authority_changed();

CREATE TRIGGER authority_campaigns_deleted AFTER DELETE ON campaigns
FOR EACH ROW EXECUTE FUNCTION authority_changed();
