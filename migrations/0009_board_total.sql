-- How many opportunities stand where, whose they are, and what they come to: kept by every write of a record in its own transaction, so that a
-- board need not add up every row in scope. What lies in the recycle bin does not count. Sums are kept in two parts, millions of
-- ten-thousandths and the rest, since together amounts may come to more than one number holds.
CREATE TABLE board_total (
    -- A digest of the six columns below, any of which may be blank.
    id {id} NOT NULL PRIMARY KEY,
    owner {id},
    owner_department {id},
    sales_process {text},
    stage {text},
    stage_type {text},
    amount_currency {text},
    records {int} NOT NULL,
    -- Those of them that have a forecast.
    forecasts {int} NOT NULL,
    amount_millions {int} NOT NULL,
    amount_rest {int} NOT NULL,
    forecast_amount_millions {int} NOT NULL,
    forecast_amount_rest {int} NOT NULL,
    amount_main_millions {int} NOT NULL,
    amount_main_rest {int} NOT NULL,
    forecast_amount_main_millions {int} NOT NULL,
    forecast_amount_main_rest {int} NOT NULL
) {hot};
CREATE INDEX board_total_owner ON board_total (owner);
