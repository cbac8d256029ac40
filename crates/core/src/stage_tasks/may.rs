//! Who may do what with a task: it is done by whoever has it, the deal's owner and administrators (D63), and by those who stand in for one
//! who has it; given to somebody else, or opened again, by them and by whoever may edit the deal.

use std::collections::BTreeSet;

use db::Read;
use model::process::{StageTask, TaskAct, TaskState};
use model::role::Act;
use model::{Id, Object, Record};

use super::store::Kept;
use crate::notices::deputies::Standing;
use crate::save::locks;
use crate::{Ctx, Result, access};

/// What the caller may do with the tasks of one deal.
pub(super) struct May {
    /// Himself, and those for whom he stands in.
    people: BTreeSet<Id>,
    at_large: bool,
    owner: Option<Id>,
    /// He may edit the deal, and nothing holds it.
    pub edits: bool,
    /// The deal is open, and nothing holds it.
    free: bool,
}

impl May {
    /// Of a deal that the caller sees.
    pub fn of(cx: &Ctx, tx: &mut Read, object: &Object, deal: &Record) -> Result<May> {
        let mut people: BTreeSet<Id> = Standing::load(cx, tx)?.by_person(cx.who.id).into_iter().collect();
        people.insert(cx.who.id);
        let held = locks::stands_against(cx, locks::holder(cx, tx, object, deal)?.as_ref());
        let free = !held && deal.text("lifecycle_status") != "voided" && deal.get("closed_at").is_null();
        let edits = free && cx.who.rights.may(Act::Edit, &object.key) && access::writable(cx, tx, object, &[deal])?.contains(&deal.id);
        Ok(May { people, at_large: cx.is_administrator(), owner: deal.owner(), edits, free })
    }

    /// The task is his to do.
    pub fn has(&self, kept: &Kept) -> bool {
        let is_one = |person: Option<Id>| person.is_some_and(|person| self.people.contains(&person));
        self.at_large || is_one(kept.task.assignee) || is_one(self.owner)
    }

    /// He may do it, as far as his rights are concerned; whether he may also edit what it is about, is told by [`May::reaches`].
    pub fn completes(&self, kept: &Kept) -> bool {
        self.free && kept.is_open() && self.has(kept)
    }

    /// His rights reach as far as the task asks. `target` is true where he may edit the record of an edit task.
    pub fn reaches(&self, cx: &Ctx, task: &StageTask, target: bool) -> bool {
        let may = |act: Act, object: &str| cx.who.rights.may(act, object);
        match &task.act {
            TaskAct::EditObject { .. } => target,
            TaskAct::CreateObject { object, create_only, .. } => {
                may(Act::Create, object) || !create_only && may(Act::Read, object) && may(Act::Edit, object)
            }
            TaskAct::EditSubObjects { object, .. } => self.edits && (may(Act::Create, object) || may(Act::Edit, object)),
            TaskAct::ChecklistItem => true,
        }
    }

    /// He may give an open task to somebody else.
    pub fn reassigns(&self, kept: &Kept) -> bool {
        self.free && kept.is_open() && (self.edits || self.has(kept))
    }

    /// He may open a task again that was done, while its deal stands in its stage.
    pub fn reopens(&self, kept: &Kept, deal: &Record) -> bool {
        let here = deal.text("stage") == kept.task.stage && deal.text("sales_process") == kept.task.process.to_string();
        self.free && kept.task.state == TaskState::Done && here && (self.edits || self.has(kept))
    }
}
