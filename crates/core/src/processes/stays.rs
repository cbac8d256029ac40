//! Stage stays: one row for each visit of a deal to a stage. Written by `save` alone.

use std::collections::{BTreeMap, HashMap};

use db::{Read, Row, Write};
use model::process::{How, Stay};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};

use crate::records::{self, Refs};
use crate::{Ctx, Error, Result, stage_tasks};

const COLUMNS: [&str; 15] = [
    "id",
    "opportunity",
    "process",
    "process_version",
    "stage",
    "run",
    "entered_at",
    "left_at",
    "to_stage",
    "entered_by",
    "left_by",
    "how",
    "reason",
    "skipped",
    "bypassed",
];

/// The stays of these deals, oldest first.
pub(crate) fn load(tx: &mut Read, deals: &[Id]) -> Result<BTreeMap<Id, Vec<Stay>>> {
    let mut stays: BTreeMap<Id, Vec<Stay>> = BTreeMap::new();
    for chunk in deals.chunks(500) {
        let rows = tx.all(
            Query::select()
                .columns(COLUMNS)
                .from("stage_stay")
                .and_where(Expr::col("opportunity").is_in(chunk.iter().map(|id| id.0)))
                .order_by("opportunity", Order::Asc)
                .order_by("entered_at", Order::Asc),
        )?;
        for row in &rows {
            let stay = read(row)?;
            stays.entry(stay.opportunity).or_default().push(stay);
        }
    }
    Ok(stays)
}

/// The same, as far as the analysis asks of them: where a deal was, when, and where it went; nothing of who moved it and why.
pub(crate) fn visits(tx: &mut Read, deals: &[Id]) -> Result<HashMap<Id, Vec<Stay>>> {
    let mut stays: HashMap<Id, Vec<Stay>> = HashMap::with_capacity(deals.len());
    for chunk in deals.chunks(500) {
        let rows = tx.all(
            Query::select()
                .columns(["id", "opportunity", "process", "stage", "run", "entered_at", "left_at", "to_stage"])
                .from("stage_stay")
                .and_where(Expr::col("opportunity").is_in(chunk.iter().map(|id| id.0))),
        )?;
        for row in &rows {
            let stay = Stay {
                id: row.get(0)?,
                opportunity: row.get(1)?,
                process: row.get(2)?,
                process_version: 0,
                stage: row.get(3)?,
                run: row.get(4)?,
                entered_at: Instant(row.get(5)?),
                left_at: row.get::<Option<i64>>(6)?.map(Instant),
                to_stage: row.get(7)?,
                entered_by: Id::SYSTEM,
                left_by: None,
                how: How::Start,
                reason: None,
                skipped: Vec::new(),
                bypassed: Vec::new(),
            };
            stays.entry(stay.opportunity).or_default().push(stay);
        }
    }
    Ok(stays)
}

fn read(row: &Row) -> Result<Stay> {
    let how: String = row.get("how")?;
    let skipped: String = row.get("skipped")?;
    let bypassed: Option<String> = row.get("bypassed")?;
    Ok(Stay {
        id: row.get("id")?,
        opportunity: row.get("opportunity")?,
        process: row.get("process")?,
        process_version: row.get("process_version")?,
        stage: row.get("stage")?,
        run: row.get("run")?,
        entered_at: Instant(row.get("entered_at")?),
        left_at: row.get::<Option<i64>>("left_at")?.map(Instant),
        to_stage: row.get("to_stage")?,
        entered_by: row.get("entered_by")?,
        left_by: row.get("left_by")?,
        how: How::from_key(&how).ok_or_else(|| Error::Internal(format!("a stay entered by “{how}”")))?,
        reason: row.get("reason")?,
        skipped: serde_json::from_str(&skipped).map_err(|e| Error::Internal(e.to_string()))?,
        bypassed: bypassed.map_or(Ok(Vec::new()), |codes| serde_json::from_str(&codes)).map_err(|e| Error::Internal(e.to_string()))?,
    })
}

/// Closes the stays that are left and begins those entered.
pub(crate) fn write(tx: &mut Write, left: &[Stay], entered: &[Stay]) -> Result<()> {
    for stay in left {
        tx.execute(
            Query::update()
                .table("stage_stay")
                .value("left_at", stay.left_at.map(|at| at.0))
                .value("to_stage", stay.to_stage.clone())
                .value("left_by", stay.left_by.map(|id| id.0))
                .and_where(Expr::col("id").eq(stay.id.0)),
        )?;
    }
    let rows = entered
        .iter()
        .map(|stay| {
            let keys = |keys: &Vec<String>| serde_json::to_string(keys).map_err(|e| Error::Internal(e.to_string()));
            let bypassed = if stay.bypassed.is_empty() { None } else { Some(keys(&stay.bypassed)?) };
            Ok(vec![
                stay.id.0.into(),
                stay.opportunity.0.into(),
                stay.process.0.into(),
                stay.process_version.into(),
                stay.stage.as_str().into(),
                stay.run.into(),
                stay.entered_at.0.into(),
                stay.left_at.map(|at| at.0).into(),
                stay.to_stage.clone().into(),
                stay.entered_by.0.into(),
                stay.left_by.map(|id| id.0).into(),
                stay.how.key().into(),
                stay.reason.clone().into(),
                keys(&stay.skipped)?.into(),
                bypassed.into(),
            ])
        })
        .collect::<Result<Vec<Vec<sea_query::Value>>>>()?;
    tx.insert_rows("stage_stay", &COLUMNS, rows)?;
    Ok(())
}

/// Removes the visits of deals that are deleted for good: they count in no figure any more.
pub(crate) fn remove(tx: &mut Write, deals: &[Id]) -> Result<()> {
    for chunk in deals.chunks(500) {
        let delete =
            Query::delete().from_table("stage_stay").and_where(Expr::col("opportunity").is_in(chunk.iter().map(|id| id.0))).to_owned();
        tx.execute(&delete)?;
    }
    Ok(())
}

/// The stage history of a deal, oldest first.
pub fn list(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let object = cx.object("opportunity")?.clone();
    records::load(cx, tx, &object, id)?;
    if crate::veil::hides(cx, &object.key, "stage") {
        return Err(crate::Error::NotFound);
    }
    let stays = load(tx, &[id])?.remove(&id).unwrap_or_default();
    let knows_process = !crate::veil::hides(cx, &object.key, "sales_process");
    let process = |stay: &Stay| {
        let process = cx.meta.process(&stay.process.to_string()).filter(|_| knows_process)?;
        Some(json!({"id": process.id.to_string(), "name": process.name}))
    };
    let tasks = stage_tasks::load(tx, &[id])?.remove(&id).unwrap_or_default();
    let tasks_of = |stay: &Stay| -> Vec<Json> {
        let of_stay = tasks.iter().filter(|task| task.stay == stay.id);
        of_stay
            .map(|task| json!({"id": task.id.to_string(), "name": task.name, "required": task.required, "state": task.state.key()}))
            .collect()
    };
    let mut refs = Refs::default();
    let items: Vec<Json> = stays
        .iter()
        .map(|stay| {
            refs.note("employee", stay.entered_by);
            stay.left_by.iter().for_each(|by| refs.note("employee", *by));
            json!({
                "stage": stay.stage, "entered_at": stay.entered_at.to_string(), "left_at": stay.left_at.map(|at| at.to_string()),
                "seconds": if stay.is_terminal() { None } else { Some(stay.seconds(cx.at)) }, "terminal": stay.is_terminal(),
                "to_stage": stay.to_stage, "entered_by": stay.entered_by.to_string(), "left_by": stay.left_by.map(|by| by.to_string()),
                "how": stay.how.key(), "reason": stay.reason, "skipped": stay.skipped, "run": stay.run,
                "bypassed": stay.bypassed, "process": process(stay), "process_version": stay.process_version, "tasks": tasks_of(stay),
            })
        })
        .collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}
