//! Definitions of sales processes: documents, in versions.
//!
//! An administrator works on a draft, which nobody else obeys; publishing makes it the next version (`publish`). Whoever sends a whole
//! process has it published at once (`save`). Whether a process is active and its place among others are no part of a version (`order`).

mod drafts;
pub(crate) mod following;
mod judge;
mod on_trial;
mod order;
mod publish;
mod remove;
mod running;
mod save;
mod show;
mod versions;

use db::{Read, Write};
use model::process::Process;
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::{Value as Json, json};

use self::show::show;
use crate::{Ctx, Error, Result, meta};

pub use drafts::{begin as begin_draft, discard as discard_draft, one as draft, save as save_draft};
pub(super) use on_trial::on_trial;
pub use order::{Order, activate, deactivate, order};
pub use publish::{Publish, publish, published};
pub use remove::remove;
pub use save::save_process;
pub use versions::{Revert, list as versions, one as version, revert};

/// All processes in their order.
pub fn list(cx: &Ctx) -> Json {
    json!({ "items": cx.meta.processes.iter().map(|process| show(cx, process)).collect::<Vec<_>>() })
}

/// All processes in their order; to administrators also the drafts.
pub fn overview(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mut told = list(cx);
    if cx.is_administrator() {
        told["drafts"] = drafts::all(cx, tx)?;
    }
    Ok(told)
}

/// One process.
pub fn one(cx: &Ctx, id: &str) -> Result<Json> {
    cx.meta.process(id).map(|process| show(cx, process)).ok_or(Error::NotFound)
}

/// True when a version of a process, whether in force or not, or a draft has the stage.
pub(crate) fn names_stage(tx: &mut Read, stage: &str) -> Result<bool> {
    let mut named = false;
    for table in ["process", "process_version", "process_draft"] {
        // The key may stand for something else in the text, so it is read.
        let select = Query::select().column("doc").from(table).and_where(Expr::col("doc").like(format!("%\"{stage}\"%"))).to_owned();
        for row in tx.all(&select)? {
            named |= meta::doc::<Process>(&row)?.position(stage).is_some();
        }
    }
    Ok(named)
}

/// Stores a process and its version.
pub(crate) fn put(tx: &mut Write, process: &Process, at: Instant, by: Id) -> Result<()> {
    put_present(tx, process)?;
    versions::put(tx, process, at, by)?;
    crate::reminders::published(tx, process, at)
}

/// Stores a process as it stands, without a version of its own.
fn put_present(tx: &mut Write, process: &Process) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("process")
            .columns(["id", "doc", "active", "precedence", "version"])
            .values_panic([
                process.id.0.into(),
                meta::text(process)?.into(),
                i64::from(process.active).into(),
                process.precedence.into(),
                process.version.into(),
            ])
            .on_conflict(OnConflict::column("id").update_columns(["doc", "active", "precedence", "version"]).to_owned()),
    )?;
    Ok(())
}
