-- Where the customer of a job is, and that the technician will be late: both follow from the record.

-- Millionths of a degree, WGS 84.
ALTER TABLE jobs ADD COLUMN latitude_e6 BIGINT;
ALTER TABLE jobs ADD COLUMN longitude_e6 BIGINT;
-- When the technician comes instead, when that was said, and what is known of the customer:
-- untold, told, seen, agreed, someone_else.
ALTER TABLE jobs ADD COLUMN delay_arrives_at BIGINT;
ALTER TABLE jobs ADD COLUMN delay_at BIGINT;
ALTER TABLE jobs ADD COLUMN delay_word TEXT;
