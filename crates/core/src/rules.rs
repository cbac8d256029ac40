//! Every rule that may stand against a save, in their order, on one page. Rules collect findings; none of them writes.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::condition::Resolved;
use model::field::{FieldType, Kind};
use model::role::Act;
use model::{Field, Id, Object, Record, Validation, Value, Violation};

use crate::save::{Deed, Working};
use crate::{
    Ctx, Result, accounts, activities, approvals, deals, duplicates, files, leads, orders, people, pools, prices, processes, quotes,
};

/// Characters of a reason.
const LONGEST_REASON: usize = 2000;

pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        reason(item);
        lifecycle(cx, object, item);
        ownerless(object, item);
        leads::judge(object, item);
        activities::judge(object, item);
        activities::judge_regarding(cx, object, item);
    }
    approvals::judge(cx, tx, object, work)?;
    required(cx, tx, object, work)?;
    references(cx, tx, object, work)?;
    files::judge(cx, tx, object, work)?;
    validations(cx, tx, object, work)?;
    unique(tx, object, work)?;
    external_ids(tx, object, work)?;
    people::judge(cx, tx, object, work)?;
    activities::tasks::judge(cx, tx, object, work)?;
    prices::judge(cx, tx, object, work)?;
    if processes::concerns(object) {
        prices::amount::judge(cx, work);
        processes::moving::judge(cx, tx, object, work)?;
    }
    orders::judge(cx, tx, object, work)?;
    accounts::judge(tx, object, work)?;
    deals::judge(cx, tx, object, work)?;
    pools::judge(cx, tx, object, work)?;
    quotes::judge(cx, tx, object, work)?;
    duplicates::judge(cx, tx, object, work)
}

/// A reason is kept with the history and the stay.
fn reason(item: &mut Working) {
    let Some(reason) = item.change.reason() else { return };
    if !model::text::storable(reason) {
        item.findings.push(Violation::new("field.invalid", "reason").with("expected", "text without the character U+0000"));
    } else if reason.chars().count() > LONGEST_REASON {
        item.findings.push(Violation::new("field.too_long", "reason").with("max", LONGEST_REASON));
    }
}

/// A voided record is read-only; a locked one refuses everything but by those who may unlock.
fn lifecycle(cx: &Ctx, object: &Object, item: &mut Working) {
    let Some(before) = &item.before else { return };
    let voided = before.text("lifecycle_status") == "voided";
    match (&item.change.deed, voided) {
        (_, _) if item.change.under.is_some_and(|under| matches!(under, crate::save::Under::Executes(_))) => {}
        (Deed::Restore | Deed::Delete, true) | (Deed::LetGo | Deed::Follow { .. }, _) => {}
        (Deed::Restore, false) => item.findings.push(Violation::new("record.not_voided", "")),
        (_, true) => item.findings.push(Violation::new("record.voided", "")),
        (Deed::Move { .. } | Deed::Reopen { .. } | Deed::ChangeProcess { .. }, false) => {} // told as the requirement stage.locked
        // To lock what is locked changes nothing.
        (Deed::Lock | Deed::Unlock, false) => {}
        (_, false) if before.get("locked").is_true() && !cx.who.rights.may(Act::Unlock, &object.key) => {
            item.findings.push(Violation::new("record.locked", ""))
        }
        _ => {}
    }
}

/// What lies without an owner is given to somebody; only what somebody has is handed over.
fn ownerless(object: &Object, item: &mut Working) {
    let has_none = object.ownerless && item.before.as_ref().is_some_and(|before| before.owner().is_none());
    if has_none && matches!(item.change.deed, Deed::ChangeOwner { .. }) {
        item.findings.push(Violation::new("owner.use_assign", "owner"));
    }
}

/// Required fields of a new record, and those that a change would empty or newly ask for.
fn required(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let reading = cx.system_reading();
    let asked: Vec<(&Field, Resolved)> = object
        .fields
        .iter()
        .filter_map(|field| Some((field, field.required_when.as_ref()?.resolve(&object.key, &reading).ok()?)))
        .collect();
    let states: Vec<&Record> =
        work.iter().filter(|item| asks_for_fields(item)).flat_map(|item| item.before.iter().chain([&item.after])).collect();
    let world = crate::world::around(cx, tx, &states, asked.iter().map(|(_, condition)| condition))?;
    for item in work.iter_mut().filter(|item| asks_for_fields(item)) {
        let was_blank = |field: &Field| item.before.as_ref().is_some_and(|before| before.get(&field.key).is_null());
        let blank = |field: &&Field| item.after.get(&field.key).is_null();
        let mut missing: Vec<&Field> = object.fields.iter().filter(blank).filter(|field| field.required && !was_blank(field)).collect();
        let historic = matches!(item.change.deed, Deed::Historic(_));
        for (field, condition) in asked.iter().filter(|(field, _)| !historic && !field.required && blank(field)) {
            let before = item.before.as_ref().is_some_and(|before| condition.holds(before, &world));
            if condition.holds(&item.after, &world) && !(before && was_blank(field)) {
                missing.push(field);
            }
        }
        item.findings.extend(missing.into_iter().map(|field| Violation::new("field.required", &field.key)));
    }
    Ok(())
}

fn asks_for_fields(item: &Working) -> bool {
    item.error.is_none() && !is_about_its_state(&item.change.deed)
}

/// True for what is done to a record as a whole: its fields stay as they are.
fn is_about_its_state(deed: &Deed) -> bool {
    match deed {
        Deed::Void | Deed::Restore | Deed::Lock | Deed::Unlock | Deed::LetGo | Deed::ChangeOwner { .. } | Deed::Assign { .. } => true,
        Deed::Release { .. } | Deed::Delete => true,
        Deed::MarkInvalid { .. } | Deed::Revive | Deed::Convert(_) | Deed::Follow { .. } => true,
        Deed::Claim | Deed::Return { .. } | Deed::MovePool { .. } => true,
        Deed::Submit | Deed::TakeEffect => false,
        Deed::Create | Deed::Edit | Deed::Move { .. } | Deed::Reopen { .. } | Deed::ChangeProcess { .. } | Deed::Historic(_) => false,
    }
}

/// A rule of the administrator's own: when it stands against a change, and which of the object's own fields it looks at.
struct Own<'a> {
    rule: &'a Validation,
    condition: Resolved,
    fields: BTreeSet<String>,
}

impl Own<'_> {
    fn finding(&self) -> Violation {
        let path = self.rule.field.clone().unwrap_or_default();
        let message = serde_json::json!(self.rule.message);
        Violation::new("validation.failed", path).with("text", message).with("rule", self.rule.key.as_str())
    }
}

fn own_rules<'a>(cx: &Ctx, object: &'a Object) -> Vec<Own<'a>> {
    let reading = cx.system_reading();
    let active = object.validations.iter().filter(|rule| rule.active);
    active
        .filter_map(|rule| {
            let condition = rule.condition.resolve_for_change(&object.key, &reading).ok()?;
            let own = rule.condition.mentions(&object.key, &cx.meta.schema).into_iter().filter(|(of, _)| *of == object.key);
            Some(Own { rule, condition, fields: own.map(|(_, field)| field).collect() })
        })
        .collect()
}

/// Rules of the administrator's own. One that a record broke already, in ways that this change does not touch, lets it pass.
fn validations(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let judged = |item: &&mut Working| {
        let passes = matches!(
            item.change.deed,
            Deed::Void
                | Deed::Delete
                | Deed::Release { .. }
                | Deed::Historic(_)
                | Deed::Lock
                | Deed::Unlock
                | Deed::LetGo
                | Deed::Follow { .. }
        );
        item.error.is_none() && !passes
    };
    let rules = own_rules(cx, object);
    if rules.is_empty() || !work.iter_mut().any(|item| judged(&item)) {
        return Ok(());
    }
    let states: Vec<&Record> = work.iter().flat_map(|item| item.before.iter().chain([&item.after])).collect();
    let world = crate::world::around(cx, tx, &states, rules.iter().map(|own| &own.condition))?;
    // What asks for a change is told how it was; how it stood before knows of none.
    let mut changing = world.clone();
    work.iter().filter_map(|item| item.before.clone()).for_each(|before| changing.was(before));
    for item in work.iter_mut().filter(judged) {
        for own in &rules {
            let stood = item.before.as_ref().is_some_and(|before| own.condition.holds(before, &world))
                && !own.fields.iter().any(|field| item.changes(field));
            if own.condition.holds(&item.after, &changing) && !stood {
                item.findings.push(own.finding());
            }
        }
    }
    Ok(())
}

/// The same rules against what follows from a change of other records, as a deal's amount does from its lines. One that a record broke
/// already lets it pass, so that what is wrong can be put right step by step.
pub(crate) fn stand_against_what_follows(cx: &Ctx, tx: &mut Write, object: &Object, pairs: &[(Record, Record)]) -> Result<()> {
    let differs = |field: &String| pairs.iter().any(|(before, after)| before.get(field) != after.get(field));
    let rules: Vec<Own<'_>> = own_rules(cx, object).into_iter().filter(|own| own.fields.iter().any(differs)).collect();
    if rules.is_empty() {
        return Ok(());
    }
    let states: Vec<&Record> = pairs.iter().flat_map(|(before, after)| [before, after]).collect();
    let world = crate::world::around(cx, tx, &states, rules.iter().map(|own| &own.condition))?;
    let mut changing = world.clone();
    pairs.iter().for_each(|(before, _)| changing.was(before.clone()));
    let breaks =
        |own: &Own<'_>, (before, after): &(Record, Record)| own.condition.holds(after, &changing) && !own.condition.holds(before, &world);
    let found: Vec<Violation> = rules.iter().filter(|own| pairs.iter().any(|pair| breaks(own, pair))).map(Own::finding).collect();
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// What a new value refers to must be there for the caller.
fn references(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let mut wanted: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    each_reference(object, work, |_, target, _, id| {
        wanted.entry(target.to_owned()).or_default().insert(id);
    });
    let mut there: BTreeSet<(String, Id)> = BTreeSet::new();
    for (target, ids) in wanted {
        let Some(object) = cx.meta.schema.object(&target) else { continue };
        let ids: Vec<Id> = ids.into_iter().collect();
        for id in db::records::hold(tx, &cx.meta.schema, object, &cx.scope(), &ids)? {
            there.insert((target.clone(), id));
        }
    }
    let mut missing: Vec<(usize, String)> = Vec::new();
    each_reference(object, work, |i, target, field, id| {
        if !there.contains(&(target.to_owned(), id)) {
            missing.push((i, field.to_owned()));
        }
    });
    // One finding a field, however many of its records are missing.
    missing.dedup();
    for (i, field) in missing {
        work[i].findings.push(Violation::new("field.reference_not_found", field));
    }
    Ok(())
}

/// Visits every reference that a change sets anew, but those which the product sets itself.
fn each_reference(object: &Object, work: &[Working], mut visit: impl FnMut(usize, &str, &str, Id)) {
    const OWN: [&str; 5] = ["created_by", "updated_by", "owner_department", "owner", "done_by"];
    for (i, item) in work.iter().enumerate().filter(|(_, item)| item.error.is_none()) {
        let given = |field: &&Field| !OWN.contains(&field.key.as_str()) && !item.carried.contains(&field.key);
        for field in object.fields.iter().filter(given).filter(|field| item.changes(&field.key)) {
            // Of several records those count that were not among them: who changes a list need not see all that is in it.
            let known = item.before.as_ref().map_or_else(Vec::new, |before| field.kind.referred(before.get(&field.key)));
            for (target, id) in field.kind.referred(item.after.get(&field.key)) {
                if !known.contains(&(target, id)) {
                    visit(i, target, &field.key, id);
                }
            }
        }
    }
}

/// No two records share a value of a unique field, also within one batch and at the same instant.
fn unique(tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    for field in object.fields.iter().filter(|field| field.unique) {
        let comparable = |value: &Value| match value {
            Value::Text(text) if field.kind.kind() == Kind::Text => Value::Text(model::text::fold(text)),
            other => other.clone(),
        };
        let fresh: Vec<(usize, Value)> = work
            .iter()
            .enumerate()
            .filter(|(_, item)| item.error.is_none() && item.changes(&field.key) && !item.after.get(&field.key).is_null())
            .map(|(i, item)| (i, item.after.get(&field.key).clone()))
            .collect();
        if fresh.is_empty() {
            continue;
        }
        // Two who save the same value at once meet at this lock; the later one then finds the earlier's record.
        let keys: Vec<String> =
            fresh.iter().map(|(_, value)| format!("unique:{}.{}:{:?}", object.key, field.key, comparable(value))).collect();
        tx.lock(&keys)?;
        let values: Vec<Value> = fresh.iter().map(|(_, value)| value.clone()).collect();
        let mut taken: BTreeMap<String, Id> = db::records::find_by(tx, object, &field.key, &values)?
            .into_iter()
            .map(|(value, id)| (format!("{:?}", comparable(&value)), id))
            .collect();
        for (i, value) in fresh {
            let key = format!("{:?}", comparable(&value));
            let id = work[i].after.id;
            match taken.get(&key) {
                Some(other) if *other != id => {
                    let shown = model::field::show(&value);
                    work[i].findings.push(Violation::new("field.not_unique", &field.key).with("value", shown));
                }
                _ => {
                    taken.insert(key, id);
                }
            }
        }
    }
    Ok(())
}

/// An id of another system belongs to one record.
fn external_ids(tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let mut by_source: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for (i, item) in work.iter().enumerate().filter(|(_, item)| item.error.is_none()) {
        for (source, id) in &item.change.external {
            by_source.entry(source.clone()).or_default().push((i, id.clone()));
        }
    }
    for (source, wanted) in by_source {
        tx.lock(&[format!("external:{}:{source}", object.key)])?;
        let ids: Vec<String> = wanted.iter().map(|(_, id)| id.clone()).collect();
        let mut taken: BTreeSet<String> = db::external::find(tx, object, &source, &ids)?.into_iter().map(|(ext, _)| ext).collect();
        for (i, id) in wanted {
            if !taken.insert(id.clone()) {
                work[i].findings.push(Violation::new("external_id.taken", "external_ids").with("source", source.as_str()).with("id", id));
            }
        }
    }
    Ok(())
}

/// Fields of a type, by key.
pub(crate) fn currency_fields(object: &Object) -> impl Iterator<Item = &str> {
    object.fields.iter().filter(|field| field.kind == FieldType::Currency).map(|field| field.key.as_str())
}
