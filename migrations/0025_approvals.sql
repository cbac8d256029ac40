-- Who must agree before something is done; documents, topmost first by position.
CREATE TABLE approval_flow (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    api_name {text} NOT NULL,
    position {int} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX approval_flow_api_name ON approval_flow (api_name);

-- Each version that was saved: what runs keeps the one with which it began.
CREATE TABLE approval_flow_version (
    flow {id} NOT NULL,
    version {int} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    doc {text} NOT NULL,
    PRIMARY KEY (flow, version)
) {clustered};

-- Approvals, running and past.
CREATE TABLE approval (
    id {id} NOT NULL PRIMARY KEY,
    flow {id} NOT NULL,
    flow_version {int} NOT NULL,
    object {text} NOT NULL,
    record {id} NOT NULL,
    -- The act that was caught.
    what {text} NOT NULL,
    -- 'running', 'returned', 'approved', 'rejected', 'withdrawn', 'failed', 'superseded'.
    state {text} NOT NULL,
    submitter {id} NOT NULL,
    initiator {id} NOT NULL,
    began_at {int} NOT NULL,
    ended_at {int},
    -- Whom a pending change of owner would give it to: he holds it already, as far as limits go.
    receiver {id},
    -- What is asked for: the change as it was judged, with what stood there.
    asks {text} NOT NULL,
    -- The run as it stands, drawn from the trail.
    run {text} NOT NULL,
    -- Why what was agreed to could not be done.
    failed {text},
    -- Counts its acts.
    version {int} NOT NULL
) {strict};
-- One at a time.
CREATE UNIQUE INDEX approval_running ON approval (record) WHERE ended_at IS NULL;
CREATE INDEX approval_of_record ON approval (record, began_at);
CREATE INDEX approval_of_initiator ON approval (initiator, began_at, id);
CREATE INDEX approval_of_submitter ON approval (submitter, began_at, id);
CREATE INDEX approval_of_flow ON approval (flow, state);
CREATE INDEX approval_began ON approval (began_at, id);
CREATE INDEX approval_receiver ON approval (receiver) WHERE ended_at IS NULL AND receiver IS NOT NULL;

-- Whom approvals ask. `n` is its number in the run.
CREATE TABLE approval_task (
    approval {id} NOT NULL,
    n {int} NOT NULL,
    person {id} NOT NULL,
    node {text} NOT NULL,
    state {text} NOT NULL,
    since {int},
    ended_at {int},
    -- Who has answered: he himself, his deputy, or the product.
    answered_by {id},
    due_at {int},
    -- When the product looks at it again: a reminder, or the end of its time.
    next_at {int},
    -- When somebody has urged him last.
    urged_at {int},
    PRIMARY KEY (approval, n)
) {clustered};
CREATE INDEX approval_task_open ON approval_task (person, due_at, approval, n) WHERE state = 'open';
CREATE INDEX approval_task_done ON approval_task (answered_by, ended_at, approval) WHERE answered_by IS NOT NULL;
-- What deputies have answered for somebody, too.
CREATE INDEX approval_task_done_for ON approval_task (person, ended_at, approval) WHERE answered_by IS NOT NULL;
CREATE INDEX approval_task_waiting ON approval_task (person) WHERE state = 'waiting';
CREATE INDEX approval_task_next ON approval_task (next_at) WHERE next_at IS NOT NULL;

-- The trail, never changed.
CREATE TABLE approval_entry (
    approval {id} NOT NULL,
    n {int} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    doc {text} NOT NULL,
    PRIMARY KEY (approval, n)
) {clustered};

-- Deals count for boards only once they have come into their process, so what is kept tells apart how they stand.
ALTER TABLE board_total ADD COLUMN lifecycle_status {text};

-- Who stands in for whom, as far as records have been given by it to those who answer for others.
CREATE TABLE approval_stand_in (
    person {id} NOT NULL,
    deputy {id} NOT NULL,
    PRIMARY KEY (person, deputy)
) {clustered};
