//! Refusals as problem+json (RFC 9457).
//!
//! A handler answers with what went wrong as data; [`crate::edge`] tells it on the way out, in the language of whoever asked and
//! with the request's id.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{Violation, Violations};
use serde_json::{Map, Value as Json};
use stagecraft_core::Error;

/// What went wrong, not yet told.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub violations: Violations,
    /// The present record, when somebody else was faster.
    pub record: Option<Json>,
    /// What the texts speak of.
    pub params: Map<String, Json>,
    /// Seconds after which another try makes sense.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of a code.
    pub fn new(status: StatusCode, code: &'static str) -> Problem {
        Problem { status, code, violations: Vec::new(), record: None, params: Map::new(), retry_after: None }
    }

    /// The request cannot be read; `note` says where.
    pub fn malformed(note: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "request.malformed").with("note", note.into())
    }

    /// Not there, for this caller.
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not_found")
    }

    /// No free place within the patience of a lane.
    pub fn busy() -> Problem {
        Problem { retry_after: Some(1), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "server.busy") }
    }

    /// Too often.
    pub fn too_many(code: &'static str, retry_after: u64) -> Problem {
        Problem { retry_after: Some(retry_after), ..Problem::new(StatusCode::TOO_MANY_REQUESTS, code) }.with("seconds", retry_after)
    }

    /// Bad values or rules in the way; where it is duplicates alone, that they are, since the caller may go on over what is only warned of.
    pub fn invalid(violations: Violations) -> Problem {
        let duplicates = !violations.is_empty() && violations.iter().all(|violation| violation.code == "duplicate.found");
        let blocks = violations.iter().any(|violation| violation.params.get("verdict").is_some_and(|verdict| verdict == "block"));
        let code = match (duplicates, blocks) {
            (false, _) => "record.invalid",
            (true, true) => "record.duplicate",
            (true, false) => "record.duplicate_warning",
        };
        Problem { violations, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code) }
    }

    /// Adds what the texts speak of.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Problem {
        self.params.insert(key.to_owned(), value.into());
        self
    }
}

/// Refusals of one who is signed in, or to whom signing in again would be of no use: the cookie is right and the token beside it is
/// not, a token is limited, a second factor has to be set up first, passwords are not used here.
const KNOWN: [&str; 4] = ["auth.csrf", "auth.scope", "auth.second_factor_required", "auth.passwords_off"];

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            // Who it is, is known, or does not matter.
            Error::Unauthenticated(code) if KNOWN.contains(&code) => Problem::new(StatusCode::FORBIDDEN, code),
            Error::Unauthenticated(code) => Problem::new(StatusCode::UNAUTHORIZED, code),
            Error::Forbidden { act, object } => {
                Problem::new(StatusCode::FORBIDDEN, "access.act_not_allowed").with("act", act).with("object", object)
            }
            Error::NotFound => Problem::not_found(),
            Error::Invalid(violations) => Problem::invalid(violations),
            Error::Unmet(violations) => {
                Problem { violations, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "stage.requirements_unmet") }
            }
            Error::Conflict { record } => {
                Problem { record: Some(*record), ..Problem::new(StatusCode::CONFLICT, "record.version_conflict") }
            }
            Error::Malformed(note) => Problem::malformed(note),
            Error::KeyReused => Problem::new(StatusCode::CONFLICT, "request.idempotency_reused"),
            Error::TooMany { code, retry_after } => Problem::too_many(code, retry_after),
            Error::AlreadySetUp => Problem::new(StatusCode::CONFLICT, "setup.done"),
            Error::Db(error) => of_database(error),
            Error::Internal(what) => internal(&what),
        }
    }
}

fn of_database(error: db::Error) -> Problem {
    match error {
        db::Error::Busy | db::Error::Undone(_) => Problem::busy(),
        db::Error::Timeout => Problem::new(StatusCode::GATEWAY_TIMEOUT, "request.timeout"),
        // Nobody reads this answer; the log does.
        db::Error::Cancelled => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "request.cancelled"),
        db::Error::Unreachable(why) => {
            tracing::error!(why, "the database cannot be reached");
            Problem { retry_after: Some(2), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "server.no_database") }
        }
        db::Error::Full(why) => {
            tracing::error!(why, "the disk of the database is full");
            Problem { retry_after: Some(30), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "server.disk_full") }
        }
        // Told by the server itself, which ends within seconds; whoever asks is to ask another one.
        db::Error::Newer { .. } | db::Error::Moved(_) => {
            tracing::error!(%error, "the database is not this server's any more");
            Problem { retry_after: Some(2), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "server.no_database") }
        }
        db::Error::OutcomeUnknown => {
            tracing::error!("the connection was lost while committing");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "server.outcome_unknown")
        }
        other => internal(&other.to_string()),
    }
}

fn internal(what: &str) -> Problem {
    // The only place where a fault of ours is written down; the answer names the request, the log line carries the same id.
    tracing::error!(what, "internal error");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "server.internal")
}

impl From<Violation> for Problem {
    fn from(violation: Violation) -> Problem {
        Problem::invalid(vec![violation])
    }
}

/// Carried by a response until it is told.
#[derive(Clone)]
pub struct Untold(pub Arc<Problem>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Untold(Arc::new(self)));
        response
    }
}
