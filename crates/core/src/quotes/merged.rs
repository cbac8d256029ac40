//! Deals that become one bring their quotes along: of those that customers have accepted the winner keeps one.

use db::Write;
use model::objects::quote::{KEY, STATUS, status};
use model::{Id, Object, Record, Value};

use super::{ALL, bringing, goes_through};
use crate::save::{Deed, Working};
use crate::{Ctx, Error, Result};

const WHY: &str = "an accepted quote comes to another deal";

/// Of accepted quotes that come to another deal, when deals become one or are taken apart again: the deal is led to the quote, where it has
/// none; else the quote is out again, as if the customer had still to answer.
pub(super) fn follow(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let mut taken: Vec<(Id, Id)> = Vec::new();
    for item in work.iter_mut().filter(|item| goes_through(item) && item.change.deed == Deed::LetGo) {
        let Some(before) = item.before.clone().filter(|_| item.changes("opportunity")) else { continue };
        let (Some(from), Some(to)) = (before.reference("opportunity"), item.after.reference("opportunity")) else { continue };
        if item.after.text(STATUS) != status::ACCEPTED {
            continue;
        }
        let inner = cx.as_system(WHY);
        let object = inner.object("opportunity")?.clone();
        if taken.iter().any(|(deal, _)| *deal == to) || has_accepted(&inner, tx, to, before.id)? {
            item.after.set(STATUS, status::SENT);
            item.after.set("decided_at", Value::Null);
        } else {
            taken.push((to, before.id));
            lead(&inner, tx, &object, to, Some(&item.after))?;
        }
        lead_away(&inner, tx, &object, from, &before)?;
    }
    Ok(())
}

fn has_accepted(cx: &Ctx, tx: &mut Write, deal: Id, but: Id) -> Result<bool> {
    let quote = cx.meta.schema.object(KEY).ok_or(Error::NotFound)?;
    let others = db::records::referring(tx, &cx.meta.schema, quote, "opportunity", &ALL, &[deal])?;
    Ok(others.iter().any(|other| other.id != but && other.text(STATUS) == status::ACCEPTED))
}

fn lead(cx: &Ctx, tx: &mut Write, object: &Object, deal: Id, to: Option<&Record>) -> Result<()> {
    match db::records::load(tx, &cx.meta.schema, object, &ALL, &[deal])?.pop() {
        // What lies in the recycle bin keeps what it had.
        Some(deal) if deal.text("lifecycle_status") != "voided" => {
            bringing::point(cx, tx, &deal, to, to.map_or_else(String::new, bringing::note))
        }
        _ => Ok(()),
    }
}

fn lead_away(cx: &Ctx, tx: &mut Write, object: &Object, deal: Id, quote: &Record) -> Result<()> {
    let led = db::records::load(tx, &cx.meta.schema, object, &ALL, &[deal])?;
    match led.first().filter(|deal| deal.reference("accepted_quote") == Some(quote.id)) {
        Some(_) => lead(cx, tx, object, deal, None),
        None => Ok(()),
    }
}
