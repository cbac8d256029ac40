//! Flows as administrators see them.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Read;
use model::approval::{Flow, Named};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};

use super::fitting;
use crate::records::Refs;
use crate::{Ctx, Error, Result, meta};

/// Versions that are told, the latest first.
const MOST_VERSIONS: u64 = 100;

/// Every flow, topmost first, and what takes flows at all.
pub fn flows(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "approval_flow")?;
    all(cx, tx, &cx.meta.flows)
}

/// One flow.
pub fn flow(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "approval_flow")?;
    let flow = super::find(&cx.meta, id).cloned().ok_or(Error::NotFound)?;
    whole(cx, tx, &flow)
}

/// The versions of a flow, the latest first: when it was saved so, and by whom.
pub fn versions(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "approval_flow")?;
    let present = super::find(&cx.meta, id).cloned().ok_or(Error::NotFound)?;
    let select = Query::select()
        .columns(["version", "at", "by_id", "doc"])
        .from("approval_flow_version")
        .and_where(Expr::col("flow").eq(id.0))
        .order_by("version", Order::Desc)
        .limit(MOST_VERSIONS)
        .to_owned();
    let mut refs = Refs::default();
    let mut items = Vec::new();
    for row in tx.all(&select)? {
        let flow = Flow { position: present.position, ..meta::doc::<Flow>(&row)? };
        let (version, at, by): (i64, Instant, Id) = (row.get("version")?, row.get("at")?, row.get("by_id")?);
        refs.note("employee", by);
        note(&flow, &mut refs);
        items.push(json!({"version": version, "at": at.to_string(), "by": by.to_string(), "flow": document(&flow)?}));
    }
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// These flows, and what takes flows at all.
pub(super) fn all(cx: &Ctx, tx: &mut Read, flows: &[Arc<Flow>]) -> Result<Json> {
    let running = running(tx)?;
    let mut refs = Refs::default();
    let mut items = Vec::new();
    for flow in flows {
        let mut shown = document(flow)?;
        shown["running"] = running.get(&flow.id).copied().unwrap_or(0).into();
        note(flow, &mut refs);
        items.push(shown);
    }
    Ok(json!({"items": items, "objects": fitting::shown(cx), "refs": refs.names(cx, tx)?}))
}

/// A flow by itself, with the names of those whom it names.
pub(super) fn whole(cx: &Ctx, tx: &mut Read, flow: &Flow) -> Result<Json> {
    let mut refs = Refs::default();
    note(flow, &mut refs);
    let mut shown = document(flow)?;
    shown["running"] = running(tx)?.get(&flow.id).copied().unwrap_or(0).into();
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

fn document(flow: &Flow) -> Result<Json> {
    serde_json::to_value(flow).map_err(|e| Error::Internal(e.to_string()))
}

/// How many approvals of each flow run.
fn running(tx: &mut Read) -> Result<BTreeMap<Id, i64>> {
    let select = Query::select()
        .column("flow")
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .from("approval")
        .and_where(Expr::col("state").is_in(["running", "returned"]))
        .group_by_col("flow")
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok((row.get("flow")?, row.get("n")?))).collect()
}

pub(super) fn note(flow: &Flow, refs: &mut Refs) {
    for (named, _) in flow.names() {
        match named {
            Named::Person(id) => refs.note("employee", id),
            Named::Department(id) => refs.note("department", id),
            Named::Group(id) => refs.note("user_group", id),
            _ => {}
        }
    }
}
