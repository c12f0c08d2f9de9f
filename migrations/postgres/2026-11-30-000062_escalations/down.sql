DROP INDEX jobs_escalate;
ALTER TABLE jobs DROP COLUMN escalates_at;
DROP TABLE escalation_takers;
DROP TABLE escalations;
