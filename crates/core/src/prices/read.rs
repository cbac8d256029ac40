//! The facts about prices, read set by set.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::{Bin, Query, Scope, Sort};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::objects::{opportunity, price_book, price_book_entry};
use model::pricing::{Book, Prices, Source};
use model::{Currency, Id, Money, Object, Record, Value};

use crate::{Ctx, Error, Result};

/// Prices are facts of the organisation, whoever looks.
pub(super) const SCOPE: Scope<'static> = Scope::All("prices hold for everybody");
/// The field of a deal, a quote, an order that names a book.
pub(super) const BOOK: &str = "price_book";

/// Records by their ids.
pub(super) type Found = BTreeMap<Id, Record>;

/// Records of these ids.
pub(super) fn load(cx: &Ctx, tx: &mut Read, object: &Object, scope: &Scope<'_>, ids: &BTreeSet<Id>) -> Result<Found> {
    if ids.is_empty() {
        return Ok(Found::new());
    }
    let ids: Vec<Id> = ids.iter().copied().collect();
    Ok(db::records::load(tx, &cx.meta.schema, object, scope, &ids)?.into_iter().map(|record| (record.id, record)).collect())
}

/// Books that are standard in their currency, the recycle bin's left out.
pub(super) fn standard(cx: &Ctx, tx: &mut Read) -> Result<Vec<Book>> {
    let Some(object) = cx.meta.schema.object(price_book::KEY) else { return Ok(Vec::new()) };
    let check = Check::Equal(Value::Bool(true));
    let is_standard = Resolved::Test(Test { hops: Vec::new(), field: "standard".into(), kind: Kind::Bool, folded: false, check });
    let sort = Sort { field: "id".into(), descending: false };
    let query = Query { condition: Some(&is_standard), words: None, sort, cursor: None, limit: 1_000, bin: Bin::Out };
    let page = db::records::list(tx, &cx.meta.schema, object, &SCOPE, &query)?;
    Ok(page.records.iter().map(Book::of).collect())
}

/// What these products cost by the books that these masters name and by those that are standard, and by themselves.
pub(super) fn prices<'a>(cx: &Ctx, tx: &mut Read, masters: impl Iterator<Item = &'a Record>, products: &Found) -> Result<Prices> {
    let object = |key: &str| cx.meta.schema.object(key).cloned().ok_or(Error::NotFound);
    let mut prices = Prices::default();
    prices.books.extend(standard(cx, tx)?.into_iter().map(|book| (book.id, book)));
    let named: BTreeSet<Id> = masters.filter_map(|master| master.reference(BOOK)).filter(|id| !prices.books.contains_key(id)).collect();
    let named = load(cx, tx, &*object(price_book::KEY)?, &SCOPE, &named)?;
    prices.books.extend(named.values().map(|record| (record.id, Book::of(record))));
    let own = products.iter().filter_map(|(id, product)| Some((*id, product.get("list_price").as_money()?)));
    prices.products.extend(own);
    let holding: Vec<Id> = prices.books.values().filter(|book| book.holds_on(cx.today())).map(|book| book.id).collect();
    if holding.is_empty() || products.is_empty() {
        return Ok(prices);
    }
    let entry = object(price_book_entry::KEY)?;
    let wanted: Vec<Id> = products.keys().copied().collect();
    let (by, and) = (("product", &wanted[..]), (BOOK, &holding[..]));
    for entry in db::records::referring_to_both(tx, &cx.meta.schema, &entry, &SCOPE, by, and)? {
        if let (Some(book), Some(product), Some(price)) = (entry.reference(BOOK), entry.reference("product"), entry.get("price").as_money())
        {
            prices.entries.insert((book, product), price);
        }
    }
    Ok(prices)
}

/// By which book and in which currency lines of a record are priced.
#[derive(Clone, Copy, Debug)]
pub(super) struct By {
    pub currency: Currency,
    pub book: Option<Id>,
}

impl By {
    /// A quote and an order say in which currency they are; a deal is in that of the book that it names, else of its amount, else in the main one.
    pub(super) fn of(cx: &Ctx, master: &Record, prices: &Prices) -> By {
        let (main, today) = (cx.meta.organisation.main_currency, cx.today());
        let named = master.reference(BOOK);
        let currency = currency_of(master).unwrap_or_else(|| {
            let book = named.and_then(|id| prices.books.get(&id)).filter(|book| book.holds_on(today));
            book.and_then(|book| book.currency).or_else(|| Some(master.get("amount").as_money()?.currency)).unwrap_or(main)
        });
        By { currency, book: prices.book(named, currency, today).map(|book| book.id) }
    }

    /// What a product costs by it.
    pub(super) fn price(&self, prices: &Prices, product: Id) -> Option<(Money, Source)> {
        prices.of(product, self.book, self.currency)
    }
}

/// The currency of all prices in a quote or an order; none of a deal, whose lines may be in several.
pub(super) fn currency_of(master: &Record) -> Option<Currency> {
    (master.object != opportunity::KEY).then(|| master.text("currency").parse().ok()).flatten()
}
