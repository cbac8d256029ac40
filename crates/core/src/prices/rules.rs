//! What stands against price books, their entries, and the choice of a book.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::objects::{lines, opportunity, price_book, price_book_entry, quote, sales_order};
use model::pricing::Book;
use model::{Currency, Id, Object, Record, Violation};

use super::read::{self, BOOK, Found, SCOPE, currency_of};
use crate::save::{Deed, Working};
use crate::{Ctx, Result, records};

/// Judges what is saved of prices; nothing for objects that have none.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    match object.key.as_str() {
        price_book::KEY => {
            dates(work);
            currency_stays(cx, tx, work)?;
            standard_once(cx, tx, object, work)
        }
        price_book_entry::KEY => {
            of_book(cx, tx, work)?;
            once_in_book(cx, tx, object, work)
        }
        opportunity::KEY => book_chosen(cx, tx, object, work),
        quote::KEY | sales_order::KEY => {
            book_chosen(cx, tx, object, work)?;
            currency_of_lines(cx, tx, object, work)
        }
        _ => Ok(()),
    }
}

/// True for changes after which the record holds, by what it then says.
fn holds_after(item: &Working) -> bool {
    item.error.is_none()
        && !matches!(item.change.deed, Deed::Void | Deed::Delete | Deed::LetGo | Deed::Lock | Deed::Unlock)
        && item.after.text("lifecycle_status") != "voided"
}

fn comes_back(item: &Working) -> bool {
    matches!(item.change.deed, Deed::Restore)
}

fn dates(work: &mut [Working]) {
    for item in work.iter_mut().filter(|item| holds_after(item) && (item.changes("valid_from") || item.changes("valid_until"))) {
        let book = Book::of(&item.after);
        if let Some((from, _)) = book.from.zip(book.until).filter(|(from, until)| until < from) {
            item.findings.push(Violation::new("price_book.dates", "valid_until").with("from", from.to_string()));
        }
    }
}

/// The prices in a book are in its currency, so that stays while there are any.
fn currency_stays(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let turned: Vec<Id> = work
        .iter()
        .filter(|item| item.error.is_none() && item.before.is_some() && item.changes(lines::CURRENCY))
        .map(|item| item.after.id)
        .collect();
    let Some(entry) = cx.meta.schema.object(price_book_entry::KEY).filter(|_| !turned.is_empty()) else { return Ok(()) };
    let entries = db::records::referring(tx, &cx.meta.schema, entry, BOOK, &SCOPE, &turned)?;
    for item in work.iter_mut().filter(|item| turned.contains(&item.after.id)) {
        let currency = Book::of(&item.after).currency;
        let others = |entry: &&Record| {
            entry.reference(BOOK) == Some(item.after.id)
                && entry.get("price").as_money().is_some_and(|price| Some(price.currency) != currency)
        };
        let count = entries.iter().filter(others).count();
        if count > 0 {
            item.findings.push(Violation::new("price_book.currency_in_use", lines::CURRENCY).with("count", count));
        }
    }
    Ok(())
}

/// At most one book is standard in a currency at a time.
fn standard_once(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    const DECIDING: [&str; 5] = [lines::CURRENCY, "valid_from", "valid_until", "standard", "active"];
    let becomes = |item: &Working| {
        let book = Book::of(&item.after);
        let turns = item.before.is_none() || comes_back(item) || DECIDING.iter().any(|field| item.changes(field));
        holds_after(item) && book.standard && book.active && turns
    };
    let currencies: BTreeSet<String> =
        work.iter().filter(|item| becomes(item)).map(|item| item.after.text(lines::CURRENCY).to_owned()).collect();
    if currencies.is_empty() {
        return Ok(());
    }
    // Of two who make one standard at once, the later finds the earlier's.
    tx.lock(&currencies.iter().map(|currency| format!("price_book.standard:{currency}")).collect::<Vec<_>>())?;
    let mut standing: BTreeMap<Id, Book> = read::standard(cx, tx)?.into_iter().map(|book| (book.id, book)).collect();
    for item in work.iter().filter(|item| item.error.is_none()) {
        standing.remove(&item.after.id);
    }
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        let book = Book::of(&item.after);
        if becomes(item)
            && let Some(other) = standing.values().find(|other| other.clashes_with(&book)).map(|other| other.id)
        {
            let name = records::names_of(cx, tx, object, &[other])?.pop().map(|(_, name)| name).unwrap_or_default();
            item.findings.push(Violation::new("price_book.standard_twice", "standard").with("name", name));
            continue;
        }
        standing.insert(book.id, book);
    }
    Ok(())
}

/// The price in an entry is in the currency of its book.
fn of_book(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let concerned = |item: &Working| holds_after(item) && (item.changes("price") || item.changes(BOOK) || comes_back(item));
    let books: BTreeSet<Id> = work.iter().filter(|item| concerned(item)).filter_map(|item| item.after.reference(BOOK)).collect();
    let Some(object) = cx.meta.schema.object(price_book::KEY).filter(|_| !books.is_empty()) else { return Ok(()) };
    let books = read::load(cx, tx, object, &SCOPE, &books)?;
    for item in work.iter_mut().filter(|item| concerned(item)) {
        let currency = item.after.reference(BOOK).and_then(|id| Book::of(books.get(&id)?).currency);
        let price = item.after.get("price").as_money();
        if let Some((currency, _)) = currency.zip(price).filter(|(currency, price)| price.currency != *currency) {
            item.findings.push(Violation::new("price_book.entry_currency", "price").with("currency", currency.code()));
        }
    }
    Ok(())
}

/// A product comes once in a book, whose row is locked.
fn once_in_book(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let concerned = |item: &Working| holds_after(item) && (item.changes("product") || item.changes(BOOK) || comes_back(item));
    let place = |record: &Record| Some((record.reference(BOOK)?, record.reference("product")?));
    let places: BTreeSet<(Id, Id)> = work.iter().filter(|item| concerned(item)).filter_map(|item| place(&item.after)).collect();
    if places.is_empty() {
        return Ok(());
    }
    let of = |part: fn(&(Id, Id)) -> Id| places.iter().map(part).collect::<BTreeSet<Id>>().into_iter().collect::<Vec<Id>>();
    let (books, products) = (of(|place| place.0), of(|place| place.1));
    let by = (("product", &products[..]), (BOOK, &books[..]));
    let there = db::records::referring_to_both(tx, &cx.meta.schema, object, &SCOPE, by.0, by.1)?;
    let mut taken: BTreeMap<(Id, Id), Id> = BTreeMap::new();
    let changing: BTreeSet<Id> = work.iter().filter(|item| item.error.is_none()).map(|item| item.after.id).collect();
    taken.extend(there.iter().filter(|entry| !changing.contains(&entry.id)).filter_map(|entry| Some((place(entry)?, entry.id))));
    // What stays where it is has its place before what comes to it.
    let stays = work.iter().filter(|item| holds_after(item) && !concerned(item));
    taken.extend(stays.filter_map(|item| Some((place(&item.after)?, item.after.id))).collect::<Vec<_>>());
    for item in work.iter_mut().filter(|item| concerned(item)) {
        let Some(place) = place(&item.after) else { continue };
        match taken.get(&place) {
            Some(other) if *other != item.after.id => {
                item.findings.push(Violation::new("price_book.product_twice", "product").with("name", item.after.text("name")));
            }
            _ => {
                taken.insert(place, item.after.id);
            }
        }
    }
    Ok(())
}

/// The book that is chosen holds today, and is in the currency of the quote or order. One that ran out since may stay.
fn book_chosen(cx: &Ctx, tx: &mut Write, _: &Object, work: &mut [Working]) -> Result<()> {
    let concerned = |item: &Working| {
        let told =
            matches!(item.change.deed, Deed::Historic(_)) || item.change.merging || item.change.takes_back || cx.who.system.is_some();
        let turns = item.changes(BOOK) || currency_of(&item.after).is_some() && item.changes(lines::CURRENCY);
        holds_after(item) && !told && turns
    };
    let chosen: BTreeSet<Id> = work.iter().filter(|item| concerned(item)).filter_map(|item| item.after.reference(BOOK)).collect();
    let Some(object) = cx.meta.schema.object(price_book::KEY) else { return Ok(()) };
    // One that is out of sight is told as a reference to nothing.
    let books: Found = read::load(cx, tx, object, &cx.scope(), &chosen)?;
    for item in work.iter_mut().filter(|item| concerned(item)) {
        let Some(book) = item.after.reference(BOOK).and_then(|id| books.get(&id)) else { continue };
        let (name, book) = (book.text("name").to_owned(), Book::of(book));
        if item.changes(BOOK) && !book.holds_on(cx.today()) {
            item.findings.push(Violation::new("price_book.not_valid", BOOK).with("name", name));
        } else if let Some(currency) = currency_of(&item.after).filter(|currency| book.currency != Some(*currency)) {
            item.findings.push(Violation::new("price_book.currency", BOOK).with("name", name).with("currency", currency.code()));
        }
    }
    Ok(())
}

/// A quote or order stays in the currency of the prices in it.
fn currency_of_lines(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let turned: Vec<Id> = work
        .iter()
        .filter(|item| holds_after(item) && item.before.is_some() && item.changes(lines::CURRENCY))
        .map(|item| item.after.id)
        .collect();
    let line = lines::KEYS.iter().find(|(_, via)| *via == object.key).and_then(|(key, via)| Some((cx.meta.schema.object(key)?, *via)));
    let Some((line, via)) = line.filter(|_| !turned.is_empty()) else { return Ok(()) };
    let priced = db::records::referring(tx, &cx.meta.schema, line, via, &SCOPE, &turned)?;
    for item in work.iter_mut().filter(|item| turned.contains(&item.after.id)) {
        let currency: Option<Currency> = currency_of(&item.after);
        let other = |line: &&Record| {
            let price = line.get("price").as_money().filter(|price| Some(price.currency) != currency);
            line.reference(via) == Some(item.after.id) && price.is_some()
        };
        let count = priced.iter().filter(other).count();
        if count > 0 {
            item.findings.push(Violation::new("lines.currency_in_use", lines::CURRENCY).with("count", count));
        }
    }
    Ok(())
}
