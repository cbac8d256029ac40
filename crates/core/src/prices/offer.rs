//! What products would cost in a deal, a quote, an order, before any of them is chosen.

use std::collections::BTreeSet;

use db::Read;
use model::objects::{lines, price_book};
use model::pricing::{Prices, Source};
use model::role::FieldAccess;
use model::{Currency, Id, Record, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::read::{self, By};
use crate::records::{self, Refs};
use crate::{Ctx, Error, Result};

/// Products in one question.
const MOST: usize = 200;

/// The query of `GET /prices`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PricesRequest {
    /// `opportunity`, `quote`, `sales_order`.
    pub object: String,
    pub id: String,
    /// Ids with commas between them; none: only the book and the currency are told.
    pub products: Option<String>,
}

/// What these products cost there, for whoever sees the record and may know list prices in it; products out of sight are left out.
pub fn offer(cx: &Ctx, tx: &mut Read, request: &PricesRequest) -> Result<Json> {
    let object = cx.object(&request.object)?.clone();
    let (line, _) = lines::KEYS.iter().find(|(_, master)| *master == object.key).ok_or(Error::NotFound)?;
    let line = cx.object(line)?.clone();
    let id: Id = request.id.parse().map_err(|_| Error::NotFound)?;
    let master = records::load(cx, tx, &object, id)?;
    let wanted: Vec<&str> = request.products.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if wanted.len() > MOST {
        return Err(Violation::new("field.too_long", "products").with("max", MOST).into());
    }
    let ids: BTreeSet<Id> = wanted.iter().filter_map(|id| id.parse().ok()).collect();
    let product = cx.object("product")?;
    let products = read::load(cx, tx, product, &cx.scope(), &ids)?;
    let prices = read::prices(cx, tx, std::iter::once(&master), &products)?;
    let by = By::of(cx, &master, &prices);
    let known = line.field("list_price").is_some_and(|field| cx.who.rights.field(&line.key, field) > FieldAccess::Hidden);
    let mut refs = Refs::default();
    let items: Vec<Json> = wanted
        .iter()
        .filter_map(|id| products.get(&id.parse::<Id>().ok()?))
        .map(|product| item(&by, &prices, product, known, &mut refs))
        .collect();
    by.book.iter().for_each(|book| refs.note(price_book::KEY, *book));
    let book = by.book.map(|book| book.to_string());
    Ok(json!({"items": items, "currency": by.currency.code(), "book": book, "refs": refs.names(cx, tx)?}))
}

fn item(by: &By, prices: &Prices, product: &Record, known: bool, refs: &mut Refs) -> Json {
    let price = by.price(prices, product.id).filter(|_| known);
    let (from, book) = match price {
        Some((_, Source::Book(book))) => (Some("book"), Some(book)),
        Some((_, Source::Product)) => (Some("product"), None),
        None => (None, None),
    };
    refs.note("product", product.id);
    let list_price = price.map_or(Json::Null, |(money, _)| model::field::show(&money.into()));
    json!({"product": product.id.to_string(), "list_price": list_price, "from": from, "book": book.map(|book| book.to_string())})
}

/// The currency in which lines of a record are priced; of a price book its own.
pub(crate) fn currency(cx: &Ctx, tx: &mut Read, master: &Record) -> Result<Currency> {
    if let Some(own) = read::currency_of(master) {
        return Ok(own);
    }
    let prices = read::prices(cx, tx, std::iter::once(master), &read::Found::new())?;
    Ok(By::of(cx, master, &prices).currency)
}
