//! Which of what was done was done with a token.

use std::collections::BTreeMap;

use db::Read;
use serde_json::Value as Json;

use crate::Result;

/// The names of the tokens that calls came with, by the numbers of their origins.
#[derive(Default)]
pub(crate) struct Tokens(BTreeMap<i64, String>);

impl Tokens {
    /// Those of these origins.
    pub fn of(tx: &mut Read, origins: impl IntoIterator<Item = Option<i64>>) -> Result<Tokens> {
        let found = db::audit::origins(tx, origins.into_iter().flatten())?;
        Ok(Tokens(found.into_iter().filter_map(|(id, from)| Some((id, from.token?))).collect()))
    }

    /// The token's name; null where it was done without one.
    pub fn name(&self, origin: Option<i64>) -> Json {
        origin.and_then(|id| self.0.get(&id)).map(String::as_str).into()
    }
}
