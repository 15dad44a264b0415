-- When a participant was erased: what was known of them is gone, their id and the numbers of the campaign stay.
ALTER TABLE participants ADD COLUMN erased_at BIGINT;
