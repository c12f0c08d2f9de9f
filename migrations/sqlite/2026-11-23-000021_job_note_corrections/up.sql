-- A note that corrects an earlier one, which stays.

ALTER TABLE job_notes ADD COLUMN corrects BLOB;
