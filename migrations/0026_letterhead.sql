-- How the organisation presents itself on paper: one row, a document and its logo.
CREATE TABLE letterhead (
    id {int} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    doc {text} NOT NULL,
    logo {bytes}
) {strict};
