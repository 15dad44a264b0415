-- The events of a session, as before. SQLite makes a tree of the words of a long IN each time it looks whether a row
-- belongs to an index, so each mint, whose event does not, paid for four inserts into one.
DROP INDEX events_by_session;
CREATE INDEX events_by_session ON events (json_extract(data, '$.session_id'), id)
WHERE type = 'interview.started' OR type = 'interview.completed' OR type = 'interview.abandoned' OR type = 'session.answer_recorded';
