//! Quotes: what is offered to a customer in a deal, from the first draft to the customer's answer.
//!
//! For a salesperson: a quote is made from the deal with its lines, sent, answered; what is to be offered otherwise is another version. For a
//! programmer: a quote is a record like any other. What it may become is decided purely in `model::quote`; [`standing`] brings that decision into
//! every save, whichever way it comes. What follows from an answer for the deal ([`bringing`]) and for other versions ([`versions`]) is saved in
//! the same transaction, before the quote itself: whatever stands against it there stands against the answer.

mod bringing;
mod can;
pub(crate) mod copying;
mod facts;
mod from_deal;
mod merged;
mod review;
mod standing;
mod status;
mod told;
mod versions;

use std::collections::BTreeSet;

use db::records::Scope;
use model::objects::quote::{KEY, STATUS};
use model::quote::Step;
use model::{Id, Object, Record};

use crate::save::{Change, Deed, Under, Working};

pub(crate) use can::tell as tell_what_may_be;
pub use from_deal::{FromDeal, from_deal};
pub(crate) use review::settle as review;
pub(crate) use standing::{judge, settle};
pub use status::{Turn, turn};
pub(crate) use told::{act_of, answered, tell};
pub use versions::{NewVersion, version};

/// The object of their lines.
pub(crate) const LINE: &str = "quote_line";

/// The product looks at all of it, whoever asks.
const ALL: Scope<'static> = Scope::All("what becomes of a quote is decided by all that there is of it");

/// True for quotes.
pub(crate) fn concerns(object: &Object) -> bool {
    object.key == KEY
}

/// Fields that tell how far a quote has come: one like it begins anew.
pub(crate) fn is_progress(object: &Object, field: &str) -> bool {
    concerns(object) && matches!(field, STATUS | "rejected_reason")
}

/// The deals of which such changes may make something else: they are locked with their quotes, of which one alone may be accepted.
pub(crate) fn deals_of(object: &Object, changes: &[Change], present: &[Record]) -> BTreeSet<Id> {
    let turns: BTreeSet<Id> = changes.iter().filter(|change| may_turn(object, change)).filter_map(|change| change.id).collect();
    present.iter().filter(|quote| turns.contains(&quote.id)).filter_map(|quote| quote.reference("opportunity")).collect()
}

/// True for changes that may reach the deal of a quote, or its other versions.
pub(crate) fn may_turn(object: &Object, change: &Change) -> bool {
    concerns(object) && (change.patch.contains_key(STATUS) || matches!(change.deed, Deed::Void | Deed::Restore))
}

/// What becomes of the quote by this change, as it was asked for; nothing where no way leads there.
fn step(item: &Working) -> Option<Step> {
    let before = item.before.as_ref().filter(|_| item.changes(STATUS))?;
    Step::between(before.text(STATUS), item.after.text(STATUS), is_approved(item))
}

fn is_approved(item: &Working) -> bool {
    matches!(item.change.under, Some(Under::Executes(_)))
}

/// True for a change that goes through now: nothing stands against it, and no approval holds it back.
fn goes_through(item: &Working) -> bool {
    item.is_sound() && item.begun.is_none()
}

/// What follows from these changes for other records: their deals, and other versions. Called when nothing stands against them any more.
pub(crate) fn follow(cx: &crate::Ctx, tx: &mut db::Write, object: &Object, work: &mut [Working]) -> crate::Result<()> {
    if !concerns(object) {
        return Ok(());
    }
    bringing::follow(cx, tx, work)?;
    merged::follow(cx, tx, work)?;
    versions::follow(cx, tx, object, work)
}
