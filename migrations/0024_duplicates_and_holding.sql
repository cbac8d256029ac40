-- Rules by which a record counts as one that there is already; documents.
CREATE TABLE duplicate_rule (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    version {int} NOT NULL,
    -- Seals what stands for a found record where its id is not to be told.
    secret {text} NOT NULL,
    doc {text} NOT NULL
) {strict};

-- What is kept to find alike records by: a field of an object, entered in one way. Ids are not used again.
CREATE TABLE match_part (
    id {int} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    field {text} NOT NULL,
    kind {text} NOT NULL,
    -- 'filling' until the older records are in, 'ready', 'dropping' while its entries are taken out.
    state {text} NOT NULL,
    -- What its keys were drawn with: the same value gives others when it changes, so the part is made anew.
    made_with {text} NOT NULL,
    -- Up to which record, by id, the older ones are in.
    position {id}
) {strict};

-- Which records have which key; a key is drawn from the normal form of the value.
CREATE TABLE match_entry (
    part {int} NOT NULL,
    key {int} NOT NULL,
    record {id} NOT NULL,
    PRIMARY KEY (part, key, record)
) {clustered};

-- Saves that went on over matches, each with those that were most alike: rule, object and id of what was found, why, and how it was passed.
CREATE TABLE duplicate_override (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    record {id} NOT NULL,
    matches {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL
) {strict};
CREATE INDEX duplicate_override_record ON duplicate_override (object, record);

-- Records that a scan has found to be alike, in groups.
CREATE TABLE duplicate_group (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    -- 'open', 'dismissed', 'merged'.
    state {text} NOT NULL,
    score {int} NOT NULL,
    found_at {int} NOT NULL,
    decided_at {int},
    decided_by {id}
) {strict};
CREATE INDEX duplicate_group_open ON duplicate_group (object, state, score, id);
CREATE TABLE duplicate_member (
    in_group {id} NOT NULL,
    record {id} NOT NULL,
    rule {id} NOT NULL,
    score {int} NOT NULL,
    PRIMARY KEY (in_group, record)
) {clustered};
CREATE INDEX duplicate_member_record ON duplicate_member (record);

-- What a scan has come by so far: pairs of records that are alike.
CREATE TABLE duplicate_pair (
    scan {id} NOT NULL,
    a {id} NOT NULL,
    b {id} NOT NULL,
    rule {id} NOT NULL,
    score {int} NOT NULL,
    PRIMARY KEY (scan, a, b)
) {clustered};

-- Records made one: what was moved and what stood there before, as a document, for the undo.
CREATE TABLE merge (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    winner {id} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    undo_until {int} NOT NULL,
    undone_at {int},
    undone_by {id},
    doc {text} NOT NULL
) {strict};
CREATE INDEX merge_winner ON merge (object, winner);
CREATE TABLE merge_loser (
    merge {id} NOT NULL,
    record {id} NOT NULL,
    PRIMARY KEY (merge, record)
) {clustered};
CREATE INDEX merge_loser_record ON merge_loser (record);

-- Somebody asks to join the team of a record that he may not see.
CREATE TABLE join_request (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    record {id} NOT NULL,
    by_id {id} NOT NULL,
    -- Who is asked: the owner as he was then.
    of_id {id} NOT NULL,
    reason {text},
    level {text} NOT NULL,
    asked_at {int} NOT NULL,
    answer_by {int} NOT NULL,
    -- 'open', 'accepted', 'declined', 'expired', 'withdrawn'.
    state {text} NOT NULL,
    answered_at {int},
    answered_by {id},
    answer {text}
) {strict};
CREATE INDEX join_request_open ON join_request (of_id, answer_by, id) WHERE state = 'open';
CREATE INDEX join_request_record ON join_request (record, by_id);

-- When a record counts at all; one for each object with owners.
CREATE TABLE holding_definition (
    object {text} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};

-- How many somebody may hold; documents.
CREATE TABLE holding_rule (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};

-- How many records that a rule counts each owner has.
CREATE TABLE holding_count (
    id {id} NOT NULL PRIMARY KEY,
    rule {id} NOT NULL,
    owner {id} NOT NULL,
    n {int} NOT NULL
) {hot};
CREATE UNIQUE INDEX holding_count_of ON holding_count (rule, owner);

-- Who waits for room, in order; and for which record, where it is one.
CREATE TABLE holding_wait (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    person {id} NOT NULL,
    record {id},
    -- Under which rules there is to be room, divided by blanks; those that mean an average record when absent.
    rules {text},
    since {int} NOT NULL,
    told_at {int}
) {strict};
CREATE INDEX holding_wait_open ON holding_wait (object, since, id);

-- Where records lie that nobody has; documents.
CREATE TABLE pool (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};

-- What was done with what lies in pools.
CREATE TABLE pool_event (
    id {id} NOT NULL PRIMARY KEY,
    pool {id} NOT NULL,
    object {text} NOT NULL,
    record {id} NOT NULL,
    -- 'put', 'claim', 'assign', 'return', 'move', 'reclaim', 'warn'.
    act {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    from_owner {id},
    to_owner {id},
    reason {text},
    -- Which of the pool's rules took it back, or warned.
    rule {text},
    -- In which it lay, or from which its owner had it, where that is another pool.
    from_pool {id}
) {strict};
CREATE INDEX pool_event_record ON pool_event (record, at, id);
CREATE INDEX pool_event_person ON pool_event (pool, to_owner, act, at);
CREATE INDEX pool_event_pool ON pool_event (pool, at, id);
CREATE INDEX pool_event_from ON pool_event (from_pool, at, id);

-- When a record of an owner is to be looked at next, because a pool may take it back.
CREATE TABLE pool_watch (
    record {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    pool {id} NOT NULL,
    -- Since when its owner has it.
    since {int} NOT NULL,
    next_at {int} NOT NULL,
    -- Warnings sent since then, by rule; how far the look at all records has come, where it is a pool that is to be looked at.
    warned {text}
) {strict};
CREATE INDEX pool_watch_due ON pool_watch (next_at, record);

-- What a problem of an import tells, as data: the rules without room.
ALTER TABLE import_problem ADD COLUMN params {text};

-- A row of an import that is like something: what became of it, and the record or line that it is like.
ALTER TABLE import_problem ADD COLUMN outcome {text};
ALTER TABLE import_problem ADD COLUMN met_object {text};
ALTER TABLE import_problem ADD COLUMN met {id};
ALTER TABLE import_problem ADD COLUMN met_line {int};
