//! What administrators see and do of how somebody signs in.

use db::{Read, Write};
use model::{Id, Instant, Record};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};

use super::{lock_out, password, second_factor, session};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result};

/// The person, where the caller is an administrator.
fn person(cx: &Ctx, tx: &mut Read, id: Id, act: &str) -> Result<Record> {
    cx.administrators_only(act, "employee")?;
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let found = db::records::load(tx, &cx.meta.schema, employee, &db::records::Scope::All("to look after how one signs in"), &[id])?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// How a person signs in, and where he is signed in.
pub fn security(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let person = person(cx, tx, id, "read")?;
    let lock = lock_out::state(tx, id)?;
    let rest = (lock.locked_until - cx.at.0 + 999_999) / 1_000_000;
    let links = tx.all(
        Query::select()
            .columns(["issuer", "created_at"])
            .from("provider_link")
            .and_where(Expr::col("person").eq(id.0))
            .order_by("issuer", Order::Asc)
            .order_by("created_at", Order::Asc),
    )?;
    let links = links
        .iter()
        .map(|row| Ok(json!({"issuer": row.get::<String>("issuer")?, "since": Instant(row.get("created_at")?).to_string()})))
        .collect::<Result<Vec<Json>>>()?;
    Ok(json!({
        "person": {"id": id.to_string(), "name": person.text("name"), "email": person.text("email")},
        "has_password": password::stored_hash(tx, id)?.is_some(),
        "failed": lock.failed,
        "locked_for_seconds": (rest > 0).then_some(rest),
        "second_factor": second_factor::state(tx, id)?,
        "provider_links": links,
        "sessions": session::of_person(cx, tx, id)?,
    }))
}

/// Ends one session of a person.
pub fn end_session_of(cx: &Ctx, tx: &mut Write, id: Id, session: Id) -> Result<()> {
    person(cx, tx, id, "edit")?;
    session::end_one(cx, tx, id, session)
}

/// Ends all sessions of a person; of oneself, all others.
pub fn end_sessions_of(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    person(cx, tx, id, "edit")?;
    session::end_all(cx, tx, id, cx.proof.session.filter(|_| id == cx.who.id))?;
    Ok(())
}

/// Lets a person try again at once whose account rests.
pub fn unlock(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    let person = person(cx, tx, id, "edit")?;
    lock_out::clear(tx, id)?;
    note(cx, tx, "unlock", &person)
}

fn note(cx: &Ctx, tx: &mut Write, act: &str, person: &Record) -> Result<()> {
    audit::note(cx, tx, Note::new(act, "person").record("employee", person.id).subject(person.text("name")))
}

/// Forgets a person's second factor: the phone is lost, and so are the recovery codes.
pub fn reset_second_factor(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    let person = person(cx, tx, id, "edit")?;
    second_factor::remove(tx, id)?;
    note(cx, tx, "reset_second_factor", &person)
}

/// Forgets who a person is at the provider; the next sign-in there finds him by e-mail once more.
pub fn unlink(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    let person = person(cx, tx, id, "edit")?;
    tx.execute(Query::delete().from_table("provider_link").and_where(Expr::col("person").eq(id.0)))?;
    note(cx, tx, "unlink_provider", &person)
}
