-- Checklists that the company published. Those that come with the product are version 1 of their ids, and have no row.

CREATE TABLE templates (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    steps INTEGER NOT NULL,
    body TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    published_by BLOB NOT NULL REFERENCES people (id),
    -- No two at one time: the last of them tells phones whether there is anything new.
    published_at BIGINT NOT NULL UNIQUE,
    PRIMARY KEY (id, version)
);
