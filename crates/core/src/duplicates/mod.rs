//! Duplicates: rules that tell or refuse a record that there is already (spec/04).

use db::Write;
use model::Object;

use crate::save::Working;
use crate::{Ctx, Result};

/// Judges records that are new, or change in what a rule compares, against those that there are.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let _ = (cx, tx, object, work);
    Ok(())
}
