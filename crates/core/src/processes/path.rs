//! The path of a deal: every stage with what stands between here and it.

use db::Read;
use model::Id;
use model::process::{Facts, FixableBy, Requirement};
use serde_json::{Value as Json, json};

use super::moving::{gates_of, mover};
use super::stays;
use crate::{Ctx, Error, Result, access, records, veil, world};

/// The path of a deal, judged by the very function that judges the move.
pub fn path(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let object = cx.object("opportunity")?.clone();
    let record = records::load(cx, tx, &object, id)?;
    if veil::hides(cx, &object.key, "stage") {
        return Err(Error::NotFound);
    }
    let gates = gates_of(cx, record.text("sales_process"))?;
    let stays = stays::load(tx, &[id])?.remove(&id).unwrap_or_default();
    let world = world::around(cx, tx, &[&record], gates.conditions())?;
    let mut mover = mover(cx, &record);
    if !access::writable(cx, tx, &object, &[&record])?.contains(&id) {
        (mover.may_move, mover.may_reopen, mover.may_edit) = (false, false, false);
    }
    let closed = !record.get("closed_at").is_null();
    let facts = Facts {
        gates: &gates,
        options: object.options("stage"),
        record: &record,
        after: &record,
        stays: &stays,
        world: &world,
        mover,
        now: cx.at,
        reason: None,
        // Of a closed deal the path shows where it can be reopened to.
        reopening: closed,
        changing_process: false,
        tasks: &[],
        pending: None,
        creating: &[],
        bypass: false,
    };
    let mut path = model::process::path(&facts);
    for stage in &mut path.stages {
        stage.asks.retain(|field| !veil::hides(cx, &object.key, field));
        for requirement in &mut stage.requirements {
            if veil::tells(cx, &object, requirement.path.as_deref().unwrap_or_default(), &requirement.params) {
                *requirement = Requirement::new(veil::OUT_OF_SIGHT, &requirement.stage, FixableBy::Administrator);
            }
        }
    }
    Ok(json!(path))
}
