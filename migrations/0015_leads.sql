-- Which field of a lead goes into which field of what it becomes; absent until somebody changes what is shipped.
CREATE TABLE lead_conversion (
    only_row {int} NOT NULL PRIMARY KEY,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};

-- Who gets a lead that nobody has: the first rule in force that means it.
CREATE TABLE lead_rule (
    id {id} NOT NULL PRIMARY KEY,
    position {int} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};

-- Who got the last lead of a rule: the next one's turn follows from it.
CREATE TABLE lead_turn (
    rule {id} NOT NULL PRIMARY KEY,
    person {id} NOT NULL,
    at {int} NOT NULL
) {strict};

-- Forms on websites by which leads come in. The key is public.
CREATE TABLE web_form (
    id {id} NOT NULL PRIMARY KEY,
    public_key {text} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX web_form_key ON web_form (public_key);
