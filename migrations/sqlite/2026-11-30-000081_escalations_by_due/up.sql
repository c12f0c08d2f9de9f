-- What is open is listed by when it is due.

DROP INDEX escalations_open;
CREATE INDEX escalations_open ON escalations (outlet_id, due_at, id) WHERE state = 'open';
