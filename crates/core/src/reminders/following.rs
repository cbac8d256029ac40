//! Open deals follow a version of their process that has been published: when their stage is due, and who is reminded of it.
//!
//! One row waits for each process that was published and holds how far its deals have been gone through: a few at a time, in transactions of
//! their own, also after a restart. So publishing costs the same whether ten deals are under way or a hundred thousand.

use db::records::Scope;
use db::{Row, Write};
use model::process::{InForce, Process};
use model::{Id, Instant, Object, Record, Value};
use sea_query::{Expr, ExprTrait, OnConflict, Query, Value as Sql};
use serde_json::{Value as Json, json};

use super::stages::of_stage;
use super::watching::{self, Watch};
use crate::save::{Change, Deed, save_all};
use crate::{Ctx, Error, Result, approvals};

pub(super) const KIND: &str = "process_published";
const WHY: Scope<'static> = Scope::All("what follows from the version published");
/// Deals that are looked at in one transaction.
const CHUNK: u64 = 200;

/// From now on the open deals of a process follow what has just been published.
pub(crate) fn published(tx: &mut Write, process: &Process, at: Instant) -> Result<()> {
    let insert = Query::insert()
        .into_table("reminder")
        .columns(["id", "kind", "object", "record", "nth", "person", "at", "every_seconds", "params"])
        .values_panic([
            process.id.0.into(),
            KIND.into(),
            "".into(),
            process.id.0.into(),
            "".into(),
            Id::SYSTEM.0.into(),
            at.0.into(),
            Sql::BigInt(None).into(),
            "{}".into(),
        ])
        .on_conflict(OnConflict::columns(["record", "kind", "nth", "person"]).update_columns(["at", "params"]).to_owned())
        .to_owned();
    tx.execute(&insert)?;
    Ok(())
}

/// Goes on with the deals of a process; gives whether there are more.
pub(super) fn follow(cx: &Ctx, tx: &mut Write, row: &Row) -> Result<bool> {
    let (id, process): (Id, Id) = (row.get("id")?, row.get("record")?);
    let params: Json = serde_json::from_str(&row.get::<String>("params")?).unwrap_or_default();
    let after = params["after"].as_str().and_then(|text| text.parse().ok());
    let object = cx.meta.schema.object(model::objects::opportunity::KEY).ok_or(Error::NotFound)?.clone();
    let ids = db::records::ids_after(tx, &object, after, CHUNK)?;
    let concerned = |deal: &Record| deal.get("closed_at").is_null() && deal.text("sales_process") == process.to_string();
    let mut deals = db::records::load(tx, &cx.meta.schema, &object, &WHY, &ids)?;
    deals.retain(concerned);
    let open: Vec<Id> = deals.iter().map(|deal| deal.id).collect();
    if !open.is_empty() {
        // Whoever moves one of them meanwhile comes before or after, and finds or leaves what is right.
        tx.lock_rows(&[(object.rank, &object.key, open.clone())])?;
        deals = db::records::load(tx, &cx.meta.schema, &object, &WHY, &open)?;
        deals.retain(concerned);
        settle(cx, tx, &object, &deals)?;
    }
    match ids.last().filter(|_| ids.len() as u64 == CHUNK) {
        Some(last) => {
            let place = json!({"after": last.to_string()}).to_string();
            tx.execute(Query::update().table("reminder").value("params", place).and_where(Expr::col("id").eq(id.0)))?;
            Ok(true)
        }
        None => {
            tx.execute(Query::delete().from_table("reminder").and_where(Expr::col("id").eq(id.0)))?;
            Ok(false)
        }
    }
}

/// When each is due by now, and who is reminded. A deal in the recycle bin is due as any other; nobody is reminded of it.
fn settle(cx: &Ctx, tx: &mut Write, object: &Object, deals: &[Record]) -> Result<()> {
    let mut changes = Vec::new();
    let mut watches: Vec<Watch> = Vec::new();
    let pauses = approvals::pauses(tx, &deals.iter().map(|deal| deal.id).collect::<Vec<_>>())?;
    for deal in deals {
        let Some(process) = cx.meta.in_force(deal).map(InForce::process) else { continue };
        let (Some(rules), Some(entered)) = (process.stage(deal.text("stage")), deal.get("stage_entered_at").as_instant()) else { continue };
        let due_at = Value::from(approvals::due_at(cx, deal, rules, entered, &pauses, cx.at).map(Value::Instant));
        let mut after = deal.clone();
        if *deal.get("stage_due_at") != due_at && deal.text("lifecycle_status") != "voided" {
            after.set("stage_due_at", due_at.clone());
            let mut change = Change::of(&object.key, deal.id, Deed::Edit);
            change.patch.insert("stage_due_at".into(), due_at);
            changes.push(change);
        }
        watches.extend(of_stage(cx, object, None, &after));
    }
    let inner = cx.as_system("what follows from the version published");
    for saved in save_all(&inner, tx, &object.key, changes)? {
        saved?;
    }
    watching::watch_besides(cx, tx, &watches)
}
