-- What was done to a record that is no change of its fields, as its team: told with its history.
CREATE INDEX audit_record ON audit (record, at);
