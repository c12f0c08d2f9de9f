-- Projections of the record (`server rebuild` drops and rebuilds `jobs` and `job_clocks`), and what hangs on a job without
-- being in its record.

CREATE TABLE jobs (
    id BLOB PRIMARY KEY NOT NULL,
    number TEXT NOT NULL UNIQUE,
    outlet_id BLOB NOT NULL REFERENCES outlets (id),
    report_id BLOB NOT NULL,
    customer_id BLOB,
    rework_of BLOB,
    template TEXT NOT NULL,
    template_version INTEGER NOT NULL,
    status TEXT NOT NULL,
    urgency TEXT,
    skill TEXT,
    name TEXT,
    phone TEXT,
    phone_digits TEXT NOT NULL,
    address TEXT,
    fault TEXT,
    product TEXT,
    technician_id BLOB REFERENCES people (id),
    technician_name TEXT,
    window_from BIGINT,
    window_to BIGINT,
    -- Places where two values stand beside each other.
    conflicts BIGINT NOT NULL,
    currency TEXT NOT NULL,
    total_minor BIGINT,
    due_minor BIGINT,
    paid_minor BIGINT NOT NULL,
    signed_at BIGINT,
    sign_offs BIGINT NOT NULL,
    alarms BIGINT NOT NULL,
    reported_at BIGINT NOT NULL,
    -- When the next clock that still runs is due.
    next_due_at BIGINT,
    closed_at BIGINT
);
CREATE INDEX jobs_outlet_status ON jobs (outlet_id, status, reported_at);
CREATE INDEX jobs_outlet_reported ON jobs (outlet_id, reported_at);
CREATE INDEX jobs_technician ON jobs (technician_id, window_from);
CREATE INDEX jobs_customer ON jobs (customer_id, reported_at);
CREATE INDEX jobs_due ON jobs (outlet_id, next_due_at);

CREATE TABLE job_clocks (
    job_id BLOB NOT NULL,
    rule TEXT NOT NULL,
    -- A job that is re-opened starts its clocks anew; the first round's stay as they ended.
    run BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    warn_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    stopped_at BIGINT,
    paused_us BIGINT NOT NULL,
    is_paused BOOLEAN NOT NULL,
    not_before BOOLEAN NOT NULL,
    PRIMARY KEY (job_id, rule, run)
);
CREATE INDEX job_clocks_due ON job_clocks (stopped_at, due_at);

CREATE TABLE job_notes (
    id BLOB PRIMARY KEY NOT NULL,
    job_id BLOB NOT NULL,
    text TEXT NOT NULL,
    written_by BLOB NOT NULL REFERENCES people (id),
    written_at BIGINT NOT NULL
);
CREATE INDEX job_notes_job ON job_notes (job_id, written_at);

CREATE TABLE links (
    id BLOB PRIMARY KEY NOT NULL,
    job_id BLOB NOT NULL,
    -- SHA-256 of the token; the token itself is shown once.
    token_hash BLOB NOT NULL UNIQUE,
    -- JSON list: view, accept, sign, rate
    scope TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_by BLOB REFERENCES people (id)
);
CREATE INDEX links_job ON links (job_id);

-- Each opening is evidence of who signed where.
CREATE TABLE link_opens (
    link_id BLOB NOT NULL REFERENCES links (id),
    opened_at BIGINT NOT NULL,
    act TEXT NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL,
    PRIMARY KEY (link_id, opened_at, act)
);

CREATE TABLE follow_ups (
    id BLOB PRIMARY KEY NOT NULL,
    outlet_id BLOB NOT NULL REFERENCES outlets (id),
    job_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    -- The call is made once this time has passed.
    not_before BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    -- open, satisfied, unsatisfied, unreached, refused
    state TEXT NOT NULL,
    closed_at BIGINT,
    UNIQUE (job_id, reason, not_before)
);
CREATE INDEX follow_ups_open ON follow_ups (outlet_id, state, rank, not_before);

CREATE TABLE calls (
    id BLOB PRIMARY KEY NOT NULL,
    follow_up_id BLOB NOT NULL REFERENCES follow_ups (id),
    made_by BLOB NOT NULL REFERENCES people (id),
    made_at BIGINT NOT NULL,
    reached BOOLEAN NOT NULL,
    satisfied BOOLEAN,
    remarks TEXT
);
CREATE INDEX calls_follow_up ON calls (follow_up_id, made_at);
