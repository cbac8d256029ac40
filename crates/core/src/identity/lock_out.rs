//! Failures in a row, and the rest that follows.

use db::{Read, Write};
use model::Id;
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::json;

use crate::audit::{self, Note};
use crate::{Ctx, Error, Result};

/// What is known of somebody's failures.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    pub failed: i64,
    pub locked_until: i64,
}

/// How many failures there were, and until when he may not try.
pub(crate) fn state(tx: &mut Read, person: Id) -> Result<State> {
    let row =
        tx.optional(Query::select().columns(["failed", "locked_until"]).from("lock_out").and_where(Expr::col("person").eq(person.0)))?;
    Ok(match row {
        Some(row) => State { failed: row.get("failed")?, locked_until: row.get("locked_until")? },
        None => State::default(),
    })
}

/// Refuses one whose account rests, with the seconds that are left.
pub(crate) fn refuse_resting(cx: &Ctx, tx: &mut Read, person: Id) -> Result<()> {
    let rest = (state(tx, person)?.locked_until - cx.at.0) / 1_000_000;
    if rest > 0 { Err(Error::TooMany { code: "auth.too_many", retry_after: rest.unsigned_abs() + 1 }) } else { Ok(()) }
}

/// Those who try one account at once wait for each other here, so none of them slips past the rest that another one brings about.
pub(crate) fn in_turn(tx: &mut Write, person: Id) -> Result<()> {
    Ok(tx.lock(&[format!("sign_in:{person}")])?)
}

/// Counts a failure; after as many as are settled the account rests.
pub(crate) fn failed(cx: &Ctx, tx: &mut Write, person: Id, code: &str) -> Result<()> {
    let settings = &cx.meta.sign_in.lock_out;
    let failed = state(tx, person)?.failed + 1;
    let locks = failed >= settings.after;
    let (failed, until) = if locks { (0, cx.at.plus_seconds(settings.minutes * 60).0) } else { (failed, 0) };
    tx.execute(
        Query::insert()
            .into_table("lock_out")
            .columns(["person", "failed", "locked_until"])
            .values_panic([person.0.into(), failed.into(), until.into()])
            .on_conflict(OnConflict::column("person").update_columns(["failed", "locked_until"]).to_owned()),
    )?;
    let name = super::name_of(cx, tx, person)?;
    let told = |act: &str| Note::new(act, "person").record("employee", person).subject(name.as_str());
    audit::note(cx, tx, told("sign_in").refused(code))?;
    if locks { audit::note(cx, tx, told("lock_out").detail(json!({"minutes": settings.minutes}))) } else { Ok(()) }
}

/// Forgets the failures: signed in, or let in again by an administrator.
pub(crate) fn clear(tx: &mut Write, person: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("lock_out").and_where(Expr::col("person").eq(person.0)))?;
    Ok(())
}
