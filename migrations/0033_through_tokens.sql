-- By which of a person's tokens something was done, by the name that it had then: told with the place that it came from.
ALTER TABLE origin ADD COLUMN token {text};
-- From where what is no change of a record was done.
ALTER TABLE comment ADD COLUMN origin {int};
ALTER TABLE stage_task_event ADD COLUMN origin {int};
ALTER TABLE approval ADD COLUMN origin {int};
ALTER TABLE approval_entry ADD COLUMN origin {int};
