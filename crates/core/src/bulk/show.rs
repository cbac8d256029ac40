//! How a bulk act stands, told to whoever began it.

use std::collections::BTreeMap;

use db::Read;
use model::Id;
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};

use super::work::PENDING;
use crate::jobs::{self, Job, Kind, Stage};
use crate::records::names_of;
use crate::{Ctx, Error, Result};

/// Results that are told one by one.
pub(super) const TOLD: u64 = 1000;

pub(super) fn mine(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Job> {
    let job = jobs::load(tx, id)?;
    let bulk = matches!(job.kind, Kind::Bulk | Kind::UndoBulk);
    if bulk && (job.by == cx.who.id || cx.is_administrator()) { Ok(job) } else { Err(Error::NotFound) }
}

/// True for what can be taken back, and has not been: what is deleted is gone, what was assigned is somebody's, and visits to stages stay.
pub(super) fn is_undoable(job: &Job) -> bool {
    let lasting = ["delete", "assign", "claim", "return", "move_pool", "move"];
    !job.doc["undone_by"].is_string() && !lasting.iter().any(|act| job.doc["act"] == *act)
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
            false => select.and_where(Expr::col("outcome").is_in(["saved", "unchanged", PENDING])),
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
        Stage::Cancelled if undone => "undone",
        Stage::Cancelled => "cancelled",
        Stage::Done if undone => "undone",
        Stage::Done => "done",
    };
    let told: Vec<(Id, &str, Option<Json>)> = told.iter().map(|(id, outcome, doc)| (*id, outcome.as_str(), doc.clone())).collect();
    Ok(json!({
        "id": id.to_string(), "object": object, "act": job.doc["act"], "undoes": job.doc["of"], "state": state,
        "total": job.total, "done": job.total.unwrap_or(0) - count("waiting"), "changed": count("saved"), "unchanged": count("unchanged"),
        "pending_approval": count(PENDING), "refused": count("refused"), "message": job.message, "dry_run": false,
        "undo": job.kind == Kind::Bulk && matches!(job.stage, Stage::Done | Stage::Failed | Stage::Cancelled) && is_undoable(&job) && count("saved") > 0,
        "results": results(cx, tx, &object, &told)?,
    }))
}

pub(super) fn results(cx: &Ctx, tx: &mut Read, object: &str, told: &[(Id, &str, Option<Json>)]) -> Result<Json> {
    let object = cx.object(object)?;
    let ids: Vec<Id> = told.iter().map(|(id, _, _)| *id).collect();
    let names: BTreeMap<Id, String> = names_of(cx, tx, object, &ids)?.into_iter().collect();
    let shown = told.iter().map(|(id, outcome, doc)| {
        let mut shown = json!({"id": id.to_string(), "name": names.get(id), "result": outcome, "code": null, "violations": []});
        if let Some(doc) = doc {
            match doc.get("approval") {
                Some(approval) => shown["approval"] = approval.clone(),
                None => {
                    shown["code"] = doc["code"].clone();
                    shown["violations"] = doc["violations"].clone();
                }
            }
        }
        shown
    });
    Ok(shown.collect())
}
