ALTER TABLE jobs DROP COLUMN delay_word;
ALTER TABLE jobs DROP COLUMN delay_at;
ALTER TABLE jobs DROP COLUMN delay_arrives_at;
ALTER TABLE jobs DROP COLUMN longitude_e6;
ALTER TABLE jobs DROP COLUMN latitude_e6;
