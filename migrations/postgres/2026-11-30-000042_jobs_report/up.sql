-- The job that was opened for a report is looked for when a verdict on that report is changed.

CREATE INDEX jobs_report ON jobs (report_id);
