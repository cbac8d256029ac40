//! What stands against an act, as data: it can be translated, tested, shown beside its field and listed all at once.

use serde::Serialize;
use serde_json::{Map, Value as Json};

/// One reason why something is refused.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violation {
    /// Stable code: `field.required`, `stage.not_skippable` …
    pub code: &'static str,
    /// Where: a field's key, or a path into the document (`stages[2].stage`). Empty when it concerns the whole.
    pub path: String,
    /// What the message speaks of: names, limits, values.
    pub params: Map<String, Json>,
}

/// All that stands against an act.
pub type Violations = Vec<Violation>;

impl Violation {
    /// A reason with its place.
    pub fn new(code: &'static str, path: impl Into<String>) -> Violation {
        Violation { code, path: path.into(), params: Map::new() }
    }

    /// Adds what the message speaks of.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Violation {
        self.params.insert(key.to_owned(), value.into());
        self
    }
}
