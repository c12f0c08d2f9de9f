-- In the order in which a job's times are read: without the place, SQLite went through the job's whole log instead.
DROP INDEX changes_retimed;
CREATE INDEX changes_retimed ON changes (job_id, pos) WHERE retimed_at IS NOT NULL;
