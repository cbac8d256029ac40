//! What can go wrong in a database, the same words for both engines.

/// Errors of the database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A unique index refused a row. `constraint` is `table.column` or `table.column,column` on both engines.
    #[error("not unique: {constraint}")]
    Unique { constraint: String },
    /// No connection or lock was free in time; worth another try.
    #[error("the database is busy")]
    Busy,
    /// A statement took longer than allowed.
    #[error("the statement took too long")]
    Timeout,
    /// Nobody waits for the answer any more.
    #[error("cancelled")]
    Cancelled,
    /// A statement failed and its error was swallowed; the transaction was rolled back, nothing was stored (core rule 1).
    #[error("a statement of the transaction had failed; nothing was stored")]
    Poisoned,
    /// The connection was lost while committing: stored or not, nobody knows. Never retried blindly (core rule 8).
    #[error("the connection was lost while committing; it is not known whether the change was stored")]
    OutcomeUnknown,
    /// The engine undid the transaction in favour of another one (deadlock, serialisation); it may be run again.
    #[error("undone in favour of another transaction: {0}")]
    Undone(String),
    /// A prepared statement no longer fits the tables.
    #[error("a prepared statement is out of date: {0}")]
    Stale(String),
    /// The database cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// There is no room left on the disk of the database; nothing was stored, and reading goes on.
    #[error("the disk of the database is full: {0}")]
    Full(String),
    /// The address of the database is not understood.
    #[error("{0}")]
    Address(String),
    /// The database was written by a newer version of the program.
    #[error(
        "the database was brought up to date by a newer version of Stagecraft (migration {found}, this one knows {known}): start that version, or \
         restore a backup that this one has made into an empty place"
    )]
    Newer { found: i64, known: i64 },
    /// The database is not as its list of migrations says.
    #[error("the database is half migrated, or was changed by hand: {0}. Nothing was changed; restore a backup into an empty place")]
    Torn(String),
    /// The data went to another database.
    #[error("the data of this database was moved to {0}: serve that one")]
    Moved(String),
    /// What was to be filled is not empty.
    #[error("{0}: name an empty place. Nothing was written")]
    Occupied(String),
    /// A stored value is not what the caller expected.
    #[error("unexpected value in column {column}: {what}")]
    Decode { column: String, what: String },
    /// A place in a list that was made up, or that belongs to another list.
    #[error("the cursor is not one of this list's")]
    Cursor,
    /// Exactly one row was expected.
    #[error("a row was expected and none was there")]
    NoRow,
    /// Anything else the engine says.
    #[error("{0}")]
    Engine(String),
}

impl Error {
    pub(crate) fn decode(column: &str, what: impl Into<String>) -> Error {
        Error::Decode { column: column.to_owned(), what: what.into() }
    }
}
