-- Which probe it was that was answered; another one can come to have its id when an earlier answer is changed.
ALTER TABLE answers ADD COLUMN probe TEXT COLLATE "C";

-- Of an answer that was changed only the reply is kept: whoever sends that commit again gets it again.
CREATE TABLE replaced_answers (
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id),
    client_id TEXT COLLATE "C" NOT NULL,
    question_id TEXT COLLATE "C" NOT NULL,
    reply TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (session_id, client_id)
);
