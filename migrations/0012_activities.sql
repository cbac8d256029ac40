-- What people write to each other about a record.
CREATE TABLE comment (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    record {id} NOT NULL,
    text {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    edited_at {int},
    version {int} NOT NULL
) {strict};
CREATE INDEX comment_record ON comment (record, at, id);

-- A record's changes in the order of time, as its timeline tells them: what the product reckons by itself is left out, of which there may be
-- much more.
CREATE INDEX history_told ON history (record, at, revision) WHERE act <> 'roll_up' AND act <> 'recalculate';
