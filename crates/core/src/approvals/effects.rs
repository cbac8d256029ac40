//! What becomes of the record when an approval ends: what was held back is done, or it is let go.

use db::Write;
use model::approval::{Entry, Flow, Outcome, Trigger, What};
use model::{Id, Instant, Object, Record, Violation, Violations};

use super::afterwards::{self, Ended};
use super::store::{Approval, outcome_of};
use crate::save::{Change, Deed, Under, delete, save, whole};
use crate::{Ctx, Error, Result, leads, processes};

/// The record as it would be with what is asked for: by that branches are judged.
pub(super) fn as_asked(cx: &Ctx, object: &Object, record: &Record, approval: &Approval) -> Record {
    let mut would_be = record.clone();
    // What is new holds what was asked for already, and what has been mended since.
    let beside = approval.asked.patch.iter().filter(|_| !what(approval).makes());
    for (key, value) in beside {
        if let Some(Ok(value)) = object.field(key).map(|field| field.parse(value, cx.meta.organisation.main_currency)) {
            would_be.set(key, value);
        }
    }
    if let Deed::ChangeOwner { to, .. } = &approval.asked.deed {
        would_be.set("owner", *to);
    }
    would_be
}

/// Does what follows from the end that these entries tell of, if they do. What was agreed to and is refused now ends as failed, and what
/// stands against it is given.
pub(super) fn follow(
    cx: &Ctx,
    tx: &mut Write,
    approval: &mut Approval,
    flow: &Flow,
    (object, record): (&Object, &Record),
    entries: &mut [Entry],
) -> Result<Option<Violations>> {
    let Some(outcome) = outcome_of(entries) else { return Ok(None) };
    // The record has gone on already.
    if outcome == Outcome::Superseded {
        return Ok(None);
    }
    // Who asked for it is the one who does it; that he might was judged then.
    let by = by_submitter(cx, approval.run.submitter);
    let mut failed = None;
    if outcome == Outcome::Approved {
        match execute(&by, tx, approval, flow, (object, record))? {
            // It ends in the instant in which its record changes.
            Ok(at) => {
                approval.ended_at = Some(at);
                return Ok(None);
            }
            Err(found) => {
                let code = found.first().map_or("", |violation| violation.code).to_owned();
                for entry in entries.iter_mut() {
                    if let What::Ended { outcome } = &mut entry.what {
                        *outcome = Outcome::Failed { code: code.clone() };
                    }
                }
                failed = Some(found);
            }
        }
    }
    release(&by, tx, approval, object)?;
    if outcome == Outcome::Rejected && !flow.rejected.is_empty() {
        // Nothing stands against a rejection: what cannot follow from it is left, and told.
        let ended = Ended { approval, flow, object };
        failed = refused(whole(tx, |tx| afterwards::follow(&by, tx, &ended, &flow.rejected, "rejected"))?)?.err();
    }
    Ok(failed)
}

pub(super) fn by_submitter(cx: &Ctx, submitter: Id) -> Ctx {
    let mut by = cx.as_system("what was approved is done");
    by.who.id = submitter;
    by
}

/// Does what was asked for and what the flow has follow, whole or not at all. The inner error is what the rules say against it now.
fn execute(
    cx: &Ctx,
    tx: &mut Write,
    approval: &Approval,
    flow: &Flow,
    (object, record): (&Object, &Record),
) -> Result<std::result::Result<Instant, Violations>> {
    tx.next_act();
    let done = whole(tx, |tx| {
        let at = carry_out(cx, tx, approval, object, record)?;
        afterwards::follow(cx, tx, &Ended { approval, flow, object }, &flow.approved, "approved")?;
        Ok(at)
    })?;
    refused(done)
}

/// What the rules say against it; faults are passed on.
fn refused<T>(done: Result<T>) -> Result<std::result::Result<T, Violations>> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Invalid(found) | Error::Unmet(found)) => Ok(Err(found)),
        Err(Error::Forbidden { act, .. }) => Ok(Err(vec![Violation::new("access.act_not_allowed", "").with("act", act)])),
        Err(Error::NotFound) => Ok(Err(vec![Violation::new("not_found", "")])),
        Err(other) => Err(other),
    }
}

/// Gives the instant in which the record changed.
fn carry_out(cx: &Ctx, tx: &mut Write, approval: &Approval, object: &Object, record: &Record) -> Result<Instant> {
    let under = Some(Under::Executes(approval.id));
    if approval.asked.deed == Deed::Delete {
        delete(cx, tx, object, record.id, None, (approval.asked.reason.as_deref(), under))?;
        return Ok(cx.at);
    }
    if let Some(becomes) = &approval.asked.becomes {
        leads::conversion::carry_out(cx, tx, record.id, becomes, (approval.asked.reason.as_deref(), under))?;
        return Ok(cx.at.max(record.updated_at()));
    }
    let mut change = match what(approval).makes() {
        true => Change::of(&object.key, record.id, Deed::TakeEffect),
        false => approval.asked.change(cx, object, record.id)?,
    };
    change.under = under;
    let saved = match change.along.is_empty() {
        true => save(cx, tx, change)?,
        false => processes::with_records(cx, tx, record, change)?.0,
    };
    Ok(saved.record.get("updated_at").as_instant().unwrap_or(cx.at))
}

/// Lets the record go without what was asked for.
fn release(cx: &Ctx, tx: &mut Write, approval: &Approval, object: &Object) -> Result<()> {
    let mut change = Change::of(&object.key, approval.record, Deed::Release { ineffective: what(approval).makes() });
    change.under = Some(Under::Executes(approval.id));
    tx.next_act();
    save(cx, tx, change).map(|_| ())
}

pub(super) fn what(approval: &Approval) -> Trigger {
    Trigger::ALL.into_iter().find(|trigger| trigger.key() == approval.what).unwrap_or(Trigger::Edit)
}
