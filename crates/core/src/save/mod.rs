//! The one way to write a record.
//!
//! lock the roots → load in scope → apply the typed patch → access → rules (all findings) → write where the version matches →
//! roll-ups, stays, history, outbox. Screens, API, import, moves and bulk acts all come through here; one change is a bulk of one.

mod apply;
mod begin;
mod change;
mod delete;
pub(crate) mod locks;
mod parents;
mod undo;
mod whole;
mod write;

use db::Write;
use model::{Object, Record};

use crate::sight::Sight;
use crate::{Ctx, Error, Result, approvals, holding, orders, quotes, rules};

pub(crate) use apply::counted;
pub(crate) use change::Working;
pub use change::{Became, Change, Deed, Historic, Saved, Under};
pub(crate) use delete::{References, delete, references};
pub(crate) use undo::undo_created;
pub(crate) use whole::{tried, whole};

/// Saves one change.
pub fn save(cx: &Ctx, tx: &mut Write, change: Change) -> Result<Saved> {
    let object = change.object.clone();
    match save_all(cx, tx, &object, vec![change])?.pop() {
        Some(result) => result,
        None => Err(Error::Internal("a save without a result".into())),
    }
}

/// Saves changes of one object, each judged for itself in the given order; facts are read and rows written together.
/// An outer error is one of the database and ends the transaction; the inner results tell of each change, and a refused
/// one leaves nothing behind.
pub fn save_all(cx: &Ctx, tx: &mut Write, object: &str, changes: Vec<Change>) -> Result<Vec<Result<Saved>>> {
    let object = cx.object(object)?.clone();
    let mut work = begin::begin(cx, tx, &object, changes)?;
    parents::judge(cx, tx, &object, &mut work)?;
    apply::apply(cx, tx, &object, &mut work)?;
    rules::judge(cx, tx, &object, &mut work)?;
    approvals::catch(cx, tx, &object, &mut work)?;
    apply::derive(cx, tx, &object, &mut work)?;
    approvals::resume(cx, tx, &object, &mut work)?;
    // Read before others have to wait for it: who is limited is locked from here to the end.
    let sight = Sight::of(cx, tx, &object, work.iter().map(|item| (item.before.as_ref(), &item.after)))?;
    holding::judge(cx, tx, &object, &mut work)?;
    approvals::supersede(&mut work);
    approvals::hold(cx, tx, &object, &mut work)?;
    quotes::review(&object, &mut work);
    quotes::follow(cx, tx, &object, &mut work)?;
    orders::customers(cx, tx, &object, &mut work)?;
    write::write(cx, tx, &object, work, sight)
}

/// What a change would make of its record, and what stands against it, in a transaction that is given up. `judged` is called where a save asks
/// which flow catches it.
pub(crate) fn trial(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    change: Change,
    judged: impl FnOnce(&mut Write, &Working) -> Result<()>,
) -> Result<Working> {
    tx.abandon();
    let mut work = begin::begin(cx, tx, object, vec![change])?;
    apply::apply(cx, tx, object, &mut work)?;
    rules::judge(cx, tx, object, &mut work)?;
    if let [item] = work.as_mut_slice() {
        match item.error.take() {
            // One that may not be done is told as that; what is not there is not.
            Some(error @ Error::NotFound) => return Err(error),
            _ => judged(tx, item)?,
        }
    }
    apply::derive(cx, tx, object, &mut work)?;
    work.pop().ok_or_else(|| Error::Internal("a trial without a result".into()))
}

/// Saves one change with the rights of the product itself, on behalf of the caller: only for acts whose right was judged
/// elsewhere, with the reason.
pub(crate) fn save_as_system(cx: &Ctx, tx: &mut Write, why: &'static str, change: Change) -> Result<Saved> {
    let inner = cx.as_system(why);
    save(&inner, tx, change)
}

/// The instant of a write: the later of the clock and the record's last change plus a microsecond.
pub(crate) fn instant(cx: &Ctx, before: Option<&Record>) -> model::Instant {
    before.map_or(cx.at, |record| cx.at.after(record.updated_at()))
}
