//! Scenarios: examples of what a configuration is to do, told in files and tried out on a scratch copy.
//!
//! A scenario says who works there, what there is, what somebody then does, and what is to come of it: moved, blocked by these requirements, an
//! approval asked for, a duplicate found, a limit reached. It is done by the same acts as on screen, on an empty installation that has the
//! configuration of the folder and nothing else; time goes forward there when a scenario says so.

mod judging;
mod stage;

use std::sync::Arc;
use std::time::Instant as Moment;

use model::{Violation, Violations};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use self::stage::run;
use super::apply::How;
use super::folder::SourceFile;
use super::plan::{Fault, is_whole, read as read_definitions, violations_of};
use super::rehearsal::{Scratch, order_of};
use super::text;
use crate::{Meta, Result};

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
