//! Making, changing and taking back a rule.

use db::records::Bin;
use db::records::Scope;
use db::{Read, Write};
use model::sharing::SharingRule;
use model::{Id, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::{Value as Json, json};

use super::document::{self, Preview, Wanted};
use super::keep::settle_ids;
use super::live::{self, Live};
use super::show;
use crate::audit::{self, Note};
use crate::jobs::{self, Kind, New};
use crate::{Ctx, Error, Meta, Result, meta};

/// Records that are given with the rule itself; more are left to a job, so that nobody waits.
const AT_ONCE: u32 = 1000;

/// How many records a condition means; administrators only.
pub fn preview(cx: &Ctx, tx: &mut Read, wanted: &Preview) -> Result<Json> {
    cx.administrators_only("read", "sharing_rule")?;
    let (object, condition) = document::meant(cx, wanted)?;
    let every = Scope::All("how many records a rule would give");
    Ok(json!({"records": db::records::count(tx, &cx.meta.schema, object, &every, Some(&condition), None, Bin::Out)?}))
}

/// Saves a rule, a new one without `id`, and gives what it gives; administrators only. `seen` is the version that the caller worked on. With
/// the job that goes on behind it where many records are concerned.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<(Json, Option<Id>)> {
    cx.administrators_only(if id.is_some() { "edit" } else { "create" }, "sharing_rule")?;
    // Whoever writes a record meanwhile has ended, or waits and goes by the new rule.
    let (_, meta) = meta::publish(cx, tx)?;
    let before = id.map(|id| present(cx, tx, id, seen)).transpose()?;
    let version = before.as_ref().map_or(1, |rule| rule.version + 1);
    let rule = document::read(cx, tx, &meta, wanted, id.unwrap_or_else(|| cx.new_id()), version)?;
    if before.as_ref().is_some_and(|before| before.object != rule.object) {
        return Err(Violation::new("field.fixed", "object").into());
    }
    put(tx, &rule)?;
    let act = if before.is_some() { "edit" } else { "create" };
    audit::note(cx, tx, Note::new(act, "sharing_rule").of(&rule.object).subject(&rule.name).changed(&before, &rule))?;
    let same = before.as_ref().is_some_and(|before| gives_the_same(before, &rule));
    let job = if same { None } else { give(cx, tx, &meta, &rule, false)? };
    Ok((show::saved(cx, tx, &rule)?, job))
}

fn gives_the_same(a: &SharingRule, b: &SharingRule) -> bool {
    let named_alike = SharingRule { name: a.name.clone(), version: a.version, ..b.clone() };
    *a == named_alike
}

/// Takes a rule back with all that it has given; administrators only.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<Option<Id>> {
    cx.administrators_only("delete", "sharing_rule")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let rule = SharingRule { active: false, ..present(cx, tx, id, seen)? };
    tx.execute(Query::update().table("sharing_rule").value("removed", 1_i64).and_where(Expr::col("id").eq(id.0)))?;
    audit::note(
        cx,
        tx,
        Note::new("delete", "sharing_rule").of(&rule.object).subject(&rule.name).changed(&Some(&rule), &None::<SharingRule>),
    )?;
    let job = give(cx, tx, &meta, &rule, true)?;
    if job.is_none() {
        forget(tx, id)?;
    }
    Ok(job)
}

/// Removes the rule itself.
pub(super) fn forget(tx: &mut Write, id: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("sharing_rule").and_where(Expr::col("id").eq(id.0)).and_where(Expr::col("removed").eq(1_i64)))?;
    Ok(())
}

/// The rule as it stands now. Errors: not there; another version than the one seen.
fn present(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<SharingRule> {
    let mut select = live::select();
    select.and_where(Expr::col("id").eq(id.0)).and_where(Expr::col("removed").eq(0_i64));
    let rule = tx.optional(&select)?.as_ref().map(live::read).transpose()?;
    let rule = rule.filter(|rule| document::is_known(cx, rule)).ok_or(Error::NotFound)?;
    match seen {
        Some(version) if version != rule.version => Err(Error::Conflict { record: Box::new(show::saved(cx, tx, &rule)?) }),
        _ => Ok(rule),
    }
}

fn put(tx: &mut Write, rule: &SharingRule) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("sharing_rule")
            .columns(["id", "object", "version", "doc", "removed"])
            .values_panic([rule.id.0.into(), rule.object.as_str().into(), rule.version.into(), meta::text(rule)?.into(), 0_i64.into()])
            .on_conflict(OnConflict::column("id").update_columns(["version", "doc"]).to_owned()),
    )?;
    Ok(())
}

/// Gives what the rule now gives and takes what it gave: at once, or by the job that is the answer.
fn give(cx: &Ctx, tx: &mut Write, meta: &Meta, rule: &SharingRule, removed: bool) -> Result<Option<Id>> {
    let id = rule.id.to_string();
    jobs::cancel(cx, tx, &rule.object, Some(&id), &[Kind::Share])?;
    let Some(object) = meta.schema.object(&rule.object) else { return Ok(None) };
    let now = Live::of(rule, &cx.system_reading_of(meta));
    let condition = now.as_ref().map(Live::condition);
    let ids = db::access::concerned(tx, &meta.schema, object, &live::why(rule.id), condition, None, AT_ONCE + 1)?;
    if ids.len() > AT_ONCE as usize {
        let doc = json!({ "removed": removed });
        return Ok(Some(jobs::enqueue(cx, tx, New { doc, ..New::on(Kind::Share, &rule.object, Some(&id)) })?));
    }
    let mut rules: Vec<Live> = meta.sharing.get(&rule.object).cloned().unwrap_or_default();
    rules.retain(|live| live.rule.id != rule.id);
    rules.extend(now);
    settle_ids(cx, tx, object, &rules, &ids)?;
    Ok(None)
}
