//! What was last done of the work that keeps an installation well: a check, a backup.

use db::{Read, Write};
use model::Instant;
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::Value as Json;

use crate::{Ctx, Result};

/// When something was last done, and what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub at: Instant,
    pub doc: Json,
}

/// Notes that something was done: `check`, `backup`.
pub fn mark(cx: &Ctx, tx: &mut Write, key: &str, doc: &Json) -> Result<()> {
    cx.administrators_only("edit", "organisation")?;
    tx.execute(
        Query::insert()
            .into_table("mark")
            .columns(["key", "at", "doc"])
            .values_panic([key.into(), cx.at.0.into(), doc.to_string().into()])
            .on_conflict(OnConflict::column("key").update_columns(["at", "doc"]).to_owned()),
    )?;
    Ok(())
}

/// When it was last done.
pub(super) fn last(tx: &mut Read, key: &str) -> Result<Option<Mark>> {
    let select = Query::select().columns(["at", "doc"]).from("mark").and_where(Expr::col("key").eq(key)).to_owned();
    let Some(row) = tx.optional(&select)? else { return Ok(None) };
    Ok(Some(Mark { at: row.get("at")?, doc: serde_json::from_str(&row.get::<String>("doc")?).unwrap_or(Json::Null) }))
}
