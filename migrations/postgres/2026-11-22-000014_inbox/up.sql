-- What was decided about refused changes, item by item; when a change was made as far as all evidence tells; and what on a job
-- awaits a supervisor or is doubtful.

-- JSON: what the phone's clocks said of each change. Null in what came before it was asked.
ALTER TABLE quarantine ADD COLUMN clocks TEXT;
-- Who handed it in as a file, where the phone could not send it any more.
ALTER TABLE quarantine ADD COLUMN handed_in_by BYTEA;
-- Since when nothing of it is left to decide.
ALTER TABLE quarantine ADD COLUMN decided_at BIGINT;
CREATE INDEX quarantine_person ON quarantine (person_id, id);

CREATE TABLE quarantine_decisions (
    quarantine_id BYTEA NOT NULL REFERENCES quarantine (id),
    change_hash BYTEA NOT NULL,
    -- As in `marks/repair`; empty for what can't be read.
    place TEXT NOT NULL,
    -- adopted, rejected
    outcome TEXT NOT NULL,
    reason TEXT,
    decided_by BYTEA NOT NULL REFERENCES people (id),
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (quarantine_id, change_hash, place)
);

-- JSON: what the phone's clocks said when it wrote the change; null for what the server wrote.
ALTER TABLE changes ADD COLUMN clock TEXT;
-- The best estimate, where it is another time than the change claims.
ALTER TABLE changes ADD COLUMN retimed_at BIGINT;
-- How far the estimate may be off.
ALTER TABLE changes ADD COLUMN error_us BIGINT;
-- What contradicts the claim, words split by spaces.
ALTER TABLE changes ADD COLUMN time_flags TEXT;
CREATE INDEX changes_retimed ON changes (job_id) WHERE retimed_at IS NOT NULL;

-- Signatures, consents and money that two people entered without knowing of each other.
ALTER TABLE jobs ADD COLUMN matters BIGINT NOT NULL DEFAULT 0;
-- Changes whose times are contradicted.
ALTER TABLE jobs ADD COLUMN time_flags BIGINT NOT NULL DEFAULT 0;
