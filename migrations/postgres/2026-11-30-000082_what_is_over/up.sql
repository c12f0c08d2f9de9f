-- What is over is listed with the last first.

CREATE INDEX promises_kept ON promises (outlet_id, kept_at, due_at);
CREATE INDEX follow_ups_ended ON follow_ups (outlet_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX escalations_ended ON escalations (outlet_id, ended_at) WHERE ended_at IS NOT NULL;
