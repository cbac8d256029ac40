//! May this process be saved? Refusals, each with a code, and warnings (spec/02, Definition).

use std::collections::BTreeMap;

use super::{Gates, Process, StageRules};
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
        self.fields(found);
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
                    ("allow_skip", rules.allow_skip),
                    ("win_rate", rules.win_rate.is_some()),
                    ("forecast_category", rules.forecast_category.is_some()),
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
        // Ten years is the longest that still makes sense, and keeps every due instant in range.
        if rules.duration_seconds.is_some_and(|seconds| !(1..=315_360_000).contains(&seconds)) {
            found.push(self.refusal("field.out_of_range", "duration_seconds").with("min", 1).with("max", 315_360_000));
        }
        let length = rules.prompt.as_ref().map_or(0, |prompt| prompt.chars().count());
        if length > PROMPT {
            found.push(self.refusal("field.too_long", "prompt").with("max", PROMPT).with("length", length));
        }
        let categories =
            self.around.reading.schema.object(&self.process.object).map_or(&[][..], |object| object.options("forecast_category"));
        if let Some(category) = &rules.forecast_category
            && !categories.iter().any(|option| option.key == *category)
        {
            found.push(self.refusal("field.not_an_option", "forecast_category").with("value", category.as_str()));
        }
    }

    /// What a move asks for must be there, and be writable.
    fn fields(&self, found: &mut Violations) {
        let object = self.around.reading.schema.object(&self.process.object);
        for key in &self.rules.required_fields {
            let code = match object.and_then(|object| object.field(key)) {
                None => "field.unknown",
                Some(field) if field.read_only || matches!(key.as_str(), "stage" | "sales_process") => "field.read_only",
                Some(_) => continue,
            };
            found.push(self.refusal(code, "required_fields").with("value", key.as_str()));
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
}
