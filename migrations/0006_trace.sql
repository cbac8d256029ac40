-- Where calls came from: an address and the program there, told by what they hash to, so that a change carries one number.
CREATE TABLE origin (
    id {int} NOT NULL PRIMARY KEY,
    address {text} NOT NULL,
    agent {text} NOT NULL,
    at {int} NOT NULL
) {strict};

ALTER TABLE history ADD COLUMN origin {int};

-- The whole trace by time. All that it is filtered by stands in the index, so what is left out costs no look at the table.
CREATE INDEX history_at ON history (at, record, object, act, by_id);

-- Acts that are no changes of a record, and acts that were refused. Rows are added and never changed.
CREATE TABLE audit (
    id {id} NOT NULL PRIMARY KEY,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    via {text} NOT NULL,
    origin {int},
    act {text} NOT NULL,
    -- What kind of thing it was done to: record, object, process, role, view …
    kind {text} NOT NULL,
    object {text},
    record {id},
    -- The thing in words or by its key, as it was called then.
    subject {text} NOT NULL,
    -- done, refused
    outcome {text} NOT NULL,
    -- Why it was refused, divided by blanks.
    codes {text} NOT NULL,
    detail {text},
    -- How often, where the same was refused again and again.
    times {int} NOT NULL
) {strict};
CREATE INDEX audit_at ON audit (at, id);
