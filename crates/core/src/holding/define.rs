//! Making, changing and taking back rules and definitions.
//!
//! What a rule counts is counted anew in the transaction that publishes it: every other write has ended before, and none begins before it has,
//! so that the next save on every server obeys.

use db::Write;
use model::holding::{Definition, HoldingRule};
use model::{Id, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::Value as Json;

use super::document::{self, Wanted, WantedDefinition};
use super::live::{Holding, Live};
use super::{show, told};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Meta, Result, meta};

/// Saves a rule, a new one without `id`; administrators only. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    let act = if id.is_some() { "edit" } else { "create" };
    cx.administrators_only(act, "holding_rule")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let before = id.map(|id| present(cx, tx, &meta, id, seen)).transpose()?;
    let version = before.as_ref().map_or(1, |rule| rule.version + 1);
    let rule = document::read(cx, tx, &meta, wanted, id.unwrap_or_else(|| cx.new_id()), version)?;
    if before.as_ref().is_some_and(|before| before.object != rule.object) {
        return Err(Violation::new("field.fixed", "object").into());
    }
    tx.execute(
        Query::insert()
            .into_table("holding_rule")
            .columns(["id", "object", "version", "doc"])
            .values_panic([rule.id.0.into(), rule.object.as_str().into(), rule.version.into(), meta::text(&rule)?.into()])
            .on_conflict(OnConflict::column("id").update_columns(["version", "doc"]).to_owned()),
    )?;
    recount(cx, tx, &meta, &rule, &meta.holding.definition(&rule.object))?;
    audit::note(cx, tx, Note::new(act, "holding_rule").of(&rule.object).subject(&rule.name).changed(&before, &rule))?;
    show::saved(cx, tx, &rule)
}

/// Takes a rule back; administrators only.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "holding_rule")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let rule = present(cx, tx, &meta, id, seen)?;
    tx.execute(Query::delete().from_table("holding_rule").and_where(Expr::col("id").eq(id.0)).to_owned())?;
    forget(tx, &meta, &rule)?;
    let note = Note::new("delete", "holding_rule").of(&rule.object).subject(&rule.name);
    audit::note(cx, tx, note.changed(&Some(&rule), &None::<HoldingRule>))
}

/// Says when records of an object count at all; administrators only.
pub fn define(cx: &Ctx, tx: &mut Write, object: &str, seen: Option<i64>, wanted: &WantedDefinition) -> Result<Json> {
    cx.administrators_only("edit", "holding_definition")?;
    let (_, meta) = meta::publish(cx, tx)?;
    document::limited(&meta, object).map_err(|_| Error::NotFound)?;
    let before = meta.holding.definition(object);
    if seen.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { record: Box::new(show::shown_definition(&before)) });
    }
    let definition = document::definition(cx, &meta, object, wanted, before.version + 1)?;
    tx.execute(
        Query::insert()
            .into_table("holding_definition")
            .columns(["object", "version", "doc"])
            .values_panic([object.into(), definition.version.into(), meta::text(&definition)?.into()])
            .on_conflict(OnConflict::column("object").update_columns(["version", "doc"]).to_owned()),
    )?;
    for rule in meta.holding.rules(Some(object)) {
        recount(cx, tx, &meta, rule, &definition)?;
    }
    audit::note(cx, tx, Note::new("edit", "holding_definition").of(object).changed(&before, &definition))?;
    Ok(show::shown_definition(&definition))
}

/// The rule as it stands now. Errors: not there; another version than the one seen.
fn present(cx: &Ctx, tx: &mut Write, meta: &Meta, id: Id, seen: Option<i64>) -> Result<HoldingRule> {
    let rule = meta.holding.rules(None).find(|rule| rule.id == id).filter(|rule| told::is_known(cx, rule)).ok_or(Error::NotFound)?;
    match seen {
        Some(version) if version != rule.version => Err(Error::Conflict { record: Box::new(show::saved(cx, tx, rule)?) }),
        _ => Ok(rule.clone()),
    }
}

/// Counts anew what a rule counts. What is counted by asking the records needs nothing.
fn recount(cx: &Ctx, tx: &mut Write, meta: &Meta, rule: &HoldingRule, definition: &Definition) -> Result<()> {
    let Some(object) = meta.schema.object(&rule.object) else { return Ok(()) };
    let live = if rule.active { Live::of(rule, definition, &cx.system_reading_of(meta)).ok() } else { None };
    let counted = live.as_ref().and_then(Live::counted).map(|counted| counted.condition);
    Ok(db::holdings::recount(tx, &meta.schema, object, rule.id, counted.as_ref())?)
}

fn forget(tx: &mut Write, meta: &Meta, rule: &HoldingRule) -> Result<()> {
    let Some(object) = meta.schema.object(&rule.object) else { return Ok(()) };
    Ok(db::holdings::recount(tx, &meta.schema, object, rule.id, None)?)
}

/// Counts anew everything that is kept, for a database in which something has gone wrong; nobody writes meanwhile.
pub fn rebuild(cx: &Ctx, tx: &mut Write) -> Result<()> {
    let (_, meta) = meta::publish(cx, tx)?;
    let holding: &Holding = &meta.holding;
    for kept in db::holdings::kept(tx)? {
        if let Some(rule) = holding.rules(None).find(|rule| rule.id == kept) {
            forget(tx, &meta, rule)?;
        }
    }
    for rule in holding.rules(None) {
        recount(cx, tx, &meta, rule, &holding.definition(&rule.object))?;
    }
    Ok(())
}
