//! A quote made from a deal, with its lines.

use std::collections::BTreeSet;

use db::Write;
use model::objects::{lifecycle, quote::KEY};
use model::role::{Act, FieldAccess};
use model::{Currency, Id, Money, Object, Patch, Record, Value, Violation};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::copying::{carried, lines_of, save_lines};
use super::{ALL, LINE};
use crate::records::{self, read_fields, show_one};
use crate::save::{Change, Deed, Under, save};
use crate::{Ctx, Result};

const DEAL: &str = "opportunity";
const DEAL_LINE: &str = "opportunity_line";

/// `POST /records/opportunity/{id}/quotes`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromDeal {
    /// The deal's name when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// That of the price book, of the lines, of the deal's amount, or the main one when absent.
    #[serde(default)]
    pub currency: Option<String>,
    /// The deal's when absent, as long as it holds and is in the currency.
    #[serde(default)]
    pub price_book: Option<String>,
    #[serde(default)]
    pub valid_until: Option<String>,
    /// The deal's lines come along.
    #[serde(default = "yes")]
    pub with_lines: bool,
    /// Other fields of the quote.
    #[serde(default)]
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub dry_run: bool,
}

fn yes() -> bool {
    true
}

/// A line on its way from the deal into the quote.
struct Copied {
    patch: Patch,
    /// What its price was before it was converted.
    from: Option<Money>,
}

/// Makes a quote of a deal. It belongs to whoever makes it.
///
/// Errors: `quote.several_currencies` with which there are, where the deal's lines are in several and none is named.
pub fn from_deal(cx: &Ctx, tx: &mut Write, id: Id, wanted: &FromDeal) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let (deal_object, object) = (cx.object(DEAL)?.clone(), cx.object(KEY)?.clone());
    tx.lock_rows(&[(deal_object.rank, DEAL, vec![id])])?;
    let deal = records::load(cx, tx, &deal_object, id)?;
    cx.attempts(Act::Create.key(), KEY, Some((id, deal.text("name"))));
    cx.must_be_allowed(Act::Create, KEY)?;
    let mut patch = given(cx, &object, wanted)?;
    let lines = lines(cx, tx, &deal, wanted.with_lines)?;
    let currency = currency(cx, tx, &patch, &deal, &lines)?;
    patch.insert("currency".to_owned(), currency.code().into());
    patch.insert(DEAL.to_owned(), id.into());
    defaults(cx, tx, (&deal_object, &deal), &object, currency, &mut patch)?;
    let mut left = BTreeSet::new();
    let copied = lines.iter().map(|line| copied(cx, line, currency, &mut left)).collect::<Result<Vec<Copied>>>()?;
    let converted: Vec<Json> = copied.iter().filter_map(shown).collect();
    let saved = save(cx, tx, Change { patch, ..Change::new(KEY, Deed::Create) })?;
    let made = saved.record.id;
    if !copied.is_empty() {
        let line = cx.object(LINE)?.clone();
        let under = saved.approval.map(Under::Fills);
        save_lines(cx, tx, &line, made, copied.into_iter().map(|one| one.patch).collect(), under)?;
    }
    // Read again: the lines have made sums of it.
    let record = records::load(cx, tx, &object, made)?;
    let shown = show_one(cx, tx, &object, &record)?;
    if wanted.dry_run {
        tx.abandon();
    }
    let result = if saved.approval.is_some() { "pending_approval" } else { "saved" };
    let mut answer = json!({
        "result": result, "changed": true, "record": shown, "converted": converted, "not_copied": left, "dry_run": wanted.dry_run,
    });
    if let Some(approval) = saved.approval {
        answer["approval"] = approval.to_string().into();
    }
    Ok(answer)
}

/// What was asked for, as values of the quote's fields.
fn given(cx: &Ctx, object: &Object, wanted: &FromDeal) -> Result<Patch> {
    let mut fields = wanted.fields.clone();
    let named =
        [("name", &wanted.name), ("currency", &wanted.currency), ("price_book", &wanted.price_book), ("valid_until", &wanted.valid_until)];
    fields.extend(named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.as_deref()?.into()))));
    read_fields(cx, object, &fields)
}

/// The deal's lines that the caller sees.
fn lines(cx: &Ctx, tx: &mut Write, deal: &Record, wanted: bool) -> Result<Vec<Record>> {
    match cx.object(DEAL_LINE).cloned() {
        Ok(object) if wanted => lines_of(cx, tx, &object, &cx.scope(), deal.id),
        _ => Ok(Vec::new()),
    }
}

/// What the caller may know of a field.
fn access(cx: &Ctx, object: &str, field: &str) -> FieldAccess {
    let field = cx.meta.schema.object(object).and_then(|object| object.field(field));
    field.map_or(FieldAccess::Hidden, |field| cx.who.rights.field(object, field))
}

fn is_known(cx: &Ctx, object: &str, field: &str) -> bool {
    access(cx, object, field) > FieldAccess::Hidden
}

/// In what the quote is: as somebody said, as its price book is, as its lines are, as the deal is.
fn currency(cx: &Ctx, tx: &mut Write, patch: &Patch, deal: &Record, lines: &[Record]) -> Result<Currency> {
    if let Some(currency) = patch.get("currency").and_then(|value| value.as_text()?.parse().ok()) {
        return Ok(currency);
    }
    if let Some(book) = patch.get("price_book").and_then(Value::as_id)
        && let Some(currency) = book_of(cx, tx, book)?.and_then(|book| book.text("currency").parse().ok())
    {
        return Ok(currency);
    }
    let known = is_known(cx, DEAL_LINE, "price");
    let of_lines: BTreeSet<String> =
        lines.iter().filter(|_| known).filter_map(|line| Some(line.get("price").as_money()?.currency.code().to_owned())).collect();
    let mut several = of_lines.iter();
    match (several.next(), several.next()) {
        (Some(_), Some(_)) => {
            let all: Vec<String> = of_lines.into_iter().collect();
            Err(Violation::new("quote.several_currencies", "currency").with("currencies", all).into())
        }
        (Some(one), None) => Ok(one.parse().unwrap_or(cx.meta.organisation.main_currency)),
        _ => {
            let own = deal.get("amount").as_money().filter(|_| is_known(cx, DEAL, "amount"));
            Ok(own.map_or(cx.meta.organisation.main_currency, |money| money.currency))
        }
    }
}

fn book_of(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Option<Record>> {
    let Some(object) = cx.meta.schema.object("price_book") else { return Ok(None) };
    Ok(db::records::load(tx, &cx.meta.schema, object, &ALL, &[id])?.pop())
}

/// What the deal gives where nothing was said: as far as the caller may know it there and write it here.
fn defaults(
    cx: &Ctx,
    tx: &mut Write,
    (deal_object, deal): (&Object, &Record),
    object: &Object,
    currency: Currency,
    patch: &mut Patch,
) -> Result<()> {
    for (from, to) in [("name", "name"), ("account", "account"), ("primary_contact", "contact"), ("price_book", "price_book")] {
        let value = deal.get(from);
        let open = is_known(cx, &deal_object.key, from) && access(cx, &object.key, to) == FieldAccess::Write;
        if patch.contains_key(to) || value.is_null() || !open || !is_seen(cx, tx, deal_object, from, value)? {
            continue;
        }
        let fits = match value.as_id() {
            Some(book) if to == "price_book" => book_of(cx, tx, book)?.is_some_and(|book| holds(cx, &book, currency)),
            _ => true,
        };
        if fits {
            patch.insert(to.to_owned(), value.clone());
        }
    }
    Ok(())
}

/// True for whatever is no reference, or leads to something that the caller sees.
fn is_seen(cx: &Ctx, tx: &mut Write, object: &Object, field: &str, value: &Value) -> Result<bool> {
    let (Some(id), Some(target)) = (value.as_id(), object.field(field).and_then(|field| field.kind.target())) else { return Ok(true) };
    match cx.object(target).cloned() {
        Ok(target) => Ok(!db::records::names(tx, &cx.meta.schema, &target, &cx.scope(), &[id])?.is_empty()),
        Err(_) => Ok(false),
    }
}

/// True for a price book that may be used today in this currency.
fn holds(cx: &Ctx, book: &Record, currency: Currency) -> bool {
    let today = cx.today();
    let begun = book.get("valid_from").as_date().is_none_or(|from| from <= today);
    let lasts = book.get("valid_until").as_date().is_none_or(|until| until >= today);
    let counts = lifecycle::COUNTING.contains(&book.text("lifecycle_status")) && book.get("active").is_true();
    counts && begun && lasts && book.text("currency") == currency.code()
}

/// A line of the deal as the quote gets it: what the caller may know there and write here, its price in the quote's currency.
fn copied(cx: &Ctx, line: &Record, currency: Currency, left: &mut BTreeSet<String>) -> Result<Copied> {
    let (from, to) = (cx.object(DEAL_LINE)?, cx.object(LINE)?);
    let mut one = Copied { patch: Patch::new(), from: None };
    for field in carried(from, to).filter(|field| !field.read_only && !line.get(&field.key).is_null()) {
        if !is_known(cx, DEAL_LINE, &field.key) {
            continue;
        }
        if access(cx, LINE, &field.key) < FieldAccess::Write {
            left.insert(field.key.clone());
            continue;
        }
        let value = match line.get(&field.key) {
            Value::Money(money) if money.currency != currency => {
                let converted = cx.meta.rates.between(*money, currency, cx.today());
                let none = || Violation::new("money.no_rate", "currency").with("currency", money.currency.code());
                one.from = one.from.or(Some(*money).filter(|_| field.key == "price"));
                converted.ok_or_else(none)?.into()
            }
            other => other.clone(),
        };
        one.patch.insert(field.key.clone(), value);
    }
    Ok(one)
}

/// A price that was converted.
fn shown(one: &Copied) -> Option<Json> {
    let (from, to) = (one.from?, one.patch.get("price")?.as_money()?);
    let money = |money: Money| json!({"amount": money.amount.show(money.currency), "currency": money.currency.code()});
    let name = one.patch.get("name").map_or(Json::Null, model::field::show);
    Some(json!({"name": name, "from": money(from), "to": money(to)}))
}
