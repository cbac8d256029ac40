//! Making and changing webhooks, their secrets, and trying them out.

use db::Write;
use model::{Id, Violation, Violations};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::{Value as Json, json};

use super::document::{self, Wanted};
use super::store::{self, Hook};
use super::{plan, secret, show};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, events, meta, sealed};

/// How long a secret that was replaced goes on signing beside the new one, in seconds.
const BOTH_SIGN: i64 = 86_400;
/// Webhooks altogether: each goes through all that happens.
const MOST: usize = 100;

/// Saves a webhook, a new one without `id`; administrators only. `against` is what stands against its address. From then on it sees with
/// the eyes of whoever saved it.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted, against: Violations) -> Result<Json> {
    cx.administrators_only(if id.is_some() { "edit" } else { "create" }, "webhook")?;
    let before = id.map(|id| present(cx, tx, id, seen)).transpose()?;
    let document = document::read(cx, wanted, against)?;
    if before.is_none() && store::all(tx)?.len() >= MOST {
        return Err(Violation::new("webhook.too_many", "").with("max", MOST).into());
    }
    // Told this once.
    let fresh = secret::fresh();
    let id = id.unwrap_or_else(|| cx.new_id());
    let hook = match &before {
        None => Hook {
            id,
            version: 1,
            document,
            active: wanted.active,
            eyes: cx.who.id,
            secret: sealed::seal(tx, &sealed::webhook(id), &fresh)?,
            former: None,
            position: events::position(tx)?,
            begins_at: cx.at,
            paused: None,
            failing_since: None,
            failures: 0,
            succeeded_at: None,
            gap_until: None,
            created_at: cx.at,
            created_by: cx.who.id,
            updated_at: cx.at,
        },
        Some(before) => changed(cx, tx, before, document, wanted.active)?,
    };
    put(tx, &hook)?;
    let told = |hook: &Hook| json!({"document": hook.document, "active": hook.active, "eyes": hook.eyes.to_string()});
    let act = if before.is_some() { "edit" } else { "create" };
    let note = Note::new(act, "webhook").subject(&hook.document.name);
    audit::note(cx, tx, note.changed(&before.as_ref().map(told), &told(&hook)))?;
    let mut shown = show::saved(cx, tx, &hook)?;
    if before.is_none() {
        shown["secret"] = fresh.into();
    }
    Ok(shown)
}

/// The webhook with another document. What happened while it was off or gone is not told; what happened while it was paused is.
fn changed(cx: &Ctx, tx: &mut Write, before: &Hook, document: document::Document, active: bool) -> Result<Hook> {
    let begins_anew = active && !before.follows();
    let moved = document.address != before.document.address;
    let fresh = begins_anew || moved;
    Ok(Hook {
        version: before.version + 1,
        document,
        active,
        eyes: cx.who.id,
        position: if begins_anew { events::position(tx)? } else { before.position },
        begins_at: if begins_anew { cx.at } else { before.begins_at },
        // What stood against it belongs to the old address, or to the eyes that it had.
        paused: before.paused.clone().filter(|(_, why)| !fresh && why == store::paused::FAILING),
        failing_since: before.failing_since.filter(|_| !fresh),
        failures: if fresh { 0 } else { before.failures },
        gap_until: before.gap_until.filter(|_| !begins_anew),
        updated_at: cx.at,
        ..before.clone()
    })
}

/// The webhook as it stands now, held. Errors: not there; another version than the one seen.
fn present(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<Hook> {
    let hook = store::held(tx, id)?.filter(|hook| hook.is_known(cx)).ok_or(Error::NotFound)?;
    match seen {
        Some(version) if version != hook.version => Err(Error::Conflict { record: Box::new(show::saved(cx, tx, &hook)?) }),
        _ => Ok(hook),
    }
}

fn put(tx: &mut Write, hook: &Hook) -> Result<()> {
    const SET: [&str; 14] = [
        "version",
        "doc",
        "active",
        "eyes",
        "secret",
        "former_secret",
        "former_until",
        "position",
        "begins_at",
        "paused_at",
        "paused_why",
        "failing_since",
        "failures",
        "updated_at",
    ];
    let mut columns = vec!["id", "succeeded_at", "gap_until", "created_at", "created_by"];
    columns.extend(SET);
    let (former, until) = hook.former.clone().unzip();
    let (paused_at, paused_why) = hook.paused.clone().unzip();
    let mut changed = SET.to_vec();
    changed.push("gap_until");
    tx.execute(
        Query::insert()
            .into_table("webhook")
            .columns(columns)
            .values_panic([
                hook.id.0.into(),
                hook.succeeded_at.map(|at| at.0).into(),
                hook.gap_until.map(|at| at.0).into(),
                hook.created_at.0.into(),
                hook.created_by.0.into(),
                hook.version.into(),
                meta::text(&hook.document)?.into(),
                i64::from(hook.active).into(),
                hook.eyes.0.into(),
                hook.secret.as_str().into(),
                former.into(),
                until.map(|at| at.0).into(),
                hook.position.to_string().into(),
                hook.begins_at.0.into(),
                paused_at.map(|at| at.0).into(),
                paused_why.into(),
                hook.failing_since.map(|at| at.0).into(),
                hook.failures.into(),
                hook.updated_at.0.into(),
            ])
            .on_conflict(OnConflict::column("id").update_columns(changed).to_owned()),
    )?;
    Ok(())
}

/// Removes a webhook with all that it has sent and was to send; administrators only.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "webhook")?;
    let hook = present(cx, tx, id, seen)?;
    let deliveries = Query::select().column("id").from("webhook_delivery").and_where(Expr::col("webhook").eq(id.0)).to_owned();
    tx.execute(Query::delete().from_table("webhook_attempt").and_where(Expr::col("delivery").in_subquery(deliveries)))?;
    for table in ["webhook_delivery", "webhook_lane"] {
        tx.execute(Query::delete().from_table(table).and_where(Expr::col("webhook").eq(id.0)))?;
    }
    tx.execute(Query::delete().from_table("webhook").and_where(Expr::col("id").eq(id.0)))?;
    audit::note(cx, tx, Note::new("delete", "webhook").subject(&hook.document.name).changed(&hook.document, &Json::Null))
}

/// Gives a new secret, shown this once; the one before signs beside it for a day. Administrators only.
pub fn roll(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    cx.administrators_only("edit", "webhook")?;
    let before = present(cx, tx, id, None)?;
    let former = Some((before.secret.clone(), cx.at.plus_seconds(BOTH_SIGN)));
    let fresh = secret::fresh();
    let kept = sealed::seal(tx, &sealed::webhook(id), &fresh)?;
    let hook = Hook { secret: kept, former, version: before.version + 1, updated_at: cx.at, ..before };
    put(tx, &hook)?;
    audit::note(cx, tx, Note::new("roll_secret", "webhook").subject(&hook.document.name))?;
    let mut shown = show::saved(cx, tx, &hook)?;
    shown["secret"] = fresh.into();
    Ok(shown)
}

/// Goes on with a webhook that was paused: what has happened meanwhile is told now. Administrators only.
pub fn resume(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    cx.administrators_only("edit", "webhook")?;
    let before = present(cx, tx, id, None)?;
    let Some((_, why)) = &before.paused else { return Err(Violation::new("webhook.not_paused", "").into()) };
    let gone = why == store::paused::GONE;
    let position = if gone { events::position(tx)? } else { before.position };
    let begins_at = if gone { cx.at } else { before.begins_at };
    let eyes = if why == store::paused::EYES { cx.who.id } else { before.eyes };
    let resumed = Hook { paused: None, failing_since: None, failures: 0, eyes, position, begins_at, version: before.version + 1, ..before };
    put(tx, &resumed)?;
    super::send::wake(cx, tx, id)?;
    audit::note(cx, tx, Note::new("resume", "webhook").subject(&resumed.document.name))?;
    show::saved(cx, tx, &resumed)
}

/// Sends an event that nothing has happened for; administrators only. The delivery that it makes.
pub fn test(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    cx.administrators_only("edit", "webhook")?;
    let hook = present(cx, tx, id, None)?;
    if !hook.active {
        return Err(Violation::new("webhook.off", "").into());
    }
    let delivery = plan::queue_test(cx, tx, &hook)?;
    super::deliveries::delivery(cx, tx, delivery)
}
