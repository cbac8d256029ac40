//! May this process be saved? Refusals, each with a code, and warnings (spec/02, Definition).

mod records;
mod tasks;

use std::collections::BTreeMap;

use self::records::NewRecords;
use super::{Gates, NeededTasks, Process, StageRules, TimeIn};
use crate::condition::Reading;
use crate::field::{Choice, StageType};
use crate::{Number, Violation, Violations};

/// What a process is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// Options of the Opportunity Stage field.
    pub options: &'a [Choice],
    /// Stages in which open deals of this process stand, with their number.
    pub occupied: &'a BTreeMap<String, u64>,
    /// The system's, for the conditions and fields named.
    pub reading: &'a Reading<'a>,
}

/// What the check found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// The process may not be saved.
    pub refusals: Violations,
    /// It may, but look at this: `process.no_won`, `process.no_lost`.
    pub warnings: Violations,
}

/// Longest prompt of a terminal stage.
const PROMPT: usize = 100;
/// Characters of a guidance, of a link's label and of its address.
const GUIDANCE: usize = 10_000;
const LABEL: usize = 200;
const ADDRESS: usize = 2_000;
/// Links of one stage, and kinds of records that entering one asks for.
const MOST: usize = 20;
/// Ten years is the longest that still makes sense, and keeps every due instant in range.
const LONGEST: i64 = 315_360_000;

/// Checks a process as a whole. Paths point into its document, as `stages/2/entry_condition`.
pub fn check(process: &Process, around: &Around<'_>) -> Checked {
    let mut checked = Checked::default();
    let found = &mut checked.refusals;
    if process.name.trim().is_empty() {
        found.push(Violation::new("process.name_missing", "name"));
    }
    fixed(process, found);
    order(process, around, found);
    presence(process, around, found, &mut checked.warnings);
    for (stage, count) in around.occupied.iter().filter(|(_, count)| **count > 0) {
        if process.position(stage).is_none() {
            found.push(Violation::new("process.stage_occupied", "stages").with("stage", stage.as_str()).with("count", *count));
        }
    }
    for (at, rules) in process.stages.iter().enumerate() {
        if let Some(stage_type) = type_of(around, &rules.stage) {
            Settings { process, around, rules, at, terminal: stage_type.is_terminal() }.check(found);
        }
    }
    if let Err(violations) = Gates::resolve(process, around.reading) {
        found.extend(violations);
    }
    checked
}

fn type_of(around: &Around<'_>, stage: &str) -> Option<StageType> {
    around.options.iter().find(|option| option.key == stage).and_then(|option| option.stage_type)
}

/// A process leads opportunities through their stages, and nothing else.
fn fixed(process: &Process, found: &mut Violations) {
    for (place, value, only) in [("object", &process.object, "opportunity"), ("field", &process.field, "stage")] {
        if value != only {
            found.push(Violation::new("field.invalid", place).with("expected", only));
        }
    }
}

/// Every stage is known, comes once, and In Progress stages stand before the terminal ones.
fn order(process: &Process, around: &Around<'_>, found: &mut Violations) {
    let mut terminal: Option<&str> = None;
    for (at, rules) in process.stages.iter().enumerate() {
        let stage = rules.stage.as_str();
        let refusal = |code| Violation::new(code, format!("stages/{at}")).with("stage", stage);
        if process.position(stage).is_some_and(|first| first < at) {
            found.push(refusal("process.stage_twice"));
        }
        match type_of(around, stage) {
            None => found.push(refusal("process.stage_unknown")),
            Some(StageType::InProgress) => found.extend(terminal.map(|before| refusal("process.stage_order").with("after", before))),
            Some(_) => terminal = terminal.or(Some(stage)),
        }
    }
}

fn presence(process: &Process, around: &Around<'_>, found: &mut Violations, warnings: &mut Violations) {
    let has = |wanted: fn(StageType) -> bool| process.stages.iter().filter_map(|rules| type_of(around, &rules.stage)).any(wanted);
    if !has(|t| t == StageType::InProgress) {
        found.push(Violation::new("process.missing_in_progress", "stages"));
    }
    if !has(StageType::is_terminal) {
        found.push(Violation::new("process.missing_terminal", "stages"));
        return;
    }
    if !has(|t| t == StageType::Won) {
        warnings.push(Violation::new("process.no_won", "stages"));
    }
    if !has(|t| t == StageType::Lost) {
        warnings.push(Violation::new("process.no_lost", "stages"));
    }
}

/// One stage's settings.
struct Settings<'a> {
    process: &'a Process,
    around: &'a Around<'a>,
    rules: &'a StageRules,
    at: usize,
    terminal: bool,
}

impl Settings<'_> {
    fn refusal(&self, code: &'static str, setting: &str) -> Violation {
        Violation::new(code, format!("stages/{}/{setting}", self.at)).with("stage", self.rules.stage.as_str())
    }

    fn check(&self, found: &mut Violations) {
        self.misplaced(found);
        self.values(found);
        let deal = self.around.reading.schema.object(&self.process.object);
        self.writable(deal.map(|deal| &**deal), &self.rules.required_fields, "required_fields", found);
        if self.terminal {
            self.creates(found);
        } else {
            self.tasks(found);
            let reminders = &self.rules.reminders;
            self.reminders(reminders, self.rules.duration_seconds.is_some(), "reminders", "duration_seconds", found);
        }
        self.links(found);
        for stage in &self.rules.must_have_completed {
            let known = self.process.position(stage).is_some() && type_of(self.around, stage) == Some(StageType::InProgress);
            if !known {
                found.push(self.refusal("process.stage_unknown", "must_have_completed").with("value", stage.as_str()));
            }
        }
    }

    /// Settings that have no meaning for this sort of stage are refused, so that nobody relies on them.
    fn misplaced(&self, found: &mut Violations) {
        let rules = self.rules;
        let (given, belongs): (&[(&str, bool)], &str) = if self.terminal {
            (
                &[
                    ("duration_seconds", rules.duration_seconds.is_some()),
                    ("duration_in", rules.duration_in != TimeIn::Calendar),
                    ("reminders", !rules.reminders.is_empty()),
                    ("allow_skip", rules.allow_skip),
                    ("win_rate", rules.win_rate.is_some()),
                    ("forecast_category", rules.forecast_category.is_some()),
                    ("tasks", !rules.tasks.is_empty()),
                    ("needed_tasks", rules.needed_tasks != NeededTasks::Required),
                    ("completion_condition", rules.completion_condition.is_some()),
                ],
                "in_progress",
            )
        } else {
            (
                &[
                    ("ignore_normal", rules.ignore_normal),
                    ("must_have_completed", !rules.must_have_completed.is_empty()),
                    ("prompt", rules.prompt.as_ref().is_some_and(|prompt| !prompt.is_empty())),
                    ("creates", !rules.creates.is_empty()),
                ],
                "terminal",
            )
        };
        for (setting, _) in given.iter().filter(|(_, given)| *given) {
            found.push(self.refusal("field.invalid", setting).with("expected", format!("a stage of type {belongs}")));
        }
    }

    fn values(&self, found: &mut Violations) {
        let rules = self.rules;
        if rules.win_rate.is_some_and(|rate| rate < Number::whole(0) || rate > Number::whole(100)) {
            found.push(self.refusal("field.out_of_range", "win_rate").with("min", "0").with("max", "100"));
        } else if rules.win_rate.is_some_and(|rate| !rate.fits_scale(2)) {
            found.push(self.refusal("field.invalid", "win_rate").with("expected", "fewer digits after the point").with("scale", 2));
        }
        self.seconds(rules.duration_seconds, "duration_seconds", found);
        self.text(rules.prompt.as_deref().unwrap_or_default(), PROMPT, "prompt", found);
        self.text(rules.guidance.as_deref().unwrap_or_default(), GUIDANCE, "guidance", found);
        let categories =
            self.around.reading.schema.object(&self.process.object).map_or(&[][..], |object| object.options("forecast_category"));
        if let Some(category) = &rules.forecast_category
            && !categories.iter().any(|option| option.key == *category)
        {
            found.push(self.refusal("field.not_an_option", "forecast_category").with("value", category.as_str()));
        }
    }

    fn seconds(&self, given: Option<i64>, place: &str, found: &mut Violations) {
        if given.is_some_and(|seconds| !(1..=LONGEST).contains(&seconds)) {
            found.push(self.refusal("field.out_of_range", place).with("min", 1).with("max", LONGEST));
        }
    }

    /// Words too long, or such as no database can store.
    fn text(&self, text: &str, max: usize, place: &str, found: &mut Violations) {
        let length = text.chars().count();
        if !crate::text::storable(text) {
            found.push(self.refusal("field.invalid", place).with("expected", "text without the character U+0000"));
        } else if length > max {
            found.push(self.refusal("field.too_long", place).with("max", max).with("length", length));
        }
    }

    fn links(&self, found: &mut Violations) {
        let links = &self.rules.links;
        if links.len() > MOST {
            found.push(self.refusal("field.too_long", "links").with("max", MOST));
        }
        for (at, link) in links.iter().enumerate() {
            let place = |setting: &str| format!("links/{at}/{setting}");
            if link.label.trim().is_empty() {
                found.push(self.refusal("field.required", &place("label")));
            }
            self.text(&link.label, LABEL, &place("label"), found);
            self.text(&link.url, ADDRESS, &place("url"), found);
            // Anything else could run in the reader's browser.
            if !crate::field::is_url(&link.url) {
                found.push(self.refusal("field.invalid", &place("url")).with("expected", "a web address, as https://example.com"));
            }
        }
    }

    fn creates(&self, found: &mut Violations) {
        let creates = &self.rules.creates;
        if creates.len() > MOST {
            found.push(self.refusal("field.too_long", "creates").with("max", MOST));
        }
        for (at, one) in creates.iter().enumerate() {
            let place = format!("creates/{at}");
            self.new_records(
                &NewRecords { object: &one.object, link: &one.link, fields: &one.fields, fill: &one.fill, place: &place },
                found,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::reading;
    use super::super::{Process, shipped};
    use super::*;
    use crate::objects;

    fn checked(change: impl FnOnce(&mut Process), occupied: &[(&str, u64)]) -> Checked {
        let mut process = shipped();
        change(&mut process);
        let object = objects::opportunity::object();
        let occupied = occupied.iter().map(|(stage, count)| ((*stage).to_owned(), *count)).collect();
        reading(|reading| check(&process, &Around { options: object.options("stage"), occupied: &occupied, reading }))
    }

    fn refused(change: impl FnOnce(&mut Process)) -> Vec<(&'static str, String)> {
        checked(change, &[]).refusals.into_iter().map(|v| (v.code, v.path)).collect()
    }

    fn is(code: &'static str, path: &str) -> Vec<(&'static str, String)> {
        vec![(code, path.to_owned())]
    }

    #[test]
    fn every_refusal_of_the_whole() {
        assert_eq!(refused(|_| {}), []);
        assert_eq!(refused(|p| p.name = " ".into()), is("process.name_missing", "name"));
        assert_eq!(refused(|p| p.object = "account".into()).first(), is("field.invalid", "object").first());
        assert_eq!(refused(|p| p.field = "status".into()), is("field.invalid", "field"));
        assert_eq!(refused(|p| p.stages.swap(3, 4)), is("process.stage_order", "stages/4"));
        assert_eq!(refused(|p| drop(p.stages.drain(..4))), is("process.missing_in_progress", "stages"));
        assert_eq!(refused(|p| p.stages.truncate(4)), is("process.missing_terminal", "stages"));
        assert_eq!(refused(|p| p.stages.clear()).len(), 2);
        assert_eq!(refused(|p| p.stages.insert(1, p.stages[0].clone())), is("process.stage_twice", "stages/1"));
        assert_eq!(refused(|p| p.stages[0].stage = "dreaming".into()), is("process.stage_unknown", "stages/0"));
    }

    #[test]
    fn a_stage_where_deals_stand_is_not_taken_out() {
        let without = |p: &mut Process| drop(p.stages.remove(1));
        let found = checked(without, &[("qualification", 3), ("proposal", 1)]).refusals;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, &found[0].params["count"]), ("process.stage_occupied", &json!(3)));
        assert_eq!(checked(without, &[("qualification", 0)]).refusals, []);
    }

    #[test]
    fn without_won_or_lost_it_warns() {
        let warned = |stage: &str| -> Vec<&str> {
            let found = checked(|p| p.stages.retain(|rules| rules.stage != stage), &[]);
            assert_eq!(found.refusals, []);
            found.warnings.iter().map(|v| v.code).collect()
        };
        assert_eq!(warned("won"), ["process.no_won"]);
        assert_eq!(warned("lost"), ["process.no_lost"]);
        assert!(warned("invalid").is_empty());
    }

    #[test]
    fn every_refusal_of_a_stage() {
        assert_eq!(refused(|p| p.stages[4].allow_skip = true), is("field.invalid", "stages/4/allow_skip"));
        assert_eq!(refused(|p| p.stages[4].duration_seconds = Some(1)), is("field.invalid", "stages/4/duration_seconds"));
        assert_eq!(refused(|p| p.stages[0].ignore_normal = true), is("field.invalid", "stages/0/ignore_normal"));
        assert_eq!(refused(|p| p.stages[0].win_rate = Some(Number::whole(101))), is("field.out_of_range", "stages/0/win_rate"));
        assert_eq!(refused(|p| p.stages[0].win_rate = Number::parse("0.001")), is("field.invalid", "stages/0/win_rate"));
        assert_eq!(refused(|p| p.stages[0].duration_seconds = Some(0)), is("field.out_of_range", "stages/0/duration_seconds"));
        assert_eq!(refused(|p| p.stages[0].forecast_category = Some("x".into())), is("field.not_an_option", "stages/0/forecast_category"));
        assert_eq!(refused(|p| p.stages[4].prompt = Some("赢".repeat(101))), is("field.too_long", "stages/4/prompt"));
        assert_eq!(refused(|p| p.stages[4].prompt = Some("赢".repeat(100))), []);
        assert_eq!(refused(|p| p.stages[0].required_fields = vec!["nothing".into()]), is("field.unknown", "stages/0/required_fields"));
        assert_eq!(refused(|p| p.stages[0].required_fields = vec!["closed_at".into()]), is("field.read_only", "stages/0/required_fields"));
        assert_eq!(
            refused(|p| p.stages[4].must_have_completed = vec!["proposal".into(), "lost".into()]),
            is("process.stage_unknown", "stages/4/must_have_completed")
        );
        let condition = |json| Some(crate::Condition::from_json(&json).unwrap());
        assert_eq!(
            refused(|p| p.stages[1].entry_condition = condition(json!({"field": "nope", "op": "is_empty"}))),
            is("field.unknown", "stages/1/entry_condition/nope")
        );
        assert_eq!(
            refused(|p| p.entry_condition = condition(json!({"field": "stage", "op": "contains", "value": "x"}))),
            is("condition.invalid", "entry_condition/stage")
        );
    }

    fn task(act: serde_json::Value) -> crate::process::StageTask {
        serde_json::from_value(json!({"key": "ask", "name": "Ask", "act": act})).unwrap()
    }

    fn refused_task(change: impl FnOnce(&mut crate::process::StageTask)) -> Vec<(&'static str, String)> {
        let mut asked = task(json!({"kind": "checklist_item"}));
        change(&mut asked);
        let found = refused(|p| p.stages[0].tasks = vec![asked]);
        found.into_iter().map(|(code, path)| (code, path.trim_start_matches("stages/0/tasks/0/").to_owned())).collect()
    }

    fn refused_act(act: serde_json::Value) -> Vec<(&'static str, String)> {
        let found = refused_task(|task| task.act = serde_json::from_value(act).unwrap());
        found.into_iter().map(|(code, path)| (code, path.trim_start_matches("act/").to_owned())).collect()
    }

    #[test]
    fn settings_stand_where_they_mean_something() {
        let reminder: crate::process::Reminder =
            serde_json::from_value(json!({"when": "after", "seconds": 0, "to": [{"kind": "owner"}]})).unwrap();
        let create: crate::process::CreateOnEntry = serde_json::from_value(json!({"object": "task", "link": "regarding"})).unwrap();
        assert_eq!(refused(|p| p.stages[4].reminders = vec![reminder.clone()]), is("field.invalid", "stages/4/reminders"));
        assert_eq!(refused(|p| p.stages[4].tasks = vec![task(json!({"kind": "checklist_item"}))]), is("field.invalid", "stages/4/tasks"));
        assert_eq!(refused(|p| p.stages[4].needed_tasks = NeededTasks::Number { n: 1 }), is("field.invalid", "stages/4/needed_tasks"));
        assert_eq!(refused(|p| p.stages[4].duration_in = TimeIn::Working), is("field.invalid", "stages/4/duration_in"));
        assert_eq!(refused(|p| p.stages[4].creates = vec![create.clone()]), []);
        assert_eq!(refused(|p| p.stages[0].creates = vec![create]), is("field.invalid", "stages/0/creates"));
        assert_eq!(
            refused(|p| (p.stages[0].duration_seconds, p.stages[0].reminders) = (None, vec![reminder])),
            is("field.required", "stages/0/duration_seconds")
        );
    }

    #[test]
    fn every_refusal_of_reminders_and_links() {
        let reminded = |json: serde_json::Value| {
            let found = refused(|p| p.stages[0].reminders = vec![serde_json::from_value(json).unwrap()]);
            found.into_iter().map(|(code, path)| (code, path.trim_start_matches("stages/0/reminders/0/").to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(
            reminded(json!({"when": "before", "seconds": 3600, "to": [{"kind": "owner_manager"}, {"kind": "field", "field": "owner"}]})),
            []
        );
        assert_eq!(reminded(json!({"when": "before", "seconds": -1, "to": [{"kind": "owner"}]})), is("field.out_of_range", "seconds"));
        assert_eq!(reminded(json!({"when": "before", "every_days": 1, "to": [{"kind": "owner"}]})), is("field.invalid", "every_days"));
        assert_eq!(reminded(json!({"when": "after", "every_days": 0, "to": [{"kind": "owner"}]})), is("field.out_of_range", "every_days"));
        assert_eq!(reminded(json!({"when": "after", "to": []})), is("field.required", "to"));
        assert_eq!(reminded(json!({"when": "after", "to": [{"kind": "field", "field": "account"}]})), is("field.invalid", "to/0/field"));
        let link = |label: &str, url: &str| {
            let link = crate::process::Link { label: label.into(), url: url.into() };
            refused(|p| p.stages[0].links = vec![link])
        };
        assert_eq!(link("Playbook", "https://example.com/playbook"), []);
        assert_eq!(link("Playbook", "javascript:alert(1)"), is("field.invalid", "stages/0/links/0/url"));
        assert_eq!(link(" ", "http://example.com"), is("field.required", "stages/0/links/0/label"));
    }

    #[test]
    fn every_refusal_of_a_task() {
        assert_eq!(refused_task(|_| {}), []);
        assert_eq!(refused_task(|task| task.key = "Ask".into()), is("field.invalid", "key"));
        assert_eq!(refused_task(|task| task.name = " ".into()), is("field.required", "name"));
        assert_eq!(refused_task(|task| task.due_seconds = Some(0)), is("field.out_of_range", "due_seconds"));
        assert_eq!(
            refused_task(|task| task.reminders = vec![serde_json::from_value(json!({"when": "after", "to": [{"kind": "team"}]})).unwrap()]),
            is("field.required", "due_seconds")
        );
        assert_eq!(
            refused_task(|task| task.condition = Some(crate::Condition::from_json(&json!({"field": "nope", "op": "is_empty"})).unwrap())),
            is("field.unknown", "condition/nope")
        );
        // One key in the whole process.
        let twice = refused(|p| p.stages.iter_mut().take(2).for_each(|stage| stage.tasks = vec![task(json!({"kind": "checklist_item"}))]));
        assert_eq!(twice, is("field.not_unique", "stages/1/tasks/0/key"));
        let needed = |needed: serde_json::Value| {
            refused(|p| {
                p.stages[0].tasks = vec![task(json!({"kind": "checklist_item"}))];
                p.stages[0].needed_tasks = serde_json::from_value(needed).unwrap();
            })
        };
        assert_eq!(needed(json!({"which": "chosen", "tasks": ["ask"]})), []);
        assert_eq!(needed(json!({"which": "chosen", "tasks": ["call"]})), is("process.task_unknown", "stages/0/needed_tasks"));
        assert_eq!(needed(json!({"which": "number", "n": 2})), is("field.out_of_range", "stages/0/needed_tasks"));
    }

    #[test]
    fn every_refusal_of_what_a_task_asks() {
        assert_eq!(refused_act(json!({"kind": "edit_object", "fields": ["amount"]})), []);
        assert_eq!(refused_act(json!({"kind": "edit_object", "of": "account", "fields": ["city"]})), []);
        assert_eq!(refused_act(json!({"kind": "edit_object", "of": "amount", "fields": ["city"]})), is("field.unknown", "of"));
        assert_eq!(refused_act(json!({"kind": "edit_object", "fields": []})), is("field.required", "fields"));
        assert_eq!(refused_act(json!({"kind": "edit_object", "fields": ["owner"]})), is("field.read_only", "fields"));
        assert_eq!(refused_act(json!({"kind": "edit_object", "of": "account", "fields": ["amount"]})), is("field.unknown", "fields"));
        let create = |change: serde_json::Value| {
            let mut act = json!({"kind": "create_object", "object": "task", "link": "regarding", "minimum": 1});
            act.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            refused_act(act)
        };
        assert_eq!(create(json!({"fill": [{"field": "name", "from": "account.name"}]})), []);
        assert_eq!(create(json!({"object": "nothing"})), is("process.object_unfit", "object"));
        assert_eq!(create(json!({"link": "name"})), is("process.link_unfit", "link"));
        assert_eq!(create(json!({"minimum": 0})), is("field.out_of_range", "minimum"));
        assert_eq!(create(json!({"fill": [{"field": "name", "from": "account.nope"}]})), is("field.unknown", "fill/0/from"));
        assert_eq!(create(json!({"fill": [{"field": "nope", "from": "name"}]})), is("field.unknown", "fill/0/field"));
        assert_eq!(create(json!({"fill": [{"field": "due_at", "from": "name"}]})), is("process.fill_unfit", "fill/0/from"));
        assert_eq!(create(json!({"choose_from": {"field": "nope", "op": "is_empty"}})), is("field.unknown", "choose_from/nope"));
        assert_eq!(refused_act(json!({"kind": "edit_sub_objects", "object": "opportunity_line", "minimum": 1})), []);
        assert_eq!(
            refused_act(json!({"kind": "edit_sub_objects", "object": "account", "minimum": 1})),
            is("process.object_unfit", "object")
        );
    }
}
