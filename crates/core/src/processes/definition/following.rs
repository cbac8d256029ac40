//! Taking deals along whose stage a new version has given up: each is saved like any other move, with the version's note as its reason.

use std::collections::BTreeMap;

use db::records::{Bin, Query, Scope, Sort};
use db::{Read, Write};
use model::condition::{Check, Resolved, Test};
use model::field::Kind as FieldKind;
use model::process::Process;
use model::{Id, Number, Value, Via};
use serde_json::json;

use super::{running, versions};
use crate::jobs::{self, Job, Kind, New, Step, WORKER};
use crate::save::{Change, Deed, save_all};
use crate::{Ctx, Error, House, Meta, Result, meta};

/// Deals that are taken along in the transaction that publishes; more are left to a job, so that nobody waits.
pub(super) const AT_ONCE: i64 = 500;
/// Deals that a job takes along together.
const CHUNK: u32 = 50;

/// Takes some of those along that stand in a stage which the newest version has given up and are not pinned. With how many there were, and
/// what stood against one of them.
pub(super) fn take_along(cx: &Ctx, tx: &mut Write, process: &Process, why: &Why, limit: u32) -> Result<(usize, Option<Error>)> {
    let ids = behind(&cx.meta, tx, process, why, limit)?;
    if ids.is_empty() {
        return Ok((0, None));
    }
    let object = cx.object("opportunity")?.clone();
    let deals = db::records::load(tx, &cx.meta.schema, &object, &Scope::All(WHY), &ids)?;
    let changes = deals.iter().filter_map(|deal| {
        let stage = why.mapping.get(deal.text("stage"))?.clone();
        Some(Change { reason: why.note.clone(), ..Change::of(&object.key, deal.id, Deed::Follow { stage }) })
    });
    let changes: Vec<Change> = changes.collect();
    // What follows from a publication has nothing to do with the order in which its own locks were taken.
    tx.next_act();
    let results = save_all(cx, tx, &object.key, changes)?;
    let done = results.iter().filter(|result| result.is_ok()).count();
    Ok((done, results.into_iter().find_map(Result::err)))
}

const WHY: &str = "deals follow a new version of their process";

/// Where to, and what is said of it.
pub(super) struct Why {
    pub mapping: BTreeMap<String, String>,
    pub note: Option<String>,
}

/// Stage by stage, those first that have stood there for longest: an index gives them in this order, however many there are.
fn behind(meta: &Meta, tx: &mut Read, process: &Process, why: &Why, limit: u32) -> Result<Vec<Id>> {
    let object = meta.schema.object("opportunity").ok_or(Error::NotFound)?;
    let mut ids = Vec::new();
    for stage in why.mapping.keys().filter(|stage| process.position(stage).is_none()) {
        let mut all = vec![running::open(process.id), running::equals("stage", stage)];
        if let Some(last) = meta.earlier(process.id).apart.last() {
            // Those that entered their stage before are pinned.
            let check = Check::GreaterOrEqual(Value::Number(Number::whole(*last)));
            let (hops, field) = (Vec::new(), "process_version".to_owned());
            all.push(Resolved::Test(Test { hops, field, kind: FieldKind::Number, folded: false, check }));
        }
        let condition = Resolved::All(all);
        let sort = Sort { field: "stage_entered_at".into(), descending: false };
        let limit = limit.saturating_sub(ids.len() as u32);
        let query = Query { condition: Some(&condition), words: None, sort, cursor: None, limit, bin: Bin::Too };
        if limit > 0 {
            ids.extend(db::records::ids(tx, &meta.schema, object, &Scope::All(WHY), &query)?.0);
        }
    }
    Ok(ids)
}

/// The same call with the rights of the product, under the definitions that it has just published.
pub(super) fn under(cx: &Ctx, tx: &mut Read) -> Result<Ctx> {
    let meta = std::sync::Arc::new(Meta::load(tx)?);
    Ok(cx.as_system(WHY).under(meta))
}

/// Leaves it to a job.
pub(super) fn enqueue(cx: &Ctx, tx: &mut Write, process: &Process, many: i64) -> Result<Id> {
    let id = process.id.to_string();
    let new = New { doc: json!({"version": process.version}), total: Some(many), ..New::on(Kind::FollowVersion, "opportunity", Some(&id)) };
    jobs::enqueue(cx, tx, new)
}

/// True while deals are still being taken along by the version that is in force.
pub(super) fn goes_on(tx: &mut Read, process: Id) -> Result<bool> {
    let id = process.to_string();
    let going = |job: &Job| job.kind == Kind::FollowVersion && job.field.as_deref() == Some(&id) && job.stage != jobs::Stage::Failed;
    Ok(jobs::open_of(tx, "opportunity")?.iter().any(going))
}

/// One step of the job.
pub(crate) fn step(house: &House, job: &Job, lease: Id) -> Result<Step> {
    let (Some(id), Some(number)) = (job.field.as_deref(), job.doc["version"].as_i64()) else {
        return Ok(Step::Failed("which version?".into()));
    };
    let step = jobs::slice(house, job, lease, &WORKER, Via::System, |cx, tx| {
        // Another version has said anew where they go.
        let Some(process) = cx.meta.process(id).filter(|process| process.version == number).cloned() else {
            return Ok((None, 0, Some(Step::Done)));
        };
        let why = versions::why(tx, process.id, number)?;
        let mut inner = cx.as_system(WHY);
        inner.who.id = job.by;
        Ok(match take_along(&inner, tx, &process, &why, CHUNK)? {
            (0, None) => (None, 0, None),
            (0, Some(error)) => (None, 0, Some(Step::Failed(error.to_string()))),
            (many, _) => (None, many as i64, Some(Step::More)),
        })
    })?;
    if let Some(step) = step {
        return Ok(step);
    }
    jobs::slice(house, job, lease, &WORKER, Via::System, |cx, tx| {
        let (_, meta) = meta::publish(cx, tx)?;
        if let Some(process) = meta.process(id).filter(|process| process.version == number) {
            let obeyed = running::standing(tx, &meta, process)?.iter().map(|alike| alike.obeys).collect();
            versions::keep_in_force(tx, process, &obeyed)?;
        }
        Ok((None, 0, Step::Done))
    })
}
