//! The approval of a record that runs, as the record itself tells of it.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Row};
use model::approval::{Flow, Run, Trigger};
use model::process::Pending;
use model::{Id, Record};
use sea_query::{Expr, ExprTrait, Query, SelectStatement};
use serde_json::{Value as Json, json};

use super::{can, list, seen, waits_for};
use crate::notices::deputies::Standing;
use crate::records::Refs;
use crate::{Ctx, Error, Result, meta, veil};

/// Ids in one statement.
const CHUNK: usize = 500;

/// What a record's page shows of its approval; null where none runs. Asked for only where the record says that it waits.
pub(crate) fn awaited(cx: &Ctx, tx: &mut Read, record: &Record, refs: &mut Refs) -> Result<Json> {
    if waits_for(record).is_none() {
        return Ok(Json::Null);
    }
    let mut select = running();
    select
        .column(("approval_flow_version", "doc"))
        .inner_join(
            "approval_flow_version",
            Expr::col(("approval_flow_version", "flow"))
                .equals(("approval", "flow"))
                .and(Expr::col(("approval_flow_version", "version")).equals(("approval", "flow_version"))),
        )
        .and_where(Expr::col(("approval", "record")).eq(record.id.0));
    let Some(row) = tx.optional(&select)? else { return Ok(Json::Null) };
    let Awaited { run, mut told, .. } = Awaited::read(cx, &record.object, &row, refs)?;
    let flow: Flow = meta::doc(&row)?;
    let stands_in_for: BTreeSet<Id> = Standing::load(cx, tx)?.by_person(cx.who.id).into_iter().collect();
    let by = seen::by(cx, &stands_in_for, Some(record));
    let mine = |person: Id| person == by.id || stands_in_for.contains(&person);
    let task = run.open().find(|(_, task)| mine(task.person)).map(|(n, _)| n);
    told["can"] = can::can(&flow, &run, &by, task).into();
    Ok(told)
}

/// The same of the rows of a list or a board, without what one may do with it. Asked for only of those that say that they wait.
pub(crate) fn awaited_by(cx: &Ctx, tx: &mut Read, object: &str, records: &[Record], refs: &mut Refs) -> Result<BTreeMap<Id, Json>> {
    let waiting: Vec<Id> = records.iter().filter(|record| waits_for(record).is_some()).map(|record| record.id).collect();
    let mut found = BTreeMap::new();
    for chunk in waiting.chunks(CHUNK) {
        let mut select = running();
        select.and_where(Expr::col(("approval", "record")).is_in(chunk.iter().map(|id| id.0)));
        for row in tx.all(&select)? {
            let Awaited { record, told, .. } = Awaited::read(cx, object, &row, refs)?;
            found.insert(record, told);
        }
    }
    Ok(found)
}

/// An approval that runs, by the record that waits for it.
struct Awaited {
    record: Id,
    run: Run,
    /// For what it waits, and with whom that lies.
    told: Json,
}

fn running() -> SelectStatement {
    let of = |column| ("approval", column);
    let columns = ["id", "record", "what", "state", "asks", "run"].map(of);
    Query::select().columns(columns).from("approval").and_where(Expr::col(of("ended_at")).is_null()).to_owned()
}

impl Awaited {
    fn read(cx: &Ctx, object: &str, row: &Row, refs: &mut Refs) -> Result<Self> {
        let unreadable = |e: serde_json::Error| Error::Internal(format!("a stored approval cannot be read: {e}"));
        let run: Run = serde_json::from_str(&row.get::<String>("run")?).map_err(unreadable)?;
        let asks: Json = serde_json::from_str(&row.get::<String>("asks")?).map_err(unreadable)?;
        let turn = list::turn_of(&run);
        turn.iter().for_each(|person| refs.note("employee", *person));
        let stage = if veil::hides(cx, object, "stage") { &Json::Null } else { &asks["stage"] };
        let told = json!({
            "id": row.get::<Id>("id")?.to_string(), "what": row.get::<String>("what")?, "state": row.get::<String>("state")?,
            "to_stage": stage, "waiting_for": turn.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        Ok(Self { record: row.get("record")?, run, told })
    }
}

/// The stage approvals that run, of deals: where each leads. Asked for only of those that say that they wait for one.
pub(crate) fn pending(tx: &mut Read, records: &[&Record]) -> Result<BTreeMap<Id, Pending>> {
    let waiting: Vec<Id> = records.iter().filter(|record| waits_for(record) == Some(Trigger::Stage)).map(|record| record.id).collect();
    let mut found = BTreeMap::new();
    for chunk in waiting.chunks(CHUNK) {
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
