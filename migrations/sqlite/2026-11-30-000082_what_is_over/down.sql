DROP INDEX escalations_ended;
DROP INDEX follow_ups_ended;
DROP INDEX promises_kept;
