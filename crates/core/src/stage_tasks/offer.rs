//! The offer of the next stage, when all that is needed in the present one is done.

use db::Read;
use model::Record;
use model::process::judge;
use serde_json::{Value as Json, json};

use crate::processes::standing;
use crate::{Ctx, Result};

/// The stage that comes next, if the present one is complete and the caller may move the deal, and whether nothing stands in the way but what
/// the dialog of the move asks for: asked of the judge of every move.
pub(super) fn offer(cx: &Ctx, tx: &mut Read, deal: &Record) -> Result<Json> {
    let standing = standing::of(cx, tx, deal)?;
    let facts = standing.facts();
    let Some(next) = facts.next().filter(|_| facts.mover.may_move && facts.is_complete()) else { return Ok(Json::Null) };
    Ok(json!({"stage": next, "reachable": judge(&facts, next).is_reachable()}))
}
