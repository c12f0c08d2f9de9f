-- The truth: the log of accepted changes, job by job, and what phones still have to hear of it.

-- One row a job: where its log ends. Its lock orders the writers of one job.
CREATE TABLE records (
    job_id BLOB PRIMARY KEY NOT NULL,
    outlet_id BLOB NOT NULL REFERENCES outlets (id),
    -- Changes in the log; the next one gets this number.
    length BIGINT NOT NULL,
    -- Sorted, 32 bytes each.
    heads BLOB NOT NULL,
    -- The document as saved after the first `snapshot_length` changes.
    snapshot BLOB NOT NULL,
    snapshot_length BIGINT NOT NULL
);

CREATE TABLE pushes (
    id BLOB PRIMARY KEY NOT NULL,
    device_id BLOB NOT NULL REFERENCES devices (id),
    request_id BLOB NOT NULL,
    received_at BIGINT NOT NULL,
    phone_at BIGINT NOT NULL,
    since_contact_us BIGINT,
    -- Hashes of 32 bytes, one a job, in the order of the request.
    leaves BLOB NOT NULL,
    device_signature BLOB NOT NULL,
    -- Ours over the same leaves: we hold them, in the log or in quarantine.
    receipt_signature BLOB NOT NULL,
    receipt_key BLOB NOT NULL
);
CREATE INDEX pushes_device ON pushes (device_id, received_at);

-- What one push brought of one job: the hashes that its leaf was made of. Evidence needs them.
CREATE TABLE push_jobs (
    job_id BLOB NOT NULL,
    push_id BLOB NOT NULL REFERENCES pushes (id),
    -- 32 bytes each, in the order of the request.
    pushed BLOB NOT NULL,
    PRIMARY KEY (job_id, push_id)
);

CREATE TABLE changes (
    job_id BLOB NOT NULL,
    pos BIGINT NOT NULL,
    hash BLOB NOT NULL,
    actor BLOB NOT NULL,
    seq BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    -- Whose hand: time, message and author inside a change are claims, these are what we know.
    person_id BLOB,
    device_id BLOB,
    push_id BLOB REFERENCES pushes (id),
    received_at BIGINT NOT NULL,
    PRIMARY KEY (job_id, pos),
    UNIQUE (job_id, hash),
    UNIQUE (job_id, actor, seq)
);

CREATE TABLE actors (
    job_id BLOB NOT NULL,
    -- Bound at its first use, and never used for another job.
    actor BLOB NOT NULL UNIQUE,
    device_id BLOB NOT NULL REFERENCES devices (id),
    leased_at BIGINT NOT NULL,
    PRIMARY KEY (job_id, actor)
);

-- Whose phones carry a job.
CREATE TABLE grants (
    person_id BLOB NOT NULL REFERENCES people (id),
    job_id BLOB NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, job_id)
);
CREATE INDEX grants_job ON grants (job_id);

-- What is new for one person. `seq` is handed out under the lock of the person's row, which is held until the commit: so no
-- reader can see a later number before an earlier one.
CREATE TABLE feed (
    person_id BLOB NOT NULL REFERENCES people (id),
    seq BIGINT NOT NULL,
    -- change, grant, revoke, reset
    kind TEXT NOT NULL,
    job_id BLOB NOT NULL,
    -- The changes from this place of the log on, up to but without `pos_to`.
    pos_from BIGINT NOT NULL,
    pos_to BIGINT NOT NULL,
    -- Why it left: reassigned, cancelled, closed.
    reason TEXT,
    -- The device whose own push this was: it has the changes already.
    device_id BLOB,
    PRIMARY KEY (person_id, seq)
);

CREATE TABLE quarantine (
    id BLOB PRIMARY KEY NOT NULL,
    job_id BLOB NOT NULL,
    outlet_id BLOB,
    person_id BLOB NOT NULL REFERENCES people (id),
    device_id BLOB NOT NULL REFERENCES devices (id),
    actor BLOB NOT NULL,
    first_hash BLOB NOT NULL,
    code TEXT NOT NULL,
    -- JSON: what was to stand where it may not, what could be saved, which gates were closed.
    content TEXT NOT NULL,
    detail TEXT NOT NULL,
    bytes BLOB NOT NULL,
    -- How many bytes there were; more than `bytes` holds where the cap cut them.
    bytes_total BIGINT NOT NULL,
    salvaged_hash BLOB,
    received_at BIGINT NOT NULL,
    UNIQUE (job_id, device_id, first_hash)
);
CREATE INDEX quarantine_outlet ON quarantine (outlet_id, received_at);
