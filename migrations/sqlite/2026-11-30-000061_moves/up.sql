-- What moved in each outlet by which transaction, for an hour: several servers on one PostgreSQL find in it what nobody told them.
-- On SQLite, which has one server, it stays empty.

CREATE TABLE moves (
    xid BIGINT NOT NULL,
    subject_id BLOB NOT NULL,
    outlet_id BLOB NOT NULL,
    moved_at BIGINT NOT NULL,
    PRIMARY KEY (xid, subject_id)
);
