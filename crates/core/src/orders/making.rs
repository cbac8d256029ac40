//! An order from a won deal, or from an accepted quote.

use db::Write;
use model::objects::sales_order::KEY;
use model::objects::{opportunity, quote};
use model::role::Act;
use model::{Id, Patch, Record, Violation};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::copying::copy_lines;
use crate::records::{self, answer, read_fields};
use crate::save::{Change, Deed, Under, save};
use crate::{Ctx, Error, Result};

/// `POST /records/opportunity/{id}/orders`, `POST /records/quote/{id}/order`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeOrder {
    /// The deal's accepted quote where it is not said.
    #[serde(default)]
    pub quote: Option<String>,
    /// What it has instead of what it would begin with.
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// Whether the lines come along; they do where it is not said.
    #[serde(default)]
    pub with_lines: Option<bool>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// An order of a deal.
pub fn of_deal(cx: &Ctx, tx: &mut Write, id: Id, wanted: &MakeOrder) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let deal = records::load(cx, tx, &cx.object(opportunity::KEY)?.clone(), id)?;
    let mut given = Patch::new();
    if let Some(quote) = &wanted.quote {
        let id: Id = quote.parse().map_err(|_| Violation::new("field.invalid", "quote").with("expected", "the id of a record"))?;
        given.insert("quote".to_owned(), id.into());
    }
    make(cx, tx, &deal, given, wanted)
}

/// An order from a quote.
pub fn of_quote(cx: &Ctx, tx: &mut Write, id: Id, wanted: &MakeOrder) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let quote = records::load(cx, tx, &cx.object(quote::KEY)?.clone(), id)?;
    if wanted.quote.is_some() {
        return Err(Error::Malformed("the quote is named by the address".into()));
    }
    let deal = quote.reference("opportunity").ok_or(Error::NotFound)?;
    // Who sees a quote of his own need not see the deal any more.
    let deal = records::load(cx, tx, &cx.object(opportunity::KEY)?.clone(), deal)?;
    make(cx, tx, &deal, Patch::from([("quote".to_owned(), quote.id.into())]), wanted)
}

fn make(cx: &Ctx, tx: &mut Write, deal: &Record, given: Patch, wanted: &MakeOrder) -> Result<Json> {
    let object = cx.object(KEY)?.clone();
    cx.must_be_allowed(Act::Create, KEY)?;
    let mut change = Change::new(KEY, Deed::Create).skipping(wanted.skip_approval);
    change.reason.clone_from(&wanted.reason);
    change.patch = read_fields(cx, &object, &wanted.fields)?;
    change.patch.extend(given);
    change.patch.insert("opportunity".to_owned(), deal.id.into());
    let saved = save(cx, tx, change)?;
    let copied = match wanted.with_lines {
        Some(false) => None,
        _ => Some(lines_of(cx, tx, deal, &saved.record, saved.approval.map(Under::Fills))?),
    };
    let mut told = answer(cx, tx, &object, &saved, wanted.dry_run)?;
    let copied = copied.unwrap_or_default().told();
    (told["lines"], told["converted"]) = (copied["lines"].clone(), copied["converted"].clone());
    if wanted.dry_run {
        told["dry_run"] = json!(true);
    }
    Ok(told)
}

/// The lines of the quote that an order comes from, else of its deal.
pub(crate) fn lines_of(cx: &Ctx, tx: &mut Write, deal: &Record, order: &Record, under: Option<Under>) -> Result<super::Copied> {
    let from = match order.reference("quote") {
        Some(quote) => records::load(cx, tx, &cx.object(quote::KEY)?.clone(), quote)?,
        None => deal.clone(),
    };
    copy_lines(cx, tx, &from, order, under)
}
