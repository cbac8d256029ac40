//! What `stagecraft check` holds against prices, lines and the amounts that follow them.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::objects::{lines, opportunity, price_book, price_book_entry};
use model::pricing::Book;
use model::{Currency, Id, Object, Record};

use super::read::{self, BOOK, SCOPE, currency_of};
use super::{amount, following};
use crate::{Ctx, Result};

/// A fault with the record that has it.
type Fault = (&'static str, String);

/// What is wrong with these records: nothing for objects that have to do with neither.
pub(crate) fn differing(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record]) -> Result<Vec<Fault>> {
    match object.key.as_str() {
        opportunity::KEY => amounts(cx, tx, object, records),
        price_book::KEY => standard_twice(cx, tx, records),
        price_book_entry::KEY => entries(cx, tx, object, records),
        key if lines::KEYS.iter().any(|(line, _)| *line == key) => of_lines(cx, tx, object, records),
        _ => Ok(Vec::new()),
    }
}

fn told(record: &Record) -> String {
    format!("{} {} {}", record.object, record.id, record.text("name"))
}

fn kept(records: &[Record]) -> impl Iterator<Item = &Record> {
    records.iter().filter(|record| record.text("lifecycle_status") != "voided")
}

/// Where amounts follow lines, those of open deals are what their lines come to.
fn amounts(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record]) -> Result<Vec<Fault>> {
    let behind = following::behind(cx, object, records);
    if behind.is_empty() || following::goes_on(tx)? {
        return Ok(Vec::new());
    }
    let fault = |deal: &&Record| {
        let show = |field: &str| deal.get(field).as_money().map_or("nothing".to_owned(), |money| money.to_string());
        ("amount_differs_from_lines", format!("{}: {} instead of {}", told(deal), show("amount"), show(amount::TOTAL)))
    };
    Ok(behind.iter().map(fault).collect())
}

/// Lines come to what their quantities, prices and discounts make, and prices in quotes and orders are in the currency of those.
fn of_lines(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record]) -> Result<Vec<Fault>> {
    let mut found = Vec::new();
    for record in records {
        let mut due = record.clone();
        let same = |due: &Record, field: &str| due.get(field) == record.get(field);
        // Lines from before there was an amount at list price have none.
        let fits =
            lines::reckon(&mut due).is_ok() && same(&due, "amount") && (record.get("list_amount").is_null() || same(&due, "list_amount"));
        if !fits {
            found.push(("line_differs", told(record)));
        }
    }
    let Some((field, master)) = object.master().and_then(|(field, key)| Some((&field.key, cx.meta.schema.object(key)?))) else {
        return Ok(found);
    };
    if master.field(lines::CURRENCY).is_some() {
        let masters: BTreeSet<Id> = kept(records).filter_map(|line| line.reference(field)).collect();
        let masters = read::load(cx, tx, master, &SCOPE, &masters)?;
        for line in kept(records) {
            let due = line.reference(field).and_then(|id| currency_of(masters.get(&id)?));
            found.extend(other_currency(line, due).map(|example| ("line_in_other_currency", example)));
        }
    }
    Ok(found)
}

fn other_currency(record: &Record, due: Option<Currency>) -> Option<String> {
    let (due, price) = due.zip(record.get("price").as_money())?;
    (price.currency != due).then(|| format!("{}: {} instead of {due}", told(record), price.currency))
}

/// One book is standard in a currency at a time.
fn standard_twice(cx: &Ctx, tx: &mut Read, records: &[Record]) -> Result<Vec<Fault>> {
    let standard = read::standard(cx, tx)?;
    let clashes = |record: &&Record| {
        let book = Book::of(record);
        standard.iter().any(|other| other.clashes_with(&book))
    };
    Ok(kept(records).filter(clashes).map(|record| ("price_book_standard_twice", told(record))).collect())
}

/// A product comes once in a book, with a price in its currency.
fn entries(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record]) -> Result<Vec<Fault>> {
    let ids: BTreeSet<Id> = kept(records).filter_map(|entry| entry.reference(BOOK)).collect();
    let Some(of) = cx.meta.schema.object(price_book::KEY) else { return Ok(Vec::new()) };
    let books = read::load(cx, tx, of, &SCOPE, &ids)?;
    let place = |entry: &Record| Some((entry.reference(BOOK)?, entry.reference("product")?));
    let mut times: BTreeMap<(Id, Id), usize> = BTreeMap::new();
    let ids: Vec<Id> = ids.into_iter().collect();
    for entry in db::records::referring(tx, &cx.meta.schema, object, BOOK, &SCOPE, &ids)? {
        if let Some(place) = place(&entry) {
            *times.entry(place).or_default() += 1;
        }
    }
    let mut found = Vec::new();
    for entry in kept(records) {
        let currency = entry.reference(BOOK).and_then(|id| Book::of(books.get(&id)?).currency);
        found.extend(other_currency(entry, currency).map(|example| ("price_in_other_currency", example)));
        if place(entry).is_some_and(|place| times.get(&place).is_some_and(|times| *times > 1)) {
            found.push(("product_twice_in_price_book", told(entry)));
        }
    }
    Ok(found)
}
