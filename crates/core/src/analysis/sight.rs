//! Whose deals a reader sees, as the memory asks it.

use std::collections::HashSet;

use db::Read;
use model::analysis::Sight;
use model::{Id, Object};

use crate::{Ctx, Result};

/// Which deals the caller sees.
pub(super) fn of(cx: &Ctx, tx: &mut Read, object: &Object) -> Result<Sight> {
    Ok(match db::records::owners_and_given(tx, &cx.meta.schema, object, &cx.scope())? {
        None => Sight::Every,
        Some((owners, given)) => Sight::Of { owners: hashed(owners), given: hashed(given) },
    })
}

fn hashed(ids: Vec<Id>) -> HashSet<Id> {
    ids.into_iter().collect()
}
