-- Servers of this database, each with a sign of life now and then.
CREATE TABLE server (
    id {id} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    version {text} NOT NULL,
    started_at {int} NOT NULL,
    seen_at {int} NOT NULL,
    -- What it tells of itself: memory, clock, streams.
    doc {text} NOT NULL
) {hot};

-- What was last done of the work that keeps an installation well, and what it came to.
CREATE TABLE mark (
    key {text} NOT NULL PRIMARY KEY,
    at {int} NOT NULL,
    doc {text} NOT NULL
) {strict};
-- How many jobs of a kind stand where.
CREATE INDEX job_kinds ON job (state, kind);
