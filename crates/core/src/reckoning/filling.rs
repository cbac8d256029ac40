//! Reckoning a field on all records of its object, in the background: when it is new, or its definition has changed.
//!
//! From the moment that it begins, every save keeps the field, so what the job has passed stays right. What follows from the field is
//! reckoned after it, one field after the other. Neither version nor revision moves: nobody edited these records.

use std::time::Instant as Moment;

use db::records::Scope;
use db::{Limits, Write};
use model::field::FieldType;
use model::{Field, Id, Object, Record, Via};

use super::{formulas, rollups};
use crate::jobs::{self, Job, SLICE, Step, WORKER, slice};
use crate::{Ctx, Error, House, Result, sharing};

/// Records that are worked on together.
const CHUNK: u64 = 250;
const SCOPE: Scope<'static> = Scope::All("a field is reckoned on every record");

/// One step of a job that reckons a live field anew, and then what follows from it.
pub(crate) fn step(house: &House, job: &Job, lease: Id) -> Result<Step> {
    let (Some(object), Some(field)) = (&job.object, &job.field) else { return Ok(Step::Failed("which field?".into())) };
    match fill(house, job, lease, object, field)? {
        Step::Done => {
            house.write(&WORKER, Limits::default(), Via::System, |cx, tx| match jobs::is_mine(tx, job.id, lease)? {
                true => settled(cx, tx, object, field),
                false => Ok(()),
            })?;
            Ok(Step::Done)
        }
        other => Ok(other),
    }
}

/// Takes the mark of settling off a field.
fn settled(cx: &Ctx, tx: &mut Write, object: &str, field: &str) -> Result<()> {
    let marked = |object: &Object| object.field(field).is_some_and(|field| field.settling);
    if !cx.meta.definitions.iter().any(|one| one.key == object && marked(one)) {
        return Ok(());
    }
    crate::objects::making::change_field(cx, tx, object, field, |field| field.settling = false)
}

/// One slice of reckoning a field, and those that follow from it, on all records: [`Step::Done`] when all are done.
pub(crate) fn fill(house: &House, job: &Job, lease: Id, object: &str, field: &str) -> Result<Step> {
    let all = house.read(&WORKER, Limits::default(), |cx, tx| {
        let first = (object.to_owned(), field.to_owned());
        let mut steps = vec![first.clone()];
        steps.extend(cx.meta.plan.follow_from(&[first]));
        steps.retain(|(object, field)| stored(cx, object, field).is_some());
        let mut total = 0;
        for (object, _) in steps.iter().filter(|_| job.total.is_none()) {
            total += db::records::size(tx, cx.meta.schema.object(object).ok_or(Error::NotFound)?)?;
        }
        Ok((steps, total))
    })?;
    let (steps, total) = all;
    if job.total.is_none() {
        house.write(&WORKER, Limits::default(), Via::System, |_, tx| jobs::expect(tx, job.id, total))?;
    }
    let Some((at, after)) = place(job.position.as_deref(), &steps) else { return Ok(Step::Done) };
    let Some((object, field)) = steps.get(at) else { return Ok(Step::Done) };
    let next = steps.get(at + 1).map_or_else(|| ALL.to_owned(), name) + ":";
    let this = name(&steps[at]);
    slice(house, job, lease, &WORKER, Via::System, |cx, tx| {
        let began = Moment::now();
        let Some((object, field)) = stored(cx, object, field) else { return Ok((Some(next.clone()), 0, Step::More)) };
        let (mut after, mut done) = (after, 0);
        loop {
            let ids = db::records::ids_after(tx, object, after, CHUNK)?;
            done += ids.len() as i64;
            reckon(cx, tx, object, field, &ids)?;
            if (ids.len() as u64) < CHUNK {
                return Ok((Some(next.clone()), done, Step::More));
            }
            after = ids.last().copied();
            if began.elapsed() >= SLICE {
                let place = after.map_or_else(String::new, |id| id.to_string());
                return Ok((Some(format!("{this}:{place}")), done, Step::More));
            }
        }
    })
}

/// Stands for the field after the last.
const ALL: &str = "all";

fn name((object, field): &(String, String)) -> String {
    format!("{object}.{field}")
}

/// Which of the fields is being reckoned, and after which record; nothing when all are. From the beginning where the field in turn has gone
/// meanwhile, since nobody knows then which of the others have been reckoned.
fn place(position: Option<&str>, steps: &[(String, String)]) -> Option<(usize, Option<Id>)> {
    let Some((step, id)) = position.and_then(|position| position.split_once(':')) else { return Some((0, None)) };
    if step == ALL {
        return None;
    }
    Some(steps.iter().position(|one| name(one) == step).map_or((0, None), |at| (at, id.parse().ok())))
}

fn stored<'a>(cx: &'a Ctx, object: &str, field: &str) -> Option<(&'a Object, &'a Field)> {
    let object = cx.meta.schema.object(object)?;
    object.field(field).filter(|field| field.is_reckoned() && field.is_stored()).map(|field| (object.as_ref(), field))
}

/// Reckons one field of these records, under their locks; how many of them stood otherwise.
pub(crate) fn reckon(cx: &Ctx, tx: &mut Write, object: &Object, field: &Field, ids: &[Id]) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    tx.lock_rows(&[(object.rank, &object.key, ids.to_vec())])?;
    let before = db::records::load(tx, &cx.meta.schema, object, &SCOPE, ids)?;
    let mut after = before.clone();
    match &field.kind {
        FieldType::Statistical { .. } => {
            let group = cx.meta.plan.on(&object.key).find(|group| group.items.iter().any(|item| item.field == field.key));
            let Some(group) = group else { return Ok(0) };
            let at = group.items.iter().position(|item| item.field == field.key).unwrap_or_default();
            let mut totals: std::collections::BTreeMap<Id, rollups::Total> = rollups::recount(cx, tx, group, ids)?
                .into_iter()
                .filter_map(|(id, mut totals)| (at < totals.len()).then(|| (id, totals.swap_remove(at).unwrap_or_default())))
                .collect();
            for record in &mut after {
                totals.remove(&record.id).unwrap_or_default().put(record, &field.key);
            }
        }
        _ => formulas::evaluate_one(cx, tx, object, &field.key, &mut after)?,
    }
    let changed: Vec<Record> = before
        .iter()
        .zip(after)
        .filter(|(before, after)| {
            before.get(&field.key) != after.get(&field.key) || before.mains.get(&field.key) != after.mains.get(&field.key)
        })
        .map(|(_, after)| after)
        .collect();
    db::records::set_reckoned(tx, object, &[field], &changed)?;
    sharing::follow(cx, tx, object, &changed.iter().collect::<Vec<_>>())?;
    Ok(changed.len() as u64)
}

/// Reckons every stored field that follows from others on all records anew, in the order in which they follow; gives the fields that had
/// to be mended, with how many records. The server may go on meanwhile.
pub fn repair(house: &House) -> Result<Vec<(String, String, u64)>> {
    let fields = house.read(&WORKER, Limits::default(), |cx, _| {
        let all = cx.meta.plan.in_order();
        Ok(all.into_iter().filter(|(object, field)| stored(cx, object, field).is_some()).collect::<Vec<_>>())
    })?;
    let mut mended = Vec::new();
    for (object, field) in fields {
        let (mut after, mut count) = (None, 0);
        loop {
            let (last, changed) = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
                let Some((object, field)) = stored(cx, &object, &field) else { return Ok((None, 0)) };
                let ids = db::records::ids_after(tx, object, after, CHUNK)?;
                Ok((ids.last().copied(), reckon(cx, tx, object, field, &ids)?))
            })?;
            count += changed;
            after = last;
            if after.is_none() {
                break;
            }
        }
        if count > 0 {
            mended.push((object, field, count));
        }
    }
    Ok(mended)
}
