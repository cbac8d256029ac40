//! What is too much for one transaction is left to a job.

use db::Write;

use crate::jobs::{self, Kind, New};
use crate::{Ctx, Result};

/// Has a field of all records of `object` reckoned anew in the background, with all that follows from it. One job waiting is enough.
pub(super) fn settle_all(cx: &Ctx, tx: &mut Write, object: &str, field: &str) -> Result<()> {
    let waiting = jobs::open_of(tx, object)?;
    let same = |job: &jobs::Job| job.kind == Kind::Recalculate && job.field.as_deref() == Some(field) && job.stage == jobs::Stage::Waiting;
    if waiting.iter().any(|job| same(job) && job.position.is_none()) {
        return Ok(());
    }
    jobs::enqueue(cx, tx, New::on(Kind::Recalculate, object, Some(field)))?;
    Ok(())
}
