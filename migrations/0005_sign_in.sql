-- Sessions have an id by which they are listed and ended, and tell how and from where they began. Everybody signs in anew once.
DROP TABLE session;
CREATE TABLE session (
    token_hash {text} NOT NULL PRIMARY KEY,
    id {id} NOT NULL UNIQUE,
    person {id} NOT NULL,
    csrf {text} NOT NULL,
    -- password, second_factor, recovery_code, provider
    how {text} NOT NULL,
    address {text} NOT NULL,
    agent {text} NOT NULL,
    created_at {int} NOT NULL,
    -- To a few minutes: it is not written with every request.
    last_seen_at {int} NOT NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires_at);

-- Failures in a row, of passwords and codes together, and until when an account rests.
CREATE TABLE lock_out (
    person {id} NOT NULL PRIMARY KEY,
    failed {int} NOT NULL,
    locked_until {int} NOT NULL
) {strict};
INSERT INTO lock_out (person, failed, locked_until) SELECT person, failed, COALESCE(locked_until, 0) FROM credential WHERE failed > 0 OR locked_until > 0;
ALTER TABLE credential DROP COLUMN failed;
ALTER TABLE credential DROP COLUMN locked_until;

-- Codes by time (TOTP). Without confirmed_at it has only been begun.
CREATE TABLE second_factor (
    person {id} NOT NULL PRIMARY KEY,
    secret {text} NOT NULL,
    -- The time step of the last code that was taken: none is taken twice.
    last_step {int} NOT NULL,
    confirmed_at {int},
    created_at {int} NOT NULL
) {strict};

-- Digests of recovery codes that have not been used.
CREATE TABLE recovery_code (
    person {id} NOT NULL,
    hash {text} NOT NULL,
    PRIMARY KEY (person, hash)
) {strict};

-- Between the password, or the provider's word, and the code.
CREATE TABLE pending_sign_in (
    token_hash {text} NOT NULL PRIMARY KEY,
    person {id} NOT NULL,
    how {text} NOT NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE INDEX pending_sign_in_person ON pending_sign_in (person);
CREATE INDEX pending_sign_in_expires ON pending_sign_in (expires_at);

-- Who somebody is at the sign-in provider.
CREATE TABLE provider_link (
    issuer {text} NOT NULL,
    subject {text} NOT NULL,
    person {id} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (issuer, subject)
) {strict};
CREATE INDEX provider_link_person ON provider_link (person);

-- How one signs in. The provider's secret stands beside the document, which is shown.
CREATE TABLE sign_in_settings (
    id {int} NOT NULL PRIMARY KEY CHECK (id = 1),
    doc {text} NOT NULL,
    version {int} NOT NULL,
    client_secret {text}
) {strict};
