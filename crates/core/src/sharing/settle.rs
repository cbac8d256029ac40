//! Making what rules give anew, in short transactions.

use std::collections::BTreeSet;
use std::time::Instant as Moment;

use db::access::Grant;
use db::{Limits, Read};
use model::{Id, Object, Record, Via};

use super::define::forget;
use super::keep::settle_ids;
use super::live::{self, Live, given};
use crate::activities::tasks;
use crate::jobs::{self, Job, Kind, SLICE, Step, WORKER};
use crate::{Ctx, Error, House, Result, stage_tasks};

/// Records that are looked for together, outside of the writing transaction.
const LOOKED_FOR: u32 = 2000;
/// Records that are settled together.
const CHUNK: usize = 200;

/// One step of a job that gives and takes what a rule means: what is found without a lock is judged again under it, and what changes meanwhile
/// is kept by the save that changes it.
pub(crate) fn step(house: &House, job: &Job, lease: Id) -> Result<Step> {
    let (Some(key), Some(rule)) = (&job.object, job.field.as_deref().and_then(|id| id.parse::<Id>().ok())) else {
        return Ok(Step::Failed("which rule?".into()));
    };
    let after: Option<Id> = job.position.as_deref().and_then(|id| id.parse().ok());
    let ids = house.read(&WORKER, Limits::default(), |cx, tx| next(cx, tx, key, rule, after))?;
    if ids.is_empty() {
        house.write(&WORKER, Limits::default(), Via::System, |_, tx| {
            if jobs::is_mine(tx, job.id, lease)? {
                forget(tx, rule)?;
                // Whoever listens looks again at what he sees.
                tx.publish_meta()?;
            }
            Ok(())
        })?;
        return Ok(Step::Done);
    }
    jobs::slice(house, job, lease, &WORKER, Via::System, |cx, tx| {
        let began = Moment::now();
        let Some(object) = cx.meta.schema.object(key).cloned() else { return Ok((None, 0, Step::Done)) };
        let (mut last, mut done) = (None, 0);
        for chunk in ids.chunks(CHUNK) {
            settle_ids(cx, tx, &object, rules(cx, key), chunk)?;
            last = chunk.last();
            done += chunk.len() as i64;
            if began.elapsed() >= SLICE {
                break;
            }
        }
        Ok((last.map(Id::to_string), done, Step::More))
    })
}

fn next(cx: &Ctx, tx: &mut Read, key: &str, rule: Id, after: Option<Id>) -> Result<Vec<Id>> {
    let Some(object) = cx.meta.schema.object(key) else { return Ok(Vec::new()) };
    let condition = rules(cx, key).iter().find(|live| live.rule.id == rule).map(Live::condition);
    Ok(db::access::concerned(tx, &cx.meta.schema, object, &live::why(rule), condition, after, LOOKED_FOR)?)
}

fn rules<'a>(cx: &'a Ctx, object: &str) -> &'a [Live] {
    cx.meta.sharing.get(object).map_or(&[], Vec::as_slice)
}

/// Where what rules give of these records differs from what they should: (given, too much?). What a rule that is still settling gives is not
/// looked at.
pub fn differences(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record]) -> Result<(usize, Vec<(Grant, bool)>)> {
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let settling: BTreeSet<String> = jobs::open_of(tx, &object.key)?
        .iter()
        .filter(|job| job.kind == Kind::Share)
        .filter_map(|job| Some(live::why(job.field.as_deref()?.parse().ok()?)))
        .collect();
    let settled = |grant: &Grant| db::access::is_kept(&grant.why) && !settling.contains(&grant.why);
    let stored: BTreeSet<Grant> = db::access::grants(tx, &object.key, &ids)?.into_iter().filter(settled).collect();
    let due: BTreeSet<Grant> = records.iter().flat_map(|record| given(object, rules(cx, &object.key), record)).filter(settled).collect();
    let too_much = stored.difference(&due).map(|grant| (grant.clone(), true));
    let missing = due.difference(&stored).map(|grant| (grant.clone(), false));
    Ok((stored.len(), too_much.chain(missing).collect()))
}

/// Puts right what rules and tasks give of every record; of how many it was otherwise, by object. The server may go on meanwhile.
pub fn repair(house: &House) -> Result<Vec<(String, u64)>> {
    let keys = house.read(&WORKER, Limits::default(), |cx, _| Ok(cx.meta.order.clone()))?;
    let mut mended = Vec::new();
    for key in keys {
        let (mut after, mut count) = (None, 0);
        loop {
            let (last, changed) = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
                let object = cx.meta.schema.object(&key).ok_or(Error::NotFound)?.clone();
                if !object.owned {
                    return Ok((None, 0));
                }
                let ids = db::records::ids_after(tx, &object, after, CHUNK as u64)?;
                Ok((ids.last().copied(), settle_ids(cx, tx, &object, rules(cx, &key), &ids)?))
            })?;
            count += changed;
            after = last;
            if after.is_none() {
                break;
            }
        }
        if count > 0 {
            mended.push((key, count));
        }
    }
    let count = tasks::repair(house)?;
    if count > 0 {
        mended.push((model::objects::task::KEY.to_owned(), count));
    }
    let count = stage_tasks::sight::repair(house)?;
    if count > 0 {
        mended.push(("stage_task".to_owned(), count));
    }
    Ok(mended)
}
