//! A scratch copy: an empty installation on a database of its own, in which definitions are tried out. Nothing of anybody's data is in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant as Moment};

use db::{Clock, Db, Limits, Options};
use model::{Id, Via};
use serde_json::{Map, Value as Json, json};

use super::apply::How;
use super::carry::{self, Act, What};
use super::export::{self, Definition};
use super::kinds::Kind;
use super::names::references_in;
use super::plan::{Fault, Wanted};
use crate::records::{self, Create};
use crate::{Credential, Ctx, Error, House, Result, jobs, organisation};

/// Why it may do what it does there.
pub(super) const TRIAL: Credential = Credential::System("a scratch copy");
/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// An installation that goes when this does.
pub(super) struct Scratch {
    pub house: House,
    pub clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

/// What came of it.
pub(super) struct Rehearsed {
    pub faults: Vec<Fault>,
    /// As the product tells them.
    pub definitions: Vec<Definition>,
    pub order: BTreeMap<Kind, Vec<String>>,
}

impl Scratch {
    /// An empty installation.
    pub fn open() -> Result<Scratch> {
        let fault = |error: std::io::Error| Error::Internal(format!("there is no place for a scratch copy: {error}"));
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.map_err(fault)?;
        Scratch::in_folder(folder)
    }

    /// Another one that begins as one that was closed.
    pub fn copy(of: &Path) -> Result<Scratch> {
        let fault = |error: std::io::Error| Error::Internal(format!("a scratch copy cannot be made: {error}"));
        let folder = of.parent().map_or_else(tempfile::tempdir, tempfile::tempdir_in).map_err(fault)?;
        for file in std::fs::read_dir(of).map_err(fault)? {
            let file = file.map_err(fault)?;
            std::fs::copy(file.path(), folder.path().join(file.file_name())).map_err(fault)?;
        }
        Scratch::in_folder(folder)
    }

    /// Closes it; what is in its folder can be copied from then on.
    pub fn close(self) -> tempfile::TempDir {
        drop(self.house);
        self.folder
    }

    fn in_folder(folder: tempfile::TempDir) -> Result<Scratch> {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let clock = Arc::new(AtomicI64::new(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)));
        let options = Options { read_connections: 2, clock: Clock::Fixed(clock.clone()), ..Options::default() };
        let db = Db::open(&format!("sqlite:{}", folder.path().join("scratch.sqlite").display()), options)?;
        Ok(Scratch { house: House::open(db)?, clock, folder })
    }

    /// Makes those whom definitions name: each person an employee of that e-mail, each department with those above it, each group, each record
    /// as far as a name makes one. With how many of them came to be.
    pub fn stand_ins(&self, wanted: &[Wanted]) -> Result<()> {
        let mut named = std::collections::BTreeSet::new();
        wanted.iter().for_each(|one| references_in(&one.document, &mut |reference| named.extend([reference.to_owned()])));
        let mut departments: BTreeMap<String, Json> = BTreeMap::new();
        for reference in &named {
            let Some((kind, name)) = reference.split_once(':') else { continue };
            match kind {
                "person" => drop(self.creates("employee", json!({"name": name, "email": name, "active": true}))),
                "group" => drop(self.creates("user_group", json!({ "name": name }))),
                "department" => {
                    let (mut path, mut above) = (String::new(), Json::Null);
                    for part in name.split(" / ") {
                        path = if path.is_empty() { part.to_owned() } else { format!("{path} / {part}") };
                        if let Some(known) = departments.get(&path) {
                            above = known.clone();
                        } else if let Ok(id) = self.creates("department", json!({"name": part, "parent": above})) {
                            above = id.to_string().into();
                            departments.insert(path.clone(), above.clone());
                        }
                    }
                }
                "record" => {
                    if let Some((object, name)) = name.split_once('/') {
                        // One that needs more than a name is told as not there.
                        let _ = self.creates(object, json!({ "name": name }));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn creates(&self, object: &str, fields: Json) -> Result<Id> {
        let fields: Map<String, Json> =
            fields.as_object().cloned().unwrap_or_default().into_iter().filter(|(_, value)| !value.is_null()).collect();
        let wanted = Create { fields, ..Create::default() };
        let saved = self.house.write(&TRIAL, Limits::default(), Via::System, |cx, tx| records::create(cx, tx, object, &wanted))?;
        saved["record"]["id"].as_str().and_then(|id| id.parse().ok()).ok_or(Error::NotFound)
    }

    /// The main currency and what the others are worth, as they are where the files are to go.
    pub fn money(&self, wanted: &[Wanted], rates: &Json) -> Result<()> {
        let main = wanted.iter().find(|one| one.kind == Kind::Organisation).and_then(|one| one.document["main_currency"].as_str());
        let mut newest: BTreeMap<&str, &Json> = BTreeMap::new();
        for rate in rates["items"].as_array().into_iter().flatten() {
            newest.entry(rate["currency"].as_str().unwrap_or_default()).or_insert(rate);
        }
        let rates: Vec<&Json> = newest.into_values().collect();
        let settings = json!({ "main_currency": main });
        let read = |error: serde_json::Error| Error::Malformed(error.to_string());
        let settings: organisation::UpdateOrganisation = serde_json::from_value(settings).map_err(read)?;
        let rates: organisation::AddRates = serde_json::from_value(json!({ "rates": rates })).map_err(read)?;
        // What cannot be so is told of the file that says it.
        let _ = self.house.write(&TRIAL, Limits::default(), Via::System, |cx, tx| organisation::update(cx, tx, &settings));
        let _ = self.house.write(&TRIAL, Limits::default(), Via::System, |cx, tx| organisation::add_rates(cx, tx, &rates));
        Ok(())
    }

    /// Applies definitions as far as they can be, tables and columns included. What stands against the rest.
    pub fn apply(&self, wanted: &[Wanted], how: &How<'_>, order: &BTreeMap<Kind, Vec<String>>) -> Result<Vec<Fault>> {
        let limits = Limits { deadline: Some(Moment::now() + PATIENCE), ..Limits::default() };
        let documents = || wanted.iter().map(|one| (one.file.as_str(), one.kind, one.key.as_str(), &one.document));
        let mut acts: Vec<Act> = carry::acts(documents(), order);
        loop {
            let (done, refused) = self.house.write(&TRIAL, limits.clone(), Via::System, |cx, tx| {
                let (_, done, refused) = carry::carry(cx.remembering(None), tx, acts.clone(), how)?;
                Ok((done, refused))
            })?;
            while jobs::work(&self.house)? {}
            if refused.is_empty() || done == 0 {
                return Ok(refused.into_iter().map(|(act, violations)| Fault { file: act.file, violations }).collect());
            }
            let ordering = acts.into_iter().filter(|act| matches!(act.what, What::Order { .. }));
            let left: Vec<Act> = refused.into_iter().map(|(act, _)| act).filter(|act| !matches!(act.what, What::Order { .. })).collect();
            acts = left.into_iter().chain(ordering).collect();
        }
    }

    /// Takes away what the product ships and a whole configuration does not have, as far as it can be.
    pub fn prune(&self, wanted: &[Wanted], how: &How<'_>) -> Result<()> {
        let shipped = self.export()?;
        let gone = shipped
            .into_iter()
            .filter(|one| !one.kind.is_single() && !wanted.iter().any(|said| (said.kind, &said.key) == (one.kind, &one.key)));
        let gone: Vec<Definition> = gone.filter(|one| one.kind != Kind::Object).collect();
        self.house.write(&TRIAL, Limits::default(), Via::System, |cx, tx| {
            for process in gone.iter().filter(|one| one.kind == Kind::Process).filter_map(|one| one.id) {
                crate::processes::deactivate(cx, tx, process)?;
            }
            let acts =
                gone.iter().rev().map(|one| Act { file: String::new(), what: What::Remove { kind: one.kind, key: one.key.clone() } });
            let cx = carry::fresh(cx.remembering(None), tx)?;
            carry::carry(cx, tx, acts.collect(), how).map(|_| ())
        })
    }

    /// Its definitions.
    pub fn export(&self) -> Result<Vec<Definition>> {
        Ok(self.house.read(&TRIAL, Limits::default(), |cx: &Ctx, tx| export::export(cx, tx))?.definitions)
    }
}

/// Makes an installation of these definitions, and tells how it then stands.
pub(super) fn rehearse(wanted: &[Wanted], rates: &Json, how: &How<'_>) -> Result<Rehearsed> {
    let scratch = Scratch::open()?;
    scratch.money(wanted, rates)?;
    scratch.stand_ins(wanted)?;
    let order = order_of(wanted);
    let faults = scratch.apply(wanted, how, &order)?;
    Ok(Rehearsed { faults, definitions: scratch.export()?, order })
}

/// In which order definitions stand where that means something: as they say, and those of files first where two say the same.
pub(super) fn order_of(wanted: &[Wanted]) -> BTreeMap<Kind, Vec<String>> {
    let mut order: BTreeMap<Kind, Vec<(i64, bool, String)>> = BTreeMap::new();
    for one in wanted.iter().filter(|one| one.kind.is_ordered()) {
        let position = one.document["position"].as_i64().unwrap_or(i64::MAX);
        order.entry(one.kind).or_default().push((position, one.file.is_empty(), one.key.clone()));
    }
    let sorted = |mut all: Vec<(i64, bool, String)>| {
        all.sort();
        all.into_iter().map(|(.., key)| key).collect()
    };
    order.into_iter().map(|(kind, all)| (kind, sorted(all))).collect()
}
