//! With what calls are refused, said once for all of them.

use serde_json::{Map, Value as Json, json};

/// Which calls may be refused so.
#[derive(Clone, Copy)]
enum Of {
    All,
    /// Those that change something.
    Writing,
    /// Those that are sent something.
    Bodied,
}

/// Status, name, when it happens, and with which calls.
const REFUSALS: [(&str, &str, &str, Of); 13] = [
    ("400", "Malformed", "The request cannot be read: a parameter, a header or JSON that is none.", Of::All),
    ("401", "SignInNeeded", "Nobody is signed in, or not any more.", Of::All),
    ("403", "Forbidden", "Who is signed in may not do this, or the token is limited.", Of::All),
    ("404", "NotFound", "There is no such thing, as far as one may know.", Of::All),
    ("409", "Conflict", "Somebody else was faster, or an `Idempotency-Key` is used for something else.", Of::Writing),
    ("412", "IfMatchUnreadable", "The `If-Match` header is no version.", Of::Writing),
    ("413", "TooLarge", "More was sent than is taken.", Of::Bodied),
    ("415", "NotJson", "What was sent is not of the described media type.", Of::Bodied),
    ("422", "Invalid", "It was understood, and rules stand against it: all of them at once.", Of::All),
    ("429", "TooMany", "Too often; `Retry-After` says when again.", Of::All),
    ("500", "Fault", "A fault of the server's; the log has a line with the `request_id`.", Of::All),
    ("503", "Busy", "No free place, or no database; `Retry-After` says when again.", Of::All),
    ("504", "TookTooLong", "It took longer than a request may take.", Of::All),
];

/// The components that calls refer to.
pub(super) fn described() -> Json {
    let named = REFUSALS.iter().map(|(_, name, says, _)| {
        let content = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
        ((*name).to_owned(), json!({"description": says, "content": content}))
    });
    Json::Object(named.collect())
}

/// With what a call may be refused.
pub(super) fn of(method: &str, has_body: bool) -> Map<String, Json> {
    let writing = !matches!(method, "get" | "head" | "options");
    let may = |of: &Of| match of {
        Of::All => true,
        Of::Writing => writing,
        Of::Bodied => has_body,
    };
    let chosen = REFUSALS.iter().filter(|(.., of)| may(of));
    chosen.map(|(status, name, ..)| ((*status).to_owned(), json!({"$ref": format!("#/components/responses/{name}")}))).collect()
}

/// Status, name and when, of all of them.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    REFUSALS.iter().map(|(status, name, says, _)| (*status, *name, *says))
}
