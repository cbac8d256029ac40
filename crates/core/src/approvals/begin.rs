//! Holding an act back, and writing the approval that begins with it.

use db::Write;
use model::approval::{Entry, FIELD, Initiator, Run, Trigger, begin};
use model::objects::lifecycle;
use model::{Id, Object, Value};

use super::asked::Asked;
use super::catching::Caught;
use super::{facts, store};
use crate::save::{Deed, Working};
use crate::{Ctx, Result, files, processes};

/// An approval that begins with a save.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub id: Id,
    pub caught: Caught,
    pub asked: Asked,
    pub run: Run,
    pub trail: Vec<Entry>,
    pub receiver: Option<Id>,
}

/// Holds back what was caught and nothing stands against: the record keeps what it has, and says for what it waits.
pub(crate) fn hold(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| item.is_sound() && item.caught.is_some()) {
        let Some(caught) = item.caught.clone() else { continue };
        let owner = item.before.as_ref().and_then(model::Record::owner).or(item.after.owner());
        let initiator = match caught.flow.initiated_as {
            Initiator::Submitter => cx.who.id,
            Initiator::Owner => owner.unwrap_or(cx.who.id),
        };
        let known = facts::of(cx, tx, &caught.flow, object, &item.after, cx.who.id)?;
        let trail = match begin(&caught.flow, &known, cx.who.id, initiator) {
            Ok(trail) => trail,
            Err(violation) => {
                item.findings.push(violation);
                continue;
            }
        };
        let run = Run::replay(cx.who.id, initiator, &trail);
        let receiver = match &item.change.deed {
            Deed::ChangeOwner { to, .. } => Some(*to),
            Deed::Claim => Some(cx.who.id),
            _ => None,
        };
        // What is named in the change stays until it is done, for those who are asked to see.
        files::hang(tx, object, item.before.as_ref(), &item.after)?;
        let asked = Asked::of(item);
        let what = caught.what;
        item.begun = Some(Begun { id: cx.new_id(), caught, asked, run, trail, receiver });
        keep_back(object, item, what);
    }
    Ok(())
}

/// The record as it stays while the approval runs.
fn keep_back(object: &Object, item: &mut Working, what: Trigger) {
    if let Some(before) = item.before.clone() {
        let (at, by) = (item.after.get("updated_at").clone(), item.after.get("updated_by").clone());
        // One that was set aside and is submitted again is as new.
        if !matches!(item.change.deed, Deed::Submit) {
            item.after = before;
            item.after.set("updated_at", at);
            item.after.set("updated_by", by);
        }
        (item.left, item.tasks) = (None, Vec::new());
        (item.target, item.how) = (None, None);
        item.entered.clear();
        item.skipped.clear();
        item.bypassed.clear();
    }
    if what == Trigger::Stage {
        // Its clock stands still.
        item.after.set("stage_due_at", Value::Null);
    }
    if what.makes() {
        item.after.set("lifecycle_status", lifecycle::UNDER_REVIEW);
    } else if what.holds_a_patch() {
        item.after.set("lifecycle_status", lifecycle::IN_CHANGE);
    }
    if processes::concerns(object) {
        processes::moving::outside(&mut item.after);
    }
    item.after.set(FIELD, what.key());
}

/// Writes the approvals that begin with these saves, after their records.
pub(crate) fn write(cx: &Ctx, tx: &mut Write, object: &Object, begun: Vec<(Id, Begun)>) -> Result<()> {
    for (record, begun) in begun {
        store::insert(cx, tx, object, record, &begun)?;
    }
    Ok(())
}
