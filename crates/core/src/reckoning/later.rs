//! What is too much for one transaction is left to a job.

use db::Write;

use crate::jobs::{self, Kind, New};
use crate::{Ctx, Result};

/// Has a field of all records of `object` reckoned anew in the background, with all that follows from it. One job waiting is enough.
pub(super) fn settle_all(cx: &Ctx, tx: &mut Write, object: &str, field: &str) -> Result<()> {
    if jobs::held_back(tx, Kind::Recalculate, object, field)? {
        return Ok(());
    }
    jobs::enqueue(cx, tx, New::on(Kind::Recalculate, object, Some(field)))?;
    Ok(())
}
