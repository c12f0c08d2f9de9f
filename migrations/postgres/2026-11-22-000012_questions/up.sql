-- What the desk passes upward: the customer hears within minutes, and the clock runs until they were told.

CREATE TABLE questions (
    id BYTEA PRIMARY KEY NOT NULL,
    outlet_id BYTEA NOT NULL REFERENCES outlets (id),
    report_id BYTEA NOT NULL REFERENCES reports (id),
    text TEXT NOT NULL,
    asked_by BYTEA NOT NULL REFERENCES people (id),
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    answer TEXT,
    answered_by BYTEA REFERENCES people (id),
    answered_at BIGINT,
    told_by BYTEA REFERENCES people (id),
    told_at BIGINT
);
CREATE INDEX questions_report ON questions (report_id);
CREATE INDEX questions_open ON questions (outlet_id, told_at, due_at);
