-- Tables of the product itself. Records have tables of their own, made from the objects' definitions.
-- {id} is uuid or 16 bytes; {int} holds instants in microseconds, money in ten-thousandths, numbers in millionths, truth as 0 or 1.

-- The version of all definitions. Every transaction reads it first.
CREATE TABLE meta (
    only_row {int} NOT NULL PRIMARY KEY CHECK (only_row = 1),
    version {int} NOT NULL,
    secret {text} NOT NULL
) {strict};

CREATE TABLE organisation (
    id {int} NOT NULL PRIMARY KEY CHECK (id = 1),
    doc {text} NOT NULL
) {strict};

CREATE TABLE object_def (
    key {text} NOT NULL PRIMARY KEY,
    doc {text} NOT NULL,
    preset {int} NOT NULL,
    position {int} NOT NULL
) {strict};

CREATE TABLE process (
    id {id} NOT NULL PRIMARY KEY,
    doc {text} NOT NULL,
    active {int} NOT NULL,
    precedence {int} NOT NULL,
    version {int} NOT NULL
) {strict};

CREATE TABLE process_version (
    process {id} NOT NULL REFERENCES process (id),
    version {int} NOT NULL,
    doc {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    PRIMARY KEY (process, version)
) {strict};

CREATE TABLE role (
    key {text} NOT NULL PRIMARY KEY,
    doc {text} NOT NULL
) {strict};

CREATE TABLE currency_rate (
    currency {text} NOT NULL,
    day {text} NOT NULL,
    rate {int} NOT NULL,
    set_at {int} NOT NULL,
    set_by {id} NOT NULL,
    PRIMARY KEY (currency, day)
) {strict};

-- Signing in.
CREATE TABLE credential (
    person {id} NOT NULL PRIMARY KEY,
    password_hash {text} NOT NULL,
    failed {int} NOT NULL DEFAULT 0,
    locked_until {int},
    changed_at {int}
) {strict};

CREATE TABLE session (
    token_hash {text} NOT NULL PRIMARY KEY,
    person {id} NOT NULL,
    csrf {text} NOT NULL,
    created_at {int} NOT NULL,
    last_seen_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    agent {text}
) {strict};
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE token (
    id {id} NOT NULL PRIMARY KEY,
    person {id} NOT NULL,
    name {text} NOT NULL,
    hash {text} NOT NULL UNIQUE,
    scopes {text},
    expires_at {int},
    last_used_at {int},
    created_at {int} NOT NULL
) {strict};
CREATE INDEX token_person ON token (person);

-- What a caller has asked for once already.
CREATE TABLE idempotency (
    person {id} NOT NULL,
    key {text} NOT NULL,
    request_hash {text} NOT NULL,
    status {int},
    object {text},
    record {id},
    version {int},
    at {int} NOT NULL,
    PRIMARY KEY (person, key)
) {strict};
CREATE INDEX idempotency_at ON idempotency (at);

-- Who sees whose records: oneself, the managers above, heads and assistants of the department and those above it.
-- Rebuilt whole whenever people or departments change.
CREATE TABLE sees (
    viewer {id} NOT NULL,
    owner {id} NOT NULL,
    level {text} NOT NULL,
    PRIMARY KEY (viewer, owner)
) {strict};

-- Records given to people, departments or groups: team, shares, pools, approvers, assignees.
CREATE TABLE grant_to (
    object {text} NOT NULL,
    record {id} NOT NULL,
    principal {id} NOT NULL,
    level {text} NOT NULL,
    why {text} NOT NULL,
    -- Of a team member: the part played, and the share of revenue in millionths of a percent.
    role {text},
    share {int},
    PRIMARY KEY (object, record, principal, why)
) {strict};
CREATE INDEX grant_to_principal ON grant_to (principal, object, record);

CREATE TABLE external_id (
    object {text} NOT NULL,
    source {text} NOT NULL,
    external {text} NOT NULL,
    record {id} NOT NULL,
    PRIMARY KEY (object, source, external)
) {strict};
CREATE INDEX external_id_record ON external_id (object, record);

-- Long texts, off the rows that are read often.
CREATE TABLE long_text (
    object {text} NOT NULL,
    record {id} NOT NULL,
    field {text} NOT NULL,
    value {text} NOT NULL,
    fold {text} NOT NULL,
    PRIMARY KEY (object, record, field)
) {strict};

CREATE TABLE history (
    object {text} NOT NULL,
    record {id} NOT NULL,
    revision {int} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    via {text} NOT NULL,
    act {text} NOT NULL,
    reason {text},
    PRIMARY KEY (object, record, revision)
) {strict};

-- Typed old and new values: a letter for the kind, and the value as text, number or both.
CREATE TABLE history_change (
    object {text} NOT NULL,
    record {id} NOT NULL,
    revision {int} NOT NULL,
    field {text} NOT NULL,
    old_kind {text} NOT NULL,
    old_text {text},
    old_int {int},
    new_kind {text} NOT NULL,
    new_text {text},
    new_int {int},
    PRIMARY KEY (object, record, revision, field)
) {strict};

CREATE TABLE outbox (
    seq {sequence},
    {xid}
    object {text} NOT NULL,
    record {id} NOT NULL,
    revision {int} NOT NULL,
    act {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    columns {text} NOT NULL,
    before_ids {text} NOT NULL,
    after_ids {text} NOT NULL
) {strict};
CREATE INDEX outbox_at ON outbox (at);

-- One visit of one opportunity to one stage.
CREATE TABLE stage_stay (
    id {id} NOT NULL PRIMARY KEY,
    opportunity {id} NOT NULL,
    process {id} NOT NULL,
    process_version {int} NOT NULL,
    stage {text} NOT NULL,
    run {int} NOT NULL,
    entered_at {int} NOT NULL,
    left_at {int},
    to_stage {text},
    entered_by {id} NOT NULL,
    left_by {id},
    how {text} NOT NULL,
    reason {text},
    skipped {text}
) {hot};
CREATE INDEX stage_stay_opportunity ON stage_stay (opportunity, entered_at);
CREATE INDEX stage_stay_stage ON stage_stay (process, stage, left_at);

CREATE TABLE import_job (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    file {text} NOT NULL,
    state {text} NOT NULL,
    doc {text} NOT NULL,
    started_at {int} NOT NULL,
    ended_at {int},
    by_id {id} NOT NULL
) {strict};

CREATE TABLE import_problem (
    job {id} NOT NULL,
    number {int} NOT NULL,
    line {int} NOT NULL,
    col {text} NOT NULL,
    code {text} NOT NULL,
    value {text} NOT NULL,
    message {text} NOT NULL,
    PRIMARY KEY (job, number)
) {strict};

-- Numbers that the product gives.
CREATE TABLE counter (
    key {text} NOT NULL PRIMARY KEY,
    n {int} NOT NULL
) {strict};

-- Mutexes by name, where an engine has none of its own.
CREATE TABLE lock (
    key {text} NOT NULL PRIMARY KEY
) {strict};
