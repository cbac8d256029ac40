//! What is asked of a merge, and whether it may be: judged as a whole before anything is written.

use std::collections::BTreeMap;

use db::Write;
use model::role::{Act, FieldAccess};
use model::{Id, Object, Record, Value, Violation, Violations};

use super::{MOST_RECORDS, Merge};
use crate::save::locks;
use crate::{Ctx, Error, Result, access, approvals, leads, records};

/// The records, and what is taken from whom.
pub(super) struct Asked {
    pub winner: Record,
    pub losers: Vec<Record>,
    /// Fields with the record whose value is taken, and that value, where it differs from the winner's.
    pub taken: BTreeMap<String, (Id, Value)>,
    /// Who is to be the owner, where it is another.
    pub owner: Option<Id>,
    pub reason: Option<String>,
}

/// The ids of the losers.
///
/// Errors: `merge.losers`: none, too many, the winner itself or one twice.
pub(super) fn losers(winner: Id, wanted: &Merge) -> Result<Vec<Id>> {
    let mut ids: Vec<Id> = Vec::with_capacity(wanted.losers.len());
    let mut found = Violations::new();
    for (at, text) in wanted.losers.iter().enumerate() {
        match text.parse() {
            Ok(id) if id != winner && !ids.contains(&id) => ids.push(id),
            Ok(_) => found.push(Violation::new("field.not_unique", format!("losers/{at}"))),
            Err(_) => found.push(Violation::new("field.reference_not_found", format!("losers/{at}"))),
        }
    }
    if found.is_empty() && !(1..MOST_RECORDS).contains(&ids.len()) {
        found.push(Violation::new("merge.number", "losers").with("min", 2).with("max", MOST_RECORDS));
    }
    if found.is_empty() { Ok(ids) } else { Err(found.into()) }
}

/// Reads the records with the caller's eyes and judges what is asked.
pub(super) fn read(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    id: Id,
    losers: &[Id],
    version: Option<i64>,
    wanted: &Merge,
) -> Result<Asked> {
    let winner = records::load(cx, tx, object, id)?;
    cx.attempts(Act::Merge.key(), &object.key, Some((id, winner.text("name"))));
    cx.must_be_allowed(Act::Merge, &object.key)?;
    let mut found = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), losers)?;
    let missing = losers.iter().enumerate().filter(|(_, id)| found.iter().all(|record| record.id != **id));
    let missing: Violations = missing.map(|(at, _)| Violation::new("field.reference_not_found", format!("losers/{at}"))).collect();
    if !missing.is_empty() {
        return Err(missing.into());
    }
    found.sort_by_key(|record| losers.iter().position(|id| *id == record.id));
    let all: Vec<&Record> = std::iter::once(&winner).chain(&found).collect();
    let writable = access::writable(cx, tx, object, &all)?;
    if all.iter().any(|record| !writable.contains(&record.id)) {
        return Err(Error::Forbidden { act: Act::Merge.key().to_owned(), object: object.key.clone() });
    }
    for record in &all {
        let seen = if record.id == id { version } else { None }.or_else(|| wanted.versions.get(&record.id.to_string()).copied());
        if seen.is_some_and(|seen| seen != record.version) {
            return Err(Error::Conflict { record: Box::new(records::show_one(cx, tx, object, record)?) });
        }
    }
    let mut against = states(cx, tx, object, id, &all)?;
    let (taken, owner) = values(cx, object, &winner, &found, &wanted.fields, &mut against);
    if !against.is_empty() {
        return Err(against.into());
    }
    if let Some(to) = owner {
        cx.must_be_allowed(crate::save::Change::new(&object.key, super::gives(&winner, to)).act(), &object.key)?;
    }
    let reason = wanted.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    Ok(Asked { winner, losers: found, taken, owner, reason })
}

/// What stands against it in how the records stand.
fn states(cx: &Ctx, tx: &mut Write, object: &Object, winner: Id, all: &[&Record]) -> Result<Violations> {
    let mut against = Violations::new();
    for record in all {
        let path = if record.id == winner { String::new() } else { format!("losers/{}", record.id) };
        let told = |code| Violation::new(code, path.clone()).with("record", record.id.to_string()).with("name", record.text("name"));
        if record.text("lifecycle_status") == "voided" {
            against.push(told("merge.voided"));
        } else if locks::stands_against(cx, locks::holder(cx, tx, object, record)?.as_ref()) {
            against.push(told("record.locked"));
        } else if let Some(waits) = approvals::waits_for(record) {
            against.push(told("record.in_approval").with("waits_for", waits.key()));
        }
        // What a lead has become cannot become something else.
        if leads::is_converted(object, record) {
            against.push(told("merge.converted"));
        }
    }
    Ok(against)
}

/// What is taken from whom: the values that differ from the winner's, and the owner.
fn values(
    cx: &Ctx,
    object: &Object,
    winner: &Record,
    losers: &[Record],
    fields: &BTreeMap<String, String>,
    against: &mut Violations,
) -> (BTreeMap<String, (Id, Value)>, Option<Id>) {
    let (mut taken, mut owner) = (BTreeMap::new(), None);
    for (key, from) in fields {
        let path = || format!("fields/{key}");
        let field = object.field(key).filter(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
        let Some(field) = field else {
            against.push(Violation::new("field.unknown", path()));
            continue;
        };
        let from: Option<Id> = from.parse().ok();
        if from == Some(winner.id) {
            continue;
        }
        let Some(source) = losers.iter().find(|loser| Some(loser.id) == from) else {
            against.push(Violation::new("field.reference_not_found", path()));
            continue;
        };
        let value = source.get(key);
        if key == "owner" {
            owner = value.as_id().filter(|owner| Some(*owner) != winner.owner());
        } else if !is_chosen(object, field) {
            against.push(Violation::new("merge.field_not_chosen", path()));
        } else if field.kind.referred(value).iter().any(|(of, id)| *of == object.key && *id == winner.id) {
            against.push(Violation::new("merge.refers_to_itself", path()));
        } else if value != winner.get(key) {
            // The winner does not come to refer to a record that becomes one with it.
            let own = field.kind.referred(value).iter().any(|(_, id)| losers.iter().any(|loser| loser.id == *id));
            if own {
                against.push(Violation::new("merge.refers_to_itself", path()));
            } else {
                taken.insert(key.clone(), (source.id, value.clone()));
            }
        }
    }
    (taken, owner)
}

/// The fields of which the caller may say whose value is taken.
pub(super) fn choices(cx: &Ctx, object: &Object, winner: &Record) -> Vec<String> {
    let writes = |field: &&model::Field| cx.who.rights.field(&object.key, field) == FieldAccess::Write && is_chosen(object, field);
    let mut keys: Vec<String> = Vec::new();
    if cx.who.rights.may(Act::Edit, &object.key) {
        keys.extend(object.fields.iter().filter(writes).map(|field| field.key.clone()));
    }
    // Whoever it would be given to, the act is the same.
    let gives = crate::save::Change::new(&object.key, super::gives(winner, winner.id)).act();
    if object.owned && cx.who.rights.may(gives, &object.key) {
        keys.push("owner".to_owned());
    }
    keys
}

/// True for fields of which one can say whose value is taken: what the product keeps follows by itself, where a deal stands is told by its
/// own past, and of files all come along.
pub(super) fn is_chosen(object: &Object, field: &model::Field) -> bool {
    const STANDING: [&str; 3] = ["stage", "sales_process", model::pool::FIELD];
    let stands = crate::processes::concerns(object) && STANDING.contains(&field.key.as_str());
    let kept = field.is_kept_by_product() || super::moving::is_of_files(field);
    field.state.is_live() && !kept && !stands && field.key != model::pool::FIELD
}
