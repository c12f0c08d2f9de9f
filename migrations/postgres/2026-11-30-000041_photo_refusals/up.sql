-- Photos that records name and that are not taken, whoever sends them: too large, too many pixels, a job that is full. They are owed no more.

CREATE TABLE photo_refusals (
    job_id BYTEA NOT NULL,
    sha256 BYTEA NOT NULL,
    -- too_large, photo_refused, photos_many
    why TEXT NOT NULL,
    refused_at BIGINT NOT NULL,
    PRIMARY KEY (job_id, sha256)
);
