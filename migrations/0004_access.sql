-- Sharing rules: records that meet a condition are given to people, departments and groups. What they give stands in grant_to, with the
-- rule as the reason (`share:` and its id).
CREATE TABLE sharing_rule (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL,
    -- It is being taken back: what it has given goes first, then the rule.
    removed {int} NOT NULL
) {strict};
CREATE INDEX sharing_rule_object ON sharing_rule (object);

-- What one rule gives.
CREATE INDEX grant_to_why ON grant_to (why, record);
