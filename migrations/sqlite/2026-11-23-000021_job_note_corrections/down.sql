ALTER TABLE job_notes DROP COLUMN corrects;
