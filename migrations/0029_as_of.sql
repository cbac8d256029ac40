-- Every rate as it was set or taken away, so that a past day counts at the rates that were in force then. Rows are added and never changed.
CREATE TABLE currency_rate_log (
    currency {text} NOT NULL,
    day {text} NOT NULL,
    at {int} NOT NULL,
    -- None: it was taken away.
    rate {int},
    by_id {id} NOT NULL,
    PRIMARY KEY (currency, day, at)
) {strict};
CREATE INDEX currency_rate_log_at ON currency_rate_log (at);
INSERT INTO currency_rate_log (currency, day, at, rate, by_id) SELECT currency, day, set_at, rate, set_by FROM currency_rate;

-- What a deal was that has been deleted for good: as of a day before it is there. A document of the fields that are reckoned back.
CREATE TABLE deleted_deal (
    record {id} NOT NULL PRIMARY KEY,
    at {int} NOT NULL,
    doc {text} NOT NULL
) {strict};
CREATE INDEX deleted_deal_at ON deleted_deal (at);
