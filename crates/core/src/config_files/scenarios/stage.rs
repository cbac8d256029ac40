//! An installation in which scenarios are told: who is there, what is given, and what is done.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;

use db::{Limits, Write};
use model::{Id, Via, Violation};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

use super::super::names::Names;
use super::super::plan::violations_of;
use super::super::rehearsal::{Scratch, TRIAL};
use super::super::text;
use super::judging::{judged, without_codes};
use super::{Both, Failure, File, Given, Scenario, Somebody, Step};
use crate::{Credential, Ctx, Error, House, Result, approvals, holding, jobs, pools, processes, records, reminders, stage_tasks};

/// Rounds of work behind the answer after which time is not waited for any longer.
const MOST_ROUNDS: usize = 1_000;
/// Seconds in which time goes by.
const STEP: i64 = 6 * 3_600;

/// An installation in which a scenario is told.
pub(super) struct Stage {
    scratch: Scratch,
    people: BTreeMap<String, Id>,
    things: BTreeMap<String, (String, Id)>,
}

pub(super) fn run(template: &Path, file: &File, scenario: &Scenario) -> Result<Option<Failure>> {
    let mut stage = Stage { scratch: Scratch::copy(template)?, people: BTreeMap::new(), things: BTreeMap::new() };
    for somebody in &file.people {
        stage.enters(somebody)?;
    }
    for given in file.given.iter().chain(&scenario.given) {
        if let Err(error) = stage.gives(given) {
            let (got, expected) = (error.to_string(), format!("{} “{}” to be there", given.object, given.called.as_deref().unwrap_or("")));
            return Ok(Some(Failure { step: 0, expected, refused: violations_of(error)?, got }));
        }
    }
    let single = scenario.when.clone().map(|when| Both { when, then: scenario.then.clone() });
    for (at, both) in single.into_iter().chain(scenario.steps.iter().cloned()).enumerate() {
        let expected = both.then.clone().unwrap_or_else(|| "done".into());
        if let Some(failure) = stage.plays(&both.when, &expected)? {
            return Ok(Some(Failure { step: at + 1, ..failure }));
        }
    }
    Ok(None)
}

impl Stage {
    fn house(&self) -> &House {
        &self.scratch.house
    }

    fn system<T>(&self, f: impl FnMut(&Ctx, &mut Write) -> Result<T>) -> Result<T> {
        self.house().write(&TRIAL, Limits::default(), Via::System, f)
    }

    fn enters(&mut self, somebody: &Somebody) -> Result<()> {
        let email = somebody.email.clone().unwrap_or_else(|| format!("{}@example.com", somebody.name.to_lowercase().replace(' ', ".")));
        let department = somebody.department.as_deref().map(|path| self.department(path)).transpose()?;
        let manager = match &somebody.manager {
            Some(name) => Some(*self.people.get(name).ok_or_else(|| unknown(name))?),
            None => None,
        };
        let role = somebody.role.clone().unwrap_or_else(|| "salesperson".to_owned());
        let fields = json!({
            "name": somebody.name, "email": email, "active": true, "roles": [role],
            "department": department.map(|id| id.to_string()), "manager": manager.map(|id| id.to_string()),
        });
        // Definitions may name him already.
        let known = self.house().read(&TRIAL, Limits::default(), |cx, tx| {
            Ok(Names::load(cx, tx)?.read(&format!("person:{email}").into(), &mut Vec::new()).as_str().and_then(|id| id.parse::<Id>().ok()))
        })?;
        let id = match known {
            Some(id) => {
                let update = records::Update { fields: said(&fields), ..records::Update::default() };
                self.system(|cx, tx| records::update(cx, tx, "employee", id, None, &update))?;
                id
            }
            None => self.scratch.creates("employee", fields)?,
        };
        if let (true, Some(department)) = (somebody.heads, department) {
            let update = records::Update { fields: said(&json!({"head": id.to_string()})), ..records::Update::default() };
            self.system(|cx, tx| records::update(cx, tx, "department", department, None, &update))?;
        }
        self.people.insert(somebody.name.clone(), id);
        Ok(())
    }

    /// The department of a path, with those above it; made where it is not there.
    fn department(&self, path: &str) -> Result<Id> {
        let names = self.house().read(&TRIAL, Limits::default(), Names::load)?;
        let (mut above, mut walked) = (Json::Null, String::new());
        for part in path.split(" / ") {
            walked = if walked.is_empty() { part.to_owned() } else { format!("{walked} / {part}") };
            let known = names.read(&format!("department:{walked}").into(), &mut Vec::new());
            above = match known.as_str().and_then(|id| id.parse::<Id>().ok()) {
                Some(id) => id.to_string().into(),
                None => self.scratch.creates("department", json!({"name": part, "parent": above}))?.to_string().into(),
            };
        }
        above.as_str().and_then(|id| id.parse().ok()).ok_or_else(|| unknown(path))
    }

    fn gives(&mut self, given: &Given) -> Result<()> {
        let fields = self.meant(&Json::Object(given.fields.clone()))?;
        let id = self.scratch.creates(&given.object, fields)?;
        if let Some(called) = &given.called {
            self.things.insert(called.clone(), (given.object.clone(), id));
        }
        if let Some(stage) = &given.stage {
            let wanted = json!({"stage": stage, "bypass": true, "skip_approval": true, "reason": "As a scenario has it"});
            let wanted: processes::MoveStage = typed(wanted)?;
            let at = self
                .house()
                .read(&TRIAL, Limits::default(), |cx, tx| Ok(records::read(cx, tx, &given.object, id)?["fields"]["stage"].take()))?;
            if at != stage.as_str() {
                self.system(|cx, tx| processes::move_stage(cx, tx, id, None, &wanted))?;
            }
        }
        Ok(())
    }

    /// A value with ids in the place of names: `$deal`, `$Kim`, `today+10`, `department:Sales`.
    fn meant(&self, value: &Json) -> Result<Json> {
        Ok(match value {
            Json::String(text) => {
                if let Some(name) = text.strip_prefix('$') {
                    self.id_of(name)?.to_string().into()
                } else if let Some(days) = text.strip_prefix("today").filter(|rest| rest.is_empty() || rest.starts_with(['+', '-'])) {
                    let days: i64 = if days.is_empty() { 0 } else { days.parse().map_err(|_| malformed(text))? };
                    self.house()
                        .read(&TRIAL, Limits::default(), |cx, _| Ok(cx.at.plus_seconds(days * 86_400).date_in(&cx.meta.calendar.zone)))?
                        .to_string()
                        .into()
                } else {
                    let names = self.house().read(&TRIAL, Limits::default(), |cx, tx| {
                        let mut names = Names::load(cx, tx)?;
                        names.find_records(cx, tx, value)?;
                        Ok(names)
                    })?;
                    let mut missing = Vec::new();
                    let read = names.read(value, &mut missing);
                    if let Some((_, name)) = missing.first() {
                        return Err(unknown(name));
                    }
                    read
                }
            }
            Json::Array(list) => list.iter().map(|one| self.meant(one)).collect::<Result<Vec<Json>>>()?.into(),
            Json::Object(map) => {
                Json::Object(map.iter().map(|(name, one)| Ok((name.clone(), self.meant(one)?))).collect::<Result<Map<String, Json>>>()?)
            }
            plain => plain.clone(),
        })
    }

    fn id_of(&self, name: &str) -> Result<Id> {
        let name = name.trim_start_matches('$');
        self.things.get(name).map(|(_, id)| *id).or_else(|| self.people.get(name).copied()).ok_or_else(|| unknown(name))
    }

    fn thing(&self, name: &str) -> Result<(String, Id)> {
        self.things.get(name.trim_start_matches('$')).cloned().ok_or_else(|| unknown(name))
    }

    /// Does a step, and tells what is otherwise than expected.
    fn plays(&mut self, step: &Step, expected: &Json) -> Result<Option<Failure>> {
        if let Some(time) = step.after.as_deref().or(step.wait.as_deref()) {
            self.passes(time)?;
        }
        let outcome = if step.wait.is_some() { Ok(json!({"result": "done"})) } else { self.does(step) };
        let expected_now = self.meant(&without_codes(expected))?;
        judged(self, expected, &expected_now, outcome)
    }

    /// Time goes by, with all that the product does by itself meanwhile.
    fn passes(&self, time: &str) -> Result<()> {
        let seconds = seconds_of(time).ok_or_else(|| malformed(time))?;
        // Step by step, so that what is due in between happens then: who is warned has the days that the warning gives him.
        let mut left = seconds;
        while left > 0 {
            let step = left.min(STEP);
            left -= step;
            self.scratch.clock.fetch_add(step * 1_000_000, Ordering::SeqCst);
            self.works()?;
        }
        Ok(())
    }

    /// What is due is done.
    fn works(&self) -> Result<()> {
        for _ in 0..MOST_ROUNDS {
            let house = self.house();
            let busy = reminders::work(house)? | jobs::work(house)? | pools::reclaim::work(house)? | holding::tell_waiting(house)?;
            if !busy {
                break;
            }
        }
        Ok(())
    }

    fn does(&mut self, step: &Step) -> Result<Json> {
        let credential = match &step.by {
            Some(name) => Credential::Person(*self.people.get(name).ok_or_else(|| unknown(name))?),
            None => TRIAL,
        };
        let fields = said(&self.meant(&Json::Object(step.fields.clone()))?);
        let along = self.meant(&step.along.clone().into())?;
        let write = |stage: &Stage, f: &mut dyn FnMut(&Ctx, &mut Write) -> Result<Json>| {
            stage.house().write(&credential, Limits::default(), Via::Api, |cx, tx| f(cx, tx))
        };
        let reason = step.reason.clone();
        if let Some(object) = &step.create {
            let wanted = records::Create { fields, reason, ..records::Create::default() };
            let saved = write(self, &mut |cx, tx| records::create(cx, tx, object, &wanted))?;
            if let (Some(called), Some(id)) = (&step.called, saved["record"]["id"].as_str().and_then(|id| id.parse().ok())) {
                self.things.insert(called.clone(), (object.clone(), id));
            }
            return Ok(saved);
        }
        if let Some(name) = &step.edit {
            let (object, id) = self.thing(name)?;
            let wanted = records::Update { fields, reason, ..records::Update::default() };
            return write(self, &mut |cx, tx| records::update(cx, tx, &object, id, None, &wanted));
        }
        if let Some(name) = &step.moves {
            let (_, id) = self.thing(name)?;
            let wanted: processes::MoveStage =
                typed(json!({"stage": step.to.clone().unwrap_or_default(), "fields": fields, "create": along, "reason": reason}))?;
            return write(self, &mut |cx, tx| processes::move_stage(cx, tx, id, None, &wanted));
        }
        if let Some(name) = &step.reopen {
            let (_, id) = self.thing(name)?;
            let wanted: processes::Reopen = typed(json!({"stage": step.to, "fields": fields, "create": along, "reason": reason}))?;
            return write(self, &mut |cx, tx| processes::reopen(cx, tx, id, None, &wanted));
        }
        if let Some(name) = &step.claim {
            let (object, id) = self.thing(name)?;
            return write(self, &mut |cx, tx| pools::claim(cx, tx, &object, id, None, &pools::Claim::default()));
        }
        if let Some(name) = &step.gives_back {
            let (object, id) = self.thing(name)?;
            let wanted: pools::Return = typed(json!({ "reason": reason }))?;
            return write(self, &mut |cx, tx| pools::take_back(cx, tx, &object, id, None, &wanted));
        }
        if let Some(name) = &step.change_owner {
            let (object, id) = self.thing(name)?;
            let to = self.id_of(step.to.as_deref().unwrap_or_default())?;
            let wanted: records::ChangeOwner = typed(json!({"owner": to.to_string(), "reason": reason}))?;
            return write(self, &mut |cx, tx| records::change_owner(cx, tx, &object, id, None, &wanted));
        }
        if let Some(name) = &step.void {
            let (object, id) = self.thing(name)?;
            let wanted: records::Reason = typed(json!({ "reason": reason }))?;
            return write(self, &mut |cx, tx| records::void(cx, tx, &object, id, None, &wanted));
        }
        if let Some(name) = &step.approval_of {
            let (object, id) = self.thing(name)?;
            let wanted: approvals::Acting = typed(json!({"act": step.answer, "comment": step.comment, "fields": fields}))?;
            return write(self, &mut |cx, tx| {
                let listed = approvals::of_record(&cx.as_system("which approval a scenario means"), tx, &object, id)?;
                let running = listed["items"].as_array().and_then(|items| items.iter().find(|one| one["ended_at"].is_null())).cloned();
                let approval: Id = running.and_then(|one| one["id"].as_str()?.parse().ok()).ok_or(Error::NotFound)?;
                approvals::act(cx, tx, approval, &wanted)
            });
        }
        if let Some(name) = &step.tasks_of {
            let (_, id) = self.thing(name)?;
            let wanted: stage_tasks::Complete = typed(json!({"fields": fields, "create": along, "note": step.comment}))?;
            return write(self, &mut |cx, tx| {
                let listed = stage_tasks::list(&cx.as_system("which task a scenario means"), tx, id)?;
                let meant = |one: &&Json| {
                    one["state"] == "open" && (one["key"].as_str() == step.task.as_deref() || one["name"].as_str() == step.task.as_deref())
                };
                let task: Id = listed["items"]
                    .as_array()
                    .and_then(|items| items.iter().find(meant))
                    .and_then(|one| one["id"].as_str()?.parse().ok())
                    .ok_or(Error::NotFound)?;
                stage_tasks::complete(cx, tx, task, None, &wanted)
            });
        }
        Err(malformed("a step that does nothing"))
    }

    /// The fields of a record, as the product has them.
    pub(super) fn fields_of(&self, name: &str) -> Result<Json> {
        let (object, id) = self.thing(name)?;
        self.house().read(&TRIAL, Limits::default(), |cx, tx| Ok(records::read(cx, tx, &object, id)?["fields"].take()))
    }
}

fn seconds_of(time: &str) -> Option<i64> {
    let (many, unit) = time.trim().split_once(' ')?;
    let each = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        "week" => 604_800,
        _ => return None,
    };
    many.parse::<i64>().ok().filter(|many| (0..=1_000).contains(many)).map(|many| many * each)
}

fn said(fields: &Json) -> Map<String, Json> {
    fields.as_object().cloned().unwrap_or_default()
}

fn typed<T: DeserializeOwned>(json: Json) -> Result<T> {
    serde_json::from_value(text::without_nothing(&json)).map_err(|error| Error::Malformed(error.to_string()))
}

fn unknown(name: &str) -> Error {
    Violation::new("config.reference_unknown", "").with("value", name).into()
}

pub(super) fn malformed(text: &str) -> Error {
    Violation::new("config.unreadable", "").with("reason", text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_words() {
        assert_eq!(seconds_of("3 days"), Some(259_200));
        assert_eq!(seconds_of("1 hour"), Some(3_600));
        assert_eq!(seconds_of("soon"), None);
        assert_eq!(seconds_of("3 fortnights"), None);
    }
}
