//! Calculated fields: indexed ones are kept at every change of what they read, the others are reckoned when they are read.

use std::collections::BTreeSet;

use db::Read;
use db::records::Scope;
use model::condition::{Hop, World};
use model::field::Kind;
use model::formula::{Evaluated, Moment};
use model::{Object, Record, Value};

use super::plan::Calculated;
use super::rollups::Total;
use crate::save::Working;
use crate::{Ctx, Result, world};

/// What formulas may know beside the records. `me` only where somebody looks: what is stored is the same for all.
pub(crate) fn moment(cx: &Ctx, looking: bool) -> Moment {
    Moment {
        now: cx.at,
        zone: cx.meta.calendar.zone.clone(),
        me: (looking && cx.who.system.is_none()).then_some(cx.who.id),
        main: cx.meta.rates.main(),
    }
}

/// Puts on records that are being saved what follows from their changes; `None` for those that are refused already.
pub(crate) fn on_save(cx: &Ctx, tx: &mut Read, object: &Object, work: &mut [Working]) -> Result<()> {
    let formulas = cx.meta.plan.formulas(&object.key);
    if !formulas.iter().any(|one| one.indexed) {
        return Ok(());
    }
    // This is called twice for a save: what followed from a value that was then taken back follows no more.
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        let Some(before) = &item.before else { continue };
        for one in formulas.iter().filter(|one| one.indexed) {
            Total::standing(before, &one.field).put(&mut item.after, &one.field);
        }
    }
    let mut wanted: Vec<(usize, Vec<&Calculated>)> = Vec::new();
    for (at, item) in work.iter().enumerate().filter(|(_, item)| item.error.is_none()) {
        let due = due(formulas, |field| item.before.is_none() || item.changes(field) || item.changes_main(field));
        if !due.is_empty() {
            wanted.push((at, due));
        }
    }
    let records: Vec<&Record> = wanted.iter().map(|(at, _)| &work[*at].after).collect();
    let world =
        world(cx, tx, &records, wanted.iter().flat_map(|(_, due)| due.iter().copied()), &Scope::All("formulas look at everything"))?;
    let moment = moment(cx, false);
    for (at, due) in wanted {
        for one in due {
            put(one, &mut work[at].after, &world, &moment);
        }
    }
    Ok(())
}

/// Puts on records what follows from how they changed, by formulas of the same records.
pub(super) fn follow(cx: &Ctx, tx: &mut Read, object: &Object, pairs: &mut [(Record, Record)]) -> Result<()> {
    let formulas = cx.meta.plan.formulas(&object.key);
    let mut wanted: Vec<(usize, Vec<&Calculated>)> = Vec::new();
    for (at, (before, after)) in pairs.iter().enumerate() {
        let due = due(formulas, |field| before.get(field) != after.get(field) || before.mains.get(field) != after.mains.get(field));
        if !due.is_empty() {
            wanted.push((at, due));
        }
    }
    let records: Vec<&Record> = wanted.iter().map(|(at, _)| &pairs[*at].1).collect();
    let world =
        world(cx, tx, &records, wanted.iter().flat_map(|(_, due)| due.iter().copied()), &Scope::All("formulas look at everything"))?;
    let moment = moment(cx, false);
    for (at, due) in wanted {
        for one in due {
            put(one, &mut pairs[at].1, &world, &moment);
        }
    }
    Ok(())
}

/// Reckons every indexed formula of these records anew.
pub(crate) fn evaluate_all(cx: &Ctx, tx: &mut Read, object: &Object, records: &mut [Record]) -> Result<()> {
    let formulas: Vec<&Calculated> = cx.meta.plan.formulas(&object.key).iter().filter(|one| one.indexed).collect();
    evaluate(cx, tx, object, &formulas, records, &Scope::All("formulas look at everything"), false)
}

/// Reckons one indexed formula of these records anew.
pub(super) fn evaluate_one(cx: &Ctx, tx: &mut Read, object: &Object, field: &str, records: &mut [Record]) -> Result<()> {
    let formulas: Vec<&Calculated> = cx.meta.plan.formulas(&object.key).iter().filter(|one| one.indexed && one.field == field).collect();
    evaluate(cx, tx, object, &formulas, records, &Scope::All("formulas look at everything"), false)
}

/// Puts on records that are about to be shown what is reckoned at reading, with the reader's eyes: what he may not see is blank to it.
/// `only` are the fields that are asked for; all when absent.
pub(crate) fn on_read(cx: &Ctx, tx: &mut Read, object: &Object, records: &mut [Record], only: Option<&BTreeSet<String>>) -> Result<()> {
    let formulas = cx.meta.plan.formulas(&object.key);
    if !formulas.iter().any(|one| !one.indexed) {
        return Ok(());
    }
    // One that is asked for may read another that is not.
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    for one in formulas.iter().rev().filter(|one| !one.indexed) {
        if only.is_none_or(|only| only.contains(&one.field)) || wanted.contains(one.field.as_str()) {
            wanted.insert(&one.field);
            wanted.extend(one.own.iter().map(String::as_str));
        }
    }
    let due: Vec<&Calculated> = formulas.iter().filter(|one| !one.indexed && wanted.contains(one.field.as_str())).collect();
    evaluate(cx, tx, object, &due, records, &cx.scope(), true)
}

fn evaluate(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    formulas: &[&Calculated],
    records: &mut [Record],
    scope: &Scope<'_>,
    looking: bool,
) -> Result<()> {
    if formulas.is_empty() || records.is_empty() {
        return Ok(());
    }
    let long = |field: &String| object.field(field).is_some_and(|field| field.kind.kind() == Kind::LongText);
    if formulas.iter().any(|one| one.own.iter().any(long)) {
        db::records::add_long_texts(tx, object, records)?;
        scope.cover(records);
    }
    let world = world(cx, tx, &records.iter().collect::<Vec<_>>(), formulas.iter().copied(), scope)?;
    let moment = moment(cx, looking);
    for record in records {
        for one in formulas {
            put(one, record, &world, &moment);
        }
    }
    Ok(())
}

/// The indexed formulas that a change touches, in their order: what one puts on the record may touch the next.
fn due(formulas: &[Calculated], changed: impl Fn(&str) -> bool) -> Vec<&Calculated> {
    let mut touched: BTreeSet<&str> = BTreeSet::new();
    let mut due = Vec::new();
    for one in formulas.iter().filter(|one| one.indexed) {
        if one.own.iter().any(|field| changed(field) || touched.contains(field.as_str())) {
            touched.insert(&one.field);
            due.push(one);
        }
    }
    // A formula that reads nothing is put on new records.
    due.extend(formulas.iter().filter(|one| one.indexed && one.own.is_empty() && changed(&one.field)));
    due
}

/// The records that these formulas look at across references.
pub(crate) fn world<'a>(
    cx: &Ctx,
    tx: &mut Read,
    records: &[&Record],
    formulas: impl Iterator<Item = &'a Calculated>,
    scope: &Scope<'_>,
) -> Result<World> {
    let paths: BTreeSet<Vec<Hop>> =
        formulas.flat_map(|one| one.formula.paths()).filter(|path| !path.hops.is_empty()).map(|path| path.hops.clone()).collect();
    let mut world = World::default();
    for path in &paths {
        world::follow(cx, tx, &mut world, records, path, scope)?;
    }
    Ok(world)
}

fn put(one: &Calculated, record: &mut Record, world: &World, moment: &Moment) {
    let Evaluated { value, main, .. } = one.formula.evaluate(record, world, moment);
    match (&value, main) {
        (Value::Money(_), Some(main)) => record.mains.insert(one.field.clone(), main),
        _ => record.mains.remove(&one.field),
    };
    record.set(&one.field, value);
}
