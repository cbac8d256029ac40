//! Homes as they are kept.

use db::{Read, Write};
use model::Id;
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use super::document::Page;
use crate::{Error, Result, meta};

/// Whose page it is.
pub(super) enum Holder {
    Role(String),
    Person(Id),
    /// Not a page: that somebody does not want to be told of first steps any more.
    FirstSteps(Id),
}

impl Holder {
    /// As stored, and what is locked.
    pub fn key(&self) -> String {
        match self {
            Holder::Role(role) => format!("role:{role}"),
            Holder::Person(id) => format!("person:{id}"),
            Holder::FirstSteps(id) => format!("first_steps:{id}"),
        }
    }
}

/// What is kept: no page where it was taken back.
pub(super) struct Kept {
    pub version: i64,
    pub page: Option<Page>,
}

pub(super) fn load(tx: &mut Read, holder: &Holder) -> Result<Option<Kept>> {
    let select = Query::select().columns(["version", "doc"]).from("home").and_where(Expr::col("holder").eq(holder.key())).to_owned();
    let Some(row) = tx.optional(&select)? else { return Ok(None) };
    let text: Option<String> = row.get("doc")?;
    let page = text.map(|text| serde_json::from_str(&text)).transpose();
    let page = page.map_err(|e| Error::Internal(format!("a stored home cannot be read: {e}")))?;
    Ok(Some(Kept { version: row.get("version")?, page }))
}

/// Keeps a page, or that there is none any more, in the place of version `before`, 0 where there was none.
pub(super) fn put(tx: &mut Write, holder: &Holder, before: i64, page: Option<&Page>) -> Result<()> {
    let doc = page.map(meta::text).transpose()?;
    tx.execute(
        Query::insert()
            .into_table("home")
            .columns(["holder", "version", "doc"])
            .values_panic([holder.key().into(), (before + 1).into(), doc.into()])
            .on_conflict(OnConflict::column("holder").update_columns(["version", "doc"]).to_owned()),
    )?;
    Ok(())
}

/// The role is gone, and its page with it.
pub(crate) fn forget_role(tx: &mut Write, role: &str) -> Result<()> {
    tx.execute(Query::delete().from_table("home").and_where(Expr::col("holder").eq(Holder::Role(role.to_owned()).key())))?;
    Ok(())
}
