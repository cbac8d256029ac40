-- Business calendars. One holds for the organisation; departments may have another, which then holds for those below them too.
CREATE TABLE calendar (
    id {id} NOT NULL PRIMARY KEY,
    doc {text} NOT NULL,
    -- 1 for the organisation's.
    standard {int} NOT NULL,
    version {int} NOT NULL
) {strict};

CREATE TABLE calendar_department (
    department {id} NOT NULL PRIMARY KEY,
    calendar {id} NOT NULL
) {strict};
CREATE INDEX calendar_department_calendar ON calendar_department (calendar);
