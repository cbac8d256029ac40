-- Saved views of lists: filter, columns, order, grouping. Whose they are and who else sees them is looked for, so it stands beside the document.
CREATE TABLE view (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    owner {id} NOT NULL,
    -- private, everybody, roles
    scope {text} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};
CREATE INDEX view_object ON view (object, scope);
CREATE INDEX view_owner ON view (owner, object);

-- The view with which a role begins: one for each object.
CREATE TABLE view_default (
    object {text} NOT NULL,
    role {text} NOT NULL,
    view {id} NOT NULL,
    PRIMARY KEY (object, role)
) {strict};
CREATE INDEX view_default_view ON view_default (view);

-- Words by which records are found, and the field that each stands in. A name stands here once more as a whole, after a caret.
CREATE TABLE search_word (
    object {text} NOT NULL,
    word {text} NOT NULL,
    record {id} NOT NULL,
    field {text} NOT NULL,
    PRIMARY KEY (object, word, record, field)
) {clustered};
CREATE INDEX search_word_record ON search_word (object, record, word, field);

-- What a person has looked at last.
CREATE TABLE recent (
    person {id} NOT NULL,
    object {text} NOT NULL,
    record {id} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (person, object, record)
) {strict};
