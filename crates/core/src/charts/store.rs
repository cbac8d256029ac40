//! Charts as they are kept.

use db::{Read, Row, Write};
use model::condition::{Mentioned, of_path};
use model::role::FieldAccess;
use model::{Condition, Id, Schema};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use super::document::Document;
use crate::views::Scope;
use crate::{Ctx, Error, Result, meta};

/// A chart that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id,
    pub owner: Id,
    pub version: i64,
    pub document: Document,
}

impl Kept {
    /// True for its owner, and for those with whom it is shared.
    pub(super) fn is_within_reach(&self, cx: &Ctx) -> bool {
        self.document.sharing.reaches(cx, self.owner)
    }

    /// True when the caller may know of everything that it names.
    pub(super) fn is_known(&self, cx: &Ctx) -> bool {
        let known = |(object, field): &(String, String)| {
            let field = cx.meta.schema.object(object).and_then(|object| object.field(field));
            field.is_some_and(|field| cx.who.rights.field(object, field) > FieldAccess::Hidden)
        };
        cx.object(&self.document.chart.object).is_ok() && self.names(&cx.meta.schema).iter().all(known)
    }

    /// Every field that it names: of its filter, across references too, its measure, its groups.
    pub(super) fn names(&self, schema: &Schema) -> Mentioned {
        let chart = &self.document.chart;
        let condition = chart.filter.as_ref().and_then(|json| Condition::from_json(json).ok());
        let mut fields = condition.map(|condition| condition.mentions(&chart.object, schema)).unwrap_or_default();
        for (_, key) in chart.named() {
            fields.extend(of_path(key, &chart.object, schema));
        }
        fields
    }
}

fn columns() -> SelectStatement {
    Query::select().columns(["id", "owner", "version", "doc"]).from("chart").to_owned()
}

fn read(row: &Row) -> Result<Kept> {
    let text: String = row.get("doc")?;
    let document = serde_json::from_str(&text).map_err(|e| Error::Internal(format!("a stored chart cannot be read: {e}")))?;
    Ok(Kept { id: row.get("id")?, owner: row.get("owner")?, version: row.get("version")?, document })
}

pub(super) fn load(tx: &mut Read, id: Id) -> Result<Option<Kept>> {
    tx.optional(columns().and_where(Expr::col("id").eq(id.0)))?.as_ref().map(read).transpose()
}

/// The caller's own charts and those shared with him.
pub(super) fn within_reach(cx: &Ctx, tx: &mut Read) -> Result<Vec<Kept>> {
    let shared = Expr::col("scope").is_in([Scope::Everybody.key(), Scope::Roles.key()]);
    let select = columns().and_where(Expr::col("owner").eq(cx.who.id.0).or(shared)).to_owned();
    let charts = tx.all(&select)?.iter().map(read).collect::<Result<Vec<Kept>>>()?;
    Ok(charts.into_iter().filter(|chart| chart.is_within_reach(cx)).collect())
}

/// Every chart of anybody.
pub(super) fn all(tx: &mut Read) -> Result<Vec<Kept>> {
    tx.all(columns().order_by("id", Order::Asc))?.iter().map(read).collect()
}

pub(super) fn count_private(tx: &mut Read, owner: Id) -> Result<i64> {
    let count = Query::select()
        .expr(Expr::cust("COUNT(1)"))
        .from("chart")
        .and_where(Expr::col("owner").eq(owner.0))
        .and_where(Expr::col("scope").eq(Scope::Private.key()))
        .to_owned();
    Ok(tx.one(&count)?.get(0)?)
}

pub(super) fn insert(tx: &mut Write, chart: &Kept) -> Result<()> {
    tx.execute(Query::insert().into_table("chart").columns(["id", "object", "owner", "scope", "version", "doc"]).values_panic([
        chart.id.0.into(),
        chart.document.chart.object.as_str().into(),
        chart.owner.0.into(),
        chart.document.sharing.scope.key().into(),
        chart.version.into(),
        meta::text(&chart.document)?.into(),
    ]))?;
    Ok(())
}

/// False when it does not stand at `seen` any more: somebody else was faster.
pub(super) fn update(tx: &mut Write, chart: &Kept, seen: i64) -> Result<bool> {
    let update = Query::update()
        .table("chart")
        .value("object", chart.document.chart.object.as_str())
        .value("scope", chart.document.sharing.scope.key())
        .value("version", chart.version)
        .value("doc", meta::text(&chart.document)?)
        .and_where(Expr::col("id").eq(chart.id.0))
        .and_where(Expr::col("version").eq(seen))
        .to_owned();
    Ok(tx.execute(update)? == 1)
}

pub(super) fn delete(tx: &mut Write, id: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("chart").and_where(Expr::col("id").eq(id.0)))?;
    Ok(())
}
