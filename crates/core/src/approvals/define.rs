//! Making, changing and removing a flow; administrators only.

use db::Write;
use model::approval::{Flow, check};
use model::{Id, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::Value as Json;

use super::show;
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, meta};

/// Saves a flow as a new version, a new one without `id`. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Flow) -> Result<Json> {
    let act = if id.is_some() { "edit" } else { "create" };
    cx.administrators_only(act, "approval_flow")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let before = match id {
        Some(id) => Some(super::find(&meta, id).cloned().ok_or(Error::NotFound)?),
        None => None,
    };
    if let Some(before) = &before
        && seen.is_some_and(|seen| seen != before.version)
    {
        return Err(Error::Conflict { record: Box::new(show::flow_document(before)?) });
    }
    let mut flow = wanted.clone();
    flow.id = id.unwrap_or_else(|| cx.new_id());
    flow.version = before.as_ref().map_or(1, |before| before.version + 1);
    let object =
        meta.schema.object(&flow.object).ok_or_else(|| Violation::new("field.unknown", "object").with("field", flow.object.as_str()))?;
    let mut found = check(&flow, object);
    if flow.api_name.is_empty() {
        found.push(Violation::new("field.required", "api_name"));
    }
    if meta.flows.iter().any(|other| other.id != flow.id && other.api_name == flow.api_name) {
        found.push(Violation::new("field.not_unique", "api_name").with("value", flow.api_name.as_str()));
    }
    if before.as_ref().is_some_and(|before| before.api_name != flow.api_name) {
        found.push(Violation::new("field.fixed", "api_name"));
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    let doc = meta::text(&flow)?;
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
    let changed = before.as_deref().cloned();
    audit::note(cx, tx, Note::new(act, "approval_flow").of(&flow.object).subject(&flow.name).changed(&changed, &flow))?;
    show::flow_document(&flow)
}

/// Removes a flow that is not active. Its past approvals stay, and what runs goes on.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "approval_flow")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let flow = super::find(&meta, id).cloned().ok_or(Error::NotFound)?;
    if seen.is_some_and(|seen| seen != flow.version) {
        return Err(Error::Conflict { record: Box::new(show::flow_document(&flow)?) });
    }
    if flow.active {
        return Err(Violation::new("approval.flow_active", "").into());
    }
    tx.execute(Query::delete().from_table("approval_flow").and_where(Expr::col("id").eq(id.0)).to_owned())?;
    audit::note(cx, tx, Note::new("delete", "approval_flow").of(&flow.object).subject(&flow.name).changed(&Some(&*flow), &None::<Flow>))
}
