//! Lines take their prices from the book that holds: on every path, when a product is chosen.

use std::collections::BTreeSet;

use db::Write;
use model::objects::{lines, price_book_entry};
use model::{Id, Object, Record, Value, Violation};

use super::read::{self, By, Found, SCOPE, currency_of};
use crate::save::{Deed, Working};
use crate::{Ctx, Result};

/// Puts on lines what follows from the product that is chosen: its list price, and unless they are given its price, name and unit. Tells
/// what is not on sale, and prices in another currency than their quote or order.
pub(crate) fn take(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    if object.key == price_book_entry::KEY {
        return name_entries(cx, tx, object, work);
    }
    let Some((_, via)) = lines::KEYS.iter().find(|(key, _)| *key == object.key) else { return Ok(()) };
    let Some(above) = object.master().and_then(|(_, key)| cx.meta.schema.object(key)).cloned() else { return Ok(()) };
    let has_currency = above.field(lines::CURRENCY).is_some();
    // What comes back out of the recycle bin may find its quote in another currency.
    let turns = |item: &Working| is_given(item) && (item.changes("price") || item.changes(via)) || comes_back(item);
    let concerned = |item: &Working| chooses(item) || has_currency && turns(item);
    let masters: BTreeSet<Id> = work.iter().filter(|item| concerned(item)).filter_map(|item| item.after.reference(via)).collect();
    if masters.is_empty() {
        return Ok(());
    }
    let masters = read::load(cx, tx, &above, &SCOPE, &masters)?;
    let products = products(cx, tx, work)?;
    let prices = match products.is_empty() {
        true => model::pricing::Prices::default(),
        false => read::prices(cx, tx, masters.values(), &products)?,
    };
    for item in work.iter_mut().filter(|item| concerned(item)) {
        let Some(master) = item.after.reference(via).and_then(|id| masters.get(&id)) else { continue };
        if chooses(item) {
            let product = item.after.reference("product").and_then(|id| products.get(&id));
            let price = product.and_then(|product| By::of(cx, master, &prices).price(&prices, product.id));
            choose(cx, item, product, price.map(|(money, _)| money).map(Value::Money).into());
        }
        if let (Some(currency), Some(price)) = (currency_of(master), item.after.get("price").as_money())
            && price.currency != currency
        {
            item.findings.push(Violation::new("line.currency", "price").with("currency", currency.code()));
        }
    }
    Ok(())
}

/// True for changes by which somebody gives values.
fn is_given(item: &Working) -> bool {
    item.error.is_none() && matches!(item.change.deed, Deed::Create | Deed::Edit | Deed::Historic(_))
}

fn comes_back(item: &Working) -> bool {
    item.error.is_none() && matches!(item.change.deed, Deed::Restore)
}

/// True where a product is chosen, or another one, or none any more.
fn chooses(item: &Working) -> bool {
    is_given(item) && item.changes("product")
}

/// The products that are chosen, as far as the caller sees them.
fn products(cx: &Ctx, tx: &mut Write, work: &[Working]) -> Result<Found> {
    let chosen: BTreeSet<Id> = work.iter().filter(|item| chooses(item)).filter_map(|item| item.after.reference("product")).collect();
    match cx.meta.schema.object("product") {
        Some(object) => read::load(cx, tx, object, &cx.scope(), &chosen),
        None => Ok(Found::new()),
    }
}

fn choose(cx: &Ctx, item: &mut Working, product: Option<&Record>, price: Value) {
    let given = |item: &Working, field: &str| item.change.patch.get(field).is_some_and(|value| !value.is_null());
    // What copies a line may bring the list price of then along.
    if !given(item, "list_price") {
        item.after.set("list_price", price.clone());
    }
    // A line without a product keeps its own price, and one whose product is out of sight is refused as that.
    let Some(product) = product else { return };
    if !given(item, "price") {
        item.after.set("price", price);
    }
    for (field, of_product) in [("name", "name"), ("unit", "unit")] {
        if !given(item, field) {
            item.after.set(field, product.get(of_product).clone());
        }
    }
    let on_sale = product.get("active").is_true() && product.text("lifecycle_status") != "voided";
    // What the product copies was chosen before.
    let told = matches!(item.change.deed, Deed::Historic(_)) || item.change.takes_back || cx.who.system.is_some();
    if !on_sale && !told {
        item.findings.push(Violation::new("line.product_not_on_sale", "product").with("name", product.text("name")));
    }
}

/// An entry of a price book is called as its product is, unless a name is given.
fn name_entries(cx: &Ctx, tx: &mut Write, _: &Object, work: &mut [Working]) -> Result<()> {
    let products = products(cx, tx, work)?;
    for item in work.iter_mut().filter(|item| chooses(item)) {
        let name = item.after.reference("product").and_then(|id| products.get(&id)).map(|product| product.get("name").clone());
        if let Some(name) = name.filter(|_| item.change.patch.get("name").is_none_or(Value::is_null)) {
            item.after.set("name", name);
        }
    }
    Ok(())
}
