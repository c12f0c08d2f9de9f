DROP INDEX escalations_open;
CREATE INDEX escalations_open ON escalations (outlet_id, id) WHERE state = 'open';
