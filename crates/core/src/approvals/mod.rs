//! Approvals: who must agree before something is done (spec/03).
//!
//! For a salesperson: a big deal is registered and waits until her manager agrees; what she asked for then happens by itself. For a programmer:
//! flows are read with the metadata. A save whose act a flow catches ([`catching`]) is judged to its end, and then held back ([`hold`]): the record
//! is marked by its field `in_approval`, and what was asked for is kept beside it ([`asked`]). Acts on an approval ([`act`]) lock the record
//! first, are decided purely in `model::approval`, and when it ends what was held back goes through `save` again, or the record is let go
//! ([`effects`]).

mod act;
mod afterwards;
mod asked;
pub(crate) mod asking;
mod begin;
mod can;
mod catching;
pub(crate) mod clock;
mod define;
mod document;
mod effects;
mod facts;
mod filling;
mod fitting;
mod flows;
mod happened;
mod judging;
mod list;
mod many;
mod one;
mod pausing;
mod seen;
pub(crate) mod sight;
mod simulate;
mod skipping;
mod sources;
mod standing;
mod store;
mod superseding;
mod trail;
mod urging;
pub(crate) mod uses;
mod waiting;

use std::sync::Arc;

use db::Read;
use model::approval::{FIELD, Flow, Trigger};
use model::objects::lifecycle;
use model::{Id, Object, Record, Violation};
use sea_query::{Expr, ExprTrait, Query};

use crate::save::{Change, Deed, Under, Working};
use crate::{Ctx, Meta, Result, meta};

pub use act::{Acting, act};
pub(crate) use asked::again;
pub(crate) use begin::{Begun, hold, write};
pub(crate) use catching::{Caught, catch};
pub use define::{Order, check, delete, order, save};
pub use document::Wanted;
pub(crate) use fitting::takes_flows;
pub use flows::{flow, flows, versions};
pub(crate) use happened::{Happened, happened};
pub use list::{ApprovalsRequest, Which, list, of_record, plans};
pub use many::{Many, act_many};
pub use one::one;
pub(crate) use pausing::{due_at, pauses, resume};
pub use simulate::{Simulation, simulate};
pub(crate) use skipping::{Skipped, note as note_skipped};
pub(crate) use store::{coming, given, took_effect};
pub(crate) use superseding::{supersede, superseded};
pub(crate) use waiting::{awaited, awaited_by, pending};

/// Every flow, topmost first.
pub(crate) fn load(tx: &mut Read) -> Result<Vec<Arc<Flow>>> {
    let select = Query::select()
        .columns(["doc", "position"])
        .from("approval_flow")
        .order_by("position", sea_query::Order::Asc)
        .order_by("id", sea_query::Order::Asc)
        .to_owned();
    let read = |row: &db::Row| Ok(Arc::new(Flow { position: row.get("position")?, ..meta::doc::<Flow>(row)? }));
    tx.all(&select)?.iter().map(read).collect()
}

/// The flow of this id.
pub(crate) fn find(meta: &Meta, id: Id) -> Option<&Arc<Flow>> {
    meta.flows.iter().find(|flow| flow.id == id)
}

/// For what the record waits, while an approval of it runs.
pub(crate) fn waits_for(record: &Record) -> Option<Trigger> {
    let key = record.get(FIELD).as_text()?;
    Trigger::ALL.into_iter().find(|trigger| trigger.key() == key)
}

/// Whether a deletion has to do with approvals: its record waits for one, a flow may catch it, or one is to be left out.
pub(crate) fn concern(cx: &Ctx, object: &Object, change: &Change, record: &Record) -> bool {
    waits_for(record).is_some() || change.under.is_some() || may_catch(cx, &object.key, Trigger::Delete)
}

/// Whether a flow in force may catch an act on records of an object.
pub(crate) fn may_catch(cx: &Ctx, object: &str, trigger: Trigger) -> bool {
    cx.meta.flows.iter().any(|flow| flow.active && flow.object == object && flow.trigger == trigger)
}

/// What stands against a change of a record whose approval runs; whether one may be left out; what may be submitted again.
pub(crate) fn judge(cx: &Ctx, tx: &mut Read, object: &Object, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        skipping::judge(cx, object, item);
        let Some(before) = &item.before else { continue };
        if item.change.deed == Deed::Submit && before.text("lifecycle_status") != lifecycle::INEFFECTIVE && waits_for(before).is_none() {
            item.findings.push(Violation::new("record.not_ineffective", ""));
        }
        if waits_for(before).is_none() || is_part_of_it(item) || is_the_products(cx, item) || told_as_requirement(item) {
            continue;
        }
        match mended_under(cx, tx, before)?.filter(|_| item.change.deed == Deed::Edit) {
            // It is approved with the rest when it is submitted again.
            Some(approval) => item.change.under = Some(Under::Fills(approval)),
            None => {
                let found = in_approval(tx, before, "")?;
                item.findings.push(found);
            }
        }
    }
    Ok(())
}

/// That a record waits, as it is told at a place, with its approval.
pub(crate) fn in_approval(tx: &mut Read, record: &Record, path: &str) -> Result<Violation> {
    let found = Violation::new("record.in_approval", path).with("waits_for", waits_for(record).map_or("", Trigger::key));
    Ok(match running(tx, record.id)? {
        Some(approval) => found.with("approval", approval.to_string()),
        None => found,
    })
}

/// The approval of a new record that has come back to the caller: he mends the record, and what lives in it, before he submits it again.
pub(crate) fn mended_under(cx: &Ctx, tx: &mut Read, record: &Record) -> Result<Option<Id>> {
    if !waits_for(record).is_some_and(Trigger::makes) {
        return Ok(None);
    }
    let select = Query::select()
        .columns(["id", "initiator", "submitter"])
        .from("approval")
        .and_where(Expr::col("record").eq(record.id.0))
        .and_where(Expr::col("state").eq("returned"))
        .to_owned();
    let Some(row) = tx.optional(&select)? else { return Ok(None) };
    let his = [row.get::<Id>("initiator")?, row.get::<Id>("submitter")?].contains(&cx.who.id);
    Ok(if his || cx.is_administrator() { Some(row.get("id")?) } else { None })
}

/// What an approval itself does with its record.
fn is_part_of_it(item: &Working) -> bool {
    matches!(item.change.under, Some(Under::Executes(_) | Under::Fills(_)))
}

/// What the product does with a record whatever state it is in: it keeps up figures, takes references away, follows versions.
fn is_the_products(cx: &Ctx, item: &Working) -> bool {
    cx.who.system.is_some() && item.change.deed == Deed::Edit || matches!(item.change.deed, Deed::LetGo | Deed::Follow { .. })
}

/// A move tells it as a requirement.
fn told_as_requirement(item: &Working) -> bool {
    matches!(item.change.deed, Deed::Move { .. } | Deed::Reopen { .. } | Deed::ChangeProcess { .. })
}

/// The approval of a record that runs.
pub(crate) fn running(tx: &mut Read, record: Id) -> Result<Option<Id>> {
    let select = Query::select()
        .column("id")
        .from("approval")
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("ended_at").is_null())
        .to_owned();
    tx.optional(&select)?.map(|row| Ok(row.get("id")?)).transpose()
}
