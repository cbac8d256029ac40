//! Saved mappings, and plans that the product ships: offered for files whose columns they know.

use std::collections::BTreeSet;

use db::{Read, Row, Write};
use model::role::Act;
use model::{Id, Instant, Violation};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::files::may_import;
use super::found::Found;
use super::options::Options;
use super::plan::Plan;
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// Templates that are listed.
const MOST: u64 = 500;
/// Characters of a name.
const LONGEST_NAME: usize = 255;

/// A template as it is given.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub name: String,
    pub options: Options,
    /// Names of the columns that it is for.
    #[serde(default)]
    pub headers: Vec<String>,
    /// For everybody who may import the object.
    #[serde(default)]
    pub shared: bool,
}

struct Kept {
    id: Id,
    object: String,
    shared: bool,
    version: i64,
    at: Instant,
    by: Id,
    template: Template,
}

impl Kept {
    fn of(row: &Row) -> Result<Kept> {
        let fault = |error: serde_json::Error| Error::Internal(format!("a stored template cannot be read: {error}"));
        Ok(Kept {
            id: row.get("id")?,
            object: row.get("object")?,
            shared: row.get::<i64>("shared")? != 0,
            version: row.get("version")?,
            at: row.get("at")?,
            by: row.get("by_id")?,
            template: serde_json::from_str(&row.get::<String>("doc")?).map_err(fault)?,
        })
    }

    fn is_mine(&self, cx: &Ctx) -> bool {
        self.by == cx.who.id || cx.is_administrator()
    }

    fn is_seen(&self, cx: &Ctx) -> bool {
        let may = cx.who.rights.may(Act::Import, &self.object) && cx.object(&self.object).is_ok();
        may && (self.by == cx.who.id || self.shared)
    }

    fn show(&self, cx: &Ctx) -> Json {
        let mine = self.is_mine(cx);
        json!({
            "id": self.id.to_string(), "name": self.template.name, "object": self.object, "options": self.template.options,
            "headers": self.template.headers, "shared": self.shared, "version": self.version, "by": self.by.to_string(),
            "updated_at": self.at.to_string(), "can": {"edit": mine, "delete": mine},
        })
    }
}

fn all(cx: &Ctx, tx: &mut Read) -> Result<Vec<Kept>> {
    let select = Query::select()
        .columns(["id", "object", "doc", "shared", "version", "at", "by_id"])
        .from("import_template")
        .order_by("name", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(MOST)
        .to_owned();
    let kept = tx.all(&select)?.iter().map(Kept::of).collect::<Result<Vec<Kept>>>()?;
    Ok(kept.into_iter().filter(|one| one.is_seen(cx)).collect())
}

fn load(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Kept> {
    let select = Query::select()
        .columns(["id", "object", "doc", "shared", "version", "at", "by_id"])
        .from("import_template")
        .and_where(Expr::col("id").eq(id.0))
        .to_owned();
    let kept = Kept::of(&tx.optional(&select)?.ok_or(Error::NotFound)?)?;
    if kept.is_seen(cx) { Ok(kept) } else { Err(Error::NotFound) }
}

/// The caller's templates, and those that others share with him.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let (kept, mut refs) = (all(cx, tx)?, Refs::default());
    kept.iter().for_each(|one| refs.note("employee", one.by));
    Ok(json!({"items": kept.iter().map(|one| one.show(cx)).collect::<Vec<_>>(), "refs": refs.names(cx, tx)?, "next_cursor": null}))
}

/// One template.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    Ok(load(cx, tx, id)?.show(cx))
}

/// Saves a new template, or another state of one.
///
/// Errors: `field.required`, [`Error::Forbidden`], [`Error::Conflict`] where somebody was faster.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, if_version: Option<i64>, wanted: &Template) -> Result<Json> {
    if let Some(id) = id {
        load(cx, tx, id)?;
    }
    may_import(cx)?;
    cx.at_large()?;
    let name = wanted.name.trim();
    if name.is_empty() || !model::text::storable(name) {
        return Err(Error::invalid("field.required", "name"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Violation::new("field.too_long", "name").with("max", LONGEST_NAME).into());
    }
    let object = cx.object(&wanted.options.object)?.key.clone();
    cx.must_be_allowed(Act::Import, &object)?;
    let doc = crate::meta::text(&Template { name: name.to_owned(), ..wanted.clone() })?;
    let shared = i64::from(wanted.shared);
    let id = match id {
        None => {
            let id = cx.new_id();
            let columns = ["id", "name", "object", "doc", "shared", "version", "at", "by_id"];
            tx.execute(Query::insert().into_table("import_template").columns(columns).values_panic([
                id.0.into(),
                name.into(),
                object.into(),
                doc.into(),
                shared.into(),
                1_i64.into(),
                cx.at.0.into(),
                cx.who.id.0.into(),
            ]))?;
            id
        }
        Some(id) => {
            let kept = load(cx, tx, id)?;
            if !kept.is_mine(cx) {
                return Err(Error::Forbidden { act: "edit".to_owned(), object: "import_template".to_owned() });
            }
            let update = Query::update()
                .table("import_template")
                .value("name", name)
                .value("object", object)
                .value("doc", doc)
                .value("shared", shared)
                .value("version", kept.version + 1)
                .value("at", cx.at.0)
                .and_where(Expr::col("id").eq(id.0))
                .and_where(Expr::col("version").eq(if_version.unwrap_or(kept.version)))
                .to_owned();
            if tx.execute(&update)? != 1 {
                let present = load(cx, tx, id)?.show(cx);
                return Err(Error::Conflict { record: Box::new(present) });
            }
            id
        }
    };
    one(cx, tx, id)
}

/// Removes a template.
pub fn remove(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    cx.at_large()?;
    if !load(cx, tx, id)?.is_mine(cx) {
        return Err(Error::Forbidden { act: "delete".to_owned(), object: "import_template".to_owned() });
    }
    tx.execute(Query::delete().from_table("import_template").and_where(Expr::col("id").eq(id.0)))?;
    Ok(())
}

/// Templates and plans whose columns a file has.
pub fn matches(cx: &Ctx, tx: &mut Read, file: &Found) -> Result<Vec<Json>> {
    let names: BTreeSet<&str> = file.names().collect();
    let mut found = Vec::new();
    for kept in all(cx, tx)? {
        let template = &kept.template;
        let needed: Vec<&str> = match template.headers.is_empty() {
            false => template.headers.iter().map(String::as_str).collect(),
            true => template.options.mapping.keys().map(String::as_str).collect(),
        };
        if !needed.is_empty() && needed.iter().all(|name| names.contains(name)) {
            found.push(json!({"template": kept.id.to_string(), "plan": null, "name": template.name, "object": kept.object}));
        }
    }
    for plan in Plan::shipped().filter_map(|name| Plan::named(name).ok()) {
        if let Some(file) = plan.file_of(&names) {
            found.push(json!({"template": null, "plan": plan.name, "name": plan.name, "file": file}));
        }
    }
    Ok(found)
}
