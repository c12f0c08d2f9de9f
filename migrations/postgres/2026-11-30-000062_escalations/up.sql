-- A clock that somebody has to hear of: one level of one run. It ends with its clock and is kept.

CREATE TABLE escalations (
    id BYTEA PRIMARY KEY NOT NULL,
    outlet_id BYTEA NOT NULL REFERENCES outlets (id),
    job_id BYTEA NOT NULL REFERENCES records (job_id),
    rule TEXT NOT NULL,
    run BIGINT NOT NULL,
    level BIGINT NOT NULL,
    round BIGINT NOT NULL,
    to_role TEXT NOT NULL,
    counted_from TEXT NOT NULL,
    reached_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    raised_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Who has it in hand.
    holder_id BYTEA REFERENCES people (id),
    stopped_at BIGINT,
    ended_at BIGINT,
    -- Several servers look at the same clocks.
    UNIQUE (job_id, rule, run, level, round)
);
CREATE INDEX escalations_open ON escalations (outlet_id, id) WHERE state = 'open';

-- Who took it over, one after the other; the last has it in hand.
CREATE TABLE escalation_takers (
    escalation_id BYTEA NOT NULL REFERENCES escalations (id),
    turn BIGINT NOT NULL,
    person_id BYTEA NOT NULL REFERENCES people (id),
    taken_at BIGINT NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (escalation_id, turn)
);

-- When the job's clocks have to be looked at next; at once where an escalation has to end.
ALTER TABLE jobs ADD COLUMN escalates_at BIGINT;
UPDATE jobs SET escalates_at = 0 WHERE id IN (SELECT job_id FROM job_clocks WHERE stopped_at IS NULL);
CREATE INDEX jobs_escalate ON jobs (escalates_at) WHERE escalates_at IS NOT NULL;
