-- Where the content of a file lies: null in this row, 'directory' beside the database.
ALTER TABLE file ADD COLUMN place {text};
