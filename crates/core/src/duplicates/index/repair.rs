//! Does the index say what the records say? And making it anew.

use std::collections::BTreeMap;
use std::time::Duration;

use db::{Limits, Read};
use model::duplicate::matching::KeyKind;
use model::{Object, Record, Via};

use super::settle::settle;
use crate::jobs::{self, WORKER};
use crate::{Ctx, Error, House, Result};

/// How long one look at a job lasts, while another server is at work on it.
const PATIENCE: Duration = Duration::from_millis(200);

/// Entries that these records should have in parts that are ready and have not, told as texts; how many there should be, by part.
pub(crate) fn differences(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record]) -> Result<(BTreeMap<i64, u64>, Vec<String>)> {
    let (mut counts, mut missing) = (BTreeMap::new(), Vec::new());
    for part in db::matching::parts(&cx.meta.followed, &object.key).into_iter().filter(|part| part.ready) {
        let due = db::matching::due(&cx.meta.followed, part, object, records);
        let stored = db::matching::stored(tx, part, &due)?;
        *counts.entry(part.id).or_default() += due.len() as u64;
        missing.extend(
            due.difference(&stored).map(|(_, key, record)| format!("{} {record}: {} {} {key}", object.key, part.field, part.kind.key())),
        );
    }
    Ok((counts, missing))
}

/// How many entries there are in the parts of an object that are ready, with what each part is: its id, field and kind.
pub(crate) fn sizes(cx: &Ctx, tx: &mut Read, object: &Object) -> Result<Vec<(i64, String, KeyKind, u64)>> {
    let parts = db::matching::parts(&cx.meta.followed, &object.key).into_iter().filter(|part| part.ready);
    parts.map(|part| Ok((part.id, part.field.clone(), part.kind, db::matching::size(tx, part)?))).collect()
}

/// Makes every part anew from the records; what it is made of, with the records entered: `(object.field kind, records)`. The server may go on
/// meanwhile, and finds all the while what there is.
pub fn repair(house: &House) -> Result<Vec<(String, i64)>> {
    let work = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        let (_, meta) = crate::meta::publish(cx, tx)?;
        settle(cx, tx, &meta.schema, &meta.organisation.country, true)
    })?;
    for id in &work {
        loop {
            jobs::run(house, *id, PATIENCE)?;
            let job = house.read(&WORKER, Limits::default(), |_, tx| jobs::load(tx, *id))?;
            match job.stage {
                jobs::Stage::Done | jobs::Stage::Cancelled => break,
                jobs::Stage::Failed => return Err(Error::Internal(job.message.unwrap_or_default())),
                jobs::Stage::Waiting | jobs::Stage::Running => std::thread::sleep(PATIENCE / 10),
            }
        }
    }
    house.read(&WORKER, Limits::default(), |cx, tx| {
        let mut made = Vec::new();
        for part in &cx.meta.followed.parts {
            let Some(object) = cx.meta.schema.object(&part.object) else { continue };
            made.push((format!("{}.{} {}", part.object, part.field, part.kind.key()), db::records::size(tx, object)?));
        }
        Ok(made)
    })
}
