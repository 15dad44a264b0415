-- Which probe it was that was answered; another one can come to have its id when an earlier answer is changed.
ALTER TABLE answers ADD COLUMN probe TEXT;

-- Of an answer that was changed only the reply is kept: whoever sends that commit again gets it again.
CREATE TABLE replaced_answers (
    session_id TEXT NOT NULL REFERENCES sessions (id),
    client_id TEXT NOT NULL,
    question_id TEXT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (session_id, client_id)
) STRICT;
