-- Files wait here for their import; an import is a job that knows its steps, and what became of every row.
DROP TABLE import_problem;
DROP TABLE import_job;

CREATE TABLE import_file (
    id {id} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    size {int} NOT NULL,
    -- What was found out about it; empty while it arrives.
    doc {text} NOT NULL,
    at {int} NOT NULL,
    expires_at {int} NOT NULL,
    by_id {id} NOT NULL
) {strict};
CREATE INDEX import_file_by ON import_file (by_id, at);

-- Reading 0 is the file as it was sent; each other one its rows, as they were read in some way.
CREATE TABLE import_chunk (
    file {id} NOT NULL,
    reading {int} NOT NULL,
    number {int} NOT NULL,
    first_row {int} NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (file, reading, number)
) {strict};

-- What each reading found out.
CREATE TABLE import_reading (
    file {id} NOT NULL,
    reading {int} NOT NULL,
    doc {text} NOT NULL,
    PRIMARY KEY (file, reading)
) {strict};

CREATE TABLE import_run (
    id {id} NOT NULL PRIMARY KEY,
    state {text} NOT NULL,
    dry_run {int} NOT NULL,
    -- What is asked.
    doc {text} NOT NULL,
    -- How far it is; changes with every transaction.
    progress {text} NOT NULL,
    created_at {int} NOT NULL,
    ended_at {int},
    by_id {id} NOT NULL
) {strict};
CREATE INDEX import_run_by ON import_run (by_id, created_at);
CREATE INDEX import_run_at ON import_run (created_at);

-- Which file an import reads, so that it is kept.
CREATE TABLE import_use (
    import {id} NOT NULL,
    file {id} NOT NULL,
    reading {int} NOT NULL,
    PRIMARY KEY (import, file, reading)
) {strict};
CREATE INDEX import_use_file ON import_use (file, reading);

CREATE TABLE import_row (
    import {id} NOT NULL,
    step {int} NOT NULL,
    number {int} NOT NULL,
    -- 0 is the row's own record; others what came to be with it.
    part {int} NOT NULL,
    line {int} NOT NULL,
    outcome {text} NOT NULL,
    object {text} NOT NULL,
    record {id},
    -- As the import left it, and the revision before.
    version {int},
    revision {int},
    before {int},
    -- It refers to a record of a later row.
    waits {int} NOT NULL,
    PRIMARY KEY (import, step, number, part)
) {strict};

CREATE TABLE import_problem (
    import {id} NOT NULL,
    number {int} NOT NULL,
    step {int} NOT NULL,
    row_number {int} NOT NULL,
    line {int} NOT NULL,
    col {text} NOT NULL,
    code {text} NOT NULL,
    value {text} NOT NULL,
    message {text} NOT NULL,
    offer {text},
    notice {int} NOT NULL,
    PRIMARY KEY (import, number)
) {strict};

CREATE TABLE import_template (
    id {id} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    object {text} NOT NULL,
    doc {text} NOT NULL,
    shared {int} NOT NULL,
    version {int} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL
) {strict};
