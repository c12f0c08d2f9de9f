-- One key of each purpose is in use: servers that start at the same time agree by this.
UPDATE signing_keys SET retired_at = created_at
WHERE retired_at IS NULL AND EXISTS (
    SELECT 1 FROM signing_keys AS newer
    WHERE newer.purpose = signing_keys.purpose AND newer.retired_at IS NULL
      AND (newer.created_at > signing_keys.created_at
           OR (newer.created_at = signing_keys.created_at AND newer.kid < signing_keys.kid))
);
CREATE UNIQUE INDEX signing_keys_in_use ON signing_keys (purpose) WHERE retired_at IS NULL;
