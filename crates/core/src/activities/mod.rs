//! What people do about records, and have still to do: activities and tasks.
//!
//! Both hang on a record of any object and are seen with it. An activity moves the day on which the record was last followed up
//! ([`crate::reckoning`]); a task gives its assignee sight of the record while it is open ([`tasks`]).

pub(crate) mod tasks;

use model::objects::{activity, task};
use model::{Object, Violation};

use crate::Ctx;
use crate::save::{Deed, Working};

/// Seconds by which a caller's clock may be ahead of ours.
const AHEAD: i64 = 300;
/// Characters of a subject that is taken from what happened.
const SUBJECT: usize = 120;

/// What the product fills in itself.
pub(crate) fn complete(cx: &Ctx, object: &Object, item: &mut Working) {
    match object.key.as_str() {
        activity::KEY if item.before.is_none() => {
            if item.after.get("happened_at").is_null() {
                item.after.set("happened_at", item.at);
            }
            if item.after.get("name").is_null() {
                let subject = subject(cx, object, item);
                item.after.set("name", subject);
            }
        }
        task::KEY => tasks::complete(cx, item),
        _ => {}
    }
}

/// The first words of what happened, else the sort of activity.
fn subject(cx: &Ctx, object: &Object, item: &Working) -> String {
    let words = item.after.text("content").lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if !words.is_empty() {
        return words.chars().take(SUBJECT).collect();
    }
    let kind = item.after.text("activity_type");
    let option = object.options("activity_type").iter().find(|option| option.key == kind);
    option.map(|option| option.label.in_language(&cx.who.language).to_owned()).unwrap_or_default()
}

/// What has happened has happened: what is to come is a task, or the next step.
pub(crate) fn judge(object: &Object, item: &mut Working) {
    if object.key != activity::KEY || !item.changes("happened_at") {
        return;
    }
    let ahead = item.after.get("happened_at").as_instant().is_some_and(|at| at > item.at.plus_seconds(AHEAD));
    if ahead && !matches!(item.change.deed, Deed::LetGo) {
        item.findings.push(Violation::new("activity.in_future", "happened_at"));
    }
}

/// A part is spoken of with the whole, and what regards something is regarded by nothing.
pub(crate) fn judge_regarding(cx: &Ctx, object: &Object, item: &mut Working) {
    let Some(field) = object.hangs_by().filter(|field| item.changes(&field.key)) else { return };
    let Some((key, _)) = crate::access::parent(field, &item.after) else { return };
    if cx.meta.schema.object(&key).is_some_and(|of| !of.may_be_regarded()) {
        item.findings.push(Violation::new("regarding.not_possible", &field.key).with("object", key));
    }
}
