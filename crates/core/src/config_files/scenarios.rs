//! Scenarios: examples of what a configuration is to do, told in files and tried out on a scratch copy.
//!
//! A scenario says who works there, what there is, what somebody then does, and what is to come of it: moved, blocked by these requirements, an
//! approval asked for, a duplicate found, a limit reached. It is done by the same acts as on screen, on an empty installation that has the
//! configuration of the folder and nothing else; time goes forward there when a scenario says so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant as Moment;

use db::{Limits, Write};
use model::{Id, Via, Violation, Violations};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

use super::apply::How;
use super::folder::SourceFile;
use super::names::Names;
use super::plan::{Fault, is_whole, read as read_definitions, violations_of};
use super::rehearsal::{Scratch, TRIAL, order_of};
use super::text;
use crate::{Credential, Ctx, Error, House, Meta, Result, approvals, holding, jobs, pools, processes, records, reminders, stage_tasks};

/// Rounds of work behind the answer after which time is not waited for any longer.
const MOST_ROUNDS: usize = 1_000;
/// Seconds in which time goes by.
const STEP: i64 = 6 * 3_600;

/// A file of scenarios.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Who works there, in all of its scenarios.
    #[serde(default)]
    people: Vec<Somebody>,
    /// What there is, in all of its scenarios.
    #[serde(default)]
    given: Vec<Given>,
    scenarios: Vec<Scenario>,
}

/// Somebody who acts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Somebody {
    name: String,
    /// By which definitions name him; made of the name when absent.
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    role: Option<String>,
    /// With those above it: `Sales / North`.
    #[serde(default)]
    department: Option<String>,
    /// By his name; of those who were told before.
    #[serde(default)]
    manager: Option<String>,
    /// True for whoever leads the department.
    #[serde(default)]
    heads: bool,
}

/// A record that is there before.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    object: String,
    /// By which it is named afterwards: `$deal`.
    #[serde(default, rename = "as")]
    called: Option<String>,
    #[serde(default)]
    fields: Map<String, Json>,
    /// A deal that stands in this stage, whatever stood against it on the way.
    #[serde(default)]
    stage: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    #[serde(default)]
    given: Vec<Given>,
    #[serde(default)]
    when: Option<Step>,
    #[serde(default)]
    then: Option<Json>,
    #[serde(default)]
    steps: Vec<Both>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Both {
    when: Step,
    #[serde(default)]
    then: Option<Json>,
}

/// What somebody does: one of the acts, and what goes with it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Step {
    /// Who, by his name; the product itself when absent.
    by: Option<String>,
    /// How much later: `3 days`, `4 hours`.
    after: Option<String>,
    /// Nothing but that time goes by.
    wait: Option<String>,
    create: Option<String>,
    #[serde(rename = "as")]
    called: Option<String>,
    edit: Option<String>,
    #[serde(rename = "move")]
    moves: Option<String>,
    to: Option<String>,
    reopen: Option<String>,
    claim: Option<String>,
    #[serde(rename = "return")]
    gives_back: Option<String>,
    change_owner: Option<String>,
    void: Option<String>,
    /// The record whose approval is answered, with `answer`.
    approval_of: Option<String>,
    answer: Option<String>,
    comment: Option<String>,
    /// The deal whose stage task is done, with `task`.
    tasks_of: Option<String>,
    task: Option<String>,
    fields: Map<String, Json>,
    /// Records that a move or a task brings with it.
    along: Vec<Json>,
    reason: Option<String>,
}

/// What came of a scenario.
#[derive(Clone, Debug)]
pub struct Tried {
    pub file: String,
    pub scenario: String,
    pub seconds: f64,
    pub failure: Option<Failure>,
}

/// Why a scenario does not hold.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The step, counted from 1; 0 where what is given could not be.
    pub step: usize,
    pub expected: String,
    /// What was refused; nothing where it was done.
    pub refused: Violations,
    /// What came of it in a word, or why it could not be tried.
    pub got: String,
}

/// What came of a folder.
pub struct Tests {
    /// Of the scratch copy, for wording.
    pub meta: Arc<Meta>,
    /// What stands against its files; then nothing is tried.
    pub faults: Vec<Fault>,
    pub tried: Vec<Tried>,
}

/// Tries every scenario of a folder whose name has `only` in it.
pub fn test(files: &[SourceFile], how: &How<'_>, only: Option<&str>) -> Result<Tests> {
    let (wanted, mut faults) = read_definitions(files);
    let mut told: Vec<(String, File)> = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("tests/")) {
        let read = text::read(&file.text).and_then(|json| serde_json::from_value::<File>(json).map_err(|error| error.to_string()));
        match read {
            Ok(read) => told.push((file.path.clone(), read)),
            Err(why) => {
                let unreadable = Violation::new("config.unreadable", "").with("reason", why);
                faults.push(Fault { file: file.path.clone(), violations: vec![unreadable] });
            }
        }
    }
    let template = Scratch::open()?;
    template.money(&wanted, &json!({}))?;
    template.stand_ins(&wanted)?;
    faults.extend(template.apply(&wanted, how, &order_of(&wanted))?);
    if faults.is_empty() && is_whole(files) {
        template.prune(&wanted, how)?;
    }
    let meta = template.house.meta();
    if !faults.is_empty() {
        return Ok(Tests { meta, faults, tried: Vec::new() });
    }
    let template = template.close();
    let mut tried = Vec::new();
    for (path, file) in &told {
        for scenario in file.scenarios.iter().filter(|scenario| only.is_none_or(|only| scenario.name.contains(only))) {
            let began = Moment::now();
            let failure = match run(template.path(), file, scenario) {
                Ok(failure) => failure,
                Err(error) => Some(Failure {
                    step: 0,
                    expected: String::new(),
                    got: error.to_string(),
                    refused: violations_of(error).unwrap_or_default(),
                }),
            };
            tried.push(Tried { file: path.clone(), scenario: scenario.name.clone(), seconds: began.elapsed().as_secs_f64(), failure });
        }
    }
    Ok(Tests { meta, faults: Vec::new(), tried })
}

/// An installation in which a scenario is told.
struct Stage {
    scratch: Scratch,
    people: BTreeMap<String, Id>,
    things: BTreeMap<String, (String, Id)>,
}

fn run(template: &Path, file: &File, scenario: &Scenario) -> Result<Option<Failure>> {
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
    fn fields_of(&self, name: &str) -> Result<Json> {
        let (object, id) = self.thing(name)?;
        self.house().read(&TRIAL, Limits::default(), |cx, tx| Ok(records::read(cx, tx, &object, id)?["fields"].take()))
    }
}

/// Codes and results are words, and no names of anything.
fn without_codes(expected: &Json) -> Json {
    expected.get("record").map_or(Json::Null, |_| expected.get("fields").cloned().unwrap_or_default())
}

/// What is otherwise than expected: a word (`done`, `moved`, `saved`, `pending_approval`, `duplicate`, `over_limit`, `forbidden`, `not_there`),
/// `{blocked: [codes]}` with a code alone or `code:place`, or `{record, fields}` for how it stands then.
fn judged(stage: &Stage, expected: &Json, fields: &Json, outcome: Result<Json>) -> Result<Option<Failure>> {
    let (result, refused) = match outcome {
        Ok(answer) => (answer["result"].as_str().unwrap_or("done").to_owned(), Violations::new()),
        Err(Error::NotFound) => ("not_there".to_owned(), Violations::new()),
        Err(Error::Forbidden { .. }) => ("forbidden".to_owned(), Violations::new()),
        Err(error) => ("refused".to_owned(), violations_of(error)?),
    };
    let has = |start: &str| refused.iter().any(|violation| violation.code.starts_with(start));
    let done = refused.is_empty() && !["not_there", "forbidden"].contains(&result.as_str());
    let (holds, told) = match expected {
        Json::String(word) => {
            let holds = match word.as_str() {
                "done" => done && result != "pending_approval",
                "duplicate" => has("duplicate."),
                "over_limit" => has("holding."),
                "blocked" => !refused.is_empty(),
                other => result == other,
            };
            (holds, word.clone())
        }
        Json::Object(map) if map.contains_key("blocked") => {
            let codes: Vec<&str> = match &map["blocked"] {
                Json::String(code) => vec![code.as_str()],
                list => list.as_array().into_iter().flatten().filter_map(Json::as_str).collect(),
            };
            let there = |wanted: &&str| refused.iter().any(|violation| is_meant(violation, wanted));
            (!refused.is_empty() && codes.iter().all(there), format!("blocked by {}", codes.join(", ")))
        }
        Json::Object(map) if map.contains_key("record") => {
            let name = map["record"].as_str().unwrap_or_default();
            let present = if done { stage.fields_of(name)? } else { Json::Null };
            let wanted = fields.as_object().cloned().unwrap_or_default();
            let differing: BTreeSet<String> = wanted
                .iter()
                .filter(|(key, value)| !alike(&present[key.as_str()], value))
                .map(|(key, value)| format!("{key} is {} and not {value}", present[key.as_str()]))
                .collect();
            if done && !differing.is_empty() {
                let got = differing.into_iter().collect::<Vec<_>>().join("; ");
                return Ok(Some(Failure { step: 0, expected: format!("{name} to stand so"), refused, got }));
            }
            (done, format!("{name} to stand so"))
        }
        other => return Err(malformed(&other.to_string())),
    };
    Ok(if holds { None } else { Some(Failure { step: 0, expected: told, refused, got: result }) })
}

/// A code, or a code with the field or place that it speaks of.
fn is_meant(violation: &Violation, wanted: &str) -> bool {
    let (code, place) = wanted.split_once(':').map_or((wanted, None), |(code, place)| (code, Some(place)));
    let speaks = |place: &str| {
        violation.path == place || violation.path.ends_with(&format!("/{place}")) || violation.params.values().any(|value| value == place)
    };
    violation.code == code && place.is_none_or(speaks)
}

/// The same value, however it is written: an amount without its noughts, nothing as null.
fn alike(present: &Json, wanted: &Json) -> bool {
    let number = |json: &Json| {
        json.as_str().map(str::to_owned).or_else(|| json.as_number().map(ToString::to_string)).and_then(|text| model::Number::parse(&text))
    };
    match (present, wanted) {
        (Json::Object(present), Json::Object(wanted)) => {
            wanted.iter().all(|(key, value)| alike(present.get(key).unwrap_or(&Json::Null), value))
        }
        _ => present == wanted || number(present).is_some() && number(present) == number(wanted),
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

fn malformed(text: &str) -> Error {
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

    #[test]
    fn a_requirement_is_meant_by_code_and_place() {
        let missing = Violation::new("stage.missing_field", "fields/amount").with("field", "amount");
        assert!(is_meant(&missing, "stage.missing_field") && is_meant(&missing, "stage.missing_field:amount"));
        assert!(!is_meant(&missing, "stage.missing_field:owner") && !is_meant(&missing, "stage.gate"));
    }

    #[test]
    fn amounts_are_alike_however_they_are_written() {
        assert!(alike(&json!({"amount": "1000.00", "currency": "USD"}), &json!({"amount": 1000})));
        assert!(!alike(&json!("1"), &json!("2")));
    }
}
