-- Jobs as they are listed: all of them, and those that somebody asked for.
CREATE INDEX job_newest ON job (created_at, id);
CREATE INDEX job_by ON job (by_id, created_at, id);
