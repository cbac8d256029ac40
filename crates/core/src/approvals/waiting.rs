//! The approval of a record that runs, as the record itself tells of it.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::approval::{Flow, Run, Trigger};
use model::process::Pending;
use model::{Id, Record};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};

use super::{can, seen, waits_for};
use crate::notices::deputies::Standing;
use crate::records::Refs;
use crate::{Ctx, Error, Result, meta, veil};

/// What a record's page shows of its approval; null where none runs. Asked for only where the record says that it waits.
pub(crate) fn awaited(cx: &Ctx, tx: &mut Read, record: &Record, refs: &mut Refs) -> Result<Json> {
    if waits_for(record).is_none() {
        return Ok(Json::Null);
    }
    let select = Query::select()
        .columns([("approval", "id"), ("approval", "what"), ("approval", "state"), ("approval", "asks"), ("approval", "run")])
        .column(("approval_flow_version", "doc"))
        .from("approval")
        .inner_join(
            "approval_flow_version",
            Expr::col(("approval_flow_version", "flow"))
                .equals(("approval", "flow"))
                .and(Expr::col(("approval_flow_version", "version")).equals(("approval", "flow_version"))),
        )
        .and_where(Expr::col(("approval", "record")).eq(record.id.0))
        .and_where(Expr::col(("approval", "ended_at")).is_null())
        .to_owned();
    let Some(row) = tx.optional(&select)? else { return Ok(Json::Null) };
    let unreadable = |e: serde_json::Error| Error::Internal(format!("a stored approval cannot be read: {e}"));
    let run: Run = serde_json::from_str(&row.get::<String>("run")?).map_err(unreadable)?;
    let asks: Json = serde_json::from_str(&row.get::<String>("asks")?).map_err(unreadable)?;
    let flow: Flow = meta::doc(&row)?;
    let stands_in_for: BTreeSet<Id> = Standing::load(cx, tx)?.by_person(cx.who.id).into_iter().collect();
    let by = seen::by(cx, &stands_in_for, Some(record));
    let mine = |person: Id| person == by.id || stands_in_for.contains(&person);
    let task = run.open().find(|(_, task)| mine(task.person)).map(|(n, _)| n);
    let waiting: BTreeSet<Id> = run.open().map(|(_, task)| task.person).collect();
    waiting.iter().for_each(|person| refs.note("employee", *person));
    let stage = if veil::hides(cx, &record.object, "stage") { Json::Null } else { asks["stage"].clone() };
    Ok(json!({
        "id": row.get::<Id>("id")?.to_string(), "what": row.get::<String>("what")?, "state": row.get::<String>("state")?,
        "to_stage": stage, "waiting_for": waiting.iter().map(ToString::to_string).collect::<Vec<_>>(), "can": can::can(&flow, &run, &by, task),
    }))
}

/// The stage approvals that run, of deals: where each leads. Asked for only of those that say that they wait for one.
pub(crate) fn pending(tx: &mut Read, records: &[&Record]) -> Result<BTreeMap<Id, Pending>> {
    let waiting: Vec<Id> = records.iter().filter(|record| waits_for(record) == Some(Trigger::Stage)).map(|record| record.id).collect();
    let mut found = BTreeMap::new();
    for chunk in waiting.chunks(500) {
        let select = Query::select()
            .columns(["id", "record", "asks"])
            .from("approval")
            .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
            .and_where(Expr::col("ended_at").is_null())
            .to_owned();
        for row in tx.all(&select)? {
            let asks: Json = serde_json::from_str(&row.get::<String>("asks")?).map_err(|e| Error::Internal(e.to_string()))?;
            let to = asks["stage"].as_str().unwrap_or_default().to_owned();
            found.insert(row.get("record")?, Pending { approval: row.get("id")?, to });
        }
    }
    Ok(found)
}
