-- Whether anybody has a role: what is meant for one that nobody has is asked of the next.

CREATE INDEX people_by_role ON people (role, outlet_id) WHERE disabled_at IS NULL;
