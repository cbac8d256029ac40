//! One act on many records: each judged for itself, each with its own result, all of it undone as long as nobody has gone on from there.
//!
//! The records are chosen in one snapshot with the caller's eyes and written down with the job; the job then works through them in short
//! transactions as the caller, by the same `save` as every other change.

use std::collections::{BTreeMap, BTreeSet};

use db::records::{Bin, Query as Page, Sort};
use db::{Limits, Read, Write};
use model::role::Act;
use model::{Id, Object, Patch, Via, Violation};
use sea_query::{Expr, ExprTrait, Order, Query, Value as Sql};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::jobs::{self, Job, Kind, New, Stage, Step};
use crate::records::{asked, read_fields, team};
use crate::save::{Change, Deed, save_all};
use crate::{Credential, Ctx, Error, House, Result};

/// Records of one bulk act.
const MOST: usize = 10_000;
/// Records that are saved together.
const CHUNK: u64 = 100;
/// How long the caller waits for the answer; what is left goes on behind it.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);
/// Results that are told one by one.
const TOLD: u64 = 1000;

/// `POST /records/{object}/bulk`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// The records, by id; or else all that the filter, the words and the view choose.
    #[serde(default)]
    pub ids: Option<Vec<String>>,
    #[serde(default)]
    pub filter: Option<Json>,
    #[serde(default)]
    pub q: Option<String>,
    #[serde(default)]
    pub view: Option<String>,
    /// Must be true where neither ids nor anything else narrows the choice: everything is meant.
    #[serde(default)]
    pub all: bool,
    pub act: BulkAct,
    /// With `edit`: the new values.
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// With `change_owner`.
    #[serde(default)]
    pub owner: Option<String>,
    /// With `change_owner`: the former owner stays in the team with this access.
    #[serde(default)]
    pub keep_as: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// What is done to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    Edit,
    ChangeOwner,
    Void,
    Restore,
}

impl BulkAct {
    fn right(self) -> Act {
        match self {
            BulkAct::Edit => Act::Edit,
            BulkAct::ChangeOwner => Act::ChangeOwner,
            BulkAct::Void => Act::Void,
            BulkAct::Restore => Act::Restore,
        }
    }
}

/// Begins a bulk act, works on it for a moment, and tells how it stands. A dry run judges every record and leaves no trace.
pub fn begin(house: &House, credential: &Credential, via: Via, object: &str, wanted: &Bulk) -> Result<Json> {
    if wanted.dry_run {
        return dry_run(house, credential, via, object, wanted);
    }
    let id = house.write(credential, Limits::default(), via, |cx, tx| {
        let object = cx.object(object)?.clone();
        let ids = chosen(cx, tx, &object, wanted)?;
        check(cx, tx, &object, wanted)?;
        let doc = json!({
            "act": wanted.act, "fields": wanted.fields, "owner": wanted.owner, "keep_as": wanted.keep_as, "reason": wanted.reason,
            "via": via,
        });
        let id = jobs::enqueue(cx, tx, New { doc, total: Some(ids.len() as i64), ..New::on(Kind::Bulk, &object.key, None) })?;
        note(tx, id, &ids.into_iter().map(|id| (id, None)).collect::<Vec<_>>())?;
        Ok(id)
    })?;
    jobs::run(house, id, PATIENCE)?;
    house.read(credential, Limits::default(), |cx, tx| one(cx, tx, id))
}

/// Undoes a bulk act: each record that still stands where the act left it goes back to where it was.
pub fn undo(house: &House, credential: &Credential, via: Via, id: Id) -> Result<Json> {
    let undoing = house.write(credential, Limits::default(), via, |cx, tx| {
        let job = mine(cx, tx, id)?;
        if job.kind != Kind::Bulk || job.stage != Stage::Done || job.doc["undone_by"].is_string() {
            return Err(Violation::new("bulk.cannot_be_undone", "").into());
        }
        let saved = Query::select()
            .columns(["record", "version", "revision"])
            .from("bulk_record")
            .and_where(Expr::col("job").eq(id.0))
            .and_where(Expr::col("outcome").eq("saved"))
            .order_by("number", Order::Desc)
            .to_owned();
        let rows: Vec<(Id, Option<(i64, i64)>)> =
            tx.all(&saved)?.iter().map(|row| Ok((row.get(0)?, Some((row.get(1)?, row.get(2)?))))).collect::<Result<_>>()?;
        let doc = json!({"of": id.to_string(), "act": job.doc["act"], "fields": job.doc["fields"], "via": via});
        let object = job.object.clone().unwrap_or_default();
        let undoing = jobs::enqueue(cx, tx, New { doc, total: Some(rows.len() as i64), ..New::on(Kind::UndoBulk, &object, None) })?;
        note(tx, undoing, &rows)?;
        let mut doc = job.doc.clone();
        doc["undone_by"] = undoing.to_string().into();
        tx.execute(Query::update().table("job").value("doc", doc.to_string()).and_where(Expr::col("id").eq(id.0)))?;
        Ok(undoing)
    })?;
    jobs::run(house, undoing, PATIENCE)?;
    house.read(credential, Limits::default(), |cx, tx| one(cx, tx, undoing))
}

fn mine(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Job> {
    let job = jobs::load(tx, id)?;
    let bulk = matches!(job.kind, Kind::Bulk | Kind::UndoBulk);
    if bulk && (job.by == cx.who.id || cx.is_administrator()) { Ok(job) } else { Err(Error::NotFound) }
}

/// Writes down the records of a job, with the version and revision that undoing starts from.
fn note(tx: &mut Write, job: Id, records: &[(Id, Option<(i64, i64)>)]) -> Result<()> {
    for (at, chunk) in records.chunks(1000).enumerate() {
        let rows = chunk
            .iter()
            .enumerate()
            .map(|(n, (id, from))| {
                vec![
                    Sql::from(job.0),
                    Sql::from((at * 1000 + n) as i64),
                    Sql::from(id.0),
                    Sql::from("waiting"),
                    Sql::BigInt(from.map(|(version, _)| version)),
                    Sql::BigInt(from.map(|(_, revision)| revision)),
                ]
            })
            .collect();
        tx.insert_rows("bulk_record", &["job", "number", "record", "outcome", "version", "revision"], rows)?;
    }
    Ok(())
}

/// The records that are meant, as far as the caller sees them.
fn chosen(cx: &Ctx, tx: &mut Read, object: &Object, wanted: &Bulk) -> Result<Vec<Id>> {
    let too_many = || Error::from(Violation::new("bulk.too_many", "ids").with("max", MOST));
    if let Some(ids) = &wanted.ids {
        if ids.len() > MOST {
            return Err(too_many());
        }
        let mut seen = BTreeSet::new();
        let mut read = Vec::with_capacity(ids.len());
        for id in ids {
            let id: Id = id.parse().map_err(|_| Error::from(Violation::new("field.invalid", "ids").with("expected", "ids of records")))?;
            if seen.insert(id) {
                read.push(id);
            }
        }
        return if read.is_empty() { Err(Violation::new("bulk.nothing_chosen", "ids").into()) } else { Ok(read) };
    }
    let narrowed = wanted.filter.is_some() || wanted.q.is_some() || wanted.view.is_some();
    if !narrowed && !wanted.all {
        return Err(Violation::new("bulk.nothing_chosen", "ids").into());
    }
    let filter = wanted.filter.as_ref().map(Json::to_string);
    let asked = asked(cx, tx, object, wanted.view.as_deref(), filter.as_deref(), wanted.q.as_deref())?;
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let query = Page {
            condition: asked.condition.as_ref(),
            words: asked.words.as_ref(),
            sort: Sort { field: "id".into(), descending: false },
            cursor,
            limit: 1000,
            bin: if wanted.act == BulkAct::Restore { Bin::Alone } else { Bin::Out },
        };
        let page = db::records::list(tx, &cx.meta.schema, object, &cx.scope(), &query)?;
        ids.extend(page.records.iter().map(|record| record.id));
        if ids.len() > MOST {
            return Err(too_many());
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(ids);
        }
    }
}

/// What is wrong with the request whatever the record.
fn check(cx: &Ctx, _tx: &mut Read, object: &Object, wanted: &Bulk) -> Result<()> {
    cx.must_be_allowed(wanted.act.right(), &object.key)?;
    match wanted.act {
        BulkAct::Edit => {
            if wanted.fields.is_empty() {
                return Err(Violation::new("field.required", "fields").into());
            }
            if crate::processes::concerns(object) && wanted.fields.contains_key("stage") {
                return Err(Violation::new("bulk.no_stage", "stage").into());
            }
            read_fields(cx, object, &wanted.fields)?;
        }
        BulkAct::ChangeOwner => {
            if !object.owned {
                return Err(Error::NotFound);
            }
            let owner = wanted.owner.as_deref().unwrap_or_default();
            owner.parse::<Id>().map_err(|_| Error::from(Violation::new("field.required", "owner")))?;
            if let Some(level) = &wanted.keep_as {
                team::check_level(level, "keep_as")?;
            }
        }
        BulkAct::Void | BulkAct::Restore => {}
    }
    Ok(())
}

/// What is done, as the job keeps it.
struct Task {
    deed: Deed,
    patch: Patch,
    reason: Option<String>,
}

fn task(cx: &Ctx, object: &Object, doc: &Json) -> Result<Task> {
    let act: BulkAct = serde_json::from_value(doc["act"].clone()).map_err(|e| Error::Internal(e.to_string()))?;
    let empty = Map::new();
    let (mut patch, mut deed) = (Patch::new(), Deed::Edit);
    match act {
        BulkAct::Edit => patch = read_fields(cx, object, doc["fields"].as_object().unwrap_or(&empty))?,
        BulkAct::ChangeOwner => {
            let to = doc["owner"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Error::invalid("field.required", "owner"))?;
            deed = Deed::ChangeOwner { to, keep_as: doc["keep_as"].as_str().map(str::to_owned) };
        }
        BulkAct::Void => deed = Deed::Void,
        BulkAct::Restore => deed = Deed::Restore,
    }
    Ok(Task { deed, patch, reason: doc["reason"].as_str().map(str::to_owned) })
}

fn change(object: &Object, id: Id, task: &Task) -> Change {
    let mut change = Change::of(&object.key, id, task.deed.clone());
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
            outcome: if saved.changed { "saved" } else { "unchanged" },
            version: Some(saved.record.version),
            revision: Some(saved.record.revision),
            doc: None,
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
    match some(house, job, lease, CHUNK) {
        // Something stands against them together, as a sum that would not fit: then each for itself.
        Err(Error::Invalid(_)) => match some(house, job, lease, 1) {
            Err(Error::Invalid(violations)) => refuse_next(house, job, lease, json!({"code": "record.invalid", "violations": violations})),
            other => other,
        },
        other => other,
    }
}

fn via(job: &Job) -> Via {
    serde_json::from_value(job.doc["via"].clone()).unwrap_or(Via::System)
}

fn some(house: &House, job: &Job, lease: Id, many: u64) -> Result<Step> {
    let Some(key) = job.object.as_deref() else { return Ok(Step::Failed("which object?".into())) };
    jobs::slice(house, job, lease, &Credential::Person(job.by), via(job), |cx, tx| {
        let waiting = waiting(tx, job.id, many)?;
        if waiting.is_empty() {
            return Ok((None, 0, Step::Done));
        }
        let object = cx.object(key)?.clone();
        let changes = match job.kind {
            Kind::UndoBulk => waiting.iter().map(|one| back(tx, &object, &job.doc, one)).collect::<Result<Vec<_>>>()?,
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

fn refuse_next(house: &House, job: &Job, lease: Id, doc: Json) -> Result<Step> {
    jobs::slice(house, job, lease, &jobs::WORKER, Via::System, |_, tx| {
        for one in waiting(tx, job.id, 1)? {
            tell(tx, job.id, one.number, &Outcome { outcome: "refused", version: None, revision: None, doc: Some(doc.clone()) })?;
        }
        Ok((None, 1, Step::More))
    })
}

struct Waiting {
    number: i64,
    record: Id,
    version: Option<i64>,
    revision: Option<i64>,
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

/// The change that takes one record back, told by what its history says of the act; refused where somebody has changed it since.
fn back(tx: &mut Read, object: &Object, doc: &Json, one: &Waiting) -> Result<Change> {
    let revision = one.revision.unwrap_or_default();
    let entries = db::history::list(tx, &object.key, one.record, Some(revision + 1), 1)?;
    let act: BulkAct = serde_json::from_value(doc["act"].clone()).map_err(|e| Error::Internal(e.to_string()))?;
    let old = |field: &str| {
        let changes = entries.iter().filter(|entry| entry.revision == revision).flat_map(|entry| &entry.changes);
        changes.into_iter().find(|change| change.field == field).map(|change| change.old.clone())
    };
    let deed = match act {
        BulkAct::Edit => Deed::Edit,
        BulkAct::Void => Deed::Restore,
        BulkAct::Restore => Deed::Void,
        BulkAct::ChangeOwner => match old("owner").and_then(|owner| owner.as_id()) {
            Some(to) => Deed::ChangeOwner { to, keep_as: None },
            None => Deed::Edit,
        },
    };
    let mut change = Change::of(&object.key, one.record, deed);
    change.if_version = one.version;
    if act == BulkAct::Edit {
        let given = doc["fields"].as_object().into_iter().flat_map(Map::keys);
        change.patch = given.filter_map(|field| old(field).map(|value| (field.clone(), value))).collect();
    }
    Ok(change)
}

fn dry_run(house: &House, credential: &Credential, via: Via, object: &str, wanted: &Bulk) -> Result<Json> {
    let ids = house.read(credential, Limits::default(), |cx, tx| {
        let object = cx.object(object)?.clone();
        check(cx, tx, &object, wanted)?;
        chosen(cx, tx, &object, wanted)
    })?;
    let doc = json!({
        "act": wanted.act, "fields": wanted.fields, "owner": wanted.owner, "keep_as": wanted.keep_as, "reason": wanted.reason,
    });
    let mut outcomes: Vec<(Id, Outcome)> = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK as usize) {
        let some = house.write(credential, Limits::default(), via, |cx, tx| {
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
        "unchanged": count("unchanged"), "refused": count("refused"), "undo": false, "dry_run": true,
    });
    outcomes.sort_by_key(|(_, outcome)| outcome.outcome != "refused");
    outcomes.truncate(TOLD as usize);
    let told: Vec<(Id, &str, Option<Json>)> = outcomes.into_iter().map(|(id, one)| (id, one.outcome, one.doc)).collect();
    house.read(credential, Limits::default(), |cx, tx| {
        let mut shown = counts.clone();
        shown["results"] = results(cx, tx, object, &told)?;
        Ok(shown)
    })
}

/// How a bulk act stands: whoever began it, and administrators.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let job = mine(cx, tx, id)?;
    let object = job.object.clone().unwrap_or_default();
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let grouped = Query::select()
        .column("outcome")
        .expr(Expr::cust("COUNT(1)"))
        .from("bulk_record")
        .and_where(Expr::col("job").eq(id.0))
        .group_by_col("outcome")
        .to_owned();
    for row in tx.all(&grouped)? {
        counts.insert(row.get(0)?, row.get(1)?);
    }
    let mut told: Vec<(Id, String, Option<Json>)> = Vec::new();
    for refused in [true, false] {
        let left = TOLD - told.len() as u64;
        let mut select = Query::select();
        select
            .columns(["record", "outcome", "doc"])
            .from("bulk_record")
            .and_where(Expr::col("job").eq(id.0))
            .order_by("number", Order::Asc)
            .limit(left);
        match refused {
            true => select.and_where(Expr::col("outcome").eq("refused")),
            false => select.and_where(Expr::col("outcome").is_in(["saved", "unchanged"])),
        };
        for row in tx.all(&select)? {
            let doc = row.get::<Option<String>>(2)?.and_then(|text| serde_json::from_str(&text).ok());
            told.push((row.get(0)?, row.get(1)?, doc));
        }
    }
    let count = |which: &str| counts.get(which).copied().unwrap_or(0);
    let undone = job.doc["undone_by"].is_string();
    let state = match job.stage {
        Stage::Waiting | Stage::Running => "running",
        Stage::Failed => "failed",
        Stage::Done if undone => "undone",
        Stage::Done => "done",
    };
    let told: Vec<(Id, &str, Option<Json>)> = told.iter().map(|(id, outcome, doc)| (*id, outcome.as_str(), doc.clone())).collect();
    Ok(json!({
        "id": id.to_string(), "object": object, "act": job.doc["act"], "undoes": job.doc["of"], "state": state,
        "total": job.total, "done": job.total.unwrap_or(0) - count("waiting"), "changed": count("saved"), "unchanged": count("unchanged"),
        "refused": count("refused"), "message": job.message, "dry_run": false,
        "undo": job.kind == Kind::Bulk && job.stage == Stage::Done && !undone && count("saved") > 0,
        "results": results(cx, tx, &object, &told)?,
    }))
}

fn results(cx: &Ctx, tx: &mut Read, object: &str, told: &[(Id, &str, Option<Json>)]) -> Result<Json> {
    let object = cx.object(object)?;
    let ids: Vec<Id> = told.iter().map(|(id, _, _)| *id).collect();
    let names: BTreeMap<Id, String> = db::records::names(tx, &cx.meta.schema, object, &cx.scope(), &ids)?.into_iter().collect();
    let shown = told.iter().map(|(id, outcome, doc)| {
        let mut shown = json!({"id": id.to_string(), "name": names.get(id), "result": outcome, "code": null, "violations": []});
        if let Some(doc) = doc {
            shown["code"] = doc["code"].clone();
            shown["violations"] = doc["violations"].clone();
        }
        shown
    });
    Ok(shown.collect())
}
