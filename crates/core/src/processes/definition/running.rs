//! What becomes of the deals that are under way when a version is published.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Scope;
use model::condition::{Check, Resolved, Test};
use model::field::{Kind, StageType};
use model::process::Process;
use model::{Id, Value, Violation, Violations};
use serde::{Deserialize, Serialize};

use crate::{Error, Meta, Result};

/// What the publisher wants to become of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Running {
    /// They obey the new version at once; those in a stage that it has given up are taken to another.
    #[default]
    Follow,
    /// They obey the version that they obey now until they move.
    Stay,
}

impl Running {
    /// As stored.
    pub(super) fn key(self) -> &'static str {
        match self {
            Running::Follow => "follow",
            Running::Stay => "stay",
        }
    }
}

/// Open deals that stand alike.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// The version that they obey.
    pub obeys: i64,
    pub pinned: bool,
    pub stage: String,
    pub count: i64,
}

/// Deals that are taken from a stage to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moved {
    pub stage: String,
    pub to: String,
    pub count: i64,
}

/// What becomes of all of them; kept with the version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outcome {
    /// Open deals of the process.
    pub open: i64,
    /// They obey the new version.
    pub following: i64,
    /// They go on obeying an earlier one.
    pub staying: i64,
    /// Of those that follow the ones that are taken to another stage.
    pub moved: Vec<Moved>,
    /// The work that takes them there, where they are too many to be taken along at once.
    pub job: Option<Id>,
}

impl Outcome {
    /// How many deals are taken to another stage.
    pub fn many_moved(&self) -> i64 {
        self.moved.iter().map(|moved| moved.count).sum()
    }
}

pub(super) fn equals(field: &str, key: &str) -> Resolved {
    let check = Check::Equal(Value::Text(key.into()));
    Resolved::Test(Test { hops: Vec::new(), field: field.into(), kind: Kind::Key, folded: false, check })
}

/// Deals of the process that are under way.
pub(super) fn open(process: Id) -> Resolved {
    Resolved::All(vec![equals("sales_process", &process.to_string()), equals("stage_type", "in_progress")])
}

/// Where the open deals of a process stand, and which version they obey; those in the recycle bin too, since they may come back.
pub(super) fn standing(tx: &mut Read, meta: &Meta, process: &Process) -> Result<Vec<Standing>> {
    let object = meta.schema.object("opportunity").ok_or(Error::NotFound)?;
    let everywhere = Scope::All("where running deals stand");
    let fields = ("process_version", "stage");
    let found = db::records::standing(tx, &meta.schema, object, &everywhere, &open(process.id), fields)?;
    let earlier = meta.earlier(process.id);
    let alike = found.into_iter().map(|one| {
        let since = one.number.map_or(1, |number| number.0 / 1_000_000);
        let obeys = earlier.in_force(process, since, &one.key).process().version;
        Standing { obeys, pinned: earlier.is_pinned(since), stage: one.key, count: one.count }
    });
    Ok(alike.collect())
}

/// The plan for publishing `next` to deals that stand so; what stands against it goes to `refusals`: `process.stage_occupied`,
/// `process.mapping_invalid`.
pub(super) fn plan(
    meta: &Meta,
    standing: &[Standing],
    next: &Process,
    running: Running,
    mapping: &BTreeMap<String, String>,
    refusals: &mut Violations,
) -> Outcome {
    for (stage, to) in mapping {
        if running == Running::Stay || next.position(stage).is_some() || !takes(meta, next, to) {
            let refusal = Violation::new("process.mapping_invalid", format!("mapping/{stage}"));
            refusals.push(refusal.with("stage", stage.as_str()).with("value", to.as_str()));
        }
    }
    let mut outcome = Outcome::default();
    let mut given_up: BTreeMap<&str, i64> = BTreeMap::new();
    for alike in standing {
        outcome.open += alike.count;
        if running == Running::Stay || alike.pinned {
            outcome.staying += alike.count;
            continue;
        }
        outcome.following += alike.count;
        if next.position(&alike.stage).is_none() {
            *given_up.entry(&alike.stage).or_default() += alike.count;
        }
    }
    for (stage, count) in given_up {
        match mapping.get(stage) {
            Some(to) => outcome.moved.push(Moved { stage: stage.to_owned(), to: to.clone(), count }),
            None => refusals.push(Violation::new("process.stage_occupied", "stages").with("stage", stage).with("count", count)),
        }
    }
    outcome
}

/// True where deals may be taken to: an In Progress stage of the process that can still be entered.
fn takes(meta: &Meta, process: &Process, stage: &str) -> bool {
    let options = meta.schema.object("opportunity").map_or(&[][..], |object| object.options("stage"));
    let option = options.iter().find(|option| option.key == stage && option.active);
    process.position(stage).is_some() && option.and_then(|option| option.stage_type) == Some(StageType::InProgress)
}

/// Which earlier versions are still obeyed once `next` is published.
pub(super) fn still_obeyed(standing: &[Standing], next: &Process, running: Running, by_job: bool) -> BTreeSet<i64> {
    let stays = |alike: &&Standing| running == Running::Stay || alike.pinned || by_job && next.position(&alike.stage).is_none();
    standing.iter().filter(stays).map(|alike| alike.obeys).collect()
}
