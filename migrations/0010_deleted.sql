-- What was deleted for good, by the name that it had: the history that stays names it.
CREATE TABLE deleted_record (
    object {text} NOT NULL,
    record {id} NOT NULL,
    name {text} NOT NULL,
    at {int} NOT NULL,
    by_id {id} NOT NULL,
    PRIMARY KEY (object, record)
) {strict};
