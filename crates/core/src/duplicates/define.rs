//! Making, changing and removing rules; administrators only.

use db::{Read, Write};
use model::duplicate::DuplicateRule;
use model::{Id, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::{Value as Json, json};

use super::document::{self, MOST_RULES, WantedRule};
use super::{index, live};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, identity, meta};

/// All rules, by object and name.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "duplicate_rule")?;
    let items: Vec<Json> = live::all(tx)?.iter().map(|(rule, _)| json!(rule)).collect();
    Ok(json!({"items": items, "refs": {}, "next_cursor": null}))
}

/// One rule.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "duplicate_rule")?;
    Ok(json!(live::find(tx, id)?))
}

/// Saves a rule, a new one without `id`. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &WantedRule) -> Result<Json> {
    let act = if id.is_some() { "edit" } else { "create" };
    cx.administrators_only(act, "duplicate_rule")?;
    // Whoever saves a record meanwhile has ended, or waits and is judged by the new rule; and no field is put aside.
    let (_, meta) = meta::publish(cx, tx)?;
    let before = id.map(|id| present(tx, id, seen)).transpose()?;
    if before.is_none() && live::all(tx)?.len() >= MOST_RULES {
        return Err(Violation::new("duplicate.too_many_rules", "").with("max", MOST_RULES).into());
    }
    let version = before.as_ref().map_or(1, |rule| rule.version + 1);
    let rule = document::read(cx, &meta, wanted, id.unwrap_or_else(|| cx.new_id()), version)?;
    if before.as_ref().is_some_and(|before| before.object != rule.object) {
        return Err(Violation::new("field.fixed", "object").into());
    }
    put(tx, &rule)?;
    index::settle_parts(cx, tx, &meta)?;
    audit::note(cx, tx, Note::new(act, "duplicate_rule").of(&rule.object).subject(&rule.name).changed(&before, &rule))?;
    Ok(json!(rule))
}

/// Stores a rule; what seals its tokens stays.
pub(super) fn put(tx: &mut Write, rule: &DuplicateRule) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("duplicate_rule")
            .columns(["id", "object", "version", "secret", "doc"])
            .values_panic([
                rule.id.0.into(),
                rule.object.as_str().into(),
                rule.version.into(),
                identity::secret().into(),
                meta::text(rule)?.into(),
            ])
            .on_conflict(OnConflict::column("id").update_columns(["version", "doc"]).to_owned()),
    )?;
    Ok(())
}

/// Removes a rule. What went on over it is kept.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "duplicate_rule")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let rule = present(tx, id, seen)?;
    tx.execute(Query::delete().from_table("duplicate_rule").and_where(Expr::col("id").eq(id.0)))?;
    index::settle_parts(cx, tx, &meta)?;
    let note = Note::new("delete", "duplicate_rule").of(&rule.object).subject(&rule.name);
    audit::note(cx, tx, note.changed(&Some(&rule), &None::<DuplicateRule>))
}

/// The rule as it stands now. Errors: not there; another version than the one seen.
fn present(tx: &mut Write, id: Id, seen: Option<i64>) -> Result<DuplicateRule> {
    let rule = live::find(tx, id)?;
    match seen {
        Some(version) if version != rule.version => Err(Error::Conflict { record: Box::new(json!(rule)) }),
        _ => Ok(rule),
    }
}
