-- A secret that is replaced goes on signing until its own end, also when its successor is replaced before that: a list, oldest
-- first, of each with its end.
ALTER TABLE webhook_endpoints ADD COLUMN previous_secrets TEXT NOT NULL DEFAULT '[]';

UPDATE webhook_endpoints SET previous_secrets = json_array(json_array(previous_secret, previous_secret_until))
WHERE previous_secret IS NOT NULL AND previous_secret_until IS NOT NULL;

ALTER TABLE webhook_endpoints DROP COLUMN previous_secret;
ALTER TABLE webhook_endpoints DROP COLUMN previous_secret_until;
