-- Work that is done after the answer, by whichever server comes to it first; written in the transaction that wants it.

CREATE TABLE background_jobs (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    enqueued_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    parked_at BIGINT
);
CREATE INDEX background_jobs_due ON background_jobs (run_at) WHERE parked_at IS NULL;
