-- The events of a session. Those that have none, such as the one of each mint, are not in it and cost nothing.
CREATE INDEX events_by_session ON events (json_extract(data, '$.session_id'), id)
WHERE type IN ('interview.started', 'interview.completed', 'interview.abandoned', 'session.answer_recorded');
