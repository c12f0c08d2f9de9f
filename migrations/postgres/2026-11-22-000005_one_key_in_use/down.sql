DROP INDEX signing_keys_in_use;
