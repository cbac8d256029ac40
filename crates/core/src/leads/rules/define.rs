//! Making, changing, ordering and removing rules; administrators only.

use db::{Read, Write};
use model::{Id, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::{Value as Json, json};

use super::document::{self, LeadRule, MOST_RULES, Order, Wanted};
use super::turn;
use crate::audit::{self, Note};
use crate::records::Refs;
use crate::{Ctx, Error, Result, meta};

/// All rules in their order, each with whose turn it is.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "lead_rule")?;
    let mut refs = Refs::default();
    let rules = document::all(tx)?;
    let items = rules.iter().map(|rule| show(cx, tx, rule, &mut refs)).collect::<Result<Vec<_>>>()?;
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// One rule.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "lead_rule")?;
    let rule = document::find(tx, id)?;
    saved(cx, tx, &rule)
}

fn saved(cx: &Ctx, tx: &mut Read, rule: &LeadRule) -> Result<Json> {
    let mut refs = Refs::default();
    let mut shown = show(cx, tx, rule, &mut refs)?;
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

fn show(cx: &Ctx, tx: &mut Read, rule: &LeadRule, refs: &mut Refs) -> Result<Json> {
    rule.to.iter().for_each(|to| refs.note(to.kind.object(), to.id));
    let next = turn::next(cx, tx, rule)?.map(|person| person.id);
    next.iter().for_each(|id| refs.note("employee", *id));
    let mut shown = json!(rule);
    shown["condition"] = json!(rule.condition);
    shown["next"] = json!(next.map(|id| id.to_string()));
    Ok(shown)
}

/// Saves a rule, a new one without `id`, which comes last. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    let act = if id.is_some() { "edit" } else { "create" };
    cx.administrators_only(act, "lead_rule")?;
    // No field is put aside meanwhile, and the next lead goes by the new rule.
    let (_, meta) = meta::publish(cx, tx)?;
    let all = document::all(tx)?;
    let before = id.map(|id| present(cx, tx, id, seen)).transpose()?;
    if before.is_none() && all.len() >= MOST_RULES {
        return Err(Violation::new("lead_rule.too_many", "").with("max", MOST_RULES).into());
    }
    let version = before.as_ref().map_or(1, |rule| rule.version + 1);
    let rule = document::read(cx, tx, &meta, wanted, id.unwrap_or_else(|| cx.new_id()), version)?;
    let place = last(tx)?;
    tx.execute(
        Query::insert()
            .into_table("lead_rule")
            .columns(["id", "position", "version", "doc"])
            .values_panic([rule.id.0.into(), place.into(), rule.version.into(), meta::text(&rule)?.into()])
            .on_conflict(OnConflict::column("id").update_columns(["version", "doc"]).to_owned()),
    )?;
    audit::note(cx, tx, Note::new(act, "lead_rule").of("lead").subject(&rule.name).changed(&before, &rule))?;
    saved(cx, tx, &rule)
}

/// The place behind all others.
fn last(tx: &mut Read) -> Result<i64> {
    let most = tx.one(&Query::select().expr(Expr::cust("COALESCE(MAX(position), 0)")).from("lead_rule").to_owned())?;
    Ok(most.get::<i64>(0)? + 1)
}

/// Removes a rule.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "lead_rule")?;
    meta::publish(cx, tx)?;
    let rule = present(cx, tx, id, seen)?;
    tx.execute(Query::delete().from_table("lead_turn").and_where(Expr::col("rule").eq(id.0)))?;
    tx.execute(Query::delete().from_table("lead_rule").and_where(Expr::col("id").eq(id.0)))?;
    audit::note(cx, tx, Note::new("delete", "lead_rule").of("lead").subject(&rule.name).changed(&Some(&rule), &None::<LeadRule>))
}

/// Puts the rules in another order. Error: it is not an order of all rules that there are, since somebody has added or removed one.
pub fn order(cx: &Ctx, tx: &mut Write, wanted: &Order) -> Result<Json> {
    cx.administrators_only("edit", "lead_rule")?;
    meta::publish(cx, tx)?;
    let rules = document::all(tx)?;
    let ids: Vec<Id> = wanted.ids.iter().filter_map(|id| id.parse().ok()).collect();
    let (mut now, mut then): (Vec<Id>, Vec<Id>) = (rules.iter().map(|rule| rule.id).collect(), ids.clone());
    now.sort_unstable();
    then.sort_unstable();
    if now != then || ids.len() != wanted.ids.len() {
        return Err(Error::Conflict { record: Box::new(list(cx, tx)?) });
    }
    for (position, id) in ids.iter().enumerate() {
        let position = position as i64 + 1;
        tx.execute(Query::update().table("lead_rule").value("position", position).and_where(Expr::col("id").eq(id.0)))?;
    }
    let names = |order: &[Id]| -> Vec<String> {
        order.iter().filter_map(|id| rules.iter().find(|rule| rule.id == *id)).map(|rule| rule.name.clone()).collect()
    };
    let before: Vec<Id> = rules.iter().map(|rule| rule.id).collect();
    audit::note(
        cx,
        tx,
        Note::new("edit", "lead_rule").of("lead").changed(&json!({"order": names(&before)}), &json!({"order": names(&ids)})),
    )?;
    list(cx, tx)
}

/// The rule as it stands now. Errors: not there; another version than the one seen.
fn present(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<LeadRule> {
    let rule = document::find(tx, id)?;
    match seen {
        Some(version) if version != rule.version => Err(Error::Conflict { record: Box::new(saved(cx, tx, &rule)?) }),
        _ => Ok(rule),
    }
}
