//! Holding: how many records a person, a department or a group may have (spec/05).

use db::Write;
use model::Object;

use crate::save::Working;
use crate::{Ctx, Result};

/// Judges acts that give records to somebody: the last of the rules, since it needs to know who gets what, and its locks come last.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let _ = (cx, tx, object, work);
    Ok(())
}
