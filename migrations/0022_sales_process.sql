-- What an administrator works on and nobody else obeys yet; a document.
CREATE TABLE process_draft (
    process {id} NOT NULL PRIMARY KEY,
    -- The published version that it was begun from; 0 for a process that has none.
    based_on {int} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL
) {strict};

-- What became of the deals that were under way when a version was published: 'follow' or 'stay'.
ALTER TABLE process_version ADD COLUMN running {text};
-- Where they go whose stage is gone, as a document; and what the publisher says of it.
ALTER TABLE process_version ADD COLUMN mapping {text};
ALTER TABLE process_version ADD COLUMN note {text};

-- 1 while deals obey this version though a newer one is published.
ALTER TABLE process_version ADD COLUMN in_force {int};

-- Codes of what stood against the entering and was passed by.
ALTER TABLE stage_stay ADD COLUMN bypassed {text};

-- What is to be done while a deal stands in a stage.
CREATE TABLE stage_task (
    id {id} NOT NULL PRIMARY KEY,
    opportunity {id} NOT NULL,
    process {id} NOT NULL,
    process_version {int} NOT NULL,
    stage {text} NOT NULL,
    key {text} NOT NULL,
    stay {id} NOT NULL,
    run {int} NOT NULL,
    name {text} NOT NULL,
    required {int} NOT NULL,
    state {text} NOT NULL,
    assignee {id},
    -- Which of the parties named he is, so that a new owner takes over the owner's tasks; null: chosen by hand.
    party {text},
    -- What its assignee may do with the deal while it is open: 'read' or 'read_write'.
    level {text} NOT NULL,
    due_at {int},
    arisen_at {int} NOT NULL,
    done_at {int},
    done_by {id},
    note {text},
    version {int} NOT NULL
) {hot};
CREATE INDEX stage_task_opportunity ON stage_task (opportunity, arisen_at);
CREATE INDEX stage_task_assignee ON stage_task (assignee, due_at, id) WHERE state = 'open';

-- Records created or chosen through a task.
CREATE TABLE stage_task_record (
    task {id} NOT NULL,
    object {text} NOT NULL,
    record {id} NOT NULL,
    PRIMARY KEY (task, object, record)
) {strict};
CREATE INDEX stage_task_record_of ON stage_task_record (record);

-- What was done about a task: that it was done, reopened, given to somebody else, or skipped because its stage was left.
CREATE TABLE stage_task_event (
    id {id} NOT NULL PRIMARY KEY,
    opportunity {id} NOT NULL,
    task {id} NOT NULL,
    act {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    -- The note of who did it, or the reason of who reopened it.
    note {text},
    -- To whom it was given.
    assignee {id}
) {strict};
CREATE INDEX stage_task_event_opportunity ON stage_task_event (opportunity, at, id);

-- Every push of a close date, cut of an amount and step back of a deal.
CREATE TABLE slip (
    id {id} NOT NULL PRIMARY KEY,
    opportunity {id} NOT NULL,
    kind {text} NOT NULL,
    old {text},
    new {text},
    -- By how many days a close date was pushed.
    days {int},
    reason {text},
    at {int} NOT NULL,
    by_id {id} NOT NULL
) {strict};
CREATE INDEX slip_opportunity ON slip (opportunity, at, id);
