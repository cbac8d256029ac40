//! What an administrator does first in a new house. Whether a step is done is read from what is there, whoever did it and by which way, and is
//! kept nowhere; kept is only that somebody does not want to be told any more.

use db::{Read, Write};
use model::Object;
use model::objects::opportunity;
use sea_query::{Expr, ExprTrait, Query, SelectStatement};
use serde_json::{Value as Json, json};

use super::store::{self, Holder};
use crate::{Ctx, Error, Result};

/// `{steps: [{key, done}], dismissed}`, in their order; administrators only.
pub fn first_steps(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "first_steps")?;
    let steps = [
        ("organisation", !cx.meta.organisation.name.trim().is_empty()),
        ("people", somebody_else_signs_in(cx, tx)?),
        ("process", is_there(tx, versions_besides_the_shipped())?),
        ("data", has_records(cx, tx, "account")? || has_records(cx, tx, opportunity::KEY)?),
        ("limit", is_there(tx, Query::select().from("holding_rule").to_owned())?),
    ];
    let steps = steps.map(|(key, done)| json!({"key": key, "done": done}));
    let dismissed = store::load(tx, &Holder::FirstSteps(cx.who.id))?.is_some();
    Ok(json!({"steps": steps, "dismissed": dismissed}))
}

/// Tells the caller no more of first steps; administrators only.
pub fn dismiss_first_steps(cx: &Ctx, tx: &mut Write) -> Result<Json> {
    cx.at_large()?;
    cx.administrators_only("read", "first_steps")?;
    let holder = Holder::FirstSteps(cx.who.id);
    tx.lock(&[holder.key()])?;
    if store::load(tx, &holder)?.is_none() {
        store::put(tx, &holder, 0, None)?;
    }
    first_steps(cx, tx)
}

/// Somebody has a password, or has come in by a provider.
fn somebody_else_signs_in(cx: &Ctx, tx: &mut Read) -> Result<bool> {
    for table in ["credential", "session"] {
        let others = Query::select().from(table).and_where(Expr::col("person").ne(cx.who.id.0)).to_owned();
        if is_there(tx, others)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The product brings one version of one sales process: any further one was made here.
fn versions_besides_the_shipped() -> SelectStatement {
    Query::select().from("process_version").offset(1).to_owned()
}

fn has_records(cx: &Ctx, tx: &mut Read, key: &str) -> Result<bool> {
    let object: &Object = cx.meta.schema.object(key).ok_or(Error::NotFound)?;
    Ok(!db::records::latest_ids(tx, object, 1)?.is_empty())
}

fn is_there(tx: &mut Read, mut rows: SelectStatement) -> Result<bool> {
    Ok(tx.optional(rows.expr_as(Expr::val(1_i64), "one").limit(1))?.is_some())
}
