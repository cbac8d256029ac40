-- Read with the version of the definitions at the beginning of every transaction, so that a server learns of it that has been overtaken.
-- The last migration of this database.
ALTER TABLE meta ADD COLUMN schema {int} NOT NULL DEFAULT 0;
-- Where the data went, when it was moved to another database: this one is served no more.
ALTER TABLE meta ADD COLUMN moved_to {text};
