-- What customers tell us and what we promise them; what things cost.

CREATE TABLE customers (
    id BYTEA PRIMARY KEY NOT NULL,
    outlet_id BYTEA NOT NULL REFERENCES outlets (id),
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- Digits only: what a search and the repeat detection compare.
    phone_digits TEXT NOT NULL,
    address TEXT NOT NULL,
    -- Lower case, no blanks or punctuation; as is the name's.
    address_key TEXT NOT NULL,
    name_key TEXT NOT NULL,
    class TEXT NOT NULL,
    latitude_e6 BIGINT,
    longitude_e6 BIGINT,
    refuses_calls BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX customers_phone ON customers (phone_digits);
CREATE INDEX customers_address ON customers (address_key);
CREATE INDEX customers_outlet ON customers (outlet_id, id);

CREATE TABLE reports (
    id BYTEA PRIMARY KEY NOT NULL,
    number TEXT NOT NULL UNIQUE,
    outlet_id BYTEA NOT NULL REFERENCES outlets (id),
    customer_id BYTEA REFERENCES customers (id),
    job_id BYTEA,
    class TEXT NOT NULL,
    channel TEXT NOT NULL,
    -- open, job, answered, solved_remotely, void
    state TEXT NOT NULL,
    -- How the call went: handled, silent, wrong_number, ...
    outcome TEXT NOT NULL,
    urgency TEXT,
    name TEXT,
    phone TEXT,
    phone_digits TEXT NOT NULL,
    address TEXT,
    address_key TEXT NOT NULL,
    fault TEXT,
    fault_class TEXT,
    product TEXT,
    -- The rest of what was told, as JSON: model, serial, purchase date, wanted time, area, skill, whom it is about.
    details TEXT NOT NULL,
    repeated_back BOOLEAN NOT NULL,
    taken_by BYTEA NOT NULL REFERENCES people (id),
    -- Whoever was asked first keeps it until another named person takes it over.
    owner_id BYTEA NOT NULL REFERENCES people (id),
    taken_at BIGINT NOT NULL,
    answer TEXT,
    closed_at BIGINT,
    repeat_of BYTEA REFERENCES reports (id),
    -- undecided, same, new
    repeat_verdict TEXT,
    repeat_decided_by BYTEA REFERENCES people (id)
);
CREATE INDEX reports_taken ON reports (outlet_id, taken_at);
CREATE INDEX reports_state ON reports (outlet_id, state, id);
CREATE INDEX reports_repeat ON reports (repeat_of);
CREATE INDEX reports_phone ON reports (phone_digits, taken_at);
CREATE INDEX reports_address ON reports (address_key, taken_at);
CREATE INDEX reports_customer ON reports (customer_id, taken_at);

-- Who has a report in hand, from when on: delay in passing it on counts against whoever had it.
CREATE TABLE report_owners (
    id BYTEA PRIMARY KEY NOT NULL,
    report_id BYTEA NOT NULL REFERENCES reports (id),
    person_id BYTEA NOT NULL REFERENCES people (id),
    since BIGINT NOT NULL,
    handed_by BYTEA NOT NULL REFERENCES people (id)
);
CREATE INDEX report_owners_report ON report_owners (report_id, since);

-- Who was shown a customer's phone number in full.
CREATE TABLE phone_looks (
    -- A customer, a report or a job.
    subject_id BYTEA NOT NULL,
    subject TEXT NOT NULL,
    person_id BYTEA NOT NULL REFERENCES people (id),
    looked_at BIGINT NOT NULL,
    PRIMARY KEY (subject_id, person_id, looked_at)
);

CREATE TABLE promises (
    id BYTEA PRIMARY KEY NOT NULL,
    outlet_id BYTEA NOT NULL REFERENCES outlets (id),
    report_id BYTEA REFERENCES reports (id),
    job_id BYTEA,
    owner_id BYTEA NOT NULL REFERENCES people (id),
    text TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    made_by BYTEA NOT NULL REFERENCES people (id),
    made_at BIGINT NOT NULL,
    kept_by BYTEA REFERENCES people (id),
    kept_at BIGINT
);
CREATE INDEX promises_due ON promises (outlet_id, due_at);

CREATE TABLE price_lists (
    version BIGINT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    sha256 BYTEA NOT NULL UNIQUE,
    imported_by BYTEA NOT NULL REFERENCES people (id),
    imported_at BIGINT NOT NULL
);

CREATE TABLE price_items (
    version BIGINT NOT NULL REFERENCES price_lists (version),
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    price_minor BIGINT NOT NULL,
    valid_from BIGINT,
    valid_to BIGINT,
    PRIMARY KEY (version, code)
);

CREATE TABLE price_requests (
    id BYTEA PRIMARY KEY NOT NULL,
    outlet_id BYTEA NOT NULL REFERENCES outlets (id),
    job_id BYTEA NOT NULL,
    text TEXT NOT NULL,
    asked_by BYTEA NOT NULL REFERENCES people (id),
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    answered_by BYTEA REFERENCES people (id),
    answered_at BIGINT,
    feasible BOOLEAN,
    unit TEXT,
    price_minor BIGINT,
    currency TEXT,
    remark TEXT
);
CREATE INDEX price_requests_job ON price_requests (job_id);
CREATE INDEX price_requests_open ON price_requests (outlet_id, answered_at, due_at);
