//! What a flow says shall follow an outcome: fields, owner and locks of the record, notices, tasks, webhooks. All of it in the transaction in
//! which the approval ends: of what follows there is all or nothing.

use db::Write;
use db::outbox::Event;
use model::approval::{Effect, Flow, Source};
use model::{Id, Object, Patch, Record, Value, Violation, Violations};
use serde_json::json;

use super::facts;
use super::store::Approval;
use crate::notices::{self, Kind, Notice};
use crate::save::{Change, Deed, Under, save};
use crate::sight::Sight;
use crate::{Ctx, Error, Result};

/// What is known of the approval that has ended.
pub(super) struct Ended<'a> {
    pub approval: &'a Approval,
    pub flow: &'a Flow,
    pub object: &'a Object,
}

/// Does what follows, in the order of the flow. Errors: the first that is refused, under its place.
pub(super) fn follow(cx: &Ctx, tx: &mut Write, ended: &Ended<'_>, effects: &[Effect], place: &str) -> Result<()> {
    for (at, effect) in effects.iter().enumerate() {
        tx.next_act();
        one(cx, tx, ended, effect).map_err(|error| placed(error, &format!("{place}[{at}]")))?;
    }
    Ok(())
}

fn placed(error: Error, place: &str) -> Error {
    let at = |found: Violations| found.into_iter().map(|one| Violation { path: format!("{place}.{}", one.path), ..one }).collect();
    match error {
        Error::Invalid(found) => Error::Invalid(at(found)),
        Error::Unmet(found) => Error::Unmet(at(found)),
        other => other,
    }
}

fn one(cx: &Ctx, tx: &mut Write, ended: &Ended<'_>, effect: &Effect) -> Result<()> {
    // What was deleted has nothing to follow on it.
    let Some(record) = super::act::present(cx, tx, ended.object, ended.approval.record)? else { return Ok(()) };
    match effect {
        Effect::Set { field, value } => {
            let field = ended.object.field(field).ok_or_else(|| Violation::new("field.unknown", "field"))?;
            let value = field.parse(value, cx.meta.organisation.main_currency)?;
            change(cx, tx, ended, &record, Deed::Edit, [(field.key.clone(), value)].into())
        }
        Effect::ChangeOwner { to } => change(cx, tx, ended, &record, Deed::ChangeOwner { to: *to, keep_as: None }, Patch::new()),
        Effect::Lock => change(cx, tx, ended, &record, Deed::Lock, Patch::new()),
        Effect::Unlock => change(cx, tx, ended, &record, Deed::Unlock, Patch::new()),
        Effect::Notify { who, text } => {
            let params = json!({"approval": ended.approval.id.to_string(), "text": text});
            let to = whom(cx, tx, ended, &record, who)?;
            let about = |person| Notice::new(person, Kind::ApprovalTold).about(&ended.object.key, record.id).with(params.clone());
            // It is the flow that says it: whoever submitted it, in whose name all of this is done, hears it as well.
            let product = super::effects::by_submitter(cx, Id::SYSTEM);
            notices::tell_all(&product, tx, to.into_iter().map(about).collect())
        }
        Effect::CreateTask { subject, who, due_in_days } => {
            for person in whom(cx, tx, ended, &record, who)? {
                let mut change = Change::new(model::objects::task::KEY, Deed::Create);
                let regarding = Value::Regarding { object: ended.object.key.clone(), id: record.id };
                change.patch.insert("name".into(), subject.as_str().into());
                change.patch.insert("assignee".into(), person.into());
                change.patch.insert("owner".into(), person.into());
                change.patch.insert("regarding".into(), regarding);
                change.patch.insert("due_at".into(), cx.at.plus_seconds(i64::from(*due_in_days) * 86_400).into());
                change.under = Some(Under::Executes(ended.approval.id));
                tx.next_act();
                save(cx, tx, change)?;
            }
            Ok(())
        }
        Effect::Webhook { name } => tell_webhooks(cx, tx, ended, &record, name),
    }
}

fn change(cx: &Ctx, tx: &mut Write, ended: &Ended<'_>, record: &Record, deed: Deed, patch: Patch) -> Result<()> {
    let mut change = Change::of(&ended.object.key, record.id, deed);
    (change.patch, change.under) = (patch, Some(Under::Executes(ended.approval.id)));
    save(cx, tx, change).map(|_| ())
}

fn whom(cx: &Ctx, tx: &mut Write, ended: &Ended<'_>, record: &Record, who: &[Source]) -> Result<Vec<Id>> {
    facts::whom(cx, tx, ended.flow, (ended.object, record), ended.approval.run.submitter, who)
}

/// Webhooks are told through the outbox: what is written here with the end itself is delivered behind it.
fn tell_webhooks(cx: &Ctx, tx: &mut Write, ended: &Ended<'_>, record: &Record, name: &str) -> Result<()> {
    let sight = Sight::of(cx, tx, ended.object, std::iter::once((Some(record), record)))?;
    let eyes = sight.present(record);
    let event = Event {
        object: ended.object.key.clone(),
        record: record.id,
        revision: record.revision,
        act: "approval_effect".to_owned(),
        at: cx.at,
        by: cx.who.id,
        columns: vec![name.to_owned()],
        before: eyes.clone(),
        after: eyes,
    };
    Ok(db::outbox::insert(tx, &[event])?)
}
