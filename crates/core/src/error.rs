//! What can go wrong with a request, as the edge answers it.

use model::{Violation, Violations};
use serde_json::Value as Json;

/// Result of a call into the core.
pub type Result<T> = std::result::Result<T, Error>;

/// One enum for all of the core; the server turns it into problem+json.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the sign-in failed; the code says which: `auth.required`, `auth.wrong_password`, `auth.csrf`.
    #[error("not signed in: {0}")]
    Unauthenticated(&'static str),
    /// One sees it, but no role allows the act.
    #[error("the act {act} on {object} is not allowed")]
    Forbidden { act: String, object: String },
    /// Not there, for this caller.
    #[error("not found")]
    NotFound,
    /// Bad values or rules in the way; all of them at once.
    #[error("refused: {}", codes(.0))]
    Invalid(Violations),
    /// Requirements of a stage are not met.
    #[error("requirements not met: {}", codes(.0))]
    Unmet(Violations),
    /// Somebody else was faster; the present record.
    #[error("changed by somebody else meanwhile")]
    Conflict { record: Box<Json> },
    /// The request cannot be read.
    #[error("malformed: {0}")]
    Malformed(String),
    /// The same idempotency key with another body.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// Too often; try again after some seconds.
    #[error("too many; try again in {retry_after} s")]
    TooMany { code: &'static str, retry_after: u64 },
    /// Only while there is nobody yet.
    #[error("already set up")]
    AlreadySetUp,
    /// From the database.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// A fault of ours; logged, not shown.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// One violation.
    pub fn invalid(code: &'static str, path: impl Into<String>) -> Error {
        Error::Invalid(vec![Violation::new(code, path)])
    }
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Error {
        Error::Invalid(vec![violation])
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Error {
        Error::Invalid(violations)
    }
}

fn codes(violations: &[Violation]) -> String {
    violations
        .iter()
        .map(|v| if v.path.is_empty() { v.code.to_owned() } else { format!("{}:{}", v.code, v.path) })
        .collect::<Vec<_>>()
        .join(", ")
}
