-- Work that goes on after the answer: committed with what asked for it, claimed by whoever is free, resumed where it stood.
CREATE TABLE job (
    id {id} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL,
    object {text},
    field {text},
    -- What is to be done, as the kind has it.
    doc {text} NOT NULL,
    -- waiting, running, done, failed
    state {text} NOT NULL,
    done {int} NOT NULL,
    total {int},
    -- Where it stands; committed with the rows that it has worked on.
    position {text},
    attempts {int} NOT NULL,
    message {text},
    run_at {int} NOT NULL,
    -- Who works on it, and until when nobody else may take it.
    lease {id},
    lease_until {int},
    created_at {int} NOT NULL,
    by_id {id} NOT NULL,
    ended_at {int}
) {strict};
CREATE INDEX job_due ON job (state, run_at);
CREATE INDEX job_of ON job (object, field, state);

-- Records of a bulk act, each with what became of it.
CREATE TABLE bulk_record (
    job {id} NOT NULL,
    number {int} NOT NULL,
    record {id} NOT NULL,
    -- waiting, saved, unchanged, refused
    outcome {text} NOT NULL,
    -- The revision that it made, for undoing it.
    revision {int},
    version {int},
    -- Why it was refused.
    doc {text},
    PRIMARY KEY (job, number)
) {strict};

-- Files that hang on records.
CREATE TABLE file (
    id {id} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    media_type {text} NOT NULL,
    size {int} NOT NULL,
    sha256 {text} NOT NULL,
    content {bytes} NOT NULL,
    -- The record that it hangs on; none until it has been saved with one.
    object {text},
    record {id},
    field {text},
    at {int} NOT NULL,
    by_id {id} NOT NULL
) {strict};
CREATE INDEX file_record ON file (object, record);
