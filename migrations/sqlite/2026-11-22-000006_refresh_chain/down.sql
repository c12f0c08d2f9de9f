DROP INDEX refresh_tokens_expires;
ALTER TABLE sessions DROP COLUMN refreshed_with;
ALTER TABLE refresh_tokens DROP COLUMN parent_hash;
