-- A session goes on with one refresh token after the other: each knows which it was given for, the session which came last.
ALTER TABLE refresh_tokens ADD COLUMN parent_hash BLOB;
ALTER TABLE sessions ADD COLUMN refreshed_with BLOB;
UPDATE sessions SET refreshed_with = (
    SELECT hash FROM refresh_tokens WHERE session_id = sessions.id ORDER BY issued_at DESC LIMIT 1
);
-- What has run out is looked for now and then.
CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires_at);
