-- What people are told: each for one person, in the application and, if he wishes, by e-mail.
CREATE TABLE notice (
    id {id} NOT NULL PRIMARY KEY,
    person {id} NOT NULL,
    kind {text} NOT NULL,
    once_key {text},
    object {text},
    record {id},
    params {text} NOT NULL,
    count {int} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    on_behalf_of {id},
    shown {int} NOT NULL,
    digest {int} NOT NULL,
    read_at {int}
) {hot};
-- What is told once only is told once only, however many servers tell it.
CREATE UNIQUE INDEX notice_once ON notice (person, kind, once_key);
CREATE INDEX notice_person ON notice (person, at, id);
CREATE INDEX notice_unread ON notice (person, at, id) WHERE read_at IS NULL;
CREATE INDEX notice_digest ON notice (person) WHERE digest = 1;
CREATE INDEX notice_at ON notice (at);

-- What a person wishes to be told of, and how; a document.
CREATE TABLE notice_preference (
    person {id} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};

-- Who stands in for an absent person.
CREATE TABLE deputy (
    person {id} NOT NULL PRIMARY KEY,
    deputy {id} NOT NULL,
    from_at {int} NOT NULL,
    until_at {int},
    version {int} NOT NULL
) {strict};
CREATE INDEX deputy_of ON deputy (deputy);

-- What is to be told at an instant.
CREATE TABLE reminder (
    id {id} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL,
    object {text} NOT NULL,
    record {id} NOT NULL,
    nth {text} NOT NULL,
    person {id} NOT NULL,
    at {int} NOT NULL,
    every_seconds {int},
    params {text} NOT NULL
) {hot};
CREATE UNIQUE INDEX reminder_one ON reminder (record, kind, nth, person);
CREATE INDEX reminder_due ON reminder (at, id);

-- How e-mail leaves the house; one row.
CREATE TABLE mail_settings (
    only_row {int} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    doc {text} NOT NULL,
    password {text}
) {strict};

-- E-mail on its way, and what became of it.
CREATE TABLE mail (
    id {id} NOT NULL PRIMARY KEY,
    message_id {text} NOT NULL,
    person {id} NOT NULL,
    kind {text} NOT NULL,
    doc {text} NOT NULL,
    state {text} NOT NULL,
    attempts {int} NOT NULL,
    run_at {int} NOT NULL,
    lease {id},
    lease_until {int},
    address {text},
    subject {text},
    message {text},
    created_at {int} NOT NULL,
    ended_at {int}
) {hot};
CREATE UNIQUE INDEX mail_message_id ON mail (message_id);
CREATE INDEX mail_due ON mail (run_at, id) WHERE state = 'waiting';
CREATE INDEX mail_lease ON mail (lease) WHERE lease IS NOT NULL;
CREATE INDEX mail_list ON mail (created_at, id);

-- When a person's next digest is due; there is one only while something waits for it.
CREATE TABLE digest (
    person {id} NOT NULL PRIMARY KEY,
    due_at {int} NOT NULL
) {strict};
CREATE INDEX digest_due ON digest (due_at);
