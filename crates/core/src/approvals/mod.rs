//! Approvals: who must agree before something is done (spec/03).
//!
//! For a salesperson: a big deal is registered and waits until her manager agrees; what she asked for then happens by itself. For a programmer:
//! flows are read with the metadata. A save whose act a flow catches ([`catching`]) is judged to its end, and then held back ([`hold`]): the record
//! is marked by its field `in_approval`, and what was asked for is kept beside it ([`asked`]). Acts on an approval ([`act`]) lock the record
//! first, are decided purely in `model::approval`, and when it ends what was held back goes through `save` again, or the record is let go
//! ([`effects`]).

mod act;
mod asked;
mod begin;
mod can;
mod catching;
mod clock;
mod define;
mod document;
mod effects;
mod facts;
mod filling;
mod fitting;
mod flows;
mod judging;
mod list;
mod many;
mod one;
mod seen;
mod store;
mod trail;
mod urging;

use std::sync::Arc;

use db::Read;
use model::approval::{FIELD, Flow, Trigger};
use model::{Id, Record, Violation};
use sea_query::{Expr, ExprTrait, Query};

use crate::save::Working;
use crate::{Ctx, Meta, Result, meta};

pub use act::{Acting, act};
pub(crate) use begin::{Begun, hold, write};
pub(crate) use catching::{Caught, catch};
pub use define::{Order, check, delete, order, save};
pub use document::Wanted;
pub use flows::{flow, flows, versions};
pub use list::{ApprovalsRequest, Which, list, of_record};
pub use many::{Many, act_many};
pub use one::one;
pub(crate) use store::took_effect;

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

/// What stands against a change of a record whose approval runs.
pub(crate) fn judge(cx: &Ctx, tx: &mut Read, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        let Some(what) = item.before.as_ref().and_then(waits_for) else { continue };
        if item.change.under.is_some() || is_the_products(item) || told_elsewhere(item, what) {
            continue;
        }
        let found = Violation::new("record.in_approval", "").with("waits_for", what.key());
        item.findings.push(match running(tx, item.after.id)? {
            Some(approval) => found.with("approval", approval.to_string()),
            None => found,
        });
    }
    let _ = cx;
    Ok(())
}

/// What the product does with a record whatever state it is in.
fn is_the_products(item: &Working) -> bool {
    use crate::save::Deed;
    matches!(item.change.deed, Deed::LetGo | Deed::Follow { .. })
}

/// A move tells it as a requirement.
fn told_elsewhere(item: &Working, _what: Trigger) -> bool {
    use crate::save::Deed;
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
