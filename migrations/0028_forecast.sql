-- What people and departments are to reach in a fiscal year: by period of it, in ten-thousandths of the main currency, or counted.
CREATE TABLE target (
    year {int} NOT NULL,
    -- 'won_amount', 'ordered_amount' or 'won_count'.
    metric {text} NOT NULL,
    -- 'person' or 'department'.
    kind {text} NOT NULL,
    subject {id} NOT NULL,
    version {int} NOT NULL,
    doc {text} NOT NULL,
    PRIMARY KEY (year, metric, kind, subject)
) {clustered};

-- What people have said that a month will bring, and what those above them made of it. Never changed.
CREATE TABLE forecast_entry (
    month {text} NOT NULL,
    person {id} NOT NULL,
    -- 'own' or 'line'.
    covers {text} NOT NULL,
    n {int} NOT NULL,
    -- 'submission', 'adjustment' or 'withdrawal'.
    kind {text} NOT NULL,
    commit_amount {int},
    best_case {int},
    note {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    -- How the deals stood then.
    figures {text} NOT NULL,
    PRIMARY KEY (month, person, covers, n)
) {clustered};
