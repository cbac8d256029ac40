//! Making, changing and removing forms; administrators only.

use db::{Read, Write};
use model::Id;
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::{Value as Json, json};

use super::document::{self, Assigned, Form, Wanted};
use crate::audit::{self, Note};
use crate::records::Refs;
use crate::{Ctx, Error, Result, identity, meta};

/// All forms by name.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "web_form")?;
    let mut refs = Refs::default();
    let items: Vec<Json> = document::all(tx)?.iter().map(|form| show(form, &mut refs)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// One form.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "web_form")?;
    let form = find(tx, id)?;
    saved(cx, tx, &form)
}

fn saved(cx: &Ctx, tx: &mut Read, form: &Form) -> Result<Json> {
    let mut refs = Refs::default();
    let mut shown = show(form, &mut refs);
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

fn show(form: &Form, refs: &mut Refs) -> Json {
    if let Assigned::Person { person } = &form.assignment
        && let Ok(person) = person.parse()
    {
        refs.note("employee", person);
    }
    json!(form)
}

pub(super) fn find(tx: &mut Read, id: Id) -> Result<Form> {
    document::all(tx)?.into_iter().find(|form| form.id == id).ok_or(Error::NotFound)
}

/// Saves a form, a new one without `id`. `seen` is the version that the caller worked on. Its public key stays as long as it is there.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    let act = if id.is_some() { "edit" } else { "create" };
    cx.administrators_only(act, "web_form")?;
    // No field is put aside meanwhile.
    let (_, meta) = meta::publish(cx, tx)?;
    let before = id.map(|id| present(cx, tx, id, seen)).transpose()?;
    let version = before.as_ref().map_or(1, |form| form.version + 1);
    let known =
        before.as_ref().map_or_else(|| (cx.new_id(), identity::secret()[..32].to_owned()), |form| (form.id, form.public_key.clone()));
    let form = document::read(cx, tx, &meta, wanted, known, version)?;
    tx.execute(
        Query::insert()
            .into_table("web_form")
            .columns(["id", "public_key", "version", "doc"])
            .values_panic([form.id.0.into(), form.public_key.as_str().into(), form.version.into(), meta::text(&form)?.into()])
            .on_conflict(OnConflict::column("id").update_columns(["version", "doc"]).to_owned()),
    )?;
    audit::note(cx, tx, Note::new(act, "web_form").of("lead").subject(&form.name).changed(&before, &form))?;
    saved(cx, tx, &form)
}

/// Removes a form; what came in by it stays.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "web_form")?;
    let form = present(cx, tx, id, seen)?;
    tx.execute(Query::delete().from_table("web_form").and_where(Expr::col("id").eq(id.0)))?;
    audit::note(cx, tx, Note::new("delete", "web_form").of("lead").subject(&form.name).changed(&Some(&form), &None::<Form>))
}

fn present(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<Form> {
    let form = find(tx, id)?;
    match seen {
        Some(version) if version != form.version => Err(Error::Conflict { record: Box::new(saved(cx, tx, &form)?) }),
        _ => Ok(form),
    }
}
