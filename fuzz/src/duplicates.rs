//! What stands for a record that is not to be told.

use model::Id;

#[path = "../../crates/core/src/duplicates/token.rs"]
mod token;

pub struct Rule {
    pub id: Id,
}

pub struct Live {
    pub rule: Rule,
    pub secret: String,
}

pub fn seal(live: &Live, object: &str, record: Id) -> String {
    token::seal(live, object, record)
}

pub fn open(rules: &[Live], text: &str) -> Option<(String, Id)> {
    token::open(rules, text).map(|(_, object, record)| (object, record))
}
