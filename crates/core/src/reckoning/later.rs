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

/// Has every stored formula reckoned anew in the background.
pub(crate) fn settle_formulas(cx: &Ctx, tx: &mut Write) -> Result<()> {
    for object in cx.meta.schema.objects() {
        for one in cx.meta.plan.formulas(&object.key).iter().filter(|one| one.indexed) {
            settle_all(cx, tx, &object.key, &one.field)?;
        }
    }
    Ok(())
}
