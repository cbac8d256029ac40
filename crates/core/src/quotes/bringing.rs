//! What a customer has accepted is brought to the deal: its lines, its amount, its price book. What was accepted by mistake lets the deal go.

use db::Write;
use model::objects::quote::{STATUS, status};
use model::quote::Step;
use model::{Money, Number, Object, Patch, Record, Value, Violations};

use super::copying::{lines_of, patch_of, save_lines};
use super::{ALL, LINE, goes_through, step};
use crate::save::{Change, Deed, Working, save, save_all, whole};
use crate::{Ctx, Error, Result, veil};

const WHY: &str = "what the customer has accepted is brought to the deal";
const DEAL: &str = "opportunity";
const DEAL_LINE: &str = "opportunity_line";

/// Makes of the deals what follows from these answers. What stands against it there stands against the answer.
pub(super) fn follow(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| goes_through(item)) {
        let was_accepted = item.before.as_ref().is_some_and(|before| before.text(STATUS) == status::ACCEPTED);
        let done = match step(item) {
            Some(Step::Accept) => whole(tx, |tx| bring(&cx.as_system(WHY), tx, &item.after))?,
            Some(Step::Reopen) if was_accepted => whole(tx, |tx| let_go(&cx.as_system(WHY), tx, &item.after))?,
            _ => continue,
        };
        match done {
            Ok(()) => {}
            Err(Error::Invalid(found) | Error::Unmet(found)) => item.findings.extend(of_deal(cx, found)?),
            Err(other) => item.error = Some(other),
        }
    }
    Ok(())
}

/// What stands against it there, told at the quote's deal; of what the caller may not know of nothing is told.
fn of_deal(cx: &Ctx, found: Violations) -> Result<Violations> {
    let deal = cx.meta.schema.object(DEAL).ok_or(Error::NotFound)?;
    Ok(veil::over(cx, deal, found).into_iter().map(|one| model::Violation { path: DEAL.to_owned(), ..one }).collect())
}

fn bring(cx: &Ctx, tx: &mut Write, quote: &Record) -> Result<()> {
    let deal = quote.reference(DEAL).ok_or(Error::NotFound)?;
    let note = note(quote);
    let (from, to) = (cx.object(LINE)?.clone(), cx.object(DEAL_LINE)?.clone());
    let mut wanted: Vec<Patch> = lines_of(cx, tx, &from, &ALL, quote.id)?.iter().map(|line| patch_of(line, &from, &to)).collect();
    wanted.extend(whole_discount(cx, quote, wanted.len()));
    let present = lines_of(cx, tx, &to, &ALL, deal)?;
    if !are_alike(&present, &wanted, &to) {
        tx.next_act();
        let away = present.iter().map(|line| Change { reason: Some(note.clone()), ..Change::of(&to.key, line.id, Deed::Void) });
        for result in save_all(cx, tx, &to.key, away.collect())? {
            result?;
        }
        save_lines(cx, tx, &to, deal, wanted, None)?;
    }
    let patch = Patch::from([
        ("accepted_quote".to_owned(), Value::Ref(quote.id)),
        ("amount".to_owned(), quote.get("subtotal").clone()),
        ("price_book".to_owned(), quote.get("price_book").clone()),
    ]);
    tx.next_act();
    save(cx, tx, Change { patch, reason: Some(note), ..Change::of(DEAL, deal, Deed::Edit) }).map(|_| ())
}

/// By what the history of the deal tells the change: the quote's number with its version.
pub(super) fn note(quote: &Record) -> String {
    let version = quote.get("version_no").as_number().map_or_else(String::new, |n| model::number::show_scaled(n.0, 6, 0));
    format!("{} v{version}", quote.text("number"))
}

/// A discount on the whole is a line of its own in the deal, so that its lines come to what was accepted, to the coin.
fn whole_discount(cx: &Ctx, quote: &Record, lines: usize) -> Option<Patch> {
    let (of_lines, subtotal) = (quote.get("lines_total").as_money()?, quote.get("subtotal").as_money()?);
    let less = subtotal.amount.0.checked_sub(of_lines.amount.0).filter(|less| *less != 0 && of_lines.currency == subtotal.currency)?;
    let percent = quote.get("discount").as_number().map_or_else(String::new, |n| model::number::show_scaled(n.0, 6, 0));
    let name = match cx.meta.organisation.language.as_str() {
        "zh-CN" => format!("整单折扣（{percent}%）"),
        _ => format!("Discount on the whole ({percent} %)"),
    };
    let price = Money { amount: model::Amount(less), currency: subtotal.currency };
    Some(Patch::from([
        ("name".to_owned(), name.into()),
        ("position".to_owned(), Number::whole(lines as i64 + 1).into()),
        ("quantity".to_owned(), Number::whole(1).into()),
        ("price".to_owned(), price.into()),
    ]))
}

/// True where the deal has these very lines already.
fn are_alike(present: &[Record], wanted: &[Patch], object: &Object) -> bool {
    present.len() == wanted.len() && present.iter().zip(wanted).all(|(line, patch)| patch_of(line, object, object) == *patch)
}

/// The deal has no accepted quote any more; what it is worth stays as it is.
fn let_go(cx: &Ctx, tx: &mut Write, quote: &Record) -> Result<()> {
    let Some(id) = quote.reference(DEAL) else { return Ok(()) };
    let object = cx.object(DEAL)?.clone();
    let deal = db::records::load(tx, &cx.meta.schema, &object, &ALL, &[id])?.pop().ok_or(Error::NotFound)?;
    if deal.reference("accepted_quote") != Some(quote.id) {
        return Ok(());
    }
    point(cx, tx, &deal, None, note(quote))
}

/// Leads the deal to this quote as its accepted one, or to none.
pub(super) fn point(cx: &Ctx, tx: &mut Write, deal: &Record, to: Option<&Record>, reason: String) -> Result<()> {
    let patch = Patch::from([("accepted_quote".to_owned(), Value::from(to.map(|quote| Value::Ref(quote.id))))]);
    tx.next_act();
    save(cx, tx, Change { patch, reason: Some(reason), ..Change::of(DEAL, deal.id, Deed::Edit) }).map(|_| ())
}
