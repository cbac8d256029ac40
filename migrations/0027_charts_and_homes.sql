-- Own charts: what is drawn, under a name. Whose they are and who else sees them is looked for, so it stands beside the document.
CREATE TABLE chart (
    id {id} NOT NULL PRIMARY KEY,
    object {text} NOT NULL,
    owner {id} NOT NULL,
    -- private, everybody, roles
    scope {text} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};
CREATE INDEX chart_owner ON chart (owner);
CREATE INDEX chart_scope ON chart (scope);

-- Home pages that somebody has arranged. What was taken back keeps its version, so that nobody saves over it unawares.
CREATE TABLE home (
    -- role:<key>, person:<id>
    holder {text} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    doc {text}
) {strict};
