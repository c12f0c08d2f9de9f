-- Who we are: outlets, people, their devices and log-ins, and the keys that we sign with.
-- Times are microseconds in UTC, ids are UUIDs of 16 bytes, enums and JSON are text, on both engines.

CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- Numbers that people read: handed out under the row's lock.
CREATE TABLE counters (
    name TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    -- token: access tokens; receipt: what we hold.
    purpose TEXT NOT NULL,
    secret BYTEA NOT NULL,
    public BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);

CREATE TABLE outlets (
    id BYTEA PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    phone TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE people (
    id BYTEA PRIMARY KEY NOT NULL,
    outlet_id BYTEA NOT NULL REFERENCES outlets (id),
    login TEXT NOT NULL UNIQUE,
    -- Customers know staff by this number only.
    staff_number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    role TEXT NOT NULL,
    skills TEXT NOT NULL,
    language TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    -- The last event in this person's feed, and the digest of the jobs in their hands: with these a sync sees that there is
    -- nothing new, and reads nothing of any job.
    feed_seq BIGINT NOT NULL,
    feed_digest BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE devices (
    id BYTEA PRIMARY KEY NOT NULL,
    person_id BYTEA NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    enrolled_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_by BYTEA REFERENCES people (id)
);
CREATE INDEX devices_person ON devices (person_id);

CREATE TABLE sessions (
    id BYTEA PRIMARY KEY NOT NULL,
    person_id BYTEA NOT NULL REFERENCES people (id),
    device_id BYTEA REFERENCES devices (id),
    client TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- log_out, revoked, reused
    ended_why TEXT
);
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE refresh_tokens (
    hash BYTEA PRIMARY KEY NOT NULL,
    session_id BYTEA NOT NULL REFERENCES sessions (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE throttles (
    key TEXT PRIMARY KEY NOT NULL,
    failures BIGINT NOT NULL,
    -- No try is taken before this moment.
    until BIGINT NOT NULL
);

CREATE TABLE idempotency (
    person_id BYTEA NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);
