//! Making, changing, ordering and removing a flow; administrators only.

use std::sync::Arc;

use db::Write;
use model::approval::Flow;
use model::{Id, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::document::{self, Wanted};
use super::{flows, judging};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Meta, Result, meta};

/// The body of `PUT /approval-flows/order`: every flow, topmost first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub ids: Vec<String>,
}

/// Saves a flow as a new version, a new one without `id`, which comes last. `seen` is the version that the caller worked on.
///
/// Errors: everything that stands against it, with its places.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    let act = if id.is_some() { "edit" } else { "create" };
    cx.administrators_only(act, "approval_flow")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let before = id.map(|id| present(cx, tx, &meta, id, seen)).transpose()?;
    let version = before.as_ref().map_or(1, |before| before.version + 1);
    let read = document::read(wanted, id.unwrap_or_else(|| cx.new_id()), position(&meta, before.as_ref()), version);
    let mut found = read.found;
    found.extend(judging::judge(cx, tx, &meta, &read.flow, before.as_ref(), read.whole)?);
    if !found.is_empty() {
        return Err(found.into());
    }
    let flow = read.flow;
    put(cx, tx, &flow)?;
    audit::note(cx, tx, Note::new(act, "approval_flow").of(&flow.object).subject(&flow.name).changed(&before, &flow))?;
    flows::whole(cx, tx, &flow)
}

/// What stands against a flow as it is being drawn; nothing is saved. The flow of `id` may be sent as it is.
pub fn check(cx: &Ctx, tx: &mut db::Read, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only("read", "approval_flow")?;
    let before = wanted.id.and_then(|id| super::find(&cx.meta, id)).map(|flow| Flow::clone(flow));
    let read = document::read(wanted, wanted.id.unwrap_or(document::NOBODY), position(&cx.meta, before.as_ref()), 1);
    let mut found = read.found;
    found.extend(judging::judge(cx, tx, &cx.meta, &read.flow, before.as_ref(), read.whole)?);
    Ok(json!({ "violations": found }))
}

/// Removes a flow that is not active. Its past approvals stay, and what runs goes on.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "approval_flow")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let flow = present(cx, tx, &meta, id, seen)?;
    if flow.active {
        return Err(Violation::new("approval.flow_active", "").with("flow", flow.name.as_str()).into());
    }
    tx.execute(Query::delete().from_table("approval_flow").and_where(Expr::col("id").eq(id.0)))?;
    audit::note(cx, tx, Note::new("delete", "approval_flow").of(&flow.object).subject(&flow.name).changed(&Some(&flow), &None::<Flow>))
}

/// Puts the flows into another order, which is that of precedence. Errors: one was added or removed meanwhile; with the present list.
pub fn order(cx: &Ctx, tx: &mut Write, wanted: &Order) -> Result<Json> {
    cx.administrators_only("edit", "approval_flow")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let ids: Vec<Id> = wanted.ids.iter().filter_map(|id| id.parse().ok()).collect();
    let before: Vec<Id> = meta.flows.iter().map(|flow| flow.id).collect();
    let (mut now, mut then) = (before.clone(), ids.clone());
    now.sort_unstable();
    then.sort_unstable();
    if now != then || ids.len() != wanted.ids.len() {
        return Err(Error::Conflict { record: Box::new(flows::all(cx, tx, &meta.flows)?) });
    }
    let names =
        |order: &[Id]| -> Vec<String> { order.iter().filter_map(|id| super::find(&meta, *id)).map(|flow| flow.name.clone()).collect() };
    let placed = |(n, id): (usize, &Id)| Some(Arc::new(Flow { position: n as i64 + 1, ..Flow::clone(super::find(&meta, *id)?) }));
    let ordered: Vec<Arc<Flow>> = ids.iter().enumerate().filter_map(placed).collect();
    if ids != before {
        for flow in &ordered {
            let update =
                Query::update().table("approval_flow").value("position", flow.position).and_where(Expr::col("id").eq(flow.id.0)).to_owned();
            tx.execute(&update)?;
        }
        let note = Note::new("edit", "approval_flow");
        audit::note(cx, tx, note.changed(&json!({"order": names(&before)}), &json!({"order": names(&ids)})))?;
    }
    flows::all(cx, tx, &ordered)
}

/// The flow as it stands now. Errors: not there; another version than the one seen.
fn present(cx: &Ctx, tx: &mut db::Read, meta: &Meta, id: Id, seen: Option<i64>) -> Result<Flow> {
    let flow = super::find(meta, id).map(|flow| Flow::clone(flow)).ok_or(Error::NotFound)?;
    match seen {
        Some(version) if version != flow.version => Err(Error::Conflict { record: Box::new(flows::whole(cx, tx, &flow)?) }),
        _ => Ok(flow),
    }
}

/// Where it stands: where it stood, and a new one after all others.
fn position(meta: &Meta, before: Option<&Flow>) -> i64 {
    let last = || meta.flows.iter().map(|flow| flow.position).max().unwrap_or(0);
    before.map_or_else(|| last() + 1, |before| before.position)
}

/// Writes a flow, and the version that it is now.
pub(crate) fn put(cx: &Ctx, tx: &mut Write, flow: &Flow) -> Result<()> {
    let doc = meta::text(flow)?;
    tx.execute(
        Query::insert()
            .into_table("approval_flow")
            .columns(["id", "object", "api_name", "position", "version", "doc"])
            .values_panic([
                flow.id.0.into(),
                flow.object.as_str().into(),
                flow.api_name.as_str().into(),
                flow.position.into(),
                flow.version.into(),
                doc.as_str().into(),
            ])
            .on_conflict(OnConflict::column("id").update_columns(["position", "version", "doc"]).to_owned())
            .to_owned(),
    )?;
    tx.execute(
        Query::insert()
            .into_table("approval_flow_version")
            .columns(["flow", "version", "at", "by_id", "doc"])
            .values_panic([flow.id.0.into(), flow.version.into(), cx.at.0.into(), cx.who.id.0.into(), doc.into()])
            .to_owned(),
    )?;
    Ok(())
}
