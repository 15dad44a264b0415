-- Lists of one type or status read no more than they show, however much there is of the others.

-- Without what every mint tells: it would be one more page of each commit, and most of a feed is just that. Whoever asks
-- for it finds it in the order of the feed itself.
CREATE INDEX events_by_type ON events (environment, organization_id, type, id) WHERE type <> 'invite.created';

-- Without those that were taken, which is what becomes of nearly all.
CREATE INDEX webhook_deliveries_by_status ON webhook_deliveries (endpoint_id, status, event_id) WHERE status <> 'delivered';

-- With the end of the resume window at hand, walking over the sessions of one status touches no row.
DROP INDEX sessions_by_status;
CREATE INDEX sessions_by_status ON sessions (environment, organization_id, status, id, resumable_until);
DROP INDEX sessions_by_campaign_status;
CREATE INDEX sessions_by_campaign_status ON sessions (environment, campaign_id, status, id, resumable_until);

-- An endpoint that was deleted is gone for everybody at once. Its deliveries, and at last its row, go in batches, also
-- after a crash in between.
ALTER TABLE webhook_endpoints ADD COLUMN deleted_at BIGINT;
CREATE INDEX webhook_endpoints_deleted ON webhook_endpoints (id) WHERE deleted_at IS NOT NULL;
