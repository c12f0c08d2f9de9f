ALTER TABLE links DROP COLUMN with_job;
