//! Finding records by another system's id.

use db::Read;
use serde_json::Value as Json;

use crate::{Ctx, Error, Result};

/// The record that another system knows as `external`.
pub fn by_external(cx: &Ctx, tx: &mut Read, object: &str, source: &str, external: &str) -> Result<Json> {
    let object = cx.object(object)?.clone();
    if !model::text::storable(source) || !model::text::storable(external) {
        return Err(Error::NotFound);
    }
    let found = db::external::find(tx, &object, source, &[external.to_owned()])?;
    let (_, id) = found.into_iter().next().ok_or(Error::NotFound)?;
    super::read(cx, tx, &object.key, id)
}
