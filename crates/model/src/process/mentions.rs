//! What a process names: its conditions and fields with their places, so that nobody deletes what it needs, and nobody is told of what is
//! hidden from him.

use super::{Fill, Process, TaskAct};
use crate::{Condition, Schema};

/// A condition of a process.
#[derive(Clone, Debug)]
pub struct NamedCondition<'a> {
    /// Path in the document.
    pub place: String,
    /// The object that it is about.
    pub object: &'a str,
    pub condition: &'a Condition,
}

/// A field named outside of conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedField {
    pub place: String,
    pub object: String,
    pub field: String,
}

impl Process {
    /// Every condition of the process.
    pub fn conditions(&self) -> Vec<NamedCondition<'_>> {
        let mut found = Vec::new();
        let mut one = |place: String, object, condition| found.push(NamedCondition { place, object, condition });
        let own = self.object.as_str();
        if let Some(condition) = &self.entry_condition {
            one("entry_condition".to_owned(), own, condition);
        }
        for (at, stage) in self.stages.iter().enumerate() {
            let settings = [("completion_condition", &stage.completion_condition), ("entry_condition", &stage.entry_condition)];
            for (setting, condition) in settings {
                if let Some(condition) = condition {
                    one(format!("stages/{at}/{setting}"), own, condition);
                }
            }
            for (n, task) in stage.tasks.iter().enumerate() {
                if let Some(condition) = &task.condition {
                    one(format!("stages/{at}/tasks/{n}/condition"), own, condition);
                }
                if let TaskAct::CreateObject { object, choose_from: Some(condition), .. } = &task.act {
                    one(format!("stages/{at}/tasks/{n}/act/choose_from"), object, condition);
                }
            }
        }
        found
    }

    /// Every field that it names besides.
    pub fn fields(&self, schema: &Schema) -> Vec<NamedField> {
        let mut found = Fields { own: &self.object, schema, found: Vec::new() };
        for (at, stage) in self.stages.iter().enumerate() {
            let place = |setting: &str| format!("stages/{at}/{setting}");
            found.all(&place("required_fields"), &self.object, &stage.required_fields);
            found.reminded(&place("reminders"), &stage.reminders);
            for (n, create) in stage.creates.iter().enumerate() {
                let place = place(&format!("creates/{n}"));
                found.one(&format!("{place}/link"), &create.object, &create.link);
                found.all(&format!("{place}/fields"), &create.object, &create.fields);
                found.fills(&format!("{place}/fill"), &create.object, &create.fill);
            }
            for (n, task) in stage.tasks.iter().enumerate() {
                let place = place(&format!("tasks/{n}"));
                found.parties(&format!("{place}/assignees"), &task.assignees);
                found.reminded(&format!("{place}/reminders"), &task.reminders);
                found.act(&format!("{place}/act"), &task.act);
            }
        }
        found.found
    }
}

/// Fields on their way together.
struct Fields<'a> {
    own: &'a str,
    schema: &'a Schema,
    found: Vec<NamedField>,
}

impl Fields<'_> {
    fn one(&mut self, place: &str, object: &str, field: &str) {
        self.found.push(NamedField { place: place.to_owned(), object: object.to_owned(), field: field.to_owned() });
    }

    fn all(&mut self, place: &str, object: &str, fields: &[String]) {
        fields.iter().for_each(|field| self.one(place, object, field));
    }

    /// Both ends of fills, and the reference on the way.
    fn fills(&mut self, place: &str, object: &str, fill: &[Fill]) {
        let own = self.own.to_owned();
        for (n, fill) in fill.iter().enumerate() {
            self.one(&format!("{place}/{n}/field"), object, &fill.field);
            let place = format!("{place}/{n}/from");
            let Some((step, key)) = fill.from.split_once('.') else {
                self.one(&place, &own, &fill.from);
                continue;
            };
            self.one(&place, &own, step);
            if let Some(next) = self.target(step) {
                self.one(&place, &next, key);
            }
        }
    }

    fn target(&self, step: &str) -> Option<String> {
        self.schema.object(self.own)?.field(step)?.kind.target().map(str::to_owned)
    }

    fn reminded(&mut self, place: &str, reminders: &[super::Reminder]) {
        for (n, reminder) in reminders.iter().enumerate() {
            self.parties(&format!("{place}/{n}/to"), &reminder.to);
        }
    }

    fn parties(&mut self, place: &str, parties: &[super::Party]) {
        let own = self.own.to_owned();
        for (n, party) in parties.iter().enumerate() {
            if let super::Party::Field { field } = party {
                self.one(&format!("{place}/{n}/field"), &own, field);
            }
        }
    }

    fn act(&mut self, place: &str, act: &TaskAct) {
        let own = self.own.to_owned();
        match act {
            TaskAct::EditObject { of: None, fields } => self.all(&format!("{place}/fields"), &own, fields),
            TaskAct::EditObject { of: Some(step), fields } => {
                self.one(&format!("{place}/of"), &own, step);
                if let Some(object) = self.target(step) {
                    self.all(&format!("{place}/fields"), &object, fields);
                }
            }
            TaskAct::CreateObject { object, link, fill, .. } => {
                self.one(&format!("{place}/link"), object, link);
                self.fills(&format!("{place}/fill"), object, fill);
            }
            TaskAct::EditSubObjects { .. } | TaskAct::ChecklistItem => {}
        }
    }
}
