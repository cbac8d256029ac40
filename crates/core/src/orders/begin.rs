//! What a new order begins with: the quote it comes from, else the deal.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Write};
use model::objects::lines::CURRENCY;
use model::objects::sales_order::{KEY, STATUS, status};
use model::objects::{opportunity, quote};
use model::process::Fill;
use model::role::FieldAccess;
use model::{Id, Object, Patch, Record, Value};

use crate::processes::filling;
use crate::reckoning::locks::Rows;
use crate::save::{Change, Working};
use crate::{Ctx, Result};

/// Fields of an order with those of the deal that they begin with.
const OF_DEAL: [(&str, &str); 4] = [("name", "name"), ("account", "account"), ("contact", "primary_contact"), ("price_book", "price_book")];
/// The same in a quote and in an order.
const OF_QUOTE: [&str; 10] =
    ["name", "account", "contact", "price_book", CURRENCY, "discount", "tax_rate", "payment_terms", "delivery_terms", "notes"];

/// Puts on new orders what they begin with, save for what is given; and on those that change their status when that was, and at which rate.
pub(crate) fn begin(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    if object.key != KEY {
        return Ok(());
    }
    fill(cx, tx, object, work)?;
    work.iter_mut().filter(|item| item.error.is_none()).for_each(|item| turn(cx, item));
    Ok(())
}

fn fill(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let is_new = |item: &&mut Working| item.error.is_none() && item.before.is_none();
    let deals: Vec<Id> = work.iter_mut().filter(is_new).filter_map(|item| item.after.reference("opportunity")).collect();
    let deals = seen(cx, tx, opportunity::KEY, deals)?;
    for item in work.iter_mut().filter(is_new).filter(|item| !item.change.patch.contains_key("quote")) {
        let deal = item.after.reference("opportunity").and_then(|id| deals.get(&id));
        if let Some(accepted) = deal.and_then(|deal| deal.reference("accepted_quote")) {
            item.after.set("quote", accepted);
            item.carried.insert("quote".to_owned());
        }
    }
    let quotes: Vec<Id> = work.iter_mut().filter(is_new).filter_map(|item| item.after.reference("quote")).collect();
    let quotes = seen(cx, tx, quote::KEY, quotes)?;
    for item in work.iter_mut().filter(is_new) {
        let deal = item.after.reference("opportunity").and_then(|id| deals.get(&id));
        let quote = item.after.reference("quote").and_then(|id| quotes.get(&id));
        for (field, value) in values(cx, tx, object, deal, quote)? {
            if !item.change.patch.contains_key(&field) && item.after.get(&field).is_null() {
                item.after.set(&field, value);
                item.carried.insert(field);
            }
        }
    }
    Ok(())
}

fn seen(cx: &Ctx, tx: &mut Read, key: &str, ids: Vec<Id>) -> Result<BTreeMap<Id, Record>> {
    let Some(object) = cx.meta.schema.object(key).filter(|_| !ids.is_empty()) else { return Ok(BTreeMap::new()) };
    let ids: Vec<Id> = ids.into_iter().collect::<BTreeSet<Id>>().into_iter().collect();
    let found = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?;
    Ok(found.into_iter().map(|record| (record.id, record)).collect())
}

/// What an order of this deal, or from this quote, begins with.
fn values(cx: &Ctx, tx: &mut Read, object: &Object, deal: Option<&Record>, quote: Option<&Record>) -> Result<Patch> {
    let mut values = Patch::new();
    let mut take = |tx: &mut Read, from: &Record, fill: Vec<Fill>| -> Result<()> {
        let filled = filling::values(cx, tx, from, object, &fill)?;
        filled.his.into_iter().chain(filled.products).for_each(|(field, value)| {
            values.entry(field).or_insert(value);
        });
        Ok(())
    };
    let pair = |field: &str, from: &str| Fill { field: field.to_owned(), from: from.to_owned() };
    if let Some(quote) = quote {
        take(tx, quote, OF_QUOTE.iter().map(|field| pair(field, field)).collect())?;
    }
    if let Some(deal) = deal {
        take(tx, deal, OF_DEAL.iter().map(|(field, from)| pair(field, from)).collect())?;
        let currency = currency(cx, deal);
        if object.field(CURRENCY).is_some_and(|field| field.parse(&currency.code().into(), currency).is_ok()) {
            values.entry(CURRENCY.to_owned()).or_insert(Value::Text(currency.code().to_owned()));
        }
    }
    Ok(values)
}

/// The one in which the deal's lines are, else its amount, as far as the caller knows; the main one where there is neither, or several.
fn currency(cx: &Ctx, deal: &Record) -> model::Currency {
    let known = |key: &&str| {
        let field = cx.meta.schema.object(opportunity::KEY).and_then(|object| object.field(key));
        cx.who.system.is_some() || field.is_some_and(|field| cx.who.rights.field(opportunity::KEY, field) > FieldAccess::Hidden)
    };
    let amount = ["lines_total", "amount"].iter().filter(|key| known(key)).find_map(|key| deal.get(key).as_money());
    amount.map_or(cx.meta.rates.main(), |money| money.currency)
}

/// What the form of an order begins with that is asked for along with a deal's move: what the caller may write himself.
pub(crate) fn prefilled(cx: &Ctx, tx: &mut Read, deal: &Record, object: &Object) -> Result<Patch> {
    if object.key != KEY || deal.object != opportunity::KEY {
        return Ok(Patch::new());
    }
    let accepted = deal.reference("accepted_quote");
    let quotes = seen(cx, tx, quote::KEY, accepted.into_iter().collect())?;
    let quote = accepted.and_then(|id| quotes.get(&id));
    let mut values = values(cx, tx, object, Some(deal), quote)?;
    if let Some(quote) = quote {
        values.insert("quote".to_owned(), quote.id.into());
    }
    values.retain(|key, _| object.field(key).is_some_and(|field| cx.who.rights.field(KEY, field) == FieldAccess::Write));
    Ok(values)
}

/// When it was confirmed or cancelled; a confirmed one keeps the rate of that day, and was ordered then where nothing else is said.
fn turn(cx: &Ctx, item: &mut Working) {
    let was = item.before.as_ref().map_or(status::DRAFT, |order| order.text(STATUS));
    if !item.changes(STATUS) || was == status::CANCELLED {
        return;
    }
    let (at, today) = (item.at, cx.today());
    let put = |record: &mut Record, field: &str, value: Value| {
        if record.get(field).is_null() {
            record.set(field, value);
        }
    };
    match item.after.text(STATUS) {
        status::CONFIRMED => {
            put(&mut item.after, "order_date", today.into());
            put(&mut item.after, "confirmed_at", at.into());
            let rate = item.after.text(CURRENCY).parse().ok().and_then(|currency| cx.meta.rates.on(currency, today));
            put(&mut item.after, "main_rate", Value::from(rate.map(Value::Number)));
        }
        status::CANCELLED => put(&mut item.after, "cancelled_at", at.into()),
        _ => {}
    }
}

/// What else is locked with orders, read without locks: the quotes they come from, and the accounts that they will have.
pub(crate) fn rows(cx: &Ctx, tx: &mut Read, object: &Object, changes: &[Change], present: &[Record], rows: &mut Rows) -> Result<()> {
    if object.key != KEY {
        return Ok(());
    }
    let given = |field: &str| changes.iter().filter_map(|change| change.patch.get(field)?.as_id()).collect::<Vec<Id>>();
    let mut quotes: BTreeSet<Id> = given("quote").into_iter().chain(present.iter().filter_map(|order| order.reference("quote"))).collect();
    let mut accounts: BTreeSet<Id> = BTreeSet::new();
    let fresh = changes.iter().filter(|change| change.id.is_none());
    let deals: Vec<Id> = fresh.filter_map(|change| change.patch.get("opportunity")?.as_id()).collect();
    for deal in seen(cx, tx, opportunity::KEY, deals)?.values() {
        quotes.extend(deal.reference("accepted_quote"));
        accounts.extend(deal.reference("account"));
    }
    for quote in seen(cx, tx, quote::KEY, quotes.iter().copied().collect())?.values() {
        accounts.extend(quote.reference("account"));
    }
    rows.entry(quote::KEY.to_owned()).or_default().extend(quotes);
    rows.entry("account".to_owned()).or_default().extend(accounts);
    Ok(())
}
