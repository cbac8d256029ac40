//! Tasks of a stage, and who is reminded when.

use super::records::{NewRecords, fits_in_it};
use super::{LONGEST, Settings};
use crate::process::{NeededTasks, Party, Reminder, StageTask, TaskAct, When};
use crate::{Violation, Violations};

/// Tasks of one stage.
const MOST_TASKS: usize = 50;
/// Characters of a task's name, and of its key.
const NAME: usize = 200;
const KEY: usize = 60;
/// Characters of instructions.
const TEXT: usize = 10_000;
/// Reminders of one stage or task, and characters of each.
const MOST_REMINDERS: usize = 20;
const REMINDER_TEXT: usize = 1_000;

impl Settings<'_> {
    /// The stage's tasks, and which of them complete it.
    pub(super) fn tasks(&self, found: &mut Violations) {
        let tasks = &self.rules.tasks;
        if tasks.len() > MOST_TASKS {
            found.push(self.refusal("field.too_long", "tasks").with("max", MOST_TASKS));
        }
        for (at, task) in tasks.iter().enumerate() {
            self.task(task, at, found);
        }
        match &self.rules.needed_tasks {
            NeededTasks::Required => {}
            NeededTasks::Chosen { tasks: chosen } => {
                for key in chosen.iter().filter(|key| !tasks.iter().any(|task| task.key == **key)) {
                    found.push(self.refusal("process.task_unknown", "needed_tasks").with("value", key.as_str()));
                }
            }
            NeededTasks::Number { n } => {
                let max = i64::try_from(tasks.len()).unwrap_or(i64::MAX).max(1);
                if !(1..=max).contains(n) {
                    found.push(self.refusal("field.out_of_range", "needed_tasks").with("min", 1).with("max", max));
                }
            }
        }
    }

    fn task(&self, task: &StageTask, at: usize, found: &mut Violations) {
        let place = |setting: &str| format!("tasks/{at}/{setting}");
        let refusal = |code, setting: &str| self.refusal(code, &place(setting)).with("task", task.key.as_str());
        if !is_key(&task.key) {
            found.push(refusal("field.invalid", "key").with("expected", "a key of small letters, digits and _, as key_accounts"));
        } else if self.earlier_tasks(at).any(|earlier| earlier.key == task.key) {
            found.push(refusal("field.not_unique", "key").with("value", task.key.as_str()));
        }
        self.text(&task.name, NAME, &place("name"), found);
        if task.name.trim().is_empty() {
            found.push(refusal("field.required", "name"));
        }
        self.text(task.instructions.as_deref().unwrap_or_default(), TEXT, &place("instructions"), found);
        self.seconds(task.due_seconds, &place("due_seconds"), found);
        self.parties(&task.assignees, &place("assignees"), found);
        self.reminders(&task.reminders, task.due_seconds.is_some(), &place("reminders"), &place("due_seconds"), found);
        self.act(&task.act, &place("act"), found);
    }

    /// Tasks of the whole process before this one.
    fn earlier_tasks(&self, at: usize) -> impl Iterator<Item = &StageTask> {
        let before = self.process.stages[..self.at].iter().flat_map(|stage| &stage.tasks);
        before.chain(&self.rules.tasks[..at])
    }

    fn act(&self, act: &TaskAct, place: &str, found: &mut Violations) {
        let schema = self.around.reading.schema;
        let count = |value: i64, least: i64, setting: &str, found: &mut Violations| {
            if !(least..=1_000).contains(&value) {
                found.push(self.refusal("field.out_of_range", &format!("{place}/{setting}")).with("min", least).with("max", 1_000));
            }
        };
        match act {
            TaskAct::EditObject { of, fields } => {
                let deal = schema.object(&self.process.object);
                let object = match of {
                    None => deal,
                    Some(key) => {
                        let target = deal.and_then(|deal| deal.field(key)).and_then(|field| field.kind.target());
                        let object = target.and_then(|target| schema.object(target));
                        if object.is_none() {
                            found.push(self.refusal("field.unknown", &format!("{place}/of")).with("field", key.as_str()));
                            return;
                        }
                        object
                    }
                };
                if fields.is_empty() {
                    found.push(self.refusal("field.required", &format!("{place}/fields")));
                }
                self.writable(object.map(|object| &**object), fields, &format!("{place}/fields"), found);
            }
            TaskAct::CreateObject { object, link, fill, choose_from, minimum, create_only: _ } => {
                self.new_records(&NewRecords { object, link, fields: &[], fill, place }, found);
                count(*minimum, 1, "minimum", found);
                if let Some(condition) = choose_from.as_ref().filter(|_| schema.object(object).is_some())
                    && let Err(violations) = condition.resolve(object, self.around.reading)
                {
                    let path = |v: &Violation| format!("stages/{}/{place}/choose_from/{}", self.at, v.path);
                    found.extend(violations.into_iter().map(|v| Violation { path: path(&v), ..v }));
                }
            }
            TaskAct::EditSubObjects { object, minimum } => {
                if !schema.object(object).is_some_and(|of| fits_in_it(of, &self.process.object)) {
                    found.push(self.refusal("process.object_unfit", &format!("{place}/object")).with("value", object.as_str()));
                }
                count(*minimum, 0, "minimum", found);
            }
            TaskAct::ChecklistItem => {}
        }
    }

    /// Who is reminded, before or after an instant that must be known.
    pub(super) fn reminders(&self, reminders: &[Reminder], is_due: bool, place: &str, due: &str, found: &mut Violations) {
        if reminders.is_empty() {
            return;
        }
        if !is_due {
            found.push(self.refusal("field.required", due));
        }
        if reminders.len() > MOST_REMINDERS {
            found.push(self.refusal("field.too_long", place).with("max", MOST_REMINDERS));
        }
        for (at, reminder) in reminders.iter().enumerate() {
            let place = |setting: &str| format!("{place}/{at}/{setting}");
            if !(0..=LONGEST).contains(&reminder.seconds) {
                found.push(self.refusal("field.out_of_range", &place("seconds")).with("min", 0).with("max", LONGEST));
            }
            match reminder.every_days {
                Some(_) if reminder.when == When::Before => {
                    found.push(self.refusal("field.invalid", &place("every_days")).with("expected", "a reminder after it is due"));
                }
                Some(days) if !(1..=365).contains(&days) => {
                    found.push(self.refusal("field.out_of_range", &place("every_days")).with("min", 1).with("max", 365));
                }
                _ => {}
            }
            // Of a task its assignee is meant where nobody is named.
            if reminder.to.is_empty() && !place("to").starts_with("tasks/") {
                found.push(self.refusal("field.required", &place("to")));
            }
            self.parties(&reminder.to, &place("to"), found);
            self.text(reminder.text.as_deref().unwrap_or_default(), REMINDER_TEXT, &place("text"), found);
        }
    }

    /// Fields that name somebody. Whether people and roles of the team are there is for whoever knows them.
    fn parties(&self, parties: &[Party], place: &str, found: &mut Violations) {
        let deal = self.around.reading.schema.object(&self.process.object);
        for (at, party) in parties.iter().enumerate() {
            let Party::Field { field } = party else { continue };
            let names = deal.and_then(|deal| deal.field(field)).is_some_and(|field| field.kind.leads_to() == Some("employee"));
            if !names {
                let refusal = self.refusal("field.invalid", &format!("{place}/{at}/field"));
                found.push(refusal.with("value", field.as_str()).with("expected", "a field of the deal that names a person"));
            }
        }
    }
}

fn is_key(key: &str) -> bool {
    key.len() <= KEY
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
