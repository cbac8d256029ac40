//! What a folder would make of an installation, and everything that stands against it.

use std::collections::{BTreeMap, BTreeSet};

use db::Limits;
use model::{Violation, Violations};
use serde_json::{Map, Value as Json};

use super::apply::How;
use super::difference::{self, Change};
use super::export::{self, Definition, FORMAT, MARK, Present};
use super::folder::SourceFile;
use super::kinds::Kind;
use super::names::{Missing, Names};
use super::{rehearsal, text};
use crate::{Credential, Error, House, Result, organisation};

/// What stands against a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Its path within the folder; blank where it concerns none.
    pub file: String,
    pub violations: Violations,
}

/// A definition as a file has it.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub file: String,
    pub kind: Kind,
    pub key: String,
    /// With names in the place of ids.
    pub document: Json,
}

/// True where a folder says that it has every definition of an installation, as export writes it.
pub(super) fn is_whole(files: &[SourceFile]) -> bool {
    files.iter().any(|file| file.path == MARK && text::read(&file.text).is_ok_and(|mark| mark["whole"] == true))
}

/// What a folder would make of an installation.
#[derive(Clone, Debug)]
pub struct Plan {
    pub changes: Vec<Change>,
    /// What stands against it; then nothing is applied.
    pub faults: Vec<Fault>,
    /// Of the installation as it was looked at.
    pub fingerprint: String,
    /// Definitions as they shall stand, as the product tells them.
    pub(super) wanted: Vec<Definition>,
    pub(super) removed: BTreeSet<(Kind, String)>,
    pub(super) order: BTreeMap<Kind, Vec<String>>,
    /// Which file says a definition.
    pub(super) files: BTreeMap<(Kind, String), String>,
}

/// Reads what a folder says. Scenarios are left to whoever runs them.
pub(super) fn read(files: &[SourceFile]) -> (Vec<Wanted>, Vec<Fault>) {
    let (mut wanted, mut faults): (Vec<Wanted>, Vec<Fault>) = (Vec::new(), Vec::new());
    for file in files.iter().filter(|file| !file.path.starts_with("tests/")) {
        match read_one(file) {
            Ok(None) => {}
            Ok(Some(one)) => match wanted.iter().find(|other| (other.kind, &other.key) == (one.kind, &one.key)) {
                Some(other) => {
                    let twice = Violation::new("config.twice", "").with("name", one.key.as_str()).with("file", other.file.as_str());
                    faults.push(Fault { file: one.file, violations: vec![twice] });
                }
                None => wanted.push(one),
            },
            Err(violation) => faults.push(Fault { file: file.path.clone(), violations: vec![violation] }),
        }
    }
    (wanted, faults)
}

fn read_one(file: &SourceFile) -> std::result::Result<Option<Wanted>, Violation> {
    let document = text::read(&file.text).map_err(|why| Violation::new("config.unreadable", "").with("reason", why))?;
    if file.path == MARK {
        let format = document["format"].clone();
        return if format == FORMAT { Ok(None) } else { Err(Violation::new("config.format", "format").with("value", format)) };
    }
    let kind = Kind::of_path(&file.path).ok_or_else(|| {
        let places: Vec<&str> = Kind::ALL.into_iter().map(Kind::place).collect();
        Violation::new("config.unknown_place", "").with("options", places)
    })?;
    if !document.is_object() {
        return Err(Violation::new("config.unreadable", "").with("reason", "a definition is a list of names and values"));
    }
    let key = kind.key_of(&document).ok_or_else(|| Violation::new("config.unnamed", ""))?;
    Ok(Some(Wanted { file: file.path.clone(), kind, key, document }))
}

/// Compares a folder with an installation; administrators only. Nothing is changed.
pub fn plan(house: &House, credential: &Credential, limits: Limits, files: &[SourceFile], how: &How<'_>) -> Result<Plan> {
    let (wanted, mut faults) = read(files);
    let (present, names, rates) = house.read(credential, limits, |cx, tx| {
        let mut names = Names::load(cx, tx)?;
        for one in &wanted {
            names.find_records(cx, tx, &one.document)?;
        }
        Ok((export::export(cx, tx)?, names, organisation::rates(tx)?))
    })?;
    faults.extend(wanted.iter().filter_map(|one| nobody(&names, one)));
    let merged = merged(&present, &wanted);
    let rehearsed = rehearsal::rehearse(&merged, &rates, how)?;
    let files: BTreeMap<(Kind, String), String> = wanted.iter().map(|one| ((one.kind, one.key.clone()), one.file.clone())).collect();
    let of_files = rehearsed.faults.into_iter().filter(|fault| !fault.file.is_empty());
    for fault in of_files {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    let removed = if how.prune { unsaid(&present, &wanted) } else { BTreeSet::new() };
    let mut shall: Vec<Definition> =
        rehearsed.definitions.into_iter().filter(|one| files.contains_key(&(one.kind, one.key.clone()))).collect();
    for one in &mut shall {
        prune_fields(one, &wanted, how.prune);
    }
    let changes = difference::between(&present.definitions, &shall, &removed);
    faults.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(Plan { changes, faults, fingerprint: present.fingerprint, wanted: shall, removed, order: rehearsed.order, files })
}

/// People, departments, groups and records that a file names and that are not here.
fn nobody(names: &Names, wanted: &Wanted) -> Option<Fault> {
    let mut missing = Missing::new();
    names.read(&wanted.document, &mut missing);
    let elsewhere = |reference: &str| ["person:", "department:", "group:", "record:"].iter().any(|kind| reference.starts_with(kind));
    let violations: Violations =
        missing.into_iter().filter(|(_, reference)| elsewhere(reference)).map(|(path, reference)| unknown(path, &reference)).collect();
    (!violations.is_empty()).then(|| Fault { file: wanted.file.clone(), violations })
}

/// A reference that leads nowhere.
pub(super) fn unknown(path: String, reference: &str) -> Violation {
    Violation::new("config.reference_unknown", path).with("value", reference)
}

/// The installation as it is, with what the files say.
fn merged(present: &Present, wanted: &[Wanted]) -> Vec<Wanted> {
    let mut merged: Vec<Wanted> = present
        .definitions
        .iter()
        .map(|one| Wanted { file: String::new(), kind: one.kind, key: one.key.clone(), document: one.document.clone() })
        .collect();
    for one in wanted {
        match merged.iter_mut().find(|known| (known.kind, &known.key) == (one.kind, &one.key)) {
            Some(known) => {
                known.file.clone_from(&one.file);
                known.document = if one.kind.is_partial() { overlaid(&known.document, &one.document) } else { one.document.clone() };
            }
            None => merged.push(one.clone()),
        }
    }
    merged
}

/// A file that says less leaves the rest as it is; of an object field by field.
fn overlaid(under: &Json, over: &Json) -> Json {
    let mut whole = under.as_object().cloned().unwrap_or_default();
    for (name, value) in over.as_object().into_iter().flatten() {
        let fields = whole.get("fields").and_then(Json::as_object).filter(|_| name == "fields" && value.is_object()).cloned();
        match fields {
            Some(mut fields) => {
                fields.extend(value.as_object().cloned().unwrap_or_default());
                whole.insert(name.clone(), Json::Object(fields));
            }
            None => drop(whole.insert(name.clone(), value.clone())),
        }
    }
    // Said by its absence where the object itself is in the file.
    if !over.get("state").is_some_and(Json::is_string) {
        whole.remove("state");
    }
    Json::Object(whole)
}

/// What no file says any more, of the kinds of which there are files at all.
fn unsaid(present: &Present, wanted: &[Wanted]) -> BTreeSet<(Kind, String)> {
    let kinds: BTreeSet<Kind> = wanted.iter().map(|one| one.kind).collect();
    let said: BTreeSet<(Kind, &str)> = wanted.iter().map(|one| (one.kind, one.key.as_str())).collect();
    let removable = |one: &&Definition| {
        kinds.contains(&one.kind)
            && !one.kind.is_single()
            && !said.contains(&(one.kind, one.key.as_str()))
            && (one.kind != Kind::Object || one.key.starts_with("x_"))
    };
    present.definitions.iter().filter(removable).map(|one| (one.kind, one.key.clone())).collect()
}

/// Own fields that the file of their object does not name go with it.
fn prune_fields(definition: &mut Definition, wanted: &[Wanted], prune: bool) {
    let file = wanted.iter().find(|one| prune && one.kind == Kind::Object && definition.kind == Kind::Object && one.key == definition.key);
    let said = file.and_then(|file| file.document["fields"].as_object());
    if let (Some(said), Some(fields)) = (said, definition.document.get_mut("fields").and_then(Json::as_object_mut)) {
        fields.retain(|key, _| !key.starts_with("x_") || said.contains_key(key));
    }
}

/// What an error says, as what stands against a file.
pub(super) fn violations_of(error: Error) -> Result<Violations> {
    match error {
        Error::Invalid(found) | Error::Unmet(found) => Ok(found),
        Error::Malformed(why) => Ok(vec![Violation::new("config.unreadable", "").with("reason", why)]),
        Error::Forbidden { act, object } => Ok(vec![Violation::new("config.forbidden", "").with("act", act).with("object", object)]),
        Error::NotFound => Ok(vec![Violation::new("config.gone", "")]),
        Error::Conflict { .. } => Ok(vec![Violation::new("config.changed_meanwhile", "")]),
        other => Err(other),
    }
}

/// The fields of an object's document.
pub(super) fn fields_of(document: &Json) -> Map<String, Json> {
    document["fields"].as_object().cloned().unwrap_or_default()
}
