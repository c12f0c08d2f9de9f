DROP INDEX changes_retimed;
CREATE INDEX changes_retimed ON changes (job_id) WHERE retimed_at IS NOT NULL;
