-- How each outlet worked, and since when: a job keeps the clocks and the calls that were in force when it was reported, so
-- a setting that is changed moves no limit that runs already, and a rebuilt projection comes out the same.

CREATE TABLE outlet_settings (
    outlet_id BLOB NOT NULL REFERENCES outlets (id),
    -- 0: from the beginning.
    since BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (outlet_id, since)
);
INSERT INTO outlet_settings (outlet_id, since, time_zone, settings) SELECT id, 0, time_zone, settings FROM outlets;
