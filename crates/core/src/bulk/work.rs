//! Doing it: a slice of the records at a time, each with its outcome.

use db::{Limits, Read, Write};
use model::{Id, Object, Patch, Via};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Map, Value as Json, json};

use super::{Bulk, BulkAct, choose, show, undo};
use crate::audit::Origin;
use crate::jobs::{self, Job, Kind, Step};
use crate::pools::{self, BulkPool};
use crate::records::read_fields;
use crate::save::{Change, Deed, Under, delete, save_all};
use crate::{Credential, Ctx, Error, House, Result, leads};

/// What waits for an approval.
pub(super) const PENDING: &str = "pending_approval";
/// Records that are saved together.
const CHUNK: u64 = 100;

/// What is done, as the job keeps it.
struct Task {
    deed: Deed,
    patch: Patch,
    reason: Option<String>,
    skips: bool,
}

fn task(cx: &Ctx, object: &Object, doc: &Json) -> Result<Task> {
    let act: BulkAct = serde_json::from_value(doc["act"].clone()).map_err(|e| Error::Internal(e.to_string()))?;
    let empty = Map::new();
    let (mut patch, mut deed) = (Patch::new(), Deed::Edit);
    match act {
        BulkAct::Edit => patch = read_fields(cx, object, doc["fields"].as_object().unwrap_or(&empty))?,
        BulkAct::Move => {
            patch = read_fields(cx, object, doc["fields"].as_object().unwrap_or(&empty))?;
            deed = Deed::Move { stage: doc["stage"].as_str().unwrap_or_default().to_owned() };
        }
        BulkAct::ChangeOwner => {
            let to = doc["owner"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Error::invalid("field.required", "owner"))?;
            deed = Deed::ChangeOwner { to, keep_as: doc["keep_as"].as_str().map(str::to_owned) };
        }
        BulkAct::Assign => {
            let by_rules = doc["by_rules"].as_bool().unwrap_or_default();
            deed = Deed::Assign { to: leads::receiver(&object.key, doc["owner"].as_str(), by_rules)? };
        }
        BulkAct::Claim | BulkAct::Return | BulkAct::MovePool => deed = pooled(act, doc["pool"].as_str())?,
        BulkAct::Void => deed = Deed::Void,
        BulkAct::Restore => deed = Deed::Restore,
        BulkAct::Lock => deed = Deed::Lock,
        BulkAct::Unlock => deed = Deed::Unlock,
        BulkAct::Delete => return Err(Error::Internal("what is deleted is not saved".into())),
    }
    Ok(Task { deed, patch, reason: doc["reason"].as_str().map(str::to_owned), skips: doc["skip_approval"].as_bool().unwrap_or_default() })
}

/// Acts on what lies in pools, or goes into them.
pub(super) fn pooled(act: BulkAct, pool: Option<&str>) -> Result<Deed> {
    match act {
        BulkAct::Claim => Ok(Deed::Claim),
        BulkAct::Return => pools::deed_of(BulkPool::Return, pool),
        _ => pools::deed_of(BulkPool::Move, pool),
    }
}

fn change(object: &Object, id: Id, task: &Task) -> Change {
    let mut change = Change::of(&object.key, id, task.deed.clone()).skipping(task.skips);
    change.patch.clone_from(&task.patch);
    change.reason.clone_from(&task.reason);
    change
}

/// What became of one record.
struct Outcome {
    outcome: &'static str,
    version: Option<i64>,
    revision: Option<i64>,
    doc: Option<Json>,
}

fn outcome(result: Result<crate::save::Saved>) -> Result<Outcome> {
    let refused = |doc: Json| Outcome { outcome: "refused", version: None, revision: None, doc: Some(doc) };
    Ok(match result {
        Ok(saved) => Outcome {
            outcome: match saved.approval {
                Some(_) => PENDING,
                None if saved.changed => "saved",
                None => "unchanged",
            },
            version: Some(saved.record.version),
            revision: Some(saved.record.revision),
            doc: saved.approval.map(|approval| json!({"approval": approval.to_string()})),
        },
        Err(Error::Invalid(violations)) => refused(json!({"code": "record.invalid", "violations": violations})),
        Err(Error::Unmet(violations)) => refused(json!({"code": "stage.requirements_unmet", "violations": violations})),
        Err(Error::NotFound) => refused(json!({"code": "not_found", "violations": []})),
        Err(Error::Forbidden { .. }) => refused(json!({"code": "access.act_not_allowed", "violations": []})),
        Err(Error::Conflict { .. }) => refused(json!({"code": "record.version_conflict", "violations": []})),
        Err(other) => return Err(other),
    })
}

/// One step of the job: the next records, saved together.
pub(crate) fn step(house: &House, job: &Job, lease: Id) -> Result<Step> {
    if job.kind == Kind::Bulk && job.doc["act"] == "delete" {
        return delete_next(house, job, lease);
    }
    match some(house, job, lease, CHUNK) {
        // Something stands against them together, as a sum that would not fit: then each for itself.
        Err(Error::Invalid(_)) => match some(house, job, lease, 1) {
            Err(Error::Invalid(violations)) => refuse_next(house, job, lease, json!({"code": "record.invalid", "violations": violations})),
            other => other,
        },
        other => other,
    }
}

/// From where the act was begun.
fn origin(job: &Job) -> Origin {
    Origin::from_json(&job.doc["origin"])
}

fn some(house: &House, job: &Job, lease: Id, many: u64) -> Result<Step> {
    let Some(key) = job.object.as_deref() else { return Ok(Step::Failed("which object?".into())) };
    jobs::slice(house, job, lease, &Credential::Person(job.by), origin(job), |cx, tx| {
        let waiting = waiting(tx, job.id, many)?;
        if waiting.is_empty() {
            return Ok((None, 0, Step::Done));
        }
        let object = cx.object(key)?.clone();
        let changes = match job.kind {
            Kind::UndoBulk => waiting.iter().map(|one| undo::back(tx, &object, &job.doc, one)).collect::<Result<Vec<_>>>()?,
            _ => {
                let task = task(cx, &object, &job.doc)?;
                waiting.iter().map(|one| change(&object, one.record, &task)).collect()
            }
        };
        let results = save_all(cx, tx, &object.key, changes)?;
        for (one, result) in waiting.iter().zip(results) {
            tell(tx, job.id, one.number, &outcome(result)?)?;
        }
        Ok((None, waiting.len() as i64, Step::More))
    })
}

/// Deletes one record in a transaction of its own: what hangs on it may be much, and what is refused half-way must leave nothing behind.
fn delete_next(house: &House, job: &Job, lease: Id) -> Result<Step> {
    let Some(key) = job.object.as_deref() else { return Ok(Step::Failed("which object?".into())) };
    let done = jobs::slice(house, job, lease, &Credential::Person(job.by), origin(job), |cx, tx| {
        let Some(one) = waiting(tx, job.id, 1)?.pop() else { return Ok((None, 0, Step::Done)) };
        let object = cx.object(key)?.clone();
        let under = job.doc["skip_approval"].as_bool().unwrap_or_default().then_some(Under::Skips);
        let gone = delete(cx, tx, &object, one.record, None, (job.doc["reason"].as_str(), under))?;
        let doc = gone.approval.map(|approval| json!({"approval": approval.to_string()}));
        let outcome = if doc.is_some() { PENDING } else { "saved" };
        tell(tx, job.id, one.number, &Outcome { outcome, version: None, revision: None, doc })?;
        Ok((None, 1, Step::More))
    });
    match done {
        Err(error) => match outcome(Err(error))?.doc {
            Some(doc) => refuse_next(house, job, lease, doc),
            None => Ok(Step::More),
        },
        done => done,
    }
}

/// What deleting them would come to, one by one.
fn dry_delete(house: &House, credential: &Credential, origin: &Origin, object: &str, ids: &[Id]) -> Result<Vec<(Id, Outcome)>> {
    let mut outcomes = Vec::with_capacity(ids.len());
    for id in ids {
        let tried = house.write(credential, Limits::default(), origin, |cx, tx| {
            cx.only_asks(true);
            let object = cx.object(object)?.clone();
            tx.abandon();
            delete(cx, tx, &object, *id, None, (None, None)).map(|_| ())
        });
        outcomes.push((
            *id,
            match tried {
                Ok(()) => Outcome { outcome: "saved", version: None, revision: None, doc: None },
                Err(error) => outcome(Err(error))?,
            },
        ));
    }
    Ok(outcomes)
}

fn refuse_next(house: &House, job: &Job, lease: Id, doc: Json) -> Result<Step> {
    jobs::slice(house, job, lease, &jobs::WORKER, Via::System, |_, tx| {
        for one in waiting(tx, job.id, 1)? {
            tell(tx, job.id, one.number, &Outcome { outcome: "refused", version: None, revision: None, doc: Some(doc.clone()) })?;
        }
        Ok((None, 1, Step::More))
    })
}

pub(super) struct Waiting {
    pub number: i64,
    pub record: Id,
    pub version: Option<i64>,
    pub revision: Option<i64>,
}

fn waiting(tx: &mut Read, job: Id, limit: u64) -> Result<Vec<Waiting>> {
    let select = Query::select()
        .columns(["number", "record", "version", "revision"])
        .from("bulk_record")
        .and_where(Expr::col("job").eq(job.0))
        .and_where(Expr::col("outcome").eq("waiting"))
        .order_by("number", Order::Asc)
        .limit(limit)
        .to_owned();
    tx.all(&select)?
        .iter()
        .map(|row| Ok(Waiting { number: row.get(0)?, record: row.get(1)?, version: row.get(2)?, revision: row.get(3)? }))
        .collect()
}

fn tell(tx: &mut Write, job: Id, number: i64, outcome: &Outcome) -> Result<()> {
    tx.execute(
        Query::update()
            .table("bulk_record")
            .value("outcome", outcome.outcome)
            .value("version", outcome.version)
            .value("revision", outcome.revision)
            .value("doc", outcome.doc.as_ref().map(Json::to_string))
            .and_where(Expr::col("job").eq(job.0))
            .and_where(Expr::col("number").eq(number)),
    )?;
    Ok(())
}

pub(super) fn dry_run(house: &House, credential: &Credential, origin: &Origin, object: &str, wanted: &Bulk) -> Result<Json> {
    let ids = house.read(credential, Limits::default(), |cx, tx| {
        let object = cx.object(object)?.clone();
        choose::check(cx, tx, &object, wanted)?;
        choose::chosen(cx, tx, &object, wanted)
    })?;
    let doc = wanted.doc();
    let mut outcomes: Vec<(Id, Outcome)> = Vec::with_capacity(ids.len());
    let deletes = wanted.act == BulkAct::Delete;
    if deletes {
        outcomes = dry_delete(house, credential, origin, object, &ids)?;
    }
    for chunk in ids.chunks(CHUNK as usize).filter(|_| !deletes) {
        let some = house.write(credential, Limits::default(), origin, |cx, tx| {
            let object = cx.object(object)?.clone();
            let task = task(cx, &object, &doc)?;
            let changes = chunk.iter().map(|id| change(&object, *id, &task)).collect();
            let results = save_all(cx, tx, &object.key, changes)?;
            tx.abandon();
            results.into_iter().map(outcome).collect::<Result<Vec<Outcome>>>()
        })?;
        outcomes.extend(chunk.iter().copied().zip(some));
    }
    let count = |which: &str| outcomes.iter().filter(|(_, outcome)| outcome.outcome == which).count();
    let counts = json!({
        "id": null, "object": object, "act": wanted.act, "state": "done", "total": ids.len(), "done": ids.len(), "changed": count("saved"),
        "unchanged": count("unchanged"), "pending_approval": count(PENDING), "refused": count("refused"), "undo": false,
        "dry_run": true,
    });
    outcomes.sort_by_key(|(_, outcome)| outcome.outcome != "refused");
    outcomes.truncate(show::TOLD as usize);
    let told: Vec<(Id, &str, Option<Json>)> = outcomes.into_iter().map(|(id, one)| (id, one.outcome, one.doc)).collect();
    house.read(credential, Limits::default(), |cx, tx| {
        let mut shown = counts.clone();
        shown["results"] = show::results(cx, tx, object, &told)?;
        Ok(shown)
    })
}
