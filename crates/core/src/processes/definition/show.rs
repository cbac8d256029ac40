//! A process as its reader may know it.

use model::Condition;
use model::process::{Fill, Party, Process, Reminder, StageTask, TaskAct};
use serde_json::{Value as Json, json};

use crate::{Ctx, veil};

/// A process without what looks at fields that the caller may not know of; administrators, who write it whole, are given it whole.
pub(super) fn show(cx: &Ctx, process: &Process) -> Json {
    if cx.is_administrator() {
        return json!(process);
    }
    let mut known = process.clone();
    let reader = Reader { cx, own: &process.object };
    reader.condition(&process.object, &mut known.entry_condition);
    for stage in &mut known.stages {
        reader.condition(&process.object, &mut stage.completion_condition);
        reader.condition(&process.object, &mut stage.entry_condition);
        reader.fields(&process.object, &mut stage.required_fields);
        reader.reminders(&mut stage.reminders);
        stage.creates.retain(|create| reader.knows_object(&create.object));
        for create in &mut stage.creates {
            reader.fields(&create.object, &mut create.fields);
            reader.fill(&create.object, &mut create.fill);
            reader.link(&create.object, &mut create.link);
        }
        stage.tasks.retain(|task| reader.knows_task(task));
        stage.tasks.iter_mut().for_each(|task| reader.task(task));
    }
    json!(known)
}

struct Reader<'a> {
    cx: &'a Ctx,
    /// The object that goes through the process.
    own: &'a str,
}

impl Reader<'_> {
    fn condition(&self, object: &str, condition: &mut Option<Condition>) {
        condition.take_if(|condition| veil::hides_condition(self.cx, object, condition));
    }

    fn fields(&self, object: &str, fields: &mut Vec<String>) {
        fields.retain(|field| !veil::hides(self.cx, object, field));
    }

    /// The product sets it whether he knows of it or not.
    fn link(&self, object: &str, link: &mut String) {
        if veil::hides(self.cx, object, link) {
            link.clear();
        }
    }

    fn knows_object(&self, object: &str) -> bool {
        self.cx.object(object).is_ok()
    }

    /// Where a reference of the deal leads.
    fn target(&self, step: &str) -> Option<&str> {
        self.cx.meta.schema.object(self.own)?.field(step)?.kind.target()
    }

    fn fill(&self, object: &str, fill: &mut Vec<Fill>) {
        let hides_origin = |from: &str| match from.split_once('.') {
            None => veil::hides(self.cx, self.own, from),
            Some((step, key)) => {
                veil::hides(self.cx, self.own, step) || self.target(step).is_none_or(|next| veil::hides(self.cx, next, key))
            }
        };
        fill.retain(|fill| !veil::hides(self.cx, object, &fill.field) && !hides_origin(&fill.from));
    }

    fn parties(&self, parties: &mut Vec<Party>) {
        parties.retain(|party| !matches!(party, Party::Field { field } if veil::hides(self.cx, self.own, field)));
    }

    fn reminders(&self, reminders: &mut [Reminder]) {
        reminders.iter_mut().for_each(|reminder| self.parties(&mut reminder.to));
    }

    /// Of what is asked of an object that is not there for him he is told nothing.
    fn knows_task(&self, task: &StageTask) -> bool {
        match &task.act {
            TaskAct::EditObject { of: Some(step), .. } => {
                !veil::hides(self.cx, self.own, step) && self.target(step).is_some_and(|object| self.knows_object(object))
            }
            TaskAct::CreateObject { object, .. } | TaskAct::EditSubObjects { object, .. } => self.knows_object(object),
            TaskAct::EditObject { of: None, .. } | TaskAct::ChecklistItem => true,
        }
    }

    fn task(&self, task: &mut StageTask) {
        self.condition(self.own, &mut task.condition);
        self.parties(&mut task.assignees);
        self.reminders(&mut task.reminders);
        match &mut task.act {
            TaskAct::EditObject { of: None, fields } => self.fields(self.own, fields),
            TaskAct::EditObject { of: Some(step), fields } => {
                if let Some(object) = self.target(step).map(str::to_owned) {
                    self.fields(&object, fields);
                }
            }
            TaskAct::CreateObject { object, link, fill, choose_from, .. } => {
                let object = object.clone();
                self.link(&object, link);
                self.fill(&object, fill);
                self.condition(&object, choose_from);
            }
            TaskAct::EditSubObjects { .. } | TaskAct::ChecklistItem => {}
        }
    }
}
