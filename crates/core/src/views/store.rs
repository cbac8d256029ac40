//! Views as they are kept.

use std::collections::BTreeMap;

use db::{Read, Row, Write};
use model::condition::{Mentioned, of_path};
use model::role::FieldAccess;
use model::{Condition, Id, Schema};
use sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};

use super::document::{Document, Scope, is_column};
use crate::{Ctx, Error, Result, meta};

/// A saved view.
#[derive(Clone, Debug)]
pub struct View {
    pub id: Id,
    pub owner: Id,
    pub version: i64,
    pub document: Document,
}

impl View {
    /// True for its owner, and for those with whom it is shared.
    pub(super) fn is_within_reach(&self, cx: &Ctx) -> bool {
        self.document.sharing.reaches(cx, self.owner)
    }

    /// True when the caller may know of everything by which it chooses and orders.
    pub(super) fn is_known(&self, cx: &Ctx) -> bool {
        let known = |(object, field): &(String, String)| {
            let field = cx.meta.schema.object(object).and_then(|object| object.field(field));
            field.is_some_and(|field| cx.who.rights.field(object, field) > FieldAccess::Hidden)
        };
        cx.object(&self.document.object).is_ok() && self.chooses_by(&cx.meta.schema).iter().all(known)
    }

    /// Every field that decides which records it shows and in which order: of its filter, across references too, its sort, its group.
    pub(super) fn chooses_by(&self, schema: &Schema) -> Mentioned {
        let document = &self.document;
        let condition = document.filter.as_ref().and_then(|json| Condition::from_json(json).ok());
        let mut fields = condition.map(|condition| condition.mentions(&document.object, schema)).unwrap_or_default();
        let sort = document.sort.as_deref().map(|sort| sort.strip_prefix('-').unwrap_or(sort));
        for key in sort.into_iter().chain(document.group.as_deref()) {
            fields.extend(of_path(key, &document.object, schema));
        }
        fields
    }

    /// Its columns, without those that the caller may not know of.
    pub(crate) fn known_columns(&self, cx: &Ctx) -> Vec<&str> {
        let Ok(object) = cx.object(&self.document.object) else { return Vec::new() };
        self.document.columns.iter().map(String::as_str).filter(|column| is_column(cx, object, column)).collect()
    }
}

fn columns() -> SelectStatement {
    Query::select().columns(["id", "owner", "version", "doc"]).from("view").to_owned()
}

fn read(row: &Row) -> Result<View> {
    let text: String = row.get("doc")?;
    let document = serde_json::from_str(&text).map_err(|e| Error::Internal(format!("a stored view cannot be read: {e}")))?;
    Ok(View { id: row.get("id")?, owner: row.get("owner")?, version: row.get("version")?, document })
}

pub(super) fn load(tx: &mut Read, id: Id) -> Result<Option<View>> {
    tx.optional(columns().and_where(Expr::col("id").eq(id.0)))?.as_ref().map(read).transpose()
}

/// The caller's own views and those shared with him.
pub(super) fn within_reach(cx: &Ctx, tx: &mut Read, object: Option<&str>) -> Result<Vec<View>> {
    let mut select = columns();
    if let Some(object) = object {
        select.and_where(Expr::col("object").eq(object));
    }
    let shared = Expr::col("scope").is_in([Scope::Everybody.key(), Scope::Roles.key()]);
    select.and_where(Expr::col("owner").eq(cx.who.id.0).or(shared));
    let views = tx.all(&select)?.iter().map(read).collect::<Result<Vec<View>>>()?;
    Ok(views.into_iter().filter(|view| view.is_within_reach(cx)).collect())
}

/// Every view of anybody.
pub(super) fn all(tx: &mut Read) -> Result<Vec<View>> {
    tx.all(columns().order_by("id", sea_query::Order::Asc))?.iter().map(read).collect()
}

pub(super) fn count_private(tx: &mut Read, owner: Id) -> Result<i64> {
    let count = Query::select()
        .expr(Expr::cust("COUNT(1)"))
        .from("view")
        .and_where(Expr::col("owner").eq(owner.0))
        .and_where(Expr::col("scope").eq(Scope::Private.key()))
        .to_owned();
    Ok(tx.one(&count)?.get(0)?)
}

pub(super) fn insert(tx: &mut Write, view: &View) -> Result<()> {
    tx.execute(Query::insert().into_table("view").columns(["id", "object", "owner", "scope", "version", "doc"]).values_panic([
        view.id.0.into(),
        view.document.object.as_str().into(),
        view.owner.0.into(),
        view.document.sharing.scope.key().into(),
        view.version.into(),
        meta::text(&view.document)?.into(),
    ]))?;
    Ok(())
}

/// False when it does not stand at `seen` any more: somebody else was faster.
pub(super) fn update(tx: &mut Write, view: &View, seen: i64) -> Result<bool> {
    let update = Query::update()
        .table("view")
        .value("scope", view.document.sharing.scope.key())
        .value("version", view.version)
        .value("doc", meta::text(&view.document)?)
        .and_where(Expr::col("id").eq(view.id.0))
        .and_where(Expr::col("version").eq(seen))
        .to_owned();
    Ok(tx.execute(update)? == 1)
}

pub(super) fn delete(tx: &mut Write, id: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("view_default").and_where(Expr::col("view").eq(id.0)))?;
    tx.execute(Query::delete().from_table("view").and_where(Expr::col("id").eq(id.0)))?;
    Ok(())
}

/// The roles that begin with each view.
pub(super) fn defaults(tx: &mut Read, object: Option<&str>) -> Result<BTreeMap<Id, Vec<String>>> {
    let mut select = Query::select().columns(["view", "role"]).from("view_default").order_by("role", sea_query::Order::Asc).to_owned();
    if let Some(object) = object {
        select.and_where(Expr::col("object").eq(object));
    }
    let mut defaults: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    for row in tx.all(&select)? {
        defaults.entry(row.get("view")?).or_default().push(row.get("role")?);
    }
    Ok(defaults)
}

/// These roles begin with the view, and no others. A view that loses a role by it has changed, so its version rises: who has it open
/// does not take the role back unawares.
pub(super) fn set_defaults(tx: &mut Write, view: &View, roles: &[String]) -> Result<()> {
    let object = || Expr::col("object").eq(view.document.object.as_str());
    tx.execute(Query::delete().from_table("view_default").and_where(object()).and_where(Expr::col("view").eq(view.id.0)))?;
    if roles.is_empty() {
        return Ok(());
    }
    let of_roles = || Expr::col("role").is_in(roles.iter().map(String::as_str));
    let losing = Query::select().column("view").from("view_default").and_where(object()).and_where(of_roles()).to_owned();
    tx.execute(
        Query::update().table("view").value("version", Expr::col("version").add(1_i64)).and_where(Expr::col("id").in_subquery(losing)),
    )?;
    for role in roles {
        tx.execute(
            Query::insert()
                .into_table("view_default")
                .columns(["object", "role", "view"])
                .values_panic([view.document.object.as_str().into(), role.as_str().into(), view.id.0.into()])
                .on_conflict(OnConflict::columns(["object", "role"]).update_column("view").to_owned()),
        )?;
    }
    Ok(())
}
