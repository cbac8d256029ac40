//! Deleting a process that nobody has ever used (D62).

use db::{Read, Write};
use model::{Id, Value, Violation};
use sea_query::{Expr, ExprTrait, Query};

use super::drafts;
use crate::audit::{self, Note};
use crate::{Ctx, Error, Meta, Result, meta};

/// Deletes a process with its versions and its draft; administrators only. One that is active, or that any deal was ever in, stays.
pub fn remove(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    cx.administrators_only("delete", "sales_process")?;
    // A deal that begins in it meanwhile waits, or is seen here.
    let (_, meta) = meta::publish(cx, tx)?;
    let process = meta.process(&id.to_string()).ok_or(Error::NotFound)?;
    if process.active || used(tx, &meta, id)? {
        return Err(Violation::new("process.in_use", "").with("name", process.name.as_str()).with("active", process.active).into());
    }
    drafts::forget(tx, id)?;
    tx.execute(Query::delete().from_table("process_version").and_where(Expr::col("process").eq(id.0)))?;
    tx.execute(Query::delete().from_table("process").and_where(Expr::col("id").eq(id.0)))?;
    let note = Note::new("delete", "process").of(&process.object).subject(process.name.as_str());
    audit::note(cx, tx, note.changed(&Some(process), &None::<model::process::Process>))
}

/// True when a deal is or was in it, those in the recycle bin included.
fn used(tx: &mut Read, meta: &Meta, id: Id) -> Result<bool> {
    let object = meta.schema.object("opportunity").ok_or(Error::NotFound)?;
    if db::records::holds_value(tx, object, "sales_process", &Value::Text(id.to_string()))? {
        return Ok(true);
    }
    let stay = Query::select().column("id").from("stage_stay").and_where(Expr::col("process").eq(id.0)).limit(1).to_owned();
    Ok(tx.optional(&stay)?.is_some())
}
