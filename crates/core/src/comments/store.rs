//! Where comments lie.

use db::records::Bound;
use db::{Read, Row, Write};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::{Error, Result};

/// What somebody has written about a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comment {
    pub id: Id,
    pub object: String,
    pub record: Id,
    pub text: String,
    pub at: Instant,
    pub by: Id,
    pub edited_at: Option<Instant>,
    pub version: i64,
    /// From where it was written.
    pub origin: Option<i64>,
}

const COLUMNS: [&str; 9] = ["id", "object", "record", "text", "at", "by_id", "edited_at", "version", "origin"];

pub(super) fn insert(tx: &mut Write, comment: &Comment) -> Result<()> {
    tx.execute(Query::insert().into_table("comment").columns(COLUMNS).values_panic([
        comment.id.0.into(),
        comment.object.as_str().into(),
        comment.record.0.into(),
        comment.text.as_str().into(),
        comment.at.0.into(),
        comment.by.0.into(),
        comment.edited_at.map(|at| at.0).into(),
        comment.version.into(),
        comment.origin.into(),
    ]))?;
    Ok(())
}

pub(super) fn update(tx: &mut Write, comment: &Comment) -> Result<()> {
    tx.execute(
        Query::update()
            .table("comment")
            .value("text", comment.text.as_str())
            .value("edited_at", comment.edited_at.map(|at| at.0))
            .value("version", comment.version)
            .and_where(Expr::col("id").eq(comment.id.0)),
    )?;
    Ok(())
}

pub(super) fn delete(tx: &mut Write, id: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("comment").and_where(Expr::col("id").eq(id.0)))?;
    Ok(())
}

pub(super) fn load(tx: &mut Read, id: Id) -> Result<Option<Comment>> {
    let select = Query::select().columns(COLUMNS).from("comment").and_where(Expr::col("id").eq(id.0)).to_owned();
    tx.optional(&select)?.as_ref().map(read).transpose()
}

/// A record's comments behind a place, newest first.
pub(crate) fn before(tx: &mut Read, record: Id, bound: Option<Bound>, limit: u32) -> Result<Vec<Comment>> {
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("comment")
        .and_where(Expr::col("record").eq(record.0))
        .and_where_option(bound.map(|bound| bound.met(Expr::col("at"), Expr::col("id"))))
        .order_by("at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(u64::from(limit));
    tx.all(&select)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Comment> {
    let get = || -> std::result::Result<Comment, db::Error> {
        Ok(Comment {
            id: row.get(0)?,
            object: row.get(1)?,
            record: row.get(2)?,
            text: row.get(3)?,
            at: row.get(4)?,
            by: row.get(5)?,
            edited_at: row.get(6)?,
            version: row.get(7)?,
            origin: row.get(8)?,
        })
    };
    get().map_err(Error::from)
}
