-- A link that goes with its job holds through the job and the warranty on its repair, and until `expires_at` at the least.
ALTER TABLE links ADD COLUMN with_job BOOLEAN NOT NULL DEFAULT FALSE;
