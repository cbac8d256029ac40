//! Applying a folder: all of it or nothing.
//!
//! Everything is judged on a scratch copy and once more where it is to go, in one transaction that waits for every other write. Where nothing
//! refuses, that transaction is the whole of it. Only where rules speak of fields or objects that are made along with them, whose columns come
//! to be behind a transaction, those are made first; the rest follows in one transaction when the columns are there. Should somebody have
//! changed a definition meanwhile, what is left is refused: there are then fields that nothing uses yet, and applying once more goes on from
//! there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant as Moment};

use db::{Limits, Write};
use model::{Violation, Violations};
use serde_json::{Value as Json, json};

use super::carry::{self, Act, Refused};
use super::difference::{self, Change};
use super::export::{self, Definition, Present};
use super::folder::SourceFile;
use super::kinds::Kind;
use super::objects;
use super::plan::{Fault, Plan, plan};
use crate::audit::{self, Note, Origin};
use crate::processes::Publish;
use crate::{Credential, Ctx, Error, House, Meta, Result, jobs, meta};

/// How long the transaction may take, and how long columns may.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often it is begun anew where somebody changes definitions between judging and applying.
const TRIES: usize = 3;
/// Changes that the trace names.
const MOST_TOLD: usize = 200;

/// How a folder is applied.
pub struct How<'a> {
    /// Definitions that no file says any more go.
    pub prune: bool,
    /// It is only judged.
    pub dry_run: bool,
    /// The state of the installation that the caller has seen; any other is refused.
    pub expect: Option<String>,
    /// Running deals obey the version that they obey now until they move.
    pub deals_stay: bool,
    /// Where deals go whose stage is given up: by the name of the process, from stage to stage.
    pub mapping: BTreeMap<String, BTreeMap<String, String>>,
    /// What is said of new versions of processes.
    pub note: Option<String>,
    /// What stands against the address of a webhook.
    pub address: &'a dyn Fn(&str) -> Violations,
}

impl Default for How<'_> {
    fn default() -> Self {
        How {
            prune: false,
            dry_run: false,
            expect: None,
            deals_stay: false,
            mapping: BTreeMap::new(),
            note: None,
            address: &|_| Violations::new(),
        }
    }
}

impl How<'_> {
    /// What becomes of running deals when a process is published.
    pub(super) fn publish(&self, process: &str) -> Publish {
        let mapping = self.mapping.get(process).cloned().unwrap_or_default();
        let running = if self.deals_stay { "stay" } else { "follow" };
        serde_json::from_value(json!({"running": running, "mapping": mapping, "note": self.note})).unwrap_or_default()
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Applied {
    /// What was changed, or would be.
    pub changes: Vec<Change>,
    /// What stood against it; then nothing was changed.
    pub faults: Vec<Fault>,
    /// Fields and objects that were made, although the rest was refused.
    pub left_behind: Vec<String>,
}

/// One look at the installation in a transaction of its own.
enum Round {
    Done,
    /// Another state than the one that was judged.
    Stale,
    Refused(Vec<Fault>),
    /// What is left waits for columns, from this state of all other definitions on.
    Waits(Vec<String>, String),
}

/// Applies a folder; administrators only.
pub fn apply(house: &House, credential: &Credential, origin: impl Into<Origin>, files: &[SourceFile], how: &How<'_>) -> Result<Applied> {
    let origin = origin.into();
    for _ in 0..TRIES {
        let plan = plan(house, credential, Limits::default(), files, how)?;
        let changed = || vec![Fault { file: String::new(), violations: vec![Violation::new("config.changed_meanwhile", "")] }];
        if how.expect.as_ref().is_some_and(|seen| *seen != plan.fingerprint) {
            return Ok(Applied { changes: plan.changes, faults: changed(), left_behind: Vec::new() });
        }
        if !plan.faults.is_empty() || plan.changes.is_empty() {
            return Ok(Applied { changes: plan.changes, faults: plan.faults, left_behind: Vec::new() });
        }
        let (mut made, mut left): (Vec<String>, Option<String>) = (Vec::new(), None);
        loop {
            match patiently(|| round(house, credential, &origin, &plan, how, left.as_deref()))? {
                Round::Done => {
                    if !how.dry_run {
                        columns(house)?;
                    }
                    return Ok(Applied { changes: plan.changes, faults: Vec::new(), left_behind: Vec::new() });
                }
                Round::Stale if made.is_empty() && how.expect.is_none() => break,
                Round::Stale => return Ok(Applied { changes: plan.changes, faults: changed(), left_behind: made }),
                Round::Refused(faults) => return Ok(Applied { changes: plan.changes, faults, left_behind: made }),
                Round::Waits(keys, others) => {
                    made.extend(keys);
                    left = Some(others);
                    columns(house)?;
                }
            }
        }
    }
    let changed = Violation::new("config.changed_meanwhile", "");
    Ok(Applied { changes: Vec::new(), faults: vec![Fault { file: String::new(), violations: vec![changed] }], left_behind: Vec::new() })
}

/// Waits for whoever writes for longer than a request waits.
fn patiently(mut f: impl FnMut() -> Result<Round>) -> Result<Round> {
    let until = Moment::now() + PATIENCE;
    loop {
        match f() {
            Err(Error::Db(db::Error::Busy)) if Moment::now() < until => std::thread::sleep(Duration::from_millis(200)),
            other => return other,
        }
    }
}

/// `left` is how an earlier round, which made columns, has left all definitions but objects.
fn round(house: &House, credential: &Credential, origin: &Origin, plan: &Plan, how: &How<'_>, left: Option<&str>) -> Result<Round> {
    let limits = || Limits { deadline: Some(Moment::now() + PATIENCE), ..Limits::default() };
    let mut judged: Option<Vec<Act>> = None;
    let whole = house.write(credential, limits(), origin.clone(), |cx, tx| {
        cx.only_asks(how.dry_run);
        let (cx, changes) = match begin(cx, tx, plan, left)? {
            Some(begun) => begun,
            None => {
                tx.abandon();
                return Ok(Round::Stale);
            }
        };
        let acts = acts(plan, &changes);
        let (mut cx, _, mut refused) = carry::carry(cx, tx, acts.clone(), how)?;
        // An act may change more than what it was asked for: a new object gives rights to every role.
        let besides = difference::between(&export::export(&cx, tx)?.definitions, &plan.wanted, &BTreeSet::new());
        if refused.is_empty() && !besides.is_empty() {
            (cx, _, refused) = carry::carry(cx, tx, self::acts(plan, &besides), how)?;
        }
        let waiting = on_their_way(&cx.meta);
        if refused.is_empty() {
            told(&cx, tx, plan)?;
            if how.dry_run {
                tx.abandon();
            }
            return Ok(Round::Done);
        }
        tx.abandon();
        let awaited = awaited(&refused, &waiting);
        let real = refused.iter().filter(|(act, _)| !act.mentions(&awaited));
        let faults: Vec<Fault> = real.map(|(act, found)| Fault { file: act.file.clone(), violations: found.clone() }).collect();
        if !faults.is_empty() {
            return Ok(Round::Refused(faults));
        }
        judged = Some(acts);
        // What speaks of columns to come was judged on the scratch copy.
        Ok(if how.dry_run { Round::Done } else { Round::Waits(waiting, String::new()) })
    })?;
    let (Round::Waits(..), Some(acts)) = (&whole, judged) else { return Ok(whole) };
    house.write(credential, limits(), origin.clone(), |cx, tx| {
        let Some((cx, _)) = begin(cx, tx, plan, left)? else {
            tx.abandon();
            return Ok(Round::Stale);
        };
        let room = acts.iter().filter(|act| act.makes_room()).cloned().collect();
        let (cx, _, _) = carry::carry(cx, tx, room, how)?;
        let others = others(&export::export(&cx, tx)?);
        Ok(Round::Waits(on_their_way(&cx.meta), others))
    })
}

/// What is waited for: columns, definitions that speak of them, and those that name such definitions.
fn awaited(refused: &Refused, columns: &[String]) -> Vec<String> {
    let mut keys = columns.to_vec();
    loop {
        let more: Vec<String> = refused.iter().filter(|(act, _)| act.mentions(&keys)).map(|(act, _)| act.key().to_owned()).collect();
        let before = keys.len();
        keys.extend(more.into_iter().filter(|key| !columns.contains(key)).collect::<BTreeSet<String>>());
        keys.sort();
        keys.dedup();
        if keys.len() == before {
            return keys;
        }
    }
}

/// Keeps everybody else from writing, and looks whether the installation is as it was judged: what then is left to change. None: it is not.
fn begin(cx: &Ctx, tx: &mut Write, plan: &Plan, left: Option<&str>) -> Result<Option<(Ctx, Vec<Change>)>> {
    cx.administrators_only("edit", "configuration")?;
    meta::publish(cx, tx)?;
    let cx = carry::fresh(cx.remembering(None), tx)?;
    let present = export::export(&cx, tx)?;
    let as_judged = left.map_or_else(|| present.fingerprint == plan.fingerprint, |left| others(&present) == left);
    if !as_judged {
        return Ok(None);
    }
    let changes = difference::between(&present.definitions, &plan.wanted, &plan.removed);
    Ok(Some((cx, changes)))
}

/// The state of all definitions but objects, of which columns come to be by and by.
fn others(present: &Present) -> String {
    let others: Vec<Definition> = present.definitions.iter().filter(|one| one.kind != Kind::Object).cloned().collect();
    export::fingerprint(&others)
}

fn acts(plan: &Plan, changes: &[Change]) -> Vec<Act> {
    let changed = |one: &&Definition| changes.iter().any(|change| (change.kind, &change.key) == (one.kind, &one.key));
    let file = |one: &Definition| plan.files.get(&(one.kind, one.key.clone())).map_or("", String::as_str);
    let documents = plan.wanted.iter().filter(changed).map(|one| (file(one), one.kind, one.key.as_str(), &one.document));
    let mut acts = carry::acts(documents, &plan.order);
    acts.extend(carry::removals(changes, &plan.wanted));
    acts
}

/// Objects and fields whose tables and columns are still to be made.
fn on_their_way(meta: &Meta) -> Vec<String> {
    let mut keys = Vec::new();
    for object in meta.definitions.iter().filter(|object| objects::is_on_its_way(object)) {
        keys.extend(objects::keys_on_their_way(object));
    }
    keys
}

/// Waits until the columns are there; helps where nobody else makes them.
fn columns(house: &House) -> Result<()> {
    let until = Moment::now() + PATIENCE;
    loop {
        let worker = Credential::System("columns of new fields");
        let waiting = house.read(&worker, Limits::default(), |cx, _| Ok(on_their_way(&cx.meta)))?;
        if waiting.is_empty() {
            return Ok(());
        }
        if Moment::now() >= until {
            return Err(Error::Internal(format!("the columns of {} are not there after ten minutes; apply once more", waiting.join(", "))));
        }
        if !jobs::work(house)? {
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The trace of the whole, beside those that the acts leave.
fn told(cx: &Ctx, tx: &mut Write, plan: &Plan) -> Result<()> {
    let sort = |change: &Change| match change.sort {
        difference::Sort::Added => "added",
        difference::Sort::Changed => "changed",
        difference::Sort::Removed => "removed",
    };
    let changes: Vec<Json> = plan
        .changes
        .iter()
        .take(MOST_TOLD)
        .map(|change| json!({"path": format!("{}/{}", change.kind.place(), change.key), "old": null, "new": sort(change)}))
        .collect();
    let note = Note::new("apply", "configuration").subject(format!("{} definitions", plan.changes.len()));
    audit::note(cx, tx, note.detail(json!({ "changes": changes })))
}
