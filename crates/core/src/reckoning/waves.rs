//! What follows for other records from records that have changed: roll-ups above them, formulas that read them across references, what
//! follows from those again, until nothing does.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use db::history::Entry;
use db::outbox::Event;
use db::records::Scope;
use model::change::differences;
use model::{Field, Id, Object, Record, Value};

use super::rollups::{self, Pair};
use super::{Act, follow_ups, formulas, later};
use crate::people::leaving::Part;
use crate::prices::amount;
use crate::processes::slips;
use crate::sight::{Sight, Team};
use crate::{Ctx, Error, Result};

/// Longest chain of what follows from what, for each object. Circles are refused with their definitions, so this is never met.
const LONGEST: usize = 64;
/// Dependants of one change that are reckoned in its transaction; more of them are left to a job (core rule 26).
pub(super) const AT_ONCE: u64 = 1000;
/// Records of one who has moved that are written together.
const MOVED: usize = 1000;

/// Settles everything that depends on these changes of records of `object`, in their transaction.
pub(crate) fn after(cx: &Ctx, tx: &mut Write, object: &str, pairs: Vec<Pair>) -> Result<()> {
    let mut waiting = vec![(object.to_owned(), pairs)];
    for _ in 0..LONGEST * cx.meta.order.len().max(1) {
        if waiting.is_empty() {
            return Ok(());
        }
        let (object, pairs) = waiting.remove(0);
        let mut waves = roll_up(cx, tx, &object, &pairs)?;
        waves.extend(recalculate(cx, tx, &object, &pairs)?);
        waves.extend(follow_ups::follow(cx, tx, &object, &pairs)?);
        for (object, pairs) in waves {
            wait(&mut waiting, object, pairs);
        }
    }
    Err(Error::Internal("what follows from a change does not end".into()))
}

/// Puts changes that are written behind those that wait. What waits of one object is one change of each record: a recount sees all that is
/// written, so nothing of it may be added once more later.
fn wait(waiting: &mut Vec<(String, Vec<Pair>)>, object: String, pairs: Vec<Pair>) {
    if pairs.is_empty() {
        return;
    }
    let Some((_, known)) = waiting.iter_mut().find(|(other, _)| *other == object) else {
        waiting.push((object, pairs));
        return;
    };
    let id = |(before, after): &Pair| after.as_ref().or(before.as_ref()).map(|record| record.id);
    let places: BTreeMap<Option<Id>, usize> = known.iter().enumerate().map(|(at, pair)| (id(pair), at)).collect();
    for pair in pairs {
        match places.get(&id(&pair)) {
            Some(at) => known[*at].1 = pair.1,
            None => known.push(pair),
        }
    }
}

/// True where anything is reckoned from this amount of an object.
pub(crate) fn follows_amounts(cx: &Ctx, object: &str, field: &str) -> bool {
    let plan = &cx.meta.plan;
    plan.formulas(object).iter().any(|one| one.indexed && one.own.contains(field))
        || plan.over(object).any(|group| group.items.iter().any(|item| item.reads.contains(field)))
        || plan.reading(object).iter().any(|one| one.reads.contains(field))
}

/// Settles what follows from an amount whose value in the main currency has changed in these records, by another rate.
pub(crate) fn revalued(cx: &Ctx, tx: &mut Write, object: &Object, field: &str, after: Vec<Record>) -> Result<()> {
    let before = after.iter().map(|record| {
        let mut before = record.clone();
        before.mains.remove(field);
        before
    });
    let mut pairs: Vec<(Record, Record)> = before.zip(after.iter().cloned()).collect();
    formulas::follow(cx, tx, object, &mut pairs)?;
    let mut changed: Vec<(Record, Record)> = after
        .into_iter()
        .zip(&pairs)
        .filter(|(stored, (_, reckoned))| !differences(Some(stored), reckoned).is_empty() || stored.mains != reckoned.mains)
        .map(|(stored, (_, reckoned))| (stored, reckoned.clone()))
        .collect();
    write(cx, tx, object, &mut changed, Act::Recalculate)?;
    self::after(cx, tx, &object.key, pairs.into_iter().map(|(before, after)| (Some(before), Some(after))).collect())
}

/// Puts something on records that nobody edits, and settles what follows from it; they are locked, and read under the lock.
pub(crate) fn bring_along(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    ids: Vec<Id>,
    put: impl Fn(&Record, &mut Record) -> Result<()>,
) -> Result<()> {
    let before = locked(cx, tx, object, ids)?;
    let mut after: BTreeMap<Id, Record> = BTreeMap::new();
    for record in &before {
        let mut next = record.clone();
        put(record, &mut next)?;
        after.insert(record.id, next);
    }
    let pairs = settle(cx, tx, object, before, after, Act::Recalculate)?;
    self::after(cx, tx, &object.key, pairs)
}

/// People have moved to other departments: what they own follows them, save for what is closed (spec/01, Access 4).
pub(crate) fn people_moved(cx: &Ctx, tx: &mut Write, moved: &[(Id, Value)]) -> Result<()> {
    let parts = Part::all(cx);
    for part in parts.iter().filter(|part| !part.may_stay() && part.object.field("owner_department").is_some()) {
        for (person, department) in moved {
            let ids = part.ids(cx, tx, *person, &Scope::All("what one owns follows one's department"), usize::MAX)?;
            for ids in ids.chunks(MOVED) {
                let before = locked(cx, tx, &part.object, ids.to_vec())?;
                let mut records: BTreeMap<Id, Record> = before.iter().map(|record| (record.id, record.clone())).collect();
                records.values_mut().for_each(|record| record.set("owner_department", department.clone()));
                let pairs = settle(cx, tx, &part.object, before, records, Act::Recalculate)?;
                self::after(cx, tx, &part.object.key, pairs)?;
            }
        }
    }
    Ok(())
}

/// One wave upwards: the statistical fields over these records, and the formulas that read them on the same records.
fn roll_up(cx: &Ctx, tx: &mut Write, child: &str, pairs: &[Pair]) -> Result<Vec<(String, Vec<Pair>)>> {
    let plan = &cx.meta.plan;
    // One object may have several groups over these: its records are written once.
    let mut touched: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for group in plan.over(child) {
        touched.entry(&group.parent).or_default().extend(rollups::parents(group, pairs));
    }
    let mut waves = Vec::new();
    // Parents of the children's own kind last: what is written of them is not in these pairs, and a recount of others would see it.
    let (own, others): (Vec<_>, Vec<_>) = touched.into_iter().partition(|(key, _)| *key == child);
    for (key, ids) in others.into_iter().chain(own) {
        let Some(parent) = cx.meta.schema.object(key).filter(|_| !ids.is_empty()) else { continue };
        let before = locked(cx, tx, parent, ids.into_iter().collect())?;
        let mut after: BTreeMap<Id, Record> = before.iter().map(|record| (record.id, record.clone())).collect();
        for group in plan.over(child).filter(|group| group.parent == key) {
            let concerned = rollups::parents(group, pairs);
            let mut of_group: BTreeMap<Id, Record> = concerned.iter().filter_map(|id| after.remove_entry(id)).collect();
            rollups::settle(cx, tx, group, pairs, &mut of_group)?;
            after.append(&mut of_group);
        }
        waves.push((key.to_owned(), settle(cx, tx, parent, before, after, Act::RollUp)?));
    }
    Ok(waves)
}

/// One wave across references: indexed formulas of other records that read these.
fn recalculate(cx: &Ctx, tx: &mut Write, object: &str, pairs: &[Pair]) -> Result<Vec<(String, Vec<Pair>)>> {
    let mut touched: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for dependant in cx.meta.plan.reading(object) {
        let changed = |(before, after): &&Pair| match (before, after) {
            (Some(before), Some(after)) => dependant
                .reads
                .iter()
                .any(|field| before.get(field) != after.get(field) || before.mains.get(field) != after.mains.get(field)),
            // Nothing refers to a record that is new.
            _ => false,
        };
        let ids: Vec<Id> = pairs.iter().filter(changed).filter_map(|(_, after)| after.as_ref().map(|record| record.id)).collect();
        let Some(other) = cx.meta.schema.object(&dependant.object).filter(|_| !ids.is_empty()) else { continue };
        let found = db::records::depending(tx, other, &dependant.hops, &ids, AT_ONCE + 1)?;
        if found.len() as u64 > AT_ONCE {
            later::settle_all(cx, tx, &dependant.object, &dependant.field)?;
        } else {
            touched.entry(&dependant.object).or_default().extend(found);
        }
    }
    let mut waves = Vec::new();
    for (key, ids) in touched {
        let Some(other) = cx.meta.schema.object(key).filter(|_| !ids.is_empty()) else { continue };
        let before = locked(cx, tx, other, ids.into_iter().collect())?;
        let mut after: Vec<Record> = before.clone();
        formulas::evaluate_all(cx, tx, other, &mut after)?;
        let after = after.into_iter().map(|record| (record.id, record)).collect();
        waves.push((key.to_owned(), settle(cx, tx, other, before, after, Act::Recalculate)?));
    }
    Ok(waves)
}

pub(super) fn locked(cx: &Ctx, tx: &mut Write, object: &Object, ids: Vec<Id>) -> Result<Vec<Record>> {
    tx.lock_rows_late(&object.key, &ids)?;
    Ok(db::records::load(tx, &cx.meta.schema, object, &Scope::All("what is reckoned follows from every record"), &ids)?)
}

/// Writes what has changed of these records, after the formulas on them, and gives the changes.
pub(super) fn settle(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    before: Vec<Record>,
    mut after: BTreeMap<Id, Record>,
    act: Act,
) -> Result<Vec<Pair>> {
    let mut pairs: Vec<(Record, Record)> =
        before.into_iter().filter_map(|before| after.remove(&before.id).map(|after| (before, after))).collect();
    amount::follow(cx, object, &mut pairs)?;
    formulas::follow(cx, tx, object, &mut pairs)?;
    pairs.retain(|(before, after)| !differences(Some(before), after).is_empty() || before.mains != after.mains);
    if act == Act::RollUp {
        amount::judge_what_follows(cx, tx, object, &pairs)?;
    }
    write(cx, tx, object, &mut pairs, act)?;
    Ok(pairs.into_iter().map(|(before, after)| (Some(before), Some(after))).collect())
}

/// People did not edit these records, so their versions stay and open forms are not disturbed; whoever watches them is told.
fn write(cx: &Ctx, tx: &mut Write, object: &Object, pairs: &mut [(Record, Record)], act: Act) -> Result<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    let mut sight = Sight::of(cx, tx, object, pairs.iter().map(|(before, after)| (Some(before), after)))?;
    let (mut entries, mut events) = (Vec::new(), Vec::new());
    let mut touched: BTreeSet<String> = BTreeSet::new();
    for (before, after) in pairs.iter_mut() {
        let changes = differences(Some(before), after);
        touched.extend(changes.iter().map(|change| change.field.clone()));
        touched
            .extend(before.mains.keys().chain(after.mains.keys()).filter(|key| before.mains.get(*key) != after.mains.get(*key)).cloned());
        after.revision = before.revision + 1;
        let at = crate::save::instant(cx, Some(before));
        let (seen_before, seen_after) = sight.turn(Some(before), after, Team::Same);
        events.push(Event {
            object: object.key.clone(),
            record: before.id,
            revision: after.revision,
            act: act.key().into(),
            at,
            by: cx.who.id,
            columns: changes.iter().map(|change| change.field.clone()).collect(),
            before: seen_before,
            after: seen_after,
        });
        entries.push(Entry {
            object: object.key.clone(),
            record: before.id,
            revision: after.revision,
            at,
            by: cx.who.id,
            via: cx.via.key().to_owned(),
            act: act.key().into(),
            reason: None,
            origin: cx.origin,
            changes,
        });
    }
    let fields: Vec<&Field> = object.fields.iter().filter(|field| touched.contains(&field.key)).collect();
    let records: Vec<Record> = pairs.iter().map(|(_, after)| after.clone()).collect();
    db::records::set_reckoned(tx, object, &fields, &records)?;
    sight.write(tx)?;
    db::history::insert(tx, &entries)?;
    db::outbox::insert(tx, &events)?;
    slips::follow(cx, tx, object, pairs)
}
