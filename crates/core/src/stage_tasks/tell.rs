//! Telling people of their tasks: that one has become theirs, and when it is due.

use std::collections::BTreeMap;

use db::Write;
use model::Id;
use model::process::StageTask;
use serde_json::json;

use super::store::Kept;
use crate::notices::{Kind, Notice, tell_all};
use crate::reminders::watching::{Watch, watch};
use crate::{Ctx, Result};

/// Tells those to whom tasks have come, once for all of one deal.
pub(super) fn given<'a>(cx: &Ctx, tx: &mut Write, tasks: impl Iterator<Item = &'a Kept>) -> Result<()> {
    // The product's own doings, as the demo's, are no news.
    if cx.who.id == Id::SYSTEM {
        return Ok(());
    }
    let mut by_person: BTreeMap<(Id, Id), Vec<&Kept>> = BTreeMap::new();
    for kept in tasks.filter(|kept| kept.is_open()) {
        if let Some(person) = kept.task.assignee {
            by_person.entry((person, kept.task.opportunity)).or_default().push(kept);
        }
    }
    let notice = |((person, deal), tasks): ((Id, Id), Vec<&Kept>)| {
        let first = &tasks[0].task;
        let told =
            Notice::new(person, Kind::StageTask).about("opportunity", deal).with(json!({"task": first.name, "id": first.id.to_string()}));
        let told = Notice { count: tasks.len() as i64, ..told };
        // What is done to many deals is still one act.
        match cx.part_of {
            Some(job) => Notice { gathers: true, record: None, ..told.once(format!("{job}.stage_task")) },
            None => told,
        }
    };
    let notices: Vec<Notice> = by_person.into_iter().map(notice).collect();
    if notices.is_empty() { Ok(()) } else { tell_all(cx, tx, notices) }
}

/// Has people reminded of tasks that are open and due, and of the others no longer.
pub(super) fn remind<'a>(cx: &Ctx, tx: &mut Write, tasks: impl Iterator<Item = (&'a Kept, Option<&'a StageTask>)>) -> Result<()> {
    let watched = |(kept, task): (&Kept, Option<&StageTask>)| {
        let due_at = kept.task.due_at.filter(|_| kept.is_open());
        let reminders = task.map_or(&[][..], |task| &task.reminders);
        Watch::task(cx, kept.task.opportunity, kept.task.id, due_at, reminders)
    };
    let watches: Vec<Watch> = tasks.map(watched).collect();
    if watches.is_empty() { Ok(()) } else { watch(cx, tx, &watches) }
}
